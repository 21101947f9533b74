"""A small company with named people, arranged with verbs: the stage of every test that needs rows.

Linden Bikes has two teams: amara, edda (lead), farid (viewer) and chen (admin) are of Payments, bruno is of Repairs.
Kestrel Maps is another brand with one team, Charts: gita and hugo (lead). Dalia, Ines and Jonas are customers; a
mallory is nobody's customer yet. What amara sees, bruno does not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from functools import cache, cached_property
from hashlib import sha256
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client

from heed import flow
from heed.brands.models import Brand, Inbox
from heed.conversations import fold
from heed.conversations.actions.answering import Answer, reply
from heed.conversations.actions.receiving import open_conversation, receive
from heed.conversations.actions.sending import mark_sent
from heed.conversations.actions.state import assign, change_priority, change_status, set_next_due
from heed.conversations.incoming import Incoming
from heed.conversations.models import Conversation, Message
from heed.conversations.threads import thread_key
from heed.eventlog.models import EventRow, ParkedEvent
from heed.eventlog.reader import Event, events_of
from heed.eventlog.unit import add, change, lock, unit
from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now, keep
from heed.kernel import clock
from heed.kernel.words import (
    Automatic,
    CustomerId,
    JoinedBy,
    MessageId,
    Origin,
    Priority,
    RecipientRole,
    Role,
    Status,
)
from heed.people.actions import add_agent, add_brand, add_inbox, add_team, join_team, route_inbox
from heed.people.models import Agent, Customer, Identity, IdentityKind, Team
from heed.people.policy import NOBODY, SYSTEM, Actor
from heed.people.queries import actor_for
from heed.web.sittings import KEY as NOTED

PASSWORD = "walks by the canal"
YEARS = timedelta(days=3650)
STEPS = 500  # of settling; more means that something never ends


@cache
def _hash() -> str:
    return make_password(PASSWORD)


@dataclass
class Colleague:
    """An agent, or nobody: acts with `actor`, and looks at pages with `get` and `post`."""

    agent: Agent | None = None

    @property
    def actor(self) -> Actor:
        """Who this is to verbs and queries, with the rights of this moment."""
        return NOBODY if self.agent is None else actor_for(Agent.objects.get(pk=self.agent.pk))

    @property
    def row(self) -> Agent:
        """The agent's row; nobody has none."""
        assert self.agent is not None
        return self.agent

    @cached_property
    def client(self) -> Client:
        """A browser without scripts, logged in."""
        client = Client(HTTP_HOST="localhost")
        if self.agent is not None:
            client.force_login(self.agent)
            session = client.session  # noted already, for good: what a page reads is counted without it
            session[NOTED] = [session.session_key, int((clock.now() + YEARS).timestamp())]
            session.save()
        return client

    def get(self, path: str, **headers: str) -> HttpResponse:
        """The answer to GET."""
        return self.client.get(path, headers=headers or None)  # type: ignore[return-value]  # a response with test extras

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        """The answer to POST of a form."""
        return self.client.post(path, data or {}, headers=headers or None)  # type: ignore[return-value]  # as above

    def may_log_in(self) -> str:
        """Give this agent a password; returns it."""
        with unit():
            change(lock(self.row), password=_hash())
        self.row.refresh_from_db()
        return PASSWORD


@dataclass(frozen=True)
class Asker:
    """A customer and the address they write from."""

    row: Customer
    name: str
    address: str

    @property
    def id(self) -> CustomerId:
        """The customer's id."""
        return CustomerId(self.row.pk)


@dataclass
class World:
    """The company. Everything in it is made by `build`."""

    linden: Brand
    kestrel: Brand
    payments: Team
    repairs: Team
    charts: Team
    help: Inbox  # of Payments
    workshop: Inbox  # of Repairs
    hello: Inbox  # of Charts, Kestrel Maps
    amara: Colleague
    bruno: Colleague
    chen: Colleague
    edda: Colleague
    farid: Colleague
    gita: Colleague
    hugo: Colleague
    dalia: Asker
    ines: Asker
    jonas: Asker
    nobody: Colleague = field(default_factory=Colleague)
    _numbers: Iterable[int] = field(default_factory=lambda: iter(count(1)))

    def colleague(self, name: str) -> Colleague:
        """The agent of this name, or nobody: for tests that list who may."""
        found = getattr(self, name)
        assert isinstance(found, Colleague)
        return found

    @property
    def colleagues(self) -> tuple[Colleague, ...]:
        """All who look at conversations: each role, each team, nobody."""
        return (self.amara, self.bruno, self.chen, self.edda, self.farid, self.gita, self.hugo, self.nobody)

    def conversation(
        self,
        *,
        customer: Asker | None = None,
        inbox: Inbox | None = None,
        status: Status | str = Status.OPEN,
        assignee: Colleague | None = None,
        priority: Priority = Priority.NORMAL,
        due_at: datetime | None = None,
        subject: str = "The chain slips",
        text: str = "It slips when I climb.",
    ) -> Conversation:
        """A conversation that a customer (Dalia) began by mail, standing as told."""
        where = inbox or self.help
        mail = self.incoming(customer=customer or self.dalia, inbox=where, subject=subject, text=text)
        with unit():
            row = open_conversation(where, team=self.team_of(where).pk, mail=mail, by=SYSTEM)
            receive(row, mail=mail, by=SYSTEM)
            if assignee is not None:
                assign(row, to=assignee.row, by=SYSTEM)
            if priority is not Priority.NORMAL:
                change_priority(row, to=priority, by=SYSTEM)
            if due_at is not None:
                set_next_due(row, due_at=due_at, by=SYSTEM)
            self._bring_to(row, Status(status))
        return self.reload(row)

    def _bring_to(self, row: Conversation, status: Status) -> None:
        if status is Status.SNOOZED:
            change_status(row, to=status, until=clock.now() + timedelta(days=1), by=SYSTEM)
        elif status is Status.CLOSED:
            change_status(row, to=Status.SOLVED, by=SYSTEM)
            change_status(row, to=status, by=SYSTEM)
        elif status is not Status.OPEN:
            change_status(row, to=status, by=SYSTEM)

    def team_of(self, inbox: Inbox) -> Team:
        """The team that gets an inbox's conversations."""
        return {self.help.pk: self.payments, self.workshop.pk: self.repairs, self.hello.pk: self.charts}[
            inbox.pk
        ]

    def incoming(
        self,
        *,
        customer: Asker | None,
        inbox: Inbox | None = None,
        subject: str = "The chain slips",
        text: str = "It slips when I climb.",
        automatic: Automatic = Automatic.NO,
        joined_by: JoinedBy = JoinedBy.NEW,
        **more: Any,
    ) -> Incoming:
        """A mail as intake hands it to the verbs; `more` are further fields of Incoming."""
        number = next(iter(self._numbers))
        name, address = (customer.name, customer.address) if customer else ("", "")
        now = clock.now()
        values: dict[str, Any] = {
            "from_name": name,
            "from_address": address,
            "to": (("", (inbox or self.help).address),),
            "cc": (),
            "subject": subject,
            "text": text,
            "quoted": "",
            "html": "",
            "at": now,
            "received_at": now,
            "message_id": f"{number}@mail.example.org",
            "own_key": thread_key(f"{number}@mail.example.org"),
            "referred_keys": (),
            "same_key": _digest("same", number),
            "raw_sha256": _digest("raw", number),
            "automatic": automatic,
            "customer": customer.id if customer else None,
            "participants": ((address, name, str(RecipientRole.FROM)),) if customer else (),
            "joined_by": joined_by,
        }
        return Incoming(**{**values, **more})

    def writes(self, conversation: Conversation, *, customer: Asker | None = None, **more: Any) -> Message:
        """A customer (Dalia) writes once more, past intake: the verb alone."""
        mail = self.incoming(customer=customer or self.dalia, joined_by=JoinedBy.REFERENCES, **more)
        return receive(conversation, mail=mail, by=SYSTEM)

    def answer(self, *, to: Asker | None = None, text: str = "We will look at it.", **more: Any) -> Answer:
        """What an agent sends to a customer (Dalia)."""
        who = to or self.dalia
        return Answer(text=text, to=((who.name, who.address),), **more)

    def answered(self, conversation: Conversation, *, by: Colleague | None = None, **more: Any) -> Message:
        """An agent (Amara) answers, and the next server takes it."""
        message = reply(conversation, answer=self.answer(**more), by=(by or self.amara).actor)
        return mark_sent(message, message_id=f"out-{message.pk}@linden.example", attempts=1, by=SYSTEM)

    def mail_from(
        self,
        customer: Asker,
        *,
        reply_to: Conversation | None = None,
        to: Sequence[str] = (),
        subject: str = "",
        text: str = "It slips when I climb.",
        headers: Mapping[str, str] | None = None,
    ) -> Receipt:
        """A mail arrives and is kept; `settle` makes it a message. An answer refers to the newest mail it answers."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = formataddr((customer.name, customer.address))
        addresses = list(to) or [(reply_to.inbox if reply_to else self.help).address]
        mail["To"] = ", ".join(addresses)
        mail["Subject"] = subject or (f"Re: {reply_to.subject}" if reply_to else "The chain slips")
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{next(iter(self._numbers))}@{customer.address.partition('@')[2]}>"
        if reply_to is not None:
            mail["In-Reply-To"] = mail["References"] = f"<{self._answered_id(reply_to)}>"
        for name, value in (headers or {}).items():
            del mail[name]
            mail[name] = value
        mail.set_content(text)
        accepted = accepted_now(mail.as_bytes(), mail_from=customer.address, recipients=addresses)
        return keep([accepted], origin=Origin.LIVE, by=SYSTEM)[0]

    def _answered_id(self, conversation: Conversation) -> str:
        known = conversation.messages.exclude(message_id="")
        newest = known.order_by("-pk").first()
        assert newest is not None, "nothing in this conversation has a Message-ID to answer"
        return newest.message_id

    def reload(self, conversation: Conversation) -> Conversation:
        """The conversation as it stands in the database now."""
        return Conversation.objects.get(pk=conversation.pk)

    def events(self, conversation: Conversation) -> list[Event]:
        """What happened to a conversation, first to last."""
        return events_of(conversation.pk, limit=1000)

    def kinds(self, conversation: Conversation) -> list[str]:
        """The kinds of what happened to it, first to last."""
        return [event.data.name for event in self.events(conversation)]

    def newest_message(self, conversation: Conversation) -> MessageId:
        """The id of what was said last."""
        return MessageId(conversation.messages.order_by("-pk")[0].pk)

    def settle(self) -> None:
        """Let readers and workers go on until nothing is left to do."""
        for _ in range(STEPS):
            if not flow.read() + sum(work.step() for work in flow.DUE):
                return
        raise AssertionError("the desk never comes to rest: some work makes more work without end")

    def read_log(self) -> None:
        """Let the reader catch up with the log; no due work is done."""
        for _ in range(STEPS):
            if not flow.read():
                return
        raise AssertionError("the log never ends: what it causes makes more events without end")

    def check(self) -> None:
        """Fail when a row is not what its events make of it, a count is wrong, or an event was parked."""
        self.read_log()
        found = [str(finding) for finding in fold.findings()]
        found += [f"parked: {row.consumer} {row.event_id} {row.error}" for row in ParkedEvent.objects.all()]
        assert not found, "\n".join(found)

    def log_size(self) -> int:
        """How many events there are: for tests that nothing was recorded."""
        return EventRow.objects.count()


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()


def _colleague(name: str, *, role: Role, teams: Sequence[Team]) -> Colleague:
    agent = add_agent(name, email=f"{name.lower()}@desk.example", password=None, role=role, by=SYSTEM)
    change(agent, undo_seconds=0)  # answers leave at once, but where a test is about taking them back
    for team in teams:
        join_team(team, agent=agent, by=SYSTEM)
    return Colleague(agent)


def _asker(name: str, address: str, language: str) -> Asker:
    row = add(Customer(name=name, language=language, created_at=clock.now()))
    add(Identity(customer=row, kind=IdentityKind.EMAIL, value=address))
    return Asker(row, name, address)


def build() -> World:
    """Make the company: one unit of work, of which the log of the tests knows nothing."""
    world = _build()
    EventRow.objects.all().delete()
    return world


def _build() -> World:
    with unit():
        linden = add_brand("Linden Bikes", slug="linden", language="en", time_zone="Europe/Berlin", by=SYSTEM)
        kestrel = add_brand(
            "Kestrel Maps", slug="kestrel", language="fr", time_zone="Europe/Paris", by=SYSTEM
        )
        payments = add_team(linden, name="Payments", by=SYSTEM)
        repairs = add_team(linden, name="Repairs", by=SYSTEM)
        charts = add_team(kestrel, name="Charts", by=SYSTEM)
        help_ = add_inbox(linden, name="Help", address="help@linden.example", by=SYSTEM)
        workshop = add_inbox(linden, name="Workshop", address="workshop@linden.example", by=SYSTEM)
        hello = add_inbox(kestrel, name="Hello", address="hello@kestrel.example", by=SYSTEM)
        for inbox, team in ((help_, payments), (workshop, repairs), (hello, charts)):
            route_inbox(inbox, team=team, by=SYSTEM)
        return World(
            linden=linden,
            kestrel=kestrel,
            payments=payments,
            repairs=repairs,
            charts=charts,
            help=help_,
            workshop=workshop,
            hello=hello,
            amara=_colleague("Amara", role=Role.AGENT, teams=[payments]),
            bruno=_colleague("Bruno", role=Role.AGENT, teams=[repairs]),
            chen=_colleague("Chen", role=Role.ADMIN, teams=[payments]),
            edda=_colleague("Edda", role=Role.LEAD, teams=[payments]),
            farid=_colleague("Farid", role=Role.VIEWER, teams=[payments]),
            gita=_colleague("Gita", role=Role.AGENT, teams=[charts]),
            hugo=_colleague("Hugo", role=Role.LEAD, teams=[charts]),
            dalia=_asker("Dalia Haddad", "dalia@example.org", "en"),
            ines=_asker("Inès Moreau", "ines@example.net", "fr"),
            jonas=_asker("", "jonas@example.com", "de"),
        )
