"""Hypothesis strategies for whole snapshots that make sense: every kind of fact, every field, unknown keys."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from homepoint.domain import facts as f
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import Money

texts = st.text(st.characters(codec="utf-8"), max_size=20)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_first, _last = datetime.fromisoformat("2000-01-02"), datetime.fromisoformat("2198-12-30")
instants = st.datetimes(_first, _last, timezones=offsets)
days = st.dates(date(2000, 1, 1), date(2198, 12, 31))
hints = st.text(st.characters(codec="utf-8"), min_size=1, max_size=4).filter(str.strip)
regions = st.sampled_from(["DE", "US", "JP", "EU", "BR"])
yes_no = st.booleans()
amounts = st.decimals(Decimal(0), Decimal(10**9), places=2, allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
extras = st.dictionaries(texts.map("x-".__add__), plain, max_size=2).map(MappingProxyType)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(values, max_size=3).map(tuple)


moneys = st.builds(Money, amount=amounts, currency=st.sampled_from(["EUR", "USD", "JPY"]), extra=extras)
positions = st.builds(
    f.Position,
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    altitude_m=maybe(st.floats(-400, 9000)),
    extra=extras,
)
returned = st.builds(f.ReturnedUnit, serial=maybe(texts), battery=maybe(yes_no), genuine=maybe(yes_no), extra=extras)
steps = st.builds(f.ClaimStep, step=st.sampled_from(f.Step), at=instants, extra=extras)
fees = st.builds(f.Fee, amount=moneys, label=maybe(texts), paid_at=maybe(instants), extra=extras)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Draw a snapshot in which ids are unique, references lead somewhere and spans run forward."""

    def ids(prefix: str, least: int = 0) -> list[str]:
        return [f"{prefix}{number}" for number in range(draw(st.integers(least, 3)))]

    accounts, controllers, devices = ids("a"), ids("c"), ids("d", least=1)
    device = st.sampled_from(devices)
    plans, incidents, claims = ids("p"), ids("i"), ids("k")

    def build(kind: type[Any], id: str, /, **fields: st.SearchStrategy[Any]) -> Any:
        return draw(st.builds(kind, id=st.just(id), extra=extras, **fields))

    def device_of(number: int, id: str) -> Any:
        return build(
            f.Device, id, model=names, category=maybe(st.sampled_from(f.Category)),
            serial=maybe(texts.map(lambda text: f"{number}-{text}")), nickname=maybe(texts), region=maybe(regions),
            channel=maybe(st.sampled_from(f.Channel)), condition=maybe(st.sampled_from(f.Condition)),
            purchased_on=maybe(days), received_on=maybe(days), shipped_at=maybe(instants),
            activated_at=maybe(instants), price=maybe(moneys), proof_of_purchase=maybe(yes_no),
            status=st.sampled_from(f.DeviceStatus), succeeds=maybe(st.sampled_from(devices[:number])) if number
            else st.none(),
        )  # fmt: skip

    def binding_of(id: str) -> Any:
        to = draw(st.sampled_from([each for each, there in _targets(accounts, controllers).items() if there]))
        since, until = sorted([draw(instants), draw(instants)])
        return build(
            f.Binding, id, device=device, to=st.just(to), target=st.sampled_from(_targets(accounts, controllers)[to]),
            bound_at=maybe(st.just(since)), unbound_at=maybe(st.just(until)), checked_at=some(instants),
        )  # fmt: skip

    def plan_of(id: str) -> Any:
        first, last = sorted([draw(days), draw(days)])
        return build(
            f.Plan, id, device=device, product=st.sampled_from(f.PlanProduct), region=maybe(regions),
            purchased_at=maybe(instants), bound_at=maybe(instants), starts_on=maybe(st.just(first)),
            ends_on=maybe(st.just(last)), replacements=maybe(st.integers(0, 9)), flyaways=maybe(st.integers(0, 9)),
            edition=maybe(names), activation_code_hint=maybe(hints),
        )  # fmt: skip

    any_of = [*devices, *plans, *incidents, *claims]
    return Snapshot(
        zone=ZoneInfo(draw(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]))),
        accounts=tuple(build(f.Account, id, label=names, email=maybe(texts)) for id in accounts),
        controllers=tuple(
            build(f.Controller, id, serial=maybe(texts), model=maybe(texts), label=maybe(texts)) for id in controllers
        ),
        devices=tuple(device_of(number, id) for number, id in enumerate(devices)),
        bindings=tuple(binding_of(id) for id in (ids("b") if accounts or controllers else ())),
        plans=tuple(plan_of(id) for id in plans),
        purchase_notices=tuple(
            build(
                f.PurchaseNotice, id, device=device, kind=st.sampled_from(f.NoticeKind), submitted_at=maybe(instants),
                result=maybe(st.sampled_from(f.NoticeResult)), notice_at=maybe(instants),
            )
            for id in ids("n")
        ),
        incidents=tuple(
            build(
                f.Incident, id, device=device, at=maybe(instants), kind=maybe(st.sampled_from(f.IncidentKind)),
                retrievable=maybe(yes_no), account=_one_of(accounts), controller=_one_of(controllers),
                service_region=maybe(regions), wants=some(st.sampled_from(f.Wish)), parts=some(st.sampled_from(f.Part)),
                position=maybe(positions), description=maybe(texts),
            )
            for id in incidents
        ),
        claims=tuple(
            build(
                f.Claim, id, incident=_one_of(incidents), device=device, plan=_one_of(plans),
                service=maybe(st.sampled_from(f.Service)), steps=some(steps), battery_registered=maybe(yes_no),
                returned=maybe(returned), deposit=maybe(moneys), fees=some(fees), new_serial=maybe(texts),
            )
            for id in claims
        ),
        attachments=tuple(
            build(
                f.Attachment, id, of=st.sampled_from(any_of), name=names, media_type=maybe(texts),
                sha256=maybe(st.just("0f" * 32)), size=maybe(st.integers(0, 2**53 - 1)),
            )
            for id in ids("f")
        ),
        extra=draw(extras),
    )  # fmt: skip


def _targets(accounts: list[str], controllers: list[str]) -> dict[f.BoundTo, list[str]]:
    return {f.BoundTo.ACCOUNT: accounts, f.BoundTo.CONTROLLER: controllers}


def _one_of(ids: list[str]) -> st.SearchStrategy[Any]:
    return maybe(st.sampled_from(ids)) if ids else st.none()
