"""Start at login, as each of the three systems has it: an autostart entry, a value under Run, a launch agent."""

import configparser
import hashlib
import importlib
import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol
from xml.parsers.expat import ExpatError

from homepoint.application.problems import HomepointError
from homepoint.system.files import write_whole
from homepoint.system.paths import usual_folder

HIDDEN: Final = "--tray"
"""The argument with which Homepoint starts without showing its window."""

_NAME: Final = "homepoint"
_ADVICE: Final = "Homepoint itself works as before; start it by hand, or try again."


class LoginStart(Protocol):
    """Starts Homepoint when its owner logs in, or not."""

    def is_on(self) -> bool:
        """Say whether it will be started, also where the owner changed that outside Homepoint."""
        ...

    def turn_on(self, command: Sequence[str]) -> None:
        """Start this program with these arguments from the next login on.

        Raises:
            HomepointError: the system does not take it.
        """
        ...

    def turn_off(self) -> None:
        """Start it no more; nothing happens where it is off.

        Raises:
            HomepointError: the system does not take it.
        """
        ...


def login_start(folder: Path) -> LoginStart:
    """Return the way of this system for the data in a folder; another folder's is a matter of its own."""
    name = _NAME
    if not _is_usual(folder):
        name = f"{_NAME}-{hashlib.sha256(str(folder.resolve()).encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
    if sys.platform == "win32":
        return RunAtLogin(importlib.import_module("winreg"), name)
    if sys.platform == "darwin":
        return LaunchAgent(Path.home() / "Library" / "LaunchAgents", name)
    return AutostartEntry(config_home() / "autostart", name)


def start_command(folder: Path) -> list[str]:
    """Return the command that starts this Homepoint hidden, on the data in a folder."""
    data = [] if _is_usual(folder) else ["--data", str(folder.resolve())]
    return [*_program(), HIDDEN, *data]


def config_home() -> Path:
    """Return the folder of settings by the XDG rules: a relative one counts as none."""
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".config"


class AutostartEntry:
    """A desktop entry in the autostart folder, for all desktops of Linux and its kin."""

    def __init__(self, folder: Path, name: str = _NAME) -> None:
        self.file = folder / f"{name}.desktop"

    def is_on(self) -> bool:
        """Say whether the entry is there and neither hidden (KDE does that) nor disabled (GNOME does)."""
        entry = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
        entry.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep the case
        try:
            entry.read_string(self.file.read_text(encoding="utf-8", errors="surrogateescape"))
            values = entry["Desktop Entry"]
        except (OSError, configparser.Error, KeyError):
            return False
        hidden = values.get("Hidden", "false").strip() == "true"
        return not hidden and values.get("X-GNOME-Autostart-enabled", "true").strip() != "false"

    def turn_on(self, command: Sequence[str]) -> None:
        """Write the entry, in place of one that is there."""
        lines = [
            "[Desktop Entry]",
            "Type=Application",
            "Name=Homepoint",
            "Comment=Deadlines of your DJI devices, in the tray",
            f"Exec={exec_value(command)}",
            f"TryExec={_escaped(command[0])}",  # quiet once Homepoint is no longer there
            "Icon=homepoint",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
        ]
        _write(self.file, "\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))

    def turn_off(self) -> None:
        """Take the entry away."""
        _remove(self.file)


def exec_value(command: Sequence[str]) -> str:
    """Return a command as the value of an Exec key, by the Desktop Entry Specification.

    Two rules lie over each other: an argument in quotes has some characters escaped, and then the whole is a string
    value, in which a backslash is escaped once more. A percent sign stands for itself only when doubled.
    """
    quoted = []
    for argument in command:
        inside = "".join(f"\\{each}" if each in '"`$\\' else each for each in argument.replace("%", "%%"))
        plain = argument.isascii() and argument.replace("-", "").replace("/", "").replace(".", "").isalnum()
        quoted.append(argument if plain else f'"{inside}"')
    return _escaped(" ".join(quoted))


class RunAtLogin:
    """A value under the owner's own Run key of the Windows registry."""

    RUN: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
    APPROVED: Final = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
    """Where the Task Manager notes what the owner switched off there; the value under Run stays then."""

    LONGEST: Final = 260
    """Characters of a command; Windows leaves out a longer one without a word."""

    def __init__(self, registry: Any, name: str = _NAME) -> None:
        """Use a registry.

        Args:
            registry: the module `winreg`, which there is on Windows alone.
            name: the name of the value.
        """
        self._registry, self._name = registry, name

    def is_on(self) -> bool:
        """Say whether the value is there and not switched off in the Task Manager."""
        if self._read(self.RUN) is None:
            return False
        approved = self._read(self.APPROVED)
        return not (isinstance(approved, bytes) and approved and approved[0] & 1)

    def turn_on(self, command: Sequence[str]) -> None:
        """Write the value, and take back what the Task Manager noted."""
        line = subprocess.list2cmdline(command)
        if len(line) > self.LONGEST:
            raise HomepointError(
                "Windows cannot start Homepoint at login: its path and its data folder are too long together.",
                f"Choose a data folder with a shorter path, or start Homepoint by hand ({len(line)} characters,"
                f" Windows takes {self.LONGEST}).",
            )
        winreg = self._registry
        try:
            with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, self.RUN, 0, winreg.KEY_SET_VALUE) as key:
                winreg.SetValueEx(key, self._name, 0, winreg.REG_SZ, line)
        except OSError as error:
            raise _not_changed(error) from error
        self._delete(self.APPROVED)

    def turn_off(self) -> None:
        """Take the value away."""
        self._delete(self.RUN)

    def _read(self, path: str) -> object:
        winreg = self._registry
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                value: object = winreg.QueryValueEx(key, self._name)[0]
                return value
        except OSError:
            return None

    def _delete(self, path: str) -> None:
        winreg = self._registry
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as key:
                winreg.DeleteValue(key, self._name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _not_changed(error) from error


class LaunchAgent:
    """A property list among the owner's launch agents on macOS; launchd reads it at the next login."""

    def __init__(self, folder: Path, name: str = _NAME) -> None:
        self._label = name
        self.file = folder / f"{name}.plist"

    def is_on(self) -> bool:
        """Say whether the agent is there and runs at load."""
        try:
            agent = plistlib.loads(self.file.read_bytes())
        except (OSError, plistlib.InvalidFileException, ExpatError, ValueError):
            return False
        return isinstance(agent, dict) and agent.get("RunAtLoad") is True and not agent.get("Disabled")

    def turn_on(self, command: Sequence[str]) -> None:
        """Write the agent, in place of one that is there."""
        agent = {
            "Label": self._label,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",  # not when somebody logs in over the network
            "ProcessType": "Interactive",
        }
        _write(self.file, plistlib.dumps(agent))

    def turn_off(self) -> None:
        """Take the agent away."""
        _remove(self.file)


def _program() -> list[str]:
    """Return what starts this very program."""
    if image := os.environ.get("APPIMAGE"):  # the executable lies in a mount that is gone by then
        return [image]
    if getattr(sys, "frozen", False):
        return [sys.executable]
    python = Path(sys.executable)
    windowed = python.with_name("pythonw.exe")  # the plain one opens a console
    return [str(windowed if sys.platform == "win32" and windowed.exists() else python), "-m", "homepoint"]


def _is_usual(folder: Path) -> bool:
    return folder.resolve() == usual_folder().resolve()


def _escaped(text: str) -> str:
    """Return a string value of a desktop entry: backslashes and what would end the line are escaped."""
    for each, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(each, escape)
    return text


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)
    except OSError as error:
        raise _not_changed(error) from error
    except HomepointError as error:
        raise HomepointError(error.title, _ADVICE) from error


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise _not_changed(error) from error


def _not_changed(error: OSError) -> HomepointError:
    return HomepointError(f"Start at login could not be changed: {error.strerror or error}.", _ADVICE)
