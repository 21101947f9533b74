"""The language of a text, by its script and its commonest words. Small, fast, and silent when unsure."""


def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language, or None when unsure."""
    return None
