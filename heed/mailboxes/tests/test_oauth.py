"""A provider lets the desk into a mailbox: asked for by code, renewed by token, taken back. Google and Microsoft
themselves were never seen: our own token server stands for both, and a real Dovecot asks it about each token.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connections

from heed.conversations.models import Conversation
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import Refused, Unusable
from heed.kernel.mail_words import MailboxTrouble, MailProvider, MailSecurity
from heed.kernel.outbound.lines import LineTrouble
from heed.kernel.secrets import unseal
from heed.mailboxes.account import Account
from heed.mailboxes.actions.accounts import MailboxRemoved, add_mailbox, remove_mailbox
from heed.mailboxes.actions.authorizations import (
    Tokens,
    UnknownState,
    begin_asking,
    claim_refresh,
    give_up_refresh,
    keep_refreshed,
    keep_tokens,
    lose_authorization,
    take_pending,
)
from heed.mailboxes.models import Authorization, Mailbox, PendingAuthorization
from heed.mailboxes.providers import ProviderNotSetUp
from heed.mailboxes.tests.dovecot import Dovecot, dovecot
from heed.mailboxes.tests.post_office import ACCOUNT, handling, letter, mailbox
from heed.mailboxes.tests.token_server import TokenServer, stand_in, token_server
from heed.mailboxes.tokens import NoLeave, access_token, begin_authorization, finish_authorization
from heed.people.policy import SYSTEM
from heed.testing.world import World

RETURN = "http://127.0.0.1:8000/settings/mailboxes/back/"
LATER = timedelta(hours=1)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[TokenServer, Dovecot]]:
    with token_server() as tokens, dovecot(introspection=f"{tokens.url}/introspect") as post:
        yield tokens, post


@pytest.fixture
def tokens(servers: tuple[TokenServer, Dovecot], monkeypatch: pytest.MonkeyPatch) -> TokenServer:
    """Stands where Google is."""
    server = servers[0]
    server.take_back()
    server.asked.clear()
    server.slow_seconds, server.garbled, server.lasts_seconds = 0.0, False, 3600
    stand_in(server, monkeypatch)
    return server


def resting(world: World, host: str = "imap.example", port: int = 0) -> Mailbox:
    """A mailbox that nobody has let us into yet."""
    account = Account(host, "help", security=MailSecurity.STARTTLS, port=port, provider=MailProvider.GOOGLE)
    return add_mailbox(world.help, account=account, handling=handling(), password="", by=SYSTEM)


def let_in(world: World, tokens: TokenServer, row: Mailbox) -> None:
    by = world.chen.actor
    back = tokens.consent(begin_authorization(row, return_to=RETURN, by=by))
    finish_authorization(state=back["state"], code=back["code"], by=by)


def test_who_is_let_in_by_a_provider_reads_the_mailbox(
    world: World, tokens: TokenServer, servers: tuple[TokenServer, Dovecot]
) -> None:
    post = servers[1]
    post.put(letter(1))
    row = resting(world, "127.0.0.1", post.imap)
    Mailbox.objects.update(security=MailSecurity.PLAIN)  # the tests' server has no certificate
    let_in(world, tokens, row)
    world.settle()
    assert Mailbox.objects.get().reason == ""
    assert Conversation.objects.count() == 1
    kept = str(Authorization.objects.values().get())
    assert not any(token in kept for token in (*tokens.access, *tokens.refresh))


def test_a_token_that_ran_out_or_was_taken_back_early_is_renewed(
    world: World, tokens: TokenServer, servers: tuple[TokenServer, Dovecot]
) -> None:
    row = resting(world, "127.0.0.1", servers[1].imap)
    Mailbox.objects.update(security=MailSecurity.PLAIN)
    let_in(world, tokens, row)
    Authorization.objects.update(ends_at=clock.now())
    world.settle()
    assert tokens.asked == ["authorization_code", "refresh_token"]
    tokens.access.clear()
    Mailbox.objects.update(due_at=clock.now())
    world.settle()
    assert tokens.asked[2:] == ["refresh_token"]
    assert Mailbox.objects.get().reason == ""


def test_a_leave_that_was_taken_back_is_told_and_given_anew(
    world: World, tokens: TokenServer, servers: tuple[TokenServer, Dovecot]
) -> None:
    row = resting(world, "127.0.0.1", servers[1].imap)
    Mailbox.objects.update(security=MailSecurity.PLAIN)
    let_in(world, tokens, row)
    tokens.take_back()
    Mailbox.objects.update(due_at=clock.now())
    world.settle()
    found = Mailbox.objects.get()
    assert (found.reason, found.is_alarmed) == (MailboxTrouble.AUTHORIZATION_LOST, True)
    let_in(world, tokens, row)
    world.settle()
    assert Mailbox.objects.get().reason == ""


def test_a_token_server_that_is_slow_or_garbled_loses_no_leave(
    world: World, tokens: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = resting(world)
    let_in(world, tokens, row)
    Authorization.objects.update(ends_at=clock.now())
    monkeypatch.setattr(type(config), "mailbox_timeout_seconds", 1)
    tokens.slow_seconds = 2.0
    with pytest.raises(LineTrouble) as slow:
        access_token(row)
    assert slow.value.reason is MailboxTrouble.TIMED_OUT
    tokens.slow_seconds, tokens.garbled = 0.0, True
    with pytest.raises(LineTrouble) as garbled:
        access_token(row)
    assert garbled.value.reason is MailboxTrouble.UNREACHABLE
    tokens.garbled = False
    assert access_token(row) in tokens.access


def test_several_who_need_a_new_token_at_once_ask_for_one(
    transactional_db: None, world: World, tokens: TokenServer
) -> None:
    row = resting(world)
    let_in(world, tokens, row)
    Authorization.objects.update(ends_at=clock.now())
    tokens.slow_seconds = 0.5

    def get() -> str:
        try:
            return access_token(row)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        found = {job.result() for job in [pool.submit(get) for _ in range(4)]}
    assert len(found) == 1
    assert tokens.asked.count("refresh_token") == 1


def test_a_state_is_good_once_for_who_began_and_not_for_long(world: World, tokens: TokenServer) -> None:
    row = resting(world)
    begun = begin_asking(row, return_to=RETURN, by=world.chen.actor)
    with pytest.raises(UnknownState):
        take_pending("something else", by=world.chen.actor)
    with pytest.raises(UnknownState):
        take_pending(begun.state, by=SYSTEM)
    assert take_pending(begun.state, by=world.chen.actor).return_to == RETURN
    with pytest.raises(UnknownState):
        take_pending(begun.state, by=world.chen.actor)
    late = begin_asking(row, return_to=RETURN, by=world.chen.actor)
    PendingAuthorization.objects.update(ends_at=clock.now() - LATER)
    with pytest.raises(UnknownState):
        take_pending(late.state, by=world.chen.actor)


def test_asking_is_for_admins_and_for_mailboxes_of_providers(world: World, tokens: TokenServer) -> None:
    row = resting(world)
    for who in (world.edda, world.amara, world.nobody):
        with pytest.raises(Refused):
            begin_asking(row, return_to=RETURN, by=who.actor)
    with pytest.raises(Unusable):
        begin_asking(mailbox(world), return_to=RETURN, by=world.chen.actor)
    first = begin_asking(row, return_to=RETURN, by=world.chen.actor)
    begin_asking(row, return_to=RETURN, by=world.chen.actor)
    with pytest.raises(UnknownState):  # who asks twice is expected once
        take_pending(first.state, by=world.chen.actor)
    remove_mailbox(row, by=SYSTEM)
    with pytest.raises(MailboxRemoved):
        begin_asking(row, return_to=RETURN, by=world.chen.actor)


def test_a_code_that_was_stolen_is_of_no_use(world: World, tokens: TokenServer) -> None:
    row = resting(world)
    back = tokens.consent(begin_authorization(row, return_to=RETURN, by=world.chen.actor))
    other = begin_authorization(row, return_to=RETURN, by=world.chen.actor)
    state = other.partition("state=")[2].partition("&")[0]
    with pytest.raises(NoLeave) as refused:
        finish_authorization(state=state, code=back["code"], by=world.chen.actor)
    assert refused.value.said == "invalid_grant"
    assert not Authorization.objects.exists()


def test_without_an_application_nobody_is_sent_anywhere(world: World) -> None:
    with pytest.raises(ProviderNotSetUp):
        begin_authorization(resting(world), return_to=RETURN, by=world.chen.actor)


GIVEN = Tokens("access", "refresh", clock.now() + LATER)


def test_tokens_are_kept_by_admins_and_end_the_rest_of_the_mailbox(world: World) -> None:
    row = resting(world)
    with pytest.raises(Refused):
        keep_tokens(row, tokens=GIVEN, by=world.edda.actor)
    keep_tokens(row, tokens=GIVEN, by=world.chen.actor)
    keep_tokens(row, tokens=GIVEN, by=world.chen.actor)
    assert Mailbox.objects.get().is_enabled
    assert Authorization.objects.count() == 1
    remove_mailbox(row, by=SYSTEM)
    assert not Authorization.objects.exists()
    with pytest.raises(MailboxRemoved):
        keep_tokens(row, tokens=GIVEN, by=world.chen.actor)


def test_one_at_a_time_asks_for_a_new_token(world: World) -> None:
    row = resting(world)
    keep_tokens(row, tokens=GIVEN, by=SYSTEM)
    stale = Authorization.objects.get().access
    first = claim_refresh(row, stale=stale, by=SYSTEM)
    assert first is not None
    assert claim_refresh(row, stale=stale, by=SYSTEM) is None
    keep_refreshed(first, tokens=Tokens("newer", "", clock.now() + LATER), by=SYSTEM)
    found = Authorization.objects.get()
    assert (unseal(found.access), unseal(found.refresh)) == ("newer", "refresh")
    assert claim_refresh(row, stale=stale, by=SYSTEM) is None


def test_who_lost_the_claim_on_a_token_changes_nothing(world: World) -> None:
    row = resting(world)
    keep_tokens(row, tokens=GIVEN, by=SYSTEM)
    first = claim_refresh(row, stale=Authorization.objects.get().access, by=SYSTEM)
    assert first is not None
    Authorization.objects.update(claimed_until=clock.now() + LATER)
    keep_refreshed(first, tokens=Tokens("mine", "mine", clock.now()), by=SYSTEM)
    give_up_refresh(first, by=SYSTEM)
    lose_authorization(first, by=SYSTEM)
    found = Authorization.objects.get()
    assert unseal(found.access) == "access"
    assert found.claimed_until is not None


def test_a_claim_on_a_token_can_be_given_up_and_a_leave_be_lost(world: World) -> None:
    row = resting(world)
    keep_tokens(row, tokens=GIVEN, by=SYSTEM)
    stale = Authorization.objects.get().access
    for _ in range(2):
        claimed = claim_refresh(row, stale=stale, by=SYSTEM)
        assert claimed is not None
        give_up_refresh(claimed, by=SYSTEM)
        give_up_refresh(claimed, by=SYSTEM)
    claimed = claim_refresh(row, stale=stale, by=SYSTEM)
    assert claimed is not None
    lose_authorization(claimed, by=SYSTEM)
    lose_authorization(claimed, by=SYSTEM)
    keep_refreshed(claimed, tokens=GIVEN, by=SYSTEM)
    assert Authorization.objects.get().refresh == ""
    assert claim_refresh(row, stale="", by=SYSTEM) is None


def test_a_password_account_needs_no_provider(world: World) -> None:
    assert ACCOUNT.provider is None
    with pytest.raises(LineTrouble):
        access_token(mailbox(world))


def test_who_was_slow_with_a_token_is_not_heard_once_another_one_asks(world: World) -> None:
    row = resting(world)
    keep_tokens(row, tokens=GIVEN, by=SYSTEM)
    stale = Authorization.objects.get().access
    slow = claim_refresh(row, stale=stale, by=SYSTEM)
    assert slow is not None
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        quick = claim_refresh(row, stale=stale, by=SYSTEM)
        assert quick is not None
        lose_authorization(slow, by=SYSTEM)
        give_up_refresh(slow, by=SYSTEM)
        keep_refreshed(slow, tokens=Tokens("slow", "slow", clock.now()), by=SYSTEM)
        keep_refreshed(quick, tokens=Tokens("quick", "", clock.now() + LATER), by=SYSTEM)
    assert unseal(Authorization.objects.get().access) == "quick"


def test_tokens_of_a_mailbox_that_was_removed_meanwhile_are_dropped(world: World) -> None:
    row = resting(world)
    keep_tokens(row, tokens=GIVEN, by=SYSTEM)
    claimed = claim_refresh(row, stale=Authorization.objects.get().access, by=SYSTEM)
    assert claimed is not None
    remove_mailbox(row, by=SYSTEM)
    keep_refreshed(claimed, tokens=GIVEN, by=SYSTEM)
    give_up_refresh(claimed, by=SYSTEM)
    lose_authorization(claimed, by=SYSTEM)
    assert not Authorization.objects.exists()


def test_who_comes_back_to_a_mailbox_that_was_removed_meanwhile_is_told(world: World) -> None:
    row = resting(world)
    begun = begin_asking(row, return_to=RETURN, by=world.chen.actor)
    remove_mailbox(row, by=SYSTEM)
    with pytest.raises(MailboxRemoved):
        take_pending(begun.state, by=world.chen.actor)
    with pytest.raises(UnknownState):
        take_pending("", by=world.nobody.actor)


def test_who_comes_back_is_who_was_sent(world: World) -> None:
    row = resting(world)
    begun = begin_asking(row, return_to=RETURN, by=world.chen.actor)
    for who in (world.edda, world.amara, world.nobody):
        with pytest.raises(UnknownState):
            take_pending(begun.state, by=who.actor)
    assert take_pending(begun.state, by=world.chen.actor).mailbox.pk == row.pk
