"""Start at login: read back as each system reads it, and off again where the owner switched it off elsewhere."""

import json
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from homepoint.application.problems import HomepointError
from homepoint.system import login_start as tested
from homepoint.system.login_start import (
    AutostartEntry,
    LaunchAgent,
    RunAtLogin,
    config_home,
    exec_value,
    login_start,
    start_command,
)
from homepoint.system.paths import usual_folder
from tests.system.desktop import wait_for

NASTY = [
    "--tray", "--data", "/home/ada/my drones/50 % \"off\" `$HOME` \\ back\\\\slash", "", "ä ✓ 無人機",
    "a;b&c|d>e<f*g?h#i(j)k~l'm", "tab\there", "%f", "%%", "$", "\\", "\\n", "line\nbreak", "-",
]  # fmt: skip
_SYSTEM_PYTHON = "/usr/bin/python3"
_LAUNCH = """
import sys
from gi.repository import Gio, GLib
app = Gio.DesktopAppInfo.new_from_filename(sys.argv[1])
app.launch([], None)
"""
_READ_EXEC = """
import json, sys
from gi.repository import GLib
for value in json.load(sys.stdin):
    file = GLib.KeyFile()
    data = "[Desktop Entry]\\nExec=" + value + "\\n"
    file.load_from_data(data, len(data.encode()), GLib.KeyFileFlags.NONE)
    print(json.dumps(GLib.shell_parse_argv(file.get_string("Desktop Entry", "Exec"))[1]))
"""
COMMAND = ["/usr/bin/python3", "-m", "homepoint", "--tray"]


def _system_python() -> str:
    """Return the Python that can ask GLib, which is how desktops read an entry."""
    asked = [_SYSTEM_PYTHON, "-c", "import gi"]
    if sys.platform != "linux" or subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip("no python3-gi")
    return _SYSTEM_PYTHON


# Linux.


@pytest.fixture
def entry(tmp_path: Path) -> AutostartEntry:
    return AutostartEntry(tmp_path / "config" / "autostart")


def test_the_entry_starts_the_program_with_its_very_arguments(entry: AutostartEntry, tmp_path: Path) -> None:
    python, program, said = _system_python(), tmp_path / "my program", tmp_path / "said.json"
    program.write_text(
        f"#!{python}\nimport json, os, sys\n"
        f"with open({str(said) + '.new'!r}, 'w') as file: json.dump(sys.argv[1:], file)\n"
        f"os.rename({str(said) + '.new'!r}, {str(said)!r})\n"
    )
    program.chmod(0o700)
    entry.turn_on([str(program), *NASTY])
    subprocess.run([python, "-c", _LAUNCH, str(entry.file)], check=True, timeout=20)
    wait_for("the program", said.exists)
    assert json.loads(said.read_text()) == NASTY


@given(
    some.lists(some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1), max_size=40)
)
def test_an_exec_value_holds_no_line_break_and_no_single_percent(arguments: list[str]) -> None:
    value = exec_value(["homepoint", *arguments])
    assert not {"\n", "\r", "\t"} & set(value)
    assert "%" not in value.replace("%%", "")


def test_many_arguments_come_back_as_glib_reads_them() -> None:
    words = [f"{one}{other}" for one in NASTY for other in NASTY]
    values = [exec_value(["homepoint", word]) for word in words]
    read = subprocess.run(
        [_system_python(), "-c", _READ_EXEC], input=json.dumps(values), text=True, capture_output=True, check=True
    )
    found = [json.loads(line)[1].replace("%%", "%") for line in read.stdout.splitlines()]
    assert found == words


def test_the_entry_is_valid(entry: AutostartEntry) -> None:
    if shutil.which("desktop-file-validate") is None:
        pytest.skip("desktop-file-validate is not installed")
    entry.turn_on(["/usr/bin/python3", *NASTY])
    done = subprocess.run(["desktop-file-validate", entry.file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_on_and_off_and_twice_either_way(entry: AutostartEntry) -> None:
    assert not entry.is_on()
    for _ in range(2):
        entry.turn_on(COMMAND)
        assert entry.is_on()
    assert [each.name for each in entry.file.parent.iterdir()] == ["homepoint.desktop"]
    for _ in range(2):
        entry.turn_off()
        assert not entry.is_on()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_switched_off_in_the_desktops_own_settings_it_is_off_and_can_be_turned_on(
    entry: AutostartEntry, line: str
) -> None:
    entry.turn_on(COMMAND)
    entry.file.write_text(f"{entry.file.read_text()}{line}\n")
    assert not entry.is_on()
    entry.turn_on(COMMAND)
    assert entry.is_on()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"no section\n", b"[Other]\nExec=x\n"])
def test_a_broken_entry_is_off(entry: AutostartEntry, content: bytes) -> None:
    entry.file.parent.mkdir(parents=True)
    entry.file.write_bytes(content)
    assert not entry.is_on()


def test_where_the_folder_cannot_be_made_it_is_said_what_still_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    entry = AutostartEntry(tmp_path / "file" / "autostart")
    assert not entry.is_on()
    with pytest.raises(HomepointError, match=r"could not be changed: .* works as before"):
        entry.turn_on(COMMAND)
    entry = AutostartEntry(tmp_path)
    entry.file.mkdir()
    changes: list[Callable[[], None]] = [lambda: entry.turn_on(COMMAND), entry.turn_off]
    for change in changes:
        with pytest.raises(HomepointError, match="works as before"):
            change()


def test_the_settings_folder_of_the_owner_counts_when_it_is_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_home() == tmp_path
    for wrong in ("", "relative/config"):
        monkeypatch.setenv("XDG_CONFIG_HOME", wrong)
        assert config_home() == Path.home() / ".config"


# macOS.


def test_a_launch_agent_says_what_to_run_at_login(tmp_path: Path) -> None:
    agent = LaunchAgent(tmp_path / "LaunchAgents")
    assert not agent.is_on()
    agent.turn_on(["/Applications/Homepoint.app/Contents/MacOS/homepoint", *NASTY])
    assert agent.is_on()
    read = plistlib.loads(agent.file.read_bytes())
    assert (read["Label"], agent.file.name) == ("homepoint", "homepoint.plist")
    assert read["ProgramArguments"] == ["/Applications/Homepoint.app/Contents/MacOS/homepoint", *NASTY]
    assert (read["RunAtLoad"], read["LimitLoadToSessionType"]) == (True, "Aqua")
    agent.turn_off()
    agent.turn_off()
    assert not agent.is_on()


@pytest.mark.parametrize("content", [b"", b"<plist>", b"nonsense", plistlib.dumps([]), plistlib.dumps({"RunAtLoad": 0}),
                                     plistlib.dumps({"RunAtLoad": True, "Disabled": True})])  # fmt: skip
def test_a_broken_or_disabled_agent_is_off(tmp_path: Path, content: bytes) -> None:
    agent = LaunchAgent(tmp_path)
    agent.file.write_bytes(content)
    assert not agent.is_on()


# Windows, with a registry in memory.


class Registry:
    """What `winreg` does, as far as it is used: keys that must be there, values that must be there."""

    HKEY_CURRENT_USER = "HKCU"
    KEY_SET_VALUE, KEY_READ, REG_SZ, REG_BINARY = 2, 0x20019, 1, 3

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, object]] = {}
        self.is_locked = False

    @contextmanager
    def OpenKey(self, root: str, path: str, reserved: int = 0, access: int = 0x20019) -> Any:  # noqa: N802  # as winreg
        assert (root, reserved) == (self.HKEY_CURRENT_USER, 0)
        if path not in self.keys:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        if self.is_locked and access == self.KEY_SET_VALUE:
            raise PermissionError(13, "Access is denied")
        yield self.keys[path]

    def CreateKeyEx(self, root: str, path: str, reserved: int, access: int) -> Any:  # noqa: N802  # as winreg
        self.keys.setdefault(path, {})
        return self.OpenKey(root, path, reserved, access)

    def SetValueEx(self, key: dict[str, object], name: str, reserved: int, kind: int, value: str) -> None:  # noqa: N802
        assert (reserved, kind) == (0, self.REG_SZ)
        key[name] = value

    def QueryValueEx(self, key: dict[str, object], name: str) -> tuple[object, int]:  # noqa: N802  # as winreg
        if name not in key:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return key[name], self.REG_SZ

    def DeleteValue(self, key: dict[str, object], name: str) -> None:  # noqa: N802  # as winreg
        if name not in key:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        del key[name]


def test_the_run_value_is_a_command_line_of_windows() -> None:
    registry = Registry()
    run = RunAtLogin(registry)
    assert not run.is_on()
    run.turn_off()
    run.turn_on([r"C:\Program Files\Homepoint\homepoint.exe", "--tray", "--data", "D:\\my drones\\"])
    assert registry.keys[RunAtLogin.RUN] == {
        "homepoint": r'"C:\Program Files\Homepoint\homepoint.exe" --tray --data "D:\my drones\\"'
    }
    assert run.is_on()
    run.turn_off()
    assert not run.is_on()


def test_switched_off_in_the_task_manager_it_is_off_and_can_be_turned_on() -> None:
    registry = Registry()
    run = RunAtLogin(registry)
    run.turn_on(["homepoint.exe"])
    registry.keys[RunAtLogin.APPROVED] = {"homepoint": bytes([3, *bytes(11)])}
    assert not run.is_on()
    run.turn_on(["homepoint.exe"])
    assert run.is_on()
    registry.keys[RunAtLogin.APPROVED] = {"homepoint": bytes([2, *bytes(11)])}
    assert run.is_on()


def test_what_windows_does_not_take_is_said() -> None:
    registry = Registry()
    run = RunAtLogin(registry)
    with pytest.raises(HomepointError, match="too long together"):
        run.turn_on(["homepoint.exe", "--data", "x" * 260])
    assert not registry.keys
    run.turn_on(["homepoint.exe"])
    registry.is_locked = True
    changes: list[Callable[[], None]] = [lambda: run.turn_on(["homepoint.exe"]), run.turn_off]
    for change in changes:
        with pytest.raises(HomepointError, match="Access is denied"):
            change()


# Which of them, and what is started.


def test_each_data_folder_has_its_own_entry_and_the_usual_one_is_not_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tested, "config_home", lambda: tmp_path)
    usual, other = login_start(usual_folder()), login_start(tmp_path / "other")
    other.turn_on(start_command(tmp_path / "other"))
    assert (usual.is_on(), other.is_on()) == (False, True)
    assert start_command(usual_folder()) == [sys.executable, "-m", "homepoint", "--tray"]
    assert start_command(tmp_path / "other")[-2:] == ["--data", str(tmp_path / "other")]


def test_a_bundled_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert start_command(usual_folder()) == [sys.executable, "--tray"]
    monkeypatch.setenv("APPIMAGE", "/home/ada/Homepoint.AppImage")
    assert start_command(usual_folder()) == ["/home/ada/Homepoint.AppImage", "--tray"]


@pytest.mark.parametrize(("platform", "kind"), [("darwin", LaunchAgent), ("linux", AutostartEntry)])
def test_each_system_has_its_way(monkeypatch: pytest.MonkeyPatch, platform: str, kind: type[object]) -> None:
    folder = usual_folder()
    monkeypatch.setattr(tested, "_is_usual", lambda _folder: True)
    monkeypatch.setattr(sys, "platform", platform)
    assert isinstance(login_start(folder), kind)


def test_windows_has_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "_is_usual", lambda _folder: True)
    monkeypatch.setitem(sys.modules, "winreg", Registry())
    monkeypatch.setattr(sys, "platform", "win32")
    assert isinstance(login_start(Path("homepoint")), RunAtLogin)
