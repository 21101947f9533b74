"""What an acknowledgement says, and by when: the same for the mail that leaves and for a preview of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from heed.brands.hours import Calendar, NeverOpen, add
from heed.language.acknowledgements import TEXTS, fill, when_words


@dataclass(frozen=True, slots=True)
class Voice:
    """In whose name a brand acknowledges, in which language when in doubt, and its own words by language."""

    brand: str
    language: str
    time_zone: str
    own: Mapping[str, str]

    def template(self, language: str) -> tuple[str, str]:
        """The language that a customer of this one is answered in, and the words with their placeholders."""
        if language not in self.own and language not in TEXTS:
            language = self.language
        return language, self.own.get(language) or TEXTS.get(language) or TEXTS["en"]


def acknowledgement_text(
    voice: Voice, *, language: str, name: str, reference: str, due: datetime, now: datetime
) -> str:
    """What the customer reads: the reference, and when a person will answer at the latest."""
    chosen, text = voice.template(language)
    when = when_words(due, now, voice.time_zone, chosen)
    return fill(text, name=name, reference=reference, brand=voice.brand, when=when)


def reply_by(calendar: Calendar, since: datetime, *, first_reply_seconds: int) -> datetime | None:
    """When a person answers at the latest, counted in opening hours; None for a brand that never opens."""
    try:
        return add(calendar, since, first_reply_seconds)
    except NeverOpen:
        return None
