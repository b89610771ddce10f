"""Notices through the desktop's own notification daemon (org.freedesktop.Notifications), with answers."""

import html
import itertools
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread, current_thread
from typing import Any, Final

from jeepney import (  # type: ignore[import-untyped]  # jeepney ships no types
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    new_method_call,
)
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]  # as above
from jeepney.io.threading import (  # type: ignore[import-untyped]  # as above
    ReceiveStopped,
    open_dbus_connection,
)

from homepoint.application.notices import (
    ACTION_WORDS,
    Notice,
    NoticeAbility,
    NoticeAction,
    NoticeAnswered,
    NoticeClosed,
    NoticeEvent,
    NoticesChanged,
    TellNotice,
)
from homepoint.system.logs import log_fault

NAME: Final = "org.freedesktop.Notifications"
DESKTOP_ENTRY: Final = "homepoint"
PATIENCE_S: Final = 5.0
"""How long an answer of the daemon is waited for; the first call may have to start it."""

NO_BUS: Final = "This session has no message bus."
NO_DAEMON: Final = "This desktop shows no notifications."

_DAEMON: Final = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface=NAME)
_NOTIFY: Final = "susssasa{sv}i"  # exactly this: dunst refuses a signed number for the notice that is replaced
_BY_DEFAULT: Final = -1
_NORMAL, _CRITICAL = 1, 2
_DISMISSED: Final = 2
_CLICK: Final = "default"

_CANNOT_CONNECT = (KeyError, OSError, RuntimeError, StopIteration, ValueError)
"""What jeepney raises without an address, a socket, a way it knows, or a bus that lets us in."""


class _NoReplyError(Exception):
    """The daemon said no, or nothing in time, or the bus is gone."""


@dataclass(slots=True, kw_only=True)
class _Waiting:
    reply: "Future[Message]" = field(default_factory=Future)
    key: str | None = None  # of the notice whose number the reply brings


class DesktopNotices:
    """`Notices` on the session bus.

    Answers come from the daemon only to the connection that sent the notice, so one connection is kept and read by a
    thread of its own. `tell` is called from that thread and must neither wait nor call back into this object. Calls may
    come from any thread; each may take up to `PATIENCE_S` where the daemon is being started, so not from one that
    paints.
    """

    def __init__(self, tell: TellNotice) -> None:
        """Make it; nothing is opened before `connect` or `send`."""
        self._tell = tell
        self._opening = Lock()
        self._state = Lock()
        self._bus: Any = None
        self._reader: Thread | None = None
        self._ability: NoticeAbility | None = None
        self._has_markup = False
        self._owner = ""
        self._keys: dict[int, str] = {}
        self._activations: dict[int, str] = {}
        self._answered: set[int] = set()
        self._waiting: dict[int, _Waiting] = {}
        self._is_closed = False

    def connect(self) -> NoticeAbility:
        """Find the daemon, starting it where the desktop does so on demand, and say what it can do."""
        with self._opening:
            if self._ability is not None:
                return self._ability
            if not self._open_bus():
                return NoticeAbility(problem=NO_BUS)
            try:
                who = self._call("GetServerInformation")
                can = set(self._call("GetCapabilities").body[0])
            except _NoReplyError:
                return NoticeAbility(problem=NO_DAEMON if self._bus is not None else NO_BUS)
            ability = NoticeAbility(name=who.body[0], has_actions="actions" in can, has_body="body" in can)
            with self._state:
                self._owner = who.header.fields.get(HeaderFields.sender, "")
                self._has_markup = "body-markup" in can
                self._ability = ability
            return ability

    def send(self, notice: Notice) -> int | None:
        """Show a notice, in place of an earlier one with the same key, and return its number there.

        None means that nobody could show it: tell the owner in the window instead.
        """
        ability = self.connect()
        if not ability.is_available:
            return None
        try:
            reply = self._call("Notify", _NOTIFY, self._notify_body(notice, ability), key=notice.key)
        except _NoReplyError:
            return None
        number: int = reply.body[0]
        return number

    def withdraw(self, key: str) -> None:
        """Take a notice off the screen, if it is still there."""
        number = self._number_of(key)
        if number:
            with suppress(_NoReplyError):  # it may have gone by itself just now, or the daemon with it
                self._call("CloseNotification", "u", (number,))

    def close(self) -> None:
        """Let go of the bus. Nothing is told once this has returned."""
        with self._state:
            self._is_closed = True
            bus, reader = self._bus, self._reader
            if bus is None or reader is None:
                return
            bus.interrupt()
        if reader is not current_thread():
            reader.join(PATIENCE_S)

    # Calls, from any thread.

    def _notify_body(self, notice: Notice, ability: NoticeAbility) -> tuple[object, ...]:
        title, body = notice.title, notice.body
        if not ability.has_body and body:
            title, body = f"{title}: {body}", ""
        if self._has_markup:
            body = html.escape(body, quote=False)
        actions: list[str] = []
        if ability.has_actions:
            buttons = ((action.value, word) for action, word in ACTION_WORDS.items())
            actions = [_CLICK, ACTION_WORDS[NoticeAction.OPEN], *itertools.chain.from_iterable(buttons)]
        hints = {
            "urgency": ("y", _CRITICAL if notice.urgent else _NORMAL),
            "desktop-entry": ("s", DESKTOP_ENTRY),
        }
        replaced = self._number_of(notice.key)
        return "Homepoint", replaced, DESKTOP_ENTRY, title, body, actions, hints, _BY_DEFAULT

    def _call(
        self, method: str, signature: str | None = None, body: tuple[object, ...] = (), *, key: str | None = None
    ) -> Message:
        return self._ask(new_method_call(_DAEMON, method, signature, body), key)

    def _ask(self, message: Message, key: str | None = None) -> Message:
        waiting = _Waiting(key=key)
        bus = self._bus
        if bus is None:
            raise _NoReplyError
        serial = next(bus.outgoing_serial)
        with self._state:
            self._waiting[serial] = waiting
        try:
            bus.send(message, serial=serial)
            reply = waiting.reply.result(PATIENCE_S)
        except (OSError, ValueError) as error:  # nothing came in time, or the bus is gone
            raise _NoReplyError from error
        finally:
            with self._state:
                self._waiting.pop(serial, None)
        if reply.header.message_type is MessageType.error:
            raise _NoReplyError
        return reply

    def _number_of(self, key: str) -> int:
        """Return the number a key's notice has on the screen, 0 for none."""
        with self._state:
            return next((number for number, each in self._keys.items() if each == key), 0)

    def _open_bus(self) -> bool:
        """Open the connection, if it is not, and say whether there is one."""
        if self._bus is not None:
            return True
        try:
            bus = open_dbus_connection("SESSION")
        except _CANNOT_CONNECT:
            return False
        with self._state:
            if self._is_closed:
                bus.close()
                return False
            self._bus = bus
            self._reader = Thread(target=self._read, args=(bus,), name="homepoint-notices", daemon=True)
            self._reader.start()
        watch = MatchRule(type="signal", sender="org.freedesktop.DBus", member="NameOwnerChanged")
        watch.add_arg_condition(0, NAME)
        try:
            self._ask(message_bus.AddMatch(watch))
            self._ask(message_bus.AddMatch(MatchRule(type="signal", sender=NAME, interface=NAME)))
        except _NoReplyError:
            return self._bus is not None
        return True

    # The reading thread.

    def _read(self, bus: Any) -> None:
        try:
            while True:
                self._take(bus.receive())
        except (ReceiveStopped, OSError, ValueError):  # closed, or the bus has ended: the session is over
            self._forget_bus(bus)
        self._tell_safely(NoticesChanged(is_there=False))

    def _take(self, message: Message) -> None:
        fields = message.header.fields
        if message.header.message_type in (MessageType.method_return, MessageType.error):
            self._take_reply(message)
        elif message.header.message_type is MessageType.signal:
            sender = fields.get(HeaderFields.sender)
            event = self._event(sender, fields.get(HeaderFields.member), message.body)
            if isinstance(event, NoticeAnswered):
                self._clear_away(message.body[0])
            if event is not None:
                self._tell_safely(event)

    def _take_reply(self, message: Message) -> None:
        """Hand a reply to who waits; a notice's number is noted first, for its answer may be the next message."""
        with self._state:
            waiting = self._waiting.pop(message.header.fields.get(HeaderFields.reply_serial, -1), None)
            if waiting is None:
                return
            if waiting.key is not None and message.header.message_type is MessageType.method_return:
                number = message.body[0]
                self._owner = message.header.fields.get(HeaderFields.sender, "")
                self._keys = {each: key for each, key in self._keys.items() if key != waiting.key}
                self._keys[number] = waiting.key
                self._answered.discard(number)
        waiting.reply.set_result(message)

    def _event(self, sender: str | None, member: str | None, body: tuple[Any, ...]) -> NoticeEvent | None:
        if sender == "org.freedesktop.DBus":
            return self._owner_changed(body) if member == "NameOwnerChanged" and body[0] == NAME else None
        with self._state:
            if sender != self._owner or not body or body[0] not in self._keys:
                return None
            number, key = body[0], self._keys[body[0]]
            if member == "ActivationToken":
                self._activations[number] = body[1]
            elif member == "ActionInvoked" and (action := _action(body[1])) is not None:
                self._answered.add(number)
                return NoticeAnswered(key=key, action=action, activation=self._activations.pop(number, ""))
            elif member == "NotificationClosed":
                del self._keys[number]
                self._activations.pop(number, None)
                was_answered = number in self._answered
                self._answered.discard(number)
                return NoticeClosed(key=key, by_owner=body[1] == _DISMISSED and not was_answered)
        return None

    def _clear_away(self, number: int) -> None:
        """Close a notice that was answered: dunst leaves it on the screen. Nobody waits for the reply."""
        with suppress(OSError):
            self._bus.send(new_method_call(_DAEMON, "CloseNotification", "u", (number,)))

    def _owner_changed(self, body: tuple[Any, ...]) -> NoticeEvent | None:
        with self._state:
            if body[2] and body[2] == self._owner:
                return None  # the one `connect` has just found
            self._forget_daemon()
        return NoticesChanged(is_there=bool(body[2]))

    def _forget_daemon(self) -> None:
        self._ability = None
        self._owner = ""
        self._keys.clear()
        self._activations.clear()
        self._answered.clear()

    def _forget_bus(self, bus: Any) -> None:
        with self._state:
            self._bus = None
            self._forget_daemon()
            waiting, self._waiting = self._waiting, {}
            bus.close()
        for each in waiting.values():
            each.reply.set_exception(ConnectionResetError())

    def _tell_safely(self, event: NoticeEvent) -> None:
        """Tell an event; a fault in what listens must not end the thread that reads for weeks."""
        if self._is_closed:
            return
        try:
            self._tell(event)
        except Exception as fault:
            log_fault(fault)


def _action(name: str) -> NoticeAction | None:
    if name == _CLICK:
        return NoticeAction.OPEN
    return NoticeAction(name) if name in list(NoticeAction) else None
