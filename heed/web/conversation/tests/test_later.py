"""Undo and later, as a browser without scripts does it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from heed.brands.hours import Calendar, calendar_from
from heed.conversations.models import Conversation, Draft, HeldAnswer, Message
from heed.delivery.models import CaughtMail
from heed.eventlog.unit import change, lock, unit
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import DeliveryState, Status
from heed.people.actions import choose_undo_seconds
from heed.testing.world import World
from heed.web.conversation.later import later_choices, wait_of

WEEK = calendar_from(time_zone="Europe/Berlin", hours={str(day): [[9 * 60, 17 * 60]] for day in range(5)})
BERLIN = ZoneInfo("Europe/Berlin")


def at(row: Conversation) -> str:
    return f"/inbox/all-open/{row.pk}/"


@pytest.fixture
def row(world: World) -> Conversation:
    choose_undo_seconds(10, by=world.amara.actor)
    return world.conversation()


def post(world: World, row: Conversation, **more: str) -> int:
    data = {"text": "We refund you.", "to": "dalia@example.org", "key": "k", "send": "1", **more}
    return world.amara.post(f"{at(row)}reply/", data).status_code


def page(world: World, row: Conversation) -> str:
    return world.amara.get(at(row)).content.decode()


def test_an_answer_says_how_long_it_waits_and_comes_back_into_the_form(
    world: World, row: Conversation
) -> None:
    assert post(world, row, cc="boss@example.org", then="solved") == 303
    message = Message.objects.get(state=DeliveryState.HELD)
    shown = page(world, row)
    assert "data-countdown" in shown
    assert "First reply" not in shown  # nothing was said yet
    assert f'action="/messages/{message.pk}/undo/"' in shown
    assert world.amara.post(f"/messages/{message.pk}/undo/").status_code == 303
    shown = page(world, row)
    assert "data-countdown" not in shown
    assert "We refund you.</textarea>" in shown
    assert 'value="boss@example.org"' in shown
    assert '<option value="solved" selected>' in shown
    with clock.at(clock.now() + timedelta(minutes=1)):
        world.settle()
    assert not CaughtMail.objects.exists()


def test_files_come_back_with_it(world: World, row: Conversation) -> None:
    from_form = world.amara.client.post(
        f"{at(row)}reply/",
        {"text": "See the plan.", "to": "dalia@example.org", "key": "f", "files": _file(), "send": "1"},
    )
    assert from_form.status_code == 303
    message = Message.objects.get(state=DeliveryState.HELD)
    world.amara.post(f"/messages/{message.pk}/undo/")
    kept = Draft.objects.get().files
    assert f'name="kept" value="{kept[0]}"' in page(world, row)


def _file() -> object:
    return SimpleUploadedFile("plan.pdf", b"%PDF", content_type="application/pdf")


def test_the_form_that_is_sent_again_after_undo_sends_nothing(world: World, row: Conversation) -> None:
    post(world, row)
    message = Message.objects.get(state=DeliveryState.HELD)
    world.amara.post(f"/messages/{message.pk}/undo/")
    assert post(world, row) == 303
    assert not HeldAnswer.objects.exists()
    assert "We refund you.</textarea>" in page(world, row)


def test_undo_that_comes_too_late_shows_what_was_sent(world: World, row: Conversation) -> None:
    post(world, row)
    message = Message.objects.get(state=DeliveryState.HELD)
    with clock.at(clock.now() + timedelta(seconds=11)):
        world.settle()
    assert world.amara.post(f"/messages/{message.pk}/undo/").status_code == 303
    assert "Sent " in page(world, row)
    assert CaughtMail.objects.count() == 1


def test_an_answer_for_a_time_of_ones_own_is_changed_and_sent_now(world: World, row: Conversation) -> None:
    assert post(world, row, later="own", later_at="2099-01-01T09:00") == 422
    soon = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert post(world, row, later="own", later_at=soon) == 303
    message = Message.objects.get(state=DeliveryState.HELD)
    shown = page(world, row)
    assert "Leaves " in shown
    assert "Send now" in shown
    other = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert world.amara.post(f"/messages/{message.pk}/later/", {"until": other}).status_code == 303
    held = HeldAnswer.objects.get()
    assert held.due_at is not None
    assert held.due_at > clock.now() + timedelta(days=2, hours=12)
    assert world.amara.post(f"/messages/{message.pk}/later/", {"until": "soon"}).status_code == 422
    world.amara.post(f"/messages/{message.pk}/now/")
    world.settle()
    assert CaughtMail.objects.count() == 1
    assert world.reload(row).status == Status.WAITING


def test_the_writer_is_warned_when_the_customer_writes_first(world: World, row: Conversation) -> None:
    soon = (clock.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    post(world, row, later="own", later_at=soon)
    assert "The customer wrote since" not in page(world, row)
    world.writes(row, text="Never mind.")
    assert "The customer wrote since" in page(world, row)
    with clock.at(clock.now() + timedelta(hours=3)):
        world.settle()
        shown = page(world, row)
    assert "Not sent: the customer wrote before its time." in shown
    assert "Send anyway" in shown
    assert not CaughtMail.objects.exists()


def test_the_seconds_are_the_agents_own_or_the_desks(world: World) -> None:
    agent = world.amara.row
    agent.undo_seconds = 0
    assert wait_of(agent, "", "") is None
    agent.undo_seconds = None
    with clock.at(datetime(2026, 3, 2, tzinfo=UTC)):
        wait = wait_of(agent, "", "")
        assert wait is not None
        assert wait.until - clock.now() == timedelta(seconds=config.undo_seconds)


def test_what_is_too_large_says_how_large(world: World, row: Conversation) -> None:
    with unit():
        change(lock(world.help), most_bytes=100_000)
    data = {"text": "x", "to": "dalia@example.org", "key": "f", "send": "1"}
    file = SimpleUploadedFile("plan.pdf", b"x" * 2_000_000, content_type="application/pdf")
    answer = world.amara.client.post(f"{at(row)}reply/", {**data, "files": file})
    assert answer.status_code == 422
    assert "This would be 3 MB" in answer.content.decode()


@given(
    st.integers(0, 10 * 366 * 1440),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
)
def test_offered_times_lie_ahead_in_order_and_each_once(minutes: int, zone: str) -> None:
    began = datetime(2020, 1, 1, tzinfo=UTC)
    now = (began + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    choices = later_choices(now, WEEK)
    times = [choice.until for choice in choices]
    assert times == sorted(set(times))
    assert all(now < until <= now + timedelta(days=8) for until in times)
    for choice in choices:
        if choice.code == "opening":
            local = choice.until.astimezone(BERLIN)
            assert local.weekday() < 5
            assert (local.hour, local.minute) == (9, 0)


def test_a_brand_that_never_opens_offers_no_opening() -> None:
    codes = [choice.code for choice in later_choices(datetime(2026, 3, 2, 12, tzinfo=UTC), Calendar("UTC"))]
    assert codes == ["in_one_hour", "tomorrow", "next_week"]
