"""The filter language, as text becomes a tree and a tree becomes text."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heed.conversations.filters import (
    MOST_CHARACTERS,
    MOST_TERMS,
    Condition,
    Field,
    Filter,
    Hint,
    HintKind,
    Phrase,
    Term,
    length,
    read,
    span,
    without,
)
from heed.testing.speed import at_most


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("refund", [Phrase("refund", goes_on=True)]),
        ("refund ", [Phrase("refund")]),
        ("Refund invoice", [Phrase("refund"), Phrase("invoice", goes_on=True)]),
        ('"second invoice"', [Phrase("second invoice")]),
        ('"second invo', [Phrase("second invo", goes_on=True)]),
        ("refu* now ", [Phrase("refu", goes_on=True), Phrase("now")]),
        ("-refund now ", [Phrase("refund", is_not=True), Phrase("now")]),
        ("dalia@example.org", [Phrase("dalia example org", goes_on=True)]),
        ("#4821", [Condition(Field.NUMBER, ("4821",))]),
        ("number:#0048", [Condition(Field.NUMBER, ("48",))]),
        ("-number:48,#49", [Condition(Field.NUMBER, ("48", "49"), is_not=True)]),
        ("is:open,WAITING", [Condition(Field.IS, ("open", "waiting"))]),
        ('-tag:vip,"very late"', [Condition(Field.TAG, ("vip", "very late"), is_not=True)]),
        ("From:Dalia.Haddad", [Condition(Field.FROM, ("dalia haddad",))]),
        (
            "assignee:me team:Payments",
            [Condition(Field.ASSIGNEE, ("me",)), Condition(Field.TEAM, ("Payments",))],
        ),
        ("before:2026-03 on:today", [Condition(Field.BEFORE, ("2026-03",)), Condition(Field.ON, ("today",))]),
        (
            "due:4H,none updated:>3d,2026-03",
            [Condition(Field.DUE, ("4h", "none")), Condition(Field.UPDATED, (">3d", "2026-03"))],
        ),
        (
            'field:"Order number"=A-1200 -field:VIP,amount>10 topic:"Money / Refunds"',
            [
                Condition(Field.FIELD, ("Order number=A-1200",)),
                Condition(Field.FIELD, ("VIP", "amount>10"), is_not=True),
                Condition(Field.TOPIC, ("Money / Refunds",)),
            ],
        ),
        ('field:"Place = Bonn, old town"', [Condition(Field.FIELD, ("Place=Bonn, old town",))]),
        ("refund refund ", [Phrase("refund")]),
        ("Re: https://example.org/a -- -", [Phrase("re"), Phrase("https example org a")]),
        ("", []),
    ],
)
def test_what_is_typed_becomes_a_tree(text: str, terms: list[Term]) -> None:
    found = read(text)
    assert list(found.filter.terms) == terms
    assert {hint.kind for hint in found.hints} <= {HintKind.OPEN_QUOTE}


@pytest.mark.parametrize(
    ("text", "hint", "terms"),
    [
        ("form:dalia ", Hint(HintKind.UNKNOWN_FIELD, "form"), [Phrase("form dalia")]),
        ("from: dalia ", Hint(HintKind.NO_VALUE, "from"), [Phrase("from"), Phrase("dalia")]),
        ("is:opne x ", Hint(HintKind.UNKNOWN_VALUE, "is", "opne"), [Phrase("x")]),
        ("is:open,opne", Hint(HintKind.UNKNOWN_VALUE, "is", "opne"), [Condition(Field.IS, ("open",))]),
        ("has:wings", Hint(HintKind.UNKNOWN_VALUE, "has", "wings"), []),
        ("before:soon", Hint(HintKind.NO_DATE, "before", "soon"), []),
        ("before:2026-02-30", Hint(HintKind.NO_DATE, "before", "2026-02-30"), []),
        ("due:soon", Hint(HintKind.NO_TIME, "due", "soon"), []),
        ("updated:0d", Hint(HintKind.NO_TIME, "updated", "0d"), []),
        ("opened:>99999d", Hint(HintKind.NO_TIME, "opened", ">99999d"), []),
        ("field:=4", Hint(HintKind.NO_FIELD, "field", "=4"), []),
        ("field:amount>", Hint(HintKind.NO_FIELD, "field", "amount>"), []),
        ("number:many", Hint(HintKind.NO_NUMBER, "number", "many"), []),
        ('tag:""', Hint(HintKind.NO_VALUE, "tag"), []),
        ('"never closed', Hint(HintKind.OPEN_QUOTE), [Phrase("never closed", goes_on=True)]),
    ],
)
def test_what_can_not_be_taken_is_said(text: str, hint: Hint, terms: list[Term]) -> None:
    found = read(text)
    assert found.hints == (hint,)
    assert list(found.filter.terms) == terms


def test_a_text_is_read_up_to_a_limit_and_that_is_said() -> None:
    found = read("x" * MOST_CHARACTERS)
    assert found.hints == ()
    for text in ("x" * (MOST_CHARACTERS + 1), " ".join(f"w{n}" for n in range(MOST_TERMS + 1))):
        found = read(text)
        assert found.hints == (Hint(HintKind.TOO_LONG),)
        assert len(found.filter.terms) <= MOST_TERMS


FIELDS = [f"{field}:" for field in Field]
typed = st.lists(
    st.one_of(
        st.text(),
        st.sampled_from([*FIELDS, "is:open", '"', "-", "#", "*", ",", " ", "2026-02", "me", "http://", "\n"]),
    )
).map("".join)


@given(typed)
@example('-from:"a" "b"*')
@example('tag:a"b c"d,e')
@example('field:"a, b"=c,d>" e <"')
def test_any_text_is_read_and_can_be_written_down(text: str) -> None:
    found = read(text)
    written = str(found.filter)
    again = read(written)
    if len(written) <= MOST_CHARACTERS:
        assert again.filter == found.filter
        assert again.hints == ()
        assert read(f"{written} ").filter == found.filter


@given(st.sampled_from(['"', "a:", "-", "#1", 'tag:"', ",", "is:open,", "é", "before:2026,"]))
def test_reading_takes_time_in_proportion_to_the_text(part: str) -> None:
    with at_most(1):
        read(part * 100_000)


def test_dates_are_spans_of_days() -> None:
    today = date(2026, 3, 1)
    assert span("2024") == (date(2024, 1, 1), date(2025, 1, 1))
    assert span("2024-02") == (date(2024, 2, 1), date(2024, 3, 1))
    assert span("2024-12") == (date(2024, 12, 1), date(2025, 1, 1))
    assert span("2024-2-29") == (date(2024, 2, 29), date(2024, 3, 1))
    assert span("today", today) == (today, date(2026, 3, 2))
    assert span("yesterday", today) == (date(2026, 2, 28), today)
    assert span("today") is None
    for wrong in (
        "2023-02-29",
        "9999",
        "9999-12",
        "9999-12-31",
        "1969",
        "24",
        "２０２４",
        "2024-13",
        "soon",
        "",
    ):
        assert span(wrong) is None, wrong


@given(st.integers(1, 9999), st.sampled_from("hdw"), st.booleans())
def test_lengths_of_time_are_read_as_they_are_written(number: int, unit: str, beyond: bool) -> None:
    found = length(f"{'>' if beyond else ''}{number}{unit}")
    assert found is not None
    assert found.is_beyond == beyond
    assert (
        found.time
        == number * {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[unit]
    )
    for wrong in (f"{number}", f"-{number}{unit}", f"0{unit}", f"{number}m", f"<{number}{unit}"):
        assert length(wrong) is None


def test_one_term_can_be_taken_away() -> None:
    found = read("refund is:open ").filter
    assert without(found, found.terms[1]) == Filter((Phrase("refund"),))
