"""The first automatic answer: honest about when a person will write, and never part of a loop."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from heed.brands.hours import is_open
from heed.brands.models import Acknowledgement, Brand
from heed.brands.queries import calendar_of
from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.answering import send_automatic
from heed.conversations.models import Conversation, Message
from heed.eventlog.unit import add
from heed.kernel.config import config
from heed.kernel.prepared import prepared
from heed.kernel.words import Automatic, WordsFor
from heed.people.models import Customer
from heed.people.policy import Actor
from heed.promises.counterparts import Counterpart, counterpart_of
from heed.promises.models import AutomaticMail
from heed.promises.wording import Moment, Voice, acknowledgement_text

DAY = timedelta(days=1)
BURST = timedelta(hours=1)
BURST_MAILS = 10  # so many to one domain within BURST, and the domain counts as one counterpart


@dataclass(slots=True)
class Memory:
    """Which automatic mails left in the last day, for the counterparts of a batch. Grows as the batch sends."""

    counterparts: dict[int, Counterpart] = field(default_factory=dict)  # by message
    by_who: Counter[str] = field(default_factory=Counter)
    by_text: Counter[str] = field(default_factory=Counter)
    by_domain: dict[str, list[datetime]] = field(default_factory=dict)
    newcomers: dict[str, list[datetime]] = field(default_factory=dict)  # by domain, and by host

    @classmethod
    def read(cls, messages: Iterable[Message], *, now: datetime) -> "Memory":
        """Two queries."""
        rows = list(messages)
        came = dict(_came(customers={row.customer_id for row in rows if row.customer_id is not None}))
        memory = cls({row.pk: _counterpart(row, came, now) for row in rows})
        them = memory.counterparts.values()
        recent = _recent(
            since=now - DAY,
            who={one.who for one in them},
            domains={one.domain for one in them} - {""},
            hosts={one.host for one in them} - {""},
            texts={one.text_key for one in them} - {""},
        )
        for who, domain, host, text, is_newcomer, at in recent:
            memory._remember(Counterpart(who, domain, host, text, is_newcomer), at)
        return memory

    def allows(self, message: Message) -> bool:
        """True while no limit is reached (in the spirit of RFC 3834 2 and RFC 5230 4.2).

        A robot that changes its address is known again by its words, its domain, or the host in its Message-IDs.
        """
        one = self.counterparts[message.pk]
        limit = config.acknowledgements_a_day
        if self.by_who[one.who] >= limit:
            return False
        if _has_run(self.by_domain.get(one.domain, ()), BURST_MAILS, within=BURST):
            return False
        if not one.is_newcomer:
            return True
        if one.text_key and self.by_text[one.text_key] >= limit:
            return False
        return not any(
            len(times) >= config.acknowledgements_a_domain or _has_run(times, BURST_MAILS, within=BURST)
            for name in (one.domain, one.host)
            if name and (times := self.newcomers.get(name, []))
        )

    def note(self, message: Message, *, at: datetime) -> None:
        """An automatic mail in answer to this message is on its way."""
        one = self.counterparts[message.pk]
        add(
            AutomaticMail(
                counterpart=one.who,
                domain=one.domain,
                host=one.host,
                text_key=one.text_key,
                is_newcomer=one.is_newcomer,
                at=at,
            )
        )
        self._remember(one, at)

    def _remember(self, one: Counterpart, at: datetime) -> None:
        self.by_who[one.who] += 1
        self.by_text[one.text_key] += 1
        if one.domain:
            self.by_domain.setdefault(one.domain, []).append(at)
        for name in {one.domain, one.host} - {""} if one.is_newcomer else ():
            self.newcomers.setdefault(name, []).append(at)


@prepared
def _came(*, customers: Set[int]) -> "QuerySet[Customer, tuple[int, datetime]]":
    return Customer.objects.filter(pk__in=customers).values_list("pk", "created_at")


@prepared
def _recent(
    *, since: datetime, who: Set[str], domains: Set[str], hosts: Set[str], texts: Set[str]
) -> "QuerySet[AutomaticMail, tuple[str, str, str, str, bool, datetime]]":
    is_theirs = Q(counterpart__in=who) | Q(domain__in=domains) | Q(host__in=hosts) | Q(text_key__in=texts)
    rows = AutomaticMail.objects.filter(is_theirs, at__gt=since).order_by("at")
    return rows.values_list("counterpart", "domain", "host", "text_key", "is_newcomer", "at")


def _has_run(times: Sequence[datetime], length: int, *, within: timedelta) -> bool:
    """Whether so many in a row, of these in their order, lie within that time."""
    if length < 2:
        return bool(times)
    return any(late - early <= within for early, late in zip(times, times[length - 1 :], strict=False))


def _counterpart(message: Message, came: Mapping[int, datetime], now: datetime) -> Counterpart:
    first = came.get(message.customer_id) if message.customer_id is not None else None
    return counterpart_of(
        address=message.from_address,
        message_id=message.message_id,
        subject=message.subject,
        text=message.text,
        is_newcomer=first is None or now - first < DAY,
    )


def was_acknowledged(message: Message) -> bool:
    """Whether an acknowledgement of this message is on its way or gone; one query."""
    return message.answered_by.filter(automatic=Automatic.ACKNOWLEDGEMENT).exists()


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
    own, when_closed = (
        {row.language: row.text for row in words if row.brand_id == brand.pk and row.hours == hours}
        for hours in (WordsFor.ANY, WordsFor.CLOSED)
    )
    text = acknowledgement_text(
        Voice(brand.name, brand.language, brand.time_zone, own, when_closed),
        language=conversation.language or brand.language,
        name=message.from_name,
        reference=f"#{conversation.pk}",
        at=Moment(now, due, is_open(calendar_of(brand), now)),
    )
    to = ((message.from_name, key_of(message.from_address)),)
    send_automatic(conversation, answers=message, text=text, to=to, answer_by=due, by=by)
