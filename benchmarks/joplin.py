"""Homepoint beside the Joplin terminal client: 2,000 records from a first computer to a second, encrypted end to end.

`python benchmarks/joplin.py --joplin DIR [--notes 2000]`: Joplin is installed by npm into DIR unless it is there (its
packages build parts from source: on Debian they need libsecret-1-dev). Both use the same server, wsgidav, which
counts the requests. Takes many minutes, nearly all of them Joplin's. Ends with 1 where a limit is missed.
"""

import argparse
import os
import pty
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sharing import PASSPHRASE, Computer

from homepoint.application.replication import Location, RemoteKind
from homepoint.sync import keys

VERSION = "3.5.1"
LIMIT = 100
USER, PASSWORD = "owner", "password"
_WORDS = ("battery", "wing", "propeller", "gimbal", "flight", "claim", "home", "return", "camera", "depot", "repair")


@dataclass(frozen=True, slots=True)
class Cost:
    """What it took to carry everything, and with beginning to share on top."""

    seconds: float
    requests: int
    seconds_with_beginning: float = 0
    requests_with_beginning: int = 0


# The server.


def serve(root: str, port: int, counted: str) -> None:
    """Serve a folder, and write one line for each request. Runs in a process of its own until it is ended."""
    from cheroot.wsgi import Server
    from wsgidav.wsgidav_app import WsgiDAVApp  # type: ignore[import-untyped]  # it has no types

    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": root},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "logging": {"enable": False},
        }
    )
    with Path(counted).open("a", buffering=1, encoding="utf-8") as lines:

        def counting(environment: dict[str, Any], respond: Callable[..., Any]) -> Iterable[bytes]:
            lines.write(f"{environment['REQUEST_METHOD']}\n")
            answer: Iterable[bytes] = app(environment, respond)
            return answer

        Server(("127.0.0.1", port), counting).start()


@contextmanager
def counting_server(folder: Path) -> Iterator[tuple[str, Path]]:
    """Start the server, and yield its address and the file with a line for each request."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    root, counted = folder / "root", folder / "requests.txt"
    root.mkdir()
    counted.touch()
    process = subprocess.Popen([sys.executable, __file__, "--serve", str(root), str(port), str(counted)])
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(address)
        yield address, counted
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            requests.options(address, auth=(USER, PASSWORD), timeout=5)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server does not start")


def requests_in(counted: Path) -> Mapping[str, int]:
    """Return how many requests of each kind there were, and begin anew."""
    lines = counted.read_text(encoding="utf-8").split()
    os.truncate(counted, 0)
    return {method: lines.count(method) for method in sorted(set(lines))}


def make_folder(address: str, name: str) -> str:
    """Make a folder on the server and return its address."""
    answer = requests.request("MKCOL", f"{address}{name}/", auth=(USER, PASSWORD), timeout=10)
    answer.raise_for_status()
    return f"{address}{name}"


# Joplin.


class Joplin:
    """One computer with the Joplin terminal client."""

    def __init__(self, program: Path, profile: Path, address: str) -> None:
        self._command = [str(program), "--profile", str(profile)]
        profile.mkdir(parents=True)
        settings = {"sync.target": "6", "sync.6.path": address, "sync.6.username": USER, "sync.6.password": PASSWORD}
        for name, value in settings.items():
            self.run("config", name, value)

    def run(self, *arguments: str) -> str:
        """Run one command and return what it printed."""
        done = subprocess.run(
            [*self._command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        )
        return done.stdout

    def decrypt(self) -> str:
        """Decrypt everything; the password is typed, as it cannot be given otherwise."""
        said = ""
        process, terminal = pty.fork()
        if process == 0:
            command = [*self._command, "e2ee", "decrypt"]
            os.execv(command[0], command)
        typed = False
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # how a terminal tells that its program ended
                break
            if not piece:
                break
            said += piece.decode(errors="replace")
            if not typed and "password" in said.lower():
                os.write(terminal, f"{PASSPHRASE}\n".encode())
                typed = True
        os.waitpid(process, 0)
        os.close(terminal)
        return said


def install(folder: Path) -> Path:
    """Return the Joplin program in a folder, installed there first where it is missing."""
    program = folder / "node_modules" / ".bin" / "joplin"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--prefix", str(folder), f"joplin@{VERSION}"], check=True)
    return program


def make_notes(folder: Path, count: int) -> None:
    """Write notes of about 400 bytes."""
    rolled = random.Random(3)
    folder.mkdir(parents=True)
    for number in range(count):
        text = " ".join(rolled.choice(_WORDS) for _ in range(52))
        (folder / f"note-{number:05}.md").write_text(f"# Unit {rolled.getrandbits(40):010x}\n\n{text}\n")


def joplin_figures(program: Path, folder: Path, server: str, counted: Path, notes: int) -> Cost:
    """Let Joplin carry notes from one computer to another."""
    make_notes(folder / "notes", notes)
    address = make_folder(server, "joplin")
    first = Joplin(program, folder / "profile-1", address)
    second = Joplin(program, folder / "profile-2", address)
    first.run("import", "--format", "md", str(folder / "notes"))
    starting, _ = timed(lambda: first.run("version"))
    requests_in(counted)
    script = folder / "upload.txt"
    script.write_text(f'e2ee enable --password "{PASSPHRASE}"\nsync\n')
    print(f"Joplin {VERSION}; the time of a start without work ({starting:.1f} s) is taken off each step")
    steps = {
        "first computer encrypts and sends": lambda: first.run("batch", str(script)),
        "second computer receives": lambda: second.run("sync"),
        "second computer decrypts": second.decrypt,
    }
    seconds, count = 0.0, 0
    said = ""
    for what, step in steps.items():
        took, said = timed(step)
        made = requests_in(counted)
        seconds, count = seconds + took - starting, count + sum(made.values())
        print(f"  {what:<38}{took - starting:>8.1f} s  {_told(made)}", flush=True)
    decrypted = sum(int(number) for number in re.findall(r"Decrypted items: (\d+)", said))
    assert decrypted >= notes, said[-2000:]
    return Cost(seconds, count)


# Homepoint.


def homepoint_figures(folder: Path, server: str, counted: Path, records: int) -> Cost:
    """Let Homepoint carry devices from one computer to another."""
    address = make_folder(server, "homepoint")
    where = Location(kind=RemoteKind.WEBDAV, address=f"{address}/", user=USER)
    first = Computer(folder / "first", "First", cost=keys.Cost())
    first.fill(records)
    second = Computer(folder / "second", "Second", cost=keys.Cost())
    requests_in(counted)
    print("Homepoint; it runs already, as it is a window that stays open, and encryption is always on")
    steps: dict[str, Callable[[], object]] = {
        "first computer begins to share": lambda: first.sync.set_up(where, PASSWORD, PASSPHRASE),
        "first computer encrypts and sends": first.round,
        "second computer joins": lambda: second.sync.join(where, PASSWORD, PASSPHRASE),
        "second computer receives and decrypts": second.round,
    }
    seconds, count = [], []
    for what, step in steps.items():
        took, _ = timed(step)
        made = requests_in(counted)
        seconds.append(took)
        count.append(sum(made.values()))
        print(f"  {what:<38}{took:>8.2f} s  {_told(made)}", flush=True)
    assert second.store.last(_only_other_log(second)) == records, "everything came"
    first.close()
    second.close()
    return Cost(seconds[1] + seconds[3], count[1] + count[3], sum(seconds), sum(count))


def _only_other_log(computer: Computer) -> str:
    [log] = [log for log in computer.store.logs() if log]
    return log


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a piece of work took, and what it returned."""
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def _told(made: Mapping[str, int]) -> str:
    return f"{sum(made.values())} requests ({', '.join(f'{count} {method}' for method, count in made.items())})"


def main() -> int:
    """Print both, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joplin", type=Path, metavar="DIR", help="where Joplin is, or is to be installed by npm")
    parser.add_argument("--notes", type=int, default=2_000, help="how many records (default 2,000)")
    parser.add_argument("--serve", nargs=3, metavar=("ROOT", "PORT", "FILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        root, port, counted = chosen.serve
        serve(root, int(port), counted)
        return 0
    if chosen.joplin is None:
        parser.error("--joplin DIR is needed")
    program = install(chosen.joplin.resolve())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with counting_server(folder) as (server, counted_file):
            ours = homepoint_figures(folder, server, counted_file, chosen.notes)
            theirs = joplin_figures(program, folder, server, counted_file, chosen.notes)
    faster, fewer = theirs.seconds / ours.seconds, theirs.requests / ours.requests
    print(f"{chosen.notes} records, first computer to second, over wsgidav on this computer:")
    print(f"  Joplin     {theirs.seconds:>8.1f} s  {theirs.requests:>6} requests")
    print(f"  Homepoint  {ours.seconds:>8.2f} s  {ours.requests:>6} requests")
    print(f"  {faster:.0f} times faster, {fewer:.0f} times fewer requests; limit {LIMIT} each")
    print(
        f"  {theirs.seconds / ours.seconds_with_beginning:.0f} and {theirs.requests / ours.requests_with_beginning:.0f}"
        " times, with beginning to share and joining, whose keys are slow to make on purpose"
    )
    return 0 if min(faster, fewer) >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
