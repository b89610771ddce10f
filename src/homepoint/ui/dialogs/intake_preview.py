"""The preview of what a pile of files adds: the owner ticks, types what is missing, and takes it over in one step."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from homepoint.application.found import MISSING, Found
from homepoint.application.intake import Choices, TakeIn, Tick, Wish
from homepoint.domain.facts import Device
from homepoint.presentation.device_list import device_name
from homepoint.presentation.intake_preview import PROVES, DevicePart, IntakePreview, intake_preview
from homepoint.presentation.paper_preview import PaperPart, TickBox
from homepoint.presentation.wording import counted
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import Choice, line
from homepoint.ui.theme import TextRole, Tone, theme
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.key_value_grid import KeyValueGrid
from homepoint.ui.widgets.text import Label

_MOST_FLIGHTS = 200
_MOST_UNREAD = 10
_LIST_HEIGHT = 180


class IntakeDialog(FormDialog):
    """Shows what was found and takes over what is ticked. Nothing is written before that."""

    def __init__(self, desk: Desk, found: Found, devices: Sequence[Device] = (), parent: QWidget | None = None) -> None:
        """Show a pile. `devices` are offered for files that belong to none by themselves."""
        self._preview = intake_preview(found, desk.zone)
        act = "Take over" if found.is_worth_asking else "Close"
        super().__init__("What these files hold", act, self._preview.headline, parent)
        self._desk, self._found = desk, found
        self.boxes: dict[Tick, QCheckBox] = {}
        self.endings: dict[str, QWidget] = {}
        self._texts: dict[tuple[str, str], QWidget] = {}
        for part in self._preview.devices:
            self._add_device(part)
        if self._preview.known:
            self.add_heading("Nothing new", f"Of {', '.join(self._preview.known)}.")
        self._add_controllers(self._preview)
        for paper in self._preview.papers:
            self._add_paper(paper)
        self.others = self._add_others(self._preview, devices)
        self._add_files(self._preview)
        self.cancel.setVisible(found.is_worth_asking)
        self._refresh()

    def _add_device(self, part: DevicePart) -> None:
        self.add_heading(part.title, part.state.capitalize())
        for warning in part.warnings:
            self._add_wide(Banner(BannerKind.WARNING, warning))
        facts = KeyValueGrid()
        for label, text in part.rows:
            facts.add_row(label, text, tabular=True)
        self._add_wide(facts)
        for box in part.boxes:
            self._add_box(box)
            if box.tick.wish is Wish.REGISTER:
                self._add_fields(part)
        if part.flights:
            shown = list(part.flights[:_MOST_FLIGHTS])
            if len(part.flights) > len(shown):
                shown.append(f"and {len(part.flights) - len(shown)} more")
            self._add_wide(Disclosure(shown, f"Show {counted(len(part.flights), 'flight')}"))

    def _add_fields(self, part: DevicePart) -> None:
        self._add_model(part.key, part.model)
        name = line("Your name for it", part.name)
        self._texts[part.key, "name"] = name
        self.add_row(f"{part.key}/nickname", "Your name for it", name)
        if part.asks_ending:
            ending = line(f"Last {MISSING} characters of the serial", "", "X" * MISSING)
            self.endings[part.key] = self._texts[part.key, "ending"] = ending
            hint = f"After {part.key}. They are on the label; you can add them later."
            self.add_row(f"{part.key}/ending", f"Last {MISSING} characters", ending, hint)

    def _add_controllers(self, preview: IntakePreview) -> None:
        if preview.controllers:
            self.add_heading("Controllers that flew", PROVES)
        for box in preview.controllers:
            self._add_box(box)

    def _add_paper(self, part: PaperPart) -> None:
        self.add_heading(part.title, "It may say this. Tick what is right; nothing else is taken from it.")
        for box in part.boxes:
            self._add_box(box)
        if part.asks_model:
            self._add_model(part.key, part.model)

    def _add_model(self, key: str, text: str) -> QComboBox:
        model = QComboBox()
        model.setEditable(True)
        model.addItems([*self._desk.terms.models])
        model.setEditText(text)
        model.setAccessibleName("Model")
        self._texts[key, "model"] = model
        self.add_row(f"{key}/model", "Model", model)
        model.editTextChanged.connect(self._refresh)
        return model

    def _add_others(self, preview: IntakePreview, devices: Sequence[Device]) -> Choice[str | None] | None:
        if not preview.others:
            return None
        self.add_heading("Other files")
        self._add_wide(Disclosure(list(preview.others), f"Show {counted(len(preview.others), 'file')}"))
        if not preview.loose:
            return None
        options: list[tuple[str | None, str]] = [(None, "Do not keep them")]
        options += [(part.key, part.title) for part in preview.devices if part.is_new]
        options += [(device.id, device_name(device)) for device in devices]
        choice = Choice[str | None]("Keep them with", options, None)
        choice.currentIndexChanged.connect(self._refresh)
        words = f"Keep {counted(preview.loose, 'file')} with"
        self.add_row("others", words, choice, "They name no aircraft that Homepoint knows.")
        return choice

    def _add_files(self, preview: IntakePreview) -> None:
        unread = sum(1 for each in preview.files if each.is_unread)
        said = f"{counted(unread, 'file')} could not be read." if unread else ""
        self.add_heading("File by file", said)
        for each in [each for each in preview.files if each.is_unread][:_MOST_UNREAD]:
            self._add_wide(Label(f"{each.name}: {each.says}", TextRole.SMALL, wrap=True, selectable=True))
        self.files = QTreeWidget()
        self.files.setAccessibleName("File by file")
        self.files.setHeaderLabels(["File", "What came of it"])
        self.files.setRootIsDecorated(False)
        self.files.setUniformRowHeights(False)
        self.files.setWordWrap(True)
        self.files.setMinimumHeight(theme().pixels(_LIST_HEIGHT))
        for each in preview.files:
            item = QTreeWidgetItem([each.name, each.says])
            item.setToolTip(0, each.name)
            item.setToolTip(1, each.says)
            if each.is_unread:
                item.setForeground(1, theme().colour(Tone.OVERDUE))
            self.files.addTopLevelItem(item)
        header = self.files.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, theme().pixels(240))
        self._add_wide(self.files)

    def _add_box(self, box: TickBox) -> None:
        check = QCheckBox(box.words)
        check.setChecked(box.is_ticked)
        check.setAccessibleDescription(box.hint)
        check.toggled.connect(self._refresh)
        self.boxes[box.tick] = check
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(check)
        if box.hint:
            hint = Label(box.hint, TextRole.SMALL, Tone.MUTED, wrap=True)
            hint.setContentsMargins(theme().pixels(26), 0, 0, 0)
            column.addWidget(hint)
        self._add_wide(holder)

    def _add_wide(self, widget: QWidget) -> None:
        self.grid.addWidget(widget, self.grid.rowCount(), 0, 1, 2)

    def _refresh(self) -> None:
        """A device that is not registered takes no documents and no activation."""
        for part in self._preview.devices:
            register = self.boxes.get(Tick(wish=Wish.REGISTER, key=part.key))
            if register is None:
                continue
            wanted = register.isChecked()
            for wish in (Wish.KEEP, Wish.ACTIVATION):
                if (box := self.boxes.get(Tick(wish=wish, key=part.key))) is not None:
                    box.setEnabled(wanted)
            for key, field in self._texts.items():
                if key[0] == part.key:
                    field.setEnabled(wanted)

    @property
    def choices(self) -> Choices:
        """Return what is ticked and typed."""
        typed: dict[str, dict[str, str]] = {"model": {}, "name": {}, "ending": {}}
        for (key, what), field in self._texts.items():
            typed[what][key] = field.currentText() if isinstance(field, QComboBox) else field.property("text")
        return Choices(
            ticked=frozenset(tick for tick, box in self.boxes.items() if box.isChecked()),
            endings=typed["ending"],
            models=typed["model"],
            names=typed["name"],
            others_with=self.others.value if self.others is not None else None,
        )

    def entered(self) -> object:
        """Return the choices, and whether there is anything to choose."""
        return self.choices

    def send(self) -> Mapping[str, str]:
        """Take over what is ticked."""
        if not self._found.is_worth_asking:
            return {}
        return problems_of(self._desk.do(TakeIn(found=self._found, choices=self.choices)))
