"""Sync in words: the sidebar, the forms, the sheet, and what every finding offers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from homepoint.application.problems import HomepointError
from homepoint.application.replication import (
    STOPPING,
    Finding,
    Location,
    RemoteKind,
    RemoteReport,
    SyncStatus,
    Trouble,
)
from homepoint.presentation.sync_forms import (
    LEAST_PASSPHRASE,
    PIN_DIGITS,
    PlaceForm,
    check_passphrases,
    check_place,
    code_is_confirmed,
    code_spoken,
    location_of,
    pin_typed,
    recovery_sheet,
    strength_text,
    trial_text,
)
from homepoint.presentation.sync_state import Activity, SyncMood, sidebar_text
from homepoint.presentation.syncing import ACT_WORDS, FindingAct, sync_text
from homepoint.sync import invitations, keys

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PLACE = Location(kind=RemoteKind.WEBDAV, address="https://cloud.example.org/h", user="ada")


def _status(*troubles: Trouble, waiting: int = 0, ago: timedelta = timedelta(minutes=5)) -> SyncStatus:
    return SyncStatus(
        location=PLACE,
        last_round_at=NOW - ago,
        last_complete_at=NOW - ago,
        waiting=waiting,
        findings=tuple(Finding(trouble=each) for each in troubles),
        computers=(),
    )


@pytest.mark.parametrize(
    ("status", "short", "mood"),
    [
        (_status(), "Synchronised 5 minutes ago", SyncMood.WELL),
        (_status(waiting=3), "Synchronised 5 minutes ago, 3 changes waiting", SyncMood.WAITING),
        (_status(Trouble.OFFLINE, waiting=1), "Offline, 1 change waiting", SyncMood.WAITING),
        (_status(Trouble.REFUSED), "Sync needs you", SyncMood.NEEDS_YOU),
        (_status(Trouble.FULL), "Storage is full", SyncMood.NEEDS_YOU),
        (_status(Trouble.LOST_AND_SENT), "Synchronised 5 minutes ago", SyncMood.WELL),
        (None, "Sync", SyncMood.WELL),
    ],
)
def test_the_sidebar_says_it_in_a_few_words(status: SyncStatus | None, short: str, mood: SyncMood) -> None:
    text = sidebar_text(status, None, NOW)
    assert (text.short, text.mood) == (short, mood)


def test_the_spoken_words_say_what_needs_the_owner() -> None:
    assert "refused your user name or password" in sidebar_text(_status(Trouble.REFUSED), None, NOW).spoken
    assert "Nothing is waiting" in sidebar_text(_status(), None, NOW).spoken


def test_what_is_in_the_way_on_this_computer_needs_the_owner_too() -> None:
    problem = HomepointError("The library is held by another program.", "Close it.")
    text = sidebar_text(_status(), None, NOW, problem)
    assert text.mood is SyncMood.NEEDS_YOU
    assert "held by another program" in text.spoken


def test_a_round_under_way_is_said_without_numbers_that_flicker() -> None:
    for done in (0, 7):
        activity = Activity(words="Receiving", done=done, total=12)
        assert sidebar_text(_status(Trouble.REFUSED), activity, NOW).short == "Synchronising…"
    assert Activity(words="Receiving", done=12, total=12).text == "Receiving, 12 of 12"
    assert Activity(words="Sending").text == "Sending"


def test_every_trouble_that_stops_a_round_offers_something_to_do() -> None:
    for trouble in Trouble:
        [finding] = sync_text(_status(trouble), NOW).findings
        assert set(finding.acts) <= set(ACT_WORDS)
        if trouble in STOPPING:
            assert finding.acts, trouble
    assert set(ACT_WORDS) == set(FindingAct)


@pytest.mark.parametrize(
    ("address", "is_fine"),
    [
        ("https://cloud.example.org/dav", True),
        ("cloud.example.org/dav", True),
        ("http://localhost:8080/dav", True),
        ("http://[::1]:8080/", True),
        ("http://cloud.example.org/", False),
        ("ftp://cloud.example.org/", False),
        ("https://ada:secret@cloud.example.org/", False),
        ("https://[broken", False),
        ("two words", False),
        (" ", False),
    ],
)
def test_an_address_must_keep_the_password_safe(address: str, *, is_fine: bool) -> None:
    form = PlaceForm(kind=RemoteKind.WEBDAV, address=address)
    assert ("address" not in check_place(form)) is is_fine


def test_an_address_without_its_scheme_gets_https() -> None:
    form = PlaceForm(kind=RemoteKind.WEBDAV, address=" cloud.example.org/h ", user=" ada ", certificates=" ")
    assert location_of(form) == PLACE


@pytest.mark.parametrize(("folder", "is_fine"), [("/home/ada/Sync", True), (r"C:\Sync", True), ("Sync", False)])
def test_a_folder_is_a_whole_path(folder: str, *, is_fine: bool) -> None:
    assert (check_place(PlaceForm(kind=RemoteKind.FOLDER, folder=folder)) == {}) is is_fine


@pytest.mark.parametrize(("joining", "holds"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_test_is_good_only_where_a_library_is_or_is_not_as_wanted(*, joining: bool, holds: bool) -> None:
    report = RemoteReport(server="Apache", lacks=(), address="", holds_a_library=holds)
    text = trial_text(report, joining=joining)
    assert text.is_good is (joining is holds)
    assert text.words.startswith("Apache answers")


@pytest.mark.parametrize(
    ("passphrase", "word"),
    [
        ("short", "At least"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "Weak"),
        ("drone-2026!", "Weak"),
        ("kestrel-at-noon", "Fair"),
        ("kestrel window paper lake", "Strong"),
    ],
)
def test_the_strength_is_said_in_a_word(passphrase: str, word: str) -> None:
    assert strength_text(passphrase).words.startswith(word)


def test_the_limits_are_those_of_the_core() -> None:
    assert (LEAST_PASSPHRASE, PIN_DIGITS) == (keys.LEAST_PASSPHRASE, invitations.PIN_DIGITS)
    assert check_passphrases("123456789", "123456789").keys() == {"passphrase"}
    assert check_passphrases("1234567890", "1234567891").keys() == {"again"}
    assert check_passphrases("1234567890", "1234567890") == {}


def test_a_recovery_code_is_confirmed_by_its_last_signs() -> None:
    code = keys.new_code()
    assert code_is_confirmed(code, f" {code[-4:].lower()} ")
    assert not code_is_confirmed(code, code[:4] + "!")
    assert not code_is_confirmed(code, "")
    assert code_spoken("AB12-CD34") == "A B 1 2, C D 3 4"


def test_a_pin_is_six_digits_with_or_without_a_gap() -> None:
    assert pin_typed("123 456") == "123456"
    assert pin_typed("12345") is None
    assert pin_typed("١٢٣٤٥٦") is None  # digits, but none the other computer showed


def test_the_sheet_holds_the_code_and_where_it_belongs() -> None:
    text = recovery_sheet("AB12-CD34", "https://cloud.example.org/h as ada", date(2026, 5, 4)).text
    assert "AB12-CD34" in text
    assert "https://cloud.example.org/h as ada" in text
    assert "4 May 2026" in text
