"""Signs of a wrong recipient, each with what is one and what looks like one but is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.conversations.doubts import Doubt, Doubted, Known, distance, doubts, is_close, numbers_in

DALIA = Known("Dalia Haddad", "dalia.haddad@example.org")
BOSS = Known("", "the.boss@shop.example")


def found(text: str = "Here it is.", *, to: Known = DALIA, **more: object) -> list[Doubted]:
    values = {"files": (), "recipients": [to], "people": [DALIA, BOSS], "number": 7, **more}
    return doubts(text=text, **values)  # type: ignore[arg-type]  # each test names fields


@pytest.mark.parametrize(
    "address",
    [
        "dalia.hadad@example.org",
        "dalia.haddda@example.org",
        "daila.haddad@example.org",
        "dalia.haddad@exmaple.org",
        "dalia.haddad@example.com",
    ],
)
def test_an_address_that_is_almost_a_participants_is_a_slip(address: str) -> None:
    assert found(to=Known("", address)) == [Doubted(Doubt.TYPO, address, DALIA.address)]


@pytest.mark.parametrize(
    "address", ["d.haddad@example.org", "bernd.haddad@example.org", "the.chef@shop.example"]
)
def test_another_person_of_the_same_house_is_none(address: str) -> None:
    assert found(to=Known("", address)) == []


def test_short_names_of_one_domain_are_different_people() -> None:
    assert not is_close("ann@example.org", "dan@example.org")
    assert not is_close("jo@example.org", "joe@example.org")
    assert is_close("anna@example.org", "anan@example.org")
    assert not is_close("a@example.org", "a@example.org")


def test_somebody_from_elsewhere_is_doubted() -> None:
    assert found(to=Known("", "press@paper.example")) == [Doubted(Doubt.OUTSIDE, "press@paper.example")]


def test_a_public_provider_makes_nobody_a_neighbour() -> None:
    people = [Known("", "dalia.h@gmail.com")]
    assert found(to=Known("", "somebody.else@gmail.com"), people=people)[0].doubt is Doubt.OUTSIDE


def test_who_takes_part_is_never_doubted_nor_the_first_who_is_written_to() -> None:
    assert found() == []
    assert found(to=Known("", "new@elsewhere.example"), people=[]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dear Mr Baker,\nyour bike is ready.",
        "Dear Mr. Baker, your bike is ready and waits for you in the shop.",
        "Hi Jonas!\nAll good.",
        "Sehr geehrte Frau Weber,\n",
        "Bonjour Inès,\n",
        "Estimado Pedro:\n",
        "Hallo Jonas\n\nes ist fertig.",
    ],
)
def test_a_greeting_of_somebody_who_gets_nothing_is_doubted(text: str) -> None:
    [doubted] = found(text)
    assert doubted.doubt is Doubt.SALUTATION


@pytest.mark.parametrize(
    "text",
    [
        "Hi Dalia,\n",
        "Dear Ms Haddad,\n",
        "HALLO DALIA!\n",
        "Hi Dal,\n",
        "Hello,\n",
        "Hi there,\nJonas will come.",
        "Dear all,\n",
        "Dear customer,\n",
        "Hi, thanks for the photo. Jonas will look at it tomorrow.",
        "Sehr geehrte Damen und Herren,\n",
        "Jonas will come tomorrow.",
        "Good morning,\n",
        "Guten Tag\n",
        "",
        "Hello Dahlia,\n",
    ],
)
def test_a_greeting_of_the_one_who_gets_it_or_of_nobody_is_fine(text: str) -> None:
    assert found(text) == []


def test_what_they_sign_with_is_their_name_too() -> None:
    assert found("Hi Lia,\n") == [] or found("Hi Lia,\n")[0].doubt is Doubt.SALUTATION
    assert found("Hi Bo,\n")[0].value == "Bo"
    assert found("Hi Bo,\n", called=["Thanks, Bo"]) == []


def test_a_name_with_accents_is_the_same_without() -> None:
    ines = Known("Inès Moreau", "i.moreau@example.net")
    assert found("Bonjour Ines,\n", to=ines, people=[ines]) == []
    bare = Known("", "mueller@example.net")
    assert found("Hallo Frau Mueller,\n", to=bare, people=[bare]) == []


def test_another_conversations_number_is_doubted_and_ones_own_is_not() -> None:
    assert found("See #7, as agreed.") == []
    assert found("See #8, as agreed.") == [Doubted(Doubt.OTHER_NUMBER, "#8")]
    assert found(files=["plan_#9.pdf", "plan #9 again.pdf"]) == [Doubted(Doubt.OTHER_NUMBER, "#9")]


def test_what_only_looks_like_a_number_is_none() -> None:
    assert numbers_in("https://shop.example/#8 &#39; colour #fff AB#12 ##5", ()) == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_distance_is_the_same_both_ways_and_none_to_oneself(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=3), st.text(max_size=30))
def test_whatever_is_written_is_judged(text: str, files: list[str], address: str) -> None:
    assert isinstance(found(text, files=files, to=Known(text, address)), list)
