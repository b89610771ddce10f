"""The two kinds of failure that are no bugs: a wish that makes no sense, and the world in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A wish that makes no sense, as a value: a sentence for each field that is wrong ("" for the whole)."""

    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        return " ".join(self.fields.values())


class HomepointError(Exception):
    """The world is in the way: what happened (`title`) and what to do next (`advice`), both shown to the owner."""

    def __init__(self, title: str, advice: str = "") -> None:
        super().__init__(f"{title} {advice}".strip())
        self.title = title
        self.advice = advice


class AlteredFileError(HomepointError):
    """A file kept as evidence is not as it was taken in; raised while it is read."""

    def __init__(self) -> None:
        super().__init__("A file kept as evidence is damaged.", "Put it back from a backup, or take it in anew.")
