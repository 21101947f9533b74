"""Why a conversation stands in a list, in words: a cause and a time.

A list has fifty such lines, so they are worded here: a template that asks for each code in turn takes far longer.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from heed.ui.contexts import Why

Tell = Callable[[datetime | None], SafeString]
"""An element that says a time."""

MANY: Final = 3
"""From so many mails on that wait for one answer their number is said: it is the third time that somebody asks."""

WORDS: Final = {
    "reply_due": _("Reply due %(until)s"),
    "reply_overdue": _("Reply overdue by %(until)s"),
    "first_reply_due": _("First reply due %(until)s"),
    "first_reply_overdue": _("First reply overdue by %(until)s"),
    "not_sent": _("Not sent: server refused it"),
    "not_sent:address_refused": _("Not sent: address refused"),
    "not_sent:address_suppressed": _("Not sent: address suppressed"),
    "not_sent:mailbox_full": _("Not sent: mailbox full"),
    "not_sent:bounced": _("Came back: not delivered"),
    "not_sent:gave_up": _("Not sent: server not reached"),
    "back_from_snooze": _("Back from snooze since %(when)s"),
    "snoozed_until": _("Snoozed until %(when)s"),
    "asks_you": _("%(name)s asks you in a note"),
    "draft": _("Your draft from %(when)s"),
    "waiting_since": _("Since %(day)s"),
    "waiting_since:back": _("Since %(day)s, back %(back)s"),
    "solved": _("Solved %(when)s"),
    "solved:me": _("Solved by you %(when)s"),
    "solved:by": _("Solved by %(name)s %(when)s"),
    "closed": _("Closed %(day)s"),
    "closed:silence": _("Closed %(day)s: no further reply"),
    "open": _("Open, nothing due"),
}


ABSENT: Final = {  # why it went back to its team
    "away": _("%(why)s: %(name)s is away"),
    "off": _("%(why)s: %(name)s is off"),
    "off_shift": _("%(why)s: %(name)s is off shift"),
    "on_leave": _("%(why)s: %(name)s is on leave"),
    "switched_off": _("%(why)s: %(name)s left"),
}


def because(why: Why, tell: Mapping[str, Tell], name: Callable[[str], str]) -> SafeString:
    """The line as HTML. Tell: how when, until and day are said; name: what one calls somebody."""
    words = str(WORDS.get(_key(why)) or WORDS.get(why.code) or WORDS["open"])
    said = {kind: say(why.at) for kind, say in tell.items() if f"%({kind})s" in words}
    if "%(back)s" in words:
        said["back"] = tell["day"](why.back_at)
    if why.by is not None:
        said["name"] = conditional_escape(name(why.by.name))
    line = _with_more(words % said, why, name)
    return mark_safe(line)  # noqa: S308 - our own words; names were escaped, and times are elements of ours


def _with_more(line: str, why: Why, name: Callable[[str], str]) -> str:
    """The line with the one thing more that is worth its place."""
    if why.absence and why.left_by is not None:
        said = str(ABSENT.get(why.absence) or ABSENT["switched_off"])
        return said % {"why": line, "name": conditional_escape(name(why.left_by.name))}
    if why.mails >= MANY:
        more = ngettext("%(why)s: %(count)d mail waits", "%(why)s: %(count)d mails wait", why.mails)
        return more % {"why": line, "count": why.mails}
    if why.is_roused:
        return gettext("%(why)s: back from snooze") % {"why": line}
    if why.assigned_by is not None:
        giver = conditional_escape(name(why.assigned_by.name))
        return gettext("%(why)s: assigned by %(name)s") % {"why": line, "name": giver}
    return line


def _key(why: Why) -> str:
    """The code with what words it further."""
    if why.code == "waiting_since" and why.back_at is not None:
        return "waiting_since:back"
    if why.code == "solved" and why.by is not None:
        return "solved:me" if why.by.is_me else "solved:by"
    return f"{why.code}:{why.reason}" if why.reason else why.code
