"""How a mail is tied to what the desk said before: the key of a Message-ID, and the message a bounce is about."""

import hashlib

from heed.channels.email.address import read
from heed.conversations.models import Message, ThreadKey
from heed.kernel.config import config
from heed.kernel.words import Direction


def thread_key(message_id: str) -> str:
    """The key under which a Message-ID is known: hex SHA-256, so that any length fits. Without angle brackets."""
    return hashlib.sha256(message_id.encode("utf-8", "surrogateescape")).hexdigest()


def bounce_target(given_back: str) -> Message | None:
    """The message of ours that a bounce is about, by the address it came to or the Message-ID it names.

    None for what is neither a genuine signed address nor the Message-ID of a message that we sent.
    """
    text = given_back.strip().strip("<>")
    sent = Message.objects.filter(direction=Direction.OUT)
    signed = read(text, secret=config.secret_bytes())
    if signed is not None:
        return sent.filter(pk=signed.message).first()
    # Our Message-IDs hold a signature: no two brands share one.
    key = ThreadKey.objects.filter(key=thread_key(text), message__isnull=False).values_list(
        "message_id", flat=True
    )
    return sent.filter(pk__in=list(key[:5])).first()
