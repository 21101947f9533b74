"""Plays the stories in the order of time, through the doors that real mail and real agents take.

The clock stands at each step's time, so rows and log say when it happened. Each step may be played twice: what it
did is found again, by Message-ID, by the key it was sent with, or because things stand so already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import singledispatchmethod
from typing import Final, NamedTuple

from heed import flow
from heed.brands.models import Inbox
from heed.channels.email.address import sign
from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.answering import Answer, add_note, reply, start
from heed.conversations.actions.labels import mark_seen, tag
from heed.conversations.actions.state import assign, change_priority, change_status
from heed.conversations.actions.uploads import upload
from heed.conversations.models import Attachment, Conversation, Message, Timer
from heed.delivery.actions import Attempt, Refusal, claim, settle
from heed.demo import company, mails
from heed.demo.files import File
from heed.demo.mails import Answered
from heed.demo.story import (
    Assigns,
    Begins,
    Bounces,
    Breaks,
    Door,
    Notes,
    Reads,
    Replies,
    Sorts,
    Stands,
    Step,
    Story,
    Who,
    Writes,
    instant,
    text_of,
)
from heed.eventlog import due
from heed.eventlog.unit import unit
from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now, keep
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.kernel.words import Automatic, CustomerId, Direction, Origin, RecipientRole
from heed.people.actions import customer_of
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM, Actor, seen_teams
from heed.people.queries import actor_for

PAUSE: Final = timedelta(seconds=2)  # between what happens and what the desk makes of it
READ_BY_ALL: Final = timedelta(hours=20)  # what is older, the whole team has seen
ROUNDS: Final = 200  # of the desk's own work after one step; more means that it never ends
REFUSED: Final = Refusal(550, "5.1.1 The email account that you tried to reach does not exist")


class Disturbed(HeedError):
    """Another process does this desk's work at the same time, so the story can't be told in its order."""

    code, status = "demo_disturbed", 409


class Turn(NamedTuple):
    """A step of a story, with its number there and the instant at which it happens."""

    at: datetime
    story: Story
    number: int
    step: Step


def turns(stories: Sequence[Story], now: datetime) -> list[Turn]:
    """All steps of all stories, first things first, each with time for what it causes."""
    told = [
        Turn(instant(step.at, now), story, number, step)
        for story in stories
        for number, step in enumerate(story.steps)
    ]
    found: list[Turn] = []
    for turn in sorted(told, key=lambda turn: turn.at):
        earliest = found[-1].at + 2 * PAUSE if found else turn.at
        found.append(turn._replace(at=max(turn.at, earliest)))
    return found


def play(told: Sequence[Turn], *, start_at: int, now: datetime, kept: Callable[[int], None]) -> None:
    """Play from a turn on; `kept` hears after each how many are done. Afterwards the desk is settled at `now`.

    Raises Disturbed.
    """
    stage = Stage(now, company.agents(), company.inboxes())
    for number, turn in enumerate(told[start_at:], start=start_at + 1):
        _let_time_pass(turn.at)
        with clock.at(turn.at):
            stage.perform(turn.step, turn)
        with clock.at(turn.at + PAUSE):
            work()
        kept(number)
    _let_time_pass(now)
    with clock.at(now):
        work()
        stage.all_have_read(now - READ_BY_ALL)


def work() -> None:
    """Do what is due at this moment, until nothing is."""
    for _ in range(ROUNDS):
        if not flow.read() + sum(kind.step() for kind in flow.DUE):
            return
    raise Disturbed


def _let_time_pass(until: datetime) -> None:
    """Wake and close what falls due on the way, at its own time; never before what the log has last."""
    while (at := due.next_due(Timer)) is not None and at <= until:
        with clock.at(min(until, at + PAUSE)):
            work()


@dataclass(frozen=True, slots=True)
class Stage:
    """Those who act, and where. Perform does one step at the clock's time."""

    now: datetime
    agents: dict[Who, Agent]
    inboxes: dict[Door, Inbox]

    @singledispatchmethod
    def perform(self, step: Step, turn: Turn) -> None:
        """Do what a step says."""
        raise TypeError(f"nobody knows how to play a {type(step).__name__}")

    @perform.register
    def _writes(self, step: Writes, turn: Turn) -> None:
        story, own_id = turn.story, mails.message_id(turn.story.key, turn.number)
        sender = step.sender or story.customer
        answers = self._ours(conversation_of(step.continues)) if step.continues else self._ours_so_far(turn)
        quote = ""
        said = [answer for answer in answers if answer.text]
        if step.quotes and said:
            quote = mails.quoted(said[-1], who=self.inboxes[story.door].brand.name, language=story.language)
        raw = mails.letter(
            step,
            sender=sender,
            to=answers[-1].reply_to if answers else story.door,
            subject=step.subject or (f"Re: {story.subject}" if turn.number else story.subject),
            own_id=own_id,
            at=turn.at,
            answers=answers,
            quote=quote,
        )
        _arrive(raw, mail_from=mails.address_of(sender), to=answers[-1].reply_to if answers else story.door)

    @perform.register
    def _bounces(self, step: Bounces, turn: Turn) -> None:
        answer = self._ours_so_far(turn)[-1]
        own_id = mails.message_id(turn.story.key, turn.number)
        raw = mails.bounce(step, own_id=own_id, at=turn.at, answer=answer)
        _arrive(raw, mail_from="", to=answer.reply_to)

    @perform.register
    def _breaks(self, step: Breaks, turn: Turn) -> None:
        story = turn.story
        raw = mails.unreadable(
            sender=story.customer,
            to=story.door,
            subject=story.subject,
            own_id=mails.message_id(story.key, turn.number),
            at=turn.at,
        )
        _arrive(raw, mail_from=mails.address_of(story.customer), to=story.door)

    @perform.register
    def _replies(self, step: Replies, turn: Turn) -> None:
        conversation, by = conversation_of(turn.story.key), self._actor(step.by)
        to, cc = _everybody(conversation)
        answer = Answer(
            text=text_of(step.text),
            to=to,
            cc=cc,
            files=[_uploaded(file, by) for file in step.files],
            then=step.then,
            sent_once=_once(turn),
        )
        message = reply(conversation, answer=answer, by=by)
        self._has_read(conversation, step.by)
        if step.refused:
            _refuse(message, step.refused)

    @perform.register
    def _begins(self, step: Begins, turn: Turn) -> None:
        story, by, inbox = turn.story, self._actor(step.by), self.inboxes[turn.story.door]
        name, _, _ = story.customer.partition(" <")
        address = mails.address_of(story.customer)
        answer = Answer(
            text=text_of(step.text),
            to=((name, address),),
            then=step.then,
            sent_once=_once(turn),
            subject=story.subject,
        )
        customer: CustomerId = customer_of(address, name=name, by=by)
        team = Team.objects.get(inboxteam__inbox=inbox)
        message = start(inbox, answer=answer, team=team, customer=customer, by=by)
        self._has_read(message.conversation, step.by)

    @perform.register
    def _notes(self, step: Notes, turn: Turn) -> None:
        conversation, by = conversation_of(turn.story.key), self._actor(step.by)
        files = [_uploaded(file, by) for file in step.files]
        add_note(conversation, text=text_of(step.text), sent_once=_once(turn), files=files, by=by)
        self._has_read(conversation, step.by)

    @perform.register
    def _assigns(self, step: Assigns, turn: Turn) -> None:
        conversation = conversation_of(turn.story.key)
        assign(conversation, to=self.agents[step.to], by=self._actor(step.by))
        self._has_read(conversation, step.by)

    @perform.register
    def _sorts(self, step: Sorts, turn: Turn) -> None:
        conversation, by = conversation_of(turn.story.key), self._actor(step.by)
        if step.priority is not None:
            change_priority(conversation, to=step.priority, by=by)
        for name in step.tags:
            tag(conversation, name=name, by=by)
        self._has_read(conversation, step.by)

    @perform.register
    def _stands(self, step: Stands, turn: Turn) -> None:
        until = instant(step.until, self.now) if step.until else None
        conversation = conversation_of(turn.story.key)
        change_status(conversation, to=step.to, until=until, by=self._actor(step.by))
        self._has_read(conversation, step.by)

    @perform.register
    def _reads(self, step: Reads, turn: Turn) -> None:
        self._has_read(conversation_of(turn.story.key), step.by)

    def all_have_read(self, until: datetime) -> None:
        """Let everybody have seen what they may see of what was said before."""
        with unit():
            old = list(Conversation.objects.filter(last_message_at__lt=until, merged_into__isnull=True))
            for who, agent in self.agents.items():
                actor = self._actor(who)
                for conversation in old:
                    if conversation.team_id in seen_teams(actor) or conversation.assignee_id == agent.pk:
                        mark_seen(conversation, up_to=conversation.last_message_at, by=actor)

    def _has_read(self, conversation: Conversation, who: Who) -> None:
        mark_seen(conversation, up_to=clock.now(), by=self._actor(who))

    def _actor(self, who: Who) -> Actor:
        return actor_for(self.agents[who])

    def _ours_so_far(self, turn: Turn) -> list[Answered]:
        return self._ours(conversation_of(turn.story.key)) if turn.number else []

    def _ours(self, conversation: Conversation) -> list[Answered]:
        """What we have sent in a conversation, oldest first; the text of automatic answers is nobody's to quote."""
        inbox = conversation.inbox
        rows = (
            conversation.messages.filter(direction=Direction.OUT).exclude(message_id="").order_by("at", "pk")
        )
        return [
            Answered(
                message_id=row.message_id,
                reply_to=sign(
                    inbox.address, conversation=conversation.pk, message=row.pk, secret=config.secret_bytes()
                ),
                text=row.text if row.automatic == Automatic.NO else "",
                at=row.at,
            )
            for row in rows
        ]


def _once(turn: Turn) -> str:
    return f"demo {turn.story.key} {turn.number}"


def conversation_of(key: str) -> Conversation:
    """The conversation of a story: where its first step stands. Raises Disturbed when there is none."""
    first = Message.objects.select_related("conversation__inbox__brand")
    found = (
        first.filter(message_id=mails.message_id(key, 0)).first()
        or first.filter(sent_once=f"demo {key} 0").first()
    )
    if found is None:
        raise Disturbed
    return found.conversation


def _arrive(raw: bytes, *, mail_from: str, to: str) -> None:
    """The mail is accepted, unless it was before."""
    accepted = accepted_now(raw, mail_from=mail_from, recipients=[to])
    if not Receipt.objects.filter(sha256=blobs.sha256_of(raw)).exists():
        keep([accepted], origin=Origin.LIVE, by=SYSTEM)


def _everybody(conversation: Conversation) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Whom an answer goes to: who wrote last, and in copy everybody else who takes part and is no stranger."""
    people = {
        person.address: (person.name, person.address)
        for person in conversation.participants.filter(left_at__isnull=True, is_flagged=False).order_by("pk")
        if person.role != RecipientRole.BCC
    }
    asked = conversation.messages.filter(direction=Direction.IN, automatic=Automatic.NO).order_by(
        "-at", "-pk"
    )
    last = next((key for row in asked if (key := key_of(row.from_address)) in people), next(iter(people), ""))
    return ((people.pop(last),) if last else ()), tuple(people.values())


def _uploaded(file: File, by: Actor) -> int:
    row = Attachment(
        blob_id=blobs.put(file.content),
        filename=file.name,
        content_type=file.content_type,
        size=len(file.content),
    )
    return upload(row, by=by).pk


def _refuse(message: Message, address: str) -> None:
    """The next mail server says no, for good."""
    while flow.read():
        pass
    for delivery in claim(limit=1, by=SYSTEM):
        if delivery.pk != message.pk:
            raise Disturbed
        settle(delivery, attempt=Attempt(refused={address: REFUSED}), by=SYSTEM)
