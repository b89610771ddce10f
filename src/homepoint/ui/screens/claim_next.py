"""The top of a claim's page: its steps, and the next act big with the one button that records it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from homepoint.presentation.claim_page import BarStep, ClaimPage, Mark, NextAct
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import PrimaryButton, QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.flow import WrapLayout
from homepoint.ui.widgets.status import StatusLabel
from homepoint.ui.widgets.step_bar import BarItem, StepBar, StepMark
from homepoint.ui.widgets.text import Label

_MARKS = {
    Mark.DONE: StepMark.DONE,
    Mark.NEXT: StepMark.NEXT,
    Mark.LATER: StepMark.LATER,
    Mark.LEFT_OUT: StepMark.LEFT_OUT,
}


class NextCard(Card):
    """Where the claim stands.

    Signals:
        step_asked(step, index): record a step, or correct the one at `index` (-1: it is new).
        withdraw_asked, refused_asked, charged_asked, other_asked: record what is not on the usual path.
    """

    step_asked = Signal(str, int)
    withdraw_asked = Signal()
    refused_asked = Signal()
    charged_asked = Signal()
    other_asked = Signal()

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__()
        self.setAccessibleName("Where the claim stands")
        self.bar = StepBar("Steps of the claim")
        self.bar.chosen.connect(self._on_step)
        self.body.addWidget(self.bar)
        self.body.addWidget(Line())
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.M)
        self.body.addLayout(self._rows)
        self._steps: dict[str, BarStep] = {}

    def show_page(self, page: ClaimPage) -> None:
        """Show steps and next act."""
        self._steps = {each.step.value: each for each in page.bar}
        self.bar.show_steps(
            [
                BarItem(
                    key=each.step.value,
                    label=each.label,
                    mark=_MARKS[each.mark],
                    below=each.below,
                    spoken=each.spoken,
                )
                for each in page.bar
            ]
        )
        clear(self._rows)
        if page.next is not None:
            self._rows.addLayout(self._act(page.next))
        else:
            words = page.ending or "Which service this claim asks for is not recorded, so no next step is known."
            self._rows.addWidget(Label(words, TextRole.LARGE, wrap=True, selectable=True))
        self._rows.addLayout(self._others(page))

    def _act(self, act: NextAct) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.XL)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(StatusLabel(act.whose, Tone.ACCENT if act.is_mine else Tone.UNKNOWN, TextRole.STRONG))
        words.addWidget(Label(act.headline, TextRole.HEADING, wrap=True, selectable=True))
        words.addWidget(Label(act.says, tone=Tone.MUTED, wrap=True, selectable=True))
        row.addLayout(words, 1)
        button = PrimaryButton(f"{act.button} …")
        button.setObjectName("next-act")
        button.setAccessibleName(f"{act.button}: record when")
        button.clicked.connect(lambda: self.step_asked.emit(act.step.value, -1))
        row.addWidget(button)
        return row

    def _others(self, page: ClaimPage) -> WrapLayout:
        row = WrapLayout(Space.S)
        acts = [("Record another step …", "other-step", self.other_asked)]
        if page.is_open and page.recorded:
            acts.append(("DJI refused it …", "refused", self.refused_asked))
            acts.append(("I withdraw it …", "withdraw", self.withdraw_asked))
            if page.can_be_charged:
                acts.append(("The deposit was charged …", "charged", self.charged_asked))
        for words, name, asked in acts:
            button = QuietButton(words)
            button.setObjectName(name)
            button.clicked.connect(asked)
            row.addWidget(button)
        return row

    def _on_step(self, key: str) -> None:
        index = self._steps[key].index
        self.step_asked.emit(key, -1 if index is None else index)
