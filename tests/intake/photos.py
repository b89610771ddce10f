"""Photos for tests, made here: pixels of one colour with the notes a camera writes."""

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" {attributes}>{elements}</rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)


def xmp(attributes: Mapping[str, str] | None = None, elements: Mapping[str, str] | None = None) -> bytes:
    """Return the drone's notes, as attributes or as elements."""
    given = " ".join(f'drone-dji:{name}="{value}"' for name, value in (attributes or {}).items())
    inner = "".join(f"<drone-dji:{name}>{value}</drone-dji:{name}>" for name, value in (elements or {}).items())
    return XMP.format(attributes=given, elements=inner).encode()


def photo(
    main: Mapping[int, Any] | None = None,
    details: Mapping[int, Any] | None = None,
    gps: Mapping[int, Any] | None = None,
    notes: bytes = b"",
    size: tuple[int, int] = (64, 48),
    form: str = "JPEG",
) -> bytes:
    """Return a photo with EXIF notes by their numbers, and XMP."""
    image = Image.new("RGB", size, (30, 90, 160))
    exif = image.getexif()
    exif.update(main or {})
    exif.get_ifd(0x8769).update(details or {})
    exif.get_ifd(0x8825).update(gps or {})
    more = {"xmp": notes} if notes else {}
    with io.BytesIO() as written:
        image.save(written, form, exif=exif, **more)
        return written.getvalue()
