"""The evidence: a place to drop files, what is kept so far, and nothing of the owner's files ever changed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from homepoint.application.evidence import RemoveEvidence
from homepoint.domain.facts import Attachment
from homepoint.domain.values import AttachmentId
from homepoint.presentation.incident_guide import ReportPage
from homepoint.presentation.incident_words import file_kind, size_text
from homepoint.presentation.wording import counted
from homepoint.ui.icons import IconName
from homepoint.ui.jobs import Job
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_files import SHOWN_AS_PICTURE, EvidenceFiles, TakingIn, thumbnail
from homepoint.ui.screens.report_from_file import FromFiles
from homepoint.ui.screens.report_step import ReportStep, words_column
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import Button, IconButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.drop_zone import DropZone
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import ElidedLabel, Label

_SIDE = 56
_HASH_SHOWN = 12
_HINT = "Photos, videos, flight records, the invoice. Homepoint keeps a copy; your files stay where and as they are."


class EvidenceStep(ReportStep):
    """Files as evidence. What was dropped before anything is known of the incident cannot be: the tiles come first."""

    page = ReportPage.EVIDENCE
    title = "Evidence"
    sentence = "It helps to have it, and you can add more later. Nothing is sent anywhere."
    about = "evidence"

    def __init__(self, draft: ReportDraft, files: EvidenceFiles, pool: ThreadPoolExecutor) -> None:
        """Make an empty page over an evidence store; copies are made in the pool."""
        super().__init__(draft)
        self._files, self._pool = files, pool
        self.zone = DropZone("Drop files here", _HINT)
        self.zone.files_chosen.connect(self._on_files)
        self.column.addWidget(self.zone)
        self.progress = _ProgressRow()
        self.progress.hide()
        self.taking = TakingIn(draft.desk, files, pool, self)
        self.taking.progressed.connect(self._on_progress)
        self.taking.refused.connect(self._on_refused)
        self.taking.ended.connect(self.progress.hide)
        self.progress.cancel.clicked.connect(self.taking.cancel)
        self.column.addWidget(self.progress)
        self._problems = QVBoxLayout()
        self._problems.setSpacing(Space.S)
        self.column.addLayout(self._problems)
        self.from_files = FromFiles(draft, files.open, pool)
        self.from_files.refused.connect(self._on_refused)
        self.column.addWidget(self.from_files)
        self.list = Card()
        self._count = Label("", TextRole.LARGE)
        self.list.body.addWidget(self._count)
        self.column.addWidget(self.list)
        self._rows: dict[AttachmentId, QWidget] = {}
        self._pictures: dict[str, QImage] = {}

    def show_report(self) -> None:
        """Show the files kept with the incident; rows of files that are still there are left alone."""
        incident = self.draft.incident
        library = self.draft.desk.workspace.library
        found = {each.id: each for each in library.about(Attachment, incident.id)} if incident else {}
        for gone in self._rows.keys() - found.keys():
            row = self._rows.pop(gone)
            row.hide()
            row.deleteLater()
        for id, attachment in found.items():
            if id not in self._rows:
                self._rows[id] = self._row(attachment)
                self.list.body.addWidget(self._rows[id])
        total = sum(each.size or 0 for each in found.values())
        count = counted(len(found), "file")
        self._count.setText(f"{count} kept, {size_text(total)}" if found else "")
        self.list.setAccessibleName(f"{count} kept")
        self.list.setVisible(bool(found))
        self.from_files.show_files(found.values())

    def _row(self, attachment: Attachment) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, Space.XS, 0, Space.XS)
        row.setSpacing(Space.M)
        row.addWidget(self._picture(attachment))
        sha = attachment.sha256
        about = f"{file_kind(attachment.media_type)}, {size_text(attachment.size)}"
        mark = f"Kept as a copy · SHA-256 {sha[:_HASH_SHOWN]}…" if sha else "Only its name is recorded"
        hash_label = Label(mark, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True, tabular=True)
        hash_label.setToolTip(sha or "")
        words = words_column(ElidedLabel(attachment.name, TextRole.STRONG, middle=True), Label(about), hash_label)
        row.addLayout(words, 1)
        remove = IconButton(IconName.DELETE, f"Remove {attachment.name} from the report")
        remove.setObjectName(f"remove-{attachment.id}")
        remove.clicked.connect(lambda: self.draft.desk.do(RemoveEvidence(attachment=attachment.id)))
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignVCenter)
        holder.setAccessibleName(f"{attachment.name}, {about}")
        return holder

    def _picture(self, attachment: Attachment) -> QWidget:
        """Return a thumbnail, or an icon for what is no picture; pictures are read in the pool."""
        side = theme().pixels(_SIDE)
        if attachment.sha256 is None or attachment.media_type not in SHOWN_AS_PICTURE:
            box = QWidget()
            box.setFixedSize(side, side)
            column = QVBoxLayout(box)
            column.addWidget(IconView(IconName.DOCUMENT, Tone.MUTED, 28), 0, Qt.AlignmentFlag.AlignCenter)
            return box
        label = QLabel()
        label.setFixedSize(side, side)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setAccessibleName(f"Picture: {attachment.name}")
        sha = attachment.sha256
        if sha in self._pictures:
            self._show_picture(label, self._pictures[sha])
            return label
        job = Job(lambda _progress: thumbnail(self._files, sha), label)
        job.finished.connect(lambda image: self._on_picture(label, sha, image))
        job.start(self._pool)
        return label

    def _on_picture(self, label: QLabel, sha: str, image: QImage) -> None:
        self._pictures[sha] = image
        self._show_picture(label, image)

    def _show_picture(self, label: QLabel, image: QImage) -> None:
        if image.isNull():
            label.setText("-")
            return
        scale = label.devicePixelRatioF()
        box = QSize(round(label.width() * scale), round(label.height() * scale))
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        picture = QPixmap.fromImage(image.scaled(box, keep, smooth))
        picture.setDevicePixelRatio(scale)
        label.setPixmap(picture)

    def _on_files(self, paths: list[Path]) -> None:
        incident = self.draft.incident
        if incident is not None:
            self.taking.take(paths, incident.id)

    def _on_progress(self, done: int, total: int, words: str) -> None:
        self.progress.show()
        self.progress.tell(done, total, words)

    def _on_refused(self, sentence: str) -> None:
        banner = Banner(BannerKind.WARNING, sentence, closable=True)
        banner.closed.connect(banner.deleteLater)
        self._problems.addWidget(banner)


class _ProgressRow(QWidget):
    """How far the file at hand is, and Cancel."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self.words = Label("", wrap=True)
        row.addWidget(self.words, 1)
        self.cancel = Button("Cancel")
        self.cancel.setAccessibleName("Cancel copying")
        row.addWidget(self.cancel)
        column.addLayout(row)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Copying evidence")
        column.addWidget(self.bar)

    def tell(self, done: int, total: int, words: str) -> None:
        """Show how far it is; a total of 0 is not known."""
        self.words.setText(f"Copying {words}")
        self.bar.setRange(0, total)
        self.bar.setValue(done)
