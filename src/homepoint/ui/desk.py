"""What every screen works with: the workspace, the terms, the clock, and the ways to go elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from homepoint.application.ports import Clock
from homepoint.application.problems import Refused
from homepoint.application.workspace import Command, Workspace
from homepoint.domain.terms import Terms
from homepoint.domain.values import DeviceId
from homepoint.ui.code_jobs import CodeJobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Handed to each screen by the composition root; screens know nothing of each other.

    `do` carries out a command: it shows what was done with an Undo, or the error of the world in the way, and returns
    the refusal for the form to show. `open_device` and `open_page` navigate; `ask_for_device` opens the add dialog;
    `open_link` opens an official https address of the catalogue in the browser. `codes` keeps activation codes.
    """

    workspace: Workspace
    terms: Terms
    clock: Clock
    do: Callable[[Command], Refused | None]
    open_device: Callable[[DeviceId], None]
    open_page: Callable[[str], None]
    open_link: Callable[[str], None]
    codes: CodeJobs

    def now(self) -> datetime:
        """Return this instant in the owner's time zone."""
        return self.clock().astimezone(self.zone)

    @property
    def zone(self) -> ZoneInfo:
        """The owner's time zone."""
        return self.workspace.library.zone
