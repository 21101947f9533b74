"""Codes of views and bulk changes: stored as they are, worded by the doors."""

from enum import StrEnum


class ViewOrder(StrEnum):
    """What comes first in a view. Each order can be paged by the key of its last row."""

    DUE = "due"  # what is due first; what has no time last
    PRIORITY = "priority"  # urgent first, then as above
    NEWEST = "newest"  # the newest message first
    OLDEST = "oldest"  # the oldest newest message first: who was left alone longest
    OPENED = "opened"  # opened last
    FIRST = "first"  # opened first


class RowFact(StrEnum):
    """What a row of a list can tell beside who, what, when and why."""

    BRAND = "brand"
    TEAM = "team"
    ASSIGNEE = "assignee"
    INBOX = "inbox"
    STATUS = "status"
    PRIORITY = "priority"
    TAGS = "tags"
    NUMBER = "number"
    OPENED = "opened"


class BulkKind(StrEnum):
    """What can be done to many conversations at once."""

    ASSIGN = "assign"
    TEAM = "team"
    STATUS = "status"
    SNOOZE = "snooze"
    PRIORITY = "priority"
    TAG = "tag"
    UNTAG = "untag"
    TOPIC = "topic"
    FIELD = "field"  # what is noted down in a custom field
    MERGE = "merge"
    SPAM = "spam"
    TRASH = "trash"


class PartState(StrEnum):
    """What became of one conversation in a bulk change."""

    WAITING = "waiting"
    DONE = "done"
    SAME = "same"  # it stood so before
    LEFT = "left"  # it could not be done
    UNDONE = "undone"
    KEPT = "kept"  # somebody changed it since: taking back leaves it alone
