"""Who writes is the name one logs in with, or nobody where there is none."""

import getpass

import pytest

from homepoint.system.people import computer, person


def test_the_person_is_who_logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert person() == "ada"


@pytest.mark.parametrize("fault", [KeyError("uid not found"), OSError("no such user")])
def test_a_login_without_a_name_is_nobody(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def nameless() -> str:
        raise fault

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert person() == ""


def test_the_computer_has_a_name() -> None:
    assert computer()
