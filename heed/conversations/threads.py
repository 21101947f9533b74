"""How a mail is tied to what the desk said before: the key of a Message-ID."""

import hashlib


def thread_key(message_id: str) -> str:
    """The key under which a Message-ID is known: hex SHA-256, so that any length fits. Without angle brackets."""
    return hashlib.sha256(message_id.encode("utf-8", "surrogateescape")).hexdigest()
