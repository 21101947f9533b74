"""Names and signatures of answers."""

from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.signing_off import fill, first_name, sender_name, sign_off


def test_the_names_are_put_as_the_language_puts_them() -> None:
    assert sender_name("Amara Okafor", "Linden Bikes", "en-GB") == "Amara at Linden Bikes"
    assert sender_name("Amara Okafor", "Linden Bikes", "DE") == "Amara von Linden Bikes"
    assert sender_name("Amara", "Linden Bikes", "ja") == "Amara, Linden Bikes"
    assert sender_name("{brand}", "Linden", "en") == "Linden at Linden"  # harmless: both names are ours


def test_what_is_no_place_stays() -> None:
    assert fill("{name} {first_name} {brand} {x} {", name="Ana B", brand="T") == "Ana B Ana T {x} {"
    assert first_name("  ") == "  "


@given(st.text(), st.text(), st.text())
def test_filling_is_done_once_and_never_fails(text: str, name: str, brand: str) -> None:
    filled = fill(text, name=name, brand=brand)
    assert ("{" in text) or filled == text


@given(st.text(), st.lists(st.text(), max_size=3))
def test_signing_off_keeps_the_text_in_front(text: str, signatures: list[str]) -> None:
    signed = sign_off(text, *signatures)
    assert signed.startswith(text.rstrip())
    assert ("\n-- \n" in signed) or signed == text
