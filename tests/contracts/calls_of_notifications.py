"""How verbs about notifications are called, for the walk of test_walk_verbs."""

from typing import TYPE_CHECKING, Final

from heed.notifications import actions
from heed.notifications.actions import choosing
from heed.notifications.choices import Wanted
from tests.contracts.test_walk import AGENTS

if TYPE_CHECKING:
    from tests.contracts.test_walk_verbs import Call

NOBODY: Final = frozenset({"nobody"})
OF_THE_DESK: Final = frozenset(
    {
        *("notify", "keep_deadline", "tell_deadline", "follow_messages", "forget_notifications"),
        *("begin_digest", "end_digest", "put_off_digest", "take_answer"),
    }
)


def calls(call: "type[Call]") -> "dict[str, Call]":
    """By the verb's name: one's own notifications are read by every agent."""
    return {
        "choose_notifications": call(
            lambda f, by: choosing.choose_notifications(Wanted(), by=by), AGENTS, NOBODY
        ),
        "mark_read": call(lambda f, by: actions.mark_read([1], by=by), AGENTS, NOBODY),
        "mark_read_up_to": call(lambda f, by: actions.mark_read_up_to(1, by=by), AGENTS, NOBODY),
        "mark_read_about": call(lambda f, by: actions.mark_read_about(f.row, by=by), AGENTS, NOBODY),
    }
