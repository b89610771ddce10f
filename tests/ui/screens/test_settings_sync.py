"""The card about Sync: off, on, and what its buttons lead to."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from homepoint.application.replication import Trouble
from homepoint.sync.remote import RemoteError
from homepoint.ui.dialogs.sync_confirm import FillAgainDialog, LeaveDialog
from homepoint.ui.dialogs.sync_invite import SyncInviteDialog
from homepoint.ui.dialogs.sync_join import SyncJoinDialog
from homepoint.ui.dialogs.sync_passphrase import ChangePassphraseDialog, RemoveComputerDialog, UnlockDialog
from homepoint.ui.dialogs.sync_setup import SyncSetupDialog
from homepoint.ui.screens.settings_sync import SyncCard
from homepoint.ui.theme import theme
from homepoint.ui.widgets.text import Label
from tests.app.shared import Shared, sharing
from tests.sync.replicas import PASSPHRASE, PLACE, MemoryServer


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Shared]:
    theme()
    with sharing(tmp_path / "desk", MemoryServer()) as made:
        yield made


def _card(qtbot: QtBot, shared: Shared) -> SyncCard:
    card = SyncCard(shared.syncing, lambda: shared.clock.now)
    qtbot.addWidget(card)
    card.resize(760, 700)
    card.show()
    return card


def _shared(qtbot: QtBot, desk: Shared) -> None:
    with qtbot.waitSignal(desk.syncing.set_up(PLACE, "password", PASSPHRASE).finished):
        pass
    _round(qtbot, desk)


def _round(qtbot: QtBot, desk: Shared) -> None:
    desk.clock.move(timedelta(seconds=1))
    with qtbot.waitSignal(desk.syncing.round_ended):
        desk.syncing.sync_now()


def _said(card: SyncCard) -> str:
    return " ".join(each.text() for each in card.findChildren(Label) if each.isVisible())


def _opened(card: SyncCard, kind: type[QDialog]) -> QDialog:
    """Return the dialog that is open over a card, and close it."""
    found = card.findChild(kind)
    assert isinstance(found, kind)
    assert found.isVisible()
    found.done(0)
    return found


def _act(card: SyncCard, name: str) -> QPushButton:
    found = card.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_off_it_says_what_the_keeper_of_the_storage_learns_and_leads_to_both_ways(qtbot: QtBot, desk: Shared) -> None:
    card = _card(qtbot, desk)
    assert "how many computers take part" in _said(card)
    assert not card.on.isVisible()
    card.set_up.click()
    _opened(card, SyncSetupDialog)
    card.join.click()
    _opened(card, SyncJoinDialog)


def test_on_it_says_where_and_how_it_stands_and_follows_a_round(qtbot: QtBot, desk: Shared) -> None:
    card = _card(qtbot, desk)
    _shared(qtbot, desk)
    assert not card.off.isVisible()
    assert card.place.full_text == "http://127.0.0.1/x as me"
    assert card.short.text() == "Synchronised just now"
    with qtbot.waitSignal(desk.syncing.round_ended):
        card.now_button.click()
        assert card.cancel.isVisible()
        assert not card.now_button.isVisible()
        assert not card.leave.isEnabled()
    assert card.now_button.isVisible()
    desk.clock.move(timedelta(minutes=5))
    desk.syncing.status_changed.emit()  # as the clock of Sync does every minute
    assert card.short.text() == "Synchronised 5 minutes ago"


def test_the_span_between_rounds_is_kept(qtbot: QtBot, desk: Shared) -> None:
    _shared(qtbot, desk)
    card = _card(qtbot, desk)
    assert card.interval.value == 15
    card.interval.set_value(0)
    card.interval.activated.emit(card.interval.currentIndex())
    assert desk.kept.sync_minutes == 0
    assert "before you press Sync now" in _said(card)


def test_the_other_computers_are_listed_and_can_be_removed_but_not_this_one(
    qtbot: QtBot, desk: Shared, tmp_path: Path
) -> None:
    _shared(qtbot, desk)
    card = _card(qtbot, desk)
    with sharing(tmp_path / "laptop", desk.server, "Laptop") as laptop, qtbot.waitSignal(laptop.syncing.round_ended):
        laptop.syncing.join(PLACE, "password", PASSPHRASE)
    _round(qtbot, desk)
    assert desk.syncing.status is not None
    names = {each.name: each.id for each in desk.syncing.status.computers}
    assert not _act(card, f"remove/{names['Desk']}").isVisible()
    remove = _act(card, f"remove/{names['Laptop']}")
    assert remove.accessibleName() == "Remove Laptop"
    qtbot.waitUntil(remove.isVisible)
    desk.clock.move(timedelta(minutes=3))
    desk.syncing.status_changed.emit()
    assert "last seen 3 minutes ago" in _said(card)
    assert _act(card, f"remove/{names['Laptop']}") is remove  # told the time, and not made anew: the focus stays
    remove.click()
    _opened(card, RemoveComputerDialog)


@pytest.mark.parametrize(
    ("trouble", "act", "dialog"),
    [(Trouble.REFUSED, "act/sign-in", UnlockDialog), (Trouble.EMPTIED, "act/fill-again", FillAgainDialog)],
)
def test_a_finding_says_what_to_do_and_has_the_button_for_it(
    qtbot: QtBot, desk: Shared, trouble: Trouble, act: str, dialog: type[QDialog]
) -> None:
    _shared(qtbot, desk)
    card = _card(qtbot, desk)
    if trouble is Trouble.EMPTIED:
        desk.server.objects.clear()
    else:

        def refuse(*_request: str) -> None:
            raise RemoteError(trouble, "401")

        desk.server.before = refuse
    _round(qtbot, desk)
    assert card.short.text() == "Sync needs you"
    _act(card, act).click()
    _opened(card, dialog)


def test_offline_can_be_tried_again_and_then_goes(qtbot: QtBot, desk: Shared) -> None:
    _shared(qtbot, desk)
    card = _card(qtbot, desk)

    def unplugged(*_request: str) -> None:
        raise RemoteError(Trouble.OFFLINE, "no route")

    desk.server.before = unplugged
    _round(qtbot, desk)
    assert "cannot be reached" in _said(card)
    assert card.short.text() == "Offline"
    desk.server.before = lambda *_request: None
    with qtbot.waitSignal(desk.syncing.round_ended):
        _act(card, "act/try-again").click()
    assert "cannot be reached" not in _said(card)


def test_everything_else_is_one_click_away(qtbot: QtBot, desk: Shared) -> None:
    _shared(qtbot, desk)
    card = _card(qtbot, desk)
    for button, dialog in (
        (card.invite, SyncInviteDialog),
        (card.change, ChangePassphraseDialog),
        (card.leave, LeaveDialog),
    ):
        button.click()
        _opened(card, dialog)
    with qtbot.waitSignal(desk.syncing.round_ended):
        card.verify.click()
    assert desk.syncing.status is not None
    assert desk.syncing.status.findings == ()
