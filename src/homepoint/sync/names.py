"""What objects at the remote are called: a name says whose it is, which entries it holds, and proves its content."""

import hashlib
import re
from dataclasses import dataclass

LOGS, EVIDENCE = "l", "a"
"""The folders of the remote: everything but evidence lies in the first, so that one listing shows it all."""

SUFFIX = ".hp"
REPLICA_DIGITS = 24
PROOF_DIGITS = 32

_REPLICA = rf"(?P<replica>[0-9a-f]{{{REPLICA_DIGITS}}})"
_PROOF = rf"(?P<proof>[0-9a-f]{{{PROOF_DIGITS}}})"
_NAME = re.compile(
    rf"(?:b-{_REPLICA}-(?P<first>\d{{10}})-(?P<last>\d{{10}})-(?P<chain>[0-9a-f]{{32}})"
    r"|(?P<other>[a-z])-(?P<rest>[0-9a-z-]{1,80}))"
    rf"-{_PROOF}\.hp"
)
_COMPLAINT = re.compile(rf"q-{_REPLICA}-(?P<about>[0-9a-f]{{{PROOF_DIGITS}}})-{_PROOF}\.hp")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchName:
    """The name of a batch: entries `first` to `last` of a replica's log, and its chain value after the last one."""

    name: str
    replica: str
    first: int
    last: int
    chain: str


def batch_label(replica: str, first: int, last: int, chain: str) -> str:
    """Return the part of a batch's name that stands before its proof."""
    return f"b-{replica}-{first:010}-{last:010}-{chain}"


def named(label: str, content: bytes) -> str:
    """Return the name of an object: its label and the beginning of its content's SHA-256."""
    return f"{label}-{proof_of(content)}{SUFFIX}"


def proof_of(content: bytes) -> str:
    """Return what a name proves of its content."""
    return hashlib.sha256(content).hexdigest()[:PROOF_DIGITS]


def label_of(name: str) -> str:
    """Return the label of an object's name."""
    return name[: -len(SUFFIX) - PROOF_DIGITS - 1]


def proof_in(name: str) -> str:
    """Return the proof in an object's name."""
    return name[-len(SUFFIX) - PROOF_DIGITS : -len(SUFFIX)]


def is_proved(name: str, content: bytes) -> bool:
    """Say whether a content is what the name says."""
    return name == named(label_of(name), content)


def complained_of(name: str) -> str:
    """Return the proof in the name of the object that a complaint is about; "" for what is no complaint."""
    found = _COMPLAINT.fullmatch(name)
    return "" if found is None else found["about"]


def complaint_label(replica: str, about: str) -> str:
    """Return the label of a computer's complaint about an object."""
    return f"q-{replica}-{proof_in(about)}"


def kind_of(name: str) -> str:
    """Return the letter that says what an object is: b a batch, s a summary, p its part, c a computer, k a key,
    q a complaint; "" for what is no object of Homepoint."""
    found = _NAME.fullmatch(name)
    if found is None:
        return ""
    return "b" if found["other"] is None else found["other"]


def batch_name(name: str) -> BatchName | None:
    """Read a batch's name; None where it is none."""
    found = _NAME.fullmatch(name)
    if found is None or found["replica"] is None:
        return None
    first, last = int(found["first"]), int(found["last"])
    if not 1 <= first <= last:
        return None
    return BatchName(name=name, replica=found["replica"], first=first, last=last, chain=found["chain"])


def replica_in(name: str) -> str:
    """Return the replica that a name says wrote the object; "" where it names none."""
    part = name.split("-", 2)[1] if name.count("-") >= 2 else ""
    return part if re.fullmatch(rf"[0-9a-f]{{{REPLICA_DIGITS}}}", part) else ""
