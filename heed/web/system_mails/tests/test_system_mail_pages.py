"""Settings of automatic mails: listed by brand and language, with words of one's own, looked at before they leave."""

from heed.brands.models import Acknowledgement
from heed.kernel.words import WordsFor
from heed.people.actions import add_brand
from heed.people.actions.brands import set_acknowledgement
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

MAILS = "/settings/mails/"


def here(world: World, hours: str = "any", language: str = "de") -> str:
    return f"{MAILS}{world.linden.pk}/{hours}/{language}/"


def test_each_mail_stands_in_the_list_with_its_languages(world: World) -> None:
    set_acknowledgement(world.linden, language="de", text="Servus, {when}.", by=SYSTEM)
    world.chen.get("/settings/")
    with assert_queries(at_most=12):
        html = world.chen.get(MAILS).content.decode()
    assert here(world) in html
    assert here(world, "closed") in html
    assert "your own words" in html
    assert world.chen.get(here(world, "never")).status_code == 404
    assert world.chen.get(here(world, language="../x")).status_code == 404
    assert world.amara.get(MAILS).status_code == 404


def test_a_long_list_shows_its_beginning_and_folds_the_rest(world: World) -> None:
    first, _, rest = world.chen.get(MAILS).content.decode().partition("All other languages with words")
    link = f'<li><a href="{MAILS}{world.kestrel.pk}/any/'
    assert first.count(link) == 4
    assert link in rest
    assert "long-fold" not in first
    for number in range(2):
        add_brand(f"B {number}", slug=f"b{number}", language="en", time_zone="UTC", by=SYSTEM)
    html = world.chen.get(MAILS).content.decode()
    assert html.count('class="long-fold"') == 4, "more than three brands are folded too"


def test_words_are_kept_shown_as_they_leave_and_taken_back(world: World) -> None:
    assert world.chen.post(here(world), {"words": "Servus {name?}! {reference}, {when}"}).status_code == 303
    html = world.chen.get(here(world)).content.decode()
    assert "Servus Dana Novak! #4821" in html
    assert "<dd>German</dd></dl>" in html
    assert '<textarea class="input sample" name="words" rows="12" dir="auto" lang="de"' in html
    assert "Chen" in html.split("Who changed words")[1]
    assert world.chen.post(here(world), {"words": "x", "do": "reset"}).status_code == 303
    assert not Acknowledgement.objects.exists()
    assert "Dana Novak" in world.chen.get(here(world)).content.decode(), "the built-in words"


def test_a_variable_that_stands_for_nothing_is_named(world: World) -> None:
    words = {"words": "Servus {customer}, <b>{when}</b>"}
    answer = world.chen.post(here(world), words)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "customer" in html
    assert "Servus {customer}" in html
    assert not Acknowledgement.objects.exists()
    sample = world.chen.post(f"{here(world)}preview/", words, **{"HX-Request": "true"}).content.decode()
    assert "“customer” stands in braces" in sample
    assert "&lt;b&gt;" in sample
    assert "put {reference}" in sample
    form = world.chen.get(f"/settings/brands/{world.linden.pk}/").content.decode()
    assert "Servus" not in form


def test_a_lead_sees_how_it_stands_and_changes_nothing(world: World) -> None:
    assert "Admins change this" in world.edda.get(here(world)).content.decode()
    assert world.edda.post(here(world), {"words": "x {when}"}).status_code == 403
    assert not Acknowledgement.objects.exists()


def test_words_for_closed_hours_stand_apart_from_the_others(world: World) -> None:
    world.chen.post(here(world, "closed"), {"words": "Zu. {reference} {when}"})
    assert Acknowledgement.objects.get().hours == WordsFor.CLOSED
    assert "Zu." in world.chen.get(here(world, "closed")).content.decode()
    assert "Zu." not in world.chen.get(here(world)).content.decode()
    assert "Zu." not in world.chen.get(f"/settings/brands/{world.linden.pk}/").content.decode()
