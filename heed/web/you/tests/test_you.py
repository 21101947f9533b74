"""Everybody of the desk finds their own page in the menu's foot, and from there their password."""

import pytest
from django.test import Client

from heed.kernel.errors import Refused, Unusable
from heed.people.actions import choose_language, choose_time_zone
from heed.people.models import Agent
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import PASSWORD, World

HERE = "/settings/you/"


@pytest.mark.parametrize("who", ["amara", "chen", "edda", "farid"])
def test_everybody_finds_their_page_and_their_password(world: World, who: str) -> None:
    colleague = world.colleague(who)
    colleague.may_log_in()
    assert f'href="{HERE}"' in colleague.get("/inbox/my-turn/").content.decode()
    html = colleague.get(HERE).content.decode()
    assert colleague.row.email in html
    assert "Payments" in html
    assert 'href="/accounts/password/change/"' in html
    assert colleague.get("/accounts/password/change/").status_code == 200


def test_a_password_is_changed_from_there(world: World) -> None:
    old = world.amara.may_log_in()
    world.amara.client.force_login(world.amara.row)
    new = "walks along another canal"
    answer = world.amara.post(
        "/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert Agent.objects.get(pk=world.amara.row.pk).check_password(new)
    assert old == PASSWORD


def test_times_are_read_in_the_zone_that_one_chose(world: World) -> None:
    for _ in range(2):
        answer = world.farid.post(HERE, {"time_zone": "Asia/Tokyo"})
        assert answer.headers["Location"] == f"{HERE}?saved=1"
    assert Agent.objects.get(pk=world.farid.row.pk).time_zone == "Asia/Tokyo"
    html = world.farid.get(f"{HERE}?saved=1").content.decode()
    assert "<option selected>Asia/Tokyo</option>" in html
    assert "Saved." in html


def test_a_zone_that_nobody_knows_is_said_to_be_none(world: World) -> None:
    answer = world.amara.post(HERE, {"time_zone": "Mars/Base"})
    assert answer.status_code == 422
    assert "This choice is no longer there." in answer.content.decode()
    with pytest.raises(Unusable):
        choose_time_zone("Mars/Base", by=world.amara.actor)
    assert Agent.objects.get(pk=world.amara.row.pk).time_zone == "UTC"


def test_one_chooses_for_oneself_alone(world: World) -> None:
    choose_time_zone("Asia/Tokyo", by=world.amara.actor)
    assert set(Agent.objects.exclude(pk=world.amara.row.pk).values_list("time_zone", flat=True)) == {"UTC"}
    for actor in (world.nobody.actor, SYSTEM):
        with pytest.raises(Refused):
            choose_time_zone("Asia/Tokyo", by=actor)


def test_the_page_asks_few_queries(world: World) -> None:
    world.amara.get(HERE)
    with assert_queries(at_most=9):
        world.amara.get(HERE)


@pytest.mark.parametrize("zone", ["", "berlin", "../etc/passwd", "UTC+1"])
def test_what_is_no_zone_is_refused(world: World, zone: str) -> None:
    with pytest.raises(Unusable) as refused:
        choose_time_zone(zone, by=world.amara.actor)
    assert refused.value.field == "time_zone"


def test_a_zone_is_kept_when_it_is_chosen_again(world: World) -> None:
    for _ in range(2):
        assert choose_time_zone("Europe/Paris", by=world.edda.actor).time_zone == "Europe/Paris"


def test_pages_speak_the_language_that_one_chose_and_the_entrance_remembers_it(world: World) -> None:
    assert '<html lang="en" dir="ltr"' in world.amara.get(HERE).content.decode()
    for _ in range(2):
        answer = world.amara.post(HERE, {"language": "ar"})
        assert answer.headers["Location"] == f"{HERE}?saved=1"
    assert '<html lang="ar" dir="rtl"' in world.amara.get(HERE).content.decode()
    world.amara.client.logout()
    world.amara.client.cookies["heed_language"] = "ar"  # logging out of the test's client forgets cookies
    assert '<html lang="ar" dir="rtl"' in world.amara.get("/accounts/login/").content.decode()
    world.amara.client.force_login(world.amara.row)
    world.amara.post(HERE, {"language": ""})
    assert '<html lang="en"' in world.amara.get(HERE).content.decode()


def test_without_a_choice_the_browser_says_which(world: World, client: Client) -> None:
    asked = {"accept-language": "tlh, es-MX;q=0.8, de;q=0.5"}
    assert '<html lang="es"' in client.get("/accounts/login/", headers=asked).content.decode()
    assert (
        '<html lang="en"'
        in client.get("/accounts/login/", headers={"accept-language": "tlh"}).content.decode()
    )
    assert '<html lang="es"' in client.get("/nowhere/", headers=asked).content.decode()
    client.force_login(world.amara.row)
    assert '<html lang="es"' in client.get(HERE, headers=asked).content.decode()
    choose_language("de", by=world.amara.actor)
    answer = client.get(HERE, headers=asked)
    assert '<html lang="de"' in answer.content.decode()
    assert answer.cookies["heed_language"].value == "de"
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("code", ["tlh", "EN", "../de", "de-at"])
def test_a_language_without_a_catalogue_is_refused(world: World, code: str) -> None:
    with pytest.raises(Unusable) as refused:
        choose_language(code, by=world.amara.actor)
    assert refused.value.field == "language"
    answer = world.amara.post(HERE, {"language": code, "time_zone": "Asia/Tokyo"})
    assert answer.status_code == 422
    assert 'aria-describedby="error-language"' in answer.content.decode()
    assert Agent.objects.get(pk=world.amara.row.pk).time_zone == "UTC"  # both or nothing


def test_a_language_is_chosen_for_oneself_alone_and_once(world: World) -> None:
    for _ in range(2):
        choose_language("de", by=world.amara.actor)
    assert set(Agent.objects.exclude(pk=world.amara.row.pk).values_list("language", flat=True)) == {""}
    for actor in (world.nobody.actor, SYSTEM):
        with pytest.raises(Refused):
            choose_language("de", by=actor)


def test_a_choice_can_be_taken_back(world: World) -> None:
    assert choose_language("es", by=world.amara.actor).language == "es"
    assert choose_language("", by=world.amara.actor).language == ""
    assert '<html lang="en"' in world.amara.get(HERE).content.decode()
