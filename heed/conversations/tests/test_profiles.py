"""What agents write down about customers: profile and notes, for those who know them, and erasable."""

from datetime import timedelta

import pytest
import time_machine

from heed.conversations.actions.profiles import (
    NOTE_CHARACTERS,
    Profile,
    change_customer_note,
    describe_customer,
    erase_customer_note,
    write_customer_note,
)
from heed.conversations.actions.uniting import merge_customers, undo_move
from heed.conversations.queries.customers import customer_note, customer_sheet, customers
from heed.eventlog.kinds import CustomerChanged
from heed.eventlog.models import EventRow
from heed.kernel import clock
from heed.kernel.customer_words import CustomerPart
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.people import naming
from heed.people.models import Company, CustomerNote
from heed.people.standing_queries import closed_to_automatic
from heed.testing.world import World

ALL = Profile(
    name="Dr. Dalia Haddad",
    company="Tern Travel",
    language="ar",
    time_zone="Asia/Amman",
    addressed_as="Dr. Haddad, formally",
    preferred_channel="phone",
    wants_no_automatic_mail=True,
)


def parts() -> list[str]:
    rows = EventRow.objects.filter(kind=CustomerChanged.name).order_by("pk")
    return [row.data["part"] for row in rows]


def written(world: World, text: str = "Ask for the frame number first.") -> CustomerNote:
    world.conversation()
    return write_customer_note(world.dalia.row, brand=world.linden, text=text, by=world.amara.actor)


def test_a_profile_says_all_at_once_and_records_what_differs(world: World) -> None:
    world.conversation()
    row = describe_customer(world.dalia.row, profile=ALL, by=world.amara.actor)
    row.refresh_from_db()
    assert (row.name, row.language, row.time_zone) == ("Dr. Dalia Haddad", "ar", "Asia/Amman")
    assert (row.addressed_as, row.preferred_channel) == ("Dr. Haddad, formally", "phone")
    assert row.company is not None
    assert row.company.name == "Tern Travel"
    assert set(parts()) == set(CustomerPart) - {CustomerPart.NOTES}
    describe_customer(world.dalia.row, profile=ALL, by=world.amara.actor)
    assert len(parts()) == len(CustomerPart) - 1  # twice is once


def test_what_is_left_empty_is_forgotten(world: World) -> None:
    world.conversation()
    describe_customer(world.dalia.row, profile=ALL, by=world.amara.actor)
    row = describe_customer(world.dalia.row, profile=Profile(), by=world.amara.actor)
    row.refresh_from_db()
    assert (row.name, row.company, row.language, row.addressed_as) == ("", None, "", "")
    assert not row.wants_no_automatic_mail


def test_two_spellings_of_a_company_are_one(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines)
    one = describe_customer(world.dalia.row, profile=Profile(company="Térn  TRAVEL"), by=world.amara.actor)
    two = describe_customer(world.ines.row, profile=Profile(company="tern travel"), by=world.amara.actor)
    assert one.company == two.company == Company.objects.get()


def test_a_profile_is_refused_to_those_who_do_not_know_the_customer(world: World) -> None:
    world.conversation()
    for who in (world.bruno, world.gita):
        with pytest.raises(NotFound):
            describe_customer(world.dalia.row, profile=ALL, by=who.actor)
    with pytest.raises(Refused):
        describe_customer(world.dalia.row, profile=ALL, by=world.farid.actor)
    assert parts() == []


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "x" * 121, "too_long"),
        ("addressed_as", "a\u202eb", "unseen_characters"),
        ("company", "y" * 121, "too_long"),
        ("language", "english", "malformed"),
        ("time_zone", "Mars/Base", "unknown"),
        ("preferred_channel", "pigeon", "unknown_choice"),
    ],
)
def test_a_profile_names_the_field_that_can_not_be_used(
    world: World, field: str, value: str, reason: str
) -> None:
    world.conversation()
    profile = Profile(**{field: value})  # type: ignore[arg-type]  # each of these is a text
    with pytest.raises(Unusable) as refused:
        describe_customer(world.dalia.row, profile=profile, by=world.amara.actor)
    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_a_profile_of_one_who_was_merged_is_that_of_the_other(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines)
    merge_customers(world.ines.row, into=world.dalia.row, by=world.amara.actor)
    for by in (world.amara.actor, world.chen.actor):
        with pytest.raises(NotFound):
            describe_customer(world.ines.row, profile=ALL, by=by)


def test_who_wants_no_automatic_mail_gets_none_of_any_brand(world: World) -> None:
    world.conversation()
    pair = (world.linden.pk, world.dalia.address)
    assert closed_to_automatic([pair]) == frozenset()
    describe_customer(world.dalia.row, profile=Profile(wants_no_automatic_mail=True), by=world.amara.actor)
    assert closed_to_automatic([pair, (world.kestrel.pk, world.dalia.address.upper())]) == {
        pair,
        (world.kestrel.pk, world.dalia.address.upper()),
    }


def test_a_note_is_read_by_those_who_know_the_customer_in_its_brand(world: World) -> None:
    note = written(world)
    assert customer_sheet(world.edda.actor, world.dalia.id).notes == [note]
    world.conversation(inbox=world.hello)  # Kestrel Maps know her too
    assert customer_sheet(world.gita.actor, world.dalia.id).notes == []
    with pytest.raises(NotFound):
        customer_note(world.gita.actor, note.pk)
    assert parts() == [CustomerPart.NOTES]


def test_a_note_is_changed_by_its_author_alone(world: World) -> None:
    note = written(world)
    with pytest.raises(Refused):
        change_customer_note(note, text="Never mind.", by=world.edda.actor)
    change_customer_note(note, text="Never mind.", by=world.amara.actor)
    change_customer_note(note, text="Never mind.", by=world.amara.actor)
    note.refresh_from_db()
    assert (note.text, len(parts())) == ("Never mind.", 2)
    assert note.changed_at is not None


def test_a_note_is_erased_by_its_author_or_a_lead_and_leaves_no_words(world: World) -> None:
    note, other = written(world, "Lives at Tern Street"), written(world, "Likes Tern Street")
    erase_customer_note(note, by=world.amara.actor)
    erase_customer_note(other, by=world.edda.actor)
    assert not CustomerNote.objects.exists()
    assert not EventRow.objects.filter(data__icontains="Tern").exists()


def test_a_note_is_erased_by_no_viewer_and_no_colleague_who_did_not_write_it(world: World) -> None:
    note = written(world)
    theirs = write_customer_note(world.dalia.row, brand=world.linden, text="Hers", by=world.edda.actor)
    for row, who in ((note, world.farid), (theirs, world.amara)):
        with pytest.raises(Refused):
            erase_customer_note(row, by=who.actor)
    assert CustomerNote.objects.count() == 2


def test_a_note_that_was_erased_is_not_there_any_more(world: World) -> None:
    note = written(world)
    erase_customer_note(note, by=world.amara.actor)
    with pytest.raises(NotFound):
        erase_customer_note(note, by=world.amara.actor)
    with pytest.raises(NotFound):
        change_customer_note(note, text="Again", by=world.amara.actor)


def test_a_note_is_not_there_for_others(world: World) -> None:
    note = written(world)
    for verb in (
        lambda: change_customer_note(note, text="x", by=world.bruno.actor),
        lambda: erase_customer_note(note, by=world.bruno.actor),
        lambda: write_customer_note(world.dalia.row, brand=world.linden, text="x", by=world.bruno.actor),
        lambda: write_customer_note(world.dalia.row, brand=world.kestrel, text="x", by=world.amara.actor),
    ):
        with pytest.raises(NotFound):
            verb()
    with pytest.raises(Refused):
        write_customer_note(world.dalia.row, brand=world.linden, text="x", by=world.farid.actor)


@pytest.mark.parametrize("text", ["", " \n", "x" * (NOTE_CHARACTERS + 1)])
def test_a_note_has_words_and_not_too_many(world: World, text: str) -> None:
    note = written(world)
    with pytest.raises(Unusable):
        write_customer_note(world.dalia.row, brand=world.linden, text=text, by=world.amara.actor)
    with pytest.raises(Unusable):
        change_customer_note(note, text=text, by=world.amara.actor)


def test_notes_go_along_when_two_are_one_and_back_again(world: World) -> None:
    hers = written(world, "Hers")
    world.conversation(customer=world.ines)
    other = write_customer_note(world.ines.row, brand=world.linden, text="Inès", by=world.amara.actor)
    move = merge_customers(world.ines.row, into=world.dalia.row, by=world.amara.actor)
    assert {note.pk for note in customer_sheet(world.amara.actor, world.dalia.id).notes} == {
        hers.pk,
        other.pk,
    }
    undo_move(move, by=world.amara.actor)
    assert customer_sheet(world.amara.actor, world.ines.id).notes == [other]
    assert customer_sheet(world.amara.actor, world.dalia.id).notes == [hers]


def learn() -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        naming.step()


def found(world: World, text: str) -> list[int]:
    return [one.customer.pk for one in customers(world.amara.actor, text=text).rows]


def test_customers_are_found_by_parts_of_names_companies_and_addresses(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines)
    learn()
    assert found(world, "dal") == found(world, "HADDAD") == [world.dalia.id]
    assert found(world, "alia@exam") == [world.dalia.id]  # inside a word, and part of an address
    assert found(world, "ines moreau") == found(world, "Inès") == [world.ines.id]
    assert found(world, "dalia moreau") == []
    assert found(world, "?!") == []
    describe_customer(
        world.ines.row, profile=Profile(name="Zoë", company="Térn Travel"), by=world.amara.actor
    )
    assert found(world, "zoe") == found(world, "ravel") == [world.ines.id]
    assert found(world, "moreau") == []


def test_customers_whom_one_does_not_know_are_not_listed(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines, inbox=world.workshop)
    learn()
    assert [one.customer.pk for one in customers(world.amara.actor).rows] == [world.dalia.id]
    assert [one.customer.pk for one in customers(world.bruno.actor).rows] == [world.ines.id]
    assert customers(world.bruno.actor, text="dalia").rows == []
    assert len(customers(world.chen.actor).rows) == 2
    assert customers(world.gita.actor).rows == []


def test_customers_are_paged_and_one_who_was_merged_is_not_listed(world: World) -> None:
    for who in (world.dalia, world.ines, world.jonas):
        world.conversation(customer=who)
    learn()
    first = customers(world.amara.actor, limit=2)
    rest = customers(world.amara.actor, after=first.after, limit=2)
    assert [one.customer.pk for one in (*first.rows, *rest.rows)] == sorted(
        [world.dalia.id, world.ines.id, world.jonas.id], reverse=True
    )
    assert rest.after == ""
    with pytest.raises(Unusable):
        customers(world.amara.actor, after="x")
    move = merge_customers(world.ines.row, into=world.dalia.row, by=world.amara.actor)
    assert found(world, "ines") == [world.dalia.id]  # her address is Dalia's now
    undo_move(move, by=world.amara.actor)
    assert found(world, "ines") == [world.ines.id]
