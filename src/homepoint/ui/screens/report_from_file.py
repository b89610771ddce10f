"""Cards beside the evidence of a report: what a flight record or a photo can fill in, and a button to do it."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from homepoint.application.problems import HomepointError
from homepoint.application.report_from_file import FilledIn, FillInReport, Order, filled_in, readings
from homepoint.domain.facts import Attachment, Controller, Incident
from homepoint.domain.flight import EmbeddedPicture
from homepoint.domain.intake_values import VideoSubtitles
from homepoint.domain.values import AttachmentId
from homepoint.presentation.report_from_file import ORDER, fill_view, reading_choices
from homepoint.ui.jobs import Job
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_files import thumbnail_of
from homepoint.ui.screens.report_step import button_row
from homepoint.ui.theme import Space, Tone
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.key_value_grid import KeyValueGrid
from homepoint.ui.widgets.text import Label

Look = Callable[[BinaryIO], object]
"""Reads an open file and returns its value.

Raises:
    HomepointError: nothing in it can be read.
"""

LOOKED_INTO = frozenset(
    {
        "application/x-dji-flight-record",
        "image/jpeg",
        "image/x-adobe-dng",
        "image/tiff",
        "text/plain",
        "application/x-subrip",
    }
)
_MOST_CARDS = 12
_MOST_PICTURES = 6


class FromFiles(QWidget):
    """One card for each kept file that tells when or where it happened; files are read off the GUI thread.

    Signals:
        refused(sentence): taking over was refused, and why.
    """

    refused = Signal(str)

    def __init__(self, draft: ReportDraft, open_file: Callable[[str], BinaryIO], pool: ThreadPoolExecutor) -> None:
        """Show nothing; without `look` nothing is ever read."""
        super().__init__()
        self.draft, self._open_file, self._pool = draft, open_file, pool
        self.look: Look | None = None
        self._values: dict[AttachmentId, object] = {}
        self._orders: dict[AttachmentId, Order] = {}
        self._asked: set[AttachmentId] = set()
        self._cards: dict[AttachmentId, tuple[object, Card]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.L)
        self.hide()

    def show_files(self, files: Iterable[Attachment]) -> None:
        """Show a card for each of these files that has something to fill in, as soon as it is read."""
        wanted = {each.id: each for each in files if each.sha256 and each.media_type in LOOKED_INTO}
        for gone in self._cards.keys() - wanted.keys():
            self._drop(gone)
        for id, attachment in list(wanted.items())[:_MOST_CARDS]:
            if id in self._values:
                self._show(attachment)
            elif id not in self._asked and self.look is not None:
                self._asked.add(id)
                self._read(attachment, self.look)
        self.setVisible(bool(self._cards))

    def _read(self, attachment: Attachment, look: Look) -> None:
        sha256, open_file = attachment.sha256 or "", self._open_file
        job: Job[object] = Job(lambda _progress: _looked_into(open_file, sha256, look), self)
        job.finished.connect(lambda value: self._on_value(attachment, value))
        job.failed.connect(self._on_failed)
        job.start(self._pool)

    def _on_value(self, attachment: Attachment, value: object) -> None:
        self._values[attachment.id] = value
        incident = self.draft.incident
        if incident is not None and attachment.of == incident.id:
            self._show(attachment)
            self.setVisible(bool(self._cards))

    def _on_failed(self, error: Exception) -> None:
        """A file that cannot be read stays evidence all the same; there is just nothing to fill in from it."""
        if not isinstance(error, HomepointError):
            raise error

    def _show(self, attachment: Attachment) -> None:
        incident, facts = self.draft.incident, self.draft.facts
        desk = self.draft.desk
        if incident is None or facts is None:
            return
        controllers = tuple(desk.workspace.library.all(Controller))
        value = self._values[attachment.id]
        tracks = readings(value)
        chosen = self._orders.get(attachment.id)
        value = tracks.get(chosen, value) if chosen else value
        filled = filled_in(value, incident, facts.device, controllers, desk.zone)
        shown, _ = self._cards.get(attachment.id, (None, None))
        if shown == (filled, incident):
            return
        place = self._drop(attachment.id)
        if filled is None and not tracks:
            return
        card = Card(f"From {attachment.name}")
        self._cards[attachment.id] = ((filled, incident), card)
        self._column.insertWidget(place, card)
        if tracks:
            self._add_readings(card, attachment, tracks)
        if filled is not None:
            self._add_fills(card, attachment, filled, incident, controllers)

    def _add_readings(self, card: Card, attachment: Attachment, tracks: Mapping[Order, VideoSubtitles]) -> None:
        """Both ways to read a track; none is chosen before the owner does."""
        card.body.addWidget(Label(ORDER, wrap=True))
        chosen = self._orders.get(attachment.id)
        for order, words in reading_choices(tracks):
            choice = QRadioButton(words)
            choice.setChecked(order is chosen)
            choice.clicked.connect(lambda _checked, order=order: self._on_order(attachment, order))
            card.body.addWidget(choice)
            if order is chosen:
                choice.setFocus()

    def _on_order(self, attachment: Attachment, order: Order) -> None:
        self._orders[attachment.id] = order
        self._show(attachment)

    def _add_fills(
        self,
        card: Card,
        attachment: Attachment,
        filled: FilledIn,
        incident: Incident,
        controllers: tuple[Controller, ...],
    ) -> None:
        view = fill_view(filled, incident, controllers, self.draft.desk.zone)
        for warning in view.warnings:
            card.body.addWidget(Banner(BannerKind.WARNING, warning))
        grid = KeyValueGrid()
        for field, new, old in view.fills:
            grid.add_row(field, f"{new} (instead of {old})" if old else new, tabular=True)
        if view.fills:
            card.body.addWidget(Label("This file can fill in:", wrap=True))
            card.body.addWidget(grid)
            button = Button(f"Fill in from this {'flight record' if filled.flight else 'file'}")
            button.setObjectName(f"fill-{attachment.id}")
            button.clicked.connect(lambda: self._on_fill(FillInReport(filled=filled, attachment=attachment)))
            card.body.addLayout(button_row(button))
        else:
            card.body.addWidget(Label("The report says the same as this file.", tone=Tone.MUTED, wrap=True))
        self._add_told(card, view.told, view.notes)
        if filled.pictures:
            self._add_pictures(card, attachment, filled.pictures[:_MOST_PICTURES])

    def _add_told(self, card: Card, told: tuple[tuple[str, str], ...], notes: tuple[str, ...]) -> None:
        if told:
            more = Disclosure((), "What else it tells")
            grid = KeyValueGrid()
            for label, text in told:
                grid.add_row(label, text, tabular=True)
            more.add_widget(grid)
            card.body.addWidget(more)
        for note in notes:
            card.body.addWidget(Label(note, tone=Tone.MUTED, wrap=True))

    def _add_pictures(self, card: Card, attachment: Attachment, pictures: tuple[EmbeddedPicture, ...]) -> None:
        """The pictures inside a record, small, as soon as they are read out of it."""
        row = QHBoxLayout()
        row.addStretch(1)
        card.body.addLayout(row)
        sha256, open_file = attachment.sha256 or "", self._open_file
        job: Job[list[QImage]] = Job(lambda _progress: _pictures_in(open_file, sha256, pictures), self)

        def show(images: list[QImage]) -> None:
            _, current = self._cards.get(attachment.id, (None, None))
            if current is card:  # it may have been replaced while they were read
                _show_pictures(row, images)

        job.finished.connect(show)
        job.finished.connect(job.deleteLater)
        job.start(self._pool)

    def _on_fill(self, command: FillInReport) -> None:
        answer = self.draft.desk.do(command)
        if answer is not None:
            self.refused.emit(" ".join(answer.fields.values()))

    def _drop(self, id: AttachmentId) -> int:
        """Take a card away and return where it was, or the end."""
        _, card = self._cards.pop(id, (None, None))
        if card is None:
            return self._column.count()
        place = self._column.indexOf(card)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()
        return place


def _looked_into(open_file: Callable[[str], BinaryIO], sha256: str, look: Look) -> object:
    try:
        with open_file(sha256) as stream:
            return look(stream)
    except FileNotFoundError as fault:
        raise HomepointError("A file of this report is gone.", "Take it in again.") from fault


def _pictures_in(
    open_file: Callable[[str], BinaryIO], sha256: str, pictures: tuple[EmbeddedPicture, ...]
) -> list[QImage]:
    """Return the pictures inside a kept record, small; damaged ones and a record that has gone give none."""
    try:
        with open_file(sha256) as stream:
            data = stream.read()
    except (OSError, HomepointError):
        return []
    images = [thumbnail_of(data[each.offset : each.offset + each.length]) for each in pictures]
    return [each for each in images if not each.isNull()]


def _show_pictures(row: QHBoxLayout, images: list[QImage]) -> None:
    for at, image in enumerate(images):
        label = QLabel()
        label.setPixmap(QPixmap.fromImage(image))
        label.setAccessibleName(f"Picture {at + 1} inside the flight record")
        row.insertWidget(at, label)
