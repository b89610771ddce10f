"""Takes out of facts what a stranger need not see: prices, e-mail, addresses, activation codes, account names."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from homepoint.domain.activation_codes import SHORT
from homepoint.domain.facts import BoundTo, Claim, Device, Fact, nothing_extra
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import AccountId, AttachmentId, Money

HIDDEN = "[hidden]"
HIDDEN_SAYS = "Prices, fees, e-mail, addresses, activation codes and account names are hidden in this copy."

_SHORTEST_SECRET = 3
_CODE_BEFORE = r"(?:[\w-]{4,}|(?-i:(?:[A-Z0-9]{2,8} ){1,8}[A-Z0-9]*))"
"""What comes before the known end of a code: in one piece, or in groups of capitals and digits."""

_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+")

F = TypeVar("F")


def redacted(snapshot: Snapshot) -> Snapshot:
    """Return the facts without what is private.

    Unknown keys go, since nobody can tell what they hold, and accounts and files get plain ids. In texts the owner
    wrote, e-mail addresses and every hidden value are replaced by "[hidden]".
    """
    hints = {each.activation_code_hint for each in snapshot.plans} - {None, SHORT}
    secrets = _pattern(_secrets(snapshot), filter(None, hints))
    accounts = {each.id: AccountId(f"account-{number}") for number, each in enumerate(snapshot.accounts, 1)}

    def clean(text: str) -> str:
        return hide(text, secrets)

    return replace(
        snapshot,
        extra=nothing_extra(),
        accounts=tuple(
            replace(each, id=accounts[each.id], label=each_name, email=None, extra=nothing_extra())
            for each, each_name in zip(snapshot.accounts, _plain_names(len(accounts)), strict=True)
        ),
        controllers=tuple(_with_text(each, clean, "label", "model") for each in snapshot.controllers),
        devices=tuple(replace(_with_text(each, clean, "nickname", "model"), price=None) for each in snapshot.devices),
        bindings=tuple(
            replace(
                bare(each),
                target=accounts.get(AccountId(each.target), each.target) if each.to is BoundTo.ACCOUNT else each.target,
            )
            for each in snapshot.bindings
        ),
        plans=tuple(replace(bare(each), activation_code_hint=None) for each in snapshot.plans),
        purchase_notices=tuple(bare(each) for each in snapshot.purchase_notices),
        incidents=tuple(
            replace(
                _with_text(each, clean, "description"),
                account=None if each.account is None else accounts.get(each.account, AccountId("account")),
            )
            for each in snapshot.incidents
        ),
        claims=tuple(replace(bare(each), fees=(), deposit=None) for each in snapshot.claims),
        attachments=tuple(
            replace(_with_text(each, clean, "name"), id=AttachmentId(f"file-{number}"))
            for number, each in enumerate(snapshot.attachments, 1)
        ),
    )


def bare(fact: F) -> F:
    """Return a fact, and all values in it, without unknown keys."""
    values: dict[str, Any] = {}
    for each in fields(fact):  # type: ignore[arg-type]  # every fact is a dataclass
        value = getattr(fact, each.name)
        if each.name == "extra":
            values["extra"] = nothing_extra()
        elif is_dataclass(value):
            values[each.name] = bare(value)
        elif isinstance(value, tuple):
            values[each.name] = tuple(bare(one) if is_dataclass(one) else one for one in value)
    return replace(fact, **values)  # type: ignore[type-var]  # every fact is a dataclass


def hide(text: str, secrets: re.Pattern[str] | None) -> str:
    """Return a text with e-mail addresses and secrets replaced."""
    text = _EMAIL.sub(HIDDEN, text)
    return text if secrets is None else secrets.sub(HIDDEN, text)


def _with_text(fact: F, clean: Callable[[str], str], *names: str) -> F:
    given = {name: getattr(fact, name) for name in names}
    texts = {name: clean(value) for name, value in given.items() if value is not None}
    return replace(bare(fact), **texts)  # type: ignore[type-var]  # every fact is a dataclass


def _plain_names(number: int) -> Iterator[str]:
    return ("the owner's account" if number == 1 else f"account {index}" for index in range(1, number + 1))


def _pattern(secrets: Iterable[str], hints: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds the secrets as whole words, the longest first, and whatever ends like an activation code."""
    words = sorted(
        {each.strip() for each in secrets if len(each.strip()) >= _SHORTEST_SECRET}, key=lambda w: (-len(w), w)
    )
    found = [*(_CODE_BEFORE + re.escape(hint) for hint in sorted(hints)), *map(re.escape, words)]
    if not found:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(found) + r")(?!\w)", re.IGNORECASE)


def _secrets(snapshot: Snapshot) -> Iterator[str]:
    for account in snapshot.accounts:
        yield from (account.label, account.email or "")
    for fact in snapshot.facts():
        yield from _texts(fact.extra)
        for money in _amounts(fact):
            yield from _written(money)
    yield from _texts(snapshot.extra)


def _amounts(fact: Fact) -> Iterator[Money]:
    if isinstance(fact, Device) and fact.price:
        yield fact.price
    if isinstance(fact, Claim):
        yield from (fee.amount for fee in fact.fees)
        if fact.deposit:
            yield fact.deposit


def _written(money: Money) -> Iterator[str]:
    """Yield the ways people write an amount: 1159.00, 1159, 1,159.00, 1.159,00."""
    plain = f"{money.amount:.2f}"
    grouped = f"{money.amount:,.2f}"
    swapped = grouped.translate(str.maketrans(",.", ".,"))
    yield from (str(money.amount), plain, grouped, swapped, plain.replace(".", ","))
    if money.amount == money.amount.to_integral_value():
        yield from (plain[:-3], grouped[:-3], swapped[:-3])


def _texts(value: object) -> Iterator[str]:
    """Yield every text inside an unknown value."""
    if isinstance(value, str):
        yield value
        yield from value.splitlines()
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
