"""Reads of triage: what arriving mail is compared with, and what the settings pages show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from heed.brands.models import Brand
from heed.channels.email.mailboxes import key_of
from heed.conversations.models import Conversation, Message
from heed.conversations.queries import Page, visible_to
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import Automatic, BrandId, Direction, JoinedBy, StormKey, StormRuleId
from heed.people.policy import Actor, may_block, may_run_desk, may_set_up, sees_whole_desk
from heed.triage.model import Model, WrongModel
from heed.triage.models import BlockedSender, SpamModel, StormGroup, StormRule, StormVersion, Suspicion
from heed.triage.storms import Joining, Rule, Storming, joining, plain

PAGE = 50
LOOKED_THROUGH = 20_000  # mails of a preview
EXAMPLES = 3
WRITERS = 50  # mails of a conversation that are looked through for who wrote them
DAY = timedelta(days=1)
_models: dict[int, tuple[int, Model]] = {}  # by brand: its checksum, and what it says


@dataclass(slots=True)
class Sieve:
    """What mails of a batch are judged by: rules, blocked senders, and where storms have gathered. Grows as they do."""

    rules: Sequence[Rule] = ()
    blocked: frozenset[tuple[int, str]] = frozenset()
    groups: dict[tuple[int, str], int] = field(default_factory=dict)  # (rule, key) -> conversation
    models: dict[int, Model | None] = field(default_factory=dict)

    @classmethod
    def read(cls, senders: Iterable[str]) -> "Sieve":
        """Two queries."""
        wanted = {
            value for sender in senders if sender for value in (sender, f"@{sender.rpartition('@')[2]}")
        }
        return cls(active_rules(), frozenset(_blocked(values=wanted)))

    def is_blocked(self, brand: int, sender: str) -> bool:
        """Whether an agent blocked this address, or its domain."""
        return bool(self.blocked) and not self.blocked.isdisjoint(
            {(brand, sender), (brand, f"@{sender.rpartition('@')[2]}")}
        )

    def joining(self, brand: int, mail: Storming) -> Joining | None:
        """The rule of this brand that a mail comes under."""
        return joining(mail, (rule for rule in self.rules if rule.brand == brand)) if self.rules else None

    def model(self, brand: int) -> Model | None:
        """The brand's content model, read once a batch."""
        if brand not in self.models:
            self.models[brand] = model_of(brand)
        return self.models[brand]

    def read_groups(self, found: Iterable[Joining]) -> None:
        """One query, none for no joining: where mails of these groups went before."""
        keys = {one.key for one in found}
        if keys:
            rows = StormGroup.objects.filter(key__in=keys).values_list("rule_id", "key", "conversation_id")
            self.groups.update({(rule, key): conversation for rule, key, conversation in rows})


def active_rules() -> list[Rule]:
    """What the rules that are on say now, the oldest first; one query."""
    newest = {row.rule_id: row for row in _versions_on()}
    return [rule_of(row) for row in newest.values()]


@prepared
def _versions_on() -> "QuerySet[StormVersion, StormVersion]":
    rows = StormVersion.objects.filter(rule__is_on=True).select_related("rule")
    return rows.order_by("rule_id", "number")


@prepared
def _blocked(*, values: Set[str]) -> "QuerySet[BlockedSender, tuple[int, str]]":
    return BlockedSender.objects.filter(value__in=values).values_list("brand_id", "value")


@prepared
def _standing(*, brand: int) -> "QuerySet[SpamModel, tuple[int, int, int]]":
    return SpamModel.objects.filter(pk=brand).values_list("checksum", "spams", "goods")


def rule_of(row: StormVersion) -> Rule:
    """What a version says, for matching."""
    return Rule(
        rule=StormRuleId(row.rule_id),
        version=row.pk,
        brand=row.rule.brand_id,
        sender=row.sender,
        subject=row.subject,
        text=row.text,
        group_by=StormKey(row.group_by),
        window_seconds=row.window_seconds,
    )


def model_of(brand: int) -> Model | None:
    """The brand's content model; None while too few decisions were made to believe it. Two queries at most."""
    kept = next(iter(_standing(brand=brand)), None)
    if kept is None:
        return None
    checksum, spams, goods = kept
    least = config.spam_decisions
    if spams + goods < least or min(spams, goods) * 5 < least:
        return None
    if brand not in _models or _models[brand][0] != checksum:
        content = SpamModel.objects.filter(pk=brand).values_list("checksum", "content").first()
        if content is None:
            return None
        try:
            _models[brand] = content[0], Model.from_bytes(bytes(content[1]))
        except WrongModel:
            return None
    return _models[brand][1]


def is_known(customer: int | None) -> bool:
    """Whether an agent of ours has written to this customer, in any conversation; one query, for the desk itself."""
    if customer is None:
        return False
    ours = Message.objects.filter(direction=Direction.OUT, automatic=Automatic.NO)
    return ours.filter(conversation__customer_id=customer).exists()


@dataclass(frozen=True, slots=True)
class Gathered:
    """Mails that a rule joined, or would join, into one conversation."""

    subject: str
    mails: int
    first_at: datetime
    conversation: int | None = None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule, what it says now, and the newest conversations that it made, of those that the reader may see."""

    rule: StormRule
    version: StormVersion
    examples: Sequence[Gathered] = ()


def storm_rules(actor: Actor) -> list[RuleLine]:
    """Every rule by brand and name, for one who may set up; none for others. Three queries at most, and one a rule."""
    if not may_set_up(actor):
        return []
    rules = list(StormRule.objects.select_related("brand").order_by("brand__slug", "name"))
    newest = {row.rule_id: row for row in StormVersion.objects.select_related("agent").order_by("number")}
    return [RuleLine(rule, newest[rule.pk], _examples(actor, rule)) for rule in rules]


def _examples(actor: Actor, rule: StormRule) -> list[Gathered]:
    seen = StormGroup.objects.filter(visible_to(actor, "conversation__"), rule=rule)
    rows = seen.select_related("conversation").order_by("-pk")[:EXAMPLES]
    return [
        Gathered(
            row.conversation.subject,
            row.conversation.gathered,
            row.conversation.opened_at,
            row.conversation_id,
        )
        for row in rows
    ]


def storm_rule(actor: Actor, number: int) -> tuple[StormRule, list[StormVersion]]:
    """A rule and all that it ever said, the newest first. Raises NotFound, also for one who may not set up."""
    found = StormRule.objects.select_related("brand").filter(pk=number).first() if may_set_up(actor) else None
    if found is None:
        raise NotFound
    return found, list(found.versions.select_related("agent", "rule").order_by("-number")[:PAGE])


@prepared
def _rule_names(*, versions: Iterable[int]) -> "QuerySet[StormVersion, tuple[int, str]]":
    return StormVersion.objects.filter(pk__in=versions).values_list("pk", "rule__name")


@in_steps
def rule_names(actor: Actor, versions: Iterable[int]) -> Steps[Mapping[int, str]]:
    """What the rules are called that joined mails, by version, for one who sees the mails; one query, none for none."""
    wanted = set(versions)
    if actor.agent_id is None or not wanted:
        return {}
    found = asked(_rule_names, versions=wanted)
    yield [found]
    return dict(found.value)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have made of the last day's mail."""

    mails: int
    conversations: int  # that they would have made
    before: int  # that they made
    groups: Sequence[Gathered] = ()
    is_partial: bool = False  # there was more mail than a preview looks through


def preview(actor: Actor, rule: Rule) -> Preview:
    """What this rule would have made of the mail of the last 24 hours that the actor may see.

    Raises NotFound for one who may not set up.
    """
    if not may_set_up(actor):
        raise NotFound
    groups: dict[str, list[Row]] = {}
    rows, is_partial = _yesterday(actor, rule.brand)
    for row in rows:
        found = joining(Storming(row.sender.lower(), row.subject, row.text, row.at), [rule])
        if found is not None:
            groups.setdefault(found.key, []).append(row)
    by_size = sorted(groups.values(), key=len, reverse=True)
    return Preview(
        mails=sum(map(len, by_size)),
        conversations=len(by_size),
        before=len({row.conversation for rows in by_size for row in rows}),
        groups=[Gathered(rows[-1].subject, len(rows), rows[-1].at) for rows in by_size[:EXAMPLES]],
        is_partial=is_partial,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """What of a mail a preview looks at."""

    sender: str
    subject: str
    text: str
    at: datetime
    conversation: int
    brand: int


def _yesterday(actor: Actor, brand: int | None = None) -> tuple[list[Row], bool]:
    """Mails of the last 24 hours that began a conversation or came under a rule, newest first; and whether all.

    Of what the actor may see alone: a rule is made by trying words, and would tell of any mail whether it says them.
    """
    since = clock.now() - DAY
    began = Message.objects.filter(
        visible_to(actor, "conversation__"),
        pk__gte=_first_since(since),
        direction=Direction.IN,
        joined_by__in=(JoinedBy.NEW, JoinedBy.STORM_RULE),
    )
    if brand is not None:
        began = began.filter(brand_id=brand)
    found = began.order_by("-pk").values_list(
        "from_address", "subject", "text", "received_at", "conversation_id", "brand_id"
    )
    rows = [row for row in (Row(*row) for row in found[: LOOKED_THROUGH + 1].iterator()) if row.at >= since]
    return rows[:LOOKED_THROUGH], len(rows) > LOOKED_THROUGH


BEFORE = """COALESCE(
    (SELECT received_at < %s FROM conversations_message WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1), FALSE)"""
HALVING = f"""
WITH RECURSIVE half (low, high) AS (
  SELECT CAST(0 AS bigint), CAST(COALESCE(MAX(id), 0) AS bigint) FROM conversations_message
  UNION ALL
  SELECT CASE WHEN {BEFORE} THEN (low + high) / 2 ELSE low END,
    CASE WHEN {BEFORE} THEN high ELSE (low + high) / 2 END FROM half WHERE high - low > %s
) SELECT MAX(low) FROM half
"""  # noqa: S608 - our own text


def _first_since(when: datetime) -> int:
    """About the first message that the desk had since then: keys rise with time, give or take a few. One query."""
    with connection.cursor() as cursor:
        cursor.execute(HALVING, [*[connection.ops.adapt_datetimefield_value(when)] * 2, PAGE])
        (low,) = cursor.fetchone()
    return max(0, int(low) - PAGE)


@dataclass(frozen=True, slots=True)
class Storm:
    """A sender that began many conversations in an hour, and under no rule."""

    brand: int
    sender: str
    mails: int
    hour_at: datetime
    subject: str  # the commonest, without numbers


def storms(actor: Actor) -> list[Storm]:
    """Senders that stormed in the last 24 hours without a rule, in what the actor may see, the worst first.

    None for who may not set up.
    """
    if not may_set_up(actor):
        return []
    rows, _ = _yesterday(actor)
    alone = [row for row in rows if row.sender]
    hours = Counter(
        (row.brand, row.sender.lower(), row.at.replace(minute=0, second=0, microsecond=0)) for row in alone
    )
    worst: dict[tuple[int, str], Storm] = {}
    for (brand, sender, hour), mails in hours.most_common():
        if mails < config.storm_mails:
            break
        if (brand, sender) not in worst:
            subjects = Counter(plain(row.subject) for row in alone if row.sender.lower() == sender)
            worst[brand, sender] = Storm(brand, sender, mails, hour, subjects.most_common(1)[0][0])
    rules = active_rules()
    return [storm for storm in worst.values() if not _has_rule(storm, rules)][:EXAMPLES]


def _has_rule(storm: Storm, rules: Sequence[Rule]) -> bool:
    mail = Storming(storm.sender, storm.subject, "", storm.hour_at)
    return any(rule.brand == storm.brand and joining(mail, [rule]) is not None for rule in rules)


def blocked_senders(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[BlockedSender]:
    """Who is blocked in the brands that the actor leads, the newest first; one query. Raises Unusable."""
    if not may_run_desk(actor):
        return Page(())
    rows = BlockedSender.objects.select_related("agent", "brand").order_by("-pk")
    if not sees_whole_desk(actor):
        rows = rows.filter(brand_id__in=actor.brands)
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Unusable("after", "malformed")
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: limit + 1])
    return Page(found[:limit], str(found[limit - 1].pk) if len(found) > limit else "")


def blocked_sender(actor: Actor, number: int) -> BlockedSender:
    """One of them. Raises NotFound, alike for unknown and unseen. One query."""
    found = (
        BlockedSender.objects.select_related("brand").filter(pk=number).first()
        if may_run_desk(actor)
        else None
    )
    if found is None or not (sees_whole_desk(actor) or found.brand_id in actor.brands):
        raise NotFound
    return found


def blocks_in(actor: Actor, conversation: Conversation) -> list[BlockedSender]:
    """Who of those that wrote in a conversation, read for this actor, is blocked there, by address or domain.

    Two queries; none for one who may not block.
    """
    if not may_block(actor, BrandId(conversation.brand_id)):
        return []
    came = conversation.messages.filter(direction=Direction.IN, agent__isnull=True)
    addresses = came.order_by("pk").values_list("from_address", flat=True)[:WRITERS]
    keys = {key_of(address) for address in addresses if address}
    values = keys | {f"@{key.rpartition('@')[2]}" for key in keys}
    found = BlockedSender.objects.filter(brand_id=conversation.brand_id, value__in=values)
    return list(found.order_by("value"))


@prepared
def _suspicions(*, conversations: Sequence[int]) -> "QuerySet[Suspicion, Suspicion]":
    found = Suspicion.objects.filter(message__conversation_id__in=conversations)
    return found.select_related("message").order_by("-pk")


@in_steps
def suspicions(actor: Actor, rows: Sequence[Conversation]) -> Steps[Mapping[int, Suspicion]]:
    """Why these conversations were taken for spam on arrival, for rows that were read for this actor; one query."""
    if actor.agent_id is None or not rows:
        return {}
    found = asked(_suspicions, conversations=[row.pk for row in rows])
    yield [found]
    return {row.message.conversation_id: row for row in found.value}


@dataclass(frozen=True, slots=True)
class Learnt:
    """How much the model of a brand has learnt, and whether it is believed yet."""

    brand: Brand
    spams: int
    goods: int
    needed: int


def brands_of(actor: Actor) -> list[Brand]:
    """The brands whose mail the actor may judge, by name, an admin all, a lead their own; one query."""
    if not may_run_desk(actor):
        return []
    brands = Brand.objects.select_related("spammodel").defer("spammodel__content").order_by("name")
    return list(brands if sees_whole_desk(actor) else brands.filter(pk__in=actor.brands))


def learnt(actor: Actor) -> list[Learnt]:
    """For each brand whose mail the actor may judge; one query."""
    return [_learnt(brand) for brand in brands_of(actor)]


def _learnt(brand: Brand) -> Learnt:
    kept = getattr(brand, "spammodel", None)
    return Learnt(brand, kept.spams if kept else 0, kept.goods if kept else 0, config.spam_decisions)
