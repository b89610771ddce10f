"""Recovery codes: 130 random bits as an owner can write them down, with two digits that catch a slip of the pen."""

import hashlib
import re

RANDOM_BYTES = 17
"""How many random bytes make a code; the caller has them from the system."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_CODE_DIGITS, _CHECK_DIGITS = 26, 2


def code_of(random: bytes) -> str:
    """Return the recovery code that random bytes make, in groups of four."""
    number = int.from_bytes(random, "big") >> (8 * len(random) - 5 * _CODE_DIGITS)
    digits = "".join(_ALPHABET[number >> shift & 31] for shift in range(0, 5 * _CODE_DIGITS, 5))
    return "-".join(re.findall(".{4}", digits + _check(digits)))


def read_code(text: str) -> str | None:
    """Return the 26 digits of a recovery code as typed, None where it is none or holds a slip."""
    digits = re.sub(r"[\s-]", "", text).upper().translate(str.maketrans("OIL", "011"))
    code, check = digits[:_CODE_DIGITS], digits[_CODE_DIGITS:]
    if len(digits) != _CODE_DIGITS + _CHECK_DIGITS or not set(digits) <= set(_ALPHABET) or check != _check(code):
        return None
    return code


def _check(digits: str) -> str:
    number = int.from_bytes(hashlib.sha256(digits.encode()).digest()[:2], "big")
    return _ALPHABET[number >> 5 & 31] + _ALPHABET[number & 31]
