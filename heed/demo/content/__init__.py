"""The sixty conversations, by the language they are in."""

from typing import Final

from heed.demo.content import (
    english_now,
    english_playfield,
    english_wallet,
    french,
    german,
    spanish,
)
from heed.demo.story import Story

STORIES: Final[tuple[Story, ...]] = (
    *english_now.STORIES,
    *english_wallet.STORIES,
    *english_playfield.STORIES,
    *german.STORIES,
    *spanish.STORIES,
    *french.STORIES,
)

PLAYED: Final[tuple[Story, ...]] = (*STORIES, english_now.PARKED)
"""The conversations, and a mail that becomes none."""
