"""What is personal goes from a text, and what helps stays."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.serials import ALPHABET
from homepoint.system.masking import Mask, own_mask

MASK = Mask(
    home="/srv/people/ada",
    people=["ada"],
    computer="adas-laptop",
    secrets=["hunter2", "pass word/ä&1", "line\nbreak", "hunter2-and-more", "x"],
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("unit 1581F6Z9C24AU0034SRD is bound", "unit …4SRD is bound"),
        ("5YSZK1234567AB, 0123456789.", "…67AB, …6789."),
        ("typed as 1581f6z9c24au0034srd", "typed as …4srd"),
        ("DJI_1581F6Z9C24AU0034SRD_0001.txt", "DJI_…4SRD_0001.txt"),
        ("code ABCD-EFGH-1234-5678 used", "code …5678 used"),
        ("write to ada.l+dji@mail.example.org now", "write to [e-mail] now"),
        ("https://ada:pa@ss@cloud.example/dav?x=1", "https://[hidden]@cloud.example/dav?x=1"),
        ("https://ada@cloud.example:8443/", "https://[hidden]@cloud.example:8443/"),
        ("PUT /remote.php/dav/files/lovelace/hp/a", "PUT /remote.php/dav/files/[user]/hp/a"),
        ("homepoint1:https://c.example/x#1.abc end", "[hidden] end"),
        ("Authorization: Basic YWRhOmh1bnRlcg==", "Authorization: Basic [hidden]"),
        ("{'password': 'geheim', 'a': 1}", "{'password': '[hidden]', 'a': 1}"),
        ("GET /x?token=abc.def&y=2", "GET /x?token=[hidden]&y=2"),
        ("/srv/people/ada/Documents/x.pdf", "~/Documents/x.pdf"),
        ("/srv/people/adam/x", "/srv/people/adam/x"),
        ("/home/grace/flights: gone", "~/flights: gone"),
        ("file:///Users/grace/a.txt", "file://~/a.txt"),
        (r"C:\Users\Grace Hopper\AppData\x", r"~\AppData\x"),
        (r"'C:\\Users\\Grace Hopper\\AppData'", r"'~\\AppData'"),
        ("Ada on adas-laptop", "[user] on [computer]"),
        ("adamant", "adamant"),
        ("lost at 52.520008, 13.404954 today", "lost at [place] today"),
        ("lost at -33.8688,151.2093", "lost at [place]"),
        ("hunter2-and-more, hunter2", "[hidden], [hidden]"),
        ("?p=pass%20word%2F%C3%A4%261 and pass+word%2F%C3%A4%261", "?p=[hidden] and [hidden]"),
        (r"ValueError: 'line\nbreak'", "ValueError: '[hidden]'"),
    ],
)
def test_what_is_personal_is_masked(text: str, masked: str) -> None:
    assert MASK(text) == masked
    assert MASK(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 10:15:00,123 WARNING homepoint.sync: waited 12.5 s (attempt 3 of 5)",
        "ValueError at ui/window.py:120 show_page < app/starting.py:88 open",
        "2026-11-22T10:15:00+00:00 HTTP 423 from https://cloud.example:8443/remote.php/dav",
        "Homepoint 1.2, Python 3.11.2, PySide6-Essentials 6.11.3, Linux-6.1.0-18-amd64-x86_64-with-glibc2.36",
        "object b-5f3ac2d1-1-20.hp is cut off: CONNECTION_RESET, SQLITE_BUSY_SNAPSHOT",
        "clause S0-16 of CR-2021-EU, x of it",
        "the password is wrong",
    ],
)
def test_what_helps_stays(text: str) -> None:
    assert MASK(text) == text


@given(
    serial=st.text(ALPHABET, min_size=10, max_size=20).filter(lambda each: not each.isalpha()),
    before=st.sampled_from(["", " ", "'", "_", "/", "(", "sn=", "\n", "\\"]),
    after=st.sampled_from(["", " ", "'", "_", ".", ")", ",", "\n", "/", "\\"]),
)
def test_no_serial_survives_wherever_it_stands(serial: str, before: str, after: str) -> None:
    said = Mask()(f"{before}{serial}{after}")
    assert serial not in said
    assert f"…{serial[-4:]}" in said


@given(
    secret=st.text(st.characters(codec="utf-8"), min_size=3, max_size=30),
    around=st.text(string.ascii_lowercase + " .:/@'", max_size=10),
)
def test_no_secret_survives_however_it_looks(secret: str, around: str) -> None:
    hidden = Mask(secrets=[secret])(f"{around}{secret}{around}")
    assert secret not in hidden or secret in "[hidden]~[e-mail][place]" or secret in around * 2


@given(text=st.text(max_size=80))
def test_masking_once_more_changes_nothing(text: str) -> None:
    assert MASK(MASK(text)) == MASK(text)


def test_a_long_text_is_masked_without_long_waiting() -> None:
    """Each would take minutes if a pattern tried every place against every other."""
    for piece in ("a", "a.", "A1", "1", "a@", "https://", "/home/", "1.2345 ", "AB12-", "password="):
        Mask()(piece * (200_000 // len(piece)))


def test_the_own_mask_knows_home_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/people/grace")
    monkeypatch.setenv("LOGNAME", "grace")
    assert own_mask(["geheim"])("/srv/people/grace/x, grace, geheim") == "~/x, [user], [hidden]"
