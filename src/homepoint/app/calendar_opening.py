"""Makes what keeps the calendars of an open program."""

from typing import TYPE_CHECKING

from homepoint.app.calendar_keeping import CalendarKeeping
from homepoint.domain.lead_times import LeadTimes
from homepoint.system.settings import Settings

if TYPE_CHECKING:
    from homepoint.app.wiring import Program


def open_calendar_keeping(program: "Program", settings: Settings) -> CalendarKeeping:
    """Return what keeps the calendars of an open program, with the lead times of its reminders."""

    def lead_times() -> LeadTimes | None:
        return None if program.outside is None else program.outside.reminders.lead_times()

    return CalendarKeeping(
        program.window, program.workspace, settings, program.folder, program.pool, program.secrets, lead_times,
        program.window.tell,
    )  # fmt: skip
