"""Without a mail server, what the desk sends stands in the catcher: once, and as its reader would get it."""

import pytest

from heed.channels.email.address import read
from heed.channels.email.parse import parse
from heed.conversations.actions.answering import reply, send_automatic
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.sending import try_again
from heed.conversations.models import Message, Participant
from heed.conversations.queries import opened
from heed.conversations.threads import thread_key
from heed.delivery.models import CaughtMail, Delivery
from heed.delivery.queries import caught_mail, caught_mails, lost, parked, progress_of
from heed.eventlog.kinds import MessageQueued, MessageSent
from heed.eventlog.unit import change, lock, unit
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable
from heed.kernel.permissions import Permission
from heed.kernel.words import AgentId, DeliveryState, Flag
from heed.people.actions.agents import change_role
from heed.people.actions.roles import add_role
from heed.people.policy import SYSTEM
from heed.testing.world import World


def only_mail() -> CaughtMail:
    return CaughtMail.objects.get()


def test_an_answer_is_caught_once_and_counts_as_sent(world: World) -> None:
    conversation = world.conversation(subject="The chain slips")
    message = reply(conversation, answer=world.answer(text="We will look at it."), by=world.amara.actor)
    world.settle()
    mail = parse(bytes(only_mail().raw))
    assert mail.subject == "Re: The chain slips"
    assert "We will look at it." in mail.visible
    assert [person.address for person in mail.to] == ["dalia@example.org"]
    assert mail.sender is not None
    assert (mail.sender.name, mail.sender.address) == ("Linden Bikes", "help@linden.example")
    message.refresh_from_db()
    assert (message.state, message.message_id) == (DeliveryState.SENT, mail.message_id)
    kinds = world.kinds(conversation)
    assert kinds.index(MessageQueued.name) < kinds.index(MessageSent.name)
    world.settle()
    assert CaughtMail.objects.count() == 1


def test_an_answer_names_the_mail_it_answers_and_those_before(world: World) -> None:
    conversation = world.conversation()
    first = conversation.messages.get().message_id
    second = world.writes(conversation).message_id
    reply(conversation, answer=world.answer(), by=world.amara.actor)
    world.settle()
    mail = parse(bytes(only_mail().raw))
    assert mail.in_reply_to == (second,)
    assert mail.references == (first, second)


def test_an_answer_goes_out_from_an_address_that_finds_its_conversation(world: World) -> None:
    conversation = world.conversation()
    message = reply(conversation, answer=world.answer(), by=world.amara.actor)
    world.settle()
    caught = only_mail()
    mail = parse(bytes(caught.raw))
    signed = read(mail.reply_to[0].address, secret=config.secret_bytes())
    assert signed is not None
    assert (signed.conversation, signed.message) == (conversation.pk, message.pk)
    assert caught.sender == mail.reply_to[0].address


def test_an_answer_to_ours_finds_its_conversation_as_soon_as_it_leaves(world: World) -> None:
    conversation = world.conversation()
    message = reply(conversation, answer=world.answer(), by=world.amara.actor)
    world.settle()
    message.refresh_from_db()
    key = message.threadkey_set.get()
    assert (key.key, key.conversation_id) == (thread_key(message.message_id), conversation.pk)


def test_the_brand_signs_and_only_the_message_answered_is_quoted(world: World) -> None:
    with unit():
        change(lock(world.linden), signature="Linden Bikes, Canal Street 4")
    conversation = world.conversation(text="The first words.")
    world.writes(conversation, text="The second words.")
    reply(conversation, answer=world.answer(text="Our words."), by=world.amara.actor)
    world.settle()
    mail = parse(bytes(only_mail().raw))
    assert "Linden Bikes, Canal Street 4" in mail.text
    assert "> The second words." in mail.text
    assert "Dalia Haddad wrote:" in mail.text
    assert "The first words." not in mail.text + mail.html
    assert "Our words." in mail.visible
    assert "second" not in mail.visible


def test_nothing_is_quoted_while_a_stranger_is_a_recipient(world: World) -> None:
    conversation = world.conversation(text="My card ends in 4711.")
    stranger = ("Mallory", "mallory@example.com")
    world.writes(
        conversation, customer=None, flag=Flag.STRANGER, participants=((stranger[1], stranger[0], "from"),)
    )
    assert Participant.objects.get(address=stranger[1]).is_flagged
    world.writes(conversation, text="My card ends in 4711.")
    reply(conversation, answer=world.answer(text="To Dalia alone."), by=world.amara.actor)
    both_of_them = world.answer(text="To both.", cc=(stranger,), vouched=frozenset({stranger[1]}))
    reply(conversation, answer=both_of_them, by=world.amara.actor)
    world.settle()
    alone, both = (parse(bytes(row.raw)) for row in CaughtMail.objects.order_by("pk"))
    assert "4711" in alone.text
    assert "4711" in alone.html
    assert "4711" not in both.text + both.html


def test_an_automatic_answer_says_so_and_quotes_nothing(world: World) -> None:
    conversation = world.conversation(text="Buy my words.")
    answered = conversation.messages.get()
    to = ((answered.from_name, answered.from_address),)
    send_automatic(
        conversation, answers=answered, text="We have it.", to=to, answer_by=clock.now(), by=SYSTEM
    )
    world.settle()
    raw = bytes(only_mail().raw)
    assert b"Auto-Submitted: auto-replied" in raw
    assert b"X-Heed-Loop: " in raw
    assert b"Buy my words." not in raw


def test_a_blind_copy_is_in_the_envelope_alone(world: World) -> None:
    conversation = world.conversation()
    answer = world.answer(bcc=(("", "auditor@example.net"),), cc=(("", "boss@example.net"),))
    reply(conversation, answer=answer, by=world.amara.actor)
    world.settle()
    caught = only_mail()
    assert caught.recipients == ["dalia@example.org", "boss@example.net", "auditor@example.net"]
    assert b"boss@example.net" in bytes(caught.raw)
    assert b"auditor" not in bytes(caught.raw)


@pytest.mark.parametrize(
    ("who", "may"),
    [("chen", True), ("edda", False), ("amara", False), ("farid", False), ("gita", False), ("nobody", False)],
)
def test_only_admins_look_into_the_catcher(world: World, who: str, may: bool) -> None:
    reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.settle()
    actor = world.colleague(who).actor
    if may:
        [row] = caught_mails(actor).rows
        assert row.subject == "The chain slips"
        assert caught_mail(actor, row.id)[1].startswith(b"Date: ")
    else:
        with pytest.raises(NotFound):
            caught_mails(actor)
        with pytest.raises(NotFound):
            caught_mail(actor, only_mail().pk)


def test_who_sets_up_mail_finds_in_the_catcher_only_what_they_may_see(world: World) -> None:
    role = add_role(
        "Mail", permissions=frozenset({Permission.SEE_OWN_TEAMS, Permission.SET_UP_MAIL}), by=SYSTEM
    )
    own, secret, strange = (
        world.conversation(inbox=inbox) for inbox in (world.help, world.help, world.hello)
    )
    for row in (own, secret, strange):
        reply(row, answer=world.answer(), by=world.chen.actor)
    world.settle()
    restrict(secret, agents=[AgentId(world.edda.row.pk)], teams=[], by=SYSTEM)
    change_role(world.amara.row, to=role, by=SYSTEM)
    caught = {mail.message.conversation_id: mail.pk for mail in CaughtMail.objects.select_related("message")}
    assert [one.id for one in caught_mails(world.amara.actor).rows] == [caught[own.pk]]
    assert caught_mail(world.amara.actor, caught[own.pk])[0].id == caught[own.pk]
    for row in (secret, strange):
        with pytest.raises(NotFound):
            caught_mail(world.amara.actor, caught[row.pk])
        assert world.amara.get(f"/catcher/{caught[row.pk]}/").status_code == 404
    assert len(caught_mails(world.chen.actor).rows) == 3


def test_the_catcher_is_read_page_by_page_newest_first(world: World) -> None:
    for number in range(5):
        reply(world.conversation(), answer=world.answer(text=f"{number}"), by=world.amara.actor)
    world.settle()
    seen, after = [], ""
    for _ in range(3):
        page = caught_mails(world.chen.actor, after=after, limit=2)
        seen += [row.id for row in page.rows]
        after = page.after
    assert (seen, after) == (sorted(seen, reverse=True), "")
    assert len(seen) == 5
    with pytest.raises(Unusable):
        caught_mails(world.chen.actor, after="1; drop")


def test_what_can_not_be_made_into_a_mail_is_parked_and_visible(world: World) -> None:
    conversation = world.conversation()
    message = reply(conversation, answer=world.answer(), by=world.amara.actor)
    with unit():
        change(lock(message), to=[["", "not an address"]])
    other = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.settle()
    assert Message.objects.get(pk=other.pk).state == DeliveryState.SENT
    message.refresh_from_db()
    assert message.state == DeliveryState.FAILED
    assert [row.message for row in parked(world.edda.actor).rows] == [message.pk]
    assert parked(world.hugo.actor).rows == []  # a lead of another brand
    with pytest.raises(NotFound):
        parked(world.amara.actor)
    with unit():
        change(lock(message), to=[["", "dalia@example.org"]])
    try_again(message, by=world.amara.actor)
    world.settle()
    assert Message.objects.get(pk=message.pk).state == DeliveryState.SENT
    assert parked(world.edda.actor).rows == []
    assert Delivery.objects.get(pk=message.pk).accepted == ["dalia@example.org"]


def test_progress_is_told_to_those_who_may_see_the_conversation(world: World) -> None:
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.read_log()
    here = opened(world.amara.actor, message.conversation_id)
    assert progress_of(here, [message])[message.pk].state is DeliveryState.QUEUED
    world.settle()
    assert progress_of(here, [Message.objects.get(pk=message.pk)])[message.pk].accepted == [
        "dalia@example.org"
    ]
    elsewhere = opened(world.bruno.actor, world.conversation(inbox=world.workshop).pk)
    assert progress_of(elsewhere, [message]) == {}


def test_a_queued_message_that_nothing_will_send_is_found(unchecked_world: World) -> None:
    message = reply(
        unchecked_world.conversation(), answer=unchecked_world.answer(), by=unchecked_world.amara.actor
    )
    assert lost() == [message.pk]
    unchecked_world.read_log()
    assert lost() == []
    Delivery.objects.all().delete()
    assert lost() == [message.pk]
