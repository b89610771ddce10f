"""The fault proxy does to a real server's requests what it promises, and nothing else."""

import threading
from collections.abc import Iterator

import pytest

from homepoint.application.replication import Trouble
from homepoint.sync import web_connection
from homepoint.sync.patience import Patience
from homepoint.sync.remote import RemoteError
from homepoint.sync.webdav import WebDavRemote
from tests.sync.fault_proxy import Fault, FaultProxy
from tests.sync.servers import Server, Servers

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def server(servers: Servers) -> Server:
    return servers.get("nginx")


@pytest.fixture
def proxy(server: Server) -> Iterator[FaultProxy]:
    with FaultProxy(server.port) as between:
        yield between


@pytest.fixture
def folder(server: Server, unique_name: str) -> str:
    server.make_folder(unique_name)
    return unique_name


@pytest.fixture
def remote(server: Server, proxy: FaultProxy, folder: str) -> Iterator[WebDavRemote]:
    """A remote that reaches the server through the proxy, its folders made."""
    opened = WebDavRemote(f"{proxy.address}/{folder}", server.user, server.password, patience=Patience(tries=1))
    opened.put("l", "first.hp", b"")
    proxy.reset()
    yield opened
    opened.close()


@pytest.fixture
def direct(server: Server, folder: str) -> Iterator[WebDavRemote]:
    """The same folder without the proxy."""
    opened = WebDavRemote(server.address + folder, server.user, server.password, patience=Patience(tries=1))
    yield opened
    opened.close()


def _names(remote: WebDavRemote) -> set[str]:
    return {file.name for file in remote.list("l")} - {"first.hp"}


def test_without_a_fault_everything_passes_and_is_counted(proxy: FaultProxy, remote: WebDavRemote) -> None:
    remote.put("l", "a.hp", CONTENT)
    assert remote.get("l", "a.hp", len(CONTENT)) == CONTENT
    assert _names(remote) == {"a.hp"}
    remote.delete("l", "a.hp")
    assert [line.split()[0] for line in proxy.seen] == ["PUT", "GET", "PROPFIND", "DELETE"]
    assert proxy.count == 4
    proxy.reset()
    assert proxy.count == 0


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [(Fault.FAIL, False), (Fault.CUT_REQUEST, False), (Fault.CUT_RESPONSE, True), (Fault.DROP_RESPONSE, True)],
)
def test_a_spoilt_upload_fails_once_whether_or_not_it_arrives(
    fault: Fault, arrives: bool, proxy: FaultProxy, remote: WebDavRemote, direct: WebDavRemote
) -> None:
    proxy.fail_at(2, fault)
    remote.put("l", "a.hp", CONTENT)
    with pytest.raises(RemoteError) as failure:
        remote.put("l", "b.hp", CONTENT)
    assert failure.value.trouble is Trouble.OFFLINE
    assert _names(direct) == ({"a.hp", "b.hp"} if arrives else {"a.hp"})
    remote.put("l", "b.hp", CONTENT)
    assert direct.get("l", "b.hp", len(CONTENT)) == CONTENT


@pytest.mark.parametrize("fault", [Fault.FAIL, Fault.CUT_REQUEST, Fault.CUT_RESPONSE, Fault.DROP_RESPONSE])
@pytest.mark.parametrize("method", ["list", "get", "delete"])
def test_every_other_request_can_be_spoilt_too(
    method: str, fault: Fault, proxy: FaultProxy, remote: WebDavRemote
) -> None:
    remote.put("l", "a.hp", CONTENT)
    proxy.reset()
    proxy.fail_at(1, fault)
    arguments = {"list": ("l",), "get": ("l", "a.hp", len(CONTENT)), "delete": ("l", "a.hp")}[method]
    with pytest.raises(RemoteError) as failure:
        getattr(remote, method)(*arguments)
    assert failure.value.trouble is Trouble.OFFLINE
    assert proxy.count == 1


def test_a_repeated_request_reaches_the_server_twice(
    proxy: FaultProxy, remote: WebDavRemote, direct: WebDavRemote
) -> None:
    direct.put("l", "a.hp", b"")
    proxy.fail_at(1, Fault.REPEAT)
    remote.delete("l", "a.hp")  # the second answer is that it is gone
    assert _names(direct) == set()
    assert proxy.count == 1


def test_a_delayed_request_waits_for_its_release(proxy: FaultProxy, remote: WebDavRemote, direct: WebDavRemote) -> None:
    proxy.fail_at(1, Fault.DELAY)
    upload = threading.Thread(target=remote.put, args=("l", "a.hp", CONTENT))
    upload.start()
    assert proxy.held.wait(10)
    assert _names(direct) == set()
    proxy.release()
    upload.join(10)
    assert _names(direct) == {"a.hp"}


def test_a_late_request_reaches_the_server_after_the_client_gave_up(
    proxy: FaultProxy, remote: WebDavRemote, direct: WebDavRemote
) -> None:
    proxy.fail_at(1, Fault.LATE)
    with pytest.raises(RemoteError):
        remote.put("l", "a.hp", CONTENT)
    assert proxy.held.is_set()
    assert _names(direct) == set()
    proxy.release()
    assert _names(direct) == {"a.hp"}


def test_a_server_that_says_nothing_is_waited_for_only_so_long(
    proxy: FaultProxy, remote: WebDavRemote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_connection, "SECONDS_OF_SILENCE", 0.05)
    proxy.fail_at(1, Fault.DELAY)
    with pytest.raises(RemoteError, match="did not answer in time") as failure:
        remote.list("l")
    assert failure.value.trouble is Trouble.OFFLINE
    proxy.release()
