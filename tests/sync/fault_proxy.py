"""Stands between a client and a real server and spoils chosen requests: fails, cuts, holds back or repeats them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from types import TracebackType

_SECONDS = 30
"""How long anything is waited for at most, so that a test that went wrong ends."""


class Fault(Enum):
    """What can happen to a request, once."""

    FAIL = "the connection is closed before the server hears of it"
    CUT_REQUEST = "half of the request reaches the server, then the connection breaks at both ends"
    CUT_RESPONSE = "the server does it, and half of its answer comes back"
    DROP_RESPONSE = "the server does it, and nothing comes back"
    DELAY = "it is held until release(), and the client waits"
    LATE = "the client hears nothing, and the server hears of it only at release()"
    REPEAT = "the server gets it twice, and its second answer comes back"


@dataclass(frozen=True, slots=True)
class _Message:
    """One HTTP request or answer, as its bytes."""

    head: bytes
    body: bytes

    def half(self) -> bytes:
        """Return it up to the middle of its body, or of its first line where there is none."""
        if self.body:
            return self.head + self.body[: len(self.body) // 2]
        return self.head[: self.head.index(b"\r\n") // 2]


class FaultProxy:
    """Passes requests on to a server on this computer, each over a connection of its own. Close it at the end.

    Requests are counted from 1, in the order in which they arrive. Requests must have a Content-Length where they have
    a body, as Homepoint's do; every answer ends its connection.

    Attributes:
        held: set as soon as a request is held back by DELAY or LATE.
    """

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._faults: dict[int, Fault] = {}
        self._seen: list[str] = []
        self._late: list[_Message] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        self.held = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, name="fault proxy", daemon=True)
        self._acceptor.start()

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self._listener.getsockname()[1])

    @property
    def address(self) -> str:
        """The address to use instead of the server's, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def count(self) -> int:
        """How many requests arrived since the beginning or the last reset."""
        return len(self._seen)

    @property
    def seen(self) -> tuple[str, ...]:
        """The requests that arrived, each as its method and path."""
        return tuple(self._seen)

    def fail_at(self, number: int, fault: Fault) -> None:
        """Let a fault happen to the request of this number."""
        with self._lock:
            self._faults[number] = fault

    def release(self) -> None:
        """Let go of the requests that are held back; those whose client left reach the server before this returns."""
        self._released.set()
        with self._lock:
            late, self._late = self._late, []
        for request in late:
            self._hand_on(request)

    def reset(self) -> None:
        """Begin to count anew, without any fault; requests held back for the server alone are forgotten."""
        with self._lock:
            self._faults.clear()
            self._seen.clear()
            self._late.clear()
        self.held.clear()
        self._released.clear()

    def close(self) -> None:
        """Stop listening and let everybody go."""
        self._released.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join(_SECONDS)
        for thread in self._threads:
            thread.join(_SECONDS)

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()] + [thread]
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(_SECONDS)
        with client, suppress(OSError):  # a client may leave at any time
            request = _read_request(client)
            if request is None:
                return
            with self._lock:
                self._seen.append(b" ".join(request.head.split(b" ", 2)[:2]).decode("latin-1"))
                fault = self._faults.get(len(self._seen))
            client.sendall(self._answer(request, fault))

    def _answer(self, request: _Message, fault: Fault | None) -> bytes:
        """Return what the client gets to hear."""
        match fault:
            case Fault.FAIL:
                return b""
            case Fault.CUT_REQUEST:
                with self._server() as server:
                    server.sendall(request.half())
                    _hang_up(server)
                return b""
            case Fault.CUT_RESPONSE:
                return _split(self._hand_on(request)).half()
            case Fault.DROP_RESPONSE:
                self._hand_on(request)
                return b""
            case Fault.DELAY:
                self.held.set()
                self._released.wait(_SECONDS)
            case Fault.LATE:
                with self._lock:
                    self._late.append(request)
                self.held.set()
                return b""
            case Fault.REPEAT:
                self._hand_on(request)
        return self._hand_on(request)

    def _hand_on(self, request: _Message) -> bytes:
        """Return the server's whole answer."""
        with self._server() as server:
            server.sendall(request.head + request.body)
            return _read_all(server)

    @contextmanager
    def _server(self) -> Iterator[socket.socket]:
        with socket.create_connection(self._target, timeout=_SECONDS) as server:
            yield server


def _read_request(client: socket.socket) -> _Message | None:
    """Return a client's request, changed so that the server ends the connection; None where the client just left."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return None
        data += piece
    message = _split(data)
    lines = message.head.rstrip(b"\r\n").split(b"\r\n")
    length = 0
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body = bytearray(message.body)
    while len(body) < length:
        piece = client.recv(65536)
        if not piece:
            return None
        body += piece
    kept = [line for line in lines if not line.lower().startswith((b"connection:", b"keep-alive:"))]
    return _Message(b"\r\n".join([*kept, b"Connection: close", b"", b""]), bytes(body))


def _split(data: bytes) -> _Message:
    head, end, body = data.partition(b"\r\n\r\n")
    return _Message(head + end, body)


def _read_all(server: socket.socket) -> bytes:
    data = bytearray()
    while piece := server.recv(65536):
        data += piece
    return bytes(data)


def _hang_up(server: socket.socket) -> None:
    """Break a connection off, and wait until the server has dealt with that."""
    with suppress(OSError):
        server.shutdown(socket.SHUT_WR)
        _read_all(server)
