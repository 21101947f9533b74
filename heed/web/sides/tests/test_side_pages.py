"""Side conversations, as a browser without scripts begins, reads, answers and ends them."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from heed.conversations.actions.answering import Answer
from heed.conversations.actions.receiving import receive_aside
from heed.conversations.actions.sides import Asked, begin_side, say_aside
from heed.conversations.actions.state import change_status
from heed.conversations.models import Conversation, Message, SideConversation
from heed.conversations.queries.timelines import ENTRIES
from heed.delivery.models import CaughtMail
from heed.kernel import clock
from heed.kernel.words import Direction, Flag, MessageId, Status, TeamId
from heed.people.actions import choose_undo_seconds
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

CARRIER = "claims@carrier.example"


@pytest.fixture
def row(world: World) -> Conversation:
    return world.conversation()


def begins(world: World, row: Conversation, **more: object) -> tuple[int, str]:
    data = {"kind": "mail", "to": CARRIER, "subject": "A parcel", "text": "Where is it?", "key": "k", **more}
    answer = world.amara.post(f"/conversations/{row.pk}/sides/new/", data)
    return answer.status_code, unescape(answer.content.decode())


def begun(world: World, row: Conversation, **more: object) -> SideConversation:
    assert begins(world, row, **more)[0] == 303
    return row.sides.latest("pk")


def answered(world: World, side: SideConversation, **more: Any) -> Message:
    """What the carrier writes back."""
    asked = side.messages.filter(direction=Direction.ASIDE_OUT).latest("pk")
    mail = world.incoming(
        customer=None,
        text="It left today.",
        from_name="Swift Parcels",
        from_address=CARRIER,
        answers=MessageId(asked.pk),
        **more,
    )
    return receive_aside(side.conversation, mail=mail, by=SYSTEM)


def thread(world: World, side: SideConversation, who: str = "amara") -> str:
    return unescape(world.colleague(who).get(f"/sides/{side.pk}/").content.decode())


def beside(world: World, row: Conversation, who: str = "amara") -> str:
    return unescape(world.colleague(who).get(f"/inbox/all-open/{row.pk}/").content.decode())


def test_the_page_of_a_conversation_leads_to_the_form_and_its_messages_can_be_quoted(
    world: World, row: Conversation
) -> None:
    assert f'href="/conversations/{row.pk}/sides/new/"' in beside(world, row)
    shown = world.amara.get(f"/conversations/{row.pk}/sides/new/").content.decode()
    assert 'value="The chain slips"' in shown
    assert f'name="quote" value="{row.messages.get().pk}"' in shown
    assert ">Repairs</option>" in shown
    assert ">Payments</option>" not in shown  # it has the conversation


def test_a_mail_leaves_with_what_was_quoted_and_the_thread_shows_it(world: World, row: Conversation) -> None:
    side = begun(world, row, quote=[row.messages.get().pk])
    world.settle()
    mail = CaughtMail.objects.get()
    assert mail.recipients == [CARRIER]
    assert b"> It slips when I climb." in bytes(mail.raw)
    assert "It slips when I climb." in thread(world, side)
    assert CARRIER in beside(world, row)


def test_an_answer_is_news_beside_the_conversation_and_in_its_list_but_no_part_of_its_history(
    world: World, row: Conversation
) -> None:
    side = begun(world, row)
    assert "Partner answered" not in world.amara.get("/inbox/all-open/").content.decode()
    answered(world, side)
    world.settle()
    shown = beside(world, row)
    assert "Partner answered" in shown
    assert "It left today." not in shown
    assert "It left today." in thread(world, side)
    assert "Partner answered" in world.amara.get("/inbox/all-open/").content.decode()
    assert f'name="to" value="{CARRIER}"' not in shown  # our answer goes to the customer alone
    assert world.amara.post(f"/sides/{side.pk}/state/", {"state": "done"}).status_code == 303
    assert "Partner answered" not in world.amara.get("/inbox/all-open/").content.decode()


def test_the_form_below_goes_to_whoever_wrote_and_says_no_more_than_was_seen(
    world: World, row: Conversation
) -> None:
    side = begun(world, row)
    seen = side.messages.get().pk
    shown = thread(world, side)
    assert f'name="to" value="{CARRIER}"' in shown
    assert f'name="seen" value="{seen}"' in shown
    answered(world, side)
    data = {"to": CARRIER, "text": "Any news?", "key": "k2", "seen": seen}
    stopped = world.amara.post(f"/sides/{side.pk}/say/", data)
    assert stopped.status_code == 409
    again = unescape(stopped.content.decode())
    assert "Somebody wrote here while you were writing." in again
    newest = side.messages.latest("pk").pk
    assert f'name="confirm" value="{newest}"' in again
    sent = world.amara.post(f"/sides/{side.pk}/say/", {**data, "confirm": newest})
    assert (sent.status_code, side.messages.count()) == (303, 3)


def test_an_answer_whose_date_says_that_it_was_written_earlier_was_seen_all_the_same(
    world: World, row: Conversation
) -> None:
    side = begun(world, row)
    slow_clock = clock.now() - timedelta(minutes=5)
    newest = answered(world, side, at=slow_clock).pk
    assert f'name="seen" value="{newest}"' in thread(world, side)
    data = {"to": CARRIER, "text": "Thank you.", "key": "k2", "seen": newest}
    assert world.amara.post(f"/sides/{side.pk}/say/", data).status_code == 303


def test_an_answer_that_is_dated_before_all_that_the_page_shows_stops_nobody_for_ever(
    world: World, row: Conversation
) -> None:
    side = begun(world, row)
    for number in range(ENTRIES):
        data = {"to": CARRIER, "text": "Any news?", "key": f"more-{number}"}
        assert world.amara.post(f"/sides/{side.pk}/say/", data).status_code == 303
    seen = side.messages.latest("pk").pk
    newest = answered(world, side, at=clock.now() - timedelta(days=400)).pk
    assert f'name="seen" value="{newest}"' in thread(world, side)
    data = {"to": CARRIER, "text": "And now?", "key": "k2", "seen": str(seen)}
    stopped = world.amara.post(f"/sides/{side.pk}/say/", data)
    assert stopped.status_code == 409
    assert f'name="confirm" value="{newest}"' in stopped.content.decode()
    assert world.amara.post(f"/sides/{side.pk}/say/", {**data, "confirm": str(newest)}).status_code == 303


def test_somebody_who_was_not_asked_is_told_apart_and_not_answered_by_default(
    world: World, row: Conversation
) -> None:
    side = begun(world, row)
    mail = world.incoming(
        customer=None,
        from_address="mallory@elsewhere.example",
        flag=Flag.STRANGER,
        answers=MessageId(side.messages.get().pk),
    )
    receive_aside(row, mail=mail, by=SYSTEM)
    shown = thread(world, side)
    assert "This was not sent to mallory@elsewhere.example." in shown
    assert "Let it in" not in shown
    assert f'name="to" value="{CARRIER}"' in shown


def test_a_team_is_asked_finds_it_in_its_list_and_answers_without_seeing_the_conversation(
    world: World, row: Conversation
) -> None:
    side = begun(world, row, kind="team", team=world.repairs.pk, text="Under warranty?")
    asked = world.bruno.get("/sides/").content.decode()
    assert f'href="/sides/{side.pk}/"' in asked
    shown = thread(world, side, "bruno")
    assert "Under warranty?" in shown
    assert f'href="/conversations/{row.pk}/"' not in shown
    assert "It slips when I climb." not in shown
    assert world.bruno.get(f"/conversations/{row.pk}/").status_code == 404
    sent = world.bruno.post(f"/sides/{side.pk}/say/", {"text": "Yes, two years.", "key": "b"})
    assert sent.status_code == 303
    assert "Repairs answered" in beside(world, row)
    assert f'href="/sides/{side.pk}/"' not in world.gita.get("/sides/").content.decode()


def test_what_is_wrong_is_said_at_its_field(world: World, row: Conversation) -> None:
    status, shown = begins(world, row, to="nobody")
    assert (status, "is not an e-mail address" in shown) == (422, True)
    status, shown = begins(world, row, to=world.dalia.address, key="k2")
    assert (status, "takes part in the conversation" in shown) == (422, True)
    status, shown = begins(world, row, kind="team", team="")
    assert (status, "This is still empty." in shown) == (422, True)
    status, shown = begins(world, row, kind="team", team=world.payments.pk)
    assert (status, "This choice is no longer there." in shown) == (422, True)
    assert not SideConversation.objects.exists()


def test_what_was_taken_back_stands_in_its_own_form(world: World, row: Conversation) -> None:
    choose_undo_seconds(10, by=world.amara.actor)
    side = begun(world, row, subject="Claim 7")
    first = side.messages.get()
    assert f'action="/messages/{first.pk}/undo/"' in thread(world, side)
    back = world.amara.post(f"/messages/{first.pk}/undo/")
    assert back.headers["Location"] == f"/conversations/{row.pk}/sides/new/"
    shown = world.amara.get(back.headers["Location"]).content.decode()
    assert 'value="Claim 7"' in shown
    assert "Where is it?" in shown


def test_a_closed_conversation_offers_none_and_its_threads_go_on(world: World, row: Conversation) -> None:
    side = begun(world, row)
    change_status(row, to=Status.SOLVED, by=SYSTEM)
    change_status(row, to=Status.CLOSED, by=SYSTEM)
    assert world.amara.get(f"/conversations/{row.pk}/sides/new/").status_code == 404
    assert "sides/new/" not in beside(world, row)
    assert 'id="side-form"' in thread(world, side)


def test_the_thread_alone_answers_what_is_live(world: World, row: Conversation) -> None:
    side = begun(world, row)
    part = world.amara.get(f"/sides/{side.pk}/", **{"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="side"')
    assert 'id="side-form"' not in part


def test_long_threads_come_in_parts(world: World, row: Conversation) -> None:
    side = begun(world, row, kind="team", team=world.repairs.pk)
    for number in range(31):
        answer = Answer(text=f"This is line {number}.", to=())
        say_aside(side, answer=answer, by=world.amara.actor)
    shown = thread(world, side)
    assert "Show earlier messages" in shown
    assert "Where is it?" not in shown
    older = shown.split('id="side-older"')[1].split('href="/sides/')[1].split('"')[0]
    earlier = unescape(world.amara.get(f"/sides/{older}").content.decode())
    assert "Where is it?" in earlier
    assert "Show the newest entries" in earlier


def test_pages_need_few_queries_however_much_there_is(world: World, row: Conversation) -> None:
    side = begun(world, row)
    asked = Asked(team=TeamId(world.repairs.pk))
    words = Answer(text="Under warranty?", subject="Warranty", to=())
    for _ in range(3):
        answered(world, side, own_key="", same_key="")
        begin_side(row, answer=words, asked=asked, by=world.amara.actor)
    world.read_log()
    for address, who in (
        (f"/sides/{side.pk}/", world.amara),
        (f"/conversations/{row.pk}/sides/new/", world.amara),
        (f"/inbox/all-open/{row.pk}/", world.amara),
        ("/sides/", world.bruno),
    ):
        who.get(address)
        with assert_queries(at_most=12):
            assert who.get(address).status_code == 200


BESIDE = {"HX-Request": "true", "Heed-Beside": "1", "HX-Target": "beside"}


def test_beside_the_conversation_the_thread_comes_with_its_form_and_live_changes_without(
    world: World, row: Conversation
) -> None:
    side = begun(world, row)
    came_from = {"HX-Current-URL": f"http://localhost/inbox/all-open/{row.pk}/?side=new"}
    whole = world.amara.get(f"/sides/{side.pk}/", **BESIDE, **came_from)
    part = whole.content.decode()
    assert "<html" not in part
    assert 'id="side-form"' in part
    assert "<h1" not in part  # the page has its own
    assert f'href="/inbox/all-open/{row.pk}/" data-close-side' in part
    assert whole.headers["HX-Retarget"] == "#beside"
    assert "Heed-Beside" in whole.headers["Vary"]
    live = world.amara.get(f"/sides/{side.pk}/", **{**BESIDE, "HX-Target": "side"})
    assert live.content.decode().lstrip().startswith('<section class="side"')
    assert 'id="side-form"' not in live.content.decode()
    assert "HX-Retarget" not in live.headers


def test_what_is_sent_beside_the_conversation_is_answered_there(world: World, row: Conversation) -> None:
    shown = world.amara.get(f"/conversations/{row.pk}/sides/new/", **BESIDE)
    assert (shown.headers["HX-Retarget"], b'id="side-form"' in shown.content) == ("#beside", True)
    data = {"kind": "mail", "to": "nobody", "subject": "A parcel", "text": "Where is it?", "key": "k"}
    sent_from = {**BESIDE, "HX-Target": "side-form"}
    wrong = world.amara.post(f"/conversations/{row.pk}/sides/new/", data, **sent_from)
    assert (wrong.status_code, "HX-Retarget" in wrong.headers) == (422, False)
    assert wrong.content.decode().lstrip().startswith("<form")
    sent = world.amara.post(f"/conversations/{row.pk}/sides/new/", {**data, "to": CARRIER}, **sent_from)
    side = row.sides.get()
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/sides/{side.pk}/")
    assert "HX-Redirect" not in sent.headers
    followed = world.amara.get(sent.headers["Location"], **sent_from)
    assert followed.headers["HX-Retarget"] == "#beside"
    more = world.amara.post(
        f"/sides/{side.pk}/say/", {"to": CARRIER, "text": "Any news?", "key": "k2"}, **sent_from
    )
    assert (more.status_code, more.headers["Location"]) == (303, f"/sides/{side.pk}/")


def test_on_a_page_of_its_own_a_form_that_was_sent_leads_to_the_thread(
    world: World, row: Conversation
) -> None:
    side = begun(world, row)
    data = {"to": CARRIER, "text": "Any news?", "key": "k2"}
    sent = world.amara.post(f"/sides/{side.pk}/say/", data, **{"HX-Request": "true"})
    assert (sent.status_code, sent.headers["HX-Redirect"]) == (204, f"/sides/{side.pk}/")


def test_beside_a_conversation_nobody_reads_what_they_may_not_see(world: World, row: Conversation) -> None:
    side = begun(world, row)
    assert world.bruno.get(f"/sides/{side.pk}/", **BESIDE).status_code == 404
    assert world.bruno.get(f"/conversations/{row.pk}/sides/new/", **BESIDE).status_code == 404


def test_buttons_of_a_message_said_aside_show_the_thread_again(world: World, row: Conversation) -> None:
    side = begun(world, row)
    said = side.messages.get()
    Message.objects.filter(pk=said.pk).update(state="failed", trouble="address_refused")
    shown = thread(world, side)
    assert f'hx-post="/messages/{said.pk}/retry/" hx-target="#side"' in shown
    assert 'hx-target="#reading"' not in shown  # there is none on that page
