"""What comes in: a conversation opens, a mail joins it, two turn out to be one; tags, drafts and reading marks."""

from datetime import timedelta

import pytest

from heed.conversations import queries
from heed.conversations.actions.labels import mark_seen, save_draft, tag, untag
from heed.conversations.actions.merging import DifferentBrand, merge_thread
from heed.conversations.actions.receiving import (
    keep_raw,
    note_raw_blobs,
    open_conversation,
    receive,
)
from heed.conversations.actions.state import share
from heed.conversations.documents import key_of
from heed.conversations.incoming import StoredFile
from heed.conversations.models import (
    Blob,
    ConversationTeam,
    Draft,
    RawMail,
    SearchDocument,
    Seen,
    Tag,
    ThreadKey,
)
from heed.eventlog.kinds import (
    ConversationMerged,
    ConversationOpened,
    ConversationParticipantsChanged,
    ConversationTagged,
    ConversationUntagged,
    MessageReceived,
)
from heed.eventlog.unit import unit
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import Automatic, Origin, Priority, Status, TeamId
from heed.people.policy import SYSTEM
from heed.testing.world import World

STRANGERS = [("bruno", NotFound), ("gita", NotFound), ("nobody", NotFound), ("farid", Refused)]


def test_a_conversation_opens_in_the_teams_list(world: World) -> None:
    row = open_conversation(
        world.help, team=world.payments.pk, mail=world.incoming(customer=world.dalia), by=SYSTEM
    )
    assert (row.status, row.priority, row.customer_id) == (Status.OPEN, Priority.NORMAL, world.dalia.id)
    assert world.kinds(row) == [ConversationOpened.name]
    assert queries.unassigned(world.amara.actor).rows == [row]


def test_without_a_customer_nobody_waits(world: World) -> None:
    row = open_conversation(world.help, team=world.payments.pk, mail=world.incoming(customer=None), by=SYSTEM)
    assert (row.customer_id, row.priority) == (None, Priority.LOW)


def test_imported_history_is_closed_from_the_start(world: World) -> None:
    mail = world.incoming(customer=world.dalia, at=clock.now() - timedelta(days=900))
    with unit(origin=Origin.IMPORT):
        row = open_conversation(world.help, team=world.payments.pk, mail=mail, by=SYSTEM)
    assert (row.status, row.opened_at) == (Status.CLOSED, mail.at)
    assert queries.unassigned(world.amara.actor).rows == ()


def test_an_inbox_of_no_team_opens_for_admins(world: World) -> None:
    row = open_conversation(world.help, team=None, mail=world.incoming(customer=world.dalia), by=SYSTEM)
    assert queries.unassigned(world.chen.actor).rows == [row]
    assert queries.unassigned(world.amara.actor).rows == ()


@pytest.mark.parametrize("status", [Status.WAITING, Status.SNOOZED, Status.SOLVED])
def test_what_a_person_writes_opens_the_conversation(world: World, status: Status) -> None:
    conversation = world.conversation(status=status)
    message = world.writes(conversation, text="It slips again.")
    assert world.reload(conversation).status == Status.OPEN
    assert message.text == "It slips again."
    assert MessageReceived.name in world.kinds(conversation)[-2:]


@pytest.mark.parametrize(
    "automatic", [Automatic.AUTO_REPLY, Automatic.BOUNCE, Automatic.BULK, Automatic.REPORT]
)
def test_automatic_mail_changes_no_status(world: World, automatic: Automatic) -> None:
    conversation = world.conversation(status=Status.WAITING)
    receive(conversation, mail=world.incoming(customer=world.dalia, automatic=automatic), by=SYSTEM)
    assert world.reload(conversation).status == Status.WAITING
    assert conversation.messages.count() == 2


def test_new_people_in_copy_are_participants_once(world: World) -> None:
    conversation = world.conversation()
    people = (("dalia@example.org", "Dalia", "from"), ("ines@example.net", "Inès", "cc"))
    for _ in range(2):
        receive(conversation, mail=world.incoming(customer=world.dalia, participants=people), by=SYSTEM)
    assert set(conversation.participants.values_list("address", flat=True)) == {
        "dalia@example.org",
        "ines@example.net",
    }
    assert world.kinds(conversation).count(ConversationParticipantsChanged.name) == 1


def test_files_are_kept_once_however_often_they_come(world: World) -> None:
    conversation = world.conversation()
    file = StoredFile("c" * 64, 3, "bell.jpg", "image/jpeg")
    for _ in range(2):
        receive(conversation, mail=world.incoming(customer=world.dalia, files=(file, file)), by=SYSTEM)
    assert Blob.objects.get().uses == 4


def test_a_mail_is_searched_and_known_by_its_key(world: World) -> None:
    conversation = world.conversation()
    mail = world.incoming(customer=world.dalia, referred_keys=("r" * 64,))
    message = receive(conversation, mail=mail, by=SYSTEM)
    assert SearchDocument.objects.filter(pk=key_of(message)).exists()
    keys = dict(ThreadKey.objects.filter(conversation=conversation).values_list("key", "message_id"))
    assert keys[mail.own_key] == message.pk
    assert keys["r" * 64] is None


def test_another_copy_of_the_same_mail_keeps_its_raw_once(world: World) -> None:
    message = world.conversation().messages.get()
    for _ in range(2):
        keep_raw(message, sha256="d" * 64, by=SYSTEM)
    assert message.raws.count() == 2


def test_each_raw_that_differs_is_kept(world: World) -> None:
    message = world.conversation().messages.get()
    for letter in "de":
        keep_raw(message, sha256=letter * 64, by=SYSTEM)
    assert message.raws.count() == 3


def test_a_raw_may_stand_under_two_messages(world: World) -> None:
    one, two = (world.conversation().messages.get() for _ in range(2))
    for message in (one, two):
        keep_raw(message, sha256="f" * 64, by=SYSTEM)
    assert RawMail.objects.filter(sha256="f" * 64).count() == 2


def test_keeping_a_raw_tells_nobody(world: World) -> None:
    message = world.conversation().messages.get()
    size = world.log_size()
    keep_raw(message, sha256="d" * 64, by=SYSTEM)
    assert world.log_size() == size


@pytest.mark.parametrize("blobs", [[], [("a" * 64, 1)], [("a" * 64, 1), ("b" * 64, 2)], [("a" * 64, 1)] * 3])
def test_raw_bytes_are_counted_as_often_as_they_are_used(world: World, blobs: list[tuple[str, int]]) -> None:
    note_raw_blobs(blobs, by=SYSTEM)
    assert sum(Blob.objects.values_list("uses", flat=True)) == len(blobs)
    assert dict(Blob.objects.values_list("sha256", "size")) == dict(blobs)


def test_raw_bytes_that_are_known_are_counted_on(world: World) -> None:
    for _ in range(2):
        note_raw_blobs([("a" * 64, 1)], by=SYSTEM)
    assert Blob.objects.get().uses == 2


def test_counting_raw_bytes_goes_with_the_rest_of_the_unit(world: World) -> None:
    with pytest.raises(ZeroDivisionError), unit():
        note_raw_blobs([("a" * 64, 1)], by=SYSTEM)
        raise ZeroDivisionError
    assert not Blob.objects.exists()


def test_raw_bytes_and_attachments_share_a_blob(world: World) -> None:
    note_raw_blobs([("c" * 64, 3)], by=SYSTEM)
    file = StoredFile("c" * 64, 3, "bell.jpg", "image/jpeg")
    receive(world.conversation(), mail=world.incoming(customer=world.dalia, files=(file,)), by=SYSTEM)
    assert Blob.objects.get().uses == 2


def test_merged_conversations_are_one_thread(world: World) -> None:
    source, target = world.conversation(), world.conversation(customer=world.ines)
    share(source, team=TeamId(world.repairs.pk), by=SYSTEM)
    assert merge_thread(source, into=target, by=SYSTEM) == target
    assert target.messages.count() == 2
    assert world.reload(source).merged_into == target
    assert queries.unassigned(world.amara.actor).rows == [target]
    assert ConversationTeam.objects.get().conversation == target
    assert target.participants.count() == 2
    assert world.kinds(source)[-1] == ConversationMerged.name


def test_merging_twice_is_once(world: World) -> None:
    source, target = world.conversation(), world.conversation()
    merge_thread(source, into=target, by=SYSTEM)
    size = world.log_size()
    merge_thread(source, into=target, by=SYSTEM)
    merge_thread(target, into=target, by=SYSTEM)
    merge_thread(target, into=source, by=SYSTEM)
    assert world.log_size() == size


def test_merging_into_what_was_merged_reaches_what_is_left(world: World) -> None:
    one, two, three = (world.conversation() for _ in range(3))
    merge_thread(two, into=three, by=SYSTEM)
    assert merge_thread(one, into=two, by=SYSTEM) == three
    assert three.messages.count() == 3


def test_conversations_of_two_brands_are_never_merged(world: World) -> None:
    one, other = world.conversation(), world.conversation(inbox=world.hello)
    with pytest.raises(DifferentBrand):
        merge_thread(one, into=other, by=SYSTEM)
    assert world.reload(one).merged_into is None


def test_something_open_opens_what_it_is_merged_into(world: World) -> None:
    source, target = world.conversation(), world.conversation(status=Status.SOLVED)
    merge_thread(source, into=target, by=SYSTEM)
    assert world.reload(target).status == Status.OPEN


def test_a_tag_is_made_once_and_carried(world: World) -> None:
    one, two = world.conversation(), world.conversation()
    for row in (one, two, one):
        tag(row, name="  Broken  CHAIN ", by=world.amara.actor)
    assert Tag.objects.get().name == "broken chain"
    assert world.kinds(one).count(ConversationTagged.name) == 1
    assert queries.panel(queries.opened(world.amara.actor, two.pk)).tags == [Tag.objects.get()]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_tag_needs_a_short_name(world: World, name: str) -> None:
    with pytest.raises(Unusable):
        tag(world.conversation(), name=name, by=world.amara.actor)


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_tag_untag_or_draft(world: World, who: str, error: type[Exception]) -> None:
    conversation = world.conversation()
    known = tag(conversation, name="chain", by=world.amara.actor)
    actor = world.colleague(who).actor
    with pytest.raises(error):
        tag(conversation, name="other", by=actor)
    with pytest.raises(error):
        untag(conversation, tag=known, by=actor)
    with pytest.raises(error):
        save_draft(conversation, kind="out", text="Dear", by=actor)
    assert queries.panel(queries.opened(world.amara.actor, conversation.pk)).tags == [known]


def test_a_tag_is_taken_off_once(world: World) -> None:
    conversation = world.conversation()
    known = tag(conversation, name="chain", by=world.amara.actor)
    for _ in range(2):
        untag(conversation, tag=known, by=world.amara.actor)
    assert world.kinds(conversation).count(ConversationUntagged.name) == 1
    panel = queries.panel(queries.opened(world.amara.actor, conversation.pk))
    assert ([tag.name for tag in panel.known], panel.tags) == (["chain"], [])


def test_a_tag_taken_off_one_stays_on_another(world: World) -> None:
    one, two = world.conversation(), world.conversation()
    known = [tag(row, name="chain", by=world.amara.actor) for row in (one, two)]
    untag(one, tag=known[0], by=world.amara.actor)
    assert queries.panel(queries.opened(world.amara.actor, two.pk)).tags == known[:1]


def test_a_tag_can_be_put_on_again(world: World) -> None:
    conversation = world.conversation()
    known = tag(conversation, name="chain", by=world.amara.actor)
    untag(conversation, tag=known, by=world.amara.actor)
    assert tag(conversation, name="chain", by=world.amara.actor) == known


def test_a_draft_is_kept_a_kind_and_a_person(world: World) -> None:
    conversation = world.conversation()
    size = world.log_size()
    for text in ("De", "Dear"):
        save_draft(conversation, kind="out", text=text, by=world.amara.actor)
    save_draft(conversation, kind="note", text="Hm", by=world.amara.actor)
    save_draft(conversation, kind="out", text="Hi", by=world.edda.actor)
    assert sorted(Draft.objects.values_list("text", flat=True)) == ["Dear", "Hi", "Hm"]
    assert world.log_size() == size, "never in the log"


def test_an_emptied_draft_is_gone(world: World) -> None:
    conversation = world.conversation()
    for text in ("", "Dear", " "):
        save_draft(conversation, kind="out", text=text, by=world.amara.actor)
    assert not Draft.objects.exists()


def test_a_reading_mark_never_moves_back(world: World) -> None:
    conversation = world.conversation()
    now = clock.now()
    for at in (now, now - timedelta(hours=1)):
        mark_seen(conversation, up_to=at, by=world.amara.actor)
    assert Seen.objects.get().message_at == now
    mark_seen(conversation, up_to=now + timedelta(hours=1), by=world.amara.actor)
    assert Seen.objects.get().message_at == now + timedelta(hours=1)


def test_a_viewer_has_reading_marks_too(world: World) -> None:
    conversation = world.conversation()
    mark_seen(conversation, up_to=clock.now(), by=world.farid.actor)
    assert Seen.objects.get().agent == world.farid.row


@pytest.mark.parametrize("who", ["bruno", "nobody"])
def test_only_those_who_see_it_have_seen_it(world: World, who: str) -> None:
    with pytest.raises(NotFound):
        mark_seen(world.conversation(), up_to=clock.now(), by=world.colleague(who).actor)
    assert not Seen.objects.exists()
