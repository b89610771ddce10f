"""The dialogs about Sync as an owner drives them: set up, join, invite, and everything about passphrases."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from homepoint.application.replication import Location, RemoteKind, RemoteReport, Trouble
from homepoint.sync.remote import RemoteError
from homepoint.ui.dialogs.sync_confirm import FillAgainDialog, LeaveDialog
from homepoint.ui.dialogs.sync_invite import SyncInviteDialog
from homepoint.ui.dialogs.sync_join import SyncJoinDialog
from homepoint.ui.dialogs.sync_passphrase import ChangePassphraseDialog, RemoveComputerDialog, UnlockDialog
from homepoint.ui.dialogs.sync_setup import SyncSetupDialog
from homepoint.ui.dialogs.working import WorkingDialog
from homepoint.ui.theme import theme
from homepoint.ui.widgets.buttons import SegmentedControl
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label
from tests.app.shared import Shared, sharing
from tests.sync.replicas import PASSPHRASE, PLACE, MemoryRemote, MemoryServer

ADDRESS = "https://cloud.example.org/dav/Homepoint"


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer()


@pytest.fixture
def desk(qapp: object, tmp_path: Path, server: MemoryServer) -> Iterator[Shared]:
    theme()
    with sharing(tmp_path / "desk", server) as made:
        yield made


@pytest.fixture
def laptop(qapp: object, tmp_path: Path, server: MemoryServer) -> Iterator[Shared]:
    with sharing(tmp_path / "laptop", server, "Laptop") as made:
        yield made


def _open(qtbot: QtBot, dialog: WorkingDialog) -> None:
    qtbot.addWidget(dialog)
    dialog.open()


def _type_place(dialog: SyncSetupDialog | SyncJoinDialog) -> None:
    dialog.place.address.setText(ADDRESS)
    dialog.place.user.setText("ada")
    dialog.place.password.line.setText("app password")


def _choose(control: SegmentedControl, text: str) -> None:
    next(each for each in control.findChildren(QPushButton) if each.text() == text).click()


def _set_up(qtbot: QtBot, shared: Shared) -> None:
    with qtbot.waitSignal(shared.syncing.set_up(PLACE, "password", PASSPHRASE).finished):
        pass
    _round(qtbot, shared)


def _round(qtbot: QtBot, shared: Shared) -> None:
    shared.clock.move(timedelta(seconds=1))
    with qtbot.waitSignal(shared.syncing.round_ended):
        shared.syncing.sync_now()


def _join(qtbot: QtBot, shared: Shared) -> None:
    with qtbot.waitSignal(shared.syncing.round_ended):
        shared.syncing.join(PLACE, "password", PASSPHRASE)


def _said(dialog: QDialog) -> str:
    return " ".join(each.text() for each in dialog.findChildren(Label) if each.isVisible())


# Setting up.


def test_setting_up_leads_from_the_storage_over_the_code_to_the_first_round(qtbot: QtBot, desk: Shared) -> None:
    desk.add()
    dialog = SyncSetupDialog(desk.syncing)
    _open(qtbot, dialog)
    _type_place(dialog)
    dialog.primary.click()
    qtbot.waitUntil(dialog.passphrase.isVisible)
    assert not desk.library.is_shared  # nothing is there before the passphrase
    dialog.back.click()
    assert dialog.place.address.isVisible()
    dialog.primary.click()
    qtbot.waitUntil(dialog.passphrase.isVisible)

    dialog.passphrase.line.setText(PASSPHRASE)
    dialog.again.line.setText(PASSPHRASE)
    dialog.primary.click()
    qtbot.waitUntil(dialog.code.isVisible)
    assert dialog.passphrase.text == dialog.again.text == ""
    code = dialog.code.shown.text()
    assert len(code) == 34

    dialog.code.typed.setText("0000")
    dialog.primary.click()
    assert "not the last four signs" in _said(dialog)
    dialog.code.typed.setText(code[-4:].lower())
    dialog.primary.click()
    qtbot.waitUntil(lambda: "Everything is synchronised." in _said(dialog))
    assert code not in _said(dialog)
    dialog.primary.click()
    assert not dialog.isVisible()
    assert desk.syncing.status is not None
    assert desk.syncing.status.location == Location(kind=RemoteKind.WEBDAV, address=ADDRESS, user="ada")


def test_what_makes_no_sense_is_said_beside_its_field(qtbot: QtBot, desk: Shared) -> None:
    dialog = SyncSetupDialog(desk.syncing)
    _open(qtbot, dialog)
    dialog.place.address.setText("http://cloud.example.org")
    dialog.primary.click()
    assert "https://" in dialog.rows["address"].fault
    _choose(dialog.place.kind, "Folder")
    assert not dialog.place.address.isVisible()
    dialog.primary.click()
    assert dialog.rows["folder"].fault == "Choose a folder."
    assert not desk.server.log


def test_two_different_passphrases_are_found(qtbot: QtBot, desk: Shared) -> None:
    dialog = SyncSetupDialog(desk.syncing)
    _open(qtbot, dialog)
    _type_place(dialog)
    dialog.primary.click()
    qtbot.waitUntil(dialog.passphrase.isVisible)
    dialog.passphrase.line.setText("too short")
    dialog.primary.click()
    assert "10 characters" in dialog.rows["passphrase"].fault
    dialog.passphrase.line.setText(PASSPHRASE)
    assert dialog.rows["passphrase"].hint == "Strong."
    dialog.again.line.setText(f"{PASSPHRASE}!")
    dialog.primary.click()
    assert dialog.rows["again"].fault
    assert not desk.library.is_shared


def test_the_test_names_the_server_and_what_it_lacks(qtbot: QtBot, tmp_path: Path, server: MemoryServer) -> None:
    class Poor(MemoryRemote):
        def test(self) -> RemoteReport:
            lacks = ("It makes no folders.",)
            return RemoteReport(server="Old Server 1.0", lacks=lacks, address=ADDRESS, holds_a_library=False)

    with sharing(tmp_path, server, open_at=lambda _location, _password: Poor(server)) as desk:
        dialog = SyncSetupDialog(desk.syncing)
        _open(qtbot, dialog)
        _type_place(dialog)
        dialog.place.test.button.click()
        assert dialog.place.test.button.text() == "Cancel the test"
        qtbot.waitUntil(lambda: "Old Server 1.0" in _said(dialog))
        assert "It makes no folders." in _said(dialog)
        dialog.primary.click()  # and it cannot be gone on with
        qtbot.waitUntil(lambda: not dialog.is_working)
        assert not dialog.passphrase.isVisible()


def test_a_test_that_gets_no_answer_can_be_cancelled_and_is_forgotten(
    qtbot: QtBot, tmp_path: Path, server: MemoryServer
) -> None:
    go_on = threading.Event()

    def hang(_location: Location, _password: str) -> MemoryRemote:
        go_on.wait(10)
        raise RemoteError(Trouble.OFFLINE, "too late")

    with sharing(tmp_path, server, open_at=hang) as desk:
        dialog = SyncSetupDialog(desk.syncing)
        _open(qtbot, dialog)
        _type_place(dialog)
        dialog.place.test.button.click()
        dialog.place.test.button.click()
        assert dialog.place.test.button.text() == "Test the connection"
        with qtbot.waitSignal(desk.syncing.status_changed):  # as the end of every job
            go_on.set()
        assert "cannot be reached" not in _said(dialog)


def test_a_storage_that_holds_a_library_is_for_joining(qtbot: QtBot, desk: Shared, laptop: Shared) -> None:
    _set_up(qtbot, desk)
    dialog = SyncSetupDialog(laptop.syncing)
    _open(qtbot, dialog)
    _type_place(dialog)
    dialog.primary.click()
    qtbot.waitUntil(lambda: "choose Join" in _said(dialog))
    assert not dialog.passphrase.isVisible()


def test_closing_before_the_code_is_confirmed_asks_first_and_the_sharing_stands(qtbot: QtBot, desk: Shared) -> None:
    dialog = SyncSetupDialog(desk.syncing)
    _open(qtbot, dialog)
    _type_place(dialog)
    dialog.primary.click()
    qtbot.waitUntil(dialog.passphrase.isVisible)
    for field in (dialog.passphrase, dialog.again):
        field.line.setText(PASSPHRASE)
    dialog.primary.click()
    qtbot.waitUntil(dialog.code.isVisible)
    dialog.reject()
    assert dialog.isVisible()
    assert "It is not shown again." in _said(dialog)
    with qtbot.waitSignal(desk.syncing.round_ended):
        dialog.discard.click()
    assert not dialog.isVisible()
    assert desk.syncing.is_set_up


@pytest.mark.parametrize("suffix", ["pdf", "txt"])
def test_the_code_can_be_saved_as_a_page_or_a_text(
    qtbot: QtBot, desk: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    file = tmp_path / f"code.{suffix}"
    kind = "Page to print (*.pdf)" if suffix == "pdf" else "Text (*.txt)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given, **_named: (str(file), kind))
    dialog = SyncSetupDialog(desk.syncing)
    _open(qtbot, dialog)
    dialog.code.show_code("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345")
    dialog.show_page(2)
    dialog.code.save.click()
    assert f"Saved as {file.name}" in _said(dialog)
    saved = file.read_bytes()
    assert saved.startswith(b"%PDF") if suffix == "pdf" else b"ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345" in saved
    dialog.code.copy.click()
    assert QGuiApplication.clipboard().text() == "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345"


# Joining.


def test_joining_by_passphrase_brings_what_the_other_has(qtbot: QtBot, desk: Shared, laptop: Shared) -> None:
    desk.add()
    _set_up(qtbot, desk)
    dialog = SyncJoinDialog(laptop.syncing)
    _open(qtbot, dialog)
    _choose(dialog.way, "Passphrase or recovery code")
    dialog.primary.click()
    _type_place(dialog)
    dialog.secret.line.setText("a wrong passphrase")
    dialog.primary.click()
    qtbot.waitUntil(lambda: "does not open the library" in _said(dialog))
    dialog.secret.line.setText(PASSPHRASE)
    dialog.primary.click()
    qtbot.waitUntil(lambda: "Everything is synchronised." in _said(dialog))
    dialog.primary.click()
    assert [each.id for each in laptop.library.snapshot().devices] == ["d1"]


def _invited(qtbot: QtBot, desk: Shared) -> SyncInviteDialog:
    dialog = SyncInviteDialog(desk.syncing)
    _open(qtbot, dialog)
    qtbot.waitUntil(lambda: bool(dialog.text))
    return dialog


def test_an_invitation_is_read_from_a_picture_of_its_code_and_opened_by_its_pin(
    qtbot: QtBot, desk: Shared, laptop: Shared
) -> None:
    _set_up(qtbot, desk)
    invite = _invited(qtbot, desk)
    pin = invite.pin.text()
    QGuiApplication.clipboard().setImage(invite.qr.grab().toImage())

    dialog = SyncJoinDialog(laptop.syncing)
    _open(qtbot, dialog)
    dialog.clipboard.click()
    qtbot.waitUntil(lambda: dialog.invitation.text() == invite.text)
    dialog.primary.click()
    assert dialog.pin.isVisible()
    assert not dialog.place.address.isVisible()
    assert "me at http://127.0.0.1/x" in _said(dialog)
    dialog.pin.setText("000 000" if pin != "000 000" else "111 111")
    dialog.primary.click()
    qtbot.waitUntil(lambda: "does not fit" in dialog.rows["pin"].fault)
    dialog.pin.setText(pin)
    dialog.server_password.line.setText("password")
    dialog.primary.click()
    qtbot.waitUntil(lambda: "Everything is synchronised." in _said(dialog))
    QGuiApplication.clipboard().clear()


def test_a_picture_without_a_code_says_so(qtbot: QtBot, laptop: Shared, tmp_path: Path) -> None:
    dialog = SyncJoinDialog(laptop.syncing)
    _open(qtbot, dialog)
    QGuiApplication.clipboard().setImage(dialog.grab().toImage())
    dialog.clipboard.click()
    qtbot.waitUntil(lambda: "no invitation" in _said(dialog))
    QGuiApplication.clipboard().setText("homepoint1:rubbish")
    dialog.clipboard.click()
    assert "no invitation" in dialog.rows["invitation"].fault
    dialog.primary.click()
    assert not dialog.pin.isVisible()
    QGuiApplication.clipboard().clear()


def test_the_invitation_can_be_copied_and_its_pin_goes_when_it_closes(qtbot: QtBot, desk: Shared) -> None:
    _set_up(qtbot, desk)
    dialog = _invited(qtbot, desk)
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.text
    assert dialog.text.startswith("homepoint1:")
    assert "line of text" in dialog.qr.accessibleName()
    dialog.primary.click()
    assert dialog.pin.text() == ""
    QGuiApplication.clipboard().clear()


# Passphrases and ends.


def test_secrets_are_hidden_until_shown_and_forgotten_when_the_form_closes(qtbot: QtBot, desk: Shared) -> None:
    dialog = UnlockDialog(desk.syncing, with_password=True)
    _open(qtbot, dialog)
    dialog.passphrase.line.setText(PASSPHRASE)
    assert dialog.passphrase.line.echoMode() is QLineEdit.EchoMode.Password
    dialog.passphrase.toggle.click()
    assert dialog.passphrase.line.echoMode() is QLineEdit.EchoMode.Normal
    dialog.reject()
    dialog.discard.click()
    assert not dialog.isVisible()
    for field in dialog.findChildren(SecretField):
        assert field.text == ""
        field.line.undo()
        assert field.text == ""
        assert field.line.echoMode() is QLineEdit.EchoMode.Password


def test_a_forgotten_key_comes_back_by_the_passphrase(qtbot: QtBot, desk: Shared) -> None:
    _set_up(qtbot, desk)
    desk.secrets.clear()
    _round(qtbot, desk)
    assert desk.syncing.status is not None
    assert [each.trouble for each in desk.syncing.status.findings] == [Trouble.LOCKED]
    dialog = UnlockDialog(desk.syncing, with_password=False)
    _open(qtbot, dialog)
    dialog.primary.click()
    assert dialog.rows["passphrase"].fault
    dialog.passphrase.line.setText(PASSPHRASE)
    dialog.password.line.setText("password")
    with qtbot.waitSignal(desk.syncing.round_ended):
        dialog.primary.click()
    assert not dialog.isVisible()
    assert desk.syncing.status.findings == ()


def test_a_changed_passphrase_opens_and_the_old_one_does_not(qtbot: QtBot, desk: Shared, laptop: Shared) -> None:
    _set_up(qtbot, desk)
    dialog = ChangePassphraseDialog(desk.syncing)
    _open(qtbot, dialog)
    for field in (dialog.passphrase, dialog.again):
        field.line.setText("entirely other words, these")
    dialog.primary.click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    with qtbot.waitSignal(laptop.syncing.join(PLACE, "password", PASSPHRASE).failed):
        pass
    with qtbot.waitSignal(laptop.syncing.round_ended):
        laptop.syncing.join(PLACE, "password", "entirely other words, these")
    assert laptop.syncing.is_set_up


def test_removing_a_computer_shows_a_new_code_that_must_be_confirmed(
    qtbot: QtBot, desk: Shared, laptop: Shared
) -> None:
    _set_up(qtbot, desk)
    _join(qtbot, laptop)
    _round(qtbot, desk)
    assert desk.syncing.status is not None
    [other] = [each for each in desk.syncing.status.computers if not each.is_this]
    dialog = RemoveComputerDialog(desk.syncing, other.id, other.name)
    _open(qtbot, dialog)
    for field in (dialog.passphrase, dialog.again):
        field.line.setText("entirely other words, these")
    dialog.primary.click()
    dialog.reject()  # it is under way: nothing is asked and nothing closes
    assert dialog.isVisible()
    qtbot.waitUntil(dialog.code.isVisible)
    dialog.primary.click()
    assert dialog.isVisible()
    dialog.code.typed.setText(dialog.code.shown.text()[-4:])
    dialog.primary.click()
    assert not dialog.isVisible()
    assert [each.name for each in desk.syncing.status.computers] == ["Desk"]


def test_an_emptied_storage_is_filled_again_only_when_the_owner_says_so(qtbot: QtBot, desk: Shared) -> None:
    desk.add()
    _set_up(qtbot, desk)
    desk.server.objects.clear()
    _round(qtbot, desk)
    assert not desk.server.objects
    dialog = FillAgainDialog(desk.syncing)
    _open(qtbot, dialog)
    with qtbot.waitSignal(desk.syncing.round_ended):
        dialog.primary.click()
    assert desk.server.names()
    assert desk.syncing.status is not None
    assert desk.syncing.status.waiting == 0


def test_stopping_says_what_stays(qtbot: QtBot, desk: Shared) -> None:
    _set_up(qtbot, desk)
    dialog = LeaveDialog(desk.syncing)
    _open(qtbot, dialog)
    assert "stay on this computer" in _said(dialog)
    dialog.primary.click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert not desk.syncing.is_set_up


@pytest.mark.parametrize(
    "make",
    [SyncSetupDialog, SyncJoinDialog, SyncInviteDialog, ChangePassphraseDialog, LeaveDialog, FillAgainDialog],
)
def test_every_dialog_fits_the_smallest_window_and_closes_by_escape(
    qtbot: QtBot, desk: Shared, make: Callable[[Shared], WorkingDialog]
) -> None:
    _set_up(qtbot, desk)
    dialog = make(desk.syncing)  # type: ignore[arg-type]  # each takes what it works with
    _open(qtbot, dialog)
    qtbot.waitUntil(lambda: not dialog.is_working)
    assert dialog.width() <= 900
    assert dialog.minimumSizeHint().height() <= 600
    dialog.reject()
    assert not dialog.isVisible()
