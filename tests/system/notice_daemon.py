"""A scripted notification daemon on a real bus, for what dunst cannot be made to do; it takes only the exact types."""

from concurrent.futures import Future
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from jeepney import (  # type: ignore[import-untyped]  # jeepney ships no types
    DBusAddress,
    HeaderFields,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]  # as above
from jeepney.io.threading import (  # type: ignore[import-untyped]  # as above
    DBusRouter,
    Proxy,
    ReceiveStopped,
    open_dbus_connection,
)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One call of Notify, as it came."""

    title: str
    body: str
    actions: list[str]
    hints: dict[str, Any]


class NoticeDaemon:
    """Owns the name and answers while in the `with`."""

    def __init__(self, can: list[str] | None = None, *, name: str = NAME, is_silent: bool = False) -> None:
        self._can = ["body", "body-markup", "actions"] if can is None else can
        self._is_silent = is_silent
        self._bus = open_dbus_connection("SESSION")
        with DBusRouter(self._bus) as router:
            Proxy(message_bus, router, timeout=10).RequestName(name)
        self._sent: Future[Sent] = Future()
        self._ended = Event()
        self._count = 40
        self.last_sender = ""
        self._thread = Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "NoticeDaemon":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._ended.is_set():
            self._bus.interrupt()
        self._thread.join(10)
        self._bus.close()

    def sent(self) -> Sent:
        """Wait for the first notice and return it."""
        return self._sent.result(10)

    def wait(self) -> None:
        """Wait until the bus has ended."""
        assert self._ended.wait(10)

    def emit(self, signal: str, signature: str, body: tuple[Any, ...], to: str | None = None) -> None:
        """Tell the one who sent the last notice something, as daemons do."""
        message = new_signal(DBusAddress(PATH, interface=NAME), signal, signature, body)
        message.header.fields[HeaderFields.destination] = to or self.last_sender
        self._bus.send(message)

    def _serve(self) -> None:
        try:
            while True:
                message = self._bus.receive()
                if message.header.message_type is MessageType.method_call and not self._is_silent:
                    self._bus.send(self._answer(message))
        except (ReceiveStopped, OSError):
            self._ended.set()

    def _answer(self, call: Any) -> Any:
        member = call.header.fields.get(HeaderFields.member)
        if member == "GetServerInformation":
            return new_method_return(call, "ssss", ("scripted", "tests", "1", "1.2"))
        if member == "GetCapabilities":
            return new_method_return(call, "as", (self._can,))
        if member == "Notify" and call.header.fields.get(HeaderFields.signature) == "susssasa{sv}i":
            self._count += 1
            self.last_sender = call.header.fields[HeaderFields.sender]
            _, _, _, title, body, actions, hints, _ = call.body
            if not self._sent.done():
                self._sent.set_result(Sent(title=title, body=body, actions=actions, hints=hints))
            return new_method_return(call, "u", (self._count,))
        if member == "CloseNotification":
            return new_method_return(call)
        return new_error(call, "org.freedesktop.DBus.Error.InvalidArgs")
