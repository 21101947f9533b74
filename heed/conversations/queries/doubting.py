"""What is doubtful about an answer before it is sent: the pure rules of heed.conversations.doubts, on what is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from heed.conversations.doubts import Doubt, Doubted, Known, doubts, numbers_in, plain
from heed.conversations.mentions import (
    ADDRESSES,
    NAMES,
    addresses_in,
    addresses_in_file_name,
    capped,
    names_in_file_name,
    names_in_text,
)
from heed.conversations.models import Attachment, Conversation, Message, Participant
from heed.conversations.queries.access import Opened, visible_to
from heed.kernel import blobs
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import Automatic, Direction
from heed.people.models import Customer, Identity, IdentityKind
from heed.people.policy import Actor

SIGNED_LINES = 5  # of the customer's last message, at its end: where people put their names
READ_FILES = 5  # texts among the files that are looked into
READ_BYTES = 64_000  # of each
TEXT_TYPES = ("text/", "application/json", "application/csv")


@dataclass(frozen=True, slots=True)
class Writing:
    """What is to be sent: its words, the names of its files, and what the texts among them say, by name."""

    text: str
    files: Sequence[str] = ()
    contents: Mapping[str, str] = field(default_factory=dict)


@prepared
def _people(*, conversation: int) -> "QuerySet[Participant, tuple[str, str, bool]]":
    found = Participant.objects.filter(conversation_id=conversation)
    return found.values_list("name", "address", "is_flagged")


@prepared
def _came_last(*, conversation: int) -> "QuerySet[Message, tuple[str, str]]":
    came = Message.objects.filter(
        conversation_id=conversation, direction=Direction.IN, automatic=Automatic.NO
    )
    return came.order_by("-at", "-pk").values_list("from_name", "text")[:1]


@in_steps
def doubts_about(
    here: Opened, *, text: str, files: Sequence[int], addresses: Sequence[str]
) -> Steps[list[Doubted]]:
    """Signs that this answer is on its way to the wrong person: one query.

    With files at most four more; one or two more for numbers in it.
    """
    rows, last = asked(_people, conversation=here.row.pk), asked(_came_last, conversation=here.row.pk)
    yield rows, last
    people = [Known(name, address) for name, address, is_flagged in rows.value if not is_flagged]
    flagged = {address for _, address, is_flagged in rows.value if is_flagged}  # asked about by themselves
    names = {one.address: one.name for one in people}
    if here.row.customer is not None:
        names |= {one.address: one.name or here.row.customer.name for one in people}
    writing = _writing(here.actor, text, files)
    found = doubts(
        text=text,
        files=writing.files,
        recipients=[
            Known(names.get(address, ""), address) for address in addresses if address not in flagged
        ],
        people=people,
        called=_called(last.value),
        number=here.row.pk,
    )
    concerned = [*addresses, *(one.address for one in people)]
    needs = writing.files or any(one.doubt is Doubt.OTHER_NUMBER for one in found)
    own = _customers(concerned, here.row) if needs else {}
    return _weighed(here.actor, found, writing, people, own)


def doubts_about_new(
    actor: Actor,
    *,
    text: str,
    files: Sequence[int],
    recipients: Sequence[tuple[str, str]],
    about: Conversation | None = None,
    beside: Sequence[str] = (),
) -> list[Doubted]:
    """The same for a message to people of whom nothing is known here: (name, address) pairs.

    `about`: the conversation of something said aside; `beside`: names of its files that go along. A greeting is only
    compared where all who get it have a name. At most five queries, and one more for numbers.
    """
    own = _customers([address for _, address in recipients], about)
    names = dict(Customer.objects.filter(pk__in=own.values()).values_list("pk", "name")) if own else {}
    people = [Known(name or names.get(own.get(address, 0), ""), address) for name, address in recipients]
    writing = _writing(actor, text, files, beside)
    found = doubts(
        text=text,
        files=writing.files,
        recipients=people,
        people=(),
        number=0 if about is None else about.pk,
    )
    if not all(one.name for one in people):
        found = [doubt for doubt in found if doubt.doubt is not Doubt.SALUTATION]
    return _weighed(actor, found, writing, people, own)


def _writing(actor: Actor, text: str, files: Sequence[int], beside: Sequence[str] = ()) -> Writing:
    """The files are those that the writer uploaded themselves. One query; the texts are read from blob storage."""
    if not files or actor.agent_id is None:
        return Writing(text, beside)
    rows = list(Attachment.objects.filter(pk__in=files, uploaded_by_id=actor.agent_id).order_by("pk"))
    texts = [row for row in rows if row.content_type.lower().startswith(TEXT_TYPES)][:READ_FILES]
    contents = {row.filename: _beginning(row.blob_id) for row in texts}
    return Writing(text, [*(row.filename for row in rows), *beside], contents)


def _beginning(sha256: str) -> str:
    try:
        with blobs.open_blob(sha256) as content:
            return bytes(content.read(READ_BYTES)).decode("utf-8", "replace")
    except OSError:  # the storage is away: sending itself will say so
        return ""


def _customers(addresses: Sequence[str], row: Conversation | None) -> dict[str, int]:
    """The customers whom it may be about, by address: those who get it, and the conversation's own. One query."""
    found = Identity.objects.filter(kind=IdentityKind.EMAIL, value__in=set(addresses))
    own = dict(found.values_list("value", "customer_id"))
    if row is not None and row.customer_id is not None:
        own[""] = row.customer_id
    return own


def _called(last: Sequence[tuple[str, str]]) -> list[str]:
    """What the customer may be called: the name that they wrote under last, and how they signed."""
    return [said for name, text in last for said in (name, *text.strip().splitlines()[-SIGNED_LINES:])]


def _weighed(
    actor: Actor, found: Sequence[Doubted], writing: Writing, people: Sequence[Known], own: Mapping[str, int]
) -> list[Doubted]:
    """Numbers and names only of other customers, and only of those whom the writer may see."""
    customers = frozenset(own.values())
    others = _other_numbers(actor, found, customers)
    kept = [one for one in found if one.doubt is not Doubt.OTHER_NUMBER or one.value in others]
    return [*kept, *_other_names(actor, writing, people, customers)]


def _other_numbers(actor: Actor, found: Sequence[Doubted], own: frozenset[int]) -> frozenset[str]:
    """Those numbers that are conversations of other customers."""
    numbers = [n for one in found if one.doubt is Doubt.OTHER_NUMBER for n in numbers_in(one.value, ())]
    if not numbers:
        return frozenset()
    rows = Conversation.objects.filter(visible_to(actor), pk__in=numbers)
    theirs = rows.exclude(customer_id__in=own) if own else rows
    return frozenset(f"#{pk}" for pk in theirs.values_list("pk", flat=True))


def _other_names(
    actor: Actor, writing: Writing, people: Sequence[Known], own: frozenset[int]
) -> Iterable[Doubted]:
    """Files that name another customer, or hold their address: the first such customer of each. Two queries."""
    addresses = {
        name: [*addresses_in_file_name(name), *addresses_in(writing.contents.get(name, ""))]
        for name in writing.files
    }
    names = {
        name: [*names_in_file_name(name), *names_in_text(writing.contents.get(name, ""))]
        for name in writing.files
    }
    wanted = capped(names.values(), NAMES)
    by_name = _customers_called(actor, wanted, own) if wanted else {}
    written = capped(addresses.values(), ADDRESSES)
    by_address = _customers_at(actor, written, own) if written else frozenset()
    ours = {plain(one.name) for one in people if one.name}
    for file in writing.files:
        theirs = [one for one in addresses[file] if one in by_address]
        theirs += [by_name[one] for one in names[file] if one in by_name and plain(one) not in ours]
        if theirs:
            yield Doubted(Doubt.OTHER_NAME, file, theirs[0])


def _others(actor: Actor, own: frozenset[int], customer: str) -> Q:
    """The condition that this is another customer, one whom the actor may see."""
    seen = Conversation.objects.filter(visible_to(actor), customer_id=OuterRef(customer))
    return ~Q(**{f"{customer}__in": own}) & Q(Exists(seen))


def _customers_called(actor: Actor, names: Sequence[str], own: frozenset[int]) -> dict[str, str]:
    rows = Customer.objects.filter(_others(actor, own, "pk"), name__in=names, merged_into__isnull=True)
    return {name: name for name in rows.values_list("name", flat=True)[:NAMES]}


def _customers_at(actor: Actor, addresses: Sequence[str], own: frozenset[int]) -> frozenset[str]:
    rows = Identity.objects.filter(
        _others(actor, own, "customer_id"), kind=IdentityKind.EMAIL, value__in=addresses
    )
    return frozenset(rows.values_list("value", flat=True))
