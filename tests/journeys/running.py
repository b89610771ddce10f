"""Homepoint as its owner has it: a process of its own, seen through its accessible tree, driven by keys."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.journeys.screen import PATIENCE_S, PrivateScreen, wait_for

Seen = dict[str, Any]
BUTTON = "push button"

_MOST_TABS = 80


class Running:
    """One running Homepoint on a data folder, with eyes and hands."""

    def __init__(self, screen: PrivateScreen, data: Path) -> None:
        """Start it and wait until its first page can be read."""
        self.screen, self.data = screen, data
        self.log = data / "journey.log"
        data.mkdir(exist_ok=True)
        self.process = screen.start([sys.executable, "-m", "homepoint", "--data", str(data)], self.log)
        self._eyes = screen.eyes()
        self.see("Overview", "radio button")
        self.focus_window()

    # Eyes.

    def look(self, act: str, **question: object) -> Any:
        """Ask the eyes one question."""
        assert self._eyes.stdin is not None
        assert self._eyes.stdout is not None
        self._eyes.stdin.write(json.dumps({"act": act, "pid": self.process.pid, **question}) + "\n")
        self._eyes.stdin.flush()
        return json.loads(self._eyes.stdout.readline())

    def see(self, name: str, role: str | None = None, *, part: bool = False) -> Seen:
        """Wait until something of this name (or with this in its name or text) is visible, and return it."""
        found: Seen = wait_for(
            f"{role or 'anything'} {name!r}", lambda: self.look("find", name=name, role=role, part=part)
        )
        return found

    def read(self, words: str) -> Seen:
        """Wait until some text on the screen holds these words."""
        return self.see(words, part=True)

    def sees(self, name: str, role: str | None = None, *, part: bool = False) -> bool:
        """Say whether something is visible at this moment."""
        return self.look("find", name=name, role=role, part=part) is not None

    def all(self) -> list[Seen]:
        """Return everything visible."""
        found: list[Seen] = self.look("list")
        return found

    # Hands.

    def press(self, name: str, role: str = BUTTON, *, part: bool = False) -> None:
        """Press a button (of this name, or with this in it) as an assistive program would, once it can be pressed."""
        wait_for(f"{role} {name!r} to press", lambda: self.look("press", name=name, role=role, part=part))

    def click(self, name: str, role: str = BUTTON) -> None:
        """Click into the middle of something with the mouse."""
        left, top, width, height = self.see(name, role)["place"]
        self.screen.hands("mousemove", str(left + width // 2), str(top + height // 2), "click", "1")

    def keys(self, *names: str) -> None:
        """Press keys such as "ctrl+q", wherever the focus is."""
        self.screen.hands("key", "--clearmodifiers", *names)

    def go_to(self, name: str, role: str | None = None) -> None:
        """Put the focus into a field."""

        def has_it() -> bool:
            self.look("focus", name=name, role=role)
            found = self.look("find", name=name, role=role)
            return bool(found and found["has_focus"])

        wait_for(f"the focus in {name!r}", has_it)

    def write(self, field: str, text: str) -> None:
        """Type a text into an empty line and see it there."""
        self.go_to(field, "text")
        self.screen.hands("type", "--delay", "4", text)
        wait_for(f"{text!r} in {field!r}", lambda: self.look("find", name=field, role="text")["text"] == text)

    def tab(self, seconds: float = 2) -> Seen | None:
        """Press Tab and return what has the focus then; None when nothing got it."""
        self.look("focused", seconds=0)
        self.keys("Tab")
        found: Seen | None = self.look("focused", seconds=seconds)
        return found

    def tab_to(self, name: str) -> None:
        """Press Tab until something of this name has the focus."""
        passed = []
        for _ in range(_MOST_TABS):
            found = self.tab()
            passed.append(found and found["name"])
            if passed[-1] == name:
                return
        raise AssertionError(f"Tab never came to {name!r}; it came to {passed}")

    def choose(self, field: str, choice: str) -> None:
        """Go on by Tab to a list, type the beginning of a choice and see it chosen."""
        self.tab_to(field)
        self._type_choice(choice)

    def choose_next(self, choice: str) -> None:
        """Choose in the list that Tab comes to next."""
        self.tab()
        self._type_choice(choice)

    def _type_choice(self, choice: str) -> None:
        assert " " not in choice, "Space opens a list"
        self.screen.hands("type", "--delay", "4", choice)
        wait_for(f"{choice!r} chosen", lambda: self._is_chosen(choice))

    def _is_chosen(self, choice: str) -> bool:
        return any(each["has_focus"] and str(each["text"]).startswith(choice) for each in self.all())

    # The process, its window and its file.

    def window(self) -> str:
        """Return the id of its main window, "" while there is none."""
        found = self.screen.hands("search", "--onlyvisible", "--pid", str(self.process.pid), "--name", "Homepoint")
        return found.splitlines()[-1] if found else ""

    def focus_window(self) -> None:
        """Give its window the keyboard."""
        window = wait_for("the window", self.window)
        self.screen.hands("windowactivate", "--sync", window)

    def quit(self) -> None:
        """End it by Ctrl+Q and see that all went well."""
        self.keys("ctrl+q")
        assert self.process.wait(PATIENCE_S) == 0, self.log.read_text(encoding="utf-8")
        self._close_eyes()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()
        self._close_eyes()

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Return what the library's file holds, read past the program."""
        with closing(sqlite3.connect(f"file:{self.data / 'homepoint.sqlite'}?mode=ro", uri=True)) as file:
            return file.execute(question).fetchall()

    def wait_for_row(self, question: str) -> tuple[Any, ...]:
        """Wait until the file holds a row, and return it."""
        return wait_for(question, lambda: next(iter(self.rows(question)), None))

    def _close_eyes(self) -> None:
        assert self._eyes.stdin is not None
        self._eyes.stdin.close()
        self._eyes.wait(PATIENCE_S)


def second_start(screen: PrivateScreen, data: Path) -> int:
    """Start Homepoint once more on the same folder and return its exit code."""
    process: subprocess.Popen[str] = screen.start(
        [sys.executable, "-m", "homepoint", "--data", str(data)], data / "second.log"
    )
    return process.wait(PATIENCE_S)
