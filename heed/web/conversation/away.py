"""In place of the composer, of what lies in the quarantine or in the trash: why, and the way back."""

from heed.conversations import queries
from heed.kernel.permissions import Permission
from heed.kernel.words import SpamReason
from heed.triage.models import Suspicion
from heed.triage.queries import blocks_in
from heed.ui.contexts import Person
from heed.web.conversation.contexts import ReadOnly
from heed.web.doors import Visit


def quarantine_context(visit: Visit, here: queries.Opened, found: Suspicion | None, *, href: str) -> ReadOnly:
    """Of one that was taken for spam: why, and who was blocked with it. Two queries."""
    may = here.may(Permission.SPAM)
    return ReadOnly(
        reason="quarantine",
        why=found.reasons if found else (SpamReason.BY_AGENT,),
        release_href=f"{href}not-spam/" if may else "",
        blocked=[one.value for one in blocks_in(visit.actor, here.row)] if may else (),
    )


def trash_context(visit: Visit, here: queries.Opened, *, href: str) -> ReadOnly:
    """Of one that was deleted: by whom, and until when it is kept. At most four queries."""
    if queries.is_going(visit.actor, here.row):
        return ReadOnly(reason="purged")
    told = queries.trashings(visit.actor, [here.row])[here.row.pk]
    return ReadOnly(
        reason="trash",
        by=Person(name=told.by, is_me=told.agent == visit.agent.pk) if told.by else None,
        until=told.until,
        restore_href=f"{href}restore/" if here.may(Permission.DELETE) else "",
    )
