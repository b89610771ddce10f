"""Was the loss covered at that moment: gap by gap, what can still be done, who may report it, and where."""

from PySide6.QtWidgets import QVBoxLayout

from homepoint.presentation.flyaway_guide import LossCover, loss_cover
from homepoint.presentation.incident_guide import ReportPage
from homepoint.ui.icons import IconName
from homepoint.ui.screens.device_answers import Why
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_step import ReportStep, button_row, words_column
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.key_value_grid import KeyValueGrid
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label

_KEEP_BOUND = "Do not unbind the account or the controller, and do not delete the aircraft in DJI's app."


class ReadyStep(ReportStep):
    """Flyaway readiness when the aircraft was lost."""

    page = ReportPage.READY
    title = "Is the loss covered?"
    sentence = "What counts is how things were when it was lost, not how they are now."
    about = "cover of the loss"

    def __init__(self, draft: ReportDraft) -> None:
        """Make an empty page."""
        super().__init__(draft)
        self._content = QVBoxLayout()
        self._content.setSpacing(Space.L)
        self.column.addLayout(self._content)

    def show_report(self) -> None:
        """Judge the loss anew."""
        clear(self._content)
        incident, facts, reading = self.draft.incident, self.draft.facts, self.draft.reading()
        if incident is None or facts is None or reading is None:
            return
        cover = loss_cover(reading, incident, facts, self.draft.desk.terms)
        self._content.addWidget(Banner(BannerKind.WARNING, _KEEP_BOUND))
        self._content.addWidget(self._verdict(cover))
        card = Card("How it is reported")
        grid = KeyValueGrid()
        for name, words in cover.about:
            grid.add_row(name, words)
        card.body.addWidget(grid)
        card.body.addWidget(Why("How a loss is reported", cover.why))
        self._content.addWidget(card)

    def _verdict(self, cover: LossCover) -> Card:
        card = Card()
        card.setAccessibleName(cover.headline)
        card.body.addWidget(StatusLabel(cover.headline, Tone.GOOD if cover.is_covered else Tone.TODAY, TextRole.LARGE))
        card.body.addWidget(Label(cover.sentence, wrap=True, selectable=True))
        for gap in cover.gaps:
            card.body.addWidget(Line())
            sentence = Label(gap.sentence, TextRole.STRONG, wrap=True, selectable=True)
            remedy = Label(gap.remedy, wrap=True, selectable=True)
            card.body.addLayout(words_column(sentence, remedy))
        if cover.gaps:
            device = Button("Open the device page", IconName.DEVICES)
            device.setObjectName("open-device")
            device.clicked.connect(self._on_device)
            card.body.addLayout(button_row(device))
        return card

    def _on_device(self) -> None:
        if self.draft.device is not None:
            self.draft.desk.open_device(self.draft.device)
