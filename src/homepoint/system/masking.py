"""Takes what is personal out of texts for logs and reports: serials, e-mail, folders, names, places and secrets."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus

from homepoint.system.people import computer, person

HIDDEN = "[hidden]"
E_MAIL = "[e-mail]"
PLACE = "[place]"
USER = "[user]"
COMPUTER = "[computer]"
HOME = "~"

_SHORTEST_SECRET, _SHORTEST_NAME = 3, 2

_SERIAL = re.compile(
    r"(?<![^\W_])"
    r"(?:(?=[A-Z]*[0-9])[A-Z0-9]{10,}|1581[A-Za-z0-9]{6,}|(?=[A-Z-]*[0-9])[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,})"
    r"(?![^\W_])"
)
"""Ten or more capitals and digits in a row, DJI's maker code however it is typed, and codes in groups with dashes."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"homepoint1:\S+"), HIDDEN),  # an invitation to join holds the library's key
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,15}://)[^\s/?#\"'<>]*@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)(/dav/(?:files|calendars|addressbooks/users|principals/users)/)[^/\s\"'<>]+"), rf"\1{USER}"),
    (re.compile(r"(?i)\b(authorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer|digest)\s+)\S+"), rf"\1{HIDDEN}"),
    (
        re.compile(r"(?i)\b((?:password|passphrase|passwd|token|secret|pin)[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,;}]+"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}\w{2,24}"), E_MAIL),
    (
        re.compile(
            r"(?i)(?:/home|/Users|\b[a-z]:[\\/]+Users)[\\/]+(?:[^\\/:*?\"'<>|\r\n]{1,64}(?=[\\/])|[^\s\\/:\"'<>|,;]+)"
        ),
        HOME,
    ),
    (re.compile(r"-?\b\d{1,3}\.\d{3,}\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}"), PLACE),
)


class Mask:
    """Called with a text, it returns it without what is personal. The same text always gives the same result."""

    def __init__(
        self, *, home: str = "", people: Iterable[str] = (), computer: str = "", secrets: Iterable[str] = ()
    ) -> None:
        """Hide what looks personal to anyone, and beyond that what is personal here.

        Args:
            home: the owner's home folder, written "~".
            people: names the owner logs in with.
            computer: this computer's name.
            secrets: passwords, keys, codes: hidden as they are and as they stand in addresses.
        """
        self._home = re.compile(re.escape(home) + r"(?![^\W_])") if len(home) > 1 else None
        self._secrets = _any_of(_written(secrets))
        self._people = _word(people)
        self._computer = _word([computer])

    def __call__(self, text: str) -> str:
        """Return a text without what is personal; secrets first, since a part of one must not survive another rule."""
        if self._secrets:
            text = self._secrets.sub(HIDDEN, text)
        if self._home:
            text = self._home.sub(HOME, text)
        for pattern, instead in _RULES:
            text = pattern.sub(instead, text)
        text = _SERIAL.sub(_last_four, text)
        if self._people:
            text = self._people.sub(USER, text)
        return self._computer.sub(COMPUTER, text) if self._computer else text


def own_mask(secrets: Iterable[str] = ()) -> Mask:
    """Return the mask for this computer and whoever is logged in."""
    return Mask(home=str(Path.home()), people=[person()], computer=computer(), secrets=secrets)


def _last_four(found: re.Match[str]) -> str:
    return f"…{found[0][-4:]}"


def _written(secrets: Iterable[str]) -> set[str]:
    """Return secrets as they are and as they stand in addresses and in quoted texts."""
    plain = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
    forms = (str, quote_plus, lambda each: quote(each, safe=""), quote, lambda each: repr(each)[1:-1])
    return {form(secret) for secret in plain for form in forms}


def _any_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(texts, key=lambda text: (-len(text), text))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _word(names: Iterable[str]) -> re.Pattern[str] | None:
    known = sorted({name for name in names if len(name) >= _SHORTEST_NAME}, key=lambda name: (-len(name), name))
    if not known:
        return None
    return re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, known)) + r")(?![^\W_])", re.IGNORECASE)
