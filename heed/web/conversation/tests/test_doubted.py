"""Before an answer leaves for what looks like the wrong person, its writer is asked, once."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from heed.brands.models import Inbox
from heed.conversations.models import Conversation, Message
from heed.conversations.queries import doubts_about, opened
from heed.eventlog.unit import add, unit
from heed.kernel import clock
from heed.kernel.words import Direction
from heed.people.models import Customer, Identity, IdentityKind
from heed.testing.queries import assert_queries
from heed.testing.world import Asker, World
from heed.web.files import keep_upload


@pytest.fixture
def row(world: World) -> Conversation:
    return world.conversation()


def post(world: World, row: Conversation, **more: Any) -> HttpResponse:
    data = {"text": "Hello.", "to": "dalia@example.org", "key": "k", "send": "1", **more}
    return world.amara.post(f"/inbox/all-open/{row.pk}/reply/", data)


def sent(row: Conversation) -> int:
    return row.messages.filter(direction=Direction.OUT).count()


def test_the_writer_is_shown_why_and_sends_all_the_same(world: World, row: Conversation) -> None:
    asked = post(
        world, row, text="Dear Mr Baker,\nhere it is.", cc="dalai@example.org", later="", then="solved"
    )
    html = asked.content.decode()
    assert asked.status_code == 409
    assert "dalai@example.org is almost dalia@example.org" in html
    assert "You greet Baker" in html
    assert "here it is.</textarea>" in html
    assert sent(row) == 0
    sure = re.search(r'name="sure" value="(\w+)"', html)
    assert sure is not None
    again = post(
        world, row, text="Dear Mr Baker,\nhere it is.", cc="dalai@example.org", sure=sure[1], then="solved"
    )
    assert again.status_code == 303
    assert sent(row) == 1


def test_being_sure_of_one_thing_is_not_being_sure_of_another(world: World, row: Conversation) -> None:
    html = post(world, row, text="Dear Mr Baker,\n").content.decode()
    sure = re.search(r'name="sure" value="(\w+)"', html)
    assert sure is not None
    assert post(world, row, text="Dear Ms Weber,\n", sure=sure[1]).status_code == 409
    assert sent(row) == 0


def test_an_ordinary_answer_is_not_asked_about(world: World, row: Conversation) -> None:
    assert post(world, row, text=f"Hi Dalia,\nthis is #{row.pk}.").status_code == 303
    assert sent(row) == 1


def test_a_note_goes_to_nobody(world: World, row: Conversation) -> None:
    assert post(world, row, kind="note", note="Dear Mr Baker,").status_code == 303


def test_another_customers_conversation_is_named_and_ones_own_is_not(world: World, row: Conversation) -> None:
    own = world.conversation()
    other = world.conversation(customer=world.jonas)
    assert post(world, row, text=f"As in #{own.pk}.").status_code == 303
    asked = post(world, row, text=f"As in #{other.pk}.", key="l")
    assert asked.status_code == 409
    assert f"#{other.pk} is another customer" in asked.content.decode()


def test_a_conversation_that_one_may_not_see_is_not_given_away(world: World, row: Conversation) -> None:
    hidden = world.conversation(customer=world.ines, inbox=world.hello)
    for number in (hidden.pk, 987_654):
        assert post(world, row, text=f"As in #{number}.", key=str(number)).status_code == 303


def test_what_the_customer_signs_with_is_a_name(world: World, row: Conversation) -> None:
    assert post(world, row, text="Hi Lulu,\n").status_code == 409
    world.writes(row, text="It still slips.\n\nThanks,\nLulu")
    assert post(world, row, text="Hi Lulu,\n").status_code == 303
    assert Message.objects.filter(direction=Direction.OUT).count() == 1


def test_asking_costs_few_queries(world: World, row: Conversation) -> None:
    here = opened(world.amara.actor, row.pk)
    with assert_queries(at_most=4):
        doubts_about(here, text=f"Dear Mr Baker, #{row.pk + 1}", files=(), addresses=["x@example.net"])


def petra(world: World, *, inbox: Inbox | None = None) -> Asker:
    """Another customer; amara may see her conversation unless it is in another inbox."""
    with unit():
        row = add(Customer(name="Petra Lang", language="de", created_at=clock.now()))
        add(Identity(customer=row, kind=IdentityKind.EMAIL, value="petra@example.com"))
    asker = Asker(row, "Petra Lang", "petra@example.com")
    world.conversation(customer=asker, inbox=inbox)
    return asker


def a_file(name: str, content: bytes = b"x", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=content_type)


def test_a_file_that_names_another_customer_is_asked_about_once(world: World, row: Conversation) -> None:
    petra(world)
    asked = post(world, row, files=a_file("contract_petra_lang.pdf"))
    html = unescape(asked.content.decode())
    assert asked.status_code == 409
    assert "The file “contract_petra_lang.pdf” names Petra Lang, another customer." in html
    sure, kept = (re.search(rf'name="{name}" value="(\w+)"', html) for name in ("sure", "kept"))
    assert sure is not None
    assert kept is not None
    assert post(world, row, kept=kept[1], sure=sure[1]).status_code == 303
    assert sent(row) == 1


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("list.csv", b"7;Petra Lang;12.30\n"),
        ("list.csv", b"x;petra@example.com"),
        ("petra@example.com.txt", b"x"),
    ],
)
def test_a_text_is_looked_into(world: World, row: Conversation, file: str, content: bytes) -> None:
    petra(world)
    assert post(world, row, files=a_file(file, content, "text/csv")).status_code == 409
    assert post(world, row, files=a_file("list.csv", b"nothing of anybody", "text/csv")).status_code == 303


def test_the_customers_own_name_and_those_of_recipients_are_no_others(
    world: World, row: Conversation
) -> None:
    asker = petra(world)
    assert post(world, row, files=a_file("dalia haddad.pdf")).status_code == 303
    both = post(world, row, files=a_file("petra lang.pdf"), cc=asker.address, key="l")
    assert "another customer" not in unescape(both.content.decode())


def test_a_customer_whom_one_may_not_see_is_not_given_away_by_a_file(world: World, row: Conversation) -> None:
    petra(world, inbox=world.hello)
    assert post(world, row, files=a_file("petra lang.pdf")).status_code == 303


def test_looking_at_files_costs_few_queries(world: World, row: Conversation) -> None:
    petra(world)
    upload = keep_upload(a_file("petra lang.txt", b"petra@example.com", "text/plain"), by=world.amara.actor)
    here = opened(world.amara.actor, row.pk)
    with assert_queries(at_most=8):
        assert doubts_about(here, text="Hi", files=[upload.pk], addresses=["dalia@example.org"])


def begin(world: World, **more: Any) -> HttpResponse:
    data = {
        "inbox": str(world.help.pk),
        "to": "Jo Brandt <jo@example.net>",
        "subject": "Your bike",
        "text": "Hello Jo,\nit is ready.",
        "key": "n",
        "send": "1",
        **more,
    }
    return world.amara.post("/new/", data)


def test_a_new_conversation_is_asked_about_too(world: World) -> None:
    petra(world)
    other = world.conversation(customer=world.dalia)
    for more, says in (
        ({"files": a_file("petra lang.pdf")}, "names Petra Lang"),
        ({"text": "Dear Ms Weber,\nit is ready."}, "You greet Weber"),
        ({"text": f"As in #{other.pk}."}, f"#{other.pk} is another customer"),
    ):
        before = Conversation.objects.count()
        asked = begin(world, **more)
        html = unescape(asked.content.decode())
        assert (asked.status_code, says in html) == (409, True)
        assert Conversation.objects.count() == before
        sure = re.search(r'name="sure" value="(\w+)"', html)
        assert sure is not None
        kept = re.search(r'name="kept" value="(\w+)"', html)
        again = {key: value for key, value in more.items() if key != "files"}
        assert begin(world, **again, sure=sure[1], key=says, kept=kept[1] if kept else "").status_code == 303


def test_an_ordinary_new_conversation_and_what_is_written_down_are_not_asked_about(world: World) -> None:
    petra(world)
    assert begin(world).status_code == 303
    assert begin(world, to="someone@example.net", text="Hello Jo,", key="m").status_code == 303
    told = begin(world, direction="in", text="Petra Lang called.", to="jo@example.net", key="o")
    assert told.status_code == 303


def test_a_file_of_somebody_else_is_asked_about_before_it_goes_outside(
    world: World, row: Conversation
) -> None:
    petra(world)
    message = row.messages.get()
    data = {"to": "claims@carrier.example", "key": "f", "files": a_file("petra lang.pdf")}
    asked = world.amara.post(f"/messages/{message.pk}/forward/", data)
    html = unescape(asked.content.decode())
    assert (asked.status_code, "names Petra Lang" in html) == (409, True)
    sure, kept = (re.search(rf'name="{name}" value="(\w+)"', html) for name in ("sure", "kept"))
    assert sure is not None
    assert kept is not None
    data = {"to": "claims@carrier.example", "key": "f", "kept": kept[1], "sure": sure[1]}
    assert world.amara.post(f"/messages/{message.pk}/forward/", data).status_code == 303
