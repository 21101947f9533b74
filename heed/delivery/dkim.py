"""DKIM: key pairs, the DNS record that tells others of them, and signatures of mail that leaves. No rows here."""

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.module_loading import import_string

from heed.kernel.later import later

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
else:
    serialization = later("cryptography.hazmat.primitives.serialization")
    rsa = later("cryptography.hazmat.primitives.asymmetric.rsa")

KEY_BITS: Final = 2048
LABEL: Final = 255  # octets of one string in a TXT record
_DKIM: Final = "dkim.DKIM"  # imported when the first mail is signed: it brings a DNS library along
_FURTHER: Final = b"list-unsubscribe-post"  # RFC 8058 4 wants it signed; dkimpy does not know it


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new key: the private half as PEM, the public half as DNS shows it."""

    private: str = field(repr=False)
    public: str  # base64 of the DER


def new_pair() -> KeyPair:
    """Make a key of 2048 bits; takes a good part of a second, so never inside a verb."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return KeyPair(private.decode("ascii"), base64.b64encode(public).decode("ascii"))


def record_name(selector: str, domain: str) -> str:
    """Where in DNS the record of a key stands."""
    return f"{selector}._domainkey.{domain}"


def record_value(public: str) -> str:
    """What the TXT record of a key says (RFC 6376 3.6.1)."""
    return f"v=DKIM1; k=rsa; p={public}"


def record_strings(value: str) -> list[str]:
    """The value in pieces of at most 255 octets, as zone files and some forms want it."""
    return [value[start : start + LABEL] for start in range(0, len(value), LABEL)]


def says_the_same(value: str, published: str) -> bool:
    """Whether a published TXT record holds this key: order and spaces don't matter, the key and its type do."""
    mine, theirs = _tags(value), _tags(published)
    return (
        theirs.get("p", "") == mine["p"]
        and theirs.get("k", "rsa") == mine["k"]
        and theirs.get("v", "DKIM1") == "DKIM1"
    )


def _tags(record: str) -> dict[str, str]:
    pairs = (tag.partition("=") for tag in record.split(";") if "=" in tag)
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that a domain's mail is signed with now."""

    domain: str
    selector: str
    private: str = field(repr=False)

    def sign(self, raw: bytes) -> bytes:
        """The mail with its DKIM-Signature in front. Raises what dkimpy raises for a mail or key it can't use."""
        signer = import_string(_DKIM)(raw)
        signer.should_sign.add(_FURTHER)
        header: bytes = signer.sign(
            self.selector.encode("ascii"),
            self.domain.encode("ascii"),
            self.private.encode("ascii"),
            canonicalize=(b"relaxed", b"simple"),
        )
        return header + raw
