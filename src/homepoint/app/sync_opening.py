"""Opens what synchronising needs, in the thread that will use it: nothing of it is imported before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from homepoint.application.problems import HomepointError
from homepoint.application.replication import EvidenceFiles, SecretStore, Synchronisation
from homepoint.system.people import computer, person


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSync:
    """Synchronisation of one library, and how to let go of its file."""

    sync: Synchronisation
    close: Callable[[], None]


def open_sync(
    library: Path,
    evidence: EvidenceFiles,
    secrets: SecretStore,
    clock: Callable[[], datetime],
    key: bytes | None = None,
) -> OpenedSync:
    """Return the synchronisation of a library's file, on a connection of its own; `key` where it is encrypted.

    Raises:
        HomepointError: the file cannot be opened.
    """
    from homepoint.storage.replication import SqliteReplica
    from homepoint.sync.places import open_remote
    from homepoint.sync.synchroniser import Synchroniser

    replica = SqliteReplica(library, key=key)
    sync = Synchroniser(replica, evidence, secrets, open_remote, clock, computer=computer(), person=person())
    return OpenedSync(sync=sync, close=replica.close)


def invitation_in(picture: bytes) -> str:
    """Return the invitation in a picture.

    Raises:
        HomepointError: it is no picture, or there is none in it.
    """
    from homepoint.intake.codes import read_texts
    from homepoint.sync.invitations import PREFIX

    for text in read_texts(picture):
        if text.startswith(PREFIX):
            return text
    raise HomepointError(
        "There is no invitation of Homepoint's in this picture.", "Show the whole code, sharp and straight."
    )
