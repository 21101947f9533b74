"""Words of texts, as search knows them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.language.tokens import LONGEST_WORD, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The chain slips!", ["the", "chain", "slips"]),
        ("Un problème, DES PROBLÈMES", ["un", "probleme", "des", "problemes"]),
        ("Rück-Erstattung_2", ["ruck", "erstattung", "2"]),
        ("Straße", ["strasse"]),
        ("Ørsted Łódź Đorđe İstanbul ısı", ["orsted", "lodz", "dorde", "istanbul", "isi"]),
        ("Ελληνικός ΕΛΛΗΝΙΚΌΣ", ["ελληνικοσ", "ελληνικοσ"]),
        ("dalia.haddad@example.org", ["dalia", "haddad", "example", "org"]),
        ("#4821, AB-2209/17", ["4821", "ab", "2209", "17"]),
        ("pro\u00adblem", ["problem"]),
        ("مُشْكِلَة", ["مشكلة"]),
        ("退款 已收到abc", ["退", "款", "已", "收", "到", "abc"]),
        ("हिन्दी", ["हिनदी"]),
        ("½ ™", ["1", "2"]),
        ("\u200d …  ", []),
        ("", []),
    ],
)
def test_words_of_many_scripts(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_words_and_places_agree(text: str) -> None:
    found = list(tokens(text))
    assert [one.word for one in found] == words(text)
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found
    assert all(0 < len(word) <= LONGEST_WORD for word in found)


@given(st.text())
def test_case_and_composition_mean_nothing(text: str) -> None:
    assert words(text.casefold()) == words(text)


@pytest.mark.parametrize("part", ["a", "é", "退", "़a", "½", "\u200d"])
def test_a_run_of_any_length_is_linear(part: str) -> None:
    words(part * 1_000)
    times = []
    for length in (20_000, 200_000):
        start = time.process_time()
        words(part * length)
        times.append(time.process_time() - start)
    assert times[1] < 40 * max(times[0], 0.005)
