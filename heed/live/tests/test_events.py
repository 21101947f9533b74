"""The live stream tells agents what changed, at once, wholly, and only what they may see."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from heed.conversations.actions.answering import Answer
from heed.conversations.actions.sides import Asked, begin_side
from heed.conversations.actions.state import assign, move
from heed.eventlog.kinds import ConversationAssigned, ConversationMoved, MessageReceived, NoteAdded
from heed.eventlog.models import EventRow
from heed.eventlog.queries import Change
from heed.eventlog.reader import last_event_id
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import TeamId
from heed.live import tail
from heed.live.tests.listening import Port, cookie_of, desk
from heed.people.actions import join_team, leave_team
from heed.people.actions.agents import switch_off
from heed.people.policy import SYSTEM
from heed.testing.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port() -> Iterator[Port]:
    with desk() as running:
        yield running


def test_an_agent_is_told_that_something_changed_and_where_but_not_how(
    unchecked_world: World, port: Port
) -> None:
    world = unchecked_world
    conversation = world.conversation()
    with port.listen(world.amara) as browser:
        world.writes(conversation)
        told = browser.told()
        assert told is not None
        assert told.kind == "message"
        assert told.data == {"conversation": conversation.pk, "event": told.id, "kind": MessageReceived.name}
        assert told.id == last_event_id()
        assert browser.headers["content-type"].startswith("text/event-stream")
        assert browser.headers["cache-control"] == "no-store"


def test_who_may_not_see_it_hears_nothing(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    conversation = world.conversation()
    with (
        port.listen(world.amara) as amara,
        port.listen(world.bruno) as bruno,
        port.listen(world.gita) as gita,
    ):
        world.writes(conversation)
        assert amara.told() is not None
        assert bruno.told(within=0.5) is None
        assert gita.told(within=0.1) is None
        theirs = world.conversation(inbox=world.workshop)
        heard = bruno.told()
        assert heard is not None
        assert heard.data["conversation"] == theirs.pk


def test_a_team_that_is_asked_hears_of_the_side_conversation_alone(
    unchecked_world: World, port: Port
) -> None:
    world = unchecked_world
    conversation = world.conversation()
    with (
        port.listen(world.amara) as amara,
        port.listen(world.bruno) as bruno,
        port.listen(world.gita) as gita,
    ):
        asked = Asked(team=TeamId(world.repairs.pk))
        said = begin_side(
            conversation,
            answer=Answer(text="Under warranty?", to=(), subject="A chain"),
            asked=asked,
            by=world.amara.actor,
        )
        ours, theirs = amara.told(), bruno.told()
        assert ours is not None
        assert theirs is not None
        assert ours.data["conversation"] == conversation.pk
        assert theirs.data["conversation"] is None
        assert ours.data["side"] == theirs.data["side"] == said.side_id
        assert gita.told(within=0.5) is None


def test_after_a_lost_line_nothing_is_missing_and_nothing_comes_twice(
    unchecked_world: World, port: Port
) -> None:
    world = unchecked_world
    conversation = world.conversation()
    with port.listen(world.amara) as browser:
        world.writes(conversation)
        first = browser.told()
        assert first is not None
    for _ in range(3):
        world.writes(conversation)
    missed = list(EventRow.objects.filter(pk__gt=first.id).order_by("pk").values_list("pk", flat=True))
    for address, header in (("/events", first.id), (f"/events?after={first.id}", None)):
        with port.listen(world.amara, after=header, address=address) as browser:
            heard = [told.id for _ in missed if (told := browser.told()) is not None]
            assert heard == missed
            world.writes(conversation)
            told = browser.told()
            assert told is not None
            assert told.id > missed[-1]
            missed.append(told.id)


def test_the_first_words_say_from_where_it_goes_on(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    world.conversation()
    with port.listen(world.amara) as browser:
        assert browser.told(within=0.2) is None
        assert browser.last_id == last_event_id()


def test_who_missed_more_than_a_thousand_events_starts_anew(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    conversation = world.conversation()
    start = last_event_id()
    rows = [
        EventRow(at=clock.now(), kind=NoteAdded.name, conversation_id=conversation.pk, actor_kind="system",
                 origin="live", visibility="agent", data={"message": 1})
        for _ in range(1001)
    ]  # fmt: skip
    EventRow.objects.bulk_create(rows)
    with port.listen(world.amara, after=start) as browser:
        told = browser.told()
        assert told is not None
        assert (told.kind, told.id) == ("reset", last_event_id())
        assert browser.told(within=0.3) is None
    with port.listen(world.amara, after=start + 1) as browser:
        told = browser.told()
        assert told is not None
        assert told.kind == "message"


def test_who_saw_more_than_there_is_starts_anew(unchecked_world: World, port: Port) -> None:
    unchecked_world.conversation()
    with port.listen(unchecked_world.amara, after=last_event_id() + 1000) as browser:
        told = browser.told()
        assert told is not None
        assert (told.kind, told.id) == ("reset", last_event_id())


def test_who_leaves_a_team_hears_nothing_from_that_moment(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    conversation = world.conversation()
    with port.listen(world.amara) as browser:
        world.writes(conversation)
        assert browser.told() is not None
        leave_team(world.payments, agent=world.amara.row, by=SYSTEM)
        world.writes(conversation)
        assert browser.told(within=0.6) is None
        join_team(world.payments, agent=world.amara.row, by=SYSTEM)
        world.writes(conversation)
        assert browser.told() is not None


def test_who_is_switched_off_is_cut_off(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    conversation = world.conversation()
    with port.listen(world.amara) as browser:
        switch_off(world.amara.row, by=SYSTEM)
        world.writes(conversation)
        assert browser.is_ended()
        assert browser.last_id < last_event_id()
    with port.request("/events", cookie=cookie_of(world.amara)) as again:
        assert again.status == 401


def test_who_is_switched_off_hears_the_end_at_once_though_nothing_else_happens(
    unchecked_world: World, port: Port
) -> None:
    world = unchecked_world
    with port.listen(world.amara) as browser, port.listen(world.edda) as other:
        switch_off(world.amara.row, by=world.chen.actor)
        assert browser.is_ended()
        assert not other.is_ended(within=0.1)
    with port.request("/events", cookie=cookie_of(world.amara)) as again:
        assert again.status == 401
    assert world.amara.get("/inbox/my-turn/").status_code == 302


def test_who_logs_out_is_cut_off(unchecked_world: World, port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "CHECK_SESSION_SECONDS", 0.1)
    world = unchecked_world
    with port.listen(world.amara) as browser, port.listen(world.edda) as other:
        world.amara.client.logout()
        assert browser.is_ended()
        assert not other.is_ended(within=0.2)


def test_lists_that_lost_something_are_told_without_its_number(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    conversation = world.conversation()
    with port.listen(world.amara) as amara, port.listen(world.bruno) as bruno:
        move(conversation, to=world.repairs, by=SYSTEM)
        left, came = amara.told(), bruno.told()
        assert left is not None
        assert came is not None
        assert left.data == {"conversation": None, "event": left.id, "kind": ConversationMoved.name}
        assert came.data["conversation"] == conversation.pk


def test_an_assignee_of_another_team_hears_of_it(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    conversation = world.conversation(inbox=world.workshop)
    with port.listen(world.edda) as browser:
        assign(conversation, to=world.edda.row, by=world.chen.actor)
        told = browser.told()
        assert told is not None
        assert told.data == {
            "conversation": conversation.pk,
            "event": told.id,
            "kind": ConversationAssigned.name,
        }


def test_nobody_and_strangers_are_turned_away(unchecked_world: World, port: Port) -> None:
    with port.listen(unchecked_world.amara):
        pass
    for cookie in ("", "sessionid=", "sessionid=made-up", "other=1"):
        with port.request("/events", cookie=cookie) as browser:
            assert browser.status == 401
    with port.request("/events", method="POST", cookie=cookie_of(unchecked_world.amara)) as browser:
        assert browser.status == 405


def test_a_line_that_is_alive_says_so(unchecked_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "BEAT_SECONDS", 0.2)
    with desk() as port, port.listen(unchecked_world.amara) as browser:
        browser.wait_for_beat(pause=1_000, number=3)  # one came with the beginning


def test_how_long_to_wait_between_looks_is_told_at_once_and_again_when_many_have_come(
    unchecked_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "PAUSE_EACH_MILLISECONDS", 700)
    monkeypatch.setattr(tail, "config", replace(config, pages=1))
    with desk() as port, port.listen(unchecked_world.amara) as first:
        first.wait_for_beat(pause=1_000)
        with port.listen(unchecked_world.bruno) as second:
            second.wait_for_beat(pause=1_400)
            first.wait_for_beat(pause=1_400)


def test_where_many_listen_each_looks_at_the_lists_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    for pages, pauses in {1: [1_000, 1_000, 4_000, 16_000], 2: [1_000, 1_920, 8_000, 32_000]}.items():
        monkeypatch.setattr(tail, "config", replace(config, pages=pages))
        assert [tail.pause_between_looks(listening) for listening in (1, 12, 50, 200)] == pauses


def test_the_more_listen_the_longer_events_gather_but_they_are_told(
    unchecked_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "REST_EACH_SECONDS", 1.0)
    monkeypatch.setattr(tail, "REST_SECONDS", 1.0)
    batches: list[int] = []

    def counted(events: Sequence[Change], agents: set[int]) -> dict[int, bytes]:
        batches.append(len(events))
        return heard(events, agents)

    heard = tail._heard
    monkeypatch.setattr(tail, "_heard", counted)
    conversation = unchecked_world.conversation()
    with desk() as port, port.listen(unchecked_world.amara) as browser:
        before = last_event_id()
        for _ in range(6):
            unchecked_world.writes(conversation)
        new = list(EventRow.objects.filter(pk__gt=before).order_by("pk").values_list("pk", flat=True))
        assert [told.id for _ in new if (told := browser.told()) is not None] == new
    assert len(batches) < 6


def test_a_desk_that_stops_ends_its_streams(unchecked_world: World) -> None:
    with desk() as port, port.listen(unchecked_world.amara) as browser:
        assert browser.told(within=0.1) is None
        port.server.should_exit = True
        assert browser.is_ended()
