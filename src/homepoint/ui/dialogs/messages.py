"""Messages that stop the owner: the world in the way, and a bug with a report to copy."""

from PySide6.QtWidgets import QMessageBox, QWidget

from homepoint.application.problems import HomepointError


def show_error(window: QWidget | None, error: Exception) -> None:
    """Say what is in the way and what to do; anything unforeseen is shown as a fault of the program."""
    if isinstance(error, HomepointError):
        _show(window, error.title, error.advice)
    else:
        _show(window, "Homepoint made a mistake. What you had recorded is safe.", f"{type(error).__name__}: {error}")


def show_bug(window: QWidget | None, report: str) -> None:
    """Say that the program made a mistake, with a report that can be copied; no traceback is pushed at the owner."""
    box = QMessageBox(window)
    box.setWindowTitle("Homepoint")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText("Homepoint made a mistake. What you had recorded is safe.")
    box.setInformativeText("You can go on. If it happens again, the report below helps whoever mends it.")
    box.setDetailedText(report)
    box.exec()


def _show(window: QWidget | None, title: str, advice: str) -> None:
    box = QMessageBox(window)
    box.setWindowTitle("Homepoint")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(title)
    box.setInformativeText(advice)
    box.exec()
