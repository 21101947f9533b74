"""Loading the demo company: what stands afterwards, once, settled, and in order."""

import json
import stat
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.db import models

from heed import flow
from heed.answering.models import SavedReplyText
from heed.brands.models import Acknowledgement, Brand
from heed.conversations import fold, queries
from heed.conversations.models import (
    Attachment,
    Conversation,
    ConversationLink,
    FieldValue,
    Mention,
    Message,
    Participant,
)
from heed.conversations.queries.conditions import Reader
from heed.demo import load, logins
from heed.demo.company import PEOPLE, agents
from heed.demo.content import STORIES
from heed.demo.story import Who
from heed.eventlog import reader
from heed.eventlog.models import EventRow, ParkedEvent
from heed.intake.models import Receipt
from heed.kernel import clock
from heed.kernel.words import (
    Automatic,
    DeliveryState,
    Direction,
    Flag,
    LinkReason,
    Origin,
    ReceiptState,
    Role,
    Status,
)
from heed.lists import queries as lists
from heed.lists.models import View
from heed.people.models import Agent, Team
from heed.people.queries import actor_for

AHEAD = {
    "next_due_at",
    "snoozed_until",
    "due_at",
    "answer_by_at",
}  # what is owed or planned may lie ahead of us


def _rows_of_the_desk() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count() for model in (Conversation, Message, EventRow, Agent)
    }


def test_the_company_stands_as_announced(loaded: datetime):
    assert (Brand.objects.count(), Team.objects.count(), Agent.objects.count()) == (2, 3, 5)
    assert Counter(Agent.objects.values_list("role", flat=True)) == {
        "admin": 1,
        "lead": 1,
        "agent": 2,
        "viewer": 1,
    }
    for brand in Brand.objects.all():
        assert brand.hours
        assert brand.holidays
        assert brand.signature
        assert set(Acknowledgement.objects.filter(brand=brand).values_list("language", flat=True)) == {
            "en", "de", "es", "fr",
        }  # fmt: skip


def test_there_are_sixty_conversations_in_every_state_and_language(loaded: datetime):
    rows = Conversation.objects.filter(merged_into__isnull=True)
    assert rows.count() == len(STORIES) == 60
    states = Counter(rows.values_list("status", flat=True))
    assert {Status(state) for state in states} == set(Status)
    mine = queries.counts(actor_for(agents()[Who.MARA]))
    all_ = queries.counts(actor_for(agents()[Who.GRETA]))
    assert 8 <= mine.my_turn <= 12
    assert 9 <= all_.unassigned <= 12
    assert 13 <= all_.waiting <= 17
    assert 13 <= all_.solved <= 17
    languages = Counter(rows.values_list("language", flat=True))
    assert all(languages[language] > 10 for language in ("en", "de", "es", "fr"))


def test_every_mail_is_told_in_the_language_of_its_story(loaded: datetime):
    told = {story.subject.removeprefix("Re: "): story.language for story in STORIES}
    for row in Conversation.objects.exclude(language=""):
        assert row.language == told[row.subject.removeprefix("Re: ")], row.subject


def test_nothing_waits_and_rows_agree_with_the_log(loaded: datetime):
    assert [work.waiting() for work in flow.DUE] == [0] * len(flow.DUE)
    assert not reader.behind()
    assert list(fold.findings()) == []
    assert not ParkedEvent.objects.exists()
    assert not Message.objects.filter(state=DeliveryState.QUEUED).exists()


def test_nothing_happened_in_the_future_and_the_log_is_in_order_of_time(loaded: datetime):
    for model in (Conversation, Message, EventRow, Receipt, Agent, Attachment):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.DateTimeField) and field.name not in AHEAD:
                later = model._default_manager.filter(**{f"{field.name}__gt": loaded})
                assert not later.exists(), f"{model.__name__}.{field.name}"
    times = list(EventRow.objects.order_by("pk").values_list("at", flat=True))
    assert times == sorted(times)
    assert loaded - timedelta(days=25) < times[0] < loaded - timedelta(days=15)
    assert set(EventRow.objects.values_list("origin", flat=True)) == {Origin.LIVE}


@pytest.mark.parametrize(
    ("what", "is_there"),
    [
        ("a failed delivery", lambda: Message.objects.filter(state=DeliveryState.FAILED)),
        ("a bounce", lambda: Message.objects.filter(state=DeliveryState.BOUNCED)),
        ("an out-of-office", lambda: Message.objects.filter(automatic=Automatic.AUTO_REPLY)),
        ("a newsletter", lambda: Message.objects.filter(automatic=Automatic.BULK)),
        ("a stranger on a reply address", lambda: Message.objects.filter(flag=Flag.STRANGER)),
        ("a parked mail", lambda: Receipt.objects.filter(state=ReceiptState.PARKED)),
        ("a reply to something closed", lambda: ConversationLink.objects.filter(reason=LinkReason.CLOSED)),
        ("quoted history", lambda: Message.objects.filter(direction=Direction.IN).exclude(quoted="")),
        ("HTML with pictures from elsewhere", lambda: Message.objects.filter(html__contains="data-remote")),
        ("a table", lambda: Message.objects.filter(html__contains="<table")),
        ("a picture", lambda: Attachment.objects.filter(content_type="image/png")),
        ("a PDF of ours", lambda: Attachment.objects.filter(filename="your-data.pdf")),
        ("a very long subject", lambda: Conversation.objects.filter(subject__contains="because I can’t find it")),
        ("a long thread", lambda: [row for row in Conversation.objects.all() if row.messages.count() >= 9]),
        ("a note", lambda: Message.objects.filter(direction=Direction.NOTE)),
        ("a note that calls somebody", lambda: Mention.objects.all()),
        ("something snoozed", lambda: Conversation.objects.filter(status=Status.SNOOZED)),
        ("something in the trash", lambda: Conversation.objects.filter(trashed_at__isnull=False)),
        ("something said aside", lambda: Message.objects.filter(direction=Direction.ASIDE_OUT)),
        ("a topic below another", lambda: Conversation.objects.filter(topic__parent__isnull=False)),
        ("something noted down", lambda: FieldValue.objects.filter(value="TR-88213")),
        ("a reply in four languages", lambda: SavedReplyText.objects.filter(language="fr")),
        ("a shared view", lambda: View.objects.filter(team__isnull=False)),
        ("a view of one's own", lambda: View.objects.filter(team=None)),
        ("something overdue", lambda: Conversation.objects.filter(next_due_at__lt=clock.now())),
    ],
)  # fmt: skip
def test_it_shows(loaded: datetime, what: str, is_there: Callable[[], Iterable[object]]):
    assert list(is_there()), what


def test_the_views_show_something_to_those_who_have_them(loaded: datetime):
    for view in View.objects.all():
        reader = Reader(actor_for(view.owner), UTC)
        assert lists.page_of(reader, lists.Rule.of(view)).rows, view.name


def test_mail_servers_take_part_in_no_conversation(loaded: datetime):
    assert Message.objects.filter(from_address__startswith="mailer-daemon@").exists()
    assert not Participant.objects.filter(address__startswith="mailer-daemon@").exists()


def test_a_second_call_changes_nothing(loaded: datetime, home: Path):
    before, kept = _rows_of_the_desk(), logins.logins()
    assert load.load() is False
    assert _rows_of_the_desk() == before
    assert logins.logins() == kept


def test_log_ins_are_the_owners_alone_and_the_admin_stands_first(loaded: datetime, home: Path):
    given = logins.logins()
    assert [login["role"] for login in given] == [Role.ADMIN, Role.LEAD, Role.AGENT, Role.AGENT, Role.VIEWER]
    assert len({login["password"] for login in given}) == len(PEOPLE)
    assert stat.S_IMODE((home / logins.FILE).stat().st_mode) == 0o600
    assert json.loads((home / logins.FILE).read_text()) == given
    for login in given:
        validate_password(login["password"])
        assert Agent.objects.get(email=login["email"]).check_password(login["password"])
