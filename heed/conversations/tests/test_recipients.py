"""The recipient line shows exactly whom an answer goes to, also after people were taken out of it."""

from dataclasses import replace

from heed.conversations.actions.answering import reply, start
from heed.conversations.addressees import default_lines
from heed.conversations.models import Conversation
from heed.conversations.queries import unassigned, writers
from heed.testing.world import World

PAT = ("Pat", "pat@example.net")


def lines(conversation: Conversation) -> dict[str, list[str]]:
    people = list(conversation.participants.order_by("pk"))
    return default_lines(conversation, list(conversation.messages.order_by("at")), people)


def test_someone_from_the_to_line_who_was_taken_out_stays_out(world: World) -> None:
    conversation = world.conversation()
    people = (("dalia@example.org", "Dalia", "from"), (PAT[1], PAT[0], "to"))
    world.writes(conversation, participants=people)
    assert lines(conversation) == {"to": ["dalia@example.org"], "cc": [PAT[1]], "bcc": []}
    reply(conversation, answer=world.answer(), by=world.amara.actor)
    assert lines(conversation) == {"to": ["dalia@example.org"], "cc": [], "bcc": []}


def test_someone_in_copy_who_was_moved_to_the_blind_copies_is_shown_to_nobody_later(world: World) -> None:
    conversation = world.conversation()
    reply(conversation, answer=world.answer(cc=(PAT,)), by=world.amara.actor)
    assert lines(conversation)["cc"] == [PAT[1]]
    reply(conversation, answer=world.answer(bcc=(PAT,)), by=world.amara.actor)
    assert lines(conversation)["cc"] == []


def test_whom_we_wrote_to_first_stays_until_they_have_written(world: World) -> None:
    first = replace(world.answer(cc=(PAT,)), subject="Your order")
    message = start(
        world.help, answer=first, team=world.payments, customer=world.dalia.id, by=world.amara.actor
    )
    conversation = message.conversation
    reply(conversation, answer=replace(world.answer(), to=(PAT,)), by=world.amara.actor)
    assert "dalia@example.org" in [*lines(conversation)["to"], *lines(conversation)["cc"]]


def test_a_mail_to_more_people_than_one_answer_may_go_to_is_answered_to_its_writer_alone(
    world: World,
) -> None:
    conversation = world.conversation()
    many = tuple((f"p{number}@example.net", "", "cc") for number in range(150))
    world.writes(conversation, participants=many)
    assert lines(conversation) == {"to": ["dalia@example.org"], "cc": [], "bcc": []}
    [row] = unassigned(world.amara.actor).rows
    assert writers(world.amara.actor, [row])[row.pk].address == "dalia@example.org"
