"""The preview of a fleet table: which heading stands for what, its rows with their faults, and Take over."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QGridLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from homepoint.application.problems import HomepointError
from homepoint.presentation.fleet_preview import HEADS, FleetView, mapping_options
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.dialogs.fields import Choice
from homepoint.ui.theme import Space, Tone, theme
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.text import Label

View = Callable[[Mapping[str, str | None] | None], FleetView]
_HEIGHT, _WIDTHS = 320, (56, 130, 150, 180, 120)


class FleetDialog(FormDialog):
    """Shows what a table would do, anew whenever a heading is given another meaning."""

    def __init__(
        self,
        name: str,
        columns: Sequence[str],
        view: View,
        write: Callable[[FleetView], str],
        parent: QWidget | None = None,
    ) -> None:
        """Show a table.

        Args:
            name: the file's.
            columns: what a heading can stand for.
            view: reads the table with a mapping (None: the proposed one).
            write: takes what is shown over and returns what is in the way, "" for nothing.
            parent: the window it lies over.

        Raises:
            HomepointError: it cannot be read at all.
        """
        self.view = view(None)
        super().__init__(f"The table {name}", "Take over", parent=parent)
        self._read, self._write = view, write
        self.table = QTreeWidget()
        self.table.setAccessibleName("Rows of the table")
        self.table.setHeaderLabels(list(HEADS))
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setMinimumHeight(theme().pixels(_HEIGHT))
        for at, width in enumerate(_WIDTHS):
            self.table.header().resizeSection(at, theme().pixels(width))
        self.table.header().setSectionResizeMode(len(_WIDTHS), QHeaderView.ResizeMode.ResizeToContents)
        self.notes = Disclosure((), "Notes")
        self.mapping: dict[str, Choice[str | None]] = {}
        self._wide(self._mapping_fields(columns))
        self._wide(self.table)
        self._wide(self.notes)
        self._show()

    def _wide(self, widget: QWidget) -> None:
        self.grid.addWidget(widget, self.grid.rowCount(), 0, 1, 2)

    def _mapping_fields(self, columns: Sequence[str]) -> Disclosure:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnStretch(1, 1)
        options = mapping_options(columns)
        for at, (heading, column) in enumerate(self.view.mapping.items()):
            choice = Choice[str | None](f"Column {heading} stands for", options, column)
            choice.currentIndexChanged.connect(self._on_mapped)
            grid.addWidget(Label(heading, wrap=True), at, 0)
            grid.addWidget(choice, at, 1)
            self.mapping[heading] = choice
        opened = Disclosure((), "Which heading stands for what")
        opened.add_widget(holder)
        opened.set_open(None in self.view.mapping.values())
        return opened

    def _on_mapped(self) -> None:
        try:
            self.view = self._read(self.entered())
        except HomepointError as error:
            self.show_problems({"": f"{error.title} {error.advice}"})
            self.primary.setEnabled(False)
            return
        self.show_problems({})
        self._show()

    def _show(self) -> None:
        self.table.clear()
        for row in self.view.rows:
            item = QTreeWidgetItem(list(row))
            item.setForeground(len(row) - 1, theme().colour(Tone.OVERDUE))
            item.setToolTip(len(row) - 1, row[-1])
            self.table.addTopLevelItem(item)
        self.notes.set_texts(self.view.notes)
        self.notes.setVisible(bool(self.view.notes))
        self.set_preview(self.view.says, is_open=self.view.edit is not None)
        self.primary.setEnabled(self.view.edit is not None)

    def entered(self) -> Mapping[str, str | None]:
        """Return which heading stands for what."""
        return {heading: choice.value for heading, choice in self.mapping.items()}

    def send(self) -> Mapping[str, str]:
        """Take the table over."""
        if self.view.edit is None:
            return {"": self.view.says}
        problem = self._write(self.view)
        return {"": problem} if problem else {}
