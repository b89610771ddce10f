"""Makes each page when it is first shown, and carries the wishes of one to another."""

from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from homepoint.application.sample_data import AddSampleData, has_sample_data
from homepoint.domain.values import ClaimId, DeviceId, IncidentId
from homepoint.presentation.wording import Section
from homepoint.ui.icons import IconName
from homepoint.ui.screens.overview import OverviewScreen

if TYPE_CHECKING:  # late: Overview is on the screen before any of these is wanted
    from homepoint.app.wiring import Program
    from homepoint.ui.screens.claim import ClaimScreen
    from homepoint.ui.screens.device import DeviceScreen
    from homepoint.ui.screens.report import ReportScreen


class Pages:
    """The pages of the window. How to add one: a method that makes it, and a line in `add_all`."""

    def __init__(self, program: "Program") -> None:
        self._program, self._window, self._desk = program, program.window, program.desk

    def add_all(self) -> None:
        """Tell the window which pages there are; none is made yet."""
        add = self._window.add_page
        add("overview", "Overview", IconName.OVERVIEW, self._overview)
        add("devices", "Devices", IconName.DEVICES, self._devices)
        add("claims", "Claims", IconName.CLAIMS, self._claims)
        add("deadlines", "Deadlines", IconName.DEADLINES, self._deadlines)
        add("settings", "Settings", IconName.SETTINGS, self._settings)
        add("device", "Device", None, self._device, under="devices")
        add("claim", "Claim", None, self._claim, under="claims")
        add("report", "Report damage or loss", None, self._report, under="claims")

    # Where a wish leads.

    def open_device(self, device: DeviceId, section: Section | None = None) -> None:
        """Show one device's page, scrolled to a section if one is named."""
        self.device.show_device(device, section)
        self._window.show_page("device")

    def open_claim(self, claim: ClaimId) -> None:
        """Show one claim's page."""
        self.claim.show_claim(claim)
        self._window.show_page("claim")

    def report(self, device: DeviceId | None = None) -> None:
        """Begin to report damage or loss, of a device if one is named."""
        self.report_page.begin(device)
        self._window.show_page("report")

    def go_on_with_report(self, incident: IncidentId) -> None:
        """Go on with a report where it was left."""
        self.report_page.resume(incident)
        self._window.show_page("report")

    @property
    def device(self) -> "DeviceScreen":
        """The device page."""
        from homepoint.ui.screens.device import DeviceScreen

        page = self._window.page("device")
        assert isinstance(page, DeviceScreen), "the page is made below"
        return page

    @property
    def claim(self) -> "ClaimScreen":
        """The claim page."""
        from homepoint.ui.screens.claim import ClaimScreen

        page = self._window.page("claim")
        assert isinstance(page, ClaimScreen), "the page is made below"
        return page

    @property
    def report_page(self) -> "ReportScreen":
        """The report of damage or loss."""
        from homepoint.ui.screens.report import ReportScreen

        page = self._window.page("report")
        assert isinstance(page, ReportScreen), "the page is made below"
        return page

    # The pages.

    def _overview(self) -> QWidget:
        program = self._program
        page = OverviewScreen(self._desk, lambda: has_sample_data(program.library))
        page.add_device_asked.connect(program.add_device)
        page.import_asked.connect(program.ask_import)
        page.sample_data_asked.connect(lambda: program.do(AddSampleData()))
        page.sample_data_removal_asked.connect(program.remove_sample_data)
        page.section_asked.connect(self._open_section)
        page.claim_asked.connect(lambda claim: self.open_claim(ClaimId(claim)))
        return page

    def _devices(self) -> QWidget:
        from homepoint.ui.screens.devices import DevicesScreen

        page = DevicesScreen(self._desk)
        page.add_device_asked.connect(self._program.add_device)
        page.import_asked.connect(self._program.ask_import)
        return page

    def _device(self) -> QWidget:
        from homepoint.ui.screens.device import DeviceScreen

        page = DeviceScreen(self._desk)
        page.undo_asked.connect(self._program.undo)
        page.report_asked.connect(lambda device: self.report(DeviceId(device)))
        page.claim_asked.connect(lambda claim: self.open_claim(ClaimId(claim)))
        page.files_asked.connect(self._program.ask_evidence)
        page.field_card_asked.connect(lambda device: self._program.papers.ask_field_card(DeviceId(device)))
        page.reminders_asked.connect(self._program.ask_reminders)
        page.handover_asked.connect(lambda device: self._program.papers.ask_handover(DeviceId(device)))
        return page

    def _claims(self) -> QWidget:
        from homepoint.ui.screens.claims import ClaimsScreen

        page = ClaimsScreen(self._desk)
        page.report_asked.connect(lambda: self.report())
        page.claim_asked.connect(lambda claim: self.open_claim(ClaimId(claim)))
        page.go_on_asked.connect(lambda incident: self.go_on_with_report(IncidentId(incident)))
        return page

    def _claim(self) -> QWidget:
        from homepoint.ui.screens.claim import ClaimScreen

        page = ClaimScreen(self._desk)
        page.dossier_asked.connect(lambda incident: self._program.papers.ask_dossier(IncidentId(incident)))
        page.evidence_asked.connect(self._program.ask_evidence)
        return page

    def _report(self) -> QWidget:
        from homepoint.ui.screens.report import ReportScreen

        program = self._program
        page = ReportScreen(self._desk, program.evidence, program.pool, program.papers.prepare_dossier)
        page.evidence.from_files.look = look_into
        page.find_step.place.save_asked.connect(lambda: program.phone_map.ask(page.draft.incident))
        page.claim_opened.connect(lambda claim: self.open_claim(ClaimId(claim)))
        page.add_device_asked.connect(program.add_device)
        page.left.connect(lambda: self._window.show_page("claims"))
        return page

    def _deadlines(self) -> QWidget:
        from homepoint.ui.screens.deadlines import DeadlinesScreen

        page = DeadlinesScreen(self._desk)
        page.section_asked.connect(self._open_section)
        page.calendar_asked.connect(self._program.ask_calendar)
        return page

    def _settings(self) -> QWidget:
        from homepoint.app.settings_cards import SettingsCards
        from homepoint.ui.screens.settings import SettingsScreen

        program = self._program
        page = SettingsScreen(self._desk, program.preferences, lambda: has_sample_data(program.library))
        page.import_asked.connect(program.ask_import)
        page.export_asked.connect(program.ask_export)
        page.sample_data_removal_asked.connect(program.remove_sample_data)
        self._cards = SettingsCards(program, page)
        self._cards.add_all()
        return page

    def open_sync(self) -> None:
        """Show the settings, scrolled to Sync."""
        from homepoint.ui.screens.settings import SettingsScreen
        from homepoint.ui.screens.settings_sync import SyncCard

        self._window.show_page("settings")
        page = self._window.page("settings")
        assert isinstance(page, SettingsScreen), "the page is made above"
        card = page.findChild(SyncCard)
        if isinstance(card, SyncCard):
            QTimer.singleShot(0, page, lambda: page.scroll_to(card))  # once it has its place

    def _open_section(self, device: str, section: str) -> None:
        self.open_device(DeviceId(device), Section(section))


def look_into(file: BinaryIO) -> object:
    """Return what an open file holds, for any thread.

    Raises:
        HomepointError: nothing in it can be read.
    """
    from homepoint.intake.readers import read_bytes  # late: most starts read no file
    from homepoint.intake.reading import MOST_BYTES

    return read_bytes(file.read(MOST_BYTES + 1)).value
