"""An address that bounces for good is not written to any more, until an agent says otherwise and why."""

import pytest

from heed.eventlog.kinds import AddressReleased, AddressSuppressed
from heed.eventlog.models import EventRow
from heed.kernel.errors import Refused, Unusable
from heed.kernel.words import ActorKind, BrandId, ConversationId, SuppressReason
from heed.people.actions.standings import (
    lift,
    note_arrival,
    note_soft_failure,
    resubscribe,
    suppress,
    unsubscribe,
)
from heed.people.models import AddressStanding
from heed.people.policy import NOBODY, SYSTEM, Actor
from heed.people.standing_queries import closed_to_automatic, standing, standings, suppressed_among
from heed.testing.queries import assert_queries
from heed.testing.world import World

DALIA = "dalia@example.org"


def gone(world: World, address: str = DALIA) -> AddressStanding:
    return suppress(address, reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)


def test_a_suppressed_address_is_known_in_any_spelling_and_others_are_not(world: World) -> None:
    assert suppressed_among(["Dalia@Example.org", "ines@example.net"]) == {}
    gone(world)
    with assert_queries(at_most=1):
        found = suppressed_among(["Dalia@Example.org", "ines@example.net"])
    assert found == {"Dalia@Example.org": SuppressReason.NO_MAILBOX}
    assert closed_to_automatic([(1, DALIA), (1, "ines@example.net")]) == {(1, DALIA)}


def test_suppressing_is_told_once_and_without_the_address(world: World) -> None:
    row = world.conversation()
    for _ in range(2):
        suppress(DALIA, reason=SuppressReason.NO_DOMAIN, report=None, on=ConversationId(row.pk), by=SYSTEM)
    told = [event for event in world.events(row) if isinstance(event.data, AddressSuppressed)]
    assert [event.data.reason for event in told if isinstance(event.data, AddressSuppressed)] == [
        SuppressReason.NO_DOMAIN
    ]
    assert "dalia" not in str(
        EventRow.objects.filter(kind=AddressSuppressed.name).values_list("data", flat=True)
    )


def test_a_complaint_stops_what_is_automatic_and_nothing_else(world: World) -> None:
    for _ in range(2):
        suppress(DALIA, reason=SuppressReason.COMPLAINT, report=None, on=None, by=SYSTEM)
    assert suppressed_among([DALIA]) == {}
    assert closed_to_automatic([(1, DALIA)]) == {(1, DALIA)}
    assert EventRow.objects.filter(kind=AddressSuppressed.name).count() == 1


def test_passing_failures_are_counted_until_a_mail_arrives(world: World) -> None:
    note_arrival(DALIA, by=SYSTEM)
    assert AddressStanding.objects.count() == 0
    for _ in range(3):
        note_soft_failure(DALIA, report=None, by=SYSTEM)
    assert standings(SYSTEM, [DALIA])[DALIA].soft_failures == 3
    assert suppressed_among([DALIA]) == {}
    for _ in range(2):
        note_arrival("DALIA@example.org", by=SYSTEM)
    assert standings(SYSTEM, [DALIA])[DALIA].soft_failures == 0


def test_an_arrival_does_not_lift_what_is_suppressed(world: World) -> None:
    note_soft_failure(DALIA, report=None, by=SYSTEM)
    gone(world)
    note_arrival(DALIA, by=SYSTEM)
    assert suppressed_among([DALIA])
    note_soft_failure(DALIA, report=None, by=SYSTEM)
    note_arrival(DALIA, by=SYSTEM)
    note_soft_failure(DALIA, report=None, by=SYSTEM)
    assert standings(SYSTEM, [DALIA])[DALIA].soft_failures == 1


def test_an_agent_lifts_it_with_a_reason_and_it_may_be_suppressed_again(world: World) -> None:
    row = lift(gone(world), why="  They mended\n their mailbox ", on=None, by=world.amara.actor)
    assert (suppressed_among([DALIA]), closed_to_automatic([(1, DALIA)])) == ({}, frozenset())
    assert (row.lifted_by, row.lifted_why) == (world.amara.row, "They mended their mailbox")
    lift(row, why="Once more", on=None, by=world.amara.actor)
    assert EventRow.objects.filter(kind=AddressReleased.name).count() == 1
    gone(world)
    assert suppressed_among([DALIA])


@pytest.mark.parametrize(("why", "reason"), [(" ", "missing"), ("x" * 201, "too_long")])
def test_lifting_needs_a_reason_that_can_be_kept(world: World, why: str, reason: str) -> None:
    with pytest.raises(Unusable) as refused:
        lift(gone(world), why=why, on=None, by=world.amara.actor)
    assert refused.value.reason == reason
    assert suppressed_among([DALIA])


def test_who_only_looks_or_is_nobody_lifts_nothing(world: World) -> None:
    row = gone(world)
    for actor in (world.farid.actor, NOBODY):
        with pytest.raises(Refused):
            lift(row, why="Because", on=None, by=actor)
    assert standings(NOBODY, [DALIA]) == {}
    assert standing(world.farid.actor, row.pk) is None
    assert standing(world.amara.actor, row.pk) == row


def test_a_failure_counts_for_one_address_however_it_is_spelled(world: World) -> None:
    note_soft_failure("Dalia@Example.org", report=None, by=SYSTEM)
    note_soft_failure(DALIA, report=None, by=SYSTEM)
    [row] = AddressStanding.objects.all()
    assert (row.address, row.soft_failures) == (DALIA, 2)
    assert not standings(SYSTEM, ["ines@example.net"])


def test_a_passing_failure_says_nothing_in_the_log_and_neither_does_an_arrival(world: World) -> None:
    before = world.log_size()
    note_soft_failure(DALIA, report=None, by=SYSTEM)
    note_arrival(DALIA, by=SYSTEM)
    note_arrival(DALIA, by=SYSTEM)
    assert world.log_size() == before


def test_a_passing_failure_after_a_hard_one_leaves_it_suppressed_for_its_reason(world: World) -> None:
    gone(world)
    row = note_soft_failure(DALIA, report=None, by=SYSTEM)
    assert row.reason == SuppressReason.NO_MAILBOX
    assert row.suppressed_at is not None


def test_an_arrival_stops_no_complaint(world: World) -> None:
    note_soft_failure(DALIA, report=None, by=SYSTEM)
    suppress(DALIA, reason=SuppressReason.COMPLAINT, report=None, on=None, by=SYSTEM)
    note_arrival(DALIA, by=SYSTEM)
    assert closed_to_automatic([(1, DALIA)]) == {(1, DALIA)}


def test_no_automatic_mail_of_one_brand_until_somebody_asks_again(world: World) -> None:
    linden, kestrel = (BrandId(brand.pk) for brand in (world.linden, world.kestrel))
    pairs = [(linden, DALIA), (kestrel, DALIA)]
    unsubscribe(DALIA, brand=linden, on=None, by=world.amara.actor)
    assert closed_to_automatic(pairs) == {(linden, DALIA)}
    assert not suppressed_among([DALIA])
    resubscribe(DALIA, brand=linden, on=None, by=world.amara.actor)
    assert not closed_to_automatic(pairs)


def test_asking_twice_for_no_automatic_mail_or_for_it_again_is_once(world: World) -> None:
    linden = BrandId(world.linden.pk)
    before = world.log_size()
    for verb in (unsubscribe, unsubscribe, resubscribe, resubscribe):
        verb(DALIA, brand=linden, on=None, by=world.amara.actor)
    assert world.log_size() == before + 2


def test_a_customer_with_their_own_mail_may_ask_and_others_may_not(world: World) -> None:
    linden = BrandId(world.linden.pk)
    unsubscribe(DALIA, brand=linden, on=None, by=Actor(ActorKind.CUSTOMER, world.dalia.id))
    for who in (world.farid, world.nobody):
        with pytest.raises(Refused):
            unsubscribe("ines@example.net", brand=linden, on=None, by=who.actor)
        with pytest.raises(Refused):
            resubscribe(DALIA, brand=linden, on=None, by=who.actor)
    assert closed_to_automatic([(linden, DALIA), (linden, "ines@example.net")]) == {(linden, DALIA)}


def test_asking_again_lifts_no_suppression(world: World) -> None:
    linden = BrandId(world.linden.pk)
    unsubscribe(DALIA, brand=linden, on=None, by=world.amara.actor)
    suppress(DALIA, reason=SuppressReason.COMPLAINT, report=None, on=None, by=SYSTEM)
    resubscribe(DALIA, brand=linden, on=None, by=world.amara.actor)
    assert closed_to_automatic([(linden, DALIA)]) == {(linden, DALIA)}
