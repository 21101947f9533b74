"""How verbs about notifications are called, for the walk of test_walk_verbs."""

from typing import TYPE_CHECKING, Final

from heed.conversations.models import SideConversation
from heed.notifications import actions
from heed.notifications.actions import choosing, devices
from heed.notifications.choices import Wanted
from heed.notifications.models import PushDevice
from heed.notifications.webpush import Subscription
from heed.people.actions.sessions import Device
from heed.people.policy import Actor
from tests.contracts.test_walk import AGENTS, BROWSER

if TYPE_CHECKING:
    from tests.contracts.test_walk_verbs import Call

NOBODY: Final = frozenset({"nobody"})
OF_THE_DESK: Final = frozenset(
    {
        *("notify", "keep_deadline", "tell_deadline", "follow_messages", "forget_notifications"),
        *("forget_device", "end_push", "put_off_push"),
        *("begin_digest", "end_digest", "put_off_digest", "take_answer"),
    }
)


def _device(by: Actor) -> PushDevice:
    return devices.add_device(Subscription(**BROWSER), device=Device(), by=by)


def calls(call: "type[Call]") -> "dict[str, Call]":
    """By the verb's name: one's own notifications are read by every agent."""
    return {
        "choose_notifications": call(
            lambda f, by: choosing.choose_notifications(Wanted(), by=by), AGENTS, NOBODY
        ),
        "add_device": call(lambda f, by: _device(by), AGENTS, NOBODY),
        "remove_device": call(lambda f, by: devices.remove_device(_device(by).pk, by=by), AGENTS, NOBODY),
        "mark_read": call(lambda f, by: actions.mark_read([1], by=by), AGENTS, NOBODY),
        "mark_read_up_to": call(lambda f, by: actions.mark_read_up_to(1, by=by), AGENTS, NOBODY),
        "mark_read_about": call(lambda f, by: actions.mark_read_about(f.row, by=by), AGENTS, NOBODY),
        "mark_read_aside": call(
            lambda f, by: actions.mark_read_aside(SideConversation(pk=1), by=by), AGENTS, NOBODY
        ),
    }
