"""Computers that share a library, for the benchmarks: real files, real servers, and what each round read and wrote."""

import random
import shutil
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from homepoint.application.changes import Change, Edit
from homepoint.application.replication import Location, LogChange, LogEntry, RemoteKind, RoundReport
from homepoint.domain.facts import Channel, Device
from homepoint.domain.portable import instant_text
from homepoint.domain.values import DeviceId, Region
from homepoint.storage.library import SqliteLibrary
from homepoint.storage.mapping import to_text
from homepoint.storage.replication import SqliteReplica
from homepoint.storage.stamps import clock_at
from homepoint.sync.keys import Cost
from homepoint.sync.synchroniser import Synchroniser
from homepoint.sync.webdav import WebDavRemote
from homepoint.system.attachments import EvidenceStore

if TYPE_CHECKING:
    from tests.sync.servers import Servers

BEGIN = datetime.now(UTC).replace(microsecond=0)
"""Servers tell the time, and a computer that is not of one mind with them says so."""
FIELDS = ("model", "serial", "nickname", "region", "channel", "purchased_on", "received_on", "activated_at")
"""What is known of each device; its id and its status come on top."""
PASSPHRASE = "four words and a comma"
_AT_ONCE = 1_000


def devices(count: int, seed: int = 1) -> Iterator[Device]:
    """Yield devices with `FIELDS` known, most of them with random parts, so that they cannot be packed away."""
    rolled = random.Random(seed)
    for _ in range(count):
        yield Device(
            id=DeviceId(str(uuid.UUID(int=rolled.getrandbits(128), version=4))),
            model="DJI Mini 4 Pro",
            serial=f"1581F{rolled.getrandbits(60):015X}",
            nickname=f"Unit {rolled.getrandbits(40):010x}",
            region=Region("DE"),
            channel=Channel.DJI_STORE,
            purchased_on=(BEGIN - timedelta(days=rolled.randrange(100, 900))).date(),
            received_on=(BEGIN - timedelta(days=rolled.randrange(100))).date(),
            activated_at=BEGIN - timedelta(seconds=rolled.randrange(10**7)),
        )


def entries(count: int) -> Iterator[LogEntry]:
    """Yield edits that each add one device, a second after another, the last one before `BEGIN`."""
    rolled = random.Random(2)
    for number, device in enumerate(devices(count)):
        at = BEGIN - timedelta(seconds=count - number)
        clock = clock_at(at)
        change = LogChange(
            kind="devices", fact=device.id, device=device.id, place=clock, before=None, after=to_text(device)
        )
        yield LogEntry(
            stamp=f"{clock:016x}{rolled.getrandbits(40):010x}",
            at=instant_text(at),
            person="owner",
            computer="First",
            title="Added a device",
            undoes=None,
            changes=(change,),
        )


class Secrets(dict[str, str]):
    """A keyring in memory."""

    def set(self, name: str, value: str) -> None:
        """Keep a secret."""
        self[name] = value

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self.pop(name, None)


@dataclass(slots=True)
class Traffic:
    """What went over the wire: objects read by name, and bytes of objects each way."""

    read: dict[str, int] = field(default_factory=dict)
    written: int = 0

    @property
    def bytes_read(self) -> int:
        """How many bytes of objects were read."""
        return sum(self.read.values())


class WatchedRemote(WebDavRemote):
    """The product's own way to a server, which also notes what it carries."""

    def __init__(self, location: Location, password: str, traffic: Traffic) -> None:
        super().__init__(location.address, location.user, password)
        self._traffic = traffic

    def get(self, folder: str, name: str, largest: int) -> bytes:
        """Return an object."""
        content = super().get(folder, name, largest)
        self._traffic.read[name] = len(content)
        return content

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Write an object."""
        super().put(folder, name, content)
        self._traffic.written += len(content)


class Computer:
    """One computer: its library and its synchroniser. `traffic` is that of the last round."""

    def __init__(self, folder: Path, name: str, *, cost: Cost | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "homepoint.sqlite"
        self.traffic = Traffic()
        self.library = SqliteLibrary(self.path, zone=ZoneInfo("UTC"), person="owner", computer=name)
        self.store = SqliteReplica(self.path)
        self.sync = Synchroniser(
            self.store,
            EvidenceStore(folder / "evidence"),
            Secrets(),
            lambda location, password: WatchedRemote(location, password, self.traffic),
            lambda: datetime.now(UTC),
            computer=name,
            person="owner",
            cost=cost or Cost(memory_kib=64, passes=1, lanes=1),  # what a guess at the passphrase costs is not measured
        )

    def close(self) -> None:
        """Close the files."""
        self.store.close()
        self.library.close()

    def fill(self, count: int) -> None:
        """Give this computer a history of so many edits: what writing them one by one leaves, in far less time."""
        lot: list[LogEntry] = []
        first = 1
        for entry in entries(count):
            lot.append(entry)
            if len(lot) == _AT_ONCE:
                self.store.apply("f" * 24, first, lot)
                first, lot = first + len(lot), []
        self.store.apply("f" * 24, first, lot)
        self.store.forget_remote()  # which makes the history this computer's own

    def rename(self, id: str, nickname: str) -> None:
        """Make one edit."""
        before = self.library.get(Device, id)
        assert before is not None, "the device is here"
        change = Change(before=before, after=replace(before, nickname=nickname))
        self.library.write(Edit(title="Corrected a device", changes=(change,)), datetime.now(UTC))

    def round(self) -> RoundReport:
        """Carry out a round."""
        self.traffic = Traffic()
        report = self.sync.round()
        assert report.complete, report.findings
        assert not report.findings, report.findings
        return report


def settle(*computers: Computer) -> None:
    """Carry out rounds until none has anything to tidy up."""
    quiet = 0
    while quiet < 2 * len(computers):
        for computer in computers:
            quiet = quiet + 1 if computer.round().requests == 1 else 0


def servers() -> "Servers":
    """Return the servers that the tests start."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.sync.servers import Servers

    return Servers()


@dataclass(frozen=True, slots=True)
class Place:
    """A folder on a server, as clients see it and on this disk."""

    location: Location
    password: str
    folder: Path

    @property
    def objects(self) -> dict[str, Path]:
        """The files of the main folder by name."""
        return {path.name: path for path in (self.folder / "homepoint-sync/v1/l").glob("*.hp")}

    def remove_all_but(self, names: set[str]) -> None:
        """Take away what came since."""
        for name, path in self.objects.items():
            if name not in names:
                path.unlink()


def place(running: "Servers", server: str, name: str) -> Place:
    """Return a new, empty folder on a server, which is started when it must be."""
    found = running.get(server)
    shutil.rmtree(found.root / name, ignore_errors=True)
    address = found.make_folder(name)
    location = Location(kind=RemoteKind.WEBDAV, address=address, user=found.user)
    return Place(location, found.password, found.root / name)
