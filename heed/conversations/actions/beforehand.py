"""What has to be known before something of an agent's is written: read together, while the conversation is held."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from heed.brands.queries import inbox
from heed.conversations.models import Conversation, Message, Participant, SpentKey
from heed.conversations.queries.access import same_mail_elsewhere
from heed.conversations.senders import last_written
from heed.eventlog.reader import said_since
from heed.kernel.errors import NotAllowedNow
from heed.kernel.prepared import prepared
from heed.kernel.rows import literally
from heed.kernel.steps import Later, Steps, asked, in_steps
from heed.kernel.words import Automatic, DeliveryState, Direction, EventId, MessageId
from heed.people.policy import Actor
from heed.people.standing_queries import suppressed_among


class TakenBack(NotAllowedNow):
    """This very answer was sent and taken back: it is in the composer again, and nothing is sent."""

    code = "taken_back"


@dataclass(frozen=True, slots=True)
class Beforehand:
    """What an answer depends on in the conversation that it is for."""

    sent_before: Message | None
    suppressed: Collection[str]  # of its recipients: mail to them is not sent
    flagged: Sequence[str]  # of its recipients: they came by a mail that nobody has let in
    said: Sequence[MessageId]  # by others, since the event that the writer saw
    elsewhere: Sequence[int]  # conversations of other brands that the same mail reached
    answered: Message | None  # what it answers
    is_first: bool  # no person of ours has answered yet


@prepared
def _with_key(*, agent: int, key: str) -> "QuerySet[Message, Message]":
    return Message.objects.filter(literally("sent_once"), agent_id=agent, sent_once=key)


@prepared
def _spent(*, agent: int, key: str) -> "QuerySet[SpentKey, int]":
    return SpentKey.objects.filter(agent_id=agent, key=key).values_list("pk", flat=True)


@in_steps
def sent_before(key: str, by: Actor) -> Steps[Message | None]:
    """What this form of the writer's sent already; None for a new one. Raises TakenBack when that was taken back.

    One query.
    """
    if not key or by.agent_id is None:
        return None
    found, spent = (
        asked(_with_key, agent=by.agent_id, key=key),
        asked(_spent, agent=by.agent_id, key=key),
    )
    yield found, spent
    if not found.value and spent.value:
        raise TakenBack
    return next(iter(found.value), None)


@prepared
def _flagged(*, conversation: int, addresses: Collection[str]) -> "QuerySet[Participant, str]":
    people = Participant.objects.filter(conversation_id=conversation, is_flagged=True, address__in=addresses)
    return people.order_by("address").values_list("address", flat=True)


@prepared
def _replied(*, conversation: int, but: int) -> "QuerySet[Message, int]":
    ours = Message.objects.filter(
        conversation_id=conversation, direction=Direction.OUT, automatic=Automatic.NO
    )
    return ours.exclude(pk=but).exclude(state=DeliveryState.HELD).values_list("pk", flat=True)[:1]


@in_steps
def has_replied(conversation: Conversation, *, but: MessageId | None = None) -> Steps[bool]:
    """Whether a person of ours has answered in it, before this message; one query."""
    found = asked(_replied, conversation=conversation.pk, but=but or 0)
    yield [found]
    return bool(found.value)


@in_steps
def beforehand(
    held: Conversation, addresses: Collection[str], *, key: str, seen: EventId | None, by: Actor
) -> Steps[Beforehand]:
    """All of it about a held conversation, for an answer to these addresses; one query, or two when others wrote.

    Afterwards the conversation's inbox is at hand, too. Raises TakenBack.
    """
    before, suppressed = sent_before.later(key, by), suppressed_among.later(addresses)
    flagged = asked(_flagged, conversation=held.pk, addresses=sorted(addresses))
    said = said_since.later(held.pk, seen or EventId(0), but=by)
    elsewhere, answered = same_mail_elsewhere.later(by, held), last_written.later(held)
    replied, leaves_from = has_replied.later(held), inbox.later(held.inbox_id)
    news: list[Later] = [] if seen is None else [said, elsewhere]
    yield before, suppressed, flagged, answered, replied, leaves_from, *news
    held.inbox = leaves_from.value
    return Beforehand(
        sent_before=before.value,
        suppressed=suppressed.value,
        flagged=flagged.value,
        said=said.value if news else (),
        elsewhere=elsewhere.value if news else (),
        answered=answered.value,
        is_first=not replied.value,
    )
