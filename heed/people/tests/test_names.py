"""Names that are typed almost right: what is alike, and what the desk learns of its customers."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from heed.eventlog.unit import add, unit
from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.people import naming
from heed.people.actions.names import learn_names
from heed.people.models import Customer, NameKey, NameMark
from heed.people.policy import SYSTEM
from heed.people.queries import names_like
from heed.people.spelling import LONGEST, SHORTEST, are_alike, keys_of, slips
from heed.testing.queries import assert_queries
from heed.testing.world import World


def new(*names: str) -> list[Customer]:
    with unit():
        return [add(Customer(name=name, created_at=clock.now())) for name in names]


def known() -> set[str]:
    return set(NameKey.objects.values_list("word", flat=True))


def test_the_words_of_names_are_learnt(world: World) -> None:
    learn_names(new("Zoë van der Meulen", "Bo Li", "R2D2 Roboter"), by=SYSTEM)
    assert known() == {"meulen", "roboter"}  # what is too short is like too many others
    assert names_like("muelen", limit=5) == ["meulen"]
    assert names_like("robotter", limit=5) == ["roboter"]


def test_only_the_desk_learns_names(world: World) -> None:
    customers = new("Zoë Meulen")
    for who in (world.chen, world.amara, world.nobody):
        with pytest.raises(Refused):
            learn_names(customers, by=who.actor)
    assert not known()


def test_a_name_is_learnt_once(world: World) -> None:
    first, second = new("Zoë Meulen", "Jan Meulen")
    learn_names([first], by=SYSTEM)
    size = NameKey.objects.count()
    learn_names([first, second], by=SYSTEM)
    learn_names([first, second], by=SYSTEM)
    assert NameKey.objects.count() == size
    assert NameMark.objects.get().customer == second.pk


def test_who_came_before_the_mark_is_known_already(world: World) -> None:
    before, after = new("Zoë Meulen", "Jan Abelard")
    learn_names([after], by=SYSTEM)
    learn_names([before], by=SYSTEM)
    assert known() == {"abelard"}
    learn_names([], by=SYSTEM)


def test_a_worker_learns_names_a_little_after_their_customers_came(world: World) -> None:
    assert naming.step() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        assert naming.waiting() == 3
        world.settle()
        assert naming.waiting() == 0
        assert {"dalia", "haddad", "ines", "moreau"} <= known()
        assert naming.step() == 0


def test_a_name_itself_is_never_misspelt(world: World) -> None:
    learn_names(new("Marta Meulen", "Marte Meulen"), by=SYSTEM)
    assert names_like("marta", limit=5) == []
    assert names_like("martu", limit=5) == ["marta", "marte"]
    assert names_like("martu", limit=1) == ["marta"]


@pytest.mark.parametrize("word", ["zoe", "4711", "x" * (LONGEST + 1), "", "nothing"])
def test_what_is_no_name_is_like_none(world: World, word: str) -> None:
    learn_names(new("Zoë Meulen"), by=SYSTEM)
    with assert_queries(at_most=1):
        assert names_like(word, limit=5) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("dalia", "dalia", True),
        ("dahlia", "dalia", True),
        ("daila", "dalia", True),
        ("dalla", "dalia", True),
        ("hadad", "haddad", True),
        ("moreau", "moureau", True),
        ("dalia", "delya", False),
        ("schmitt", "schmidt", True),
        ("kowalczyk", "kovalcyk", True),
        ("mara", "nora", False),
    ],
)
def test_what_is_alike(one: str, other: str, expected: bool) -> None:
    assert are_alike(one, other) is expected
    assert are_alike(other, one) is expected


words = st.text(alphabet="abcdeé", min_size=SHORTEST, max_size=LONGEST)


@given(words, words)
def test_slips_are_a_distance(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one) <= max(len(one), len(other))
    assert (slips(one, other) == 0) == (one == other)


@given(words, st.data())
def test_one_slip_leaves_a_key_in_common(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdeé"))
    swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    for other in (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        swapped,
    ):
        assert keys_of(word) & keys_of(other)
        assert slips(word, other) <= 1
