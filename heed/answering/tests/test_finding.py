"""A few letters find a saved reply, and its text is in the conversation's language where there is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.answering.finding import Fitting, Head, fitting, found

HEADS = [
    Head(1, "Refund within 14 days", "Money"),
    Head(2, "Rückerstattung", "Geld"),
    Head(3, "Where is my parcel", "Shipping"),
    Head(4, "Damaged parcel", "Shipping"),
]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("", [4, 1, 2, 3]),
        ("ref", [1]),
        ("ruck", [2]),
        ("parcel", [4, 3]),
        ("par dam", [4]),
        ("wimp", [3]),
        ("ship", [4, 3]),
        ("ship where", [3]),
        ("fund", []),
        ("zzz", []),
    ],
)
def test_letters_find_names_initials_and_folders(typed: str, keys: list[int]) -> None:
    assert [head.id for head in found(HEADS, typed)] == keys


@pytest.mark.parametrize(
    ("languages", "fits"),
    [
        (["de", "en"], Fitting("de", "Hallo")),
        (["de-at", "en"], Fitting("de", "Hallo")),
        (["es", "de"], Fitting("de", "Hallo", wanted="es")),
        (["es", "", "pt"], Fitting("de", "Hallo", wanted="es")),
        ([], Fitting("de", "Hallo")),
        (["fr-ca"], Fitting("fr-ca", "Allô")),
        (["fr"], Fitting("fr-ca", "Allô")),
    ],
)
def test_the_text_in_the_conversations_language_comes_first_and_another_is_said(
    languages: list[str], fits: Fitting
) -> None:
    assert fitting({"de": "Hallo", "fr-ca": "Allô"}, languages=languages) == fits


CODES = st.sampled_from(["de", "de-at", "en", "pt-br", "ar"])


@given(st.dictionaries(CODES, st.just("x"), min_size=1), st.lists(CODES))
def test_there_is_always_a_text_and_a_fallback_is_always_said(
    texts: dict[str, str], languages: list[str]
) -> None:
    fits = fitting(texts, languages=languages)
    assert fits.language in texts
    near = [code for code in texts if languages and code[:2] == languages[0][:2]]
    assert bool(fits.wanted) is bool(languages and not near)


@given(st.text(max_size=60))
def test_no_letters_are_too_odd(typed: str) -> None:
    assert set(found(HEADS, typed)) <= set(HEADS)
