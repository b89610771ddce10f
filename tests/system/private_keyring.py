"""A session bus with a real GNOME Keyring on it, apart from everything else on this computer."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

from jeepney import MatchRule  # type: ignore[import-untyped]  # jeepney ships no types
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]  # as above
from jeepney.io.blocking import DBusConnection, Proxy, prep_socket  # type: ignore[import-untyped]  # as above

_SECRETS = "org.freedesktop.secrets"
_PATIENCE_S = 20.0
_ROOT = Path(__file__).resolve().parents[2]


def missing_tools() -> list[str]:
    """Return what this machine lacks for a keyring of its own."""
    return [each for each in ("dbus-daemon", "gnome-keyring-daemon") if shutil.which(each) is None]


class PrivateKeyring:
    """A bus and, once `unlock` or `stay_locked` was called, a keyring; `close` ends both by their own process ids."""

    def __init__(self, home: Path) -> None:
        """Start a bus whose programs live in `home`."""
        self._ending = ExitStack()
        self._daemon: subprocess.Popen[bytes] | None = None
        runtime = home / "runtime"
        runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Activation would start a keyring behind the test's back: this bus knows no services.
        (home / "bus.conf").write_text(
            "<busconfig><type>session</type>"
            f"<listen>unix:path={runtime}/bus</listen><auth>EXTERNAL</auth>"
            '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
            '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>',
            encoding="utf-8",
        )
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.environment = {
            **kept,
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
            "PYTHONPATH": os.pathsep.join((str(_ROOT / "src"), str(_ROOT))),
        }
        bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={home}/bus.conf", "--nofork", "--print-address=1"],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._ending.callback(_end, bus)
        assert bus.stdout is not None
        self._ending.enter_context(bus.stdout)
        assert bus.stdout.readline(), "the bus did not start"

    def unlock(self) -> None:
        """Start the keyring, open."""
        self._start(["--unlock"], b"test\n")

    def stay_locked(self) -> None:
        """Start the keyring, or start it again, locked; there is nobody to ask for its password."""
        self._start([], b"")

    @property
    def keyring_process(self) -> int:
        """The keyring's process id."""
        assert self._daemon is not None
        return self._daemon.pid

    def python(self, code: str, *given: str) -> str:
        """Run a program of another process in this session and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore::ResourceWarning", "-c", dedent(code), *given],
            env=self.environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def close(self) -> None:
        """End keyring and bus."""
        if self._daemon:
            _end(self._daemon)
            self._daemon = None
        self._ending.close()

    def _start(self, arguments: list[str], password: bytes) -> None:
        if self._daemon:
            _end(self._daemon)
        bus = DBusConnection(prep_socket(f"{self.environment['XDG_RUNTIME_DIR']}/bus"))
        owned = MatchRule(type="signal", member="NameOwnerChanged", interface="org.freedesktop.DBus")
        owned.add_arg_condition(0, _SECRETS)
        try:
            Proxy(message_bus, bus, timeout=_PATIENCE_S).AddMatch(owned)
            with bus.filter(owned, bufsize=4) as changes:
                self._daemon = subprocess.Popen(
                    ["gnome-keyring-daemon", "--components=secrets", "--foreground", *arguments],
                    env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                assert self._daemon.stdin is not None
                with self._daemon.stdin as entered:
                    entered.write(password)
                while not bus.recv_until_filtered(changes, timeout=_PATIENCE_S).body[2]:
                    pass  # the one before has gone
        finally:
            bus.close()


def _end(program: "subprocess.Popen[bytes]") -> None:
    program.terminate()
    try:
        program.wait(timeout=10)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
