"""Invitations: one line (or its QR code) with the address and the library's key, locked by a PIN of six digits.

A PIN can be guessed by whoever gets the line and a computer for some days: the line is to be shown, not sent.
"""

import base64
import binascii
import json
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from homepoint.application.problems import HomepointError
from homepoint.application.replication import Location, RemoteKind
from homepoint.sync.cipher import KEY_BYTES
from homepoint.sync.keys import Cost

PREFIX = "homepoint1:"
PIN_DIGITS = 6


def written(location: Location, key: bytes, pin: str, cost: Cost) -> str:
    """Return an invitation.

    Raises:
        HomepointError: the PIN has not six digits.
    """
    if not re.fullmatch(rf"\d{{{PIN_DIGITS}}}", pin):
        raise HomepointError(f"The PIN needs {PIN_DIGITS} digits.", "Type another one.")
    salt = os.urandom(16)
    place = {"kind": location.kind, "address": location.address, "user": location.user}
    costs = [cost.memory_kib, cost.passes, cost.lanes]
    head = json.dumps({**place, "cost": costs}, separators=(",", ":")).encode()
    locked = AESGCM(_stretched(pin, salt, cost)).encrypt(bytes(12), key, head)
    return PREFIX + ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (head, salt + locked))


def opened(invitation: str, pin: str) -> tuple[Location, bytes]:
    """Return the location and the key of an invitation.

    Raises:
        HomepointError: it is none, or the PIN is another one.
    """
    location, cost, head, locked = _read(invitation)
    try:
        return location, AESGCM(_stretched(pin, locked[:16], cost)).decrypt(bytes(12), locked[16:], head)
    except (InvalidTag, ValueError):
        raise HomepointError("The PIN does not fit this invitation.", "Type the six digits again.") from None


def place_of(invitation: str) -> Location:
    """Return the location of an invitation, which everyone who has the line can read.

    Raises:
        HomepointError: it is none.
    """
    return _read(invitation)[0]


def _read(invitation: str) -> tuple[Location, Cost, bytes, bytes]:
    try:
        head, locked = (_decoded(part) for part in invitation.strip().removeprefix(PREFIX).split("."))
        place = json.loads(head)
        memory, passes, lanes = place["cost"]
        location = Location(kind=RemoteKind(place["kind"]), address=str(place["address"]), user=str(place["user"]))
        cost = Cost(memory_kib=min(int(memory), 1 << 20), passes=min(int(passes), 20), lanes=min(int(lanes), 16))
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise HomepointError("This is no invitation of Homepoint's.", "Copy the whole line once more.") from None
    return location, cost, head, locked


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _stretched(pin: str, salt: bytes, cost: Cost) -> bytes:
    return Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(pin.encode())
