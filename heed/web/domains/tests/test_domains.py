"""Sending domains: what stands in DNS and what should, in words, for admins."""

from collections.abc import Iterator

import pytest

from heed.brands.models import Inbox
from heed.connecting import domains
from heed.delivery.actions.dkim import add_dkim_key
from heed.delivery.actions.setup import add_inbox_address, set_provider
from heed.delivery.dkim import new_pair
from heed.delivery.models import DkimKey
from heed.delivery.queries import dkim_records
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
        looker = domains.DomainLooker

        def fresh() -> domains.DomainLooker:
            """One that remembers nothing of the page before."""
            return looker(dns=server.asker(timeout_seconds=0.5 if server.silent else 3.0))

        monkeypatch.setattr("heed.web.domains.views.DomainLooker", fresh)
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
    assert "is not signed by the desk (DKIM)" in page(world)
    key = add_dkim_key("linden.example", pair=new_pair(), by=SYSTEM)
    shown = page(world)
    assert f"{key.selector}._domainkey.linden.example" in shown
    assert f"v=DKIM1; k=rsa; p={key.public}" in shown
    assert shown.count("Nothing stands there yet.") == 2  # DMARC as well
    assert "Mail is signed with it once its record was found." in shown
    names.add(f"{key.selector}._domainkey.linden.example", "TXT", f"v=DKIM1; k=rsa; p={key.public}")
    assert "Mail is signed with this key." in page(world)
    assert [one.signs for one in dkim_records(world.chen.actor)] == [True]


def test_no_answer_takes_no_key_out_of_use(world: World, names: NameServer) -> None:
    key = add_dkim_key("linden.example", pair=new_pair(), by=SYSTEM)
    name = f"{key.selector}._domainkey.linden.example"
    names.add(name, "TXT", f"v=DKIM1; k=rsa; p={key.public}")
    assert "Mail is signed with this key." in page(world)
    names.silent.add(name)
    assert "Mail is signed with this key." in page(world)


def test_a_key_is_made_switched_and_retired_on_its_domains_page(world: World, names: NameServer) -> None:
    there = f"{HERE}linden.example/keys/"
    answer = world.chen.post(there)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}linden.example/")
    key = DkimKey.objects.get()
    assert key.selector in page(world)
    world.chen.post(f"{there}{key.pk}/", {"signing": "always"})
    assert "Mail is signed with this key." in page(world)
    assert world.chen.post(f"{there}{key.pk}/", {"signing": "sometimes"}).status_code == 422
    assert world.chen.post(f"{HERE}kestrel.example/keys/{key.pk}/", {"retire": "1"}).status_code == 404
    world.chen.post(f"{there}{key.pk}/", {"retire": "1"})
    assert key.selector not in page(world)
    assert world.chen.post(f"{HERE}elsewhere.example/keys/").status_code == 404


def test_a_further_addresss_domain_is_one_that_is_written_from(world: World, names: NameServer) -> None:
    add_inbox_address(world.help, address="help@linden-bikes.example", by=SYSTEM)
    assert "linden-bikes.example" in page(world, "")
    assert world.chen.get(f"{HERE}linden-bikes.example/").status_code == 200


def test_the_list_pages_by_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heed.web.domains.views.PAGE", 1)
    first = page(world, "")
    assert "kestrel.example" in first
    assert "linden.example" not in first
    assert "?after=kestrel.example" in first
    assert "linden.example" in page(world, "?after=kestrel.example")
