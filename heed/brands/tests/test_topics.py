"""What custom fields hold: one form for one value, and nothing that the field is not for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from heed.brands.models import CustomField
from heed.brands.topics import VALUE_CHARACTERS, read_value
from heed.kernel.errors import Unusable
from heed.kernel.words import FieldKind

CHOICES = ["red", "dark blue"]


def read(kind: FieldKind, given: str) -> str:
    return read_value(CustomField(kind=kind, choices=CHOICES), given)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.TEXT, "  A \n 4711 ", "A 4711"),
        (FieldKind.NUMBER, "1200", "1200"),
        (FieldKind.NUMBER, "-3,50", "-3.5"),
        (FieldKind.NUMBER, "1e3", "1000"),
        (FieldKind.NUMBER, "-0.0", "0"),
        (FieldKind.DATE, "2026-02-28", "2026-02-28"),
        (FieldKind.CHOICE, "dark  blue", "dark blue"),
        (FieldKind.YES_NO, "yes", "yes"),
        *[(kind, "  ", "") for kind in FieldKind],
    ],
)
def test_a_value_has_one_form(kind: FieldKind, typed: str, kept: str) -> None:
    assert read(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (FieldKind.TEXT, "x" * (VALUE_CHARACTERS + 1)),
        (FieldKind.NUMBER, "twelve"),
        (FieldKind.NUMBER, "1,200,000"),
        (FieldKind.NUMBER, "NaN"),
        (FieldKind.NUMBER, "inf"),
        (FieldKind.NUMBER, "1e999999"),
        (FieldKind.DATE, "28.2.2026"),
        (FieldKind.DATE, "2026-02-30"),
        (FieldKind.CHOICE, "green"),
        (FieldKind.YES_NO, "perhaps"),
    ],
)
def test_what_a_field_is_not_for_is_refused(kind: FieldKind, typed: str) -> None:
    with pytest.raises(Unusable):
        read(kind, typed)


@given(some.sampled_from(FieldKind), some.text(max_size=40))
def test_whatever_is_typed_is_kept_in_a_form_that_stays(kind: FieldKind, typed: str) -> None:
    try:
        kept = read(kind, typed)
    except Unusable:
        return
    assert read(kind, kept) == kept


@given(some.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_a_number_stays_the_same_number(number: Decimal) -> None:
    assert Decimal(read(FieldKind.NUMBER, str(number))) == number
