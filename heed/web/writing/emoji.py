"""Emoji with their names: what the picker and :shortcodes: look through."""

from functools import cache
from typing import TYPE_CHECKING, Final

from heed.kernel.later import later

if TYPE_CHECKING:
    import emoji
else:
    emoji = later("emoji")

FACES: Final = range(0x1F600, 0x1F650)  # what people look for first
FLAGS: Final = range(0x1F1E6, 0x1F200)
TONES: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
WHOLE: Final = 2  # the library's word for a symbol as it should be sent

Named = tuple[str, list[str]]


@cache
def named(language: str) -> list[Named]:
    """Every symbol, once, with its names: the shortcodes first, then what it is called in the language if we know.

    Without variants by skin tone, which are thousands. Faces first, flags last.
    """
    codes = _names_in(language)
    found = []
    for symbol, known in emoji.EMOJI_DATA.items():
        if known["status"] != WHOLE or not TONES.isdisjoint(symbol):
            continue
        names = [known["en"], *known.get("alias", ()), *([codes[symbol]] if symbol in codes else [])]
        found.append((symbol, list(dict.fromkeys(name.strip(":") for name in names))))
    return sorted(found, key=lambda one: _place(one[0]))


def _names_in(language: str) -> dict[str, str]:
    if language == "en" or language not in emoji.LANGUAGES:
        return {}
    emoji.config.load_language(language)
    return {symbol: known[language] for symbol, known in emoji.EMOJI_DATA.items() if language in known}


def _place(symbol: str) -> tuple[int, int]:
    code = ord(symbol[0])
    group = 0 if code in FACES else 2 if code in FLAGS else 1
    return group, code
