"""Forms whose sending takes a while: they wait for a job with calm words, and forget every secret when they close."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.dialogs.sync_code import forget_all
from homepoint.ui.jobs import Job
from homepoint.ui.theme import Space, TextRole, theme
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.step_bar import BarItem, StepBar, StepButton, StepMark

_WORDS_WIDTH = 150


class WorkingDialog(FormDialog):
    """A form that has jobs done. How to add one: `check` what was typed, and `proceed` by `work_on` a job."""

    def __init__(self, title: str, act: str, sentence: str = "", parent: QWidget | None = None) -> None:
        """Make an empty form; `act` is what the primary button does."""
        super().__init__(title, act, sentence, parent)
        self._job: Job[Any] | None = None
        self._then: Callable[[Any], None] = lambda _result: None
        self._can_cancel = False

    @property
    def is_working(self) -> bool:
        """True while a job is waited for."""
        return self._job is not None

    def check(self) -> Mapping[str, str]:
        """Return what makes no sense, by field."""
        return {}

    def proceed(self) -> None:
        """Do what the primary button says; everything typed makes sense."""
        raise NotImplementedError(f"{type(self).__name__} does nothing")

    def work_on(self, job: Job[Any], words: str, then: Callable[[Any], None], *, can_cancel: bool = False) -> None:
        """Wait for a job; the fields rest meanwhile.

        Args:
            job: has begun.
            words: what is waited for: "Asking the storage…".
            then: is called with the result.
            can_cancel: let the owner give up waiting; otherwise the form stays until the job has ended.
        """
        self._job, self._then, self._can_cancel = job, then, can_cancel
        self._inner.setEnabled(False)
        self.primary.setEnabled(False)
        self.cancel.setEnabled(can_cancel)
        self.set_preview(words, is_open=False)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.stopped.connect(self._rest)

    def finish(self) -> None:
        """Close as done."""
        super(FormDialog, self).accept()

    def accept(self) -> None:
        """Check and proceed; stay when something makes no sense."""
        if self.is_working:
            return
        problems = self.check()
        self.show_problems(problems)
        if not problems:
            self.proceed()

    def reject(self) -> None:
        """Give up waiting where one can, or close."""
        if not self.is_working:
            super().reject()
        elif self._can_cancel and self._job is not None:
            self._job.cancel()
            self._rest()

    def done(self, result: int) -> None:
        """Close, and forget every secret that was typed."""
        forget_all(self)
        super().done(result)

    def _rest(self) -> None:
        self._job = None
        self._inner.setEnabled(True)
        self.primary.setEnabled(True)
        self.cancel.setEnabled(True)
        self.set_preview("", is_open=False)

    def _on_finished(self, result: object) -> None:
        if self.sender() is self._job:
            self._rest()
            self._then(result)

    def _on_failed(self, error: Exception) -> None:
        if self.sender() is not self._job:
            return
        self._rest()
        if not isinstance(error, HomepointError):
            raise error  # a fault of the program: it is logged and shown as one
        self.show_problems(self.problems_from(error))

    def problems_from(self, error: HomepointError) -> Mapping[str, str]:
        """Return where to show what is in the way; at the foot, unless a form knows the field."""
        return {"": f"{error.title} {error.advice}"}


class StepsDialog(WorkingDialog):
    """A form in steps under a bar that shows them. Add rows between `begin_page` and the next; then `show_page`."""

    def __init__(self, title: str, steps: Sequence[str], parent: QWidget | None = None) -> None:
        """Make a form whose bar has these steps."""
        super().__init__(title, "Next", parent=parent)
        self._steps = steps
        self._pages: list[tuple[QWidget, int, str]] = []
        self._returning: set[int] = set()
        self._whole = self.grid
        self.page = 0
        self.bar = StepBar("Steps")
        line = QFontMetrics(theme().font(TextRole.SMALL)).lineSpacing()
        self.bar.setMaximumHeight(StepButton.height_needed() - line)  # nothing stands below the labels here
        self._head.addWidget(self.bar)
        self.back = Button("Back")
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self._on_back)
        self.back.hide()
        foot = self._feet.widget(0)
        layout = None if foot is None else foot.layout()
        assert isinstance(layout, QHBoxLayout), "the foot is made in the base"
        layout.insertWidget(layout.count() - 2, self.back)

    def begin_page(self, step: int, act: str, *, can_go_back: bool = False) -> QWidget:
        """Begin a page; rows and headings added now are on it.

        Args:
            step: the step of the bar it is shown under.
            act: what its primary button does.
            can_go_back: offer the page before it, too.
        """
        page = QWidget()
        self.grid = QGridLayout(page)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(Space.L)
        self.grid.setVerticalSpacing(Space.M)
        self.grid.setColumnMinimumWidth(0, theme().pixels(_WORDS_WIDTH))
        self.grid.setColumnStretch(1, 1)
        self._whole.addWidget(page, self._whole.rowCount(), 0, 1, 2)
        self._pages.append((page, step, act))
        if can_go_back:
            self._returning.add(len(self._pages) - 1)
        return page

    def add_wide(self, widget: QWidget) -> None:
        """Add something as wide as the page."""
        self.grid.addWidget(widget, self.grid.rowCount(), 0, 1, 2)

    def show_page(self, wanted: int) -> None:
        """Show a page, and begin at its first field."""
        self.page = wanted
        for place, (page, _step, _act) in enumerate(self._pages):
            page.setVisible(place == wanted)
        page, step, act = self._pages[wanted]
        self.primary.setText(act)
        self.back.setVisible(wanted in self._returning)
        self.bar.show_steps([_item(place, words, step, len(self._steps)) for place, words in enumerate(self._steps)])
        for each in self.bar.steps:
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            each.setCursor(Qt.CursorShape.ArrowCursor)
        self.show_problems({})
        if self.isVisible():
            self.resize(self.width(), max(self.height(), self.sizeHint().height()))
            fields = [each for each in page.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
            first = next((each for each in fields if each.isEnabled() and each.isVisible()), self.primary)
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_back(self) -> None:
        if not self.is_working:
            self.show_page(self.page - 1)


def _item(place: int, words: str, step: int, count: int) -> BarItem:
    is_last = place == count - 1
    mark = StepMark.LATER
    if place < step or (place == step and is_last):
        mark = StepMark.DONE
    elif place == step:
        mark = StepMark.NEXT
    spoken = {StepMark.DONE: "done", StepMark.NEXT: "this step", StepMark.LATER: "to come", StepMark.LEFT_OUT: ""}
    return BarItem(
        key=str(place), label=words, mark=mark, below="", spoken=f"Step {place + 1} of {count}: {words}, {spoken[mark]}"
    )
