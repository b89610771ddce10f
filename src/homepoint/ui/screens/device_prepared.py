"""The device page's fire drill: what would happen if it were lost now, and the papers to have ready before."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from homepoint.presentation.fire_drill import FireDrill
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.text import Label


class PreparedCard(Card):
    """If it were lost now: every gap with the act that closes it, and what could not be proven.

    Signals:
        section_asked(section): an act leads to a section of the page.
        field_card_asked: the owner wants the page for the bag.
        handover_asked: the owner wants the file for a buyer.
    """

    section_asked = Signal(object)
    field_card_asked = Signal()
    handover_asked = Signal()

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__("If it were lost now")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.M)
        self.body.addLayout(self._rows)
        self.body.addWidget(Line())
        papers = QHBoxLayout()
        papers.setSpacing(Space.M)
        self.field_card = Button("Field card …", IconName.DOCUMENT)
        self.field_card.setToolTip("One page for the bag: serials, plan, hotline, the first hour")
        self.field_card.clicked.connect(self.field_card_asked)
        self.handover = Button("Hand-over kit …", IconName.EXPORT)
        self.handover.setToolTip("For a buyer: device, plan and remaining cover, without your private data")
        self.handover.clicked.connect(self.handover_asked)
        papers.addWidget(self.field_card)
        papers.addWidget(self.handover)
        papers.addStretch(1)
        self.body.addLayout(papers)

    def show_drill(self, drill: FireDrill) -> None:
        """Show the outcome of a fire drill."""
        clear(self._rows)
        self._rows.addWidget(StatusLabel(drill.headline, Tone.GOOD if drill.is_ready else Tone.OVERDUE))
        for gap in drill.gaps:
            row = self._row(gap.says, gap.remedy)
            act = QuietButton(gap.act.text)
            act.setObjectName(f"drill-{gap.gap}")
            act.clicked.connect(lambda _=False, section=gap.act.section: self.section_asked.emit(section))
            row.addWidget(act, 0, Qt.AlignmentFlag.AlignVCenter)
            self._rows.addLayout(row)
        if drill.unproven:
            self._rows.addWidget(Label("What you could not prove", TextRole.STRONG))
        for lack in drill.unproven:
            self._rows.addLayout(self._row(lack.says, lack.remedy))

    def _row(self, says: str, remedy: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(says, wrap=True, selectable=True))
        words.addWidget(Label(remedy, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True))
        row.addLayout(words, 1)
        return row
