"""Which address, name and signature an answer carries."""

from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from typing import Any

import pytest

from heed.brands.queries import addresses_of
from heed.conversations.actions.answering import reply
from heed.conversations.models import Conversation
from heed.delivery.actions.setup import (
    add_inbox_address,
    choose_plus_addresses,
    choose_sender_name,
    remove_inbox_address,
    set_agent_signature,
)
from heed.delivery.models import AgentSignature, CaughtMail
from heed.eventlog.unit import change, lock, unit
from heed.intake.receipts import InboxKeeper
from heed.kernel.errors import Refused, Unusable
from heed.kernel.words import PlusAddresses, Role, SenderName
from heed.people.actions import AlreadyThere, add_agent, add_inbox
from heed.people.actions.brands import change_signature
from heed.people.policy import SYSTEM
from heed.people.queries import own_inboxes
from heed.testing.world import World

SALES = "sales@linden.example"


def answered(world: World, conversation: Conversation, **more: Any) -> tuple[str, Mail]:
    """The envelope's sender and the mail of an answer as it leaves."""
    reply(conversation, answer=world.answer(**more), by=world.amara.actor)
    world.settle()
    row = CaughtMail.objects.latest("pk")
    return row.sender, message_from_bytes(bytes(row.raw), policy=default)


def body(mail: Mail) -> str:
    part = mail.get_body(("plain",))  # type: ignore[attr-defined]  # of the policy's class
    return str(part.get_content()).replace("\r\n", "\n")


def began(world: World, *to: str) -> Conversation:
    world.mail_from(world.dalia, to=to)
    world.settle()
    return Conversation.objects.latest("pk")


def test_mail_to_a_further_address_arrives_and_is_answered_from_it(world: World) -> None:
    add_inbox_address(world.help, address="Sales@Linden.example", by=world.chen.actor)
    assert InboxKeeper().accepts("sales+x@linden.example")
    conversation = began(world, SALES)
    assert conversation.inbox == world.help
    assert [person.address for person in conversation.participants.all()] == [world.dalia.address]
    sender, mail = answered(world, conversation)
    assert mail["From"] == "Linden Bikes <sales@linden.example>"
    assert mail["Reply-To"].startswith("sales+h")
    assert sender == mail["Reply-To"]
    assert mail["Message-ID"].endswith("@linden.example>")


def test_an_answer_to_the_signed_form_of_a_further_address_joins(world: World) -> None:
    add_inbox_address(world.help, address=SALES, by=world.chen.actor)
    conversation = began(world, SALES)
    _, mail = answered(world, conversation)
    world.mail_from(world.dalia, to=[str(mail["Reply-To"])], subject="Something else")
    world.settle()
    assert conversation.messages.filter(direction="in").count() == 2
    _, mail = answered(world, conversation)
    assert mail["From"].endswith("<sales@linden.example>")


def test_the_writer_may_choose_another_address_of_the_inbox_and_no_other(world: World) -> None:
    add_inbox_address(world.help, address=SALES, by=world.chen.actor)
    conversation = world.conversation()
    _, mail = answered(world, conversation, sender=SALES)
    assert mail["From"].endswith("<sales@linden.example>")
    with pytest.raises(Unusable):
        answered(world, conversation, sender="workshop@linden.example")
    _, mail = answered(world, conversation)
    assert mail["From"].endswith("<help@linden.example>")


def test_an_address_belongs_to_one_inbox_and_to_no_agent(world: World) -> None:
    first = add_inbox_address(world.help, address=SALES, by=world.chen.actor)
    assert add_inbox_address(world.help, address=SALES, by=world.chen.actor) == first
    for address in (SALES, "help@linden.example", "amara@desk.example"):
        with pytest.raises(AlreadyThere):
            add_inbox_address(world.workshop, address=address, by=world.chen.actor)
    with pytest.raises(AlreadyThere):
        add_inbox(world.linden, name="Sales", address=SALES, by=SYSTEM)
    with pytest.raises(AlreadyThere):
        add_agent("S", email=SALES, password=None, role=Role.AGENT, by=SYSTEM)
    for wrong in ("sales", "sales+x@linden.example", "a@b@"):
        with pytest.raises(Unusable):
            add_inbox_address(world.help, address=wrong, by=world.chen.actor)


def test_an_address_that_was_taken_away_is_nobodys(world: World) -> None:
    add_inbox_address(world.help, address=SALES, by=world.chen.actor)
    assert own_inboxes([SALES]) == {SALES}
    remove_inbox_address(world.workshop, address=SALES, by=world.chen.actor)
    assert addresses_of(world.help) == ["help@linden.example", SALES]
    for _ in range(2):
        remove_inbox_address(world.help, address=SALES, by=world.chen.actor)
    assert own_inboxes([SALES]) == frozenset()
    assert not InboxKeeper().accepts(SALES)


def test_only_admins_change_addresses(world: World) -> None:
    with pytest.raises(Refused):
        add_inbox_address(world.help, address=SALES, by=world.edda.actor)
    add_inbox_address(world.help, address=SALES, by=world.chen.actor)
    with pytest.raises(Refused):
        remove_inbox_address(world.help, address=SALES, by=world.edda.actor)
    assert SALES in addresses_of(world.help)


def test_taking_away_what_was_never_there_changes_nothing(world: World) -> None:
    remove_inbox_address(world.help, address=SALES, by=world.chen.actor)
    remove_inbox_address(world.help, address="help@linden.example", by=world.chen.actor)
    assert addresses_of(world.help) == ["help@linden.example"]


def test_an_address_that_was_taken_away_may_go_to_another_inbox(world: World) -> None:
    add_inbox_address(world.help, address=SALES, by=world.chen.actor)
    remove_inbox_address(world.help, address=SALES, by=world.chen.actor)
    add_inbox_address(world.workshop, address=SALES, by=world.chen.actor)
    assert began(world, SALES).inbox == world.workshop


def test_only_admins_say_what_a_brand_calls_its_agents(world: World) -> None:
    with pytest.raises(Refused):
        choose_sender_name(world.linden, to=SenderName.AGENT_AND_BRAND, by=world.edda.actor)
    choose_sender_name(world.kestrel, to=SenderName.AGENT_AND_BRAND, by=world.chen.actor)
    assert answered(world, world.conversation())[1]["From"].startswith("Linden Bikes <")


def test_an_acknowledgement_carries_the_brands_name_alone(world: World) -> None:
    choose_sender_name(world.linden, to=SenderName.AGENT_AND_BRAND, by=world.chen.actor)
    set_agent_signature(world.linden, text="A.", by=world.amara.actor)
    began(world, "help@linden.example")
    raw = bytes(CaughtMail.objects.latest("pk").raw)
    assert message_from_bytes(raw, policy=default)["From"] == "Linden Bikes <help@linden.example>"
    assert b"-- " not in raw


def test_only_admins_say_what_a_server_lets_through(world: World) -> None:
    with pytest.raises(Refused):
        choose_plus_addresses(world.help, to=PlusAddresses.NOWHERE, by=world.edda.actor)
    assert "+h" in answered(world, world.conversation())[0]


def test_without_plus_addresses_an_answer_still_finds_its_conversation(world: World) -> None:
    choose_plus_addresses(world.help, to=PlusAddresses.NOWHERE, by=world.chen.actor)
    conversation = began(world, "help@linden.example")
    answered(world, conversation)
    world.mail_from(world.dalia, reply_to=conversation, subject="Thanks")
    world.settle()
    assert conversation.messages.filter(direction="in").count() == 2


def test_one_inbox_without_plus_addresses_leaves_the_others_alone(world: World) -> None:
    choose_plus_addresses(world.workshop, to=PlusAddresses.NOWHERE, by=world.chen.actor)
    assert "+h" in answered(world, world.conversation())[0]


def test_a_brand_may_name_its_agents_in_the_customers_language(world: World) -> None:
    with unit():
        change(lock(world.amara.row), name="Amara Okafor")
    assert answered(world, world.conversation())[1]["From"] == "Linden Bikes <help@linden.example>"
    for _ in range(2):
        choose_sender_name(world.linden, to=SenderName.AGENT_AND_BRAND, by=world.chen.actor)
    assert answered(world, world.conversation())[1]["From"].startswith("Amara at Linden Bikes <")
    german = world.conversation()
    with unit():
        change(lock(german), language="de")
    assert answered(world, german)[1]["From"].startswith("Amara von Linden Bikes <")
    choose_sender_name(world.linden, to=SenderName.BRAND, by=world.chen.actor)
    assert answered(world, world.conversation())[1]["From"].startswith("Linden Bikes <")


def test_an_answer_ends_with_its_writers_signature_and_the_brands(world: World) -> None:
    change_signature(world.linden, signature="Linden Bikes, Canal Street 4", by=SYSTEM)
    set_agent_signature(world.linden, text="{first_name} of {brand}\r\n{phone}", by=world.amara.actor)
    _, mail = answered(world, world.conversation())
    assert (
        body(mail)
        .split("\n\n> ")[0]
        .startswith(
            "We will look at it.\n\n-- \nAmara of Linden Bikes\n{phone}\nLinden Bikes, Canal Street 4\n"
        )
    )


def test_a_signature_is_changed_and_taken_away(world: World) -> None:
    change_signature(world.linden, signature="Linden Bikes, Canal Street 4", by=SYSTEM)
    set_agent_signature(world.linden, text="Amara", by=world.amara.actor)
    set_agent_signature(world.linden, text="A.", by=world.amara.actor)
    assert "-- \nA.\nLinden" in body(answered(world, world.conversation())[1])
    for _ in range(2):
        set_agent_signature(world.linden, text=" ", by=world.amara.actor)
    assert "-- \nLinden Bikes, Canal" in body(answered(world, world.conversation())[1])


def test_a_signature_is_for_ones_own_brands_and_of_some_length(world: World) -> None:
    for who in (world.gita, world.farid, world.nobody):
        with pytest.raises(Refused):
            set_agent_signature(world.linden, text="x", by=who.actor)
    with pytest.raises(Unusable):
        set_agent_signature(world.linden, text="x" * 2_001, by=world.amara.actor)
    set_agent_signature(world.linden, text="x" * 2_000, by=world.amara.actor)
    assert AgentSignature.objects.get().agent == world.amara.row


def test_where_the_server_takes_no_plus_addresses_none_are_used(world: World) -> None:
    sender, mail = answered(world, world.conversation())
    assert sender == mail["Reply-To"] != "help@linden.example"
    for _ in range(2):
        choose_plus_addresses(world.help, to=PlusAddresses.REPLIES, by=world.chen.actor)
    sender, mail = answered(world, world.conversation())
    assert (sender, "+h" in mail["Reply-To"]) == ("help@linden.example", True)
    choose_plus_addresses(world.help, to=PlusAddresses.NOWHERE, by=world.chen.actor)
    sender, mail = answered(world, world.conversation())
    assert (sender, mail["Reply-To"]) == ("help@linden.example", "help@linden.example")
    choose_plus_addresses(world.help, to=PlusAddresses.EVERYWHERE, by=world.chen.actor)
    assert "+h" in answered(world, world.conversation())[0]


def test_an_agent_without_a_second_name_is_called_by_the_one(world: World) -> None:
    choose_sender_name(world.kestrel, to=SenderName.AGENT_AND_BRAND, by=world.chen.actor)
    reply(world.conversation(inbox=world.hello), answer=world.answer(), by=world.gita.actor)
    world.settle()
    raw = bytes(CaughtMail.objects.latest("pk").raw)
    assert message_from_bytes(raw, policy=default)["From"] == "Gita de Kestrel Maps <hello@kestrel.example>"
