"""Says which web addresses a library may be sent to, and whether a redirect leads to the same server."""

import ipaddress
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from homepoint.application.replication import Trouble
from homepoint.sync.remote import RemoteError

_PORTS = {"http": 80, "https": 443}


def web_folder(address: str) -> str:
    """Return the address of a folder on the web in its one spelling, with a slash at its end.

    Raises:
        RemoteError: it is no address, or one to which passwords do not belong.
    """
    try:
        parts = urlsplit(address.strip())
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise _no_address(address) from error
    if parts.scheme not in _PORTS or not host or any(letter.isspace() for letter in host):
        raise _no_address(address)
    if parts.username is not None or parts.password is not None:
        raise RemoteError(Trouble.SERVER, "User and password do not belong in the address; they have their own fields.")
    if parts.scheme == "http" and not is_this_computer(host):
        raise RemoteError(
            Trouble.SERVER,
            "An address that begins with http:// would let everyone on the way read the password; use https://.",
        )
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        place = f"{place}:{port}"
    # Typed or pasted: what is encoded already stays so, and a space becomes %20.
    path = quote(parts.path, safe="%/!$&'()*+,;=:@~")
    return urlunsplit((parts.scheme, place, path.rstrip("/") + "/", "", ""))


def is_this_computer(host: str) -> bool:
    """True for a host name that never leaves this computer."""
    if host.lower() in ("localhost", "localhost."):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_same_server(address: str, other: str) -> bool:
    """True where a password given for one address may be sent to the other: same host and port, no less safe."""
    one, two = urlsplit(address), urlsplit(other)
    if (one.hostname or "").lower() != (two.hostname or "").lower():
        return False
    if one.scheme == "http" and two.scheme == "https":
        # To the safer one: both on their usual ports, or this computer itself.
        return _port(two) == _PORTS["https"]
    return one.scheme == two.scheme and _port(one) == _port(two)


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def _no_address(address: str) -> RemoteError:
    return RemoteError(Trouble.SERVER, f"{address or 'Nothing'} is no web address; one begins with https://.")
