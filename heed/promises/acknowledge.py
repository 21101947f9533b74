"""The first automatic answer: honest about when a person will write, and never part of a loop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from heed.brands.models import Acknowledgement, Brand
from heed.channels.email.address import counterpart, counterpart_domain
from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.answering import send_automatic
from heed.conversations.models import Conversation, Message
from heed.eventlog.unit import add
from heed.kernel.config import config
from heed.language.acknowledgements import TEXTS, fill, when_words
from heed.people.policy import Actor
from heed.promises.models import AutomaticMail

DAY = timedelta(days=1)
BURST = timedelta(hours=1)
LONGEST = 254  # characters of an address that are remembered
BURST_MAILS = 10  # so many to one domain within BURST, and the domain counts as one counterpart


@dataclass(slots=True)
class Memory:
    """Which automatic mails left in the last day, for the counterparts of a batch. Grows as the batch sends."""

    by_counterpart: dict[str, int] = field(default_factory=dict)
    by_domain: dict[str, list[datetime]] = field(default_factory=dict)

    @classmethod
    def read(cls, addresses: Iterable[str], *, now: datetime) -> "Memory":
        """Two queries."""
        memory = cls()
        people = {_who(address) for address in addresses}
        domains = {counterpart_domain(address) for address in addresses} - {None}
        recent = AutomaticMail.objects.filter(at__gt=now - DAY)
        for who in recent.filter(counterpart__in=people).values_list("counterpart", flat=True):
            memory.by_counterpart[who] = memory.by_counterpart.get(who, 0) + 1
        for domain, at in recent.filter(domain__in=domains).order_by("at").values_list("domain", "at"):
            memory.by_domain.setdefault(domain, []).append(at)
        return memory

    def allows(self, address: str) -> bool:
        """True while the limit of this counterpart is not reached (in the spirit of RFC 3834 2 and RFC 5230 4.2)."""
        if self.by_counterpart.get(_who(address), 0) >= config.acknowledgements_a_day:
            return False
        times = self.by_domain.get(counterpart_domain(address) or "", [])
        bursts = (late - early for early, late in zip(times, times[BURST_MAILS - 1 :], strict=False))
        return not any(span <= BURST for span in bursts)

    def note(self, address: str, *, at: datetime) -> None:
        """An automatic mail to this address is on its way."""
        who, domain = _who(address), counterpart_domain(address) or ""
        add(AutomaticMail(counterpart=who, domain=domain[:LONGEST], at=at))
        self.by_counterpart[who] = self.by_counterpart.get(who, 0) + 1
        if domain:
            self.by_domain.setdefault(domain, []).append(at)


def _who(address: str) -> str:
    return counterpart(address)[:LONGEST]


def acknowledge(
    conversation: Conversation,
    *,
    message: Message,
    brand: Brand,
    words: Sequence[Acknowledgement],
    due: datetime,
    now: datetime,
    by: Actor,
) -> None:
    """Queue the acknowledgement of a message: the reference, and when a person will answer at the latest."""
    language = conversation.language or brand.language
    own = {row.language: row.text for row in words if row.brand_id == brand.pk}
    if language not in own and language not in TEXTS:
        language = brand.language
    text = own.get(language) or TEXTS.get(language) or TEXTS["en"]
    filled = fill(
        text,
        name=message.from_name,
        reference=f"#{conversation.pk}",
        brand=brand.name,
        when=when_words(due, now, brand.time_zone, language),
    )
    to = ((message.from_name, key_of(message.from_address)),)
    send_automatic(conversation, answers=message, text=filled, to=to, by=by)
