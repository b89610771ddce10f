"""Takes files into the evidence store one by one off the GUI thread, attaching each as soon as it is kept."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from PySide6.QtCore import QBuffer, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from homepoint.application.checks import new_id
from homepoint.application.evidence import AddEvidence
from homepoint.application.problems import HomepointError, Refused
from homepoint.domain.facts import Attachment
from homepoint.domain.values import AttachmentId
from homepoint.ui.desk import Desk
from homepoint.ui.jobs import Job, Progress

_SIDE = 72
_LARGEST_PICTURE = 100 << 20
SHOWN_AS_PICTURE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


class Stored(Protocol):
    """What the evidence store says of a file it took in."""

    @property
    def name(self) -> str:
        """What it was called at its source."""

    @property
    def media_type(self) -> str:
        """What kind it is, by its first bytes."""

    @property
    def sha256(self) -> str:
        """What it contains, in short."""

    @property
    def size(self) -> int:
        """How many bytes."""


class EvidenceFiles(Protocol):
    """The evidence store as this page needs it (`system.attachments.EvidenceStore`)."""

    def take_in(self, source: Path, progress: Any = None) -> Stored:
        """Copy a file in; the source stays as it is. Calls `progress(bytes done, bytes in all)`."""

    def open(self, sha256: str) -> BinaryIO:
        """Open the copy for reading, from any place."""


class TakingIn(QObject):
    """A queue of files on their way into the store.

    Signals:
        progressed(done, total, words): how far the file at hand is, in bytes.
        attached: a file was kept and attached.
        refused(sentence): a file was not taken, and why.
        ended: nothing is left to do, or it was cancelled.
    """

    progressed = Signal(int, int, str)
    attached = Signal()
    refused = Signal(str)
    ended = Signal()

    def __init__(self, desk: Desk, files: EvidenceFiles, pool: ThreadPoolExecutor, parent: QObject) -> None:
        """Work with a store and a pool."""
        super().__init__(parent)
        self._desk, self._files, self._pool = desk, files, pool
        self._waiting: deque[tuple[Path, str]] = deque()
        self._job: Job[Stored] | None = None
        self._of = ""
        self._count = 0

    @property
    def is_busy(self) -> bool:
        """Say whether a file is being copied."""
        return self._job is not None

    def take(self, paths: Sequence[Path], of: str) -> None:
        """Take files in for an incident (or a claim, by its id)."""
        self._waiting.extend((path, of) for path in paths)
        self._count += len(paths)
        if not self.is_busy:
            self._next()

    def cancel(self) -> None:
        """Stop; what was attached already stays."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def _next(self) -> None:
        if not self._waiting:
            self._job, self._count = None, 0
            self.ended.emit()
            return
        path, self._of = self._waiting.popleft()
        at = self._count - len(self._waiting)
        words = path.name if self._count == 1 else f"{path.name} ({at} of {self._count})"
        self.progressed.emit(0, 0, words)

        def work(progress: Progress) -> Stored:
            return self._files.take_in(path, lambda done, total: progress(done, total, words))

        self._job = Job(work, self)
        self._job.progressed.connect(self._on_progress)
        self._job.finished.connect(self._on_stored)
        self._job.failed.connect(self._on_failed)
        self._job.stopped.connect(self._next)
        self._job.start(self._pool)

    def _on_progress(self, done: int, total: int, words: str) -> None:
        # A signal carries 32 bits; thousandths are enough for a bar and hold for any size.
        self.progressed.emit(round(1000 * done / total) if total else 0, 1000 if total else 0, words)

    def _on_stored(self, stored: Stored) -> None:
        attachment = Attachment(
            id=AttachmentId(new_id()),
            of=self._of,
            name=stored.name,
            media_type=stored.media_type,
            sha256=stored.sha256,
            size=stored.size,
        )
        try:
            answer = self._desk.workspace.do(AddEvidence(attachment=attachment))
        except HomepointError as error:
            self.refused.emit(f"{error.title} {error.advice}")
        else:
            if isinstance(answer, Refused):
                self.refused.emit(f"{stored.name}: {' '.join(answer.fields.values())}")
            else:
                self.attached.emit()
        self._next()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, HomepointError):
            raise error
        self.refused.emit(f"{error.title} {error.advice}")
        self._next()


def thumbnail(files: EvidenceFiles, sha256: str) -> QImage:
    """Return a small picture of a kept image, a null one where it cannot be read; fit for any thread."""
    try:
        with files.open(sha256) as stream:
            return thumbnail_of(stream.read(_LARGEST_PICTURE))
    except (FileNotFoundError, HomepointError):
        return QImage()


def thumbnail_of(data: bytes) -> QImage:
    """Return a small picture of the bytes of an image, a null one where they cannot be read; fit for any thread."""
    buffer = QBuffer()
    buffer.setData(data)
    return _small(QImageReader(buffer))


def _small(reader: QImageReader) -> QImage:
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        box = QSize(_SIDE * 2, _SIDE * 2)
        reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
