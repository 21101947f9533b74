"""What a batch of mails has to be compared with, read in a constant number of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from django.db.models import QuerySet

from heed.brands.models import Inbox
from heed.brands.queries import inboxes_and_their_addresses
from heed.channels.email.mailboxes import key_of, untagged
from heed.conversations.actions.trashing import is_being_purged
from heed.conversations.models import (
    Conversation,
    ConversationLink,
    Message,
    Participant,
    PurgedMail,
    ThreadKey,
)
from heed.eventlog.unit import lock_many
from heed.intake.repeats import Repeats
from heed.kernel.prepared import prepared
from heed.kernel.rows import literally
from heed.kernel.words import ASIDES, BrandId, Confidence, Direction, LinkReason
from heed.people.models import InboxTeam
from heed.people.queries import agents_by_address, customers_by_address
from heed.triage.queries import Sieve

SUCCESSORS = 5  # of one closed conversation, looked at


@dataclass(slots=True)
class Desk:
    """The inboxes and their teams, as they stood when the batch began."""

    inboxes: dict[str, Inbox]
    teams: dict[int, int]  # inbox -> team

    @classmethod
    def read(cls) -> "Desk":
        """Three queries."""
        inboxes = inboxes_and_their_addresses()
        return cls(inboxes, dict(_teams()))

    def inbox_of(self, address: str) -> Inbox | None:
        """The inbox of an address, with or without a +tag."""
        key = key_of(address)
        return self.inboxes.get(key) or self.inboxes.get(untagged(key))


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a Message-ID belongs; message is None while its mail has only been referred to."""

    conversation: int
    message: int | None
    is_aside: bool = False  # it was said to, or by, somebody outside; no customer sees it


@dataclass(slots=True)
class Known:
    """Rows that mails of the batch may have to do with. Grows as the batch is recorded."""

    desk: Desk
    same: dict[tuple[int, str], int] = field(default_factory=dict)  # (brand, same_key) -> message
    threads: dict[tuple[int, str], Thread] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)  # by address
    agents: dict[str, int] = field(default_factory=dict)
    # (brand, same_key, or thread key of ours or of what was restricted): removed for good -> who alone saw it
    purged: Mapping[tuple[int, str], int | None] = field(default_factory=dict)
    sieve: Sieve = field(default_factory=Sieve)  # what spam and storms are known by
    paths: set[tuple[int, str]] = field(default_factory=set)  # (customer, domain that vouched for the way)
    places: dict[int, int] = field(
        default_factory=dict
    )  # message -> conversation, of those that are answered
    asides: set[int] = field(default_factory=set)  # of those, what was said aside
    repeats: Repeats = field(default_factory=Repeats)  # what their customers asked lately

    @classmethod
    def read(
        cls,
        desk: Desk,
        *,
        same_keys: Collection[str],
        thread_keys: Iterable[str],
        addresses: Iterable[str],
        answered: Iterable[int] = (),
    ) -> "Known":
        """Five queries, whatever the size of the batch; one more when signed reply addresses name what is answered."""
        addresses = set(addresses)
        thread_keys = set(thread_keys)
        brands = {inbox.brand_id for inbox in desk.inboxes.values()}  # both indexes begin with the brand
        same = _same(brands=brands, same_keys=set(same_keys))
        rows = _threads(brands=brands, keys=thread_keys)
        places = _places(set(answered))
        return cls(
            desk,
            {(brand, key): pk for brand, key, pk in same},
            {(brand, key): Thread(row, message, way in ASIDES) for brand, key, row, message, way in rows},
            customers_by_address(addresses),
            agents_by_address(addresses),
            purged={
                (brand, key): circle
                for brand, key, circle in _purged(brands=brands, keys=thread_keys | set(same_keys))
            },
            places={pk: conversation for pk, conversation, _ in places},
            asides={pk for pk, _, way in places if way in ASIDES},
        )

    def read_paths(self, ways: Iterable[tuple[str, str]]) -> None:
        """Learn which of these (address, domain) are the way that a known customer's mail came before.

        One query, and none where no other domain vouches. Only mail counts whose writer proved to know our answers.
        """
        wanted = {
            (self.customers[address], path) for address, path in ways if path and address in self.customers
        }
        if not wanted:
            return
        likely = Message.objects.filter(
            customer_id__in={customer for customer, _ in wanted},
            path__in={path for _, path in wanted},
            confidence=Confidence.LIKELY,
        )
        self.paths = {way for way in likely.values_list("customer_id", "path").distinct() if way in wanted}

    def conversation(self, pk: int, brand: BrandId) -> Conversation | None:
        """A conversation of this brand, held; of a merged one, the one it was merged into; None when being purged."""
        seen: set[int] = set()
        while pk not in seen:
            seen.add(pk)
            found = lock_many(Conversation, [pk]).get(pk)
            if found is None or found.brand_id != brand:
                return None
            if found.merged_into_id is None:
                return None if is_being_purged(found) else found
            pk = found.merged_into_id
        return None

    def takes_part(self, conversation: Conversation, address: str) -> bool:
        """True when this address is in the conversation, and not as a flagged stranger."""
        if not address:
            return False
        if self.customers.get(address, 0) == conversation.customer_id:
            return True
        return bool(_taking_part(conversation=conversation.pk, address=address))

    def was_sent(self, message: int, address: str) -> bool:
        """True when this message of ours went to, or came from, this address."""
        rows = Message.objects.filter(pk=message).values_list("to", "cc", "bcc", "from_address")
        *lines, writer = rows.first() or ([], [], [], "")
        return address in {key_of(one) for one in (writer, *(a for line in lines for _, a in line)) if one}

    def was_asked(self, message: int, address: str) -> bool:
        """True when one of our mails of the side conversation in which this message stands went to this address."""
        ours = Message.objects.filter(side__messages=message, direction=Direction.ASIDE_OUT)
        lines = ours.values_list("to", "cc", "bcc")
        return address in {key_of(one) for some in lines for line in some for _, one in line if one}

    def anyone_takes_part(self, conversation: Conversation, addresses: Iterable[str]) -> bool:
        """True when one of these addresses is in the conversation, and not as a flagged stranger."""
        people = Participant.objects.filter(conversation_id=conversation.pk, is_flagged=False)
        return people.filter(address__in=set(addresses)).exists()

    def successors(self, conversation: Conversation) -> list[int]:
        """Conversations that began because this one was closed, the newest first."""
        links = ConversationLink.objects.filter(
            other_id=conversation.pk, reason=LinkReason.CLOSED, conversation_id__gt=conversation.pk
        )
        return list(links.order_by("-conversation_id").values_list("conversation_id", flat=True)[:SUCCESSORS])

    def are_linked(self, one: int, other: int) -> bool:
        """True when two conversations were set apart on purpose."""
        links = ConversationLink.objects.filter(conversation_id=one, other_id=other)
        return links.exclude(reason=LinkReason.PERHAPS_SAME).exists()

    def share_people(self, one: Conversation, other: Conversation) -> bool:
        """True when someone takes part in both."""
        if one.customer_id is not None and one.customer_id == other.customer_id:
            return True
        there = Participant.objects.filter(conversation_id=other.pk, is_flagged=False).values("address")
        return Participant.objects.filter(
            conversation_id=one.pk, is_flagged=False, address__in=there
        ).exists()

    def remember(self, *, brand: int, same_key: str, own: str, referred: Iterable[str], at: Thread) -> None:
        """Note what recording a mail added, for those after it in the batch."""
        if at.message is not None:
            self.same[brand, same_key] = at.message
        for key in referred:
            self.threads.setdefault((brand, key), Thread(at.conversation, None))
        known = self.threads.get((brand, own))
        if own and (known is None or known.message is None):
            self.threads[brand, own] = at


@prepared
def _same(*, brands: Set[int], same_keys: Set[str]) -> "QuerySet[Message, tuple[int, str, int]]":
    said = Message.objects.filter(literally("same_key"), brand_id__in=brands, same_key__in=same_keys)
    return said.values_list("brand_id", "same_key", "pk")


@prepared
def _purged(*, brands: Set[int], keys: Set[str]) -> "QuerySet[PurgedMail, tuple[int, str, int | None]]":
    rows = PurgedMail.objects.filter(brand_id__in=brands, key__in=keys)
    return rows.values_list("brand_id", "key", "circle_id")


@prepared
def _threads(
    *, brands: Set[int], keys: Set[str]
) -> "QuerySet[ThreadKey, tuple[int, str, int, int | None, str | None]]":
    rows = ThreadKey.objects.filter(brand_id__in=brands, key__in=keys)
    return rows.values_list("brand_id", "key", "conversation_id", "message_id", "message__direction")


@prepared
def _teams() -> "QuerySet[InboxTeam, tuple[int, int]]":
    return InboxTeam.objects.values_list("inbox_id", "team_id")


@prepared
def _taking_part(*, conversation: int, address: str) -> "QuerySet[Participant, int]":
    people = Participant.objects.filter(conversation_id=conversation, address=address, is_flagged=False)
    return people.values_list("pk", flat=True)[:1]


def _places(messages: set[int]) -> Sequence[tuple[int, int, str]]:
    """Where these messages stand now, and which way they went: a merge that was undone or a split may have moved them
    since they were sent.
    """
    if not messages:
        return ()
    return list(Message.objects.filter(pk__in=messages).values_list("pk", "conversation_id", "direction"))
