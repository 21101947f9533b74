"""Variables: filled with what is known, a gap where nothing is, never braces and never an empty hole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.answering.variables import VARIABLES, filled, first_name, unknown
from heed.conversations.gaps import CLOSES, OPENS, gap, gaps_in, require_no_gaps
from heed.kernel.errors import Unusable

KNOWN = {"customer.first_name": "Dalia", "brand.name": "Linden Bikes"}


def test_what_is_known_stands_in_its_place() -> None:
    pieces = filled("Dear {{ customer.first_name }}, yours {{brand.name}}.", KNOWN)
    assert "".join(piece.text for piece in pieces) == "Dear Dalia, yours Linden Bikes."
    assert not any(piece.is_gap for piece in pieces)


@pytest.mark.parametrize("value", ["", "  ", None])
def test_what_nothing_is_known_of_is_a_gap(value: str | None) -> None:
    values = {} if value is None else {"customer.name": value}
    pieces = filled("Dear {{ customer.name }}, hello", values)
    assert [(piece.text, piece.variable) for piece in pieces if piece.is_gap] == [("", "customer.name")]


def test_only_listed_names_are_variables() -> None:
    assert unknown("{{ customer.first_name }} {{customer.shoe_size}} {{ }} {{ x }} {{ x }}") == [
        "customer.shoe_size",
        "",
        "x",
    ]


def test_a_value_that_looks_like_a_variable_stays_what_it_is() -> None:
    pieces = filled("{{ conversation.subject }}", {"conversation.subject": "{{ customer.name }}"})
    assert [piece.text for piece in pieces] == ["{{ customer.name }}"]


@given(
    st.text(alphabet="{}. abc_\nomer", max_size=200), st.dictionaries(st.sampled_from(VARIABLES), st.text())
)
def test_words_outside_of_braces_are_never_changed(text: str, values: dict[str, str]) -> None:
    pieces = filled(text, values)
    assert all(piece.text for piece in pieces if not piece.variable)
    rest = text
    for piece in pieces:
        if not piece.variable:
            assert rest.count(piece.text)
            rest = rest[rest.index(piece.text) + len(piece.text) :]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Dalia Haddad", "Dalia"),
        ("Haddad, Dalia", "Dalia"),
        ("Inès", "Inès"),
        ("dalia@example.org", ""),
        ("#4821", ""),
        ("", ""),
        ("Haddad,", "Haddad,"),
    ],
)
def test_a_first_name_is_taken_from_a_name_and_from_nothing_else(name: str, first: str) -> None:
    assert first_name(name) == first


def test_a_gap_is_found_and_refused_until_it_is_filled() -> None:
    text = f"Dear {gap('first name')},"
    assert gaps_in(text) == [f"{OPENS}first name{CLOSES}"]
    with pytest.raises(Unusable) as refused:
        require_no_gaps(text)
    assert (refused.value.field, refused.value.reason) == ("text", "gap_left")
    require_no_gaps("Dear Dalia,")


@pytest.mark.parametrize("text", ["{{ customer.first_name }}", "{{brand.name}}"])
def test_a_variable_that_was_typed_is_a_gap(text: str) -> None:
    assert gaps_in(text) == [text]


@pytest.mark.parametrize(
    "text", ["{{ user.name }}", "{ customer.name }", f"{OPENS}\n{CLOSES}", "[first name]"]
)
def test_what_people_write_about_is_no_gap(text: str) -> None:
    assert gaps_in(text) == []


@given(st.text(max_size=300))
def test_whatever_a_gap_asks_for_it_is_one_gap(asks: str) -> None:
    assert gaps_in(gap(asks or "?")) == [gap(asks or "?")]
