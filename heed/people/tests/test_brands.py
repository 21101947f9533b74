"""How a brand is set up: hours, words and days; what customers were told stays, and the log knows of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from heed.brands.models import Acknowledgement, Brand
from heed.conversations.actions.state import change_status
from heed.conversations.models import Timer
from heed.eventlog.kinds import BrandChanged
from heed.eventlog.models import EventRow
from heed.intake.tests.letters import letter, received
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import BrandPart, Status, TimerKind
from heed.people.actions.brands import (
    ACKNOWLEDGEMENT_CHARACTERS,
    SIGNATURE_CHARACTERS,
    Settings,
    change_brand,
    change_hours,
    change_signature,
    close_after,
    set_acknowledgement,
    set_up_brand,
    start_acknowledging,
    stop_acknowledging,
)
from heed.people.queries import brand_history, brand_to_look_at, brands_to_look_at
from heed.testing.world import World

WANTED = Settings(
    name="Linden Cycles",
    language="de",
    time_zone="Asia/Tokyo",
    hours={"0": [[540, 720], [780, 1080]]},
    holidays=["2026-12-25"],
    first_reply_seconds=7200,
    acknowledges=False,
    close_after_days=14,
    signature="Linden",
    words={"de": "Danke, {when}.", "fr": ""},
)


def told(world: World) -> list[str]:
    """The parts of Linden that the log says were changed, first to last."""
    rows = EventRow.objects.filter(kind=BrandChanged.name).order_by("pk")
    return [row.data["part"] for row in rows if row.data["brand"] == world.linden.pk]


def test_a_brand_is_set_up_at_once_and_again_changes_nothing(world: World) -> None:
    for _ in range(2):
        set_up_brand(world.linden, wanted=WANTED, by=world.chen.actor)
    row = Brand.objects.get(pk=world.linden.pk)
    assert (row.name, row.language, row.time_zone) == ("Linden Cycles", "de", "Asia/Tokyo")
    assert (row.hours, row.holidays) == ({"0": [[540, 720], [780, 1080]]}, ["2026-12-25"])
    assert (row.first_reply_seconds, row.acknowledges, row.close_after_days) == (7200, False, 14)
    assert row.signature == "Linden"
    assert Acknowledgement.objects.get().text == "Danke, {when}."
    assert sorted(told(world)) == sorted(
        [*BrandPart, BrandPart.ACKNOWLEDGEMENT]
    )  # words, and that it is silent


def test_nothing_of_a_brand_is_set_up_when_one_part_is_wrong(world: World) -> None:
    before = Brand.objects.filter(pk=world.linden.pk).values().get()
    with pytest.raises(Unusable):
        set_up_brand(world.linden, wanted=replace(WANTED, close_after_days=0), by=world.chen.actor)
    assert Brand.objects.filter(pk=world.linden.pk).values().get() == before
    assert not told(world)
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize("who", ["amara", "edda", "farid", "hugo", "nobody"])
def test_only_admins_change_a_brand(world: World, who: str) -> None:
    by, linden = world.colleague(who).actor, world.linden
    steps: list[Callable[[], object]] = [
        lambda: set_up_brand(linden, wanted=WANTED, by=by),
        lambda: change_brand(linden, name="N", language="en", time_zone="UTC", by=by),
        lambda: stop_acknowledging(linden, by=by),
        lambda: start_acknowledging(linden, by=by),
        lambda: close_after(linden, days=3, by=by),
    ]
    for step in steps:
        with pytest.raises(Refused):
            step()
    assert not told(world)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"language": "german please"}, "language"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"holidays": ["2026-02-30"]}, "holidays"),
        ({"holidays": ["2026-01-01"] * 1001}, "holidays"),
        ({"hours": {"0": [[600, 540]]}}, "hours"),
        ({"first_reply_seconds": 0}, "first_reply_seconds"),
        ({"first_reply_seconds": 10**9}, "first_reply_seconds"),
        ({"signature": "s" * (SIGNATURE_CHARACTERS + 1)}, "signature"),
        ({"words": {"en": "s" * (ACKNOWLEDGEMENT_CHARACTERS + 1)}}, "acknowledgement"),
        ({"words": {"no language": "x"}}, "language"),
        ({"close_after_days": 366}, "close_after_days"),
    ],
)
def test_what_can_not_be_names_its_field(world: World, changed: dict[str, object], field: str) -> None:
    with pytest.raises(Unusable) as refused:
        set_up_brand(world.linden, wanted=replace(WANTED, **changed), by=world.chen.actor)  # type: ignore[arg-type]  # one field at a time
    assert refused.value.field == field


def test_a_change_of_one_part_is_told_once(world: World) -> None:
    chen = world.chen.actor
    for _ in range(2):
        change_brand(world.linden, name="Linden Bikes", language="en", time_zone="Europe/Lisbon", by=chen)
        change_signature(world.linden, signature="Yours", by=chen)
        set_acknowledgement(world.linden, language="en", text="Thanks.", by=chen)
    assert told(world) == ["time_zone", "signature", "acknowledgement"]


def test_a_brand_that_stopped_acknowledging_is_silent_until_it_starts_again(world: World) -> None:
    for _ in range(2):
        stop_acknowledging(world.linden, by=world.chen.actor)
    quiet = received(world, letter("a@x")).conversation
    for _ in range(2):
        start_acknowledging(world.linden, by=world.chen.actor)
    heard = received(
        world, letter("b@x", sender="ines@example.net"), mail_from="ines@example.net"
    ).conversation
    assert [row.messages.filter(direction="out").count() for row in (quiet, heard)] == [0, 1]
    assert told(world) == ["acknowledgement", "acknowledgement"]


def test_what_was_promised_stays_when_the_hours_change(world: World) -> None:
    row = received(world, letter("a@x")).conversation
    due = row.next_due_at
    assert due is not None
    change_hours(world.linden, hours={}, holidays=[], first_reply_seconds=60, by=world.chen.actor)
    world.settle()
    assert world.reload(row).next_due_at == due


def test_what_is_solved_closes_after_the_days_of_the_brand(world: World) -> None:
    for _ in range(2):
        close_after(world.linden, days=2, by=world.chen.actor)
    row = world.conversation()
    change_status(row, to=Status.SOLVED, by=world.amara.actor)
    at = Timer.objects.get(conversation=row, kind=TimerKind.CLOSE).due_at
    assert at is not None
    assert abs(at - clock.now() - timedelta(days=2)) < timedelta(minutes=1)
    assert told(world) == ["closing"]


def test_leads_see_their_brands_and_admins_all(world: World) -> None:
    assert [row.name for row in brands_to_look_at(world.edda.actor)] == ["Linden Bikes"]
    assert [row.name for row in brands_to_look_at(world.chen.actor)] == ["Kestrel Maps", "Linden Bikes"]
    assert brands_to_look_at(world.amara.actor) == []
    close_after(world.linden, days=3, by=world.chen.actor)
    [event] = brand_history(world.edda.actor, world.linden)
    assert (event.actor_id, event.data) == (
        world.chen.row.pk,
        BrandChanged(brand=world.linden.pk, part=BrandPart.CLOSING),  # type: ignore[arg-type]  # a plain key
    )
    assert brand_history(world.hugo.actor, world.linden) == []
    for who in (world.hugo, world.amara, world.nobody):
        with pytest.raises(NotFound):
            brand_to_look_at(who.actor, world.linden.pk)


def test_a_brand_keeps_its_hours_on_the_wall_when_it_moves_to_another_zone(world: World) -> None:
    before = Brand.objects.get(pk=world.linden.pk).hours
    change_brand(
        world.linden, name=" Linden \n Bikes ", language="pt-br", time_zone="Asia/Tokyo", by=world.chen.actor
    )
    row = Brand.objects.get(pk=world.linden.pk)
    assert (row.name, row.language, row.time_zone, row.hours) == (
        "Linden Bikes",
        "pt-br",
        "Asia/Tokyo",
        before,
    )
    assert told(world) == ["language", "time_zone"]
    assert Brand.objects.get(pk=world.kestrel.pk).time_zone == "Europe/Paris"


@pytest.mark.parametrize(
    ("name", "language", "zone"), [("", "en", "UTC"), ("N", "English", "UTC"), ("N", "en", "Berlin")]
)
def test_a_brand_without_name_language_or_zone_is_refused(
    world: World, name: str, language: str, zone: str
) -> None:
    with pytest.raises(Unusable):
        change_brand(world.linden, name=name, language=language, time_zone=zone, by=world.chen.actor)
    assert told(world) == []


def test_a_brand_that_never_opens_acknowledges_nobody_though_it_started(world: World) -> None:
    change_hours(world.linden, hours={}, holidays=[], first_reply_seconds=60, by=world.chen.actor)
    stop_acknowledging(world.linden, by=world.chen.actor)
    start_acknowledging(world.linden, by=world.chen.actor)
    row = received(world, letter("a@x")).conversation
    assert not row.messages.filter(direction="out").exists()


def test_silence_of_one_brand_is_not_another_s(world: World) -> None:
    stop_acknowledging(world.kestrel, by=world.chen.actor)
    start_acknowledging(world.linden, by=world.chen.actor)
    assert Brand.objects.get(pk=world.linden.pk).acknowledges
    assert not Brand.objects.get(pk=world.kestrel.pk).acknowledges
    assert told(world) == []
