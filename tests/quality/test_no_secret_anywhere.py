"""No secret stands anywhere but in the keyring: the whole program is used, then everything it wrote is searched."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from homepoint.app.faults import UnforeseenFaults
from homepoint.app.wiring import Program
from homepoint.application.devices import RegisterDevice
from homepoint.application.replication import Location, RemoteKind
from homepoint.domain.facts import Plan
from homepoint.domain.values import DeviceId
from homepoint.storage.replication import SqliteReplica
from homepoint.sync.places import open_remote
from homepoint.sync.synchroniser import Synchroniser
from homepoint.system.diagnostics import diagnostics, surroundings
from homepoint.system.masking import own_mask
from homepoint.system.settings import Settings
from homepoint.ui.dialogs.fleet_preview import FleetDialog
from homepoint.ui.dialogs.plan import Bought, PlanDialog
from homepoint.ui.window import MainWindow
from tests import builders as make
from tests.cli.run import Run, runner
from tests.doubles import SetClock
from tests.sync.replicas import CHEAP
from tests.system.keyring_in_memory import keyring_in_use
from tests.system.private_keyring import PrivateKeyring, missing_tools
from tests.system.secret_search import command_lines_below, find_secrets

CODES = {
    "the first code": "TYPED-1234-5678",
    "the corrected code": "MENDED-8765-4321",
    "the code of the owner file": "FILED-1111-2222",
    "the code of the table": "TABLED-3333-4444",
}
TYPED = {"the passphrase": "four words and a comma", "the password": "hunter2 of the storage"}


@dataclass(frozen=True, kw_only=True)
class Session:
    """A program on its own folders. Everything below `searched` is looked through, what is `given` is not."""

    program: Program
    window: MainWindow
    searched: Path
    given: Path
    environment: dict[str, str] | None

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.program.folder


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str] | None]:
    """A real keyring, and how other programs reach it; one in memory and None where this machine has none."""
    if missing_tools():
        with keyring_in_use():
            yield None
        return
    from keyring.backends.SecretService import Keyring

    session, before = PrivateKeyring(tmp_path / "session"), keyring.get_keyring()
    session.unlock()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session.environment["DBUS_SESSION_BUS_ADDRESS"])
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]  # keyring leaves it untyped
    yield session.environment
    keyring.set_keyring(before)
    session.close()


@pytest.fixture
def session(
    qtbot: QtBot, tmp_path: Path, environment: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """Open the program; every question of a message box is answered with its first button."""
    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.buttons()[0].click() if box.buttons() else None)
    searched, given = tmp_path / "searched", tmp_path / "given"
    for folder in (searched / "data", searched / "out", searched / "remote", given):
        folder.mkdir(parents=True)
    settings = Settings(searched / "data" / "settings.json")
    window = MainWindow(settings)
    qtbot.addWidget(window)
    program = Program(window, settings, searched / "data", SetClock())
    program.open()
    window.show()
    yield Session(program=program, window=window, searched=searched, given=given, environment=environment)
    program.close()


def _enter_code(session: Session, qtbot: QtBot, code: str, recorded: Plan | None = None) -> None:
    """Record a plan by its form, or correct the one there is."""
    screen = session.program.pages.device
    if recorded is None:
        screen.plans.add_asked.emit()
    else:
        screen.plans.edit_asked.emit(recorded.id)
    dialog = screen.dialog
    assert isinstance(dialog, PlanDialog)
    dialog.bought.set_value(Bought.CODE)
    dialog.code.line.setText(code)
    dialog.primary.click()
    qtbot.waitUntil(lambda: screen.dialog is None, timeout=20_000)


def _work_with_the_form(session: Session, qtbot: QtBot) -> None:
    program = session.program
    program.do(RegisterDevice(device=make.device(activated_at=make.NOW, region="DE")))
    program.pages.open_device(DeviceId("d1"))
    _enter_code(session, qtbot, CODES["the first code"])
    [plan] = program.library.all(Plan)
    _enter_code(session, qtbot, CODES["the corrected code"], plan)
    program.undo()
    program.undo()
    program.redo()
    program.redo()
    [plan] = program.library.all(Plan)
    assert plan.activation_code_hint == "4321"
    fetched: list[str | None] = []
    program.desk.codes.fetch(plan.id, "4321").finished.connect(fetched.append)
    qtbot.waitUntil(lambda: bool(fetched), timeout=20_000)
    assert fetched == [CODES["the corrected code"]], "it is kept after all"


def _take_files_in(session: Session, qtbot: QtBot) -> None:
    program = session.program
    tree = {
        "format": "homepoint-owner-file", "version": 1, "time_zone": "UTC",
        "devices": [{"id": "d2", "model": "DJI Mini 4 Pro", "serial": "1581F6Z9C24AU0034SRD", "region": "DE"}],
        "plans": [{"id": "p2", "device": "d2", "product": "care-refresh-1y", "starts_on": "2026-01-02",
                   "activation_code": CODES["the code of the owner file"]}],
        "incidents": [{"id": "i2", "device": "d2", "kind": "flyaway", "at": "2026-05-01T12:00:00Z"}],
    }  # fmt: skip
    (session.given / "owner.json").write_text(json.dumps(tree), encoding="utf-8")
    program.intake.take([session.given / "owner.json"])
    qtbot.waitUntil(lambda: program.library.get(Plan, "p2") is not None, timeout=20_000)
    head = "device_id,model,plan_id,plan,plan_activation_code\n"
    table = f"{head}d3,DJI Mini 4 Pro,p3,1-year,{CODES['the code of the table']}\n"
    (session.given / "fleet.csv").write_text(table, encoding="utf-8")
    program.intake.take([session.given / "fleet.csv"])
    qtbot.waitUntil(lambda: bool(session.window.findChildren(FleetDialog)), timeout=20_000)
    session.window.findChildren(FleetDialog)[0].primary.click()
    qtbot.waitUntil(lambda: program.library.get(Plan, "p3") is not None, timeout=20_000)
    hints = {each.id: each.activation_code_hint for each in program.library.all(Plan)}
    assert (hints["p2"], hints["p3"]) == ("2222", "4444")  # type: ignore[index]  # ids are texts


def _hand_out(session: Session, run: Run) -> None:
    out, data = session.searched / "out", session.data
    for name in ("owner.json", "fleet.csv"):
        assert run("export", out / name, "--data", data).code == 0
        session.program.exchange.save(out / f"saved-{name}")
    assert run("dossier", "i2", out / "dossier.zip", "--data", data).code == 0
    assert run("dossier", "i2", out / "redacted.zip", "--redact", "--data", data).code == 0
    for command in (("assess",), ("due", "--json"), ("doctor", "--json"), ("sync", "status", "--json")):
        done = run(*command, "--data", data)
        (out / f"{command[0]}.txt").write_text(done.out + done.err, encoding="utf-8")


def _hand_over(session: Session, qtbot: QtBot) -> None:
    for device in ("d1", "d2"):
        kit = session.searched / "out" / f"{device}.zip"
        session.program.papers.make_handover(DeviceId(device), kit)
        qtbot.waitUntil(kit.exists, timeout=20_000)


def _crash(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail with every secret in the fault's words, as no fault should; keep the report beside the log."""
    reports: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: reports.append(f"{box.text()} {box.detailedText()}"))
    faults = UnforeseenFaults(session.window, session.data)
    faults.secrets = session.program.secrets.seen
    words = "; ".join([*CODES.values(), *session.program.secrets.seen()])
    sys.excepthook(ValueError, ValueError(words), None)
    qtbot.waitUntil(lambda: bool(reports))
    faults.close()
    (session.searched / "out" / "report.txt").write_text("\n".join(reports), encoding="utf-8")
    told = diagnostics(
        at=datetime(2026, 5, 4, tzinfo=UTC),
        runs_on=surroundings("1"),
        counts={},
        keyring=words,
        synchronising=[words],
        folder=session.data,
        mask=own_mask(session.program.secrets.seen()),
    )
    (session.searched / "out" / "diagnostics.txt").write_text(told, encoding="utf-8")


def _share(session: Session) -> str:
    """Set synchronising up as the window does, and return the recovery code."""
    with closing(SqliteReplica(session.program.library.path)) as store:
        sync = Synchroniser(
            store, session.program.evidence, session.program.secrets, open_remote, SetClock(),
            computer="Desk", person="Ada", cost=CHEAP,
        )  # fmt: skip
        place = Location(kind=RemoteKind.FOLDER, address=str(session.searched / "remote"))
        code = sync.set_up(place, TYPED["the password"], TYPED["the passphrase"])
        report = sync.round()
        assert report.complete, report.findings
    return code


def _join_from_another_folder(session: Session) -> tuple[bytes, ...]:
    """Join with a program of its own, and return the command lines there were while it held the passphrase."""
    if session.environment is None:
        return ()
    command = ("sync", "join", "--folder", str(session.searched / "remote"), "--passphrase-stdin")
    joining = subprocess.Popen(
        [sys.executable, "-m", "homepoint", *command, "--data", str(session.searched / "other")],
        env=session.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert joining.stdin is not None
    joining.stdin.write(f"{TYPED['the passphrase']}\n")
    joining.stdin.flush()
    lines = command_lines_below(os.getpid())
    said, _ = joining.communicate(timeout=120)
    assert joining.returncode == 0, said
    (session.searched / "out" / "join.txt").write_text(said, encoding="utf-8")
    library = make.library_at(session.searched / "other" / "homepoint.sqlite")
    assert {each.activation_code_hint for each in library.all(Plan)} == {"4321", "2222", "4444"}
    library.close()
    return lines


@pytest.mark.logs_expected
def test_no_secret_stands_in_any_file_nor_in_a_command_line(
    session: Session, qtbot: QtBot, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _work_with_the_form(session, qtbot)
    _take_files_in(session, qtbot)
    recovery = _share(session)
    lines = _join_from_another_folder(session)
    _hand_over(session, qtbot)
    _hand_out(session, runner(capsys))
    _crash(session, qtbot, monkeypatch)
    stored = {f"stored secret {number}": each for number, each in enumerate(sorted(session.program.secrets.seen()))}
    assert set(CODES.values()) <= set(stored.values())
    assert TYPED["the password"] in stored.values()
    assert len(stored) > len(CODES) + 1, "the library's key is among them"
    secrets = {**CODES, **TYPED, **stored, "the recovery code": recovery}
    found = find_secrets(session.searched, secrets, lines)
    assert not found, "\n".join(f"{each.secret} in {each.where} ({each.form})" for each in found)
    written = [each for each in session.searched.rglob("*") if each.is_file()]
    assert {each.relative_to(session.searched).parts[0] for each in written} >= {"data", "out", "remote"}
