"""Commands about care plans and the verifications that may reopen a first purchase."""

from dataclasses import dataclass
from datetime import datetime

from homepoint.application.changes import Edit
from homepoint.application.checks import Wrong, add, check_known, check_order, check_past, correct, remove
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Device, Plan, PurchaseNotice
from homepoint.domain.values import NoticeId, PlanId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan:
    """Record a plan that was bought for a device."""

    plan_bought: Plan

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return add(library, self.plan_bought, _plan_faults(self.plan_bought, library, now), "Plan recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPlan:
    """Put these values in place of what is recorded of the plan with this id."""

    plan_bought: Plan

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.plan_bought, _plan_faults(self.plan_bought, library, now), "Plan changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePlan:
    """Remove a plan recorded by mistake. One that ended is kept: renewal and purchase depend on it."""

    plan_id: PlanId

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return remove(library, Plan, self.plan_id, "Plan removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPurchaseNotice:
    """Record a verification by video or send-in, pending or with its result."""

    notice: PurchaseNotice

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return add(library, self.notice, _notice_faults(self.notice, library, now), "Verification recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPurchaseNotice:
    """Put these values in place of what is recorded of the verification with this id."""

    notice: PurchaseNotice

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.notice, _notice_faults(self.notice, library, now), "Verification changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePurchaseNotice:
    """Remove a verification recorded by mistake."""

    notice: NoticeId

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return remove(library, PurchaseNotice, self.notice, "Verification removed")


def _plan_faults(plan: Plan, library: Library, now: datetime) -> Wrong:
    wrong: Wrong = {}
    check_known(wrong, library, plan, device=Device)
    check_past(wrong, library, now, purchased_at=plan.purchased_at, bound_at=plan.bound_at)
    if plan.starts_on is not None and plan.ends_on is not None and plan.ends_on < plan.starts_on:
        wrong["ends_on"] = "A plan cannot end before it starts."
    for field, count in (("replacements", plan.replacements), ("flyaways", plan.flyaways)):
        if count is not None and count < 0:
            wrong[field] = "This cannot be less than none."
    return wrong


def _notice_faults(notice: PurchaseNotice, library: Library, now: datetime) -> Wrong:
    wrong: Wrong = {}
    check_known(wrong, library, notice, device=Device)
    check_order(
        wrong, notice.submitted_at, notice.notice_at, "notice_at", "The answer cannot have come before the request."
    )
    check_past(wrong, library, now, submitted_at=notice.submitted_at, notice_at=notice.notice_at)
    if notice.result is None and notice.notice_at is not None:
        wrong["result"] = "An answer came: did it pass or fail?"
    return wrong
