"""One connection to a web server: asks, signs in, waits while the server is busy, and never follows blindly."""

import ssl
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

import homepoint
from homepoint.application.replication import Trouble
from homepoint.sync.patience import Patience, asked_wait, instant
from homepoint.sync.remote import RemoteError
from homepoint.sync.web_faults import web_faults_told

SECONDS_TO_CONNECT = 10
SECONDS_OF_SILENCE = 120
_PIECE = 64 * 1024

_COME_AGAIN = frozenset({408, 423, 425, 429})
_NEVER_BETTER = frozenset({501, 505, 507, 508})
"""What a server will answer the second time too, though it blames itself."""

_FULL = frozenset({413, 507})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class WebConnection:
    """Requests to one server, one after another, as one user.

    Nothing is taken from the surroundings: no proxy, no .netrc, no cookies, no certificates but those meant.
    """

    def __init__(self, user: str, password: str, certificates: str | None, patience: Patience) -> None:
        self.requests = 0
        self.server_time: datetime | None = None
        self._user = user
        self._password = password
        self._patience = patience
        self._was_let_in = False
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(
            # Packed answers have lengths and ETags of their own; objects are packed already.
            {"User-Agent": f"Homepoint/{homepoint.__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
        )
        self._has_trust = False
        if certificates:
            self._trust(certificates)
            self._session.verify = certificates
        if user or password:
            # As bytes: requests would write a name in Latin-1 otherwise, or fail at it.
            self._session.auth = HTTPBasicAuth(user.encode(), password.encode())

    def ask(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        at_once: Collection[int] = (),
    ) -> requests.Response:
        """Return the answer to a request, whatever it is; its body is still to be read, and it to be closed.

        A server that asks to come again is asked again after a while, but for the statuses in `at_once`.

        Raises:
            RemoteError: there is no answer, it stays busy, or it does not accept user or password.
        """
        tried = 0
        has_second_chance = self._was_let_in
        while True:
            response = self._send(method, url, body, headers)
            tried += 1
            status = response.status_code
            if status == 401 and self._turns_to_digest(response):
                let_go(response)
                tried -= 1
                continue
            if status == 401 and has_second_chance and tried < self._patience.tries:
                # Some services answer so when asked too often. Asking on with a wrong password would lock accounts.
                has_second_chance = False
            elif status in at_once or not _may_get_better(status):
                self._was_let_in = self._was_let_in or status < 300
                return response
            self._wait(response, tried)

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str] | None) -> requests.Response:
        if url.startswith("https:") and not self._has_trust:
            self._trust(None)
        self.requests += 1
        with web_faults_told():
            response = self._session.request(
                method,
                url,
                data=body or None,
                headers=headers,
                stream=True,
                # requests would send a PUT that is redirected by 301 again without its content.
                allow_redirects=False,
                timeout=(SECONDS_TO_CONNECT, SECONDS_OF_SILENCE),
            )
        self._session.cookies.clear()
        # Digest asks again by itself.
        self.requests += len(response.history)
        self.server_time = instant(response.headers.get("Date")) or self.server_time
        return response

    def _trust(self, certificates: str | None) -> None:
        # Not before it is needed: reading a system's hundred authorities takes longer than most requests.
        self._session.mount("https://", _Trusting(certificates))
        self._has_trust = True

    def _turns_to_digest(self, response: requests.Response) -> bool:
        """True once: when a server that was told the password by Basic takes Digest."""
        ways = response.headers.get("WWW-Authenticate", "").lower()
        if not isinstance(self._session.auth, HTTPBasicAuth) or "digest" not in ways:
            return False
        self._session.auth = HTTPDigestAuth(self._user, self._password)
        return True

    def _wait(self, response: requests.Response, tried: int) -> None:
        headers = response.headers
        asked = asked_wait(headers.get("Retry-After"), headers.get("Date"))
        pause = self._patience.pause(tried, asked)
        let_go(response)
        if pause is None:
            wish = f" and asks for {asked:.0f} seconds of peace" if asked else ""
            raise RemoteError(Trouble.BUSY, f"The server answered {_status(response)}{wish}; asked {_times(tried)}.")
        self._patience.sleep(pause)


class _Trusting(HTTPAdapter):
    """Trusts the authorities this computer trusts and those that come with requests, or a private one alone."""

    def __init__(self, certificates: str | None) -> None:
        try:
            self._context = ssl.create_default_context(cafile=certificates)
        except OSError as error:  # ssl.SSLError is one: the file holds no certificates
            raise RemoteError(Trouble.SERVER, f"{certificates} is no file with certificates (PEM).") from error
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, ssl_context=self._context, **options)


def pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield an answer's body piece by piece.

    Raises:
        RemoteError: it breaks off before its end.
    """
    with web_faults_told():
        # The consumer runs within: only what requests raises is turned into words.
        yield from response.iter_content(_PIECE)


def let_go(response: requests.Response) -> None:
    """Have done with an answer; a short one is read, so that its connection can be used again."""
    with suppress(RemoteError):
        next(pieces(response), None)
    response.close()


def refusal(response: requests.Response) -> RemoteError:
    """Say why an answer is not the one that was wanted, and have done with it."""
    let_go(response)
    status = response.status_code
    said = f"The server answered {_status(response)}"
    if status == 401:
        return RemoteError(Trouble.REFUSED, _unaccepted(response.headers.get("WWW-Authenticate", "")))
    if status == 403:
        return RemoteError(Trouble.REFUSED, f"{said}: this user has no right to it.")
    if status in _FULL:
        return RemoteError(Trouble.FULL, f"{said}: there is no room left.")
    if status in _REDIRECTS:
        return RemoteError(Trouble.SERVER, f"{said} and sends on to {_plain(target_of(response) or 'nowhere')}.")
    return RemoteError(Trouble.SERVER, f"{said} to {response.request.method}.")


def target_of(response: requests.Response) -> str | None:
    """Return the address to which a redirect leads, None where there is none."""
    location = response.headers.get("Location")
    if response.status_code not in _REDIRECTS or not location:
        return None
    try:
        return requests.compat.urljoin(response.url, location)
    except ValueError:
        return None


def is_moved_for_good(response: requests.Response) -> bool:
    """True where the server says to use another address from now on."""
    return response.status_code in (301, 308)


def _unaccepted(ways: str) -> str:
    known = not ways or any(way in ways.lower() for way in ("basic", "digest"))
    if known:
        return "The server does not accept this user and password."
    return f"The server wants a kind of sign-in that Homepoint does not know: {_plain(ways.split()[0])}."


def _may_get_better(status: int) -> bool:
    return status in _COME_AGAIN or (500 <= status < 600 and status not in _NEVER_BETTER)


def _status(response: requests.Response) -> str:
    return _plain(f"{response.status_code} {response.reason or ''}".strip())


def _plain(text: str) -> str:
    """Return a server's words so that they can be shown: on one line, and not without end."""
    return "".join(letter for letter in text if letter.isprintable())[:200]


def _times(tried: int) -> str:
    return "once" if tried == 1 else f"{tried} times"
