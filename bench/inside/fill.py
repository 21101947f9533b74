"""A desk with very many conversations, as if years had passed: rows, log, counts, keys and search documents agree.

About three messages each; a fifth open, half of those assigned; six teams. Only the bytes of raw mails are left out.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from django.db import connection

from bench.inside.bulk import Bulk
from bench.inside.columns import COLUMNS, TABLES
from bench.inside.setup import VIEWER
from bench.words import LANGUAGES
from heed.brands.models import Inbox
from heed.conversations.models import Message
from heed.eventlog.models import Cursor
from heed.eventlog.reader import last_event_id
from heed.kernel import clock
from heed.people.models import Agent, Team, TeamMember

AT_ONCE = 5_000
YEAR = timedelta(days=365)
STATUSES = ("open",) * 20 + ("waiting",) * 5 + ("snoozed",) + ("solved",) * 14 + ("closed",) * 60
TEXTS = 300
FULL_PAGE = 60  # open conversations; a list shows fewer at once
Rows = dict[str, list[tuple[Any, ...]]]


def fill(*, conversations: int) -> None:
    """Add so many conversations to an empty desk."""
    bulk = Bulk()
    desk = _Desk(conversations, is_postgres=bulk.is_postgres)
    for first in range(1, conversations + 1, AT_ONCE):
        for number in range(first, min(first + AT_ONCE, conversations + 1)):
            desk.add(number)
        _write(bulk, desk.take())
    _write(bulk, desk.rest())
    bulk.write_search(after=0)
    Cursor.objects.update(event_id=desk.event)
    bulk.finish(list(TABLES.values()))


def _write(bulk: Bulk, rows: Rows) -> None:
    for name, some in rows.items():
        bulk.write(TABLES[name], COLUMNS[name], some)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@dataclass
class _Desk:
    """Makes the rows of one conversation after the other."""

    size: int
    is_postgres: bool
    random: Random = field(default_factory=lambda: Random("heed fill"))
    rows: Rows = field(default_factory=lambda: defaultdict(list))
    counts: Counter[tuple[int, int | None, str]] = field(default_factory=Counter)
    message: int = 0
    event: int = 0
    now: datetime = field(default_factory=clock.now)
    viewers: int = 0  # open conversations of the one who looks

    def __post_init__(self) -> None:
        self.event = last_event_id()  # setting up a desk stands in its log
        self.inbox = Inbox.objects.order_by("pk").values_list("pk", "brand_id", "address")[0]
        self.teams = list(Team.objects.order_by("pk").values_list("pk", flat=True))
        self.members: dict[int, list[int]] = defaultdict(list)
        for team, agent in TeamMember.objects.order_by("pk").values_list("team_id", "agent_id"):
            self.members[team].append(agent)
        self.viewer = Agent.objects.values_list("pk", flat=True).get(email=VIEWER)
        self.names = dict(Agent.objects.values_list("pk", "name"))
        self.customers = max(1, self.size * 2 // 3)
        self.texts = [self._text() for _ in range(TEXTS)]
        assert not Message.objects.exists(), "only an empty desk is filled"
        connection.ensure_connection()

    def _text(self) -> tuple[str, str, str]:
        language = self.random.choice(LANGUAGES)
        sentences = (self.random.choice(language.sentences) for _ in range(self.random.randrange(3, 9)))
        subject = f"{self.random.choice(language.subjects)} {self.random.randrange(10_000, 99_999)}"
        return language.code, subject, f"{language.greeting}\n\n{' '.join(sentences)}\n\n{language.goodbye}"

    def at(self, moment: datetime) -> str:
        """An instant as the database takes it."""
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ") + (
            "+00" if self.is_postgres else ""
        )

    def take(self) -> Rows:
        """The rows made since the last time."""
        rows, self.rows = self.rows, defaultdict(list)
        return rows

    def rest(self) -> Rows:
        """What is made once: the counts."""
        return {
            "count": [
                (f"{team}:{agent or 0}:{status}", team, agent, status, number)
                for (team, agent, status), number in sorted(self.counts.items(), key=str)
            ]
        }

    def taker(self, team: int) -> int:
        """Who becomes responsible: the one who looks until they have a full page, so that every size has one."""
        if self.viewer in self.members[team] and self.viewers < FULL_PAGE:
            self.viewers += 1
            return self.viewer
        return self.random.choice(self.members[team])

    def add(self, number: int) -> None:
        """Make one conversation and all that belongs to it."""
        random = self.random
        status = random.choice(STATUSES)
        team = random.choice(self.teams)
        opened = self.now - YEAR * (1 - number / (self.size + 1))
        one = _Conversation(self, number, team, opened, random.choice(self.texts))
        due = None
        if status == "open":
            due = one.opened_by_customer(first_reply=random.random() < 0.8)
            if random.random() < 0.5:
                one.assign(self.taker(team))
            one.receive()
        else:
            one.opened_by_customer(first_reply=True)
            one.assign(random.choice(self.members[team]))
            one.answer(random.choice(self.texts)[2])
            one.set_due(None)
            one.rest(status)
        self.counts[team, one.assignee, status] += 1
        one.write(status, due)


class _Conversation:
    """One conversation in the making: each step adds its rows and its events."""

    def __init__(
        self, desk: _Desk, number: int, team: int, opened: datetime, text: tuple[str, str, str]
    ) -> None:
        self.desk, self.number, self.team, self.opened = desk, number, team, opened
        self.language, self.subject, self.text = text
        self.inbox, self.brand, self.to = desk.inbox
        self.assignee: int | None = None
        self.due: datetime | None = None
        self.snoozed_until: datetime | None = None
        self.moment = opened
        self.newest = opened
        self.status = "open"
        self.customer = 1 + number % desk.customers
        self.address = f"c{self.customer}@{self.customer % 40_000}.example"
        self.name = f"Customer {self.customer}"
        if number <= desk.customers:
            self._add_customer()

    def _add_customer(self) -> None:
        rows, customer = self.desk.rows, self.customer
        rows["customer"].append((customer, self.name, self.language, self.desk.at(self.opened), None))
        rows["identity"].append((customer, customer, "email", self.address))

    def _pass(self, hours: float) -> str:
        self.moment += timedelta(hours=hours)
        return self.desk.at(self.moment)

    def _event(self, kind: str, *, agent: int | None = None, seen_by: str = "agent", **data: Any) -> None:
        desk = self.desk
        desk.event += 1
        by = ("agent", agent) if agent else ("system", None)
        at = desk.at(self.moment)
        row = (desk.event, at, kind, self.number, *by, None, 0, "live", seen_by, json.dumps(data))
        desk.rows["event"].append(row)

    def opened_by_customer(self, *, first_reply: bool) -> datetime | None:
        """The first mail, its acknowledgement, and what is owed; when it is due, if it is."""
        self._event(
            "conversation.opened",
            seen_by="customer",
            inbox=self.inbox,
            team=self.team,
            assignee=None,
            status="open",
            priority="normal",
            customer=self.customer,
        )
        row = (self.number, self.address, self.name, "from", False, "", self.desk.at(self.opened))
        self.desk.rows["participant"].append((*row, self.number, self.customer, None))
        self.receive("new")
        if first_reply:
            self.set_due(self.opened + timedelta(hours=self.desk.random.uniform(4, 400)))
        return self.due

    def receive(self, joined_by: str = "references") -> None:
        """The customer writes."""
        desk = self.desk
        at = self._pass(0 if joined_by == "new" else 20)
        desk.message += 1
        pk, self.newest = desk.message, self.moment
        message_id = f"{pk}@{self.address.partition('@')[2]}"
        raw, key = _digest(f"raw {pk}"), _digest(message_id)
        text = self.text if joined_by == "new" else desk.random.choice(desk.texts)[2]
        self._message(
            at=at,
            direction="in",
            customer=self.customer,
            sender=(self.name, self.address),
            to=json.dumps([["", self.to]]),
            text=text,
            message_id=message_id,
            joined_by=joined_by,
            same_key=_digest(f"same {pk}"),
        )
        self._keep_raw(pk, at, raw)
        desk.rows["threadkey"].append((pk, self.brand, key, self.number, pk))
        self._event(
            "message.received",
            seen_by="customer",
            message=pk,
            customer=self.customer,
            automatic="no",
            joined_by=joined_by,
            flagged=False,
            may_acknowledge=joined_by == "new",
        )

    def _keep_raw(self, message: int, at: str, sha256: str) -> None:
        rows, size = self.desk.rows, 3_000
        rows["rawmail"].append((message, message, sha256))
        rows["blob"].append((sha256, size, 1))
        claim = (message, None, 1, None)
        envelope = (at, self.address, "", "", json.dumps([self.to]), sha256, size)
        rows["receipt"].append((*claim, *envelope, "live", "read", "", "", True))

    def answer(self, text: str) -> None:
        """An agent writes, and it is sent; then the desk waits."""
        desk = self.desk
        at = self._pass(3)
        desk.message += 1
        pk, self.newest = desk.message, self.moment
        self._message(
            at=at,
            direction="out",
            agent=self.assignee,
            to=json.dumps([[self.name, self.address]]),
            text=text,
            message_id=f"h{self.number}.{pk}@desk.example",
            state="sent",
        )
        key = _digest(f"h{self.number}.{pk}@desk.example")
        desk.rows["threadkey"].append((pk, self.brand, key, self.number, pk))
        desk.rows["delivery"].append(
            (pk, None, 1, None, 0, json.dumps([self.address]), "[]", "", False, "", "[]")
        )
        self._event(
            "message.queued",
            agent=self.assignee,
            seen_by="customer",
            message=pk,
            automatic="no",
            first_reply=True,
        )
        self.change_status("waiting", agent=self.assignee)
        self._event("message.sent", seen_by="customer", message=pk, automatic="no", attempts=1)

    def _message(self, *, at: str, direction: str, to: str, text: str, message_id: str, **more: Any) -> None:
        state = more.get("state", "none")
        head = (self.desk.message, self.number, self.brand, direction, "no", at, at)
        people = (more.get("agent"), more.get("customer"), *more.get("sender", ("", "")), to, "[]", "[]")
        body = (self.subject, text, "", "", message_id, None)
        fate = (state, at if state == "sent" else None, None, "", more.get("joined_by", "new"), "")
        proof = (
            "unknown" if direction == "in" else "",
            "not_checked" if direction == "in" else "",
            "",
            "[]",
            "",
        )
        self.desk.rows["message"].append(
            (*head, *people, *body, *fate, *proof, more.get("same_key", ""), "", None)
        )

    def assign(self, agent: int) -> None:
        """Someone becomes responsible."""
        self._pass(0.5)
        self._event(
            "conversation.assigned",
            agent=agent,
            previous=self.assignee,
            current=agent,
            team=self.team,
            status=self.status,
        )
        self.assignee = agent

    def set_due(self, due: datetime | None) -> None:
        """What is owed, and when."""
        if due != self.due:
            previous, current = (moment and moment.isoformat() for moment in (self.due, due))
            self._event("conversation.due_changed", previous=previous, current=current)
            self.due = due

    def change_status(self, to: str, *, agent: int | None = None, until: datetime | None = None) -> None:
        """It stands elsewhere in its life."""
        self._event(
            "conversation.status_changed",
            agent=agent,
            seen_by="customer",
            previous=self.status,
            current=to,
            team=self.team,
            assignee=self.assignee,
            until=until and until.isoformat(),
        )
        self.status = to

    def rest(self, status: str) -> None:
        """What followed the answer, up to this status."""
        if status == "snoozed":
            self.snoozed_until = self.desk.now + timedelta(days=3)
            self.change_status("snoozed", agent=self.assignee, until=self.snoozed_until)
            self._timer("wake", self.snoozed_until)
        if status in ("solved", "closed"):
            self.receive()
            self.change_status("open")
            self.change_status("solved", agent=self.assignee)
        if status == "solved":
            self._timer("close", self.desk.now + timedelta(days=5))
        if status == "closed":
            self.change_status("closed")

    def _timer(self, kind: str, due: datetime) -> None:
        self.desk.rows["timer"].append((self.number, self.desk.at(due), 0, None, self.number, kind))

    def write(self, status: str, due: datetime | None) -> None:
        """The conversation's own row, last of all."""
        at = self.desk.at
        who = (self.number, self.brand, self.inbox, self.team, self.assignee, self.customer)
        what = (status, "normal", self.subject, self.language, at(self.opened), at(self.newest))
        when = (due and at(due), self.snoozed_until and at(self.snoozed_until))
        self.desk.rows["conversation"].append((*who, *what, *when, "", None, None, 0))
        if self.assignee is not None and self.number % 2:
            self.desk.rows["seen"].append((self.number, self.assignee, self.number, at(self.newest)))
