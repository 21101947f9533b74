"""Rules for mail storms: an admin writes them, each version is kept, and a preview says what they would have done."""

from dataclasses import replace

import pytest

from heed.conversations.actions.restricting import restrict
from heed.conversations.models import Message
from heed.kernel import clock
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.permissions import Permission
from heed.kernel.words import AgentId, StormKey
from heed.people.actions.agents import change_role
from heed.people.actions.roles import add_role
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.triage.actions.storms import NameTaken, Wording, add_storm_rule, change_storm_rule, gather
from heed.triage.models import StormGroup, StormRule
from heed.triage.queries import active_rules, preview, rule_names, rule_of, storm_rule, storm_rules, storms
from heed.triage.storms import Joining, Storming, joining, plain

WORDING = Wording("Monitor", "*@monitor.example", "", "", StormKey.RULE, 3600)


def rule(world: World, **more: object) -> StormRule:
    return add_storm_rule(world.linden, wording=replace(WORDING, **more), by=world.chen.actor)  # type: ignore[arg-type]  # named fields


def alarms(world: World, number: int, *, sender: str = "alarm@monitor.example") -> None:
    for n in range(number):
        row = world.conversation(subject=f"Disk {n % 3} is full ({n})")
        Message.objects.filter(conversation=row).update(from_address=sender, subject=row.subject)


def test_each_version_is_kept_with_who_wrote_it(world: World) -> None:
    row = rule(world)
    change_storm_rule(row, wording=replace(WORDING, window_seconds=7200), by=world.chen.actor)
    change_storm_rule(row, wording=replace(WORDING, window_seconds=7200), by=world.chen.actor)
    found, versions = storm_rule(world.chen.actor, row.pk)
    assert [(one.number, one.window_seconds, one.agent) for one in versions] == [
        (2, 7200, world.chen.row),
        (1, 3600, world.chen.row),
    ]
    assert [one.version for one in active_rules()] == [versions[0].pk]
    assert rule_names(world.amara.actor, [one.pk for one in versions]) == dict.fromkeys(
        [one.pk for one in versions], found.name
    )


def test_a_rule_that_was_made_stands_in_the_list_and_in_the_log(world: World) -> None:
    before = world.log_size()
    made = add_storm_rule(world.linden, wording=WORDING, by=world.chen.actor)
    assert world.log_size() == before + 1
    [line] = storm_rules(world.chen.actor)
    assert (line.rule, line.version.number, line.examples) == (made, 1, [])


def test_a_rule_that_can_not_be_right_is_not_made(world: World) -> None:
    with pytest.raises(Unusable):
        add_storm_rule(world.linden, wording=replace(WORDING, sender=""), by=world.chen.actor)
    assert not StormRule.objects.exists()


def test_gathering_again_into_the_same_changes_nothing(world: World) -> None:
    rule(world)
    row = world.conversation()
    for _ in range(2):
        gather(Joining(active_rules()[0], "a" * 64), conversation=row, by=SYSTEM)
    assert StormGroup.objects.get().conversation == row


def test_a_rule_that_is_off_matches_nothing_and_can_be_switched_on_again(world: World) -> None:
    row = rule(world)
    change_storm_rule(row, wording=replace(WORDING, is_on=False), by=world.chen.actor)
    assert active_rules() == []
    change_storm_rule(row, wording=WORDING, by=world.chen.actor)
    assert len(active_rules()) == 1


def test_only_who_sets_up_writes_and_sees_rules(world: World) -> None:
    row = rule(world)
    for who in (world.edda, world.amara, world.farid, world.nobody):
        with pytest.raises(Refused):
            add_storm_rule(world.linden, wording=replace(WORDING, name="Other"), by=who.actor)
        with pytest.raises(Refused):
            change_storm_rule(row, wording=replace(WORDING, name="Other"), by=who.actor)
        with pytest.raises(NotFound):
            storm_rule(who.actor, row.pk)
        with pytest.raises(NotFound):
            preview(who.actor, active_rules()[0])
        assert not storm_rules(who.actor)
        assert not storms(who.actor)


def test_a_name_is_used_once_a_brand(world: World) -> None:
    rule(world)
    with pytest.raises(NameTaken):
        rule(world)
    add_storm_rule(world.kestrel, wording=WORDING, by=world.chen.actor)
    other = rule(world, name="Other")
    with pytest.raises(NameTaken):
        change_storm_rule(other, wording=WORDING, by=world.chen.actor)


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"name": " "}, "name", "missing"),
        ({"name": "x" * 121}, "name", "too_long"),
        ({"sender": "", "text": "x"}, "sender", "missing"),
        ({"sender": "***"}, "sender", "empty"),
        ({"subject": "{key}{key}"}, "subject", "two_keys"),
        ({"subject": "a {key}:", "text": "b {key}:"}, "text", "two_keys"),
        ({"subject": "x" * 201}, "subject", "too_long"),
        ({"group_by": StormKey.PATTERN}, "group_by", "no_key"),
        ({"window_seconds": 5}, "window", "out_of_range"),
        ({"window_seconds": 8 * 86_400}, "window", "out_of_range"),
    ],
)
def test_what_can_not_be_right_is_said_with_its_field(
    world: World, more: dict[str, object], field: str, reason: str
) -> None:
    with pytest.raises(Unusable) as refused:
        rule(world, **more)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    row = rule(world)
    with pytest.raises(Unusable):
        change_storm_rule(row, wording=replace(WORDING, **more), by=world.chen.actor)  # type: ignore[arg-type]  # named fields


def test_a_preview_says_what_yesterdays_mail_would_have_become(world: World) -> None:
    alarms(world, 12)
    world.conversation()
    row = rule(world)
    found = preview(world.chen.actor, active_rules()[0])
    assert (found.mails, found.conversations, found.before) == (12, 1, 12)
    change_storm_rule(
        row, wording=replace(WORDING, subject="Disk {key} is", group_by=StormKey.PATTERN), by=world.chen.actor
    )
    chen = world.chen.actor
    now = active_rules()[0]
    with assert_queries(at_most=12):
        found = preview(chen, now)
    assert (found.mails, found.conversations) == (12, 3)
    assert [group.mails for group in found.groups] == [4, 4, 4]


def test_who_sets_up_learns_nothing_of_mail_that_they_may_not_see(world: World) -> None:
    role = add_role(
        "Rules", permissions=frozenset({Permission.SEE_OWN_TEAMS, Permission.SET_UP_RULES}), by=SYSTEM
    )
    change_role(world.amara.row, to=role, by=SYSTEM)
    own, secret, strange = (
        world.conversation(text="about the elderberry matter", inbox=inbox)
        for inbox in (world.help, world.help, world.hello)
    )
    Message.objects.update(from_address="alarm@monitor.example")
    restrict(secret, agents=[AgentId(world.edda.row.pk)], teams=[], by=SYSTEM)
    kept = rule(world, subject="", text="elderberry")
    says = active_rules()[0]
    for row in (own, secret, strange):
        gather(Joining(says, f"{row.pk:064}"), conversation=row, by=SYSTEM)
    seen = {who.row.name: preview(who.actor, says).mails for who in (world.amara, world.chen)}
    assert seen == {"Amara": 1, "Chen": 2}
    assert preview(world.amara.actor, replace(says, brand=world.kestrel.pk)).groups == []
    [line] = storm_rules(world.amara.actor)
    assert (line.rule, [one.conversation for one in line.examples]) == (kept, [own.pk])


def test_a_storm_of_mail_that_one_may_not_see_is_not_told(world: World) -> None:
    role = add_role("Rules", permissions=frozenset({Permission.SET_UP_RULES}), by=SYSTEM)
    change_role(world.gita.row, to=role, by=SYSTEM)
    alarms(world, 30)
    assert storms(world.gita.actor) == []
    assert len(storms(world.chen.actor)) == 1


def test_a_sender_that_storms_without_a_rule_is_named(world: World) -> None:
    alarms(world, 30)
    [storm] = storms(world.chen.actor)
    assert (storm.sender, storm.mails, storm.subject) == ("alarm@monitor.example", 30, "disk 0 is full (0)")
    rule(world)
    assert storms(world.chen.actor) == []


def test_nobody_storms_who_writes_a_few(world: World) -> None:
    alarms(world, 29)
    assert storms(world.chen.actor) == []


def test_which_mails_belong_together_rests_on_their_time_and_words_alone(world: World) -> None:
    row, _ = storm_rule(world.chen.actor, rule(world, group_by=StormKey.SUBJECT).pk)
    says = rule_of(row.versions.get())
    now = clock.now().replace(minute=10)
    mails = [Storming("a@monitor.example", f"Disk {n} is full", "", now.replace(second=n)) for n in range(20)]
    keys = {found.key for mail in mails if (found := joining(mail, [says]))}
    assert len(keys) == 1
    later = replace(mails[0], received_at=now.replace(hour=(now.hour + 2) % 24))
    assert joining(later, [says]) != joining(mails[0], [says])
    assert joining(replace(mails[0], sender="a@other.example"), [says]) is None
    assert plain("Disk 12  FULL") == "disk 0 full"


def test_gathering_remembers_the_conversation_once_a_key(world: World) -> None:
    rule(world)
    found = joining(Storming("a@monitor.example", "x", "", clock.now()), active_rules())
    assert found is not None
    one, other = world.conversation(), world.conversation()
    for row in (one, one, other):
        gather(found, conversation=row, by=SYSTEM)
    assert StormGroup.objects.get().conversation == other
    [line] = storm_rules(world.chen.actor)
    assert [example.conversation for example in line.examples] == [other.pk]


def test_gathering_under_two_keys_makes_two_groups(world: World) -> None:
    rule(world)
    says = active_rules()[0]
    for key in ("a" * 64, "b" * 64):
        gather(Joining(says, key), conversation=world.conversation(), by=SYSTEM)
    assert StormGroup.objects.count() == 2


def test_gathering_says_nothing_in_the_log(world: World) -> None:
    rule(world)
    row = world.conversation()
    before = world.log_size()
    gather(Joining(active_rules()[0], "a" * 64), conversation=row, by=SYSTEM)
    assert world.log_size() == before
