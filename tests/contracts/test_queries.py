"""No page sends more than twelve queries, whoever looks at it, and sending an answer few more: their number is what a
busy database feels first.

Files that are made while they are taken, an archive of mails for one, read each of their parts.
"""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from heed.conversations.actions.answering import add_note
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.web.conversation.tests.test_conversation import HTMX, form
from tests.contracts.test_walk import AGENTS, WALKED, knock, stage

MOST = 12
SENDING = 20


def test_no_page_sends_more_than_twelve_queries(unchecked_world: World) -> None:
    world = unchecked_world
    facts = stage(world)
    told: list[str] = []
    for who in AGENTS:
        world.colleague(who).get("/inbox/my-turn/")  # logs in
    for pattern, door in WALKED:
        if door.method != "GET":
            continue
        for who in sorted(door.may & AGENTS):
            for headers in ({}, {"HX-Request": "true"}):
                with CaptureQueriesContext(connection) as asked:
                    answer = knock(world, who, door, pattern, facts, **headers)
                is_page = answer.headers.get("Content-Type", "").startswith("text/html")
                if is_page and len(asked) > MOST:
                    sql = "\n".join(query["sql"][:200] for query in asked.captured_queries)
                    told.append(f"{len(asked)} queries at /{pattern} for {who} {headers}:\n{sql}")
    assert not told, "\n\n".join(told)


def test_opening_what_is_unread_takes_no_more_either(world: World) -> None:
    conversation = world.conversation(assignee=world.amara)
    for status in ("my-turn", "all-open"):
        world.amara.get(f"/inbox/{status}/{conversation.pk}/")
        world.writes(conversation)
        with assert_queries(at_most=MOST):
            assert "timeline" in world.amara.get(f"/inbox/{status}/{conversation.pk}/").content.decode()


def test_a_note_that_calls_somebody_takes_no_more_either(world: World) -> None:
    conversation = world.conversation(assignee=world.amara)
    add_note(conversation, text="@Edda, look", sent_once="", files=(), by=world.amara.actor)
    for who in (world.edda, world.chen):
        who.get(f"/inbox/all-open/{conversation.pk}/")
        world.writes(conversation)
        with assert_queries(at_most=MOST):
            assert 'class="mention"' in who.get(f"/inbox/all-open/{conversation.pk}/").content.decode()


def test_sending_takes_few(world: World) -> None:
    conversation = world.conversation(assignee=world.amara)
    path = f"/inbox/all-open/{conversation.pk}/"
    for text in ("The first, which learns what is read", "The second"):
        world.writes(conversation)
        fields = form(world.amara, conversation)
        with assert_queries(at_most=SENDING):
            answer = world.amara.post(f"{path}reply/", {**fields, "text": text}, **HTMX)
        assert text in answer.content.decode()
