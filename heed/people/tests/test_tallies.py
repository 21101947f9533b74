"""What may be done so often is counted once for all processes, and begins anew after its stretch of time."""

from datetime import timedelta

import pytest

from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.people.actions.tallies import THROWN_AWAY, tally
from heed.people.limits import is_allowed
from heed.people.models import Tally
from heed.people.policy import SYSTEM
from heed.testing.world import World


def test_so_many_are_counted_and_no_more(world: World) -> None:
    told = [tally("a", most=2, seconds=60, by=SYSTEM) for _ in range(4)]
    assert told == [True, True, False, False]
    assert Tally.objects.get().number == 2
    assert tally("b", most=2, seconds=60, by=SYSTEM)


def test_a_new_stretch_begins_after_the_old_one(world: World) -> None:
    assert tally("a", most=1, seconds=60, by=SYSTEM)
    assert not tally("a", most=1, seconds=60, by=SYSTEM)
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert tally("a", most=1, seconds=60, by=SYSTEM)


def test_people_count_nothing(world: World) -> None:
    with pytest.raises(Refused):
        tally("a", most=1, seconds=60, by=world.chen.actor)


def test_nothing_is_recorded(world: World) -> None:
    before = world.log_size()
    tally("a", most=1, seconds=60, by=SYSTEM)
    assert world.log_size() == before


def test_what_is_over_is_thrown_away_little_by_little(world: World) -> None:
    for number in range(THROWN_AWAY + 5):
        tally(str(number), most=1, seconds=60, by=SYSTEM)
    with clock.at(clock.now() + timedelta(seconds=61)):
        tally("new", most=1, seconds=60, by=SYSTEM)
        assert Tally.objects.count() == 6
        tally("newer", most=1, seconds=60, by=SYSTEM)
        assert set(Tally.objects.values_list("key", flat=True)) == {"new", "newer"}


def test_what_is_counted_is_no_word_of_anybody(world: World) -> None:
    assert is_allowed("dalia@example.org", most=1, seconds=60)
    assert not is_allowed("dalia@example.org", most=1, seconds=60)
    assert "dalia" not in Tally.objects.get().key
