"""Words for views: what a condition is about, what it can be, orders, and what rows tell. Stored are codes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

FIELDS = {
    "is": _("State"),
    "assignee": _("Assignee"),
    "team": _("Team"),
    "priority": _("Priority"),
    "tag": _("Tag"),
    "topic": _("Topic, with those below it"),
    "field": _("Custom field"),
    "customer": _("Customer’s address"),
    "company": _("Customer’s company"),
    "brand": _("Brand"),
    "inbox": _("Inbox"),
    "language": _("Language"),
    "has": _("Has"),
    "due": _("Due"),
    "updated": _("Newest message"),
    "opened": _("Opened"),
    "snoozed": _("Snoozed until"),
    "from": _("A message is from"),
    "to": _("A message went to"),
    "subject": _("A subject has"),
    "on": _("A message was written on"),
    "before": _("A message was written before"),
    "after": _("A message was written after"),
    "number": _("Number begins with"),
}
"""In the order in which a form offers them."""

CHOICES = {
    "open": _("Open"),
    "waiting": _("Waiting"),
    "snoozed": _("Snoozed"),
    "solved": _("Solved"),
    "closed": _("Closed"),
    "unassigned": _("Unassigned"),
    "mine": _("Mine"),
    "unread": _("Unread"),
    "overdue": _("Overdue"),
    "failed": _("Answer not sent"),
    "spam": _("Spam"),
    "trashed": _("In the trash"),
    "restricted": _("Restricted"),
    "attachment": _("A file"),
    "draft": _("A draft of mine"),
    "low": _("Low"),
    "normal": _("Normal"),
    "high": _("High"),
    "urgent": _("Urgent"),
}
DAYS = {
    "today": _("today"),
    "yesterday": _("yesterday"),
    "tomorrow": _("tomorrow"),
    "none": _("without a time"),
}
SIGNS = {
    "=": _("is"),
    ">": _("is more than, or after"),
    "<": _("is less than, or before"),
    "": _("has something noted in it"),
}
ORDERS = {
    "due": _("What is due first"),
    "priority": _("Urgent first, then what is due"),
    "newest": _("Newest message first"),
    "oldest": _("Longest silence first"),
    "opened": _("Opened last, first"),
    "first": _("Opened first, first"),
}
FACTS = {
    "brand": _("Brand"),
    "team": _("Team"),
    "assignee": _("Assignee"),
    "inbox": _("Inbox"),
    "status": _("Status"),
    "priority": _("Priority"),
    "tags": _("Tags"),
    "number": _("Number"),
    "opened": _("Opened"),
}


def passed(count: int, unit: str) -> str:
    """In the last 7 days."""
    if unit == "h":
        words = ngettext("in the last hour", "in the last %(count)d hours", count)
    elif unit == "d":
        words = ngettext("in the last 24 hours", "in the last %(count)d days", count)
    else:
        words = ngettext("in the last week", "in the last %(count)d weeks", count)
    return words % {"count": count}


def long_passed(count: int, unit: str) -> str:
    """More than 7 days ago."""
    if unit == "h":
        words = ngettext("more than an hour ago", "more than %(count)d hours ago", count)
    elif unit == "d":
        words = ngettext("more than a day ago", "more than %(count)d days ago", count)
    else:
        words = ngettext("more than a week ago", "more than %(count)d weeks ago", count)
    return words % {"count": count}


def near(count: int, unit: str) -> str:
    """Within 4 hours; what has passed counts too."""
    if unit == "h":
        words = ngettext("within the hour, or past", "within %(count)d hours, or past", count)
    elif unit == "d":
        words = ngettext("within 24 hours, or past", "within %(count)d days, or past", count)
    else:
        words = ngettext("within a week, or past", "within %(count)d weeks, or past", count)
    return words % {"count": count}


def far(count: int, unit: str) -> str:
    """In more than 7 days."""
    if unit == "h":
        words = ngettext("in more than an hour", "in more than %(count)d hours", count)
    elif unit == "d":
        words = ngettext("in more than a day", "in more than %(count)d days", count)
    else:
        words = ngettext("in more than a week", "in more than %(count)d weeks", count)
    return words % {"count": count}
