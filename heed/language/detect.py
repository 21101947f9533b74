"""The language of a text, by its script and its commonest words. Small, fast, and silent when unsure.

Good enough to choose the words of an acknowledgement: a wrong language is worse there than the brand's own, so
this says nothing unless one language is clearly ahead.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from heed.language.words import COMMON, ENDINGS, LETTERS

_CHARACTERS: Final = 2_000
_WORDS: Final = 80
_SAMPLE: Final = 400  # characters that tell the script and its special letters
_ENOUGH: Final = 1.0
_AHEAD: Final = 1.25
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOISE = re.compile(r"\S*(?:://|@|www\.)\S*")

_BEYOND_LATIN: Final = "\u0370"
# One range of letters is enough where a script belongs to one language among ours.
_SCRIPTS: Final = (
    ("ja", re.compile("[\u3041-\u30fa]")),
    ("ko", re.compile("[\uac00-\ud7a3\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff\u3400-\u4dbf]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("th", re.compile("[\u0e01-\u0e4e]")),
    ("hi", re.compile("[\u0904-\u0963]")),
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_CYRILLIC = re.compile("[\u0400-\u045f]")
_ARABIC = re.compile("[\u0620-\u06ff]")
_FOREIGN_CYRILLIC: Final = frozenset("ўђћќѓџљњјѕәғқңөұүһҳ")


def _weights(
    tables: Iterable[tuple[str, Iterable[str]]], weight: float
) -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Each entry with its languages; what many languages share says little about each."""
    found: dict[str, list[str]] = {}
    for language, entries in tables:
        for entry in dict.fromkeys(entries):
            found.setdefault(entry, []).append(language)
    return {
        entry: tuple((language, weight / len(languages) ** 1.5) for language in languages)
        for entry, languages in found.items()
    }


_COMMON: Final = _weights(((language, words.split()) for language, words in COMMON.items()), 1.0)
_ENDINGS: Final = _weights(((language, endings.split()) for language, endings in ENDINGS.items()), 0.45)
_LETTERS: Final = _weights(LETTERS.items(), 0.9)
_SPECIAL: Final = frozenset(_LETTERS)


def detect(text: str) -> str | None:
    """The ISO 639-1 code of the language of a text, or None when unsure.

    Knows some thirty languages, reads the first 2,000 characters, and takes no longer for any text.
    """
    start = text[:_CHARACTERS]
    if "@" in start or "://" in start or "www." in start:
        start = _NOISE.sub(" ", start)
    if start.isascii():
        return _by_words(start.lower())
    if max(start) < _BEYOND_LATIN:
        return _by_words(start.lower())
    return _by_script(start[:_SAMPLE]) or _by_words(start.lower().replace("’", "'"))


def _by_script(text: str) -> str | None:
    counts = {language: len(letters.findall(text)) for language, letters in _SCRIPTS}
    # Japanese writes much with Chinese characters, Chinese nothing with kana.
    if counts["ja"] * 20 > counts["zh"] and counts["ja"]:
        counts["ja"] += counts["zh"]
        counts["zh"] = 0
    language = max(counts, key=counts.__getitem__)
    weight = 3 if language in ("ja", "zh", "ko") else 1  # a character is a syllable or a word
    others = len(_LATIN.findall(text)) + len(_CYRILLIC.findall(text)) + len(_ARABIC.findall(text))
    return language if counts[language] * weight > max(others, 1) else None


def _by_words(text: str) -> str | None:
    scores: dict[str, float] = {}
    words = [found[0] for found in islice(_WORD.finditer(text), _WORDS)]
    for word in words:
        if word in _COMMON:
            for language, weight in _COMMON[word]:
                scores[language] = scores.get(language, 0.0) + weight
        elif len(word) > 4:
            for ending in (word[-2:], word[-3:], word[-4:]):
                for language, weight in _ENDINGS.get(ending, ()):
                    scores[language] = scores.get(language, 0.0) + weight
    if not text.isascii():
        sample = text[:_SAMPLE]
        present = set(sample)
        if not present.isdisjoint(_FOREIGN_CYRILLIC):
            return None
        for letter in present & _SPECIAL:
            times = min(sample.count(letter), 4)
            for language, weight in _LETTERS[letter]:
                scores[language] = scores.get(language, 0.0) + weight * times
    return _clear_winner(scores, len(words))


def _clear_winner(scores: dict[str, float], words: int) -> str | None:
    if not scores:
        return None
    best = max(scores, key=scores.__getitem__)
    runner_up = max((score for language, score in scores.items() if language != best), default=0.0)
    enough = scores[best] >= min(_ENOUGH, 0.35 * words)
    return best if enough and scores[best] >= _AHEAD * runner_up else None
