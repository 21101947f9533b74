"""The sections of the settings: a page registers here, in one line, and stands in the list of every settings page.

Its words, a name and half a sentence, stand under the same code in heed.ui.codes.SECTIONS. Its template extends
settings/base.html.
"""

from collections.abc import Callable
from dataclasses import dataclass

from heed.people import history
from heed.people.policy import (
    Actor,
    is_of_the_desk,
    may_begin,
    may_look_at_brands,
    may_look_at_mail,
    may_manage_people,
    may_manage_roles,
    may_run_desk,
    may_set_up,
    may_set_up_mail,
)
from heed.ui.contexts import SectionLink

HISTORY = "/settings/history/"


@dataclass(frozen=True, slots=True)
class Section:
    """One settings page, or several below one address."""

    code: str
    href: str
    may: Callable[[Actor], bool]  # who finds it in the list; the page itself asks again


SECTIONS = (
    Section("you", "/settings/you/", is_of_the_desk),
    Section("notifications", "/settings/you/notifications/", is_of_the_desk),
    Section("security", "/settings/you/security/", is_of_the_desk),
    Section("brands", "/settings/brands/", may_look_at_brands),
    Section("mails", "/settings/mails/", may_look_at_brands),
    Section("people", "/settings/people/", may_manage_people),
    Section("teams", "/settings/teams/", may_manage_people),
    Section("roles", "/settings/roles/", may_manage_roles),
    Section("access", "/settings/access/", may_manage_people),
    Section("topics", "/settings/topics/", may_set_up),
    Section("tags", "/settings/tags/", may_set_up),
    Section("mailboxes", "/settings/mailboxes/", may_look_at_mail),
    Section("mail_hooks", "/settings/mail-hooks/", may_set_up_mail),
    Section("domains", "/settings/domains/", may_set_up_mail),
    Section("mail_health", "/settings/mail-health/", may_look_at_mail),
    Section("saved_replies", "/settings/saved-replies/", may_begin),
    Section("answers", "/settings/answers/", may_begin),
    Section("sending", "/settings/sending/", may_set_up_mail),
    Section("parked", "/settings/parked/", may_run_desk),
    Section("quarantine", "/settings/quarantine/", may_run_desk),
    Section("blocked", "/settings/blocked/", may_run_desk),
    Section("storms", "/settings/mail-storms/", may_set_up),
    Section("history", HISTORY, may_run_desk),
    Section("first_hour", "/settings/first-hour/", may_set_up),
)


def sections_of(actor: Actor, *, here: str) -> list[SectionLink]:
    """The sections that an actor may open, for the page whose own address is `here`; no query."""
    current = max((one.href for one in SECTIONS if here.startswith(one.href)), key=len, default="")
    return [
        SectionLink(
            code=section.code,
            href=section.href,
            is_current=section.href == current,
            history_href=f"{HISTORY}?section={section.code}"
            if section.code in history.SECTIONS and may_run_desk(actor)
            else "",
        )
        for section in SECTIONS
        if section.may(actor)
    ]
