"""What is begun in a form of its own is kept for its writer alone, as long as they may write there."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from heed.conversations import queries, unsent
from heed.conversations.actions import sides
from heed.conversations.actions.answering import Answer, start
from heed.conversations.actions.labels import DRAFT_CHARACTERS
from heed.conversations.actions.purging import purge
from heed.conversations.actions.sheets import discard_sheets, save_sheet
from heed.conversations.actions.state import Trashed
from heed.conversations.actions.trashing import trash
from heed.conversations.models import Attachment, Conversation, Message, SheetDraft
from heed.conversations.sheets import (
    FIELD_CHARACTERS,
    FIELD_VALUES,
    FIELDS,
    PLACE_CHARACTERS,
    Begun,
    known_fields,
    sheet_at,
)
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import TeamId
from heed.people.policy import SYSTEM
from heed.testing.world import World
from heed.web.files import keep_upload

NEW = sheet_at("new")
WORDS = Begun("Dear Petra", fields={"to": ["petra@example.org"], "subject": ["A bell"]})


def begun(world: World) -> tuple[Conversation, Message]:
    """A side conversation with Bruno's team, and its first message."""
    row = world.conversation()
    answer = Answer(text="Is it paid?", to=(), subject="A refund")
    asked = sides.Asked(team=TeamId(world.repairs.pk))
    return row, sides.begin_side(row, answer=answer, asked=asked, by=world.amara.actor)


def test_it_is_kept_whole_and_for_its_writer_alone(world: World) -> None:
    before = world.log_size()
    save_sheet(NEW, begun=WORDS, by=world.amara.actor)
    kept = queries.sheet_draft(world.amara.actor, NEW)
    assert kept is not None
    assert (kept.text, kept.fields) == (WORDS.text, WORDS.fields)
    assert queries.sheet_draft(world.bruno.actor, NEW) is None
    assert world.log_size() == before  # nothing personal, and nothing at all, in the log


def test_saved_twice_it_is_one_and_the_newer(world: World) -> None:
    save_sheet(NEW, begun=WORDS, by=world.amara.actor)
    save_sheet(NEW, begun=Begun("Dear Dalia"), by=world.amara.actor)
    row = SheetDraft.objects.get()
    assert (row.text, row.fields) == ("Dear Dalia", {})
    save_sheet(NEW, begun=Begun(" "), by=world.amara.actor)
    save_sheet(NEW, begun=Begun(), by=world.amara.actor)
    assert not SheetDraft.objects.exists()


def test_who_may_not_write_there_keeps_and_reads_nothing(world: World) -> None:
    row, written = begun(world)
    beside, side = sheet_at(f"side-of-{row.pk}"), sheet_at(f"side-{written.side_id}")
    on = sheet_at(f"forward-{world.writes(row).pk}")
    for sheet in (beside, side, on):
        save_sheet(sheet, begun=WORDS, by=world.amara.actor)
        assert queries.sheet_draft(world.amara.actor, sheet) is not None
    save_sheet(side, begun=WORDS, by=world.bruno.actor)  # of the team that is asked: the thread alone
    for sheet in (beside, on):
        with pytest.raises(NotFound):
            save_sheet(sheet, begun=WORDS, by=world.bruno.actor)
        with pytest.raises(NotFound):
            queries.sheet_draft(world.bruno.actor, sheet)
    assert SheetDraft.objects.count() == 4


def test_what_is_in_the_trash_is_not_written_about(world: World) -> None:
    row = world.conversation()
    trash(row, by=world.amara.actor)
    with pytest.raises(Trashed):
        save_sheet(sheet_at(f"side-of-{row.pk}"), begun=WORDS, by=world.amara.actor)
    for place in (f"side-of-{10**17}", f"side-{10**17}", f"forward-{10**17}"):
        with pytest.raises(NotFound):
            save_sheet(sheet_at(place), begun=WORDS, by=world.amara.actor)
    with pytest.raises(Refused):
        save_sheet(NEW, begun=WORDS, by=world.farid.actor)  # who only looks
    assert not SheetDraft.objects.exists()


def test_sending_is_done_with_it_also_where_saving_comes_too_late(world: World) -> None:
    row = world.conversation()
    beside = sheet_at(f"side-of-{row.pk}")
    save_sheet(beside, begun=WORDS, by=world.amara.actor)
    save_sheet(beside, begun=WORDS, by=world.chen.actor)
    asked = sides.Asked(team=TeamId(world.repairs.pk))
    answer = Answer(text="And this?", to=(), subject="More", sent_once="form", sheet=beside.place)
    sides.begin_side(row, answer=answer, asked=asked, by=world.amara.actor)
    save_sheet(beside, begun=WORDS, sent_once="form", by=world.amara.actor)
    assert SheetDraft.objects.get().agent_id == world.chen.row.pk
    save_sheet(NEW, begun=WORDS, by=world.amara.actor)
    begins = world.answer(subject="A bell", sheet="new")
    start(world.help, answer=begins, team=world.payments, customer=None, by=world.amara.actor)
    assert queries.sheet_draft(world.amara.actor, NEW) is None


def test_what_is_too_much_is_refused_with_the_field(world: World) -> None:
    for wrong in (
        Begun("x" * (DRAFT_CHARACTERS + 1)),
        Begun(fields={"to": ["x" * (FIELD_CHARACTERS + 1)]}),
        Begun(fields={"quote": ["1"] * (FIELD_VALUES + 1)}),
        Begun(fields={"password": ["x"]}),
    ):
        with pytest.raises(Unusable):
            save_sheet(NEW, begun=wrong, by=world.amara.actor)
    for place in ("", "other", "side-x", "new-" + "x" * PLACE_CHARACTERS):
        with pytest.raises(Unusable):
            sheet_at(place)


def test_its_files_stay_with_it_and_both_go_when_nobody_goes_on(world: World) -> None:
    file = keep_upload(SimpleUploadedFile("bell.txt", b"a bell"), by=world.amara.actor)
    theirs = keep_upload(SimpleUploadedFile("bell.txt", b"another"), by=world.bruno.actor)
    begun_days, unsent_days = timedelta(days=config.begun_days), timedelta(days=config.unsent_days)
    save_sheet(NEW, begun=Begun("Dear", files=[file.pk, theirs.pk]), by=world.amara.actor)
    assert SheetDraft.objects.get().files == [file.pk]  # the writer's own
    with clock.at(clock.now() + unsent_days + timedelta(hours=1)):
        unsent.step()
        assert Attachment.objects.get().pk == file.pk
    with clock.at(clock.now() + begun_days + timedelta(hours=1)):
        assert unsent.step() >= 1
        assert not SheetDraft.objects.exists()


UNTOUCHED = timedelta(days=config.begun_days, hours=1)


def kept(world: World) -> int:
    """The key of a draft that is kept from now on."""
    save_sheet(NEW, begun=WORDS, by=world.amara.actor)
    return SheetDraft.objects.get().pk


def test_a_draft_nobody_went_on_with_is_discarded(world: World) -> None:
    number = kept(world)
    with clock.at(clock.now() + UNTOUCHED):
        assert discard_sheets([number], by=SYSTEM) == 1
        assert not SheetDraft.objects.exists()


def test_a_draft_that_somebody_went_on_with_meanwhile_stays(world: World) -> None:
    number = kept(world)
    with clock.at(clock.now() + UNTOUCHED):
        kept(world)
        assert discard_sheets([number], by=SYSTEM) == 1
        assert SheetDraft.objects.get().pk == number


def test_discarding_what_is_gone_changes_nothing(world: World) -> None:
    number = kept(world)
    with clock.at(clock.now() + UNTOUCHED):
        discard_sheets([number], by=SYSTEM)
        assert discard_sheets([number], by=SYSTEM) == 0


def test_no_person_discards_drafts_of_others(world: World) -> None:
    number = kept(world)
    with clock.at(clock.now() + UNTOUCHED):
        for who in (world.chen, world.amara):
            with pytest.raises(Refused):
                discard_sheets([number], by=who.actor)
    assert SheetDraft.objects.exists()


def test_what_is_purged_takes_drafts_and_their_files_along(world: World) -> None:
    row, written = begun(world)
    places = (f"side-of-{row.pk}", f"side-{written.side_id}", f"forward-{world.writes(row).pk}")
    for place in places:
        file = keep_upload(SimpleUploadedFile("bell.txt", place.encode()), by=world.amara.actor)
        save_sheet(sheet_at(place), begun=Begun("x", files=[file.pk]), by=world.amara.actor)
    save_sheet(NEW, begun=WORDS, by=world.amara.actor)
    trash(world.reload(row), by=world.amara.actor)
    purge(world.reload(row), by=world.chen.actor)
    world.settle()
    assert [draft.place for draft in SheetDraft.objects.all()] == ["new"]
    assert not Attachment.objects.exists()


VALUES = st.lists(st.text(max_size=50), max_size=5)


@given(
    st.dictionaries(
        st.sampled_from([*sorted(FIELDS), "key", ""]), VALUES | st.text() | st.integers() | st.none()
    )
)
def test_only_fields_of_forms_are_kept(given_fields: dict[str, object]) -> None:
    is_fit = given_fields.keys() <= FIELDS and all(isinstance(one, list) for one in given_fields.values())
    if not is_fit:
        with pytest.raises(Unusable):
            known_fields(given_fields)
    else:
        kept = known_fields(given_fields)
        assert kept.keys() == given_fields.keys()
        assert not any("\0" in value for values in kept.values() for value in values)
