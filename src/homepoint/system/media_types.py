"""Guesses what kind of file something is from its first bytes, never from its name."""

HEAD_BYTES = 4096
"""How much of a file's beginning `media_type_of` wants to see."""

_AT_START: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_TIFF = (b"II*\x00", b"MM\x00*")
_DNG_VERSION_TAG = {b"II": b"\x12\xc6\x01\x00\x04\x00\x00\x00", b"MM": b"\xc6\x12\x00\x01\x00\x00\x00\x04"}
"""The TIFF tag 50706 (DNGVersion: four bytes) as it stands in a directory, in both byte orders."""

_RECORD_HEAD = 100
_RECORD_VERSIONS = range(1, 20)

UNKNOWN = "application/octet-stream"
FLIGHT_RECORD = "application/x-dji-flight-record"


def media_type_of(head: bytes) -> str:
    """Return the media type of a file that begins with these bytes.

    Text is "text/plain", subtitles "application/x-subrip"; what nothing fits is "application/octet-stream".
    """
    for signature, media_type in _AT_START:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head[4:8] in (b"moov", b"mdat", b"wide"):
        return "video/quicktime"
    if head[:4] in _TIFF:
        return "image/x-adobe-dng" if _DNG_VERSION_TAG[head[:2]] in head else "image/tiff"
    if _is_flight_record(head):
        return FLIGHT_RECORD
    return _of_text(head)


def _of_brand(brand: bytes) -> str:
    """The first brand of an ISO media file tells photos from films."""
    if brand in _HEIC_BRANDS:
        return "image/heic"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def _is_flight_record(head: bytes) -> bool:
    """DJI's flight logs begin with the length of their body, that of their details and a small version number."""
    if len(head) < _RECORD_HEAD:
        return False
    body = int.from_bytes(head[:8], "little")
    return _RECORD_HEAD <= body < 1 << 32 and head[10] in _RECORD_VERSIONS and not any(head[4:8])


def _of_text(head: bytes) -> str:
    if not head or b"\x00" in head:
        return UNKNOWN
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if fault.start < len(head) - 4:  # a sign cut in two at the end of the head is no fault
            return UNKNOWN
        text = head[: fault.start].decode("utf-8-sig")
    return "application/x-subrip" if "-->" in text[:200] else "text/plain"
