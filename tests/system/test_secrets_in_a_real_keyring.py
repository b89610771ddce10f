"""Secrets in a real GNOME Keyring on a bus of its own: kept, found by others, forgotten; and what a locked one does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from homepoint.application.problems import HomepointError
from homepoint.system.secrets_keyring import LONGEST_SECRET, KeyringSecrets
from tests.system.private_keyring import PrivateKeyring, missing_tools

pytestmark = pytest.mark.skipif(bool(missing_tools()), reason=f"needs {', '.join(missing_tools())}")

NAME = "sync/5f3a/key"
SECRET = "gr\N{LATIN SMALL LETTER U WITH DIAERESIS}ne Wolke ✓ 雲 \N{BUS}"

READS = """
    import sys
    from homepoint.system.secrets_keyring import KeyringSecrets
    print(repr(KeyringSecrets().get(sys.argv[1])))
"""
TRIES = """
    import time
    from homepoint.application.problems import HomepointError
    from homepoint.system.secrets_keyring import KeyringSecrets
    kept = KeyringSecrets(patience_s=20)
    start = time.monotonic()
    for act in (lambda: kept.get("a"), lambda: kept.set("a", "b"), lambda: kept.delete("a")):
        try:
            act()
        except HomepointError as problem:
            print(problem.title, problem.advice)
    print(time.monotonic() - start < 15)
"""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[PrivateKeyring]:
    made = PrivateKeyring(tmp_path / "session")
    yield made
    made.close()


@pytest.fixture
def unlocked(session: PrivateKeyring, monkeypatch: pytest.MonkeyPatch) -> KeyringSecrets:
    """The keyring of a private session, used by this process too."""
    from keyring.backends.SecretService import Keyring

    session.unlock()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.environment["DBUS_SESSION_BUS_ADDRESS"])
    return KeyringSecrets(Keyring())  # type: ignore[no-untyped-call]  # keyring leaves it untyped


def test_what_is_kept_is_found_by_another_program_until_it_is_forgotten(
    session: PrivateKeyring, unlocked: KeyringSecrets
) -> None:
    assert unlocked.get(NAME) is None
    unlocked.delete(NAME)
    unlocked.set(NAME, "first")
    unlocked.set(NAME, SECRET)
    unlocked.set("sync/5f3a/password", "another")
    assert session.python(READS, NAME) == repr(SECRET)
    unlocked.delete(NAME)
    assert session.python(READS, NAME) == "None"
    assert unlocked.get("sync/5f3a/password") == "another"


def test_the_longest_secret_is_kept_whole_and_a_longer_one_refused(unlocked: KeyringSecrets) -> None:
    longest = "é" * LONGEST_SECRET
    unlocked.set(NAME, longest)
    assert unlocked.get(NAME) == longest
    with pytest.raises(HomepointError, match="too long") as refused:
        unlocked.set(NAME, longest + "x")
    assert str(LONGEST_SECRET) in refused.value.advice
    assert unlocked.get(NAME) == longest


@pytest.mark.usefixtures("unlocked")
def test_the_doctor_finds_it_usable_and_settings_name_it(session: PrivateKeyring) -> None:
    said = session.python("""
        from pathlib import Path
        from homepoint.system.secrets import keyring_state, secrets_for
        print(keyring_state().is_usable, secrets_for(Path()).place().sentence)
    """)
    assert said == "True kept in the system's keyring (GNOME Keyring)"


def test_a_keyring_nobody_can_unlock_says_so_and_does_not_hang(session: PrivateKeyring) -> None:
    session.unlock()
    session.python("from homepoint.system.secrets_keyring import KeyringSecrets; KeyringSecrets().set('a', 'kept')")
    session.stay_locked()
    *said, in_time = session.python(TRIES).splitlines()
    assert len(said) == 3
    assert all("The keyring is locked" in each and "Unlock it" in each for each in said), said
    assert in_time == "True"


def test_a_keyring_that_was_never_opened_says_so_and_does_not_hang(session: PrivateKeyring) -> None:
    session.stay_locked()
    *said, in_time = session.python(TRIES).splitlines()
    assert len(said) == 3
    assert all("The keyring is locked, and nobody could unlock it." in each for each in said), said
    assert in_time == "True"


def test_a_locked_keyring_is_still_the_place_and_never_passed_over(session: PrivateKeyring, tmp_path: Path) -> None:
    session.stay_locked()
    said = session.python(
        """
        import sys
        from pathlib import Path
        from homepoint.application.problems import HomepointError
        from homepoint.system.secrets import secrets_for
        secrets = secrets_for(Path(sys.argv[1]))
        try:
            secrets.set("a", "b")
        except HomepointError as problem:
            print(problem.title)
        print(secrets.place().kept_in)
    """,
        str(tmp_path),
    )
    assert said.splitlines() == ["The keyring is locked, and nobody could unlock it.", "keyring"]


def test_a_keyring_that_ended_meanwhile_is_said(session: PrivateKeyring) -> None:
    session.unlock()
    said = session.python(
        """
        import os, sys
        from homepoint.application.problems import HomepointError
        from homepoint.system.secrets_keyring import KeyringSecrets
        kept = KeyringSecrets()
        kept.set("a", "b")
        os.kill(int(sys.argv[1]), 9)
        try:
            kept.get("a")
        except HomepointError as problem:
            print(problem)
        """,
        str(session.keyring_process),
    )
    assert said.startswith("The keyring has ended. Start it again")


def test_a_bus_without_a_keyring_and_no_bus_at_all_leave_memory(session: PrivateKeyring) -> None:
    asks = """
        from pathlib import Path
        from homepoint.system.secrets import keyring_state, secrets_for
        secrets = secrets_for(Path())
        secrets.set("a", "b")
        print(secrets.get("a"), secrets.place().sentence, secrets.place().why_no_keyring, keyring_state().problem)
    """
    wanted = "b asked for at each start This session has no keyring. This session has no keyring."
    assert session.python(asks) == wanted
    del session.environment["DBUS_SESSION_BUS_ADDRESS"]
    assert session.python(asks) == wanted


def test_a_keyring_named_by_hand_that_is_not_there_leaves_memory_too(session: PrivateKeyring) -> None:
    session.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
    said = session.python("""
        from pathlib import Path
        from homepoint.system.secrets import secrets_for
        print(secrets_for(Path()).place())
    """)
    assert "memory" in said
    assert "named for this session does not work" in said


def test_nothing_of_keyring_or_ciphers_is_loaded_before_a_secret_is_asked_for(session: PrivateKeyring) -> None:
    loaded = session.python("""
        import sys
        from pathlib import Path
        from homepoint.system.secrets import secrets_for
        secrets_for(Path())
        print({"keyring", "cryptography", "jeepney", "secretstorage"} & set(sys.modules))
    """)
    assert loaded == "set()"
