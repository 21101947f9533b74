"""Connecting an inbox with the outside in one step, all or nothing."""

from dataclasses import replace
from datetime import date

import pytest

from heed.brands.models import Inbox
from heed.connecting.actions.connections import (
    Connection,
    NewInbox,
    change_connection,
    choose_way_out,
    connect_mailbox,
)
from heed.delivery.servers import server_of, way_out
from heed.kernel.errors import Refused, Unusable
from heed.kernel.outbound import ProviderAccess, SmtpUrl
from heed.kernel.secrets import unseal
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.actions.accounts import MailboxRemoved, remove_mailbox
from heed.mailboxes.models import Mailbox
from heed.people.actions import AlreadyThere
from heed.people.queries import team_of
from heed.testing.world import World

WANTED = Connection(
    Account("imap.linden.example", "help@linden.example"),
    Handling(date(2026, 11, 1)),
    "the owl at noon",
    "smtps://help%40linden.example:pw@smtp.linden.example",
)


def made(world: World) -> Mailbox:
    return connect_mailbox(world.help, wanted=WANTED, by=world.chen.actor)


def test_an_inbox_is_connected_both_ways(world: World) -> None:
    row = made(world)
    assert (row.inbox_id, unseal(row.password)) == (world.help.pk, "the owl at noon")
    world.help.refresh_from_db()
    server = server_of(world.help)
    assert server is not None
    assert (server.host, server.user) == ("smtp.linden.example", "help@linden.example")


def test_a_new_inbox_is_made_for_its_team(world: World) -> None:
    new = NewInbox("Sales@Linden.example", world.repairs)
    row = connect_mailbox(new, wanted=WANTED, by=world.chen.actor)
    inbox = Inbox.objects.get(pk=row.inbox_id)
    assert (inbox.address, inbox.brand_id) == ("sales@linden.example", world.linden.pk)
    assert team_of(inbox) == world.repairs.pk


def test_what_fails_leaves_nothing_behind(world: World) -> None:
    wrong = replace(WANTED, account=Account("", "help@linden.example"))
    with pytest.raises(Unusable):
        connect_mailbox(NewInbox("sales@linden.example", world.payments), wanted=wrong, by=world.chen.actor)
    assert not Inbox.objects.filter(address="sales@linden.example").exists()
    with pytest.raises(AlreadyThere):
        connect_mailbox(NewInbox(world.amara.row.email, world.payments), wanted=WANTED, by=world.chen.actor)
    assert not Mailbox.objects.exists()


def test_the_same_twice_is_refused_and_changes_nothing(world: World) -> None:
    row = made(world)
    with pytest.raises(AlreadyThere):
        connect_mailbox(world.help, wanted=replace(WANTED, server=""), by=world.chen.actor)
    world.help.refresh_from_db()
    assert server_of(world.help) is not None
    assert Mailbox.objects.get() == row


def test_only_admins_connect(world: World) -> None:
    for who in (world.edda, world.amara, world.farid):
        with pytest.raises(Refused):
            connect_mailbox(world.help, wanted=WANTED, by=who.actor)


def test_a_connection_is_changed_and_what_is_none_stays(world: World) -> None:
    row = made(world)
    other = Connection(Account("imap2.linden.example", "help@linden.example"), WANTED.handling)
    changed = change_connection(row, wanted=other, by=world.chen.actor)
    assert (changed.host, unseal(changed.password)) == ("imap2.linden.example", "the owl at noon")
    world.help.refresh_from_db()
    assert server_of(world.help) is not None
    again = change_connection(changed, wanted=replace(other, password="new", server=""), by=world.chen.actor)
    assert unseal(again.password) == "new"
    world.help.refresh_from_db()
    assert world.help.smtp_url == ""


def test_changing_to_what_it_is_changes_nothing(world: World) -> None:
    row = made(world)
    same = change_connection(row, wanted=replace(WANTED, password=None, server=None), by=world.chen.actor)
    assert (same.generation, same.due_at) == (row.generation, row.due_at)


def test_a_removed_mailbox_is_not_changed(world: World) -> None:
    row = made(world)
    remove_mailbox(row, by=world.chen.actor)
    with pytest.raises(MailboxRemoved):
        change_connection(row, wanted=replace(WANTED, password=None), by=world.chen.actor)


def test_only_admins_change_a_connection(world: World) -> None:
    row = made(world)
    for who in (world.edda, world.amara):
        with pytest.raises(Refused):
            change_connection(row, wanted=WANTED, by=who.actor)


POSTMARK = ProviderAccess.read("postmark", {"server_token": "x"})
OWN = "smtps://u:p@smtp.linden.example"


def way(world: World) -> object:
    return way_out(Inbox.objects.get(pk=world.help.pk))


def test_mail_leaves_one_way_and_the_other_is_forgotten(world: World) -> None:
    for _ in range(2):
        choose_way_out(world.help, server="", provider=POSTMARK, by=world.chen.actor)
        assert way(world) == POSTMARK
    choose_way_out(world.help, server=OWN, provider=None, by=world.chen.actor)
    assert way(world) == SmtpUrl.read(OWN)
    choose_way_out(world.help, server="", provider=POSTMARK, by=world.chen.actor)
    assert Inbox.objects.get(pk=world.help.pk).smtp_url == ""
    choose_way_out(world.help, server="", provider=None, by=world.chen.actor)
    assert way(world) is None


def test_a_way_that_can_not_be_used_changes_nothing(world: World) -> None:
    choose_way_out(world.help, server=OWN, provider=None, by=world.chen.actor)
    with pytest.raises(Unusable):
        choose_way_out(world.help, server="pigeon://x", provider=None, by=world.chen.actor)
    with pytest.raises(Unusable):
        choose_way_out(world.help, server=OWN, provider=POSTMARK, by=world.chen.actor)
    assert way(world) == SmtpUrl.read(OWN)


def test_only_who_sets_up_chooses_the_way(world: World) -> None:
    for who in (world.edda, world.amara, world.nobody):
        with pytest.raises(Refused):
            choose_way_out(world.help, server=OWN, provider=None, by=who.actor)
    assert way(world) is None


def test_a_mailbox_whose_server_is_named_takes_the_providers_place(world: World) -> None:
    choose_way_out(world.help, server="", provider=POSTMARK, by=world.chen.actor)
    row = connect_mailbox(world.help, wanted=replace(WANTED, server=None), by=world.chen.actor)
    assert way(world) == POSTMARK
    change_connection(row, wanted=replace(WANTED, password=None), by=world.chen.actor)
    assert isinstance(way(world), SmtpUrl)
