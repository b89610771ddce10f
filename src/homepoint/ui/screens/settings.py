"""The settings page: appearance, the library and its files, sample data, the terms, and what Homepoint is."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, available_timezones

from PySide6.QtCore import QSignalBlocker, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.application.changes import Changes
from homepoint.presentation.settings_page import THEMES, Preferences, TermsText, terms_text
from homepoint.presentation.wording import counted
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.about import AboutDialog
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import SchemeChoice, Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, IconButton, PrimaryButton, SegmentedControl
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.text import ElidedLabel, Label


class SettingsScreen(Screen):
    """The owner's choices, and the rules Homepoint reads.

    Signals:
        import_asked: the owner wants to open an owner file.
        export_asked: the owner wants to save one.
        sample_data_removal_asked: the owner wants the sample data gone.
    """

    import_asked = Signal()
    export_asked = Signal()
    sample_data_removal_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        preferences: Preferences,
        has_sample_data: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        """Make the page.

        Args:
            desk: what every screen works with.
            preferences: keeps what is chosen here for this computer.
            has_sample_data: says whether there is any to remove.
            parent: the widget it lies in.
        """
        super().__init__(desk, parent)
        self._has_sample_data = has_sample_data
        self._preferences = preferences
        save = PrimaryButton("Export owner file", IconName.EXPORT)
        save.clicked.connect(self.export_asked)
        self.page = ScrollPage("Settings", "", save)
        self.theme_choice = SegmentedControl("Appearance", THEMES)
        self.theme_choice.chosen.connect(self._on_theme)
        self._zone_shown = ""
        self.zone = _zone_box()
        self.zone.activated.connect(self._on_zone)
        self.sample = Button("Remove sample data", IconName.DELETE)
        self.sample.clicked.connect(self.sample_data_removal_asked)
        self.page.content.addWidget(self._general())
        self.page.content.addWidget(self._files())
        self._cards = self.page.content.count()
        self._terms_drawn = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def redraw(self) -> None:
        """Show what is chosen now; the terms do not change while the program runs."""
        self.theme_choice.set_current(self._preferences.theme)
        with QSignalBlocker(self.zone):
            self._zone_shown = key = self.desk.zone.key
            if self.zone.findText(key) < 0:
                self.zone.addItem(key)
            self.zone.setCurrentText(key)
        has_sample = self._has_sample_data()
        self.sample.setEnabled(has_sample)
        self.sample.setText("Remove sample data" if has_sample else "There is no sample data")
        if not self._terms_drawn:
            self._terms_drawn = True
            self.page.content.addWidget(_terms_card(terms_text(self.desk.terms)))
            self.page.content.addWidget(self._about())

    def add_card(self, card: QWidget) -> None:
        """Put a card of another matter below the owner's data."""
        self.page.content.insertWidget(self._cards, card)
        self._cards += 1

    def _general(self) -> Card:
        card = Card("General")
        rows = _Rows(card)
        rows.add("Appearance", "System follows what the computer says.", self.theme_choice)
        sentence = "Days begin and end by this clock. Every date is worked out anew when it changes."
        rows.add("Time zone", sentence, self.zone)
        return card

    def _files(self) -> Card:
        card = Card("Your data")
        rows = _Rows(card)
        folder = self._preferences.data_folder
        shown, copy = Button("Open folder", IconName.FOLDER), IconButton(IconName.COPY, "Copy the folder's path")
        shown.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(folder)))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(folder))
        rows.add("Data folder", folder, copy, shown, is_path=True)
        bring = Button("Import owner file", IconName.IMPORT)
        bring.clicked.connect(self.import_asked)
        rows.add("Owner file", "Adds what is in a file, and says what was added, changed and skipped.", bring)
        rows.add("Sample data", "Invented devices for looking around. Undo brings them back.", self.sample)
        return card

    def _about(self) -> Card:
        about = Button("About Homepoint", IconName.INFO)
        about.clicked.connect(lambda: AboutDialog(self.desk, self.window()).open())
        card = Card("About")
        sentence = "Not made by DJI, nor endorsed by it. Works offline; never signs in to DJI."
        _Rows(card).add("Homepoint", sentence, about)
        return card

    def _on_theme(self, key: str) -> None:
        theme().choose_scheme(SchemeChoice(key))
        self._preferences.set_theme(key)

    def _on_zone(self) -> None:
        key = self.zone.currentText()
        if key == self._zone_shown:
            return
        self._zone_shown = key
        self.desk.workspace.library.set_zone(ZoneInfo(key), self.desk.clock())
        self.desk.workspace.announce(Changes(everything=True))


class _Rows:
    """Rows of a card: words at the left, controls at the right, a thin line between."""

    def __init__(self, card: Card) -> None:
        self._card, self._is_empty = card, True
        card.body.setSpacing(Space.M)

    def add(self, name: str, sentence: str, *controls: QWidget, is_path: bool = False) -> None:
        """Add a row; a path is cut in the middle where it is too long."""
        if not self._is_empty:
            self._card.body.addWidget(Line())
        self._is_empty = False
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, TextRole.STRONG))
        small: Label = (
            ElidedLabel(sentence, tone=Tone.MUTED, middle=True)
            if is_path
            else Label(sentence, tone=Tone.MUTED, wrap=True, selectable=True)
        )
        words.addWidget(small)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addLayout(words, 1)
        row.addSpacing(Space.L)
        for control in controls:
            row.addWidget(control)
        self._card.body.addLayout(row)


def _zone_box() -> QComboBox:
    box = QComboBox()
    box.setAccessibleName("Time zone")
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(24)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.addItems(sorted(available_timezones()))
    completer = QCompleter(box.model(), box)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    box.setCompleter(completer)
    line = box.lineEdit()
    if line is not None:
        line.setAccessibleName("Time zone")
    return box


def _terms_card(terms: TermsText) -> Card:
    card = Card("Terms")
    card.body.addWidget(Label(f"Catalogue of {terms.version}. {terms.summary}", wrap=True, selectable=True))
    card.body.addWidget(Line())
    card.body.addWidget(Label("Editions", TextRole.STRONG))
    for edition in terms.editions:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(edition.name, wrap=True, selectable=True))
        dates = f"{edition.dates}. {edition.note}".strip()
        words.addWidget(Label(dates, tone=Tone.MUTED, wrap=True, selectable=True))
        card.body.addLayout(words)
    card.body.addWidget(Line())
    title = f"{counted(len(terms.contradictions), 'matter')} on which the sources do not agree"
    card.body.addWidget(Label(title, TextRole.STRONG))
    sentence = "What each says, and how Homepoint reads it: where nothing decides, the reading that is safer for you."
    card.body.addWidget(Label(sentence, tone=Tone.MUTED, wrap=True))
    for each in terms.contradictions:
        clauses = [f"What they say: {each.what}", f"How Homepoint reads it: {each.reading}", *each.clauses]
        card.body.addWidget(Disclosure(clauses, title=f"{each.title} ({each.id})"))
    card.body.addWidget(Line())
    card.body.addWidget(Disclosure(terms.sources, title=f"All {counted(len(terms.sources), 'source')}"))
    return card
