"""Passwords that the desk itself has to use, kept encrypted with a key made from its secret."""

import base64
from functools import cache
from typing import TYPE_CHECKING, Final

from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.kernel.later import later

if TYPE_CHECKING:
    from cryptography import fernet
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf import hkdf
else:
    fernet = later("cryptography.fernet")
    hashes = later("cryptography.hazmat.primitives.hashes")
    hkdf = later("cryptography.hazmat.primitives.kdf.hkdf")

_PURPOSE: Final = b"heed: passwords at rest"  # another purpose of the same secret has another key


class Unsealable(HeedError):
    """It was sealed with another secret, or changed since: it has to be entered again."""

    code, status = "unsealable", 409


def seal(text: str) -> str:
    """Encrypt a password or an address that holds one; printable text, different each time."""
    return _cipher(config.secret_bytes()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Give back what was sealed. Raises Unsealable."""
    try:
        return _cipher(config.secret_bytes()).decrypt(sealed.encode()).decode()
    except (fernet.InvalidToken, UnicodeError):
        raise Unsealable from None


@cache
def _cipher(secret: bytes) -> "fernet.Fernet":
    key = hkdf.HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret)
    return fernet.Fernet(base64.urlsafe_b64encode(key))
