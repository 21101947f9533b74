"""Verbs by which an admin says which mails belong together, and the one by which a mail joins them."""

from dataclasses import dataclass

from heed.brands.models import Brand
from heed.conversations.models import Conversation
from heed.eventlog.kinds import StormRuleChanged
from heed.eventlog.unit import add, change, lock, record, verb
from heed.kernel import clock
from heed.kernel.errors import HeedError, Unusable, require
from heed.kernel.words import StormKey, StormRuleId
from heed.people.policy import Actor, may_set_up
from heed.triage.models import StormGroup, StormRule, StormVersion
from heed.triage.patterns import KEY, WrongPattern, whole, within
from heed.triage.storms import Joining

NAME_CHARACTERS = 120
SHORTEST_SECONDS, LONGEST_SECONDS = 60, 7 * 86_400


class NameTaken(HeedError):
    """Another rule of this brand has this name."""

    code, status = "name_taken", 409


@dataclass(frozen=True, slots=True)
class Wording:
    """What an admin writes into the form. Patterns hold * for anything, and {key} once for what groups mails."""

    name: str
    sender: str
    subject: str
    text: str
    group_by: StormKey
    window_seconds: int
    is_on: bool = True

    def tidy(self) -> "Wording":
        """The same, checked. Raises Unusable with the field that can't be right."""
        name = " ".join(self.name.split())
        if not name or len(name) > NAME_CHARACTERS:
            raise Unusable("name", "too_long" if name else "missing")
        sender = self.sender.strip().lower()
        if not sender and not self.subject.strip():
            raise Unusable("sender", "missing")
        if not SHORTEST_SECONDS <= self.window_seconds <= LONGEST_SECONDS:
            raise Unusable("window", "out_of_range")
        fields = {"sender": sender, "subject": self.subject.strip(), "text": self.text.strip()}
        for field, pattern in fields.items():
            try:
                if pattern:
                    (whole if field == "sender" else within)(pattern)
            except WrongPattern as error:
                raise Unusable(field, str(error)) from None
        if sum(KEY in pattern for pattern in fields.values()) > 1:
            raise Unusable("text", "two_keys")
        if self.group_by is StormKey.PATTERN and not any(KEY in pattern for pattern in fields.values()):
            raise Unusable("group_by", "no_key")
        return Wording(
            name, **fields, group_by=self.group_by, window_seconds=self.window_seconds, is_on=self.is_on
        )


@verb
def add_storm_rule(brand: Brand, *, wording: Wording, by: Actor) -> StormRule:
    """Afterwards mails to this brand that match join one conversation a window and key. Its first version is kept.

    Records storm.changed. Raises Refused, NameTaken, and Unusable with the field that can't be right.
    """
    require(may_set_up(by))
    said = wording.tidy()
    lock(brand)  # two who add the same name wait for each other
    if StormRule.objects.filter(brand=brand, name=said.name).exists():
        raise NameTaken
    rule = add(StormRule(brand=brand, name=said.name, is_on=said.is_on))
    _write_down(rule, said, number=1, by=by)
    return rule


@verb
def change_storm_rule(rule: StormRule, *, wording: Wording, by: Actor) -> StormRule:
    """Afterwards the rule says this; what it said before is kept with who changed it and when. Mails stay joined.

    Records storm.changed; nothing when it says so already. Raises Refused, NameTaken, Unusable.
    """
    require(may_set_up(by))
    said = wording.tidy()
    held = lock(rule)
    newest = held.versions.order_by("-number")[0]
    if said == wording_of(held, newest):
        return held
    if StormRule.objects.filter(brand_id=held.brand_id, name=said.name).exclude(pk=held.pk).exists():
        raise NameTaken
    change(held, name=said.name, is_on=said.is_on)
    _write_down(held, said, number=newest.number + 1, by=by)
    return held


def wording_of(rule: StormRule, version: StormVersion) -> Wording:
    """What a version of a rule said, as the form shows it."""
    return Wording(
        rule.name,
        version.sender,
        version.subject,
        version.text,
        StormKey(version.group_by),
        version.window_seconds,
        version.is_on,
    )


def _write_down(rule: StormRule, said: Wording, *, number: int, by: Actor) -> None:
    add(
        StormVersion(
            rule=rule,
            number=number,
            at=clock.now(),
            agent_id=by.agent_id,
            is_on=said.is_on,
            sender=said.sender,
            subject=said.subject,
            text=said.text,
            group_by=said.group_by,
            window_seconds=said.window_seconds,
        )
    )
    record(StormRuleChanged(rule=StormRuleId(rule.pk), version=number))


@verb
def gather(joining: Joining, *, conversation: Conversation, by: Actor) -> None:
    """Afterwards further mails of this rule, key and window join this conversation. Records nothing."""
    group = StormGroup.objects.filter(rule_id=joining.rule.rule, key=joining.key).first()
    if group is None:
        add(StormGroup(rule_id=joining.rule.rule, key=joining.key, conversation=conversation))
    else:
        change(lock(group), conversation=conversation)
