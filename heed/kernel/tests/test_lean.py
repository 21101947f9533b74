"""Dataclasses that share their functions behave as those of the standard library."""

import sys
from copy import deepcopy
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from heed.kernel import lean


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    name: str = ""
    secret: str = field(default="", repr=False)


@dataclass
class Loose:
    rest: "list[object]" = field(default_factory=list)


def test_what_is_frozen_refuses_changes() -> None:
    point = Point(1, "a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2  # type: ignore[misc]  # it is refused
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del point.name
    assert replace(point, x=3) == Point(3, "a")
    assert deepcopy(point) == point
    assert len({point, Point(1, "a")}) == 1


def test_it_is_written_down_with_its_fields_but_the_hidden_ones() -> None:
    assert repr(Point(1, "a", "hidden")) == "Point(x=1, name='a')"
    loose = Loose()
    loose.rest.append(loose)
    assert repr(loose) == "Loose(rest=[...])"


@pytest.mark.skipif(sys.version_info[:2] not in lean.READ_IN, reason="the standard library's own are used")
def test_two_classes_have_the_same_functions() -> None:
    @dataclass(frozen=True)
    class Other:
        y: int

    assert Point.__setattr__ is Other.__setattr__
    assert Point.__repr__ is Other.__repr__
