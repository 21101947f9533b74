"""The settings of sending: each agent's own, and the admins'."""

import pytest

from heed.brands.models import Inbox
from heed.brands.queries import addresses_of
from heed.delivery.actions.setup import set_provider
from heed.delivery.models import AgentSignature
from heed.delivery.queries import ways_out
from heed.delivery.servers import way_out
from heed.kernel.outbound import ProviderAccess, SmtpUrl
from heed.kernel.secrets import unseal
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

ANSWERS, SENDING = "/settings/answers/", "/settings/sending/"


def text(world: World, path: str) -> str:
    return world.chen.get(path).content.decode()


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
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{here}?saved=1")
    world.help.refresh_from_db()
    assert (world.help.sends_an_hour, world.help.most_bytes) == (500, 20_000_000)
    assert (world.help.plus_addresses, world.help.brand.sender_name) == ("replies", "agent_and_brand")
    assert "sales@linden.example" in addresses_of(world.help)
    page = text(world, f"{here}?saved=1")
    assert "sales@linden.example" in page
    assert "Saved." in page
    assert "/settings/domains/linden.example/" in page
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
    typed = {"address": "sales@linden.example", "an_hour": "77", **wrong}
    answer = world.chen.post(f"{SENDING}{world.help.pk}/", form(**typed))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'class="error"' in shown
    assert f'value="{typed["address"]}"' in shown
    assert 'value="77"' in shown
    world.help.refresh_from_db()
    assert world.help.sends_an_hour is None
    assert addresses_of(world.help) == ["help@linden.example"]


def test_the_list_says_how_each_inbox_sends_and_pages_by_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail_server(world.help, url="smtps://u:p@smtp.linden.example", by=SYSTEM)
    set_provider(world.hello, access=ProviderAccess.read("postmark", {"server_token": "x"}), by=SYSTEM)
    page = text(world, SENDING)
    assert "Leaves through smtp.linden.example." in page
    assert "Leaves through Postmark’s API." in page
    assert "Mail goes to the built-in catcher" in page
    assert [row.address for row in ways_out(world.chen.actor, limit=2).rows] == [
        "hello@kestrel.example",
        "help@linden.example",
    ]
    assert ways_out(world.chen.actor, limit=2).after == "help@linden.example"
    rest = text(world, f"{SENDING}?after=help@linden.example")
    assert "workshop@linden.example" in rest
    assert "hello@kestrel.example" not in rest
    assert world.chen.get(f"{SENDING}?after=x").status_code == 422
    Inbox.objects.filter(pk=world.help.pk).update(smtp_url="sealed by another")
    assert "can’t be read" in text(world, SENDING)


WAY = {"way": "smtp", "host": "smtp.linden.example", "port": "465", "security": "tls", "user": "help"}


def way(world: World, **data: str) -> int:
    return world.chen.post(f"{SENDING}{world.help.pk}/way/", data).status_code


def server(world: World) -> object:
    return way_out(Inbox.objects.get(pk=world.help.pk))


def test_a_server_of_its_own_is_set_and_its_password_kept_for_it_alone(world: World) -> None:
    assert way(world, **WAY, password="the owl at noon") == 303
    kept = SmtpUrl.read("smtps://help:the%20owl%20at%20noon@smtp.linden.example:465")
    assert server(world) == kept
    page = text(world, f"{SENDING}{world.help.pk}/")
    assert 'value="smtp.linden.example"' in page
    assert "the owl at noon" not in page
    assert way(world, **{**WAY, "port": "587", "security": "starttls"}) == 303
    assert server(world) == SmtpUrl.read("smtp+starttls://help:the%20owl%20at%20noon@smtp.linden.example:587")
    assert way(world, **{**WAY, "host": "other.example"}) == 422
    assert way(world, **{**WAY, "host": "other.example", "user": ""}) == 303
    assert "owl" not in unseal(Inbox.objects.get(pk=world.help.pk).smtp_url)
    assert way(world, way="desk") == 303
    assert server(world) is None


def test_a_provider_is_chosen_told_and_left(world: World) -> None:
    here = f"{SENDING}{world.help.pk}/"
    assert 'name="sender_domain"' not in text(world, here)
    asked = text(world, f"{here}?provider=mailgun")
    assert 'name="api_key"' in asked
    assert 'name="sender_domain"' in asked
    told = {"way": "provider", "provider": "mailgun", "sender_domain": "mg.linden.example"}
    assert way(world, **told) == 422
    assert way(world, **told, api_key="key-1") == 303
    options = {"api_key": "key-1", "sender_domain": "mg.linden.example"}
    assert server(world) == ProviderAccess.read("mailgun", options)
    page = text(world, here)
    assert "Leaves through Mailgun’s API." in page
    assert "mg.linden.example" in page
    assert "key-1" not in page
    assert way(world, **{**told, "sender_domain": "other.example"}) == 303
    assert server(world) == ProviderAccess.read("mailgun", {**options, "sender_domain": "other.example"})
    assert (
        way(world, **told, api_url="https://api.eu.mailgun.example/") == 422
    )  # the key is shown to nobody else
    assert way(world, **WAY, password="p") == 303
    assert not Inbox.objects.get(pk=world.help.pk).provider


def test_a_provider_says_whether_it_reports_what_became_of_a_mail(world: World) -> None:
    here = f"{SENDING}{world.help.pk}/"
    assert "Mailgun can report what arrived" in text(world, f"{here}?provider=mailgun")
    silent = text(world, f"{here}?provider=resend")
    assert "Resend reports nothing here" in silent
    assert "can report what arrived" not in silent


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (WAY, "password"),
        ({**WAY, "host": "", "password": "p"}, "host"),
        ({**WAY, "port": "99999", "password": "p"}, "port"),
        ({**WAY, "host": "a b", "password": "p"}, "host"),
        ({"way": "provider", "provider": "postmark"}, "server_token"),
        ({"way": "provider", "provider": "postmark", "server_token": "x", "api_url": "http://x"}, "api_url"),
    ],
)
def test_a_way_that_can_not_be_used_says_so_at_its_field(
    world: World, data: dict[str, str], name: str
) -> None:
    answer = world.chen.post(f"{SENDING}{world.help.pk}/way/", data)
    assert answer.status_code == 422
    assert f'id="way-error-{name}"' in answer.content.decode()
    assert server(world) is None


def test_nonsense_changes_nothing(world: World) -> None:
    assert way(world, way="pigeon") == 422
    assert way(world, way="provider", provider="pigeon") == 422
    assert server(world) is None


def test_an_inbox_shows_its_test_button(world: World) -> None:
    assert f"/settings/mail-health/round-trips/{world.help.pk}/" in text(world, f"{SENDING}{world.help.pk}/")


def test_the_pages_ask_few_queries(world: World) -> None:
    here = f"{SENDING}{world.help.pk}/"
    world.chen.get(SENDING)
    world.chen.get(here)
    world.amara.get(ANSWERS)
    with assert_queries(at_most=10):
        world.chen.get(SENDING)
    with assert_queries(at_most=14):
        world.chen.get(here)
    with assert_queries(at_most=12):
        world.amara.get(ANSWERS)
