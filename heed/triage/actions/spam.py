"""Verbs that decide what is spam: an agent's word, which teaches the model, and the verdict on arrival."""

from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

from heed.conversations.actions.quarantining import quarantine, release
from heed.conversations.models import Conversation, Message
from heed.eventlog.due import hold
from heed.eventlog.unit import add, change, lock_many, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow
from heed.kernel.words import Automatic, BlockScope, Direction, MessageId, SpamReason
from heed.people.policy import Actor
from heed.triage.actions.senders import block
from heed.triage.model import Model
from heed.triage.models import SpamDecision, SpamModel, Suspicion
from heed.triage.verdict import Verdict
from heed.triage.words import words_of

LEARNT_OF_A_CONVERSATION = 5  # its first mails; what comes later says little new


class NoSender(NotAllowedNow):
    """Nobody wrote in this conversation, so nobody can be blocked."""

    code = "no_sender"


@verb
def mark_spam(conversation: Conversation, *, blocking: BlockScope | None, by: Actor) -> Conversation:
    """Afterwards the conversation is in the quarantine, its sender blocked if wished, and the model learns from it.

    Records conversation.quarantined, sender.blocked. Nothing more when it stands so already. Raises NotFound, Refused,
    Merged, NoSender, and what block raises.
    """
    held = quarantine(conversation, reason=SpamReason.BY_AGENT, by=by)
    came = _came(held)
    if blocking is not None:
        sender = next((row.from_address for row in came if row.from_address), "")
        if not sender:
            raise NoSender
        domain = sender.rpartition("@")[2]
        block(held.brand, sender=sender if blocking is BlockScope.ADDRESS else f"@{domain}", by=by)
    _decide(came, is_spam=True, at=clock.now(), by=by)
    return held


@verb
def not_spam(conversation: Conversation, *, by: Actor) -> Conversation:
    """Afterwards the conversation stands in its lists, what came last is owed as on arrival, and the model learns.

    Records conversation.unquarantined; nothing for one that was in no quarantine. Raises NotFound, Refused.
    """
    owed = _owed(conversation)
    reasons = Suspicion.objects.filter(pk=owed.pk).first() if owed is not None else None
    was = conversation.quarantined_at
    held = release(
        conversation,
        message=None if owed is None else MessageId(owed.pk),
        may_acknowledge=reasons is not None and reasons.can_acknowledge,
        by=by,
    )
    if was is not None:
        _decide(_came(held), is_spam=False, at=clock.now(), by=by)
    return held


@verb
def note_answered(conversation: Conversation, *, at: datetime, by: Actor) -> None:
    """Afterwards the model learns that what an agent answered was no spam, unless somebody decided before."""
    came = _came(conversation)
    known = set(SpamDecision.objects.filter(pk__in=[row.pk for row in came]).values_list("pk", flat=True))
    _decide([row for row in came if row.pk not in known], is_spam=False, at=at, by=by)


@verb
def hold_back(
    message: Message, *, verdict: Verdict, likely: float | None, may_acknowledge: bool, by: Actor
) -> None:
    """Afterwards the conversation that this mail opened is in the quarantine, and why stands beside the mail.

    Records conversation.quarantined.
    """
    add(
        Suspicion(
            message=message,
            reasons=list(verdict.reasons),
            percent=None if likely is None else round(100 * likely),
            can_acknowledge=may_acknowledge,
        )
    )
    quarantine(message.conversation, reason=verdict.reasons[0], by=by)


def _came(conversation: Conversation) -> list[Message]:
    people = (Automatic.NO, Automatic.BULK)
    rows = conversation.messages.filter(direction=Direction.IN, automatic__in=people, agent__isnull=True)
    return list(rows.order_by("pk")[:LEARNT_OF_A_CONVERSATION])


def _owed(conversation: Conversation) -> Message | None:
    """The first mail of a person since our last answer."""
    ours = (
        conversation.messages.filter(direction=Direction.OUT, automatic=Automatic.NO).order_by("-pk").first()
    )
    theirs = conversation.messages.filter(direction=Direction.IN, automatic=Automatic.NO)
    return theirs.filter(pk__gt=ours.pk if ours else 0).order_by("pk").first()


def _decide(messages: Sequence[Message], *, is_spam: bool, at: datetime, by: Actor) -> None:
    held = lock_many(SpamDecision, [row.pk for row in messages])
    for row in messages:
        known = held.get(row.pk)
        said = {"is_spam": is_spam, "at": at, "agent_id": by.agent_id, "due_at": at}
        if known is None:
            add(SpamDecision(message=row, brand_id=row.brand_id, **said))
        elif known.is_spam != is_spam:
            change(known, **said, claimed_until=None)


@verb
def learn(decisions: Sequence[SpamDecision], *, by: Actor) -> int:
    """Afterwards the models know these claimed decisions, each once; what was learnt otherwise before is taken back.

    Returns how many; none for those that another worker has by now. Records nothing.
    """
    learnt = 0
    models: dict[int, tuple[SpamModel, Model]] = {}
    mails = Message.objects.in_bulk([row.pk for row in decisions])
    for claimed in sorted(decisions, key=lambda row: row.pk):
        row = hold(claimed)
        if row.was_learnt_as != row.is_spam:
            words = words_of_message(mails[row.pk])
            if row.brand_id not in models:
                models[row.brand_id] = _model(row.brand_id)
            model = models[row.brand_id][1]
            if row.was_learnt_as is not None:
                model.learn(words, is_spam=row.was_learnt_as, times=-1)
            model.learn(words, is_spam=row.is_spam)
            learnt += 1
        change(row, was_learnt_as=row.is_spam, due_at=None, claimed_until=None)
    for kept, model in models.values():
        content = model.to_bytes()
        change(kept, content=content, checksum=crc32(content), spams=model.spams, goods=model.goods)
    return learnt


def _model(brand: int) -> tuple[SpamModel, Model]:
    kept = lock_many(SpamModel, [brand]).get(brand)
    if kept is None:
        return add(SpamModel(brand_id=brand, content=b"")), Model()
    return kept, Model.from_bytes(bytes(kept.content))


def words_of_message(message: Message) -> frozenset[int]:
    """The hashed words of a mail as it was kept: the same that arrival looks at."""
    return words_of(
        subject=message.subject,
        text=message.text,
        html=message.html,
        domain=message.from_address.rpartition("@")[2].lower(),
        signs=[message.automatic] if message.automatic != Automatic.NO else (),
    )
