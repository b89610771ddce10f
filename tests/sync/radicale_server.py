"""Runs a real Radicale on this computer: one user with a password, in a temporary folder, on a free port."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import requests

USER, PASSWORD = "ada", "gehe im Schlaf: ünïcode"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningRadicale:
    """The address of a server, and ways to look into it and change it as another program would."""

    address: str

    def calendar(self, name: str = "deadlines", kinds: tuple[str, ...] = ("VEVENT",)) -> str:
        """Make a calendar and return its address."""
        components = "".join(f'<C:comp name="{kind}"/>' for kind in kinds)
        body = (
            '<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<displayname>{name}</displayname><C:supported-calendar-component-set>{components}"
            "</C:supported-calendar-component-set></prop></set></C:mkcalendar>"
        )
        address = f"{self.address}/{USER}/{name}/"
        assert self.ask("MKCALENDAR", address, body.encode()).status_code == 201
        return address

    def ask(self, method: str, address: str, content: bytes = b"") -> requests.Response:
        """Make one request as the owner's calendar program would."""
        login = requests.auth.HTTPBasicAuth(USER.encode(), PASSWORD.encode())
        return requests.request(method, address, data=content, auth=login, timeout=20)


@contextmanager
def radicale(folder: Path) -> Iterator[RunningRadicale]:
    """Run a server until the block ends."""
    port, users = _free_port(), folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    given = {
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": users,
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
        "storage-filesystem-folder": folder / "collections",
    }
    options = [f"--{name}={value}" for name, value in given.items()]
    server = subprocess.Popen(
        [sys.executable, "-m", "radicale", "--config", "", *options], stderr=subprocess.PIPE, text=True, cwd=folder
    )
    assert server.stderr is not None
    reading = Thread(target=server.stderr.read)  # a full pipe would stop the server
    try:
        said = []
        for line in server.stderr:
            said.append(line)
            if "Listening on" in line:
                break
        else:
            raise AssertionError("Radicale did not start:\n" + "".join(said))
        reading.start()
        yield RunningRadicale(address=f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()
        if reading.ident is not None:
            reading.join()
        server.stderr.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
