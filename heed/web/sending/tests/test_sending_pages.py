"""The settings of sending: each agent's own, and the admins'."""

import pytest

from heed.brands.queries import addresses_of
from heed.delivery.models import AgentSignature, DkimKey
from heed.testing.queries import assert_queries
from heed.testing.world import World

ANSWERS, SENDING = "/settings/answers/", "/settings/sending/"


def test_an_agent_signs_off_and_chooses_the_seconds(world: World) -> None:
    field = f"signature-{world.linden.pk}"
    answer = world.amara.post(ANSWERS, {"undo": "20", field: "{first_name} of {brand}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ANSWERS}?saved=1")
    world.amara.row.refresh_from_db()
    assert world.amara.row.undo_seconds == 20
    assert AgentSignature.objects.get().text == "{first_name} of {brand}"
    html = world.amara.get(f"{ANSWERS}?saved=1").content.decode()
    assert "{first_name} of {brand}</textarea>" in html
    assert '<option value="20" selected>' in html
    assert "Kestrel" not in html
    world.amara.post(ANSWERS, {"undo": ""})
    world.amara.row.refresh_from_db()
    assert world.amara.row.undo_seconds is None


@pytest.mark.parametrize("data", [{"undo": "61"}, {"undo": "soon"}])
def test_what_can_not_be_is_said(world: World, data: dict[str, str]) -> None:
    answer = world.amara.post(ANSWERS, data)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()


def test_a_signature_of_a_brand_that_is_not_ones_own_is_not_taken(world: World) -> None:
    world.amara.post(ANSWERS, {"undo": "", f"signature-{world.kestrel.pk}": "x"})
    assert not AgentSignature.objects.exists()


def form(**more: str) -> dict[str, str]:
    return {"plus": "replies", "sender_name": "agent_and_brand", "a_minute": "", **more}


def test_an_admin_changes_how_an_inbox_sends(world: World) -> None:
    here = f"{SENDING}{world.help.pk}/"
    answer = world.chen.post(here, form(address="sales@linden.example", an_hour="500", megabytes="20"))
    assert answer.status_code == 303
    world.help.refresh_from_db()
    assert (world.help.sends_an_hour, world.help.most_bytes) == (500, 20_000_000)
    assert (world.help.plus_addresses, world.help.brand.sender_name) == ("replies", "agent_and_brand")
    assert "sales@linden.example" in addresses_of(world.help)
    assert "sales@linden.example" in world.chen.get(SENDING).content.decode()
    world.chen.post(here, {"remove": "sales@linden.example"})
    assert addresses_of(world.help) == ["help@linden.example"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "workshop@linden.example"},
        {"address": "x"},
        {"a_day": "0"},
        {"a_day": "many"},
        {"plus": "up"},
    ],
)
def test_a_form_that_is_wrong_comes_back_and_changes_nothing_else(
    world: World, wrong: dict[str, str]
) -> None:
    answer = world.chen.post(f"{SENDING}{world.help.pk}/", form(**wrong))
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()


def test_a_key_is_made_shown_switched_and_retired(world: World) -> None:
    assert "Mail of this domain is not signed yet." in world.chen.get(SENDING).content.decode()
    world.chen.post(f"{SENDING}keys/", {"domain": "linden.example"})
    key = DkimKey.objects.get()
    html = world.chen.get(SENDING).content.decode()
    assert f"{key.selector}._domainkey.linden.example" in html
    assert key.public in html
    world.chen.post(f"{SENDING}keys/{key.pk}/", {"signing": "always"})
    assert "Mail is signed with this key." in world.chen.get(SENDING).content.decode()
    world.chen.post(f"{SENDING}keys/{key.pk}/", {"retire": "1"})
    assert key.selector not in world.chen.get(SENDING).content.decode()
    assert world.chen.post(f"{SENDING}keys/", {"domain": "elsewhere.example"}).status_code == 422


def test_the_pages_ask_few_queries(world: World) -> None:
    world.chen.get(SENDING)
    world.amara.get(ANSWERS)
    with assert_queries(at_most=16):
        world.chen.get(SENDING)
    with assert_queries(at_most=12):
        world.amara.get(ANSWERS)
