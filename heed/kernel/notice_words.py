"""Words of notifications: what somebody is told of, and how it reaches them."""

from enum import StrEnum
from typing import NewType

NotificationId = NewType("NotificationId", int)


class NotificationKind(StrEnum):
    """What somebody is told of."""

    MENTION = "mention"  # a note calls them, or a team of theirs
    ASSIGNMENT = "assignment"  # somebody made them responsible
    REPLY = "reply"  # somebody outside wrote in what they are responsible for
    DUE_SOON = "due_soon"  # what they are responsible for is due soon
    ASKED = "asked"  # another team asks one of theirs in a side conversation
    TEAM_DUE = "team_due"  # what nobody of their team is responsible for is due soon
    KEPT = "kept"  # their answer by mail was not sent and is a note now


class NotificationChannel(StrEnum):
    """How it reaches them."""

    PAGE = "page"  # in the list of the workspace
    PUSH = "push"  # to the devices that they chose
    MAIL = "mail"  # several in one mail, when they have not read them by then
