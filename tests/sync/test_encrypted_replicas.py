"""A computer whose library is encrypted shares it with one whose is not: neither knows, and nothing lies readable."""

from pathlib import Path

import pytest

from homepoint.storage.converting import SqliteConverting
from homepoint.storage.library import SqliteLibrary
from homepoint.storage.replication import SqliteReplica
from homepoint.sync.synchroniser import Synchroniser
from homepoint.system.attachments import Kept
from homepoint.system.attachments_sealed import SealedEvidenceStore
from tests import builders as make
from tests.sync.replicas import CHEAP, MemoryRemote, MemoryServer, Replica, settle
from tests.system.secret_search import find_secrets

KEY = bytes(range(32))
SECRETS = {"name": "Kestrel of the north", "file": "what the owner saw"}


def encrypt(replica: Replica) -> None:
    """Go on with a library that is encrypted."""
    replica.close()
    path, new = replica.folder / "library.sqlite", replica.folder / "new.sqlite"
    SqliteConverting().convert(path, None, new, KEY, lambda: None)
    new.replace(path)
    replica.library = SqliteLibrary(path, zone=make.BERLIN, person=replica.name.lower(), computer=replica.name, key=KEY)
    replica.store = SqliteReplica(path, key=KEY)
    replica.evidence = SealedEvidenceStore(replica.folder / "evidence", KEY)
    replica.sync = Synchroniser(
        replica.store,
        replica.evidence,
        replica.secrets,
        lambda _location, _password: MemoryRemote(replica.server),
        lambda: replica.now,
        computer=replica.name,
        person=replica.name.lower(),
        cost=CHEAP,
    )


@pytest.mark.parametrize("encrypted", ["Desk", "Laptop"])
def test_facts_undo_and_evidence_travel_both_ways(tmp_path: Path, encrypted: str) -> None:
    server = MemoryServer()
    desk, laptop = Replica(tmp_path / "desk", server, "Desk"), Replica(tmp_path / "laptop", server, "Laptop")
    sealed = desk if encrypted == "Desk" else laptop
    encrypt(sealed)
    proof = tmp_path / "proof.txt"
    proof.write_text(SECRETS["file"] * 1000)
    kept = desk.evidence.take_in(proof)
    desk.add(
        make.device("d1", nickname=SECRETS["name"]),
        make.attachment(of="d1", sha256=kept.sha256, size=kept.size),
    )
    desk.set_up()
    desk.round()
    laptop.join()
    settle(desk, laptop)
    laptop.rename("d1", "Another name for it")
    settle(desk, laptop)
    laptop.undo()
    settle(desk, laptop)
    assert desk.facts() == laptop.facts()
    assert desk.titles() == laptop.titles()
    assert laptop.evidence.check(kept.sha256) is desk.evidence.check(kept.sha256) is Kept.WHOLE
    desk.close()
    laptop.close()
    assert find_secrets(sealed.folder, SECRETS) == ()
