"""The form of a side conversation as a page shows it."""

import secrets
from dataclasses import replace

from heed.conversations import queries
from heed.conversations.sheets import beside
from heed.ui.contexts import Option
from heed.web.conversation.composer import key_of_doubts
from heed.web.conversation.composer_contexts import KeptFile
from heed.web.conversation.forms import to_edit
from heed.web.doors import Visit
from heed.web.sides.contexts import Quotable, SideFormContext
from heed.web.sides.form import Posted


def begin_form(
    visit: Visit,
    here: queries.Opened,
    posted: Posted,
    *,
    quotable: list[Quotable],
    senders: list[Option],
) -> SideFormContext:
    """The form that begins one; at most two queries."""
    number, teams = here.row.pk, queries.teams_to_ask(here)
    form = _form(visit, posted, action=f"/conversations/{number}/sides/new/", sheet=beside(number))
    return replace(
        form,
        begins=True,
        replies_href=f"/conversations/{number}/saved-replies/",
        teams=[
            Option(value=str(team.pk), label=team.name, is_chosen=team.pk == posted.team) for team in teams
        ],
        may_read=posted.may_read,
        quotable=quotable,
        senders=senders,
    )


def say_form(
    visit: Visit, here: queries.OpenedSide, posted: Posted, *, senders: list[Option]
) -> SideFormContext:
    """The form that goes on in one; a query where it has files."""
    side = here.side
    form = _form(visit, posted, action=f"/sides/{side.pk}/say/", sheet=f"side-{side.pk}")
    return replace(
        form,
        replies_href=f"/conversations/{here.row.pk}/saved-replies/" if here.sees_conversation else "",
        kind="mail" if side.team_id is None else "team",
        seen=posted.seen,
        senders=senders,
    )


def _form(visit: Visit, posted: Posted, *, action: str, sheet: str) -> SideFormContext:
    uploads = queries.unsent_files(visit.actor, posted.kept) if posted.kept else []
    return SideFormContext(
        action=action,
        key=posted.key or secrets.token_urlsafe(18),
        sheet=sheet,
        kind=posted.kind,
        to=posted.to,
        cc=posted.cc,
        subject=posted.subject,
        text=posted.text,
        html=to_edit(posted.html),
        files=[KeptFile(id=file.pk, name=file.filename, size=file.size) for file in uploads],
        is_stopped=posted.is_stopped,
        doubts=posted.doubts,
        sure=key_of_doubts(posted.doubts) if posted.doubts else posted.sure,
        errors=posted.errors,
    )
