"""What a customer told an agent elsewhere becomes the customer's message; and who took raw bytes off the desk."""

from typing import Any

import pytest

from heed.conversations.actions.answering import Answer, reply
from heed.conversations.actions.downloading import note_download
from heed.conversations.actions.taking_down import take_down
from heed.conversations.actions.uploads import upload
from heed.conversations.models import Attachment, Conversation
from heed.conversations.queries import unassigned
from heed.eventlog.kinds import ConversationOpened, MailDownloaded, MessageReceived
from heed.kernel import blobs
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import Direction, Status
from heed.testing.world import Colleague, World

TOLD = "She called: the chain slips again."


def call(world: World, *, by: Colleague | None = None, **more: Any) -> Any:
    """What `take_down` is given beside the inbox: Amara writes down what Dalia told; `more` are fields of Answer."""
    told = Answer(
        **{"text": TOLD, "subject": "A call", "to": ((world.dalia.name, world.dalia.address),), **more}
    )
    return {"told": told, "team": world.payments, "customer": world.dalia.id, "by": (by or world.amara).actor}


def test_what_was_told_stands_as_the_customers_message_and_is_nobodys_yet(world: World) -> None:
    message = take_down(world.help, **call(world))
    row = message.conversation
    assert (message.direction, message.customer_id, message.agent_id) == (
        Direction.IN,
        world.dalia.id,
        world.amara.row.pk,
    )
    assert (row.status, row.assignee_id, row.customer_id) == (Status.OPEN, None, world.dalia.id)
    assert world.kinds(row) == [ConversationOpened.name, MessageReceived.name]
    world.settle()
    assert [found.pk for found in unassigned(world.bruno.actor).rows] == []
    assert [found.pk for found in unassigned(world.amara.actor).rows] == [row.pk]


def test_what_was_told_is_owed_an_answer_and_nothing_is_mailed(world: World) -> None:
    row = take_down(world.help, **call(world)).conversation
    world.settle()
    assert world.reload(row).next_due_at is not None
    assert list(row.messages.values_list("direction", flat=True)) == [Direction.IN]


def test_an_answer_to_it_goes_to_the_customer(world: World) -> None:
    row = take_down(world.help, **call(world)).conversation
    world.settle()
    answer = reply(row, answer=world.answer(), by=world.amara.actor)
    world.settle()
    answer.refresh_from_db()
    assert answer.to == [[world.dalia.name, world.dalia.address]]
    assert answer.state == "sent"


def test_taking_down_twice_with_one_key_makes_one_conversation(world: World) -> None:
    assert (
        take_down(world.help, **call(world, sent_once="k")).pk
        == take_down(world.help, **call(world, sent_once="k")).pk
    )
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("who", ["bruno", "farid", "gita", "nobody"])
def test_who_is_not_of_the_team_or_only_looks_takes_nothing_down(world: World, who: str) -> None:
    with pytest.raises(Refused):
        take_down(world.help, **call(world, by=world.colleague(who)))
    assert world.log_size() == 0


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("text", {"text": " "}),
        ("subject", {"subject": ""}),
        ("to", {"to": ()}),
        ("to", {"cc": (("", "petra@example.org"),)}),
    ],
)
def test_what_was_told_needs_words_a_subject_and_one_customer(
    world: World, field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(Unusable) as error:
        take_down(world.help, **call(world, **values))
    assert error.value.field == field
    assert world.log_size() == 0


def test_a_file_that_the_writer_uploaded_goes_with_it(world: World) -> None:
    sha256 = blobs.put(b"a sketch")
    file = upload(
        Attachment(blob_id=sha256, filename="sketch.txt", content_type="text/plain", size=8),
        by=world.amara.actor,
    )
    message = take_down(world.help, **call(world, files=[file.pk]))
    assert [row.pk for row in message.attachments.all()] == [file.pk]


def test_taking_raw_bytes_is_on_record_each_time(world: World) -> None:
    row = world.conversation()
    message = row.messages.get()
    note_download(message, by=world.edda.actor)
    note_download(message, by=world.chen.actor)
    told = [event for event in world.events(row) if isinstance(event.data, MailDownloaded)]
    assert [event.actor_id for event in told] == [world.edda.row.pk, world.chen.row.pk]
    assert {event.data.message for event in told if isinstance(event.data, MailDownloaded)} == {message.pk}


@pytest.mark.parametrize("who", ["amara", "farid", "bruno", "hugo", "nobody"])
def test_who_is_no_lead_of_that_team_takes_no_raw_bytes(world: World, who: str) -> None:
    row = world.conversation()
    before = world.log_size()
    with pytest.raises(NotFound):
        note_download(row.messages.get(), by=world.colleague(who).actor)
    assert world.log_size() == before


def test_a_lead_takes_raw_bytes_of_what_was_solved_long_ago(world: World) -> None:
    row = world.conversation(status=Status.CLOSED)
    note_download(row.messages.get(), by=world.edda.actor)
    assert world.kinds(row)[-1] == MailDownloaded.name


def test_noting_a_download_changes_nothing_else(world: World) -> None:
    row = world.conversation()
    note_download(row.messages.get(), by=world.chen.actor)
    assert world.reload(row).last_message_at == row.last_message_at
