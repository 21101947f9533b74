"""An enquiry that repeats one which is still open is shown to agents; ordinary mail and other customers' never are."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from heed.conversations.actions.merging import merge
from heed.conversations.actions.state import change_status
from heed.conversations.models import Conversation, ConversationLink
from heed.eventlog.kinds import ConversationLinked
from heed.intake.repeats import are_alike, read_repeats, words_of
from heed.intake.tests.letters import letter, received
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import LinkReason, Status
from heed.testing.queries import assert_queries
from heed.testing.world import Asker, World

BELL = "The bell that I ordered in spring did not come with the bicycle. Could you please send it to me?"
AGAIN = (
    "the bell that i ordered in spring did not come with the bicycle. Could you please send it to me!! Dalia"
)
CHAIN = "My chain slips whenever I climb the hill behind our house, since Tuesday at the latest I think."


def wrote(world: World, who: Asker, subject: str, text: str = CHAIN, **headers: str) -> Conversation:
    before = set(Conversation.objects.values_list("pk", flat=True))
    world.mail_from(who, subject=subject, text=text, headers=headers)
    world.settle()
    return Conversation.objects.exclude(pk__in=before).get()


def repeated(row: Conversation) -> list[int]:
    links = ConversationLink.objects.filter(conversation=row, reason=LinkReason.PERHAPS_SAME)
    return list(links.values_list("other_id", flat=True))


def test_the_same_subject_again_is_linked_and_leads_to_the_merge_page(world: World) -> None:
    first = wrote(world, world.dalia, "Where is my bell?", BELL)
    second = wrote(world, world.dalia, "RE: where is my  bell?", CHAIN)
    assert (repeated(second), repeated(first)) == ([first.pk], [second.pk])
    assert ConversationLinked.name in world.kinds(second)
    page = world.amara.get(f"/inbox/my-turn/{second.pk}/").content.decode()
    assert "Perhaps asked twice" in page
    assert f"/{second.pk}/merge/?with={first.pk}" in page
    merge(second, into=first, by=world.amara.actor)
    assert "Perhaps asked twice" not in world.amara.get(f"/inbox/my-turn/{first.pk}/").content.decode()


def test_nearly_the_same_words_under_another_subject_are_linked(world: World) -> None:
    first = wrote(world, world.dalia, "Bell", BELL)
    assert repeated(wrote(world, world.dalia, "Second try", AGAIN)) == [first.pk]


def test_two_mails_read_together_are_linked_as_well(world: World) -> None:
    for _ in range(2):
        world.mail_from(world.dalia, subject="Bell", text=BELL)
    world.settle()
    first, second = Conversation.objects.order_by("pk")
    assert repeated(second) == [first.pk]


def test_ordinary_mail_is_linked_to_nothing(world: World) -> None:
    wrote(world, world.dalia, "Bell", BELL)
    assert repeated(wrote(world, world.dalia, "Chain", CHAIN)) == []
    nothing = {"Subject": ""}
    assert repeated(wrote(world, world.dalia, "x", "Hi", **nothing)) == []
    assert repeated(wrote(world, world.dalia, "x", "Hi", **nothing)) == []  # too little to go by
    assert not ConversationLink.objects.exists()


def test_other_customers_are_never_linked(world: World) -> None:
    wrote(world, world.dalia, "Bell", BELL)
    assert repeated(wrote(world, world.jonas, "Bell", BELL)) == []
    assert not ConversationLink.objects.exists()


@pytest.mark.parametrize("status", [Status.SOLVED, Status.WAITING])
def test_only_what_is_open_counts(world: World, status: Status) -> None:
    first = wrote(world, world.dalia, "Bell", BELL)
    change_status(first, to=status, by=world.amara.actor)
    expected = [] if status is Status.SOLVED else [first.pk]
    assert repeated(wrote(world, world.dalia, "Bell", BELL)) == expected


def test_after_so_many_days_it_is_another_matter(world: World) -> None:
    wrote(world, world.dalia, "Bell", BELL)
    with time_machine.travel(clock.now() + timedelta(days=config.repeat_days + 1)):
        assert repeated(wrote(world, world.dalia, "Bell", BELL)) == []


def test_automatic_mail_is_not_compared(world: World) -> None:
    wrote(world, world.dalia, "Bell", BELL)
    robot = {"Auto-Submitted": "auto-generated"}
    world.mail_from(world.dalia, subject="Bell", text=BELL, headers=robot)
    world.settle()
    assert not ConversationLink.objects.exists()


def test_an_answer_joins_its_conversation_and_repeats_nothing(world: World) -> None:
    first = wrote(world, world.dalia, "Bell", BELL)
    world.mail_from(world.dalia, reply_to=first, text=BELL)
    world.settle()
    assert Conversation.objects.get() == first
    assert not ConversationLink.objects.exists()


def test_what_turns_out_to_be_one_thread_is_merged_though_it_was_linked(world: World) -> None:
    early = received(world, letter("c@x", subject="Bell", text=BELL, refers=["b@x"])).conversation
    first = received(world, letter("a@x", subject="Bell", text=BELL)).conversation
    assert repeated(first) == [early.pk]
    received(world, letter("b@x", subject="Re: Bell", text="Thank you.", refers=["a@x"]))
    assert Conversation.objects.filter(merged_into__isnull=True).count() == 1


def test_looking_costs_two_queries_however_many_write(world: World) -> None:
    people = {world.dalia.row.pk, world.jonas.row.pk}
    for who in (world.dalia, world.jonas):
        for number in range(5):
            world.conversation(customer=who, subject=f"Matter {number}")
    with assert_queries(at_most=2):
        found = read_repeats(people)
    assert len(found.conversations()) == 6  # of each the newest three
    with assert_queries(at_most=0):
        assert read_repeats(set()).conversations() == set()


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_mutual_and_a_text_is_like_itself(one: str, other: str) -> None:
    first, second = words_of(one), words_of(other)
    assert are_alike(first, second) == are_alike(second, first)
    assert are_alike(first, first) == (len(first) >= 8)
