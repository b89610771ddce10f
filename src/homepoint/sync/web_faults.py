"""Turns what goes wrong between this computer and a web server into kinds of trouble, in plain words."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import requests

from homepoint.application.replication import Trouble
from homepoint.sync.remote import RemoteError

_Kind = TypeVar("_Kind", bound=BaseException)

# OpenSSL's numbers for what is wrong with a certificate.
_CERTIFICATE = {
    9: "it is not valid yet; is this computer's clock right?",
    10: "it has expired",
    18: "the server vouches for itself",
    19: "it is vouched for by an authority this computer does not know",
    20: "it is vouched for by an authority this computer does not know",
    21: "it is vouched for by an authority this computer does not know",
    23: "it was withdrawn",
    62: "it was made for another name",
    64: "it was made for another address",
}


@contextmanager
def web_faults_told() -> Iterator[None]:
    """Turn every failure of a request, or of reading its answer, into RemoteError."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        raise _unsafe(error) from error
    except requests.exceptions.Timeout as error:
        raise RemoteError(Trouble.OFFLINE, "The server did not answer in time.") from error
    except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
        raise _unreachable(error) from error
    except requests.exceptions.ContentDecodingError as error:
        raise RemoteError(Trouble.SERVER, "The server's answer is packed in a way that cannot be undone.") from error
    except (requests.RequestException, UnicodeError) as error:  # UnicodeError: a host name, or a user's for Digest
        raise RemoteError(Trouble.SERVER, f"The server cannot be asked: {_short(error)}.") from error
    except KeyError as error:  # requests takes for granted that whoever asks for Digest names a realm and a nonce
        raise RemoteError(Trouble.SERVER, "The server asks for a password in a way that makes no sense.") from error


def _unsafe(error: requests.exceptions.SSLError) -> RemoteError:
    certificate = _inner(error, ssl.SSLCertVerificationError)
    if certificate is not None:
        why = _CERTIFICATE.get(certificate.verify_code, certificate.verify_message)
        return RemoteError(Trouble.SERVER, f"The server's certificate is not accepted: {why}.")
    if _inner(error, ssl.SSLEOFError) is not None or _inner(error, ssl.SSLZeroReturnError) is not None:
        return RemoteError(Trouble.OFFLINE, "The connection broke off.")
    return RemoteError(Trouble.SERVER, f"No safe connection (TLS) comes about: {_reason(error)}.")


def _reason(error: requests.exceptions.SSLError) -> str:
    inner = _inner(error, ssl.SSLError)
    return inner.reason.lower().replace("_", " ") if inner is not None and inner.reason else _short(error)


def _unreachable(error: requests.RequestException) -> RemoteError:
    if _inner(error, socket.gaierror) is not None:
        words = "No server of this name is found; is this computer online?"
    elif _inner(error, ConnectionRefusedError) is not None:
        words = "Nothing answers at this address."
    elif _inner(error, TimeoutError) is not None:
        words = "The server did not answer in time."
    else:
        words = "The connection broke off."
    return RemoteError(Trouble.OFFLINE, words)


def _inner(error: BaseException, kind: type[_Kind]) -> _Kind | None:
    """Return the first error of a kind among those an error was made from.

    requests and urllib3 wrap each other's errors now as a cause, now as a reason, now as an argument.
    """
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, kind):
            return one
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            waiting += [getattr(one, "reason", None), *one.args, one.__cause__, one.__context__]
    return None


def _short(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:199]}…"
