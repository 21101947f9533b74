"""Settings of brands: hours, words and their preview, for admins; leads look."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from heed.brands.models import Acknowledgement, Brand
from heed.intake.tests.letters import letter, received
from heed.people.actions.brands import close_after
from heed.testing.queries import assert_queries
from heed.testing.world import World

BRANDS = "/settings/brands/"
FRIDAY = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)  # 15:00 in Berlin


def here(world: World) -> str:
    return f"{BRANDS}{world.linden.pk}/"


def form(**changed: str) -> dict[str, str]:
    """Linden's form, filled in well."""
    week = {f"hours-{day}": "9:00–12:30, 13:30–17:00" for day in range(5)}
    filled = {
        **week,
        "hours-5": "",
        "hours-6": "",
        "name": "Linden Bikes",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "holidays": "2026-12-25\r\n2026-12-24",
        "first_reply": "4",
        "unit": "hours",
        "acknowledges": "on",
        "words-en": "Hello {name?}, {reference}: {when}.",
        "words-de": "Servus {name?}, {reference}: {when}.",
        "signature": "Linden Bikes\r\nCanal Street 4",
        "close_after_days": "10",
        "save": "1",
    }
    return {key: value for key, value in {**filled, **changed}.items() if value != "-"}


def test_an_admin_sets_up_a_brand_and_customers_are_told_by_its_hours(world: World) -> None:
    answer = world.chen.post(here(world), form())
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{here(world)}?saved=1")
    row = Brand.objects.get(pk=world.linden.pk)
    assert row.hours == {str(day): [[540, 750], [810, 1020]] for day in range(5)}
    assert row.holidays == ["2026-12-24", "2026-12-25"]
    assert (row.first_reply_seconds, row.close_after_days) == (4 * 3600, 10)
    assert row.signature == "Linden Bikes\nCanal Street 4"
    with time_machine.travel(FRIDAY, tick=False):
        conversation = received(world, letter("a@x", date=FRIDAY)).conversation
    [sent] = conversation.messages.filter(direction="out")
    # two hours are left on Friday, two more on Monday from nine
    assert (
        sent.text
        == f"Hello Dalia Haddad, #{conversation.pk}: on Monday 30 November by 11:00 (Europe/Berlin)."
    )


def test_the_preview_is_what_would_leave_now_and_keeps_nothing(world: World) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        html = world.chen.post(f"{here(world)}preview/", form(), **{"HX-Request": "true"}).content.decode()
    assert "Hello Dana Novak, #4821: on Monday 30 November by 11:00 (Europe/Berlin)." in html
    assert "Servus Dana Novak, #4821: am Montag, 30. November, bis 11:00 Uhr (Europe/Berlin)." in html
    assert "help@linden.example" in html
    assert "<nav" not in html
    assert not Acknowledgement.objects.exists()
    assert Brand.objects.get(pk=world.linden.pk).first_reply_seconds == 8 * 3600


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"acknowledges": "-"}, "Nothing is sent: customers hear"),
        ({f"hours-{day}": "" for day in range(7)}, "without opening hours"),
        ({"hours-0": "nine"}, "comes back when everything above can be read"),
        ({"words-en": "Thanks, {reference}."}, "do not say when"),
        ({"words-en": "Thanks, {when}."}, "do not name the reference"),
        ({"words-en": ""}, "thank you for writing to Linden Bikes"),
    ],
)
def test_the_preview_says_what_customers_would_not_get(
    world: World, changed: dict[str, str], said: str
) -> None:
    html = world.chen.post(f"{here(world)}preview/", form(**changed)).content.decode()
    assert said in html


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "This is still empty."),
        ({"hours-2": "22:00-6:00"}, "The end has to come after the beginning."),
        ({"hours-2": "9-12, 11-13"}, "Two of these spans overlap."),
        ({"hours-2": "all day"}, "These are no hours."),
        ({"holidays": "Christmas"}, "One of these is no date."),
        ({"first_reply": "soon"}, "A whole number from 1 to 1000, please."),
        ({"close_after_days": "0"}, "A whole number from 1 to 365, please."),
        ({"time_zone": "Mars/Base"}, "This can’t be used as it is."),
        ({"signature": "s" * 2001}, "At most 2000 characters fit."),
    ],
)
def test_what_is_wrong_is_said_and_all_that_was_typed_comes_back(
    world: World, changed: dict[str, str], said: str
) -> None:
    before = Brand.objects.filter(pk=world.linden.pk).values().get()
    answer = world.chen.post(here(world), form(signature="Typed for an hour") | changed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert html.count('class="error"') == 1
    assert html.count('aria-invalid="true"') == 1
    assert "Nothing is saved yet." in html
    assert "Servus {name?}, {reference}: {when}." in html
    assert "signature" in changed or "Typed for an hour" in html
    for name, value in changed.items():
        assert name == "time_zone" or value in html
    assert Brand.objects.filter(pk=world.linden.pk).values().get() == before


def test_a_language_more_gets_a_field_and_nothing_typed_is_lost(world: World) -> None:
    data = form(name="Linden and Sons", more="pt", add="1", save="-")
    answer = world.chen.post(here(world), data)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="words-pt"' in html
    assert 'value="Linden and Sons"' in html
    assert not Acknowledgement.objects.exists()


def test_an_empty_text_brings_the_built_in_words_back(world: World) -> None:
    world.chen.post(here(world), form())
    world.chen.post(here(world), form(**{"words-de": ""}))
    assert Acknowledgement.objects.get().language == "en"


def test_a_lead_sees_how_it_stands_and_who_changed_it(world: World) -> None:
    close_after(world.linden, days=3, by=world.chen.actor)
    html = world.edda.get(here(world)).content.decode()
    assert "Admins change this" in html
    assert "<fieldset" in html
    assert "disabled" in html
    assert re.search(r"Days until closed.*Chen", html, re.DOTALL)
    assert world.edda.post(here(world), form()).status_code == 403
    assert world.hugo.get(here(world)).status_code == 404
    assert "Kestrel" not in world.edda.get(BRANDS).content.decode()
    assert "Kestrel" in world.chen.get(BRANDS).content.decode()


def test_the_list_warns_of_a_brand_that_never_opens(world: World) -> None:
    assert 'Mon–Fri <bdi dir="ltr">9:00–17:00</bdi>' in world.chen.get(BRANDS).content.decode()
    world.chen.post(here(world), form(**{f"hours-{day}": "" for day in range(7)}, acknowledges="-"))
    html = world.chen.get(BRANDS).content.decode()
    assert "Never open" in html
    assert "Sends no automatic first answer" in html


def test_the_pages_ask_few_queries(world: World) -> None:
    for path in (BRANDS, here(world)):
        world.chen.get(path)
        with assert_queries(at_most=14):
            world.chen.get(path)


@pytest.mark.parametrize(
    ("code", "words"), [("zh", "Chinese"), ("xx", "xx"), ("pt-br", "Brazilian Portuguese")]
)
def test_a_language_that_few_programs_know_is_shown_all_the_same(world: World, code: str, words: str) -> None:
    assert world.chen.post(here(world), form(language=code)).status_code == 303
    assert words in world.chen.get(BRANDS).content.decode()
    assert world.chen.get(here(world)).status_code == 200
