"""Starts real WebDAV servers on free loopback ports, each in a folder of its own, and stops them for sure."""

import atexit
import base64
import datetime
import hashlib
import ipaddress
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

USER = "Zoë"
PASSWORD = "pässword: 1"  # what a header written in Latin-1 would spoil
DIGEST_USER = "pilot"
NAMES = ("apache", "apache-digest", "apache-tls", "nginx", "rclone", "wsgidav")
"""Every server there is; the first three are one Apache."""

_SECONDS_TO_START = 20
_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server.

    Attributes:
        address: of its root, with a slash at the end.
        root: the folder on this disk that it serves.
        certificates: the file with the private authority's certificate, for the one that speaks TLS.
        shows_half_uploads: True where an upload that was cut off leaves what came of it, under its full name.
    """

    name: str
    port: int
    root: Path
    user: str = USER
    password: str = PASSWORD
    certificates: str | None = None
    shows_half_uploads: bool = False

    @property
    def address(self) -> str:
        return f"{'https' if self.certificates else 'http'}://127.0.0.1:{self.port}/"

    def make_folder(self, name: str) -> str:
        """Make a folder in the root, as its owner does with another program, and return its address."""
        sign_in: AuthBase = HTTPBasicAuth(self.user.encode(), self.password.encode())
        if self.name == "apache-digest":
            sign_in = HTTPDigestAuth(self.user, self.password)
        address = f"{self.address}{name}/"
        answer = requests.request("MKCOL", address, auth=sign_in, verify=self.certificates or True, timeout=10)
        assert answer.status_code == 201, (self.name, answer.status_code)
        return address


class Servers:
    """Starts each server when it is first asked for. Close it at the end."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="homepoint-servers-"))
        self._folder.chmod(0o755)  # a server that root starts works as somebody else
        self._running: dict[str, Server] = {}
        self._processes: list[_Process] = []
        atexit.register(self.close)

    def get(self, name: str) -> Server:
        """Return a running server; skip the test where there is none on a system other than Linux."""
        if name not in self._running:
            family = name.partition("-")[0]
            starter = _STARTERS[family]
            self._running.update(self._started(family, starter))
        return self._running[name]

    def close(self) -> None:
        """Stop all servers and remove their folders."""
        atexit.unregister(self.close)
        for process in self._processes:
            process.ask_to_stop()
        for process in self._processes:
            process.stop()
        self._processes.clear()
        self._running.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _started(self, family: str, starter: "_Starter") -> Mapping[str, Server]:
        said = ""
        for attempt in range(_TRIES):  # between finding a free port and using it, another process may take it
            folder = self._folder / f"{family}-{attempt}"
            for name in ("root", "temporary"):
                (folder / name).mkdir(parents=True)
                give_away(folder / name)
            servers, command = starter(folder)
            process = _Process(command, folder / "output.txt")
            self._processes.append(process)
            if process.answers([server.port for server in servers]):
                return {server.name: server for server in servers}
            process.stop()
            said = process.said()
        raise AssertionError(f"{family} does not start: {said}")


class _Process:
    """A server's process with all its children, in a group of its own."""

    def __init__(self, command: Sequence[str], output: Path) -> None:
        # Where the system can do that: should this process be killed, the server ends too.
        leash = [setpriv, "--pdeathsig", "TERM"] if (setpriv := shutil.which("setpriv")) else []
        self._output = output
        self._writes: IO[bytes] = output.open("wb")
        self._process = subprocess.Popen(
            [*leash, *command],
            stdin=subprocess.DEVNULL,
            stdout=self._writes,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def answers(self, ports: Sequence[int]) -> bool:
        """Wait until all ports are open; False where the process ends or takes too long."""
        for _ in range(_SECONDS_TO_START * 50):
            if all(_is_open(port) for port in ports):
                return True
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=0.02)
                return False
        return False

    def ask_to_stop(self) -> None:
        """Ask the process and its children to end."""
        with suppress(ProcessLookupError, PermissionError):
            _signal_group(self._process, signal.SIGTERM)

    def stop(self) -> None:
        """End the process and its children: politely, then surely."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=3)
        # The group outlives its leader where a child hangs, so it is killed whether or not that one has ended.
        with suppress(ProcessLookupError, PermissionError):
            _signal_group(self._process, signal.SIGKILL)
        self._process.wait(timeout=10)
        self._writes.close()

    def said(self) -> str:
        """Return the end of what it printed."""
        return self._output.read_text(encoding="utf-8", errors="replace")[-2000:]


def _signal_group(process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, how)


def _is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def free_port() -> int:
    """Return a port that nothing listens to at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")
    if found is None:
        reason = f"{name} is not on this machine"
        if sys.platform != "linux":
            pytest.skip(reason)
        pytest.fail(f"{reason}; scripts/setup test installs it")
    return found


def _module(*places: str) -> Path:
    """Return the first folder that exists, in which a distribution keeps a server's modules."""
    for place in places:
        if Path(place).is_dir():
            return Path(place)
    pytest.fail(f"none of {', '.join(places)} is on this machine")


_NOBODY = "nobody"


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def give_away(folder: Path) -> None:
    """Let the user write there as whom a server works that root has started."""
    if _is_root():
        shutil.chown(folder, _NOBODY)


def _group_of_nobody() -> str:
    import grp
    import pwd

    return grp.getgrgid(pwd.getpwnam(_NOBODY).pw_gid).gr_name


# ---- the servers -------------------------------------------------------------------------

_Starter = Callable[[Path], tuple[Sequence[Server], Sequence[str]]]


def _apache(folder: Path) -> tuple[Sequence[Server], Sequence[str]]:
    program = _program("apache2")
    modules = _module("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/libexec/apache2")
    root = folder / "root"
    authority, certificate, key = make_certificates(folder)
    basic, digest, tls = free_port(), free_port(), free_port()
    _write_passwords(folder / "basic.txt")
    realm = "Homepoint's tests"
    hashed = hashlib.md5(f"{DIGEST_USER}:{realm}:{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
    (folder / "digest.txt").write_text(f"{DIGEST_USER}:{realm}:{hashed}\n", encoding="utf-8")
    names = [
        "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "auth_digest",
        "dav", "dav_fs", "socache_shmcb", "ssl",
    ]  # fmt: skip
    lines = [
        *(f'LoadModule {name}_module "{modules}/mod_{name}.so"' for name in names),
        *([f"User {_NOBODY}", f"Group {_group_of_nobody()}"] if _is_root() else []),
        f'ServerRoot "{folder}"',
        f'DefaultRuntimeDir "{folder}/temporary"',
        f'PidFile "{folder}/pid"',
        "ServerName 127.0.0.1",
        f'ErrorLog "{folder}/error.txt"',
        f'DavLockDB "{folder}/temporary/locks"',
        "StartServers 1\nServerLimit 1\nThreadsPerChild 8\nMaxRequestWorkers 8\nMinSpareThreads 1\nMaxSpareThreads 8",
        *(f"Listen 127.0.0.1:{port}" for port in (basic, digest, tls)),
        f'DocumentRoot "{root}"',
        f'<Directory "{root}">\nDav On\nRequire valid-user\n</Directory>',
        f'<Location "/">\nAuthType Basic\nAuthName "{realm}"\nAuthBasicProvider file\n'
        f'AuthUserFile "{folder}/basic.txt"\n</Location>',
        f'<VirtualHost 127.0.0.1:{digest}>\n<Location "/">\nAuthType Digest\nAuthName "{realm}"\n'
        f'AuthDigestProvider file\nAuthUserFile "{folder}/digest.txt"\n</Location>\n</VirtualHost>',
        f"<VirtualHost 127.0.0.1:{tls}>\nSSLEngine on\n"
        f'SSLCertificateFile "{certificate}"\nSSLCertificateKeyFile "{key}"\n</VirtualHost>',
    ]
    (folder / "apache.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return (
        Server(name="apache", port=basic, root=root),
        Server(name="apache-digest", port=digest, root=root, user=DIGEST_USER),
        Server(name="apache-tls", port=tls, root=root, certificates=str(authority)),
    ), [program, "-f", str(folder / "apache.conf"), "-DFOREGROUND"]


def _nginx(folder: Path) -> tuple[Sequence[Server], Sequence[str]]:
    program = _program("nginx")
    modules = _module("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules")
    port = free_port()
    _write_passwords(folder / "passwords.txt")
    paths = "\n".join(
        f"{name}_temp_path {folder}/temporary/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = f"user {_NOBODY} {_group_of_nobody()};" if _is_root() else ""
    (folder / "nginx.conf").write_text(
        f"""\
load_module {modules}/ngx_http_dav_ext_module.so;
{user}
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.txt;
events {{ worker_connections 64; }}
http {{
    access_log off;
    {paths}
    client_max_body_size 64m;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/root;
        auth_basic "Homepoint's tests";
        auth_basic_user_file {folder}/passwords.txt;
        location / {{
            dav_methods PUT DELETE MKCOL;
            dav_ext_methods PROPFIND OPTIONS;
        }}
    }}
}}
""",
        encoding="utf-8",
    )
    command = [program, "-p", str(folder), "-e", str(folder / "error.txt"), "-c", str(folder / "nginx.conf")]
    return [Server(name="nginx", port=port, root=folder / "root")], command


def _rclone(folder: Path) -> tuple[Sequence[Server], Sequence[str]]:
    program = _program("rclone")
    port = free_port()
    root = folder / "root"
    return [Server(name="rclone", port=port, root=root, shows_half_uploads=True)], [
        program, "serve", "webdav", str(root), "--addr", f"127.0.0.1:{port}", "--user", USER, "--pass", PASSWORD,
        "--config", str(folder / "rclone.conf"), "--cache-dir", str(folder / "temporary"),
    ]  # fmt: skip


def _wsgidav(folder: Path) -> tuple[Sequence[Server], Sequence[str]]:
    port = free_port()
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "provider_mapping": {"/": str(folder / "root")},
        "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
        "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
        "logging": {"enable": False},
    }
    (folder / "wsgidav.json").write_text(json.dumps(settings), encoding="utf-8")
    server = Server(name="wsgidav", port=port, root=folder / "root", shows_half_uploads=True)
    return [server], [sys.executable, "-m", "wsgidav.server.server_cli", "--config", str(folder / "wsgidav.json")]


_STARTERS: Mapping[str, _Starter] = {"apache": _apache, "nginx": _nginx, "rclone": _rclone, "wsgidav": _wsgidav}


def _write_passwords(file: Path) -> None:
    """Write a password file that Apache and nginx read."""
    hashed = base64.b64encode(hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).digest()).decode()
    file.write_text(f"{USER}:{{SHA}}{hashed}\n", encoding="utf-8")


# ---- certificates ------------------------------------------------------------------------


def make_certificates(folder: Path) -> tuple[Path, Path, Path]:
    """Make a private authority and a certificate for 127.0.0.1; return both and the key, as files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def named(words: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])

    # Certificates have dates; the real clock alone says which ones are valid while the tests run.
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251  # see above
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def draft(subject: str, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named("Tests' own authority"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
            )
        )

    authority = (
        draft("Tests' own authority", authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False,
                encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(authority_key, hashes.SHA256())
    )  # fmt: skip
    certificate = (
        draft("127.0.0.1", key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    files = folder / "authority.pem", folder / "certificate.pem", folder / "key.pem"
    for file, content in zip(
        files,
        (
            authority.public_bytes(pem),
            certificate.public_bytes(pem),
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        ),
        strict=True,
    ):
        file.write_bytes(content)
    return files
