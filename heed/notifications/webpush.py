"""Encrypting for one browser (RFC 8291, RFC 8188) and saying who sends (RFC 8292), pure.

Eighty lines over `cryptography`, which is here already, in place of a library that brings an HTTP client of its own;
the vectors of the RFCs are its tests. `cryptography` is loaded with the first message.
"""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from heed.kernel.later import later

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, utils
    from cryptography.hazmat.primitives.ciphers import aead
else:
    aead = later("cryptography.hazmat.primitives.ciphers.aead")
    ec = later("cryptography.hazmat.primitives.asymmetric.ec")
    hashes = later("cryptography.hazmat.primitives.hashes")
    serialization = later("cryptography.hazmat.primitives.serialization")
    utils = later("cryptography.hazmat.primitives.asymmetric.utils")

RECORD: Final = 4096  # bytes; a message is one record
POINT: Final = 65  # bytes of an uncompressed point of P-256
AUTH: Final = 16


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser is reached, and what it decrypts with."""

    endpoint: str
    public: str  # its point, base64url
    auth: str


def text(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def data(written: str) -> bytes:
    """What `text` wrote. Raises ValueError."""
    return base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)


def check(subscription: Subscription) -> None:
    """Raise ValueError for what no browser made."""
    point, auth = data(subscription.public), data(subscription.auth)
    if len(point) != POINT or len(auth) != AUTH:
        raise ValueError("length")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def new_key() -> tuple[str, str]:
    """A key pair of P-256: the private number and the public point, base64url."""
    key = ec.generate_private_key(ec.SECP256R1())
    return text(key.private_numbers().private_value.to_bytes(32, "big")), text(_point(key))


def encrypt(message: bytes, to: Subscription, *, key: str = "", salt: bytes = b"") -> bytes:
    """The body of a message that only this browser reads. Key and salt are fresh but for the vectors of the RFC."""
    theirs, secret = data(to.public), data(to.auth)
    own = _private(key) if key else ec.generate_private_key(ec.SECP256R1())
    salt, point = salt or os.urandom(16), _point(own)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    ikm = _derive(shared, secret, b"WebPush: info\0" + theirs + point, 32)
    content = _derive(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(ikm, salt, b"Content-Encoding: nonce\0", 12)
    sealed = aead.AESGCM(content).encrypt(nonce, message + b"\x02", None)
    return salt + RECORD.to_bytes(4, "big") + bytes([len(point)]) + point + sealed


def authorization(endpoint: str, *, private: str, public: str, contact: str, until: datetime) -> str:
    """The Authorization header by which a push service knows this desk again."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(until.timestamp()), "sub": contact}
    signed = ".".join(text(json.dumps(one).encode()) for one in ({"typ": "JWT", "alg": "ES256"}, claims))
    der = _private(private).sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
    r, s = utils.decode_dss_signature(der)
    signature = text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public}"


def _private(key: str) -> "ec.EllipticCurvePrivateKey":
    return ec.derive_private_key(int.from_bytes(data(key), "big"), ec.SECP256R1())


def _point(key: "ec.EllipticCurvePrivateKey") -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _derive(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256, for at most 32 bytes."""
    extracted = hmac.new(salt, key, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()[:length]
