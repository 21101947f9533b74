"""Reads of what was accepted: mails that wait for a person, and the exact bytes of any."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from heed.channels.email.mailboxes import key_of, untagged
from heed.conversations.queries import Page
from heed.eventlog.kinds import MailDownloaded
from heed.eventlog.reader import Event, newest_about
from heed.intake.models import IS_PARKED, Receipt
from heed.intake.receipts import raw_of
from heed.kernel import blobs
from heed.kernel.errors import NotFound, Unusable, require_visible
from heed.people.policy import Actor, may_run_desk, sees_whole_desk
from heed.people.queries import inboxes_led

PAGE = 50
DOWNLOADS = 500  # looked through for the last of each mail on a page
LOOKED_THROUGH = 500  # parked mails that are read at once, to find those that a lead may see


def _is_ours(receipt: Receipt, inboxes: frozenset[str]) -> bool:
    keys = {key_of(address) for address in receipt.recipients}
    return not inboxes.isdisjoint(keys | {untagged(key) for key in keys})


def _parked(actor: Actor, before: int | None = None) -> Iterator[Receipt]:
    """Newest first; a lead's are those to inboxes of teams that they lead."""
    inboxes = frozenset() if sees_whole_desk(actor) else inboxes_led(actor)
    while True:
        rows = Receipt.objects.filter(IS_PARKED).order_by("-pk")
        some = list((rows if before is None else rows.filter(pk__lt=before))[:LOOKED_THROUGH])
        yield from (row for row in some if sees_whole_desk(actor) or _is_ours(row, inboxes))
        if len(some) < LOOKED_THROUGH:
            return
        before = some[-1].pk


def _before(after: str) -> int | None:
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise Unusable("after", "malformed")
    return int(after) if after else None


def parked(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[Receipt]:
    """Mails that could not be read, newest first: an admin's all, a lead's to inboxes of teams that they lead.

    `after` is what the page before gave. Raises NotFound for others, Unusable for an `after` we never gave.
    """
    require_visible(may_run_desk(actor))
    found: list[Receipt] = []
    for row in _parked(actor, _before(after)):
        if len(found) == limit:
            return Page(found, str(found[-1].pk))
        found.append(row)
    return Page(found)


def downloads(actor: Actor, receipts: Sequence[Receipt]) -> dict[int, Event]:
    """By receipt, who of the desk took its bytes last, and when; for one who runs the desk. One query, or none."""
    require_visible(may_run_desk(actor))
    keys = [row.pk for row in receipts]
    found = newest_about(MailDownloaded, limit=DOWNLOADS, receipt=keys) if keys else []
    newest: dict[int, Event] = {}
    for event in found:
        if isinstance(event.data, MailDownloaded) and event.data.receipt is not None:
            newest.setdefault(event.data.receipt, event)
    return newest


@dataclass(frozen=True, slots=True)
class Parked:
    """A page of the mails that wait for a person, how many wait, and which has waited longest."""

    page: Page[Receipt]
    count: int = 0
    oldest: Receipt | None = None


def all_parked(actor: Actor, *, after: str = "") -> Parked:
    """The page that `parked` gives, with what waits beside it; a lead's are gone through once. Raises as parked.

    Three queries, two and one more for each LOOKED_THROUGH for a lead.
    """
    if sees_whole_desk(actor):
        page = parked(actor, after=after)
        waiting = Receipt.objects.filter(IS_PARKED).order_by("pk")
        return Parked(page, waiting.count(), waiting.first()) if page.rows else Parked(page)
    require_visible(may_run_desk(actor))
    before = _before(after)
    shown: list[Receipt] = []
    count, oldest, is_more = 0, None, False
    for row in _parked(actor):
        count, oldest = count + 1, row
        if before is None or row.pk < before:
            is_more = len(shown) == PAGE
            shown += [] if is_more else [row]
    return Parked(Page(shown, str(shown[-1].pk) if is_more else ""), count, oldest)


def parked_mail(actor: Actor, receipt_id: int) -> Receipt:
    """One parked mail. Raises NotFound, alike for unknown, read and unseen."""
    require_visible(may_run_desk(actor))
    found = Receipt.objects.filter(IS_PARKED, pk=receipt_id).first()
    if found is None or not (sees_whole_desk(actor) or _is_ours(found, inboxes_led(actor))):
        raise NotFound
    return found


def open_raw(sha256: str) -> IO[Any]:
    """The exact bytes of an accepted mail, open for reading wherever they are by now; the caller closes it.

    For one who was let in. Mails that were too large to be read are never held in memory. Raises NotFound.
    """
    for _ in range(2):  # a worker may move them between the two looks
        receipt = Receipt.objects.filter(sha256=sha256).order_by("is_moved", "-pk").first()
        if receipt is not None and not receipt.is_moved:
            found = raw_of([receipt.pk]).get(receipt.pk)
            if found is not None:
                return BytesIO(found)
        try:
            return blobs.open_blob(sha256)
        except (FileNotFoundError, ValueError):
            continue
    raise NotFound
