"""Answers of agents to mail that told them of something: a note, or an answer to the customer, as the mail had said.

Obeyed is the agent whom that mail was sent to, who knows its signed address and whose sender address does not fail its
checks; as far as they may at this moment. Whatever else comes there is parked, and no customer ever sees it.
"""

from collections.abc import Sequence

from heed.channels.email.authentication.weigh import weigh
from heed.channels.email.mailboxes import key_of
from heed.channels.email.notice_address import NoticeAddress, read_notice
from heed.conversations.actions.answering import Answer, add_note, reply
from heed.conversations.actions.receiving import keep_raw
from heed.conversations.actions.uploads import upload
from heed.conversations.addressees import default_lines
from heed.conversations.models import Attachment, Conversation, Message
from heed.eventlog.due import hold
from heed.eventlog.kinds import AnswerKept
from heed.eventlog.unit import change, record, savepoint, verb
from heed.intake.letters import Opened
from heed.intake.letting_go import forget_mails
from heed.intake.models import Receipt
from heed.kernel.config import config
from heed.kernel.errors import HeedError, require, require_visible
from heed.kernel.words import (
    ActorKind,
    AgentId,
    Automatic,
    Confidence,
    EventId,
    MessageId,
    ReceiptState,
)
from heed.people.models import Agent
from heed.people.policy import Actor
from heed.people.queries import actor_for


class AnswerRefused(HeedError):
    """It answers a notification, and is not obeyed; the text says why: several, somebody_else, not_proven."""

    code, status = "answer_refused", 409


def notice_of(opened: Opened) -> NoticeAddress | None:
    """What of our notifications a mail answers; None for every other mail. No query."""
    letter = opened.letter
    if letter.is_history or letter.is_own:
        return None
    found = (
        read_notice(one, secret=config.secret_bytes()) for one in letter.recipients if "+n" in one.lower()
    )
    return next((one for one in found if one is not None), None)


@verb
def take_answer(receipt: Receipt, *, opened: Opened, notice: NoticeAddress, by: Actor) -> Message | None:
    """Afterwards a claimed mail is the note or answer of the agent who was told; a copy of it changes nothing.

    An answer that can't be sent any more, since somebody wrote meanwhile for one, becomes a note, and answer.kept is
    recorded. What an absent agent's mailbox answers by itself is forgotten. Raises AnswerRefused for whoever else it
    is, and what the verbs of notes raise. Refused for people. Raises ClaimLost.
    """
    require(by.kind is ActorKind.SYSTEM)
    held: Receipt = hold(receipt)
    if opened.letter.automatic is not Automatic.NO:
        forget_mails([held])
        return None
    actor = _obeyed(opened, notice)
    message = _said(_conversation(notice), opened, notice, actor)
    keep_raw(message, sha256=held.sha256, by=by)
    change(held, state=ReceiptState.READ, due_at=None, claimed_until=None)
    return message


def _obeyed(opened: Opened, notice: NoticeAddress) -> Actor:
    agent = Agent.objects.filter(pk=notice.agent, is_active=True).select_related("custom_role").first()
    if agent is None or opened.letter.sender != key_of(agent.email):
        raise AnswerRefused("somebody_else")
    if (
        not opened.letter.mail.signs.has_one_sender
        or weigh(opened.letter.checks).confidence is Confidence.FAILED
    ):
        raise AnswerRefused("not_proven")
    if not notice.conversation:
        raise AnswerRefused("several")
    return actor_for(agent)


def _conversation(notice: NoticeAddress) -> Conversation:
    """Where it lives on."""
    found = Conversation.objects.filter(pk=notice.conversation).first()
    while found is not None and found.merged_into_id is not None:
        found = Conversation.objects.filter(pk=found.merged_into_id).first()
    require_visible(found is not None)
    assert found is not None
    return found


def _said(conversation: Conversation, opened: Opened, notice: NoticeAddress, actor: Actor) -> Message:
    if not notice.is_reply:
        return _noted(conversation, opened, actor)
    try:
        with savepoint():
            return _replied(conversation, opened, notice, actor)
    except HeedError:
        note = _noted(conversation, opened, actor)
        kept = AnswerKept(agent=AgentId(notice.agent), message=MessageId(note.pk))
        record(kept, on=note.conversation_id)
        return note


def _replied(conversation: Conversation, opened: Opened, notice: NoticeAddress, actor: Actor) -> Message:
    said = list(conversation.messages.order_by("at", "pk"))
    people = list(conversation.participants.order_by("pk"))
    lines = default_lines(conversation, said, people)
    names = {person.address: person.name for person in people}
    to, cc = (tuple((names.get(one, ""), one) for one in lines[line]) for line in ("to", "cc"))
    answer = Answer(
        text=opened.letter.mail.visible,
        to=to,
        cc=cc,
        files=_uploaded(opened, actor),
        sent_once=opened.letter.mail.same_key,
        seen=EventId(notice.event),
    )
    return reply(conversation, answer=answer, by=actor)


def _noted(conversation: Conversation, opened: Opened, actor: Actor) -> Message:
    mail = opened.letter.mail
    files = _uploaded(opened, actor)
    return add_note(conversation, text=mail.visible, sent_once=mail.same_key, files=files, by=actor)


def _uploaded(opened: Opened, actor: Actor) -> Sequence[int]:
    """The mail's files as the agent's own uploads; their bytes are in blob storage."""
    return [
        upload(
            Attachment(
                blob_id=file.sha256, filename=file.filename, content_type=file.content_type, size=file.size
            ),
            by=actor,
        ).pk
        for file in opened.files
    ]
