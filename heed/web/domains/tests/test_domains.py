"""Sending domains: what stands in DNS and what should, in words, for admins."""

from collections.abc import Iterator

import pytest

from heed.brands.models import Inbox
from heed.connecting import domains
from heed.delivery.actions.dkim import add_dkim_key
from heed.delivery.actions.setup import set_provider
from heed.delivery.dkim import new_pair
from heed.kernel.outbound import ProviderAccess
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.dns import NameServer, name_server
from heed.testing.world import World

HERE = "/settings/domains/"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """The desk asks a name server of ours."""
    with name_server() as server:
        asker = server.asker(timeout_seconds=3.0)
        looker = domains.DomainLooker
        monkeypatch.setattr("heed.web.domains.views.DomainLooker", lambda: looker(dns=asker))
        yield server


def page(world: World, path: str = "linden.example/") -> str:
    return world.chen.get(f"{HERE}{path}").content.decode()


def test_each_domain_of_an_inbox_is_listed(world: World) -> None:
    listed = page(world, "")
    assert "linden.example" in listed
    assert "kestrel" in listed


def test_records_that_are_missing_are_ready_to_copy(world: World, names: NameServer) -> None:
    set_mail_server(world.help, url="smtp://smtp.gmail.com", by=SYSTEM)
    shown = page(world)
    assert "Nothing stands there yet." in shown
    assert "v=spf1 include:_spf.google.com ~all" in shown
    assert "v=DMARC1; p=none" in shown


def send_by(inbox: Inbox, code: str, **options: str) -> None:
    set_provider(inbox, access=ProviderAccess.read(code, options), by=SYSTEM)


def test_what_an_api_providers_mail_needs_is_shown_and_checked(world: World, names: NameServer) -> None:
    set_mail_server(world.help, url="smtp://smtp.gmail.com", by=SYSTEM)
    for inbox in (world.help, world.workshop):
        send_by(inbox, "postmark", server_token="key-1")
    shown = page(world)
    assert "v=spf1 include:spf.mtasv.net ~all" in shown
    assert shown.count("include:spf.mtasv.net") == 1
    assert "_spf.google.com" not in shown  # its server is set and not used
    assert "so SPF can’t be judged" not in shown


def test_what_stands_there_for_an_api_provider_is_found(world: World, names: NameServer) -> None:
    send_by(world.help, "postmark", server_token="key-1")
    names.add("linden.example", "TXT", "v=spf1 include:spf.mtasv.net -all")
    names.add("spf.mtasv.net", "TXT", "v=spf1 ip4:192.0.2.0/24 ~all")
    assert "Stands there, and is right." in page(world)


def test_a_provider_whose_records_only_it_knows_is_named(world: World, names: NameServer) -> None:
    for inbox in (world.help, world.workshop):
        send_by(inbox, "resend", api_key="key-1")
    shown = page(world)
    assert "Mail also leaves through Resend" in shown
    assert "SPF: who may send" not in shown
    assert "so SPF can’t be judged" not in shown


def test_what_lacks_is_named_and_what_is_right_is_said(world: World, names: NameServer) -> None:
    set_mail_server(world.help, url="smtp://smtp.gmail.com", by=SYSTEM)
    names.add("linden.example", "TXT", "v=spf1 include:_spf.other.example ~all")
    names.add("_spf.other.example", "TXT", "v=spf1 ip4:192.0.2.1 -all")
    names.add("_dmarc.linden.example", "TXT", "v=DMARC1; p=reject")
    shown = page(world)
    assert "“include:_spf.google.com” is missing" in shown
    assert "v=spf1 include:_spf.other.example include:_spf.google.com ~all" in shown
    assert "Stands there, and is right." in shown


def test_no_answer_is_not_taken_for_no_record(world: World, names: NameServer) -> None:
    names.silent |= {"linden.example", "_dmarc.linden.example"}
    shown = page(world)
    assert "Nobody answered. Look again in a minute." in shown
    assert "Nothing stands there yet." not in shown


@pytest.mark.parametrize(("who", "status"), [("chen", 200), ("edda", 404), ("amara", 404), ("nobody", 302)])
def test_only_admins_see_domains(world: World, names: NameServer, who: str, status: int) -> None:
    assert world.colleague(who).get(HERE).status_code == status
    assert world.colleague(who).get(f"{HERE}linden.example/").status_code == status
    assert world.chen.get(f"{HERE}other.example/").status_code == 404


def test_the_public_half_of_our_key_is_ready_to_copy_and_looked_for(world: World, names: NameServer) -> None:
    assert "is not signed yet (DKIM)" in page(world)
    key = add_dkim_key("linden.example", pair=new_pair(), by=SYSTEM)
    shown = page(world)
    assert f"{key.selector}._domainkey.linden.example" in shown
    assert f"v=DKIM1; k=rsa; p={key.public}" in shown
    assert shown.count("Nothing stands there yet.") == 2  # DMARC as well
    names.add(f"{key.selector}._domainkey.linden.example", "TXT", f"v=DKIM1; k=rsa; p={key.public}")
