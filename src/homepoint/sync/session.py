"""What the parts of one round share: library, remote, keys, what is listed, and what was found on the way."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
from homepoint.sync.batch import VERSION, line_of
from homepoint.sync.cipher import (
    LARGEST_OBJECT,
    CannotOpen,
    LibraryKeys,
    NewerFormat,
    NoKey,
    ReplicaKeys,
    chained,
    is_sealed_with_newest,
    seal,
    unseal,
)
from homepoint.sync.names import LOGS, complained_of, is_proved, kind_of, label_of, named, proof_in
from homepoint.sync.remote import NotThere, Remote

ASKED_AGAIN_AFTER = timedelta(minutes=10)
"""How long to wait before a damaged object is read again, unless its size changes: it may be an upload under way. Then
ever longer."""
_AT_ONCE = 1_000


@dataclass(slots=True)
class Session:
    """One round under way. `listing` maps the names in the remote's main folder to their sizes (None: not told).

    `members` are the computers that were given the newest key (None: all that ever had one), `removed` those that were
    removed, with the number of the last entry of each that counts.
    """

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
    members: frozenset[str] | None = None
    removed: Mapping[str, int] = field(default_factory=dict)

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

    def fetch(self, name: str, *, again: bool = False) -> bytes | None:
        """Return an object that is what its name says; None, with a finding, where it is not or is gone.

        One that was damaged a moment ago is not read again, unless `again` asks for it.
        """
        damaged = self.kept("damaged", {})
        if name in damaged and not again and self._was_just_read(name, *damaged[name]):
            self.find(Trouble.DAMAGED, name, "its content is not what its name says")
            return None
        try:
            content = self.remote.get(LOGS, name, LARGEST_OBJECT)
        except NotThere:
            self.listing.pop(name, None)
            return None
        if is_proved(name, content):
            self.listing[name] = len(content)
            self.keep(damaged={each: told for each, told in damaged.items() if each != name})
            return content
        now = self.at.isoformat()
        self.keep(damaged=damaged | {name: [damaged.get(name, [now])[0], now, self.listing.get(name)]})
        self.find(Trouble.DAMAGED, name, "its content is not what its name says")
        return None

    def _was_just_read(self, name: str, first: str, last: str, size: int | None) -> bool:
        read_at = datetime.fromisoformat(last)
        wait = max(ASKED_AGAIN_AFTER, abs(read_at - datetime.fromisoformat(first)))
        return size == self.listing.get(name) and abs(self.at - read_at) < wait

    def open(self, name: str, *, again: bool = False) -> tuple[bytes, str] | None:
        """Return an object's body and its writer; None, with a finding, where it cannot be opened.

        One that is what its name says and yet no object for this program or these keys is read only once.
        """
        refused = self.kept("refused", {}).get(name)
        if refused is not None and refused[:2] == [VERSION, self.keys.epoch] and not again:
            self.find(Trouble(refused[2]), name, refused[3])
            return None
        content = self.fetch(name, again=again)
        if content is None:
            return None
        try:
            body, writer = unseal(content, label_of(name), self.keys)
            if not is_sealed_with_newest(content, self.keys) and not self._had_part(name, writer):
                raise CannotOpen("its writer was removed, or never belonged here")
        except CannotOpen as fault:
            self.refuse(name, fault)
            return None
        return body, writer

    def _had_part(self, name: str, writer: str) -> bool:
        """Say whether what a computer sealed with an older key counts: a removed one has that key still."""
        if self.members is None or writer in self.members:
            return True
        return writer in self.removed and kind_of(name) == "b"

    @property
    def doubted(self) -> frozenset[str]:
        """The listed objects that some computer found damaged, and own ones to be removed: nobody may rely on them."""
        proofs = {proof for name in self.listing if (proof := complained_of(name))}
        return frozenset(self.rubbish) | {name for name in self.listing if proofs and proof_in(name) in proofs}

    @property
    def rubbish(self) -> list[str]:
        """The listed own objects that are of no use any more."""
        return [name for name in self.kept("rubbish", []) if name in self.listing]

    def throw_away(self, names: Iterable[str]) -> None:
        """Note that own objects are of no use any more; they are removed in time."""
        self.keep(rubbish=sorted({*self.rubbish, *names}))

    def refuse(self, name: str, fault: CannotOpen) -> None:
        """Note that an object is of no use here, for ever: it is what its name says, so it is not damaged."""
        trouble = Trouble.NEWER if isinstance(fault, NewerFormat) else Trouble.FOREIGN
        self.find(trouble, name, str(fault))
        told = [VERSION, self.keys.epoch, trouble, str(fault)]
        self.keep(refused=self.kept("refused", {}) | {name: told})

    def forget_gone(self) -> None:
        """Forget what is known of objects that are no longer listed."""
        self.remember([], [name for name in self.known if name not in self.listing])
        for kept in ("damaged", "refused"):
            self.keep(**{kept: {name: told for name, told in self.kept(kept, {}).items() if name in self.listing}})

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

    def others(self) -> list[str]:
        """Return the names of the logs of other computers."""
        return [log for log in self.store.logs() if log != OWN_LOG]

    def follows(self, replica: str, last: int, chain: str) -> bool:
        """Say whether all entries of another's log up to one are here, those that this very chain value stands for.

        Values are kept only where everything before is here too; others are computed from the entries.
        """
        if (last, chain) in self.store.chains(replica, last):
            return True
        kept = self.store.chains(replica)
        begin = max((number for number, _ in kept if number < last), default=0)
        values = [value for number, value in kept if number == begin] or [""]
        for first in range(begin + 1, last + 1, _AT_ONCE):
            entries = self.store.entries(replica, first, min(first + _AT_ONCE - 1, last))
            if len(entries) != min(_AT_ONCE, last - first + 1):
                return False
            for entry in entries:
                values = [chained(value, line_of(entry), self.keys.chain_key) for value in values]
        if chain not in values:
            return False
        self.store.keep_chains(replica, [(last, chain)])
        return True


def trouble_of(fault: CannotOpen) -> Trouble:
    """Return the kind of trouble an object is that cannot be opened."""
    if isinstance(fault, NewerFormat):
        return Trouble.NEWER
    return Trouble.FOREIGN if isinstance(fault, NoKey) else Trouble.DAMAGED
