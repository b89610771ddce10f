"""Makes Sync for the open program, shows its state at the foot of the sidebar, and lets it send before the end."""

from typing import TYPE_CHECKING

from homepoint.app.last_round import LastRound
from homepoint.app.sync_opening import OpenedSync, open_sync
from homepoint.app.syncing import Syncing
from homepoint.presentation.sync_state import SyncMood, sidebar_text
from homepoint.ui.icons import IconName
from homepoint.ui.theme import Tone
from homepoint.ui.widgets.sidebar import NavigationSidebar, SidebarStatus

if TYPE_CHECKING:
    from homepoint.app.wiring import Program

_LOOKS = {
    SyncMood.WELL: (IconName.REFRESH, Tone.MUTED),
    SyncMood.BUSY: (IconName.REFRESH, Tone.MUTED),
    SyncMood.WAITING: (IconName.CLOCK, Tone.MUTED),
    SyncMood.NEEDS_YOU: (IconName.ATTENTION, Tone.OVERDUE),
}


def open_syncing(program: "Program") -> Syncing:
    """Return Sync of the open library; its thread opens what it needs when it is first asked for something."""
    file, evidence, clock = program.library.path, program.evidence, program.workspace.clock
    secrets, key = program.secrets, program.library.key

    def opened() -> OpenedSync:
        return open_sync(file, evidence, secrets, clock, key)

    syncing = Syncing(program.workspace, program.library, opened, program.preferences, parent=program)
    show_in_sidebar(syncing, program)
    LastRound(program.window, syncing, is_leaving=lambda: program.outside is None or program.outside.staying.is_leaving)
    return syncing


def show_in_sidebar(syncing: Syncing, program: "Program") -> None:
    """Keep the words at the foot of the sidebar true."""
    sidebar = program.window.sidebar

    def show() -> None:
        _show(syncing, sidebar, program)

    syncing.status_changed.connect(show)
    show()


def _show(syncing: Syncing, sidebar: NavigationSidebar, program: "Program") -> None:
    if not syncing.is_set_up:
        sidebar.set_status(None)
        return
    text = sidebar_text(syncing.status, syncing.activity, program.desk.now(), syncing.problem)
    icon, tone = _LOOKS[text.mood]
    sidebar.set_status(SidebarStatus(text=text.short, spoken=text.spoken, icon=icon, tone=tone))
