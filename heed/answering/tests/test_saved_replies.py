"""Saved replies: who finds and changes them, what was before, and what they say in one conversation."""

from typing import Any

import pytest

from heed.answering import queries
from heed.answering.actions.saved_replies import (
    UnknownVariables,
    Wanted,
    add_saved_reply,
    archive_saved_reply,
    attach_to_reply,
    change_saved_reply,
    detach_from_reply,
    restore_saved_reply,
    take_files,
)
from heed.answering.models import SavedReply, SavedReplyFile
from heed.conversations.actions.answering import reply
from heed.conversations.models import Attachment, Blob
from heed.conversations.queries import opened
from heed.eventlog.kinds import SavedReplyChanged
from heed.eventlog.reader import newest_about
from heed.kernel import blobs
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import AgentId, SavedReplyPart, TeamId
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

TEXTS = {"en": "Dear {{ customer.first_name }}, your money is on its way. {{ agent.name }}"}


def wanted(**values: Any) -> Wanted:
    return Wanted(**{"name": "Refund", "texts": TEXTS} | values)


def shared(world: World, by: Colleague | None = None, **values: Any) -> SavedReply:
    return add_saved_reply(
        world.linden,
        wanted=wanted(**{"team": TeamId(world.payments.pk)} | values),
        by=(by or world.amara).actor,
    )


def private(world: World, of: Colleague) -> SavedReply:
    return add_saved_reply(world.linden, wanted=wanted(owner=AgentId(of.row.pk)), by=of.actor)


def parts(row: SavedReply) -> list[SavedReplyPart]:
    told = newest_about(SavedReplyChanged, limit=20, reply=row.pk)
    return [event.data.part for event in reversed(told) if isinstance(event.data, SavedReplyChanged)]


def finders(world: World, row: SavedReply) -> set[str]:
    found = set()
    for who in world.colleagues:
        if row.pk in {one.pk for one in queries.listed(who.actor).rows}:
            assert queries.saved_reply(who.actor, row.pk).pk == row.pk
            found.add(who.row.name)
        else:
            with pytest.raises(NotFound):
                queries.saved_reply(who.actor, row.pk)
    return found


def test_who_finds_it_is_its_owner_its_team_or_everybody_who_answers_in_the_brand(world: World) -> None:
    assert finders(world, shared(world)) == {"Amara", "Chen", "Edda"}
    assert finders(world, shared(world, by=world.edda, team=None)) == {"Amara", "Bruno", "Chen", "Edda"}
    assert finders(world, private(world, world.amara)) == {"Amara"}
    assert finders(world, private(world, world.chen)) == {"Chen"}


def test_it_is_kept_with_its_texts_and_who_made_it(world: World) -> None:
    row = shared(world, folder=" Money  back ", texts={**TEXTS, "de": "Guten Tag", "fr": "  "})
    assert (row.name, row.folder) == ("Refund", "Money back")
    assert set(queries.texts_of(world.amara.actor, row)) == {"en", "de"}
    assert parts(row) == [SavedReplyPart.MADE]
    assert queries.folders(world.edda.actor) == ["Money back"]


@pytest.mark.parametrize(("who", "error"), [("farid", NotFound), ("gita", NotFound), ("nobody", NotFound)])
def test_who_does_not_answer_there_makes_none(world: World, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        add_saved_reply(world.linden, wanted=wanted(), by=world.colleague(who).actor)
    assert not SavedReply.objects.exists()


def test_only_leads_and_admins_write_for_the_whole_brand_and_members_for_their_team(world: World) -> None:
    for who in (world.edda, world.chen):
        shared(world, by=who, team=None)
    with pytest.raises(Refused):
        shared(world, by=world.amara, team=None)
    with pytest.raises(Refused):
        shared(world, by=world.bruno)


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"name": "  "}, "name", "missing"),
        ({"name": "x" * 121}, "name", "too_long"),
        ({"folder": "x" * 61}, "folder", "too_long"),
        ({"texts": {"en": " "}}, "texts", "missing"),
        ({"texts": {"en": "x" * 20_001}}, "text-en", "too_long"),
        ({"texts": {"English": "x"}}, "language", "malformed"),
        ({"texts": {"en": "{{ customer.shoe_size }}"}}, "text-en", "unknown_variable"),
    ],
)
def test_what_can_not_be_used_is_refused_by_name(
    world: World, values: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(Unusable) as refused:
        shared(world, **values)
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_an_unknown_variable_is_named(world: World) -> None:
    with pytest.raises(UnknownVariables) as refused:
        shared(world, texts={"en": "{{ customer.shoe_size }} {{ x }}"})
    assert refused.value.names == ["customer.shoe_size", "x"]


def test_nobody_writes_for_a_team_of_another_brand_or_for_a_colleague_alone(world: World) -> None:
    for values in ({"team": TeamId(world.charts.pk)}, {"owner": AgentId(world.edda.row.pk)}):
        with pytest.raises(Unusable):
            add_saved_reply(world.linden, wanted=wanted(**values), by=world.amara.actor)


def test_two_of_one_name_are_two(world: World) -> None:
    mine = wanted(owner=AgentId(world.amara.row.pk))
    one, other = (add_saved_reply(world.linden, wanted=mine, by=world.amara.actor) for _ in range(2))
    assert one.pk != other.pk


def test_a_change_says_what_differs_and_keeps_what_was(world: World) -> None:
    row = shared(world)
    change_saved_reply(
        row,
        wanted=wanted(name="Refunds", team=TeamId(world.payments.pk), texts={"de": "Guten Tag"}),
        by=world.edda.actor,
    )
    assert parts(row) == [SavedReplyPart.MADE, SavedReplyPart.NAME, SavedReplyPart.TEXTS]
    newest, oldest = queries.versions_of(world.amara.actor, row)
    assert (newest.name, newest.texts, newest.agent) == ("Refunds", {"de": "Guten Tag"}, world.edda.row)
    assert (oldest.name, oldest.texts, oldest.agent) == ("Refund", TEXTS, world.amara.row)


def test_the_same_again_changes_nothing(world: World) -> None:
    row = shared(world)
    change_saved_reply(row, wanted=wanted(team=TeamId(world.payments.pk)), by=world.edda.actor)
    assert parts(row) == [SavedReplyPart.MADE]
    assert len(queries.versions_of(world.amara.actor, row)) == 1


OUTSIDERS = ["bruno", "farid", "gita", "nobody"]


def file(content: bytes = b"a form to fill in", name: str = "form.pdf") -> SavedReplyFile:
    return SavedReplyFile(
        blob_id=blobs.put(content), filename=name, content_type="application/pdf", size=len(content)
    )


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_does_not_find_it_changes_nothing(world: World, who: str) -> None:
    row = shared(world)
    with pytest.raises(NotFound):
        change_saved_reply(row, wanted=wanted(name="Other"), by=world.colleague(who).actor)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_does_not_find_it_neither_puts_it_away_nor_brings_it_back(world: World, who: str) -> None:
    row, actor = shared(world), world.colleague(who).actor
    with pytest.raises(NotFound):
        archive_saved_reply(row, by=actor)
    with pytest.raises(NotFound):
        restore_saved_reply(row, by=actor)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_does_not_find_it_touches_none_of_its_files(world: World, who: str) -> None:
    row, actor = shared(world), world.colleague(who).actor
    kept = attach_to_reply(row, file=file(), by=world.amara.actor)
    with pytest.raises(NotFound):
        attach_to_reply(row, file=file(), by=actor)
    with pytest.raises(NotFound):
        detach_from_reply(row, file_id=kept.pk, by=actor)
    with pytest.raises(NotFound):
        take_files(row, by=actor)


def test_what_is_private_is_its_owners_alone_whoever_leads(world: World) -> None:
    row = private(world, world.amara)
    for who in (world.edda, world.chen):
        with pytest.raises(NotFound):
            change_saved_reply(row, wanted=wanted(), by=who.actor)
        with pytest.raises(NotFound):
            take_files(row, by=who.actor)
    shared_now = change_saved_reply(row, wanted=wanted(team=TeamId(world.payments.pk)), by=world.amara.actor)
    assert finders(world, shared_now) == {"Amara", "Chen", "Edda"}


def test_what_is_the_whole_brands_is_used_by_all_and_changed_by_its_leads(world: World) -> None:
    row = shared(world, by=world.edda, team=None)
    kept = attach_to_reply(row, file=file(), by=world.edda.actor)
    assert [one.filename for one in take_files(row, by=world.bruno.actor)] == ["form.pdf"]
    with pytest.raises(Refused):
        attach_to_reply(row, file=file(b"other"), by=world.bruno.actor)
    with pytest.raises(Refused):
        detach_from_reply(row, file_id=kept.pk, by=world.bruno.actor)
    with pytest.raises(Refused):
        archive_saved_reply(row, by=world.bruno.actor)
    archive_saved_reply(row, by=world.chen.actor)
    with pytest.raises(Refused):
        restore_saved_reply(row, by=world.bruno.actor)


def test_what_is_put_away_gives_nobody_its_files_and_can_still_be_mended(world: World) -> None:
    row = shared(world)
    kept = attach_to_reply(row, file=file(), by=world.amara.actor)
    put_away = archive_saved_reply(row, by=world.amara.actor)
    with pytest.raises(NotFound):
        take_files(put_away, by=world.amara.actor)
    detach_from_reply(put_away, file_id=kept.pk, by=world.amara.actor)
    back = restore_saved_reply(put_away, by=world.amara.actor)
    assert take_files(back, by=world.amara.actor) == []
    restore_saved_reply(back, by=world.amara.actor)
    assert len(parts(row)) == 5


def test_what_is_put_away_is_offered_to_nobody_until_it_comes_back(world: World) -> None:
    row, conversation = shared(world), world.conversation()

    def offered() -> list[int]:
        here = opened(world.amara.actor, conversation.pk)
        return [pick.head.id for pick in queries.picks(here, writer=world.amara.row, typed="")]

    assert offered() == [row.pk]
    for _ in range(2):
        archive_saved_reply(row, by=world.amara.actor)
    assert offered() == []
    assert [one.pk for one in queries.archived(world.amara.actor).rows] == [row.pk]
    for _ in range(2):
        restore_saved_reply(row, by=world.amara.actor)
    assert offered() == [row.pk]
    assert parts(row) == [SavedReplyPart.MADE, SavedReplyPart.ARCHIVED, SavedReplyPart.RESTORED]


def test_it_is_filled_for_the_conversation_and_what_is_unknown_is_a_gap(world: World) -> None:
    shared(world)
    here = opened(world.amara.actor, world.conversation().pk)
    (pick,) = queries.picks(here, writer=world.amara.row, typed="ref")
    words = "".join(piece.text for piece in pick.pieces)
    assert words == "Dear Dalia, your money is on its way. Amara"

    nameless = opened(world.amara.actor, world.conversation(customer=world.jonas).pk)
    (pick,) = queries.picks(nameless, writer=world.amara.row, typed="ref")
    assert [piece.variable for piece in pick.pieces if piece.is_gap] == ["customer.first_name"]


def test_the_conversations_language_is_offered_and_a_fallback_is_said(world: World) -> None:
    shared(world, texts={"en": "Hello", "fr": "Bonjour"})
    of_ines = opened(world.amara.actor, world.conversation(customer=world.ines).pk)
    (pick,) = queries.picks(of_ines, writer=world.amara.row, typed="")
    assert (pick.fitting.text, pick.fitting.wanted) == ("Bonjour", "")
    of_jonas = opened(world.amara.actor, world.conversation(customer=world.jonas).pk)
    (pick,) = queries.picks(of_jonas, writer=world.amara.row, typed="")
    assert (pick.fitting.text, pick.fitting.wanted) == ("Hello", "de")


def test_only_those_of_the_conversations_brand_are_offered(world: World) -> None:
    add_saved_reply(world.kestrel, wanted=wanted(name="Maps"), by=world.chen.actor)
    mine = shared(world)
    here = opened(world.chen.actor, world.conversation().pk)
    assert [pick.head.id for pick in queries.picks(here, writer=world.chen.row, typed="")] == [mine.pk]


def test_the_picker_is_quick_however_many_there_are(world: World) -> None:
    for number in range(30):
        shared(world, name=f"Refund {number:02}")
    here = opened(world.amara.actor, world.conversation().pk)
    with assert_queries(at_most=5):
        picks = queries.picks(here, writer=world.amara.row, typed="ref")
    assert len(picks) == queries.SHOWN


def test_the_list_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for name in "cba":
        shared(world, name=name)
    actor = world.amara.actor
    with assert_queries(at_most=3):
        first = queries.listed(actor)
    second = queries.listed(actor, after=first.after)
    assert [row.name for row in (*first.rows, *second.rows)] == ["a", "b", "c"]
    assert not second.after
    assert [row.name for row in queries.listed(actor, typed="b").rows] == ["b"]


def test_a_brand_has_no_more_than_its_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heed.answering.actions.saved_replies.REPLIES", 1)
    shared(world)
    with pytest.raises(Unusable) as refused:
        shared(world)
    assert refused.value.reason == "too_many"


def test_a_file_goes_with_it_and_with_each_answer_as_ones_own(world: World) -> None:
    row = shared(world)
    sha256 = file().blob_id
    kept = attach_to_reply(row, file=file(), by=world.amara.actor)
    assert attach_to_reply(row, file=file(), by=world.amara.actor).pk == kept.pk
    assert parts(row) == [SavedReplyPart.MADE, SavedReplyPart.FILES]

    taken = take_files(row, by=world.edda.actor)
    conversation = world.conversation()
    sent = reply(conversation, answer=world.answer(files=[one.pk for one in taken]), by=world.edda.actor)
    assert [one.filename for one in Attachment.objects.filter(message=sent)] == ["form.pdf"]
    assert Blob.objects.get(pk=sha256).uses == 2

    for _ in range(2):
        detach_from_reply(row, file_id=kept.pk, by=world.amara.actor)
    assert queries.files_of(world.amara.actor, row) == []
    assert Blob.objects.get(pk=sha256).uses == 1


def test_there_are_not_more_files_than_a_mail_should_have(world: World) -> None:
    row = shared(world)
    for number in range(11):
        one = file(b"%d" % number, f"{number}.pdf")
        if number < 10:
            attach_to_reply(row, file=one, by=world.amara.actor)
            continue
        with pytest.raises(Unusable):
            attach_to_reply(row, file=one, by=world.amara.actor)


@pytest.mark.parametrize("text", ["Dear ⟦first name⟧", "Dear {{ customer.first_name }}"])
def test_a_gap_that_is_left_is_never_sent(world: World, text: str) -> None:
    row = world.conversation()
    with pytest.raises(Unusable) as refused:
        reply(row, answer=world.answer(text=text), by=world.amara.actor)
    assert refused.value.reason == "gap_left"
    assert not row.messages.filter(direction="out").exists()
