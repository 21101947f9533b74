"""What a mail provider posts: forms taken apart byte for byte, and the mail in them. Pure.

Django reads a form's fields as text and up to 2.5 MB of them; a raw mail is bytes and larger.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.utils.http import parse_header_parameters

from heed.channels.email.mailboxes import is_address
from heed.kernel.errors import HeedError
from heed.kernel.mail_words import REPORTS_ONLY, HookProvider

FIELDS: Final = 1_000
BOUNDARY_CHARACTERS: Final = 200


class UnusablePost(HeedError):
    """What was posted is no mail and no report; trying it again would not help. 406 stops Mailgun's tries."""

    code, status = "unusable_post", 406

    def __init__(self, words: str) -> None:
        """Say what has to be set otherwise at the provider: its console shows the words."""
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Post:
    """The body of a request as it came. content_type is the whole header."""

    content_type: str
    body: bytes

    @property
    def kind(self) -> str:
        """The media type alone."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def is_json(self) -> bool:
        """Whether it says that it is JSON."""
        return self.kind == "application/json"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail that a provider took for us; sender and recipient are the envelope's, empty when it does not say."""

    raw: bytes
    sender: str
    recipient: str


def fields_of(post: Post) -> dict[str, bytes]:
    """A form's fields, each exactly as it was sent; of several of one name, the last. Raises UnusablePost."""
    if post.kind == "multipart/form-data":
        return _multipart(post)
    if post.kind == "application/x-www-form-urlencoded":
        pairs = post.body.split(b"&", FIELDS)
        if len(pairs) > FIELDS:
            raise UnusablePost("This form has too many fields.")
        named = (pair.partition(b"=") for pair in pairs)
        return {_plain(name).decode("utf-8", "replace"): _plain(value) for name, _, value in named}
    raise UnusablePost("This is neither a form nor JSON.")


def _plain(encoded: bytes) -> bytes:
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _multipart(post: Post) -> dict[str, bytes]:
    boundary = _parameter(post.content_type, "boundary")
    if not boundary.isascii() or not 0 < len(boundary) <= BOUNDARY_CHARACTERS:
        raise UnusablePost("This form has no boundary.")
    line = b"\r\n--" + boundary.encode()
    _, *parts = (b"\r\n" + post.body).split(line, FIELDS + 2)
    if len(parts) > FIELDS + 1:
        raise UnusablePost("This form has too many fields.")
    if not parts or not parts[-1].startswith(b"--"):
        raise UnusablePost("This form was cut off.")
    found: dict[str, bytes] = {}
    for part in parts[:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = _name(head)
        if name:
            found[name] = content
    return found


def _name(head: bytes) -> str:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        field, _, value = line.partition(":")
        if field.strip().lower() == "content-disposition":
            return _parameter(value, "name")
    return ""


def _parameter(header: str, name: str) -> str:
    try:
        return parse_header_parameters(header)[1].get(name, "")
    except ValueError:
        return ""


def read_json(post: Post) -> dict[str, Any]:
    """The object that was posted. Raises UnusablePost."""
    try:
        found = json.loads(post.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UnusablePost("This is no JSON object.")
    return found


def is_report(provider: HookProvider, post: Post) -> bool:
    """Whether it tells of mail of ours rather than bringing one. Raises UnusablePost."""
    if provider in REPORTS_ONLY:
        return True
    if provider is HookProvider.POSTMARK:
        kind: object = read_json(post).get("RecordType", "Inbound")
        return kind != "Inbound"
    return post.is_json


def arrived(provider: HookProvider, post: Post) -> Arrived:
    """The mail in it. Raises UnusablePost when there is none, with what to change at the provider."""
    if provider in REPORTS_ONLY:
        raise UnusablePost("This address takes reports alone.")
    if provider is HookProvider.POSTMARK:
        return _postmark(read_json(post))
    fields = fields_of(post)
    if provider is HookProvider.MAILGUN:
        raw = fields.get("body-mime")
        if not raw:
            raise UnusablePost(
                "There is no body-mime: let the route forward to the address that ends in /mime."
            )
        return Arrived(raw, _address(_text(fields, "sender")), _address(_text(fields, "recipient")))
    raw = fields.get("email")
    if not raw:
        raise UnusablePost("There is no raw mail: switch on “POST the raw, full MIME message”.")
    return Arrived(raw, *_envelope(_text(fields, "envelope")))


def _postmark(told: Mapping[str, Any]) -> Arrived:
    raw = told.get("RawEmail")
    if not isinstance(raw, str) or not raw:
        raise UnusablePost("There is no RawEmail: switch on “Include raw email content in JSON payload”.")
    headers = told.get("Headers")
    first = headers[0] if isinstance(headers, list) and headers else None
    # Postmark puts the envelope's sender before the mail's own headers; one further down was written by the sender.
    has_path = isinstance(first, dict) and str(first.get("Name")).lower() == "return-path"
    sender = str(first.get("Value")).strip().strip("<>") if has_path and isinstance(first, dict) else ""
    return Arrived(raw.encode("utf-8", "replace"), _address(sender), _address(told.get("OriginalRecipient")))


def _envelope(text: str) -> tuple[str, str]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(told, dict):
        return "", ""
    to = told.get("to")
    return _address(told.get("from")), _address(to[0] if isinstance(to, list) and to else "")


def _text(fields: Mapping[str, bytes], name: str) -> str:
    return fields.get(name, b"").decode("utf-8", "replace")


def _address(given: object) -> str:
    return given if isinstance(given, str) and is_address(given) else ""
