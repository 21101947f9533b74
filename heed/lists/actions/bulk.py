"""Verbs of bulk changes: begun once, done and taken back in steps, each step a transaction."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta

from heed.conversations import queries
from heed.conversations.models import Conversation
from heed.eventlog.kinds import ConversationNoted, ConversationTagged, ConversationUntagged
from heed.eventlog.reader import Event, events_of_many, last_event_id
from heed.eventlog.unit import add, change, current, lock, lock_many, remove, savepoint, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import HeedError, NotAllowedNow, Unusable, require, require_visible
from heed.lists.codes import BulkKind, PartState
from heed.lists.deeds import WAYS, Deed, beside, check, right_of, things_of
from heed.lists.models import BulkChange, BulkPart
from heed.people.models import Agent
from heed.people.policy import Actor, agent_of, may_change_what_is_seen

KEY_CHARACTERS = 64


class TakenBack(NotAllowedNow):
    """This bulk change is being taken back, or was: it goes no further."""

    code = "taken_back"


@verb
def begin_bulk(numbers: Sequence[int], *, deed: Deed, key: str, by: Actor) -> BulkChange:
    """Afterwards the actor has begun to do this to these conversations, as far as they may see them; step_bulk does it.

    `key` is the form's: asked again, nothing more happens and the same is returned. Raises Refused for who may
    not do it to any, NotFound when they may see none of these, Unusable (number: missing, too_many; key; or the deed's
    value).
    """
    agent = agent_of(by)
    require(may_change_what_is_seen(by, right_of(deed, by)))
    if not key or len(key) > KEY_CHARACTERS:
        raise Unusable("key", "missing" if not key else "too_long")
    held = lock(Agent(pk=agent))
    known = BulkChange.objects.filter(agent=held, key=key).first()
    if known is not None:
        return known
    check(deed)
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > config.bulk_most:
        raise Unusable("number", "too_many")
    if not wanted:
        raise Unusable("number", "missing")
    seen = queries.visible(by, wanted)
    require_visible(bool(seen))
    _forget(held)
    bulk = add(BulkChange(agent=held, kind=deed.kind, value=deed.value, key=key, begun_at=clock.now()))
    current().expect(len(seen), BulkPart)
    for number in wanted:
        if number in seen:
            add(BulkPart(bulk=bulk, conversation_id=number))
    return bulk


@verb
def step_bulk(bulk: BulkChange, *, by: Actor) -> int:
    """Afterwards the next conversations are changed, or left with the reason; returns how many still wait.

    Records what the deed's own verb records; nothing when none wait. Raises NotFound for others' changes, TakenBack.
    """
    held = _held(bulk, by)
    if held.undone_at is not None:
        raise TakenBack
    deed = Deed(BulkKind(held.kind), held.value)
    parts = _next(held, PartState.WAITING)
    rows = lock_many(Conversation, [part.conversation_id for part in parts] + list(beside(deed)))
    newest = last_event_id()
    for part in parts:
        _do(part, rows.get(part.conversation_id), deed, newest, by)
    return _rest(held, PartState.WAITING)


@verb
def undo_bulk(bulk: BulkChange, *, by: Actor) -> int:
    """Afterwards the next conversations stand as before; those that were changed since are left. How many remain.

    What had not been done yet never is. Records what the verbs that put them back record; nothing when nothing remains.
    Raises NotFound for others' changes and for what was begun too long ago.
    """
    held = _held(bulk, by)
    require_visible(held.begun_at > clock.now() - timedelta(days=config.bulk_undo_days))
    if held.undone_at is None:
        change(held, undone_at=clock.now())
    deed = Deed(BulkKind(held.kind), held.value)
    parts = _next(held, PartState.DONE)
    rows = lock_many(Conversation, [part.conversation_id for part in parts] + list(beside(deed)))
    touched = _changed_since(parts, deed)
    for part in parts:
        _put_back(part, rows.get(part.conversation_id), deed, touched[part.conversation_id], by)
    return _rest(held, PartState.DONE)


def _held(bulk: BulkChange, by: Actor) -> BulkChange:
    held = lock(bulk)
    require_visible(held.agent_id == by.agent_id)
    return held


def _next(bulk: BulkChange, state: PartState) -> list[BulkPart]:
    return list(bulk.parts.filter(state=state).order_by("pk")[: config.bulk_step])


def _rest(bulk: BulkChange, state: PartState) -> int:
    return bulk.parts.filter(state=state).count()


def _do(part: BulkPart, row: Conversation | None, deed: Deed, newest: int, by: Actor) -> None:
    way, work = WAYS[deed.kind], current()
    if row is None:
        change(part, state=PartState.LEFT, reason="not_found")
        return
    before, recorded = way.before(row, deed.value), len(work.events)
    if not _tried(part, PartState.LEFT, lambda: way.run(row, deed.value, by)):
        return
    names = {kind.name for kind in way.kinds}
    ours = sum(event.kind in names for event in work.events[recorded:] if event.conversation_id == row.pk)
    state = PartState.DONE if ours else PartState.SAME
    change(part, state=state, before=before, after_event=newest, changes=ours)


def _put_back(part: BulkPart, row: Conversation | None, deed: Deed, touched: int, by: Actor) -> None:
    if row is None or touched != part.changes:
        change(part, state=PartState.KEPT, reason="not_found" if row is None else "changed_since")
        return
    undo = WAYS[deed.kind].undo
    if _tried(part, PartState.KEPT, lambda: undo(row, deed.value, part.before, by)):
        change(part, state=PartState.UNDONE)


def _tried(part: BulkPart, otherwise: PartState, act: Callable[[], object]) -> bool:
    """Whether it was done; what one conversation refuses is undone for it alone, and the others go on."""
    try:
        with savepoint():
            act()
    except HeedError as error:
        reason = f"{error.field}_{error.reason}" if isinstance(error, Unusable) else error.code
        change(part, state=otherwise, reason=reason[:40])
        return False
    return True


def _changed_since(parts: Iterable[BulkPart], deed: Deed) -> Counter[int]:
    """By conversation, how often what the deed changed has changed since it was held, the deed itself included."""
    since = {part.conversation_id: part.after_event for part in parts}
    found: Counter[int] = Counter()
    if since:
        things = things_of(deed)
        for event in events_of_many(list(since), kinds=WAYS[deed.kind].kinds):
            number = event.conversation_id
            if number is not None and event.id > since[number] and _concerns(event, things):
                found[number] += 1
    return found


def _concerns(event: Event, things: Collection[int]) -> bool:
    """Other tags and fields than the deed's own are another matter."""
    match event.data:
        case ConversationTagged(tag=thing) | ConversationUntagged(tag=thing):
            return thing in things
        case ConversationNoted(field=thing):
            return thing in things
    return True


def _forget(agent: Agent) -> None:
    """What can't be taken back any more is of no use."""
    before = clock.now() - timedelta(days=config.bulk_undo_days)
    for row in BulkChange.objects.filter(agent=agent, begun_at__lt=before):
        remove(row)
