"""Everybody is told of what they want, how they want it."""

from dataclasses import replace

import pytest

from heed.conversations.actions.answering import add_note
from heed.conversations.models import Conversation
from heed.eventlog.kinds import AgentNotified, SettingChanged
from heed.eventlog.reader import read_after
from heed.kernel.errors import Refused, Unusable
from heed.kernel.notice_words import NotificationChannel, NotificationKind
from heed.notifications.actions.choosing import choose_notifications
from heed.notifications.choices import DEFAULTS, Wanted, read, stored
from heed.notifications.models import Digest, Notification, NotificationChoice
from heed.notifications.queries import notifications, unread, wanted_of
from heed.people.policy import SYSTEM
from heed.testing.world import Colleague, World

PAGE, MAIL = NotificationChannel.PAGE, NotificationChannel.MAIL


def chosen(*channels: NotificationChannel) -> Wanted:
    """Mentions come so, all else as by default."""
    return Wanted({**DEFAULTS, NotificationKind.MENTION: frozenset(channels)})


def mentioned(world: World, who: Colleague) -> Conversation:
    row = world.conversation()
    add_note(row, text=f"@{who.row.name} look", sent_once="", files=(), by=world.amara.actor)
    world.read_log()
    return row


def test_what_nobody_chose_is_as_by_default(world: World) -> None:
    assert wanted_of(world.edda.actor) == Wanted()
    mentioned(world, world.edda)
    assert unread(world.edda.actor).number == 1
    assert Digest.objects.get().agent_id == world.edda.row.pk


def test_who_wants_none_is_told_nothing(world: World) -> None:
    choose_notifications(chosen(), by=world.edda.actor)
    mentioned(world, world.edda)
    mentioned(world, world.farid)
    assert not Notification.objects.filter(agent=world.edda.row).exists()
    assert Notification.objects.filter(agent=world.farid.row).exists()
    told = [one.data.agent for one in read_after(0, limit=99) if isinstance(one.data, AgentNotified)]
    assert told == [world.farid.row.pk]


def test_what_comes_by_mail_alone_stands_in_no_list(world: World) -> None:
    choose_notifications(chosen(MAIL), by=world.edda.actor)
    mentioned(world, world.edda)
    assert Notification.objects.get().wants_mail
    assert notifications(world.edda.actor).rows == []
    assert unread(world.edda.actor).number == 0
    assert Digest.objects.exists()


def test_what_is_for_the_list_alone_waits_for_no_mail(world: World) -> None:
    choose_notifications(chosen(PAGE), by=world.edda.actor)
    mentioned(world, world.edda)
    assert unread(world.edda.actor).number == 1
    assert not Digest.objects.exists()


def test_a_choice_is_kept_and_recorded_once(world: World) -> None:
    wanted = replace(chosen(PAGE), quiet_from=1200, quiet_to=420, quiet_days=[6, 5], has_push_text=True)
    choose_notifications(wanted, by=world.edda.actor)
    assert wanted_of(world.edda.actor) == replace(wanted, quiet_days=[5, 6])
    choose_notifications(wanted, by=world.edda.actor)
    recorded = [one.data for one in read_after(0, limit=99) if isinstance(one.data, SettingChanged)]
    assert [one.number for one in recorded] == [world.edda.row.pk]
    assert wanted_of(world.amara.actor) == Wanted()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quiet_from": 300}, "quiet"),
        ({"quiet_from": 300, "quiet_to": 1440}, "quiet"),
        ({"quiet_days": [7]}, "quiet_days"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Unusable) as refused:
        choose_notifications(replace(Wanted(), **wrong), by=world.edda.actor)  # type: ignore[arg-type]  # wrong ones
    assert refused.value.field == field
    assert not NotificationChoice.objects.exists()


def test_only_an_agent_chooses(world: World) -> None:
    for who in (SYSTEM, world.nobody.actor):
        with pytest.raises(Refused):
            choose_notifications(Wanted(), by=who)


def test_codes_of_another_version_are_passed_over() -> None:
    assert read({"mention": ["page", "pigeon"], "horoscope": ["page"]}) == {
        **DEFAULTS,
        NotificationKind.MENTION: frozenset({PAGE}),
    }
    assert read(stored(DEFAULTS)) == DEFAULTS
