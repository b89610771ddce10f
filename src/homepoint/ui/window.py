"""The window's shell: sidebar, pages made when first shown, jump box, toasts, and the acts every page shares.

How to add a page: `window.add_page("devices", "Devices", IconName.DEVICES, lambda: DevicesPage(...))`; a page
below another (one device) takes no icon and says `under="devices"`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QByteArray, QSize, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName, icon
from homepoint.ui.theme import Space, Tone, theme
from homepoint.ui.widgets.sidebar import NavigationSidebar

if TYPE_CHECKING:
    from homepoint.ui.jump_box import JumpBox, JumpProvider
    from homepoint.ui.widgets.toast import Toast

PageFactory = Callable[[], QWidget]

_FOLDS_BELOW: Final = 1000
_LEAST: Final = QSize(900, 600)
_FIRST: Final = QSize(1200, 780)
_GEOMETRY: Final = "window/geometry"
_LAST_PAGE: Final = "window/page"


class WindowMemory(Protocol):
    """Where the window keeps its place on the screen and its last page."""

    def read_bytes(self, key: str) -> bytes | None:
        """Return what was kept, None if nothing."""

    def write_bytes(self, key: str, value: bytes) -> None:
        """Keep a value."""

    def read_text(self, key: str) -> str | None:
        """Return what was kept, None if nothing."""

    def write_text(self, key: str, value: str) -> None:
        """Keep a value."""


@dataclass(slots=True, kw_only=True)
class _Page:
    title: str
    factory: PageFactory
    under: str
    widget: QWidget | None = None


class MainWindow(QMainWindow):
    """Homepoint's window. It shows pages and tells what the owner asked for; it does nothing itself."""

    page_shown = Signal(str)
    jump_chosen = Signal(object)  # a JumpResult; its module is not loaded before Ctrl+K
    undo_asked = Signal()
    redo_asked = Signal()
    import_asked = Signal()
    export_asked = Signal()
    shortcuts_asked = Signal()
    help_asked = Signal()
    about_asked = Signal()
    quit_asked = Signal()
    lock_asked = Signal()

    def __init__(self, memory: WindowMemory, title: str = "Homepoint") -> None:
        """Make the empty shell; add pages, then call `open_on`."""
        super().__init__()
        theme()
        self._memory = memory
        self._name = title
        self._pages: dict[str, _Page] = {}
        self._current = ""
        self._hides_instead: Callable[[], bool] = lambda: False
        self._jump_provider: JumpProvider = lambda _text: ()
        self._jump_box: JumpBox | None = None
        self._toast: Toast | None = None
        self._on_toast_action: Callable[[], None] | None = None
        self.setWindowTitle(title)
        self.setMinimumSize(_LEAST)
        self.sidebar = NavigationSidebar()
        self.sidebar.chosen.connect(self.show_page)
        self.stack = QStackedWidget()
        self._strips = QVBoxLayout()
        self._strips.setContentsMargins(0, 0, 0, 0)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(self._strips)
        right.addWidget(self.stack, 1)
        shell = QWidget()
        row = QHBoxLayout(shell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(right, 1)
        self.setCentralWidget(shell)
        self._make_actions()
        kept = memory.read_bytes(_GEOMETRY)
        if kept is None or not self.restoreGeometry(QByteArray(kept)):
            self.resize(_FIRST)

    def add_page(
        self, key: str, title: str, icon_name: IconName | None, factory: PageFactory, *, under: str = ""
    ) -> None:
        """Add a page.

        Args:
            key: what the page is known by.
            title: its word in the sidebar and the window's title.
            icon_name: its icon in the sidebar; None keeps it out of the sidebar.
            factory: makes the page when it is first shown.
            under: for a page without an icon, the sidebar's page it belongs to.
        """
        self._pages[key] = _Page(title=title, factory=factory, under=under or key)
        if icon_name is not None:
            self.sidebar.add_item(key, title, icon_name)

    def open_on(self, key: str) -> None:
        """Show the page of last time, or this one."""
        last = self._memory.read_text(_LAST_PAGE)
        self.show_page(last if last in self._pages and last is not None else key)

    def show_page(self, key: str) -> None:
        """Show a page, making it if need be."""
        widget = self.page(key)
        page = self._pages[key]
        self._current = key
        self.stack.setCurrentWidget(widget)
        self.sidebar.set_current(page.under)
        self.setWindowTitle(f"{page.title} - {self._name}")
        self.page_shown.emit(key)

    def page(self, key: str) -> QWidget:
        """Return a page, making it if need be.

        Raises:
            KeyError: there is no such page.
        """
        page = self._pages[key]
        if page.widget is None:
            page.widget = page.factory()
            self.stack.addWidget(page.widget)
        return page.widget

    @property
    def current_page(self) -> str:
        """Return the key of the page shown, "" before the first."""
        return self._current

    def set_close_policy(self, hides_instead: Callable[[], bool]) -> None:
        """Ask this whenever the window is to be closed: True hides it, and the program goes on in the tray."""
        self._hides_instead = hides_instead

    def add_strip(self, banner: QWidget) -> QWidget:
        """Put a banner above every page, such as the one that marks sample data; hide what is returned to hide it."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(Space.L, Space.M, Space.L, 0)
        row.addWidget(banner)
        self._strips.addWidget(holder)
        return holder

    def set_jump_provider(self, provider: "JumpProvider") -> None:
        """Let the jump box find something."""
        self._jump_provider = provider

    def open_jump_box(self) -> None:
        """Open the jump box, as Ctrl+K does."""
        from homepoint.ui.jump_box import JumpBox  # not before it is wanted: the first paint stays cheap

        if self._jump_box is None:
            self._jump_box = JumpBox(self, lambda text: self._jump_provider(text))
            self._jump_box.chosen.connect(self.jump_chosen)
        self._jump_box.open()

    def tell(self, text: str, action: str | None = None, on_action: Callable[[], None] | None = None) -> None:
        """Say at the foot of the window what was done, with one action such as "Undo"."""
        from homepoint.ui.widgets.toast import Toast  # as above

        if self._toast is None:
            self._toast = Toast(self)
            self._toast.action_chosen.connect(self._on_toast)
        self._on_toast_action = on_action
        self._toast.tell(text, action)

    def set_undo(self, undo: str | None, redo: str | None) -> None:
        """Say what Undo and Redo would do ("add device"), None where there is nothing."""
        for action, word, what in ((self.undo_action, "Undo", undo), (self.redo_action, "Redo", redo)):
            action.setEnabled(what is not None)
            action.setText(f"{word} {what}" if what else word)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the sidebar when there is little room."""
        super().resizeEvent(event)
        self.sidebar.set_folded(self.width() < theme().pixels(_FOLDS_BELOW))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember place and page; hide only, where the owner chose to keep Homepoint in the tray."""
        self._memory.write_bytes(_GEOMETRY, bytes(self.saveGeometry().data()))
        if self._current:
            self._memory.write_text(_LAST_PAGE, self._pages[self._current].under)
        if self._hides_instead():
            event.ignore()
            self.hide()
            return
        super().closeEvent(event)

    def _make_actions(self) -> None:
        menu = QMenu(self)
        menu.setAccessibleName("More")

        def act(text: str, keys: str, icon_name: IconName | None, then: Callable[[], object]) -> QAction:
            action = QAction(text, self)
            if keys:
                action.setShortcut(QKeySequence(keys))
            if icon_name is not None:
                action.setIcon(icon(icon_name, Tone.MUTED))
            action.triggered.connect(lambda: then())
            self.addAction(action)
            menu.addAction(action)
            return action

        act("Jump to …", "Ctrl+K", IconName.SEARCH, self.open_jump_box)
        menu.addSeparator()
        self.undo_action = act("Undo", "Ctrl+Z", IconName.UNDO, self.undo_asked.emit)
        self.redo_action = act("Redo", "Ctrl+Shift+Z", IconName.REDO, self.redo_asked.emit)
        menu.addSeparator()
        act("Import …", "Ctrl+O", IconName.IMPORT, self.import_asked.emit)
        act("Export …", "Ctrl+E", IconName.EXPORT, self.export_asked.emit)
        menu.addSeparator()
        act("Help", "F1", IconName.HELP, self.help_asked.emit)
        act("Keyboard shortcuts", "Ctrl+/", IconName.KEYBOARD, self.shortcuts_asked.emit)
        act("About Homepoint", "", IconName.INFO, self.about_asked.emit)
        menu.addSeparator()
        self.lock_action = act("Lock now", "Ctrl+L", None, self.lock_asked.emit)
        self.lock_action.setVisible(False)  # until there is something to lock
        act("Quit", "Ctrl+Q", None, self._quit)
        self.set_undo(None, None)
        self.sidebar.set_menu(menu)

    def _quit(self) -> None:
        """Close for good: whoever keeps the program alive without a window hears of it first."""
        self.quit_asked.emit()
        self.close()

    def _on_toast(self) -> None:
        if self._on_toast_action is not None:
            self._on_toast_action()
