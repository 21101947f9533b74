"""Mail of an inbox whose provider let the desk in leaves with the provider's token (XOAUTH2)."""

from collections.abc import Iterator

import pytest

from heed.brands.models import Inbox
from heed.conversations.actions.answering import reply
from heed.conversations.models import Message
from heed.delivery.models import Delivery
from heed.delivery.tests.sink import Sink
from heed.delivery.work import servers
from heed.kernel import clock
from heed.kernel.mail_words import MailboxTrouble, MailProvider
from heed.kernel.outbound import OutboundInsideTransaction, SmtpSession, SmtpUrl, forbidden
from heed.kernel.outbound.lines import LineTrouble
from heed.kernel.words import DeliveryState
from heed.mailboxes.account import Account
from heed.mailboxes.actions.accounts import add_mailbox, pause_mailbox, remove_mailbox
from heed.mailboxes.models import Authorization, Mailbox
from heed.mailboxes.tests.post_office import handling
from heed.mailboxes.tests.token_server import TokenServer, google_here
from heed.mailboxes.tokens import begin_authorization, finish_authorization, sending_tokens
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.world import World

RETURN = "http://127.0.0.1:8000/settings/mailboxes/authorized/"


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    """Stands where Google is."""
    with google_here(monkeypatch) as server:
        yield server


@pytest.fixture
def sink(tokens: TokenServer) -> Iterator[Sink]:
    """A server that is shown the tokens which the provider gave, and takes nothing else."""
    servers.forget()
    with Sink(tokens=tokens.access) as server:
        yield server


def way(sink: Sink) -> SmtpUrl:
    return SmtpUrl.read(f"smtp://help;AUTH=XOAUTH2@127.0.0.1:{sink.port}")


def let_in(world: World, tokens: TokenServer, sink: Sink) -> Mailbox:
    """Linden's help inbox is fetched and sent from by one leave; fetching rests, since nobody is there."""
    account = Account("imap.example", "help", provider=MailProvider.GOOGLE)
    row = add_mailbox(world.help, account=account, handling=handling(), password="", by=SYSTEM)
    url = f"smtp://help;AUTH=XOAUTH2@127.0.0.1:{sink.port}"
    set_mail_server(Inbox.objects.get(pk=world.help.pk), url=url, by=SYSTEM)
    back = tokens.consent(begin_authorization(row, return_to=RETURN, by=world.chen.actor))
    finish_authorization(state=back["state"], code=back["code"], by=world.chen.actor)
    return pause_mailbox(row, by=SYSTEM)


def answered(world: World) -> Message:
    message = reply(world.conversation(), answer=world.answer(text="It is here."), by=world.amara.actor)
    world.settle()
    message.refresh_from_db()
    return message


def again(world: World, message: Message) -> Message:
    """Its next try comes at once."""
    servers.forget()
    Delivery.objects.update(due_at=clock.now())
    world.settle()
    message.refresh_from_db()
    return message


def test_an_answer_leaves_with_the_token_that_the_provider_gave(
    world: World, tokens: TokenServer, sink: Sink
) -> None:
    let_in(world, tokens, sink)
    assert answered(world).state == DeliveryState.SENT
    assert [mail.recipients for mail in sink.mails] == [("dalia@example.org",)]
    assert tokens.asked == ["authorization_code"]
    assert set(sink.shown) <= set(tokens.access)
    assert not any(token in str(list(Inbox.objects.values())) for token in tokens.access)


def test_a_token_that_ran_out_is_renewed_before_it_is_shown(
    world: World, tokens: TokenServer, sink: Sink
) -> None:
    let_in(world, tokens, sink)
    old = set(tokens.access)
    Authorization.objects.update(ends_at=clock.now())
    assert answered(world).state == DeliveryState.SENT
    assert tokens.asked[1:] == ["refresh_token"]
    assert not old & set(sink.shown)


def test_a_token_that_was_taken_back_early_is_renewed_after_the_refusal(
    world: World, tokens: TokenServer, sink: Sink
) -> None:
    let_in(world, tokens, sink)
    tokens.access.clear()
    assert answered(world).state == DeliveryState.SENT
    assert tokens.asked[1:] == ["refresh_token"]
    assert len(sink.shown) == 2


def test_while_the_leave_is_lost_the_answer_waits_and_says_why(
    world: World, tokens: TokenServer, sink: Sink
) -> None:
    row = let_in(world, tokens, sink)
    tokens.take_back()
    message = answered(world)
    assert message.state == DeliveryState.QUEUED
    with SmtpSession(way(sink), timeout_seconds=5.0, tokens=sending_tokens(world.help, "help")) as session:
        answer = session.check()
    assert (answer.code, answer.text) == (535, "the provider no longer lets the desk in")
    assert sink.mails == []
    back = tokens.consent(begin_authorization(row, return_to=RETURN, by=world.chen.actor))
    finish_authorization(state=back["state"], code=back["code"], by=world.chen.actor)
    pause_mailbox(row, by=SYSTEM)
    assert again(world, message).state == DeliveryState.SENT


def test_without_its_mailbox_there_is_no_token(world: World, tokens: TokenServer, sink: Sink) -> None:
    row = let_in(world, tokens, sink)
    assert sending_tokens(world.help, "HELP").current() in tokens.access
    for inbox, name in ((world.help, "other"), (world.workshop, "help")):
        with pytest.raises(LineTrouble):
            sending_tokens(inbox, name).current()
    remove_mailbox(row, by=SYSTEM)
    for ask in (sending_tokens(world.help, "help").current, sending_tokens(world.help, "help").renewed):
        with pytest.raises(LineTrouble) as caught:
            ask()
        assert caught.value.reason is MailboxTrouble.AUTHORIZATION_LOST


def test_nobody_sends_inside_a_transaction(world: World, tokens: TokenServer, sink: Sink) -> None:
    let_in(world, tokens, sink)
    session = SmtpSession(way(sink), timeout_seconds=5.0, tokens=sending_tokens(world.help, "help"))
    with session, forbidden(), pytest.raises(OutboundInsideTransaction):
        session.check()
    assert sink.connections == 0


def test_a_server_that_knows_no_tokens_and_a_desk_that_has_none(world: World) -> None:
    with Sink() as plain:
        with SmtpSession(way(plain), timeout_seconds=5.0) as session:
            assert "no provider" in session.check().text
        assert plain.mails == []
