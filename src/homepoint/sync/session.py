"""What the parts of one round share: library, remote, keys, what is listed, and what was found on the way."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homepoint.application.replication import (
    OWN_LOG,
    Applied,
    EvidenceFiles,
    Finding,
    Progress,
    ReplicaStore,
    Sent,
    Trouble,
)
from homepoint.domain.values import DeviceId
from homepoint.sync.cipher import (
    LARGEST_OBJECT,
    CannotOpen,
    LibraryKeys,
    ReplicaKeys,
    seal,
    unseal,
)
from homepoint.sync.names import LOGS, is_proved, label_of, named
from homepoint.sync.remote import NotThere, Remote


@dataclass(slots=True)
class Session:
    """One round under way. `listing` maps the names in the remote's main folder to their sizes (None: not told)."""

    store: ReplicaStore
    evidence: EvidenceFiles
    remote: Remote
    keys: LibraryKeys
    me: ReplicaKeys
    at: datetime
    computer: str
    person: str
    progress: Progress
    listing: dict[str, int | None] = field(default_factory=dict)
    known: dict[str, Sent] = field(default_factory=dict)
    findings: dict[tuple[Trouble, str], Finding] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    devices: set[DeviceId] = field(default_factory=set)
    received: int = 0
    sent: int = 0
    wanted_evidence: set[str] = field(default_factory=set)

    def find(self, trouble: Trouble, about: str = "", details: str = "") -> None:
        """Note something that the owner should know."""
        self.findings[trouble, about] = Finding(trouble=trouble, about=about, details=details)

    def take(self, applied: Applied) -> None:
        """Count what was taken in."""
        self.received += applied.entries
        self.kinds |= applied.kinds
        self.devices |= applied.devices

    # Objects of the main folder.

    def put(self, label: str, body: bytes) -> tuple[str, int]:
        """Seal a body, write it, and return the object's name and size."""
        content = seal(body, label, self.keys, self.me)
        return self.put_plain(label, content)

    def put_plain(self, label: str, content: bytes) -> tuple[str, int]:
        """Write a content that is sealed already, or needs no seal."""
        name = named(label, content)
        self.remote.put(LOGS, name, content)
        self.listing[name] = len(content)
        return name, len(content)

    def fetch(self, name: str) -> bytes | None:
        """Return an object that is what its name says; None, with a finding, where it is not or is gone."""
        try:
            content = self.remote.get(LOGS, name, LARGEST_OBJECT)
        except NotThere:
            self.listing.pop(name, None)
            return None
        if is_proved(name, content):
            return content
        self.find(Trouble.DAMAGED, name, "its content is not what its name says")
        return None

    def open(self, name: str) -> tuple[bytes, str] | None:
        """Return an object's body and its writer; None, with a finding, where it cannot be opened."""
        content = self.fetch(name)
        if content is None:
            return None
        try:
            return unseal(content, label_of(name), self.keys)
        except CannotOpen as fault:
            self.find(trouble_of(fault), name, str(fault))
            return None

    def remember(self, objects: Iterable[Sent], forget: Iterable[str] = ()) -> None:
        """Keep what is known of objects, here and in the library."""
        kept, gone = list(objects), list(forget)
        if kept or gone:
            self.store.remember(kept, gone)
        self.known |= {each.name: each for each in kept}
        for name in gone:
            self.known.pop(name, None)

    # Values kept as JSON.

    def kept(self, name: str, default: Any) -> Any:
        """Return a value kept under a name."""
        text = self.store.value(name)
        return default if text is None else json.loads(text)

    def keep(self, **values: object) -> None:
        """Keep values as JSON; those that did not change are not written."""
        texts = {name: json.dumps(value, sort_keys=True) for name, value in values.items()}
        changed = {name: text for name, text in texts.items() if self.store.value(name) != text}
        if changed:
            self.store.keep(changed)

    # Logs by the names they have at the remote.

    @property
    def own_last(self) -> int:
        """The number of this computer's last entry."""
        return self.store.last(OWN_LOG)

    def log_of(self, replica: str) -> str:
        """Return the name a replica's log has in the library."""
        return OWN_LOG if replica == self.me.replica else replica

    def seen(self) -> Mapping[str, int]:
        """Return how far this library has come in every log."""
        logs = dict(self.store.logs())
        own = logs.pop(OWN_LOG)
        return {**logs, **({self.me.replica: own} if own else {})}

    def holds(self, replica: str, first: int, last: int) -> bool:
        """Say whether these entries are here."""
        if replica == self.me.replica:
            return last <= self.own_last
        return any(begin <= first and last <= end for begin, end in self.store.ranges(replica))


def trouble_of(fault: CannotOpen) -> Trouble:
    """Return the kind of trouble an object is that cannot be opened."""
    from homepoint.sync.cipher import NewerFormat, NoKey

    if isinstance(fault, NewerFormat):
        return Trouble.NEWER
    return Trouble.LOCKED if isinstance(fault, NoKey) else Trouble.DAMAGED
