"""The preview of a restore: what the backup holds, what would change here, and Restore."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from homepoint.application.backups import RestorePreview
from homepoint.presentation.backups import lost_lines, preview_lines
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.text import Label


class RestoreDialog(FormDialog):
    """Shows what restoring a backup would do; nothing is changed before the owner says so."""

    def __init__(
        self,
        name: str,
        preview: RestorePreview,
        zone: ZoneInfo,
        restore: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        """Show a preview; `restore` is called once the owner agrees."""
        sentence = "What is here now is backed up first, so that you can go back."
        super().__init__(f"Restore {name}", "Restore", sentence, parent)
        self._restore = restore
        for line in preview_lines(preview, zone):
            self._wide(Label(line, wrap=True, selectable=True))
        lost = lost_lines(preview, zone)
        self.lost: Disclosure | None = None
        if lost:
            self._wide(Banner(BannerKind.WARNING, "What was recorded after this backup will not be in your records."))
            self.lost = Disclosure(lost, "What was recorded after it")
            self._wide(self.lost)
        self.primary.setEnabled(not preview.changes_nothing)

    def _wide(self, widget: QWidget) -> None:
        self.grid.addWidget(widget, self.grid.rowCount(), 0, 1, 2)

    def entered(self) -> object:
        """Return nothing: there is nothing to type, so nothing is lost by closing."""
        return None

    def send(self) -> Mapping[str, str]:
        """Let it be restored."""
        self._restore()
        return {}
