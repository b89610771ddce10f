"""The form about a check by DJI that may reopen the first purchase of a plan."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from homepoint.application.checks import new_id
from homepoint.application.plans import CorrectPurchaseNotice, RecordPurchaseNotice
from homepoint.domain.facts import NoticeKind, NoticeResult, PurchaseNotice
from homepoint.domain.values import DeviceId, NoticeId
from homepoint.presentation.device_records import NOTICE_NAMES
from homepoint.presentation.plan_forms import DRAFT_NOTICE, NoticeForm, check_notice, notice_form_of
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import Choice, moment_field, moment_of, zone_problem

_RESULTS = ((None, "No answer yet"), (NoticeResult.PASSED, "Passed"), (NoticeResult.FAILED, "Not passed"))


class NoticeDialog(FormDialog):
    """Records that a check was asked for, and what DJI answered."""

    def __init__(
        self, desk: Desk, device: DeviceId, recorded: PurchaseNotice | None = None, parent: QWidget | None = None
    ) -> None:
        """Ask for a check; with one, show and correct it."""
        super().__init__(
            "DJI's answer to the check" if recorded else "Record a check by DJI",
            "Save" if recorded else "Record check",
            "Once DJI has told you that the check is passed, a plan can be bought for a few hours only.",
            parent,
        )
        self._desk = desk
        self._recorded = recorded
        self._base = recorded or PurchaseNotice(id=DRAFT_NOTICE, device=device, kind=NoticeKind.VIDEO)
        form = notice_form_of(self._base)
        now, zone = desk.now(), desk.zone
        self.kind = Choice[NoticeKind]("How", [(each, NOTICE_NAMES[each]) for each in NoticeKind], form.kind)
        self.submitted = moment_field("Sent", form.submitted_at if recorded else now, now, zone)
        self.answer = Choice[NoticeResult | None]("DJI's answer", _RESULTS, form.result)
        self.notice = moment_field("Told", form.notice_at or now, now, zone)
        self.add_row("kind", "How", self.kind)
        self.add_row("submitted_at", "Sent to DJI", self.submitted)
        self.add_row("result", "DJI's answer", self.answer)
        self.add_row("notice_at", "DJI told you", self.notice, "The time of DJI's message: the hours count from it.")
        self.answer.currentIndexChanged.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        self.rows["notice_at"].set_visible(self.answer.value is not None)

    @property
    def form(self) -> NoticeForm:
        """Return what stands in the form."""
        return NoticeForm(
            kind=self.kind.value,
            submitted_at=moment_of(self.submitted),
            result=self.answer.value,
            notice_at=moment_of(self.notice) if self.answer.value is not None else None,
        )

    def entered(self) -> object:
        """Return the form."""
        return self.form

    def send(self) -> Mapping[str, str]:
        """Record the check, or correct it."""
        form = self.form
        problems = {**check_notice(form), **zone_problem("submitted_at", self.submitted)}
        if form.result is not None:
            problems.update(zone_problem("notice_at", self.notice))
        if problems:
            return problems
        drafted = replace(
            self._base,
            kind=form.kind,
            submitted_at=form.submitted_at,
            result=form.result,
            notice_at=form.notice_at,
        )
        if self._recorded is not None:
            return problems_of(self._desk.do(CorrectPurchaseNotice(notice=drafted)))
        return problems_of(self._desk.do(RecordPurchaseNotice(notice=replace(drafted, id=NoticeId(new_id())))))
