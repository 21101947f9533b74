from hypothesis import given
from hypothesis import strategies as st

from heed.kernel.text import folded, tidy


def test_line_ends_become_one_kind_and_controls_disappear() -> None:
    assert tidy("a\r\nb\rc\u2028d\0\x07\te") == "a\nb\nc\nd\te"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_every_database_takes_the_result(text: str) -> None:
    assert tidy(text).encode("utf-8").decode("utf-8") == tidy(text)
    assert "\0" not in tidy(text)
    assert tidy(tidy(text)) == tidy(text)


def test_a_lone_surrogate_is_replaced() -> None:
    assert tidy("a\ud800b") == "a?b"


def test_what_people_type_without_accents_is_the_same() -> None:
    assert folded("  Ünïcode\u00a0 Straße ") == folded("unicode strasse") == "unicode strasse"
