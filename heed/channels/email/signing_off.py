"""How an answer names its writer: the From line's name and the lines below the text. Pure."""

import re
from typing import Final

# "Amara at Linden Bikes", as people of that language would put it.
AT: Final = {
    "cs": "{agent} z {brand}",
    "da": "{agent} fra {brand}",
    "de": "{agent} von {brand}",
    "en": "{agent} at {brand}",
    "es": "{agent} de {brand}",
    "fi": "{agent}, {brand}",
    "fr": "{agent} de {brand}",
    "it": "{agent} di {brand}",
    "nl": "{agent} van {brand}",
    "no": "{agent} fra {brand}",
    "pl": "{agent} z {brand}",
    "pt": "{agent} da {brand}",
    "sv": "{agent} från {brand}",
}
PLACES: Final = ("name", "first_name", "brand")  # what a signature may leave to be filled
_PLACE: Final = re.compile(r"\{(name|first_name|brand)\}")


def sender_name(agent: str, brand: str, language: str) -> str:
    """An agent's first name with the brand's; a comma between where we have no words for that language."""
    words = AT.get(language[:2].lower(), "{agent}, {brand}")
    return words.replace("{agent}", first_name(agent)).replace("{brand}", brand)


def first_name(name: str) -> str:
    """What comes before the first space; the whole name where there is none."""
    return name.split()[0] if name.split() else name


def fill(text: str, *, name: str, brand: str) -> str:
    """A signature with its places filled; braces around anything else stay as they are."""
    values = {"name": name, "first_name": first_name(name), "brand": brand}
    return _PLACE.sub(lambda place: values[place[1]], text)


def sign_off(text: str, *signatures: str) -> str:
    """The text with its signatures below the line that mail programs know them by (RFC 3676 4.3)."""
    lines = [tidy for signature in signatures if (tidy := signature.strip())]
    return f"{text.rstrip()}\n\n-- \n" + "\n".join(lines) if lines else text
