"""Enquiries that seem to repeat one that is still open: of the same customer, with the same subject or nearly the same
words. Agents are told; nothing is merged by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db.models import OuterRef, Subquery

from heed.channels.email.subjects import base_subject
from heed.conversations.models import LISTED, Conversation, Message
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import Direction, Status
from heed.people.models import Customer

NEWEST: Final = 3  # conversations of a customer that are looked at: who writes twice does so soon
TEXT_CHARACTERS: Final = 2_000  # of a mail that are compared
FEWEST_WORDS: Final = 8  # shorter texts are alike by chance
ALIKE: Final = 0.8  # so much of all their different words two texts have to share
_WORD: Final = re.compile(r"\w+")
_ENDED: Final = (Status.SOLVED, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class Enquiry:
    """How a conversation began, as far as it is compared."""

    conversation: int
    subject: str  # without Re: and the like, folded
    text: str  # of the first mail


def words_of(text: str) -> frozenset[str]:
    """The different words of a text's beginning."""
    return frozenset(_WORD.findall(text[:TEXT_CHARACTERS].casefold()))


def are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts have nearly the same words."""
    if min(len(one), len(other)) < FEWEST_WORDS:
        return False
    return len(one & other) >= ALIKE * len(one | other)


@dataclass(slots=True)
class Repeats:
    """What customers of a batch asked lately and what is still open. Grows as the batch is recorded."""

    asked: dict[tuple[int, int], list[Enquiry]] = field(default_factory=dict)  # by brand and customer

    def conversations(self) -> set[int]:
        """All that may be linked."""
        return {one.conversation for enquiries in self.asked.values() for one in enquiries}

    def of(self, enquiry: Enquiry, *, brand: int, customer: int) -> int | None:
        """The newest conversation of this customer with this subject, else with nearly these words."""
        asked = self.asked.get((brand, customer), [])[::-1]
        same = next((one for one in asked if enquiry.subject and one.subject == enquiry.subject), None)
        if same is None and asked:
            words = words_of(enquiry.text)
            same = next((one for one in asked if are_alike(words, words_of(one.text))), None)
        return None if same is None else same.conversation

    def remember(self, enquiry: Enquiry, *, brand: int, customer: int) -> None:
        """Note a conversation that a mail opened, for those after it in the batch."""
        self.asked.setdefault((brand, customer), []).append(enquiry)


def read_repeats(customers: set[int]) -> Repeats:
    """What these customers asked lately and what is still open; two queries, none for nobody."""
    repeats = Repeats()
    for row, text in _newest(customers) if customers else ():
        if row.status not in _ENDED:
            enquiry = Enquiry(row.pk, base_subject(row.subject), text or "")
            repeats.remember(enquiry, brand=row.brand_id, customer=row.customer_id or 0)
    return repeats


def _newest(customers: set[int]) -> Iterator[tuple[Conversation, str | None]]:
    """Their newest conversations in the days that count, the oldest first, with the words of the mail that began each.

    By an index for each, however many there are and however long they are.
    """
    own = Conversation.objects.filter(customer=OuterRef("pk")).order_by("-pk").values("pk")
    nth = {f"newest_{n}": Subquery(own[n : n + 1]) for n in range(NEWEST)}
    rows = Customer.objects.filter(pk__in=customers).annotate(**nth).values_list(*nth)
    found = {pk for row in rows for pk in row if pk is not None}
    since = clock.now() - timedelta(days=config.repeat_days)
    said = Message.objects.filter(conversation=OuterRef("pk"), direction=Direction.IN).order_by("at", "pk")
    asked = Conversation.objects.filter(pk__in=found, opened_at__gte=since).order_by("pk")
    listed = asked.filter(LISTED)
    for one in listed.annotate(first_text=Subquery(said.values("text")[:1])):
        yield one, one.first_text
