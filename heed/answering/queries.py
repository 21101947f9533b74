"""Reads of saved replies. Each begins with who is looking; what that one may not use is not there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from heed.answering.finding import Fitting, Head, fitting, found
from heed.answering.models import SavedReply, SavedReplyFile, SavedReplyText, SavedReplyVersion
from heed.answering.shelves import shelf_of
from heed.answering.variables import Piece, filled, first_name
from heed.brands.models import Inbox
from heed.conversations.models import Conversation
from heed.conversations.queries import Opened, all_open, solved, writers
from heed.kernel.errors import NotFound
from heed.kernel.words import TeamId
from heed.people.models import Agent, Team
from heed.people.policy import Actor, may_begin, may_keep, may_use, seen_teams, sees_whole_desk

HEADS: Final = 5_000  # more than a brand's limit and one's own: all that are looked through
SHOWN: Final = 8  # in a picker
PAGE: Final = 50  # of the list in the settings
VERSIONS: Final = 50  # that a page tells of
EXAMPLES: Final = 8  # conversations on which a text is seen

NOTHING = Q(pk__in=())


def usable_by(actor: Actor) -> Q:
    """The condition on saved replies that policy.may_use is for one."""
    if not may_begin(actor):
        return NOTHING
    own = Q(owner_id=actor.agent_id) if actor.agent_id is not None else NOTHING
    if sees_whole_desk(actor):
        return own | Q(owner__isnull=True)
    of_brands = Q(team__isnull=True, brand_id__in=actor.brands)
    of_teams = Q(team_id__in=seen_teams(actor))
    return own | (Q(owner__isnull=True) & (of_brands | of_teams))


def saved_reply(actor: Actor, number: int) -> SavedReply:
    """One, put away or not, with brand, team and owner. Raises NotFound, alike for unknown and unseen. One query."""
    rows = SavedReply.objects.select_related("brand", "team", "owner")
    row = rows.filter(usable_by(actor), pk=number).first()
    if row is None or not may_use(actor, shelf_of(row)):
        raise NotFound
    return row


def may_change_reply(actor: Actor, reply: SavedReply) -> bool:
    """Whether one who finds it may also change it and put it away."""
    return may_keep(actor, shelf_of(reply))


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of the saved replies that one finds, by folder and name. after, given again, leads to the next ones."""

    rows: Sequence[SavedReply]
    languages: Mapping[int, Sequence[str]]
    after: str = ""


def listed(actor: Actor, *, typed: str = "", after: str = "") -> Listed:
    """The saved replies that one is offered, of all their brands; three queries, whatever their number."""
    return _listed(usable_by(actor) & Q(archived_at__isnull=True), typed, after)


def archived(actor: Actor, *, typed: str = "", after: str = "") -> Listed:
    """Those that were put away, likewise."""
    return _listed(usable_by(actor) & Q(archived_at__isnull=False), typed, after)


def _listed(those: Q, typed: str, after: str) -> Listed:
    heads = _heads(those)
    keys = [head.id for head in (found(heads, typed) if typed.strip() else heads)]
    last = int(after) if after.isascii() and after.isdigit() else None
    start = keys.index(last) + 1 if last in keys else 0
    page = keys[start : start + PAGE]
    known = SavedReply.objects.select_related("brand", "team", "owner").in_bulk(page)
    languages: dict[int, list[str]] = {}
    rows = SavedReplyText.objects.filter(reply_id__in=page).order_by("language")
    for reply, code in rows.values_list("reply_id", "language"):
        languages.setdefault(reply, []).append(code)
    goes_on = len(keys) > start + PAGE
    return Listed([known[key] for key in page if key in known], languages, str(page[-1]) if goes_on else "")


def _heads(those: Q) -> list[Head]:
    """By folder and name, those in no folder first."""
    rows = SavedReply.objects.filter(those).order_by("folder", "name", "pk")
    return [
        Head(pk, name, folder, owner is not None)
        for pk, name, folder, owner in rows.values_list("pk", "name", "folder", "owner_id")[:HEADS]
    ]


def folders(actor: Actor) -> list[str]:
    """The folders that there are, by name; one query."""
    rows = SavedReply.objects.filter(usable_by(actor), archived_at__isnull=True).exclude(folder="")
    return sorted(set(rows.values_list("folder", flat=True)[:HEADS]))


def texts_of(actor: Actor, reply: SavedReply) -> dict[str, str]:
    """What it says, by language, for one who finds it; one query."""
    if not may_use(actor, shelf_of(reply)):
        raise NotFound
    rows = SavedReplyText.objects.filter(reply=reply).order_by("language")
    return dict(rows.values_list("language", "text"))


def files_of(actor: Actor, reply: SavedReply) -> list[SavedReplyFile]:
    """The files that go with it, for one who finds it; one query."""
    if not may_use(actor, shelf_of(reply)):
        raise NotFound
    return list(SavedReplyFile.objects.filter(reply=reply).order_by("pk"))


def versions_of(actor: Actor, reply: SavedReply) -> list[SavedReplyVersion]:
    """How it stood and who made it so, newest first, for one who finds it; one query."""
    if not may_use(actor, shelf_of(reply)):
        raise NotFound
    rows = SavedReplyVersion.objects.filter(reply=reply).select_related("agent", "team").order_by("-pk")
    return list(rows[:VERSIONS])


@dataclass(frozen=True, slots=True)
class Pick:
    """A saved reply as it would be put into an answer of one conversation."""

    head: Head
    fitting: Fitting
    pieces: Sequence[Piece]
    files: int = 0


def picks(here: Opened, *, writer: Agent, typed: str) -> list[Pick]:
    """The best few of the conversation's brand for what was typed, filled in; five queries at most."""
    best = _best(here.actor, here.row.brand_id, typed)
    if not best:
        return []
    return _picked(best, values_for(here, writer=writer), languages_of(here.row))


@dataclass(frozen=True, slots=True)
class Unbegun:
    """A conversation that is about to be begun: the inbox that it is to stand in, and what its form says so far."""

    inbox: Inbox
    team: Team | None
    name: str = ""  # of the customer
    address: str = ""
    language: str = ""  # of the customer, where they are known
    subject: str = ""


def picks_before(actor: Actor, begun: Unbegun, *, writer: Agent, typed: str) -> list[Pick]:
    """The best few for a conversation that is not there yet, likewise; three queries at most."""
    best = _best(actor, begun.inbox.brand_id, typed)
    values = {
        "customer.first_name": first_name(begun.name),
        "customer.name": begun.name,
        "customer.address": begun.address,
        "agent.first_name": first_name(writer.name),
        "agent.name": writer.name,
        "brand.name": begun.inbox.brand.name,
        "team.name": begun.team.name if begun.team is not None else "",
        "inbox.address": begun.inbox.address,
        "conversation.subject": begun.subject,
    }
    languages = [code for code in (begun.language, begun.inbox.brand.language) if code]
    return _picked(best, values, languages) if best else []


def _best(actor: Actor, brand: int, typed: str) -> list[Head]:
    those = usable_by(actor) & Q(brand_id=brand, archived_at__isnull=True)
    return found(_heads(those), typed)[:SHOWN]


def _picked(best: Sequence[Head], values: Mapping[str, str], languages: Sequence[str]) -> list[Pick]:
    texts: dict[int, dict[str, str]] = {}
    rows = SavedReplyText.objects.filter(reply_id__in=[head.id for head in best])
    for reply, code, text in rows.values_list("reply_id", "language", "text"):
        texts.setdefault(reply, {})[code] = text
    attached = Counter(SavedReplyFile.objects.filter(reply_id__in=texts).values_list("reply_id", flat=True))
    found_texts = {key: fitting(by_language, languages=languages) for key, by_language in texts.items()}
    return [
        Pick(head, found_texts[head.id], filled(found_texts[head.id].text, values), attached[head.id])
        for head in best
        if head.id in found_texts
    ]


def languages_of(row: Conversation) -> list[str]:
    """The languages to answer in there, the likeliest first: the conversation's, its customer's, the brand's."""
    of_customer = row.customer.language if row.customer is not None else ""
    return [code for code in (row.language, of_customer, row.brand.language) if code]


def values_for(here: Opened, *, writer: Agent) -> dict[str, str]:
    """What each variable stands for in a conversation when `writer` answers; what is not known is empty. One query."""
    row = here.row
    wrote = writers(here.actor, [row]).get(row.pk)
    name = (row.customer.name if row.customer is not None else "") or (wrote.name if wrote else "")
    return {
        "customer.first_name": first_name(name),
        "customer.name": "" if "@" in name else name,
        "customer.address": wrote.address if wrote else "",
        "agent.first_name": first_name(writer.name),
        "agent.name": writer.name,
        "brand.name": row.brand.name,
        "team.name": row.team.name if row.team is not None else "",
        "inbox.address": row.inbox.address,
        "conversation.number": f"#{row.pk}",
        "conversation.subject": row.subject,
    }


def examples(actor: Actor, teams: Iterable[TeamId]) -> list[Conversation]:
    """A few conversations of these teams on which a text can be seen: open ones, else what was solved; four queries."""
    of_teams = list(teams)
    found = all_open(actor, limit=EXAMPLES, within=of_teams).rows
    return list(found or solved(actor, limit=EXAMPLES, within=of_teams).rows)
