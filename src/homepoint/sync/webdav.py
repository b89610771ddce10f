"""Objects on a WebDAV server: five methods, nothing in which servers differ, and a test that says what is lacking."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote, urljoin

from requests import Response

from homepoint.application.replication import RemoteReport, Trouble
from homepoint.sync import layout
from homepoint.sync.multistatus import QUESTION, listed
from homepoint.sync.patience import Patience
from homepoint.sync.remote import Listed, NotThere, RemoteError
from homepoint.sync.trial import PROBE, ground_name, shortcomings
from homepoint.sync.web_address import is_same_server, web_folder
from homepoint.sync.web_connection import WebConnection, is_moved_for_good, let_go, pieces, refusal, target_of

_GONE = frozenset({404, 410})
_DONE = frozenset({200, 201, 202, 204})
_NO_PARENT = frozenset({404, 409, 410})
_NO_FOLDER = frozenset({404, 409, 500})
"""What servers answer to a PUT whose folder is missing: rclone, most others, nginx."""

Objects = list[Listed]
"""Named here, because within the class `list` is a method."""

_NO_WEBDAV = "There is no WebDAV at this address."
_MOST_REDIRECTS = 5


class WebDavRemote:
    """A folder on a WebDAV server as a remote.

    It rests on no condition, lock, ETag or property beyond a size. A listing, an object read, written or removed is
    one request each, but for the first one to a server that asks for Digest.
    """

    def __init__(
        self,
        address: str,
        user: str,
        password: str,
        certificates: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Remember how to reach a server; nothing is asked yet.

        Args:
            address: the owner's folder there: https, or http on this computer.
            user: the user's name; with no password either, nobody signs in.
            password: the password, or better an app password made for Homepoint.
            certificates: a file with the certificates of a private authority (PEM), which then is the only one.
            patience: how a busy server is waited for.

        Raises:
            RemoteError: the address is none to which a password should be sent, or the file holds no certificates.
        """
        self._base = web_folder(address)
        self._connection = WebConnection(user, password, certificates, patience or Patience())

    @property
    def requests(self) -> int:
        """How many requests were made so far."""
        return self._connection.requests

    @property
    def server_time(self) -> datetime | None:
        """The server's clock as it told it last (UTC), None where it tells none."""
        return self._connection.server_time

    def list(self, folder: str) -> Objects:
        """Return the objects of a folder.

        Raises:
            NotThere: there is no such folder.
        """
        return self._list(self._url(*layout.folder_path(folder), ""))

    def get(self, folder: str, name: str, largest: int) -> bytes:
        """Return an object.

        Raises:
            NotThere: it is not there.
            RemoteError: among others, it is larger than `largest` bytes.
        """
        return self._get(self._url(*layout.object_path(folder, name)), largest)

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Write an object, making the folder where it is missing."""
        url = self._url(*layout.object_path(folder, name))
        response = self._put(url, content, at_once=_NO_FOLDER)
        if response.status_code in _NO_FOLDER:
            let_go(response)
            self._make_folders(folder)
            response = self._put(url, content)
        _finish(response)

    def delete(self, folder: str, name: str) -> None:
        """Remove an object; one that is not there is removed already."""
        self._delete(self._url(*layout.object_path(folder, name)))

    def test(self) -> RemoteReport:
        """Try everything out with a small file and say who answers and what is lacking.

        Where the server says that the folder has moved for good, to an address on the same server, this remote goes
        on there.

        Raises:
            RemoteError: nobody answers, or does not accept the user.
        """
        answer = self._arrive()
        let_go(answer)
        lacks, address = _lacks_already(answer), self._base
        if lacks:
            if is_moved_for_good(answer):
                address = target_of(answer) or self._base
            return RemoteReport(server=_name(answer), lacks=lacks, address=address, holds_a_library=False)
        options = self._connection.ask("OPTIONS", self._base)
        let_go(options)
        try:
            holds_a_library = bool(self.list("l"))
            parent = self._url(layout.TOP, layout.VERSION, "")
        except NotThere:
            holds_a_library, parent = False, self._base
        return RemoteReport(
            server=_name(answer, options),
            lacks=shortcomings(_WebGround(self, urljoin(parent, f"{ground_name()}/"))),
            address=self._base,
            holds_a_library=holds_a_library,
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _url(self, *parts: str) -> str:
        return self._base + "/".join(quote(part, safe="") for part in parts)

    def _list(self, url: str) -> Objects:
        # Without the Depth header a server may walk through everything below.
        headers = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
        with self._connection.ask("PROPFIND", url, QUESTION, headers) as response:
            if response.status_code in (200, 405, 501):
                raise RemoteError(Trouble.SERVER, _NO_WEBDAV)
            return listed(pieces(_wanted(response, 207)), url)

    def _get(self, url: str, largest: int) -> bytes:
        with self._connection.ask("GET", url) as response:
            length = _wanted(response, 200).headers.get("Content-Length", "")
            if length.isascii() and length.isdigit() and int(length[:18]) > largest:
                raise _too_large(url, largest)
            content = bytearray()
            for piece in pieces(response):
                content += piece
                if len(content) > largest:
                    raise _too_large(url, largest)
        return bytes(content)

    def _put(self, url: str, content: bytes, at_once: Collection[int] = ()) -> Response:
        headers = {"Content-Type": "application/octet-stream"}
        return self._connection.ask("PUT", url, content, headers, at_once)

    def _delete(self, url: str) -> None:
        with suppress(NotThere):
            _finish(self._connection.ask("DELETE", url))

    def _make(self, url: str) -> bool:
        """Make one folder; True where it is new, at least by the server's word."""
        response = self._connection.ask("MKCOL", url)
        if response.status_code == 405:  # it is there
            let_go(response)
            return False
        _finish(response, gone=_NO_PARENT)
        return True

    def _make_folders(self, folder: str) -> None:
        """Make the folders from the top down; the owner's own one must be there."""
        top = self._url(layout.TOP, "")
        try:
            is_new = self._make(top)
            self._make(self._url(layout.TOP, layout.VERSION, ""))
            self._make(self._url(*layout.folder_path(folder), ""))
        except NotThere as error:
            raise RemoteError(Trouble.SERVER, f"There is no folder at {self._base}.") from error
        if is_new:
            # A courtesy: without it everything works as well, so its answer does not matter.
            readme = layout.README_TEXT.encode()
            let_go(self._put(urljoin(top, layout.README), readme, at_once=range(400, 600)))

    def _arrive(self) -> Response:
        """Ask for the owner's folder, at another address of this server where it says so; return the last answer."""
        headers = {"Depth": "0", "Content-Type": "application/xml; charset=utf-8"}
        for _ in range(_MOST_REDIRECTS):
            response = self._connection.ask("PROPFIND", self._base, QUESTION, headers)
            target = target_of(response)
            if target is None or not is_moved_for_good(response) or not is_same_server(self._base, target):
                return response
            let_go(response)
            self._base = web_folder(target.partition("?")[0].partition("#")[0])
        raise RemoteError(Trouble.SERVER, f"The server sends on and on, at last to {self._base}.")


class _WebGround:
    """A folder on the server, in which things are tried out."""

    def __init__(self, remote: WebDavRemote, url: str) -> None:
        self._remote = remote
        self._url = url

    def make(self) -> None:
        if not self._remote._make(self._url):
            raise RemoteError(Trouble.SERVER, "The server answered that there is one already.")

    def write(self, content: bytes) -> None:
        _finish(self._remote._put(self._url + PROBE, content))

    def names(self) -> Collection[str]:
        return [file.name for file in self._remote._list(self._url)]

    def read(self) -> bytes:
        return self._remote._get(self._url + PROBE, 1024 * 1024)

    def delete(self) -> None:
        self._remote._delete(self._url + PROBE)

    def remove(self) -> None:
        self._remote._delete(self._url)


def _wanted(response: Response, status: int) -> Response:
    """Return an answer whose body is to be read, if its status is the wanted one."""
    if response.status_code == status:
        return response
    error = refusal(response)
    raise NotThere(error.details) if response.status_code in _GONE else error


def _finish(response: Response, gone: Collection[int] = _GONE) -> None:
    """Have done with an answer that says that something was done; `gone` are the statuses of what is not there."""
    if response.status_code in _DONE:
        let_go(response)
        return
    error = refusal(response)
    raise NotThere(error.details) if response.status_code in gone else error


def _lacks_already(answer: Response) -> tuple[str, ...]:
    """Say what is wrong with the answer to the first question, so that nothing more need be asked."""
    status, target = answer.status_code, target_of(answer)
    if status == 207:
        return ()
    if status in (401, 403, 413, 507):
        raise refusal(answer)
    if is_moved_for_good(answer) and target:
        return (f"It sends on to {target}, which is another server or less safe. Enter that address if you trust it.",)
    if target:
        return (f"{_NO_WEBDAV} It sends on to {target}.",)
    if status in _GONE:
        return ("There is no folder at this address.",)
    return (_NO_WEBDAV,)


def _too_large(url: str, largest: int) -> RemoteError:
    return RemoteError(Trouble.DAMAGED, f"{url.rpartition('/')[2]} is larger than {largest} bytes.")


def _name(*answers: Response) -> str:
    """Return how a server calls itself, as far as it does."""
    headers = [answer.headers for answer in answers]
    names = {header.get("Server", "").strip() for header in headers} - {""}
    features = " ".join(header.get("DAV", "").lower() for header in headers)
    if "nextcloud" in features or "nc-" in features:
        names.add("Nextcloud")
    elif any("X-Sabre-Version" in header for header in headers):
        names.add("sabre/dav")
    words = ", ".join(sorted(names))
    return "".join(letter for letter in words if letter.isprintable())[:80] or "a server without a name"
