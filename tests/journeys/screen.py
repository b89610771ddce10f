"""A screen of the journeys' own: X server, window manager, session bus and home, all gone when it is closed."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TypeVar

T = TypeVar("T")

PATIENCE_S = 20.0
"""How long a journey waits for something to become true; a slow machine needs some of it, a sound one little."""

_LOOK_EVERY_S = 0.03
_SYSTEM_PYTHON = "/usr/bin/python3"


def wait_for(what: str, look: Callable[[], T | None], seconds: float = PATIENCE_S) -> T:
    """Return what `look` finds as soon as it finds something true.

    Raises:
        AssertionError: it did not in time.
    """
    until = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        assert time.monotonic() < until, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(_LOOK_EVERY_S)


def missing_tools() -> list[str]:
    """Return what this machine lacks for a screen of its own."""
    missing = [each for each in ("Xvfb", "openbox", "xdotool", "xprop", "dbus-daemon") if shutil.which(each) is None]
    bindings = [_SYSTEM_PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0')"]
    if not Path(_SYSTEM_PYTHON).exists() or subprocess.run(bindings, capture_output=True, check=False).returncode:
        missing.append("gir1.2-atspi-2.0 and python3-gi")
    return missing


class PrivateScreen:
    """Starts everything when made; `close` ends all of it by its own process ids."""

    def __init__(self, home: Path, size: str = "1280x860x24") -> None:
        """Make a screen whose programs live in `home`."""
        self._ending = ExitStack()
        self.home = home
        self.environment = self._environment()
        try:
            self._start(size)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End every program started here, the last one first."""
        self._ending.close()

    def start(self, command: list[str], log: Path | None = None) -> subprocess.Popen[str]:
        """Start a program on this screen; what it says goes to a log, or can be asked of its pipes."""
        if log is None:
            process = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True,
            )  # fmt: skip
        else:
            with log.open("a", encoding="utf-8") as said:
                process = subprocess.Popen(
                    command, env=self.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, text=True
                )
        self._ending.callback(_end, process)
        return process

    def eyes(self) -> subprocess.Popen[str]:
        """Start a pair of eyes."""
        return self.start([_SYSTEM_PYTHON, str(Path(__file__).with_name("eyes.py"))])

    def hands(self, *words: str) -> str:
        """Let xdotool do something and return what it prints."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
        return done.stdout.strip()

    def picture(self, file: Path) -> None:
        """Save what the screen shows."""
        code = (
            "import sys; from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]);"
            "app.primaryScreen().grabWindow(0).save(sys.argv[1])"
        )
        subprocess.run([sys.executable, "-c", code, str(file)], env=self.environment, check=False, capture_output=True)

    def _environment(self) -> dict[str, str]:
        """Nothing of the session around: no display, no bus, no home."""
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if key in os.environ}
        runtime = self.home / "run"
        runtime.mkdir(mode=0o700)
        folders = {f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("CACHE", "CONFIG", "DATA", "STATE")}
        return kept | folders | {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            "TMPDIR": str(runtime),
            "TZ": "Europe/Berlin",
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "NO_AT_BRIDGE": "1",
            "PYTHONFAULTHANDLER": "1",
        }  # fmt: skip

    def _start(self, size: str) -> None:
        reading, writing = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
            pass_fds=[writing], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._ending.callback(_end, server)
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.environment["DISPLAY"] = f":{answer.readline().strip()}"
        log = self.home / "session.log"
        manager = self.start(["openbox"], log)
        bus = self.start(["dbus-daemon", "--session", "--print-address", "--nofork", "--nosyslog"])
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = _line(bus.stdout)
        try:
            wait_for("the window manager", self._has_window_manager)
        except AssertionError as late:
            state = f"openbox ended with {manager.poll()}, Xvfb with {server.poll()}"
            raise AssertionError(f"{late}; {state}; {log.read_text(encoding='utf-8')}") from None

    def _has_window_manager(self) -> bool:
        asked = subprocess.run(
            ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return "window id" in asked.stdout


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def _end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a process that may have ended already."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
