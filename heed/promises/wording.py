"""What an acknowledgement says, and by when: the same for the mail that leaves and for a preview of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from heed.brands.hours import Calendar, NeverOpen, add
from heed.language.acknowledgements import TEXTS, fill, when_words


@dataclass(frozen=True, slots=True)
class Moment:
    """When a mail is acknowledged, whether people are there then, and when one of them answers at the latest."""

    now: datetime
    due: datetime
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Voice:
    """In whose name a brand acknowledges, in which language when in doubt, and its own words by language."""

    brand: str
    language: str
    time_zone: str
    own: Mapping[str, str]
    when_closed: Mapping[str, str] = field(default_factory=dict)  # in place of its own, outside opening hours

    def template(self, language: str, *, is_open: bool = True) -> tuple[str, str]:
        """The language that a customer of this one is answered in, and the words with their placeholders."""
        own = self.own if is_open else {**self.own, **self.when_closed}
        if language not in own and language not in TEXTS:
            language = self.language
        return language, own.get(language) or TEXTS.get(language) or TEXTS["en"]


def acknowledgement_text(voice: Voice, *, language: str, name: str, reference: str, at: Moment) -> str:
    """What the customer reads: the reference, and when a person will answer at the latest."""
    chosen, text = voice.template(language, is_open=at.is_open)
    due, now = at.due, at.now
    when = when_words(due, now, voice.time_zone, chosen)
    return fill(text, name=name, reference=reference, brand=voice.brand, when=when)


def reply_by(calendar: Calendar, since: datetime, *, first_reply_seconds: int) -> datetime | None:
    """When a person answers at the latest, counted in opening hours; None for a brand that never opens."""
    try:
        return add(calendar, since, first_reply_seconds)
    except NeverOpen:
        return None
