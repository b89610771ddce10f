"""Opens the remote of a location: a WebDAV server or a folder."""

from typing import assert_never

from homepoint.application.replication import Location, RemoteKind
from homepoint.sync.folder import FolderRemote
from homepoint.sync.patience import Patience
from homepoint.sync.remote import Remote


def open_remote(location: Location, password: str, patience: Patience | None = None) -> Remote:
    """Return the remote of a location; it is asked nothing yet, and is to be closed.

    Args:
        location: where the objects are.
        password: the server's password; a folder needs none.
        patience: how a busy server is waited for; the default waits by the real clock.

    Raises:
        RemoteError: the address is none to which a password should be sent, or there are no such certificates.
    """
    match location.kind:
        case RemoteKind.WEBDAV:
            # requests takes a while to import, which whoever shares a folder need not wait for.
            from homepoint.sync.webdav import WebDavRemote

            return WebDavRemote(location.address, location.user, password, location.certificates, patience)
        case RemoteKind.FOLDER:
            return FolderRemote(location.address)
    assert_never(location.kind)
