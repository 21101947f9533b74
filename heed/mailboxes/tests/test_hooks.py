"""Mail hooks: who may have one, and what a provider's report does to a message of ours."""

import pytest

from heed.conversations.actions.answering import reply
from heed.conversations.actions.sending import mark_sent
from heed.conversations.models import Message
from heed.delivery.actions import claim
from heed.delivery.models import Delivery
from heed.eventlog.kinds import MessageBounced, MessageDelivered
from heed.eventlog.unit import change, lock, unit
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.mail_words import HookProvider, ReportedOutcome
from heed.kernel.secrets import unseal
from heed.kernel.words import DeliveryState, SuppressReason
from heed.mailboxes.actions.hooks import (
    add_mail_hook,
    change_mail_hook,
    remove_mail_hook,
    set_hook_checker,
    take_report,
)
from heed.mailboxes.hook_reports import Reported
from heed.mailboxes.hooks import hook_at
from heed.mailboxes.models import MailHook
from heed.mailboxes.queries import mail_hook, mail_hooks
from heed.people.actions import AlreadyThere
from heed.people.policy import SYSTEM
from heed.people.standing_queries import standings
from heed.testing.queries import assert_queries
from heed.testing.world import World

DALIA, BOSS = "dalia@example.org", "boss@example.net"
GONE = "550 5.1.1 user unknown"


def hook(world: World, provider: HookProvider = HookProvider.MAILGUN, key: str = "key-1") -> MailHook:
    return add_mail_hook(world.help, provider=provider, signing_key=key, by=SYSTEM)


def test_an_admin_adds_a_hook_whose_address_and_key_are_sealed(world: World) -> None:
    row = add_mail_hook(world.help, provider=HookProvider.MAILGUN, signing_key=" key-1 ", by=world.chen.actor)
    token = unseal(row.token)
    assert (len(token), unseal(row.signing_key)) == (43, "key-1")
    assert token not in str(MailHook.objects.values().get())
    assert "key-1" not in str(MailHook.objects.values().get())
    assert hook_at("mailgun", token) == row
    for provider, wrong in (("postmark", token), ("mailgun", f"{token}x"), ("nobody", token)):
        with pytest.raises(NotFound):
            hook_at(provider, wrong)


def test_only_an_admin_has_to_do_with_hooks(world: World) -> None:
    row = hook(world)
    for who in (world.amara, world.edda, world.farid, world.nobody):
        with pytest.raises(Refused):
            add_mail_hook(world.workshop, provider=HookProvider.POSTMARK, signing_key="", by=who.actor)
        with pytest.raises(Refused):
            change_mail_hook(row, signing_key="k", by=who.actor)
        with pytest.raises(Refused):
            remove_mail_hook(row, by=who.actor)
        with pytest.raises(NotFound):
            mail_hook(who.actor, row.pk)
        with pytest.raises(NotFound):
            mail_hooks(who.actor)
    assert mail_hook(world.chen.actor, row.pk) == row
    assert unseal(MailHook.objects.get().signing_key) == "key-1"


def test_a_provider_posts_to_an_inbox_once(world: World) -> None:
    hook(world)
    with pytest.raises(AlreadyThere):
        add_mail_hook(world.help, provider=HookProvider.MAILGUN, signing_key="key-2", by=world.chen.actor)
    add_mail_hook(world.help, provider=HookProvider.POSTMARK, signing_key="", by=world.chen.actor)
    assert MailHook.objects.count() == 2


@pytest.mark.parametrize(
    ("provider", "key", "reason"),
    [
        (HookProvider.MAILGUN, " ", "required"),
        (HookProvider.MAILGUN, "käy", "unusable"),
        (HookProvider.MAILGUN, "x" * 201, "unusable"),
        (HookProvider.POSTMARK, "x", "not_signed"),
        (HookProvider.SENDGRID, "x", "not_signed"),
    ],
)
def test_a_key_is_there_where_posts_are_signed_and_nowhere_else(
    world: World, provider: HookProvider, key: str, reason: str
) -> None:
    with pytest.raises(Unusable) as raised:
        add_mail_hook(world.help, provider=provider, signing_key=key, by=world.chen.actor)
    assert raised.value.reason == reason
    assert not MailHook.objects.exists()


def test_a_key_is_changed_and_the_address_stays(world: World) -> None:
    row = hook(world)
    before = unseal(row.token)
    for _ in range(2):
        change_mail_hook(row, signing_key="key-2", by=world.chen.actor)
        row = MailHook.objects.get()
        assert (unseal(row.signing_key), unseal(row.token)) == ("key-2", before)
    for wrong in ("", "käy"):
        with pytest.raises(Unusable):
            change_mail_hook(row, signing_key=wrong, by=world.chen.actor)


def test_there_is_no_key_to_change_where_posts_are_not_signed(world: World) -> None:
    row = hook(world, HookProvider.SENDGRID, "")
    with pytest.raises(Unusable):
        change_mail_hook(row, signing_key="key", by=world.chen.actor)
    assert change_mail_hook(row, signing_key="", by=world.chen.actor).signing_key == ""


def test_a_hook_that_was_removed_is_gone_and_removing_it_again_is_nothing(world: World) -> None:
    row = hook(world)
    for _ in range(2):
        remove_mail_hook(MailHook(pk=row.pk), by=world.chen.actor)
    assert not MailHook.objects.exists()
    with pytest.raises(NotFound):
        hook_at("mailgun", unseal(row.token))
    again = hook(world)
    assert unseal(again.token) != unseal(row.token)
    remove_mail_hook(again, by=world.chen.actor)
    assert not MailHook.objects.exists()


def test_a_hook_that_somebody_took_away_has_no_key_to_change(world: World) -> None:
    row = hook(world)
    change_mail_hook(row, signing_key="key-2", by=world.chen.actor)
    remove_mail_hook(row, by=world.chen.actor)
    with pytest.raises(NotFound):
        change_mail_hook(MailHook(pk=row.pk), signing_key="key-3", by=world.chen.actor)


def test_removing_a_hook_leaves_the_others(world: World) -> None:
    row, other = hook(world), hook(world, HookProvider.POSTMARK, "")
    remove_mail_hook(row, by=world.chen.actor)
    assert list(MailHook.objects.all()) == [other]


def test_hooks_page(world: World) -> None:
    first, second = hook(world), hook(world, HookProvider.POSTMARK, "")
    admin = world.chen.actor
    with assert_queries(at_most=1):
        page = mail_hooks(admin, limit=1)
        assert [row.inbox.address for row in page.rows] == [world.help.address]
    assert page.rows == [first]
    assert list(mail_hooks(world.chen.actor, after=page.after, limit=1).rows) == [second]
    with pytest.raises(Unusable):
        mail_hooks(world.chen.actor, after="x")


@pytest.fixture
def sent(world: World) -> Delivery:
    """An answer to Dalia and her boss that the provider has."""
    message = reply(world.conversation(), answer=world.answer(cc=(("", BOSS),)), by=world.amara.actor)
    world.read_log()
    [delivery] = claim(limit=5, by=SYSTEM)
    with unit():
        change(lock(delivery), provider_id="p-1", accepted=[DALIA, BOSS], due_at=None, claimed_until=None)
    mark_sent(message, message_id=delivery.message.message_id, attempts=1, by=SYSTEM)
    return Delivery.objects.select_related("message").get()


def told(outcome: ReportedOutcome, recipient: str = DALIA, words: str = "") -> Reported:
    return Reported(outcome, "p-1", recipient, words)


def state(delivery: Delivery) -> str:
    return Message.objects.get(pk=delivery.pk).state


def test_a_message_is_delivered_once_all_its_recipients_are_reported(world: World, sent: Delivery) -> None:
    for recipient, expected in ((DALIA, DeliveryState.SENT), (BOSS.upper(), DeliveryState.DELIVERED)):
        for _ in range(2):
            take_report(sent, told=told(ReportedOutcome.DELIVERED, recipient), by=SYSTEM)
        assert state(sent) == expected
    assert world.kinds(sent.message.conversation).count(MessageDelivered.name) == 1


def test_a_deferred_message_says_why(world: World, sent: Delivery) -> None:
    take_report(sent, told=told(ReportedOutcome.DEFERRED, words="452 full"), by=SYSTEM)
    row = Message.objects.get(pk=sent.pk)
    assert (row.state, row.trouble) == (DeliveryState.DEFERRED, "452 full")


def test_a_bounce_opens_the_conversation_suppresses_who_is_gone_and_tries_them_again(
    world: World, sent: Delivery
) -> None:
    for _ in range(2):
        take_report(sent, told=told(ReportedOutcome.BOUNCED, words=GONE), by=SYSTEM)
        world.read_log()
    row = Message.objects.get(pk=sent.pk)
    assert (row.state, row.trouble) == (DeliveryState.BOUNCED, GONE)
    assert world.kinds(row.conversation).count(MessageBounced.name) == 1
    assert standings(SYSTEM, [DALIA])[DALIA].reason == SuppressReason.NO_MAILBOX
    assert BOSS not in standings(SYSTEM, [BOSS])
    assert Delivery.objects.get().accepted == [BOSS]


def test_what_may_pass_suppresses_nobody(world: World, sent: Delivery) -> None:
    take_report(sent, told=told(ReportedOutcome.BOUNCED, words="552 5.2.2 mailbox full"), by=SYSTEM)
    assert state(sent) == DeliveryState.BOUNCED
    assert DALIA not in standings(SYSTEM, [DALIA])


def test_who_complains_gets_nothing_automatic_any_more(world: World, sent: Delivery) -> None:
    for _ in range(2):
        take_report(sent, told=told(ReportedOutcome.COMPLAINED), by=SYSTEM)
    assert standings(SYSTEM, [DALIA])[DALIA].complained_at is not None
    assert state(sent) == DeliveryState.SENT


@pytest.mark.parametrize("outcome", ReportedOutcome)
def test_a_report_about_somebody_else_is_about_nothing(
    world: World, sent: Delivery, outcome: ReportedOutcome
) -> None:
    before = world.log_size()
    take_report(sent, told=told(outcome, "ines@example.net", GONE), by=SYSTEM)
    assert (state(sent), world.log_size()) == (DeliveryState.SENT, before)
    assert not standings(SYSTEM, ["ines@example.net"])


def test_who_checks_senders_of_posted_mail_is_said_once(world: World) -> None:
    hook = add_mail_hook(world.help, provider=HookProvider.MAILGUN, signing_key="k", by=world.chen.actor)
    for _ in range(2):
        row = set_hook_checker(
            hook, checked_by=" MXA.mailgun.example, mxb.mailgun.example ", by=world.chen.actor
        )
        assert row.checked_by == "mxa.mailgun.example mxb.mailgun.example"
    assert set_hook_checker(hook, checked_by="", by=world.chen.actor).checked_by == ""


def test_only_an_admin_says_who_checks_senders(world: World) -> None:
    hook = add_mail_hook(world.help, provider=HookProvider.POSTMARK, signing_key="", by=world.chen.actor)
    for who in (world.edda, world.amara):
        with pytest.raises(Refused):
            set_hook_checker(hook, checked_by="mx.example", by=who.actor)
    assert MailHook.objects.get().checked_by == ""


@pytest.mark.parametrize(
    ("provider", "names"), [(HookProvider.POSTMARK, "mx;x"), (HookProvider.BREVO, "mx.example")]
)
def test_a_checker_that_can_not_be_is_refused(world: World, provider: HookProvider, names: str) -> None:
    hook = add_mail_hook(world.help, provider=provider, signing_key="", by=world.chen.actor)
    with pytest.raises(Unusable) as refused:
        set_hook_checker(hook, checked_by=names, by=world.chen.actor)
    assert refused.value.field == "checked_by"
    assert MailHook.objects.get().checked_by == ""


def test_a_hook_that_was_removed_meanwhile_has_no_checker(world: World) -> None:
    hook = add_mail_hook(world.help, provider=HookProvider.POSTMARK, signing_key="", by=world.chen.actor)
    remove_mail_hook(hook, by=world.chen.actor)
    with pytest.raises(NotFound):
        set_hook_checker(hook, checked_by="", by=world.chen.actor)
