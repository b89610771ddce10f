"""Every remote, a folder or any real server, keeps one contract."""

import errno
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from homepoint.application.replication import Location, RemoteKind, Trouble
from homepoint.sync.folder import FolderRemote
from homepoint.sync.patience import Patience
from homepoint.sync.places import open_remote
from homepoint.sync.remote import Listed, NotThere, Remote, RemoteError
from tests.sync.fault_proxy import Fault, FaultProxy
from tests.sync.servers import NAMES, Server, Servers, give_away

NAME = "b-0123456789abcdef-0000000001-0000000002-0123456789abcdef-0123456789abcdef0123456789abcdef.hp"
LARGEST = 4_000_000


def _never(seconds: float) -> None:
    pytest.fail(f"nothing here is busy, but {seconds} seconds were to be waited")


@dataclass(frozen=True, kw_only=True)
class Place:
    """An empty folder of an owner: how it is reached, and where it is on this disk."""

    location: Location
    password: str
    disk: Path
    server: Server | None

    def open(self) -> Remote:
        return open_remote(self.location, self.password, Patience(sleep=_never))


@pytest.fixture(params=["folder", *NAMES])
def place(request: pytest.FixtureRequest, servers: Servers, unique_name: str, tmp_path: Path) -> Place:
    if request.param == "folder":
        location = Location(kind=RemoteKind.FOLDER, address=str(tmp_path))
        return Place(location=location, password="", disk=tmp_path, server=None)
    server = servers.get(request.param)
    location = Location(
        kind=RemoteKind.WEBDAV,
        address=server.make_folder(unique_name),
        user=server.user,
        certificates=server.certificates,
    )
    return Place(location=location, password=server.password, disk=server.root / unique_name, server=server)


@pytest.fixture
def remote(place: Place) -> Iterator[Remote]:
    opened = place.open()
    yield opened
    opened.close()


def _cost(remote: Remote, ask: Callable[[], object]) -> int:
    before = remote.requests
    ask()
    return remote.requests - before


def _filled(place: Place, sizes: Mapping[str, int]) -> Path:
    """Write files where a place keeps its objects, as another program does, and return that folder."""
    folder = place.disk / "homepoint-sync" / "v1" / "l"
    folder.mkdir(parents=True)
    give_away(folder)
    for name, size in sizes.items():
        (folder / name).write_bytes(b"x" * size)
    return folder


class TestEveryRemote:
    """What synchronising relies on."""

    def test_a_folder_that_was_never_made_is_not_there(self, remote: Remote) -> None:
        with pytest.raises(NotThere):
            remote.list("l")
        with pytest.raises(NotThere):
            remote.get("l", NAME, LARGEST)
        remote.delete("l", NAME)

    def test_the_first_object_makes_its_folder_and_a_page_for_people(self, remote: Remote, place: Place) -> None:
        remote.put("l", NAME, b"content")
        assert remote.list("l") == [Listed(name=NAME, size=7)]
        assert (place.disk / "homepoint-sync" / "v1" / "l" / NAME).read_bytes() == b"content"
        assert "do not rename" in (place.disk / "homepoint-sync" / "README.txt").read_text(encoding="utf-8")
        with pytest.raises(NotThere):
            remote.list("a")
        remote.put("a", "picture.hpa", b"")
        assert remote.list("a") == [Listed(name="picture.hpa", size=0)]

    def test_another_computer_reads_what_was_written(self, remote: Remote, place: Place) -> None:
        remote.put("l", NAME, b"content")
        other = place.open()
        assert other.list("l") == [Listed(name=NAME, size=7)]
        assert other.get("l", NAME, LARGEST) == b"content"
        other.close()

    @pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 3_000_000])
    def test_objects_of_every_size_come_back_byte_for_byte(self, size: int, remote: Remote) -> None:
        content = hashlib.shake_128(b"seed").digest(size)
        remote.put("l", NAME, content)
        assert remote.list("l") == [Listed(name=NAME, size=size)]
        assert remote.get("l", NAME, max(size, 1)) == content

    def test_an_object_larger_than_wanted_is_refused(self, remote: Remote) -> None:
        remote.put("l", NAME, b"12345")
        assert remote.get("l", NAME, 5) == b"12345"
        with pytest.raises(RemoteError, match="larger than 4 bytes") as refusal:
            remote.get("l", NAME, 4)
        assert refusal.value.trouble is Trouble.DAMAGED
        assert remote.get("l", NAME, 5) == b"12345", "the connection is fit for use after a refusal"

    def test_an_object_written_over_again_is_the_new_one(self, remote: Remote) -> None:
        remote.put("l", NAME, b"the first and longer")
        remote.put("l", NAME, b"the second")
        remote.put("l", NAME, b"the secone")
        assert remote.get("l", NAME, LARGEST) == b"the secone"
        assert remote.list("l") == [Listed(name=NAME, size=10)]

    def test_an_object_is_removed_once_and_removing_it_again_does_nothing(self, remote: Remote) -> None:
        remote.put("l", NAME, b"content")
        remote.delete("l", NAME)
        remote.delete("l", NAME)
        assert remote.list("l") == []
        with pytest.raises(NotThere):
            remote.get("l", NAME, LARGEST)

    def test_a_strangers_files_are_listed_too_but_nothing_else(self, remote: Remote, place: Place) -> None:
        conflict = "b-0001 (Zoë's conflicted copy 50% & more #2).hp"
        folder = _filled(place, {NAME: 7, conflict: 4, ".syncthing.b-0001.hp.tmp": 9})
        (folder / "a folder").mkdir()
        (folder / "a folder" / "deep.hp").write_bytes(b"deep")
        assert sorted(remote.list("l"), key=lambda file: file.size or 0) == [
            Listed(name=conflict, size=4),
            Listed(name=NAME, size=7),
        ]
        assert remote.get("l", conflict, 10) == b"xxxx"
        remote.delete("l", conflict)
        assert remote.list("l") == [Listed(name=NAME, size=7)]

    @pytest.mark.parametrize("place", ["folder", "apache", "wsgidav"], indirect=True)
    def test_a_thousand_objects_are_listed_in_one_request(self, remote: Remote, place: Place) -> None:
        sizes = {f"b-{number:04}.hp": number % 7 for number in range(1_000)}
        _filled(place, sizes)
        listing: list[Listed] = []
        assert _cost(remote, lambda: listing.extend(remote.list("l"))) == 1
        assert len(listing) == 1_000
        assert {file.name: file.size for file in listing} == sizes

    def test_each_thing_costs_one_request(self, remote: Remote) -> None:
        remote.put("l", NAME, b"content")
        assert _cost(remote, lambda: remote.list("l")) == 1
        assert _cost(remote, lambda: remote.get("l", NAME, LARGEST)) == 1
        assert _cost(remote, lambda: remote.put("l", "other.hp", b"content")) == 1
        assert _cost(remote, lambda: remote.delete("l", NAME)) == 1
        assert _cost(remote, lambda: remote.delete("l", NAME)) == 1

    @pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a\\b", "C:x", ".hidden", "~temporary", "a\nb"])
    def test_a_name_that_leads_elsewhere_is_never_asked_for(self, name: str, remote: Remote) -> None:
        for ask in (
            lambda: remote.get("l", name, 1),
            lambda: remote.put("l", name, b""),
            lambda: remote.delete("l", name),
        ):
            with pytest.raises(ValueError, match="called"):
                ask()

    def test_a_test_finds_nothing_lacking_and_leaves_nothing_behind(self, remote: Remote, place: Place) -> None:
        report = remote.test()
        assert report.lacks == ()
        assert not report.holds_a_library
        assert report.address == place.location.address
        assert list(place.disk.iterdir()) == []

    def test_a_test_sees_the_library_and_leaves_it_alone(self, remote: Remote, place: Place) -> None:
        remote.put("l", NAME, b"content")
        before = sorted(place.disk.rglob("*"))
        report = remote.test()
        assert report.holds_a_library
        assert report.lacks == ()
        assert sorted(place.disk.rglob("*")) == before


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest, servers: Servers) -> Server:
    return servers.get(request.param)


def _at(server: Server, address: str, password: str | None = None, certificates: str | None = None) -> Remote:
    location = Location(
        kind=RemoteKind.WEBDAV,
        address=address,
        user=server.user,
        certificates=certificates or server.certificates,
    )
    return open_remote(location, server.password if password is None else password, Patience(sleep=_never))


class TestEveryServer:
    """What goes wrong with servers alone."""

    def test_a_wrong_password_is_refused_at_once(self, server: Server) -> None:
        remote = _at(server, server.address, password="wrong")
        for ask in (remote.test, lambda: remote.list("l"), lambda: remote.put("l", NAME, b"content")):
            with pytest.raises(RemoteError, match="does not accept this user and password") as refusal:
                ask()
            assert refusal.value.trouble is Trouble.REFUSED
        remote.close()

    def test_an_address_without_a_folder_is_said_and_nothing_is_made_there(self, server: Server) -> None:
        remote = _at(server, f"{server.address}nowhere/at/all")
        assert remote.test().lacks == ("There is no folder at this address.",)
        with pytest.raises(NotThere):
            remote.list("l")
        with pytest.raises(RemoteError, match=r"There is no folder at .+/nowhere/at/all/") as refusal:
            remote.put("l", NAME, b"content")
        assert refusal.value.trouble is Trouble.SERVER
        assert not (server.root / "nowhere").exists()
        remote.close()

    def test_the_servers_clock_is_told(self, server: Server, unique_name: str) -> None:
        remote = _at(server, server.make_folder(unique_name))
        before = remote.server_time
        assert before is None
        remote.put("l", NAME, b"content")
        told = remote.server_time
        assert told is not None
        written = (server.root / unique_name / "homepoint-sync" / "v1" / "l" / NAME).stat().st_mtime
        assert abs(told.timestamp() - written) < 60
        remote.close()

    def test_a_path_with_spaces_and_letters_of_all_kinds_is_reached(self, server: Server, unique_name: str) -> None:
        server.make_folder(unique_name)
        address = server.make_folder(f"{unique_name}/Zoë's drönes & more 100%25")
        remote = _at(server, address.rstrip("/"))
        assert remote.test().lacks == ()
        remote.put("l", NAME, b"content")
        assert remote.list("l") == [Listed(name=NAME, size=7)]
        assert (server.root / unique_name / "Zoë's drönes & more 100%" / "homepoint-sync").is_dir()
        remote.close()

    @pytest.mark.parametrize("name", ["apache", "nginx", "rclone", "wsgidav"])
    def test_a_failed_upload_is_not_listed_at_its_full_size(
        self, name: str, servers: Servers, unique_name: str
    ) -> None:
        server = servers.get(name)
        direct = _at(server, server.make_folder(unique_name))
        direct.put("l", "first.hp", b"")
        with FaultProxy(server.port) as proxy:
            proxy.fail_at(1, Fault.CUT_REQUEST)
            remote = _at(server, f"{proxy.address}/{unique_name}")
            with pytest.raises(RemoteError) as failure:
                remote.put("l", NAME, b"x" * 200_000)
            assert failure.value.trouble is Trouble.OFFLINE
            remote.close()
        half = [file for file in direct.list("l") if file.name == NAME]
        if server.shows_half_uploads:
            assert all(file.size is not None and file.size < 200_000 for file in half)
        else:
            assert half == []
        direct.put("l", NAME, b"x" * 200_000)
        assert Listed(name=NAME, size=200_000) in direct.list("l")
        direct.close()


class TestTls:
    """Certificates are looked at, and what is wrong with them is said."""

    @pytest.fixture
    def server(self, servers: Servers) -> Server:
        return servers.get("apache-tls")

    def _remote(self, server: Server, host: str, certificates: str | None) -> Remote:
        address = f"https://{host}:{server.port}/"
        location = Location(kind=RemoteKind.WEBDAV, address=address, user=server.user, certificates=certificates)
        return open_remote(location, server.password, Patience(sleep=_never))

    def test_an_unknown_authority_is_not_trusted(self, server: Server) -> None:
        remote = self._remote(server, "127.0.0.1", None)
        with pytest.raises(RemoteError, match="authority this computer does not know") as refusal:
            remote.test()
        assert refusal.value.trouble is Trouble.SERVER
        remote.close()

    def test_a_certificate_for_another_name_is_not_trusted(self, server: Server) -> None:
        remote = self._remote(server, "localhost", server.certificates)
        with pytest.raises(RemoteError, match="made for another name"):
            remote.list("l")
        remote.close()

    def test_a_file_that_holds_no_certificates_is_refused(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "words.pem").write_text("no certificate", encoding="utf-8")
        for file in ("words.pem", "missing.pem"):
            with pytest.raises(RemoteError, match="is no file with certificates"):
                self._remote(server, "127.0.0.1", str(tmp_path / file))

    def test_a_server_that_speaks_no_tls_is_told_apart(self, servers: Servers) -> None:
        plain = servers.get("nginx")
        location = Location(kind=RemoteKind.WEBDAV, address=f"https://127.0.0.1:{plain.port}/")
        remote = open_remote(location, "")
        with pytest.raises(RemoteError, match=r"No safe connection \(TLS\) comes about") as refusal:
            remote.list("l")
        assert refusal.value.trouble is Trouble.SERVER
        remote.close()


class TestFolder:
    """What goes wrong with folders alone."""

    def test_a_drive_that_is_not_there_is_offline_and_not_made(self, tmp_path: Path) -> None:
        remote = FolderRemote(tmp_path / "drive")
        for ask in (
            remote.test,
            lambda: remote.list("l"),
            lambda: remote.get("l", NAME, 1),
            lambda: remote.put("l", NAME, b""),
            lambda: remote.delete("l", NAME),
        ):
            with pytest.raises(RemoteError, match="is its drive connected") as failure:
                ask()
            assert failure.value.trouble is Trouble.OFFLINE
        assert not (tmp_path / "drive").exists()
        assert remote.server_time is None

    @pytest.mark.parametrize(
        ("number", "trouble"),
        [
            (errno.ENOSPC, Trouble.FULL),
            (errno.EDQUOT, Trouble.FULL),
            (errno.EACCES, Trouble.REFUSED),
            (errno.EROFS, Trouble.REFUSED),
            (errno.EIO, Trouble.OFFLINE),
            (errno.ESTALE, Trouble.OFFLINE),
            (errno.EBUSY, Trouble.BUSY),
            (errno.ENAMETOOLONG, Trouble.SERVER),
        ],
    )
    def test_a_write_that_fails_leaves_the_object_as_it_was(
        self, number: int, trouble: Trouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A disk that fails on demand cannot be had; what fails here is the last step before the new name."""
        remote = FolderRemote(tmp_path)
        remote.put("l", NAME, b"before")

        def fail(_descriptor: int) -> None:
            raise OSError(number, os.strerror(number))

        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", fail)
            with pytest.raises(RemoteError) as failure:
                remote.put("l", NAME, b"after")
            with pytest.raises(RemoteError):
                remote.put("l", "new.hp", b"new")
            if trouble in (Trouble.OFFLINE, Trouble.BUSY):
                with pytest.raises(RemoteError):
                    remote.test()
            else:
                assert remote.test().lacks[0].startswith("It takes no files.")
        assert failure.value.trouble is trouble
        assert remote.get("l", NAME, 100) == b"before"
        assert [path.name for path in (tmp_path / "homepoint-sync" / "v1" / "l").iterdir()] == [NAME]
        assert [path.name for path in (tmp_path / "homepoint-sync" / "v1").iterdir()] == ["l"]

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
    def test_a_write_cut_off_half_way_leaves_nothing(self, tmp_path: Path) -> None:
        import resource

        remote = FolderRemote(tmp_path)
        remote.put("l", "first.hp", b"")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
        try:
            with pytest.raises(RemoteError):
                remote.put("l", NAME, b"x" * 3_000_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert [path.name for path in (tmp_path / "homepoint-sync" / "v1" / "l").iterdir()] == ["first.hp"]

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
    def test_other_users_of_a_shared_drive_can_read_what_is_written(self, tmp_path: Path) -> None:
        before = os.umask(0o022)
        try:
            FolderRemote(tmp_path).put("l", NAME, b"content")
        finally:
            os.umask(before)
        assert (tmp_path / "homepoint-sync" / "v1" / "l" / NAME).stat().st_mode & 0o777 == 0o644

    def test_what_a_computer_that_died_left_half_written_goes_after_a_day(self, tmp_path: Path) -> None:
        remote = FolderRemote(tmp_path)
        remote.put("l", NAME, b"content")
        folder = tmp_path / "homepoint-sync" / "v1" / "l"
        old, new = folder / ".old.hp.00000000.unfinished", folder / ".new.hp.00000000.unfinished"
        old.write_bytes(b"half")
        new.write_bytes(b"half")
        written = (folder / NAME).stat().st_mtime
        os.utime(old, (written - 2 * 86_400, written - 2 * 86_400))
        FolderRemote(tmp_path).put("l", NAME, b"content")
        assert not old.exists()
        assert new.exists()
        assert remote.list("l") == [Listed(name=NAME, size=7)]

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
    def test_pipes_and_links_are_no_objects(self, tmp_path: Path) -> None:
        remote = FolderRemote(tmp_path)
        remote.put("l", NAME, b"content")
        folder = tmp_path / "homepoint-sync" / "v1" / "l"
        os.mkfifo(folder / "pipe.hp")
        (folder / "link.hp").symlink_to(folder / NAME)
        assert remote.list("l") == [Listed(name=NAME, size=7)]
        for name in ("pipe.hp", "link.hp"):
            with pytest.raises(NotThere):
                remote.get("l", name, 100)

    def test_a_file_in_the_place_of_a_folder_is_a_clear_failure(self, tmp_path: Path) -> None:
        (tmp_path / "homepoint-sync").write_text("in the way", encoding="utf-8")
        with pytest.raises(RemoteError):
            FolderRemote(tmp_path).put("l", NAME, b"content")
