"""Whole rounds over every real server and a folder, and over a line that fails at every single request."""

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from homepoint.application.replication import Location, RemoteKind, Trouble
from homepoint.sync.patience import Patience
from homepoint.sync.places import open_remote
from tests import builders as make
from tests.sync.fault_proxy import Fault, FaultProxy
from tests.sync.replicas import PASSPHRASE, MemoryServer, Replica, settle
from tests.sync.servers import DIGEST_USER, NAMES, Servers

Make = Callable[[str], Replica]


def _open(patience: Patience) -> Callable[[Location, str], Any]:
    return lambda location, password: open_remote(location, password, patience)


def _no_wait(seconds: float) -> None:
    """Wait not at all: the line of a test recovers at once."""


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Make]:
    made: list[Replica] = []

    def one(name: str) -> Replica:
        replica = Replica(tmp_path / name, MemoryServer(), name, open_remote=_open(Patience(sleep=_no_wait)))
        made.append(replica)
        return replica

    yield one
    for each in made:
        each.close()


@pytest.fixture(params=["folder", *NAMES])
def place(request: pytest.FixtureRequest, servers: Servers, unique_name: str, tmp_path: Path) -> tuple[Location, str]:
    if request.param == "folder":
        shared = tmp_path / "shared"
        shared.mkdir()
        return Location(kind=RemoteKind.FOLDER, address=str(shared)), ""
    server = servers.get(request.param)
    location = Location(
        kind=RemoteKind.WEBDAV,
        address=server.make_folder(unique_name),
        user=server.user,
        certificates=server.certificates,
    )
    return location, server.password


def _attach(replica: Replica, id: str, content: bytes) -> str:
    source = replica.folder / f"{id}.jpg"
    source.write_bytes(content)
    stored = replica.evidence.take_in(source)
    attachment = make.attachment(
        id, of="d1", name=stored.name, media_type=stored.media_type, sha256=stored.sha256, size=stored.size
    )
    replica.add(attachment, title="Evidence kept")
    return stored.sha256


def test_three_computers_share_facts_history_and_evidence(place: tuple[Location, str], replica: Make) -> None:
    location, password = place
    desk, laptop, field = replica("Desk"), replica("Laptop"), replica("Field")
    desk.add(make.device("d1", nickname="Kestrel", serial="1581F6Z9C24AU0034SRD"))
    sha256 = _attach(desk, "f1", b"\xff\xd8 a photo" * 1000)
    code = desk.sync.set_up(location, password, PASSPHRASE)
    assert desk.round().complete
    laptop.sync.join(location, password, PASSPHRASE)
    field.sync.join(location, password, code)
    settle(desk, laptop, field)
    laptop.rename("d1", "Merlin")
    field.change("d1", region="US")
    laptop.undo()
    settle(desk, laptop, field)
    assert desk.facts() == laptop.facts() == field.facts()
    assert desk.titles() == laptop.titles() == field.titles()
    assert (desk.device("d1").nickname, desk.device("d1").region) == ("Kestrel", "US")
    for each in (laptop, field):
        assert each.evidence.path(sha256).read_bytes() == desk.evidence.path(sha256).read_bytes()
    assert desk.sync.verify().complete
    idle = [desk.round().requests for _ in range(40)][-1]
    assert idle <= (3 if location.user == DIGEST_USER else 2), "Digest's first request is for the question alone"
    found = {each.trouble for replica in (desk, laptop, field) for each in replica.sync.status().findings}
    assert found <= {Trouble.CLOCK}, "only the clocks of this test stand still"


def test_a_removed_computer_reads_no_more_and_the_others_go_on(place: tuple[Location, str], replica: Make) -> None:
    location, password = place
    desk, laptop, field = replica("Desk"), replica("Laptop"), replica("Field")
    desk.add(make.device("d1", nickname="Kestrel"))
    desk.sync.set_up(location, password, PASSPHRASE)
    assert desk.round().complete
    for each in (laptop, field):
        each.sync.join(location, password, PASSPHRASE)
    settle(desk, laptop, field)
    desk.sync.remove("Field", "a new passphrase, long enough")
    desk.rename("d1", "Not for Field")
    settle(desk, laptop)
    laptop.rename("d1", "From Laptop")
    settle(desk, laptop)
    assert desk.device("d1").nickname == "From Laptop"
    field.rename("d1", "From Field")
    report = field.round()
    assert Trouble.REMOVED in {each.trouble for each in report.findings}
    assert field.device("d1").nickname == "From Field"
    settle(desk, laptop)
    assert desk.device("d1").nickname == "From Laptop"


FAULTS = [each for each in Fault if each is not Fault.DELAY]
SPOILED = [*(("apache", fault) for fault in FAULTS), ("wsgidav", Fault.CUT_REQUEST), ("wsgidav", Fault.CUT_RESPONSE)]
"""What does not depend on the server is tried with the fast one; half an upload stays behind with the other alone."""


@pytest.mark.parametrize(("name", "fault"), SPOILED, ids=[f"{fault.name.lower()}-{name}" for name, fault in SPOILED])
def test_whatever_request_of_a_round_fails_the_next_round_completes(
    name: str, fault: Fault, servers: Servers, unique_name: str, replica: Make
) -> None:
    """A round that receives, sends a change with evidence, and tidies up; each of its requests spoiled once."""
    server = servers.get(name)
    direct = Location(kind=RemoteKind.WEBDAV, address=server.make_folder(unique_name), user=server.user)
    desk, laptop = replica("Desk"), replica("Laptop")
    desk.add(make.device("d1", nickname="Kestrel"))
    desk.sync.set_up(direct, server.password, PASSPHRASE)
    assert desk.round().complete
    with FaultProxy(server.port) as proxy:
        through = Location(kind=RemoteKind.WEBDAV, address=f"{proxy.address}/{unique_name}/", user=server.user)
        laptop.sync.join(through, server.password, PASSPHRASE)
        settle(laptop, desk)
        for number in itertools.count(1):
            desk.rename("d1", f"From the desk {number}")
            assert desk.round().complete
            laptop.change("d1", region=("US", "DE")[number % 2])
            _attach(laptop, f"f{number}", f"photo {number} {fault}".encode())
            proxy.reset()
            proxy.fail_at(number, fault)
            laptop.round()
            spoiled = proxy.count >= number
            if fault is Fault.LATE:
                proxy.release()
            proxy.reset()
            assert laptop.round().complete
            assert desk.round().complete
            assert desk.facts() == laptop.facts(), f"request {number}"
            assert desk.device("d1").nickname == f"From the desk {number}"
            if not spoiled:
                break
        assert number > 5, "a round makes more requests than that"


def _release_when_held(proxy: FaultProxy) -> None:
    proxy.held.wait(30)
    proxy.release()


def test_a_delayed_answer_is_waited_for(servers: Servers, unique_name: str, replica: Make) -> None:
    server = servers.get("apache")
    desk = replica("Desk")
    desk.add(make.device("d1"))
    with FaultProxy(server.port) as proxy:
        server.make_folder(unique_name)
        through = Location(kind=RemoteKind.WEBDAV, address=f"{proxy.address}/{unique_name}/", user=server.user)
        desk.sync.set_up(through, server.password, PASSPHRASE)
        proxy.reset()
        proxy.fail_at(1, Fault.DELAY)
        letting_go = threading.Thread(target=_release_when_held, args=(proxy,))
        letting_go.start()
        assert desk.round().complete
        letting_go.join()
        assert proxy.held.is_set()
