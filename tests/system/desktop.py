"""A session of the tests' own: a message bus that starts nothing by itself, a screen, real dunst and trayer on it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

_DUNST_CONFIG = """[global]
    dmenu = {chooser}
    markup = {markup}
    timeout = 0
"""

_CHOOSER = """#!/bin/sh
grep -m 1 "$(cat {wanted})"
"""


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 10.0) -> T:
    """Return what `look` finds as soon as it finds something true.

    Raises:
        AssertionError: it did not in time.
    """
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.02)
    return found


def need(*programs: str) -> None:
    """Skip outside Linux; on it, a missing program fails the test: `scripts/setup test` installs them all."""
    if sys.platform != "linux":
        pytest.skip("the desktop of Linux", allow_module_level=True)
    missing = [each for each in programs if shutil.which(each) is None]
    assert not missing, f"run scripts/setup test: {', '.join(missing)} missing"


class Desktop:
    """Programs started here end with it, by their own ids."""

    def __init__(self, folder: Path) -> None:
        """Make a session that lives in a folder, with nothing in it yet."""
        self.folder = folder
        self._ending = ExitStack()
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH") if key in os.environ}
        # A test's own folder may be too deep for the name of a socket.
        self.sockets = Path(self._ending.enter_context(tempfile.TemporaryDirectory(prefix="hp-")))
        self.environment = kept | {
            "HOME": str(folder), "XDG_RUNTIME_DIR": str(self.sockets), "XDG_CONFIG_HOME": str(folder / "config"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }  # fmt: skip

    def close(self) -> None:
        """End everything started here."""
        self._ending.close()

    def start(self, *command: str, quiet: bool = True) -> "subprocess.Popen[str]":
        """Start a program on this session."""
        out = subprocess.DEVNULL if quiet else subprocess.PIPE
        process = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, text=True
        )
        self._ending.callback(end, process)
        return process

    def run(self, *command: str) -> str:
        """Run a program to its end and return what it printed."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=20)
        return done.stdout

    def start_bus(self) -> "subprocess.Popen[str]":
        """Start a message bus on which nothing is started on demand, so that a daemon can really be absent."""
        config = self.folder / "bus.conf"
        config.write_text(_BUS_CONFIG.format(folder=self.sockets), encoding="utf-8")
        bus = self.start("dbus-daemon", f"--config-file={config}", "--print-address", "--nofork", quiet=False)
        assert bus.stdout is not None
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        return bus

    def start_screen(self, size: str = "900x600x24") -> None:
        """Start an X server on a free display."""
        reading, writing = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
            pass_fds=[writing], stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._ending.callback(end, server)
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.environment["DISPLAY"] = f":{answer.readline().strip()}"

    def start_dunst(self, markup: str = "full") -> "subprocess.Popen[str]":
        """Start the notification daemon and wait until it answers."""
        chooser = self.folder / "choose"
        chooser.write_text(_CHOOSER.format(wanted=self.folder / "wanted"), encoding="utf-8")
        chooser.chmod(0o700)
        config = self.folder / "dunstrc"
        config.write_text(_DUNST_CONFIG.format(chooser=chooser, markup=markup), encoding="utf-8")
        dunst = self.start("dunst", "-config", str(config))
        wait_for("dunst", lambda: self.run("dunstctl", "is-paused").strip() == "false")
        return dunst

    def shown(self) -> int:
        """Return how many notices dunst shows."""
        return int(self.run("dunstctl", "count", "displayed") or 0)

    def history(self) -> list[dict[str, Any]]:
        """Send away all that is shown and return dunst's history, the newest first: field names to values."""
        self.run("dunstctl", "close-all")
        [entries] = json.loads(self.run("dunstctl", "history"))["data"]
        return [{name: each["data"] for name, each in entry.items()} for entry in entries]

    def choose(self, words: str) -> None:
        """Choose an action of the notice on top from dunst's menu, by its words."""
        (self.folder / "wanted").write_text(words, encoding="utf-8")
        self.run("dunstctl", "context")


def end(process: "subprocess.Popen[str]") -> None:
    """End a process that may have ended already."""
    if process.stdout is not None:
        process.stdout.close()
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
