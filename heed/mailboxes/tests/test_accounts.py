"""Connecting a mailbox, changing it, letting it rest and taking it away."""

from datetime import date

import pytest

from heed.eventlog.kinds import MailboxFailed, MailboxRecovered
from heed.eventlog.models import EventRow
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.mail_words import AfterFetch, MailboxTrouble, MailProtocol, MailProvider, MailSecurity
from heed.kernel.secrets import unseal
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.actions.accounts import (
    MailboxRemoved,
    NothingToLogInWith,
    add_mailbox,
    change_mailbox,
    look_now,
    pause_mailbox,
    remove_mailbox,
    resume_mailbox,
    set_mailbox_password,
)
from heed.mailboxes.actions.reports import claim_mailboxes, report_failure, report_success
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import account_of, handling_of, mailboxes
from heed.mailboxes.queries import mailbox as mailbox_seen_by
from heed.mailboxes.tests.post_office import ACCOUNT, PASSWORD, handling, mailbox
from heed.people.actions import AlreadyThere
from heed.people.policy import SYSTEM
from heed.testing.world import World


def test_an_admin_connects_a_mailbox_and_its_password_is_sealed(world: World) -> None:
    row = add_mailbox(
        world.help, account=ACCOUNT, handling=handling(), password=PASSWORD, by=world.chen.actor
    )
    assert (row.host, row.port, row.is_enabled) == ("mail.linden.example", 993, True)
    assert row.due_at is not None
    assert PASSWORD not in str(Mailbox.objects.values().get())
    assert unseal(row.password) == PASSWORD


def test_only_an_admin_connects_a_mailbox(world: World) -> None:
    for who in (world.amara, world.edda, world.farid, world.nobody):
        with pytest.raises(Refused):
            add_mailbox(world.help, account=ACCOUNT, handling=handling(), password="x", by=who.actor)
    assert not Mailbox.objects.exists()


def test_the_same_account_is_connected_to_an_inbox_once(world: World) -> None:
    mailbox(world)
    with pytest.raises(AlreadyThere):
        mailbox(world)
    other = add_mailbox(world.workshop, account=ACCOUNT, handling=handling(), password="x", by=SYSTEM)
    assert other.inbox_id == world.workshop.pk


@pytest.mark.parametrize(
    ("account", "password", "field"),
    [
        (Account("", "help"), "x", "host"),
        (Account("mail example", "help"), "x", "host"),
        (Account("mail.example", " "), "x", "user_name"),
        (Account("mail.example", "help", port=70000), "x", "port"),
        (Account("mail.example", "help"), "", "password"),
        (Account("mail.example", "help", provider=MailProvider.GOOGLE), "x", "password"),
        (
            Account("mail.example", "help", MailProtocol.POP3, provider=MailProvider.GOOGLE),
            "",
            "protocol",
        ),
        (
            Account("mail.example", "help", security=MailSecurity.PLAIN, provider=MailProvider.GOOGLE),
            "",
            "security",
        ),
    ],
)
def test_an_account_that_can_not_be_right_is_named_by_its_field(
    world: World, account: Account, password: str, field: str
) -> None:
    with pytest.raises(Unusable) as caught:
        add_mailbox(world.help, account=account, handling=handling(), password=password, by=SYSTEM)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("protocol", "how", "field"),
    [
        (MailProtocol.IMAP, handling(folders=(" ",)), "folders"),
        (MailProtocol.IMAP, handling(folders=tuple(map(str, range(51)))), "folders"),
        (MailProtocol.IMAP, handling(folders=("a\nb",)), "folders"),
        (MailProtocol.IMAP, handling(after_fetch=AfterFetch.MOVE), "move_to"),
        (MailProtocol.IMAP, handling(after_fetch=AfterFetch.MOVE, move_to="INBOX"), "move_to"),
        (MailProtocol.IMAP, handling(move_to="Done"), "move_to"),
        (MailProtocol.IMAP, handling(sent_folder="INBOX"), "sent_folder"),
        (MailProtocol.IMAP, handling(wants_sent_filed=True), "sent_folder"),
        (MailProtocol.POP3, handling(after_fetch=AfterFetch.FLAG), "after_fetch"),
        (MailProtocol.POP3, handling(sent_folder="Sent"), "sent_folder"),
    ],
)
def test_handling_that_can_not_be_right_is_named_by_its_field(
    world: World, protocol: MailProtocol, how: Handling, field: str
) -> None:
    account = Account("mail.example", "help", protocol)
    with pytest.raises(Unusable) as caught:
        add_mailbox(world.help, account=account, handling=how, password="x", by=SYSTEM)
    assert caught.value.field == field


def test_what_was_said_of_a_mailbox_is_told_again(world: World) -> None:
    how = handling(folders=("INBOX", "Help"), after_fetch=AfterFetch.MOVE, move_to="Done", sent_folder="Sent")
    row = add_mailbox(world.help, account=ACCOUNT, handling=how, password="x", by=SYSTEM)
    row.refresh_from_db()
    assert handling_of(row) == how
    assert account_of(row) == Account("mail.linden.example", "help@linden.example", port=993)


def test_a_mailbox_of_a_provider_rests_until_the_provider_lets_us_in(world: World) -> None:
    account = Account("imap.example", "help", provider=MailProvider.GOOGLE)
    row = add_mailbox(world.help, account=account, handling=handling(), password="", by=SYSTEM)
    assert not row.is_enabled
    with pytest.raises(NothingToLogInWith):
        resume_mailbox(row, by=SYSTEM)
    with pytest.raises(Unusable):
        set_mailbox_password(row, password="x", by=SYSTEM)


def test_a_change_is_looked_at_now_and_ends_the_claim_of_who_reads_it(world: World) -> None:
    row = mailbox(world)
    assert claim_mailboxes(limit=9, by=SYSTEM)
    changed = change_mailbox(
        row, account=ACCOUNT, handling=handling(after_fetch=AfterFetch.FLAG), by=world.chen.actor
    )
    assert changed.claimed_until is None
    assert changed.generation == 1
    assert claim_mailboxes(limit=9, by=SYSTEM)


def test_another_server_is_another_account(world: World) -> None:
    row = mailbox(world)
    moved = Account("imap.linden.example", ACCOUNT.user_name)
    assert change_mailbox(row, account=moved, handling=handling(), by=SYSTEM).generation == 2
    assert change_mailbox(row, account=moved, handling=handling(), by=SYSTEM).generation == 2


def test_a_change_is_refused_to_others_to_doubles_and_between_password_and_oauth(world: World) -> None:
    row = mailbox(world)
    with pytest.raises(Refused):
        change_mailbox(row, account=ACCOUNT, handling=handling(), by=world.edda.actor)
    other = mailbox(world, Account("other.example", "help"))
    with pytest.raises(AlreadyThere):
        change_mailbox(other, account=ACCOUNT, handling=handling(), by=SYSTEM)
    with pytest.raises(Unusable):
        change_mailbox(
            row,
            account=Account(ACCOUNT.host, ACCOUNT.user_name, provider=MailProvider.GOOGLE),
            handling=handling(),
            by=SYSTEM,
        )


def test_a_new_password_is_tried_now(world: World) -> None:
    row = mailbox(world)
    held = claim_mailboxes(limit=1, by=SYSTEM)[0]
    report_failure(held, reason=MailboxTrouble.LOGIN_REFUSED, words="no", by=SYSTEM)
    assert not claim_mailboxes(limit=1, by=SYSTEM)
    set_mailbox_password(row, password="another", by=world.chen.actor)
    assert unseal(claim_mailboxes(limit=1, by=SYSTEM)[0].password) == "another"


def test_a_password_is_set_by_admins_and_never_empty(world: World) -> None:
    row = mailbox(world)
    with pytest.raises(Refused):
        set_mailbox_password(row, password="x", by=world.edda.actor)
    with pytest.raises(Unusable):
        set_mailbox_password(row, password="", by=SYSTEM)
    remove_mailbox(row, by=SYSTEM)
    with pytest.raises(MailboxRemoved):
        set_mailbox_password(row, password="x", by=SYSTEM)


def test_a_paused_mailbox_is_left_alone_until_it_is_resumed(world: World) -> None:
    row = mailbox(world)
    pause_mailbox(row, by=world.chen.actor)
    assert not claim_mailboxes(limit=1, by=SYSTEM)
    pause_mailbox(row, by=world.chen.actor)
    resume_mailbox(row, by=world.chen.actor)
    resume_mailbox(row, by=world.chen.actor)
    assert claim_mailboxes(limit=1, by=SYSTEM)


def test_pausing_and_resuming_is_for_admins(world: World) -> None:
    row = mailbox(world)
    with pytest.raises(Refused):
        pause_mailbox(row, by=world.amara.actor)
    pause_mailbox(row, by=SYSTEM)
    with pytest.raises(Refused):
        resume_mailbox(row, by=world.edda.actor)
    assert not Mailbox.objects.get().is_enabled


def test_what_was_removed_is_neither_paused_nor_resumed_nor_looked_at(world: World) -> None:
    row = mailbox(world)
    remove_mailbox(row, by=SYSTEM)
    with pytest.raises(MailboxRemoved):
        pause_mailbox(row, by=SYSTEM)
    with pytest.raises(MailboxRemoved):
        resume_mailbox(row, by=SYSTEM)
    with pytest.raises(MailboxRemoved):
        look_now(row, by=SYSTEM)
    with pytest.raises(MailboxRemoved):
        change_mailbox(row, account=ACCOUNT, handling=handling(), by=SYSTEM)


def test_who_is_impatient_has_it_looked_at_now(world: World) -> None:
    row = mailbox(world)
    held = claim_mailboxes(limit=1, by=SYSTEM)[0]
    report_success(held, next_at=clock.now().replace(year=2090), by=SYSTEM)
    assert not claim_mailboxes(limit=1, by=SYSTEM)
    with pytest.raises(Refused):
        look_now(row, by=world.edda.actor)
    look_now(row, by=world.chen.actor)
    look_now(row, by=world.chen.actor)
    assert claim_mailboxes(limit=1, by=SYSTEM)


def test_nobody_looks_into_a_paused_mailbox_however_impatient(world: World) -> None:
    row = mailbox(world)
    pause_mailbox(row, by=SYSTEM)
    look_now(row, by=SYSTEM)
    assert not claim_mailboxes(limit=1, by=SYSTEM)


def test_a_removed_mailbox_is_gone_with_its_password_and_its_alarm(world: World) -> None:
    row = mailbox(world)
    held = claim_mailboxes(limit=1, by=SYSTEM)[0]
    report_failure(held, reason=MailboxTrouble.LOGIN_REFUSED, words="no", by=SYSTEM)
    assert EventRow.objects.filter(kind=MailboxFailed.name).count() == 1
    for who in (world.amara, world.edda):
        with pytest.raises(Refused):
            remove_mailbox(row, by=who.actor)
    assert mailboxes(world.chen.actor)
    remove_mailbox(row, by=world.chen.actor)
    remove_mailbox(row, by=world.chen.actor)
    assert Mailbox.objects.get().password == ""
    assert not mailboxes(world.chen.actor)
    assert EventRow.objects.filter(kind=MailboxRecovered.name).count() == 1


def test_what_was_removed_comes_back_as_the_same_mailbox(world: World) -> None:
    row = mailbox(world)
    remove_mailbox(row, by=SYSTEM)
    again = mailbox(world, work_from_on=date(2026, 1, 1))
    assert again.pk == row.pk
    assert again.work_from_on == date(2026, 1, 1)
    assert claim_mailboxes(limit=1, by=SYSTEM)


def test_admins_see_every_mailbox_and_leads_those_of_their_teams(world: World) -> None:
    row = mailbox(world)
    assert [one.pk for one in mailboxes(world.chen.actor)] == [row.pk]
    assert [one.pk for one in mailboxes(world.edda.actor)] == [row.pk]
    assert mailboxes(world.hugo.actor) == []
    assert mailbox_seen_by(world.edda.actor, row.pk).inbox == world.help
    for who in (world.hugo, world.amara, world.nobody):
        with pytest.raises(NotFound):
            mailbox_seen_by(who.actor, row.pk)


def test_impatience_and_a_new_password_leave_a_paused_mailbox_paused(world: World) -> None:
    row = mailbox(world)
    pause_mailbox(row, by=SYSTEM)
    set_mailbox_password(row, password="another", by=SYSTEM)
    set_mailbox_password(row, password="another", by=SYSTEM)
    look_now(row, by=SYSTEM)
    assert Mailbox.objects.get().due_at is None
