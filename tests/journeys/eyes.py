"""The eyes of the journeys: finds, reads, focuses and presses what a screen reader would be told of.

A program of its own, under the system's Python, which has the accessibility bindings: one question a line as JSON,
one answer a line. A question has `act` ("find", "press", "focus", "list", "focused"), `pid`, and for the first three
`name` (a whole name, or a part of it when `part` is true) and optionally `role`.
"""

import importlib
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

gi: Any = importlib.import_module("gi")
gi.require_version("Atspi", "2.0")
Atspi: Any = importlib.import_module("gi.repository.Atspi")
GLib: Any = importlib.import_module("gi.repository.GLib")

CLOSED = {"combo box", "table", "label", "push button", "text", "spin button", "check box", "scroll bar"}
"""Roles inside which no journey looks: long lists, and what has nothing inside."""

focus_events: list[dict[str, object]] = []


def program(pid: int) -> Any:
    """Return the accessible of a process, None while it is not on the bus."""
    desktop = Atspi.get_desktop(0)
    for at in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(at)
        if child is not None and child.get_process_id() == pid:
            child.set_cache_mask(Atspi.Cache.NONE)
            return child
    return None


def nodes(node: Any) -> Iterator[Any]:
    """Yield what is visible below a node, the newest window first.

    WORKAROUND for Qt 6.11, which ends with a fault of memory when a scroll area is asked for a child that has just
    gone (its scroll bar): count again right before each child, and do not remember the count.
    """
    count = node.get_child_count()
    order = range(count - 1, -1, -1) if node.get_role_name() == "application" else range(count)
    for at in order:
        if at >= node.get_child_count():
            continue
        child = node.get_child_at_index(at)
        if child is None or not child.get_state_set().contains(Atspi.StateType.VISIBLE):
            continue
        yield child
        if child.get_role_name() not in CLOSED:
            yield from nodes(child)


def text_of(node: Any) -> str:
    """Return the text a node holds, "" where it holds none."""
    text = node.get_text_iface()
    return "" if text is None else str(text.get_text(0, text.get_character_count()))


def name_of(node: Any) -> str:
    """Return what a node is called: a list's name is what is chosen in it, so its label says what it is."""
    if node.get_role_name() == "combo box":
        for relation in node.get_relation_set():
            if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
                return str(relation.get_target(0).get_name())
    return node.get_name() or ""


def told(node: Any) -> dict[str, object]:
    """Return what the journeys want to know of a node."""
    states = node.get_state_set()
    place = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN) if node.get_component_iface() else None
    return {
        "role": node.get_role_name(),
        "name": name_of(node),
        "text": node.get_name() if node.get_role_name() == "combo box" else text_of(node),
        "path": str(node.path),
        "description": node.get_description() or "",
        "is_enabled": states.contains(Atspi.StateType.ENABLED),
        "takes_focus": states.contains(Atspi.StateType.FOCUSABLE),
        "has_focus": states.contains(Atspi.StateType.FOCUSED),
        "place": [place.x, place.y, place.width, place.height] if place else None,
    }


def matching(question: dict[str, Any]) -> Any:
    """Return the first visible node of a name and role, or None."""
    root = program(question["pid"])
    if root is None:
        return None
    wanted, role = question["name"], question.get("role")
    for node in nodes(root):
        name = name_of(node)
        found = wanted in name or wanted in text_of(node) if question.get("part") else name == wanted
        if found and role in (None, node.get_role_name()):
            return node
    return None


def answer(question: dict[str, Any]) -> object:
    """Carry out one question."""
    if question["act"] == "list":
        root = program(question["pid"])
        return [] if root is None else [told(node) for node in nodes(root)]
    if question["act"] == "focused":
        return next_focus(question["seconds"])
    node = matching(question)
    if node is None:
        return None
    if question["act"] == "press":
        focus_events.clear()
        if not node.get_state_set().contains(Atspi.StateType.ENABLED):
            return None
        node.get_action_iface().do_action(0)
    elif question["act"] == "focus":
        node.get_component_iface().grab_focus()
    return told(node)


def next_focus(seconds: float) -> object:
    """Return what got the focus since this was last asked, waiting for it at most so long; None if nothing did."""
    until = time.monotonic() + seconds
    while not focus_events and time.monotonic() < until:
        if not GLib.MainContext.default().iteration(False):
            time.sleep(0.002)
    while GLib.MainContext.default().iteration(False):
        pass
    found = focus_events[-1] if focus_events else None
    focus_events.clear()
    return found


def on_focus(event: Any, *_: object) -> None:
    """Remember what got the focus."""
    if event.detail1:
        focus_events.append(told(event.source))


def main() -> None:
    """Answer until there are no more questions."""
    Atspi.init()
    listener = Atspi.EventListener.new(on_focus, None)
    listener.register("object:state-changed:focused")
    for line in sys.stdin:
        try:
            found = answer(json.loads(line))
        except GLib.Error:  # the node went away while it was asked
            found = None
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
