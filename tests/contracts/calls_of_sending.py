"""How the verbs of sending are called by those who may and those who may not; test_walk_verbs walks them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from heed.conversations.actions import holding, sides
from heed.conversations.actions.answering import Answer, Wait, reply
from heed.conversations.models import Message, SideConversation
from heed.delivery.actions import dkim, setup
from heed.delivery.dkim import KeyPair
from heed.delivery.limits import Limits
from heed.delivery.models import DkimKey
from heed.kernel import clock
from heed.kernel.mail_words import DkimSigning
from heed.kernel.words import BrandId, ConversationId, DeliveryState, HeldFor, PlusAddresses, SenderName
from heed.people import actions as people
from heed.people.actions import standings
from heed.people.policy import SYSTEM
from tests.contracts.test_walk import AGENTS, WRITERS

ADMINS: Final = frozenset({"chen"})
EVERYBODY: Final = AGENTS | {"nobody"}
OF_LINDEN: Final = frozenset({"amara", "bruno", "chen", "edda"})
ASIDE: Final = Answer(text="", to=(("", "claims@carrier.example"),))
WORDS: Final = replace(ASIDE, text="Where is it?", subject="A parcel")
ASKED: Final = sides.Asked()
PAIR: Final = KeyPair("private", "public")

OF_THE_DESK: Final = frozenset(
    {
        "discard_sheets",
        "discard_uploads",
        "forget_blobs",
        "note_dkim_record",
        "note_server_bytes",
        "receive_aside",
        "receive_own_aside",
        "release",
        "speak",
        "take_turn",
        "tally",
    }
)


# Events that arranging a call records itself.
ARRANGES: Final = {
    **dict.fromkeys(("take_back", "send_now", "put_off"), 2),
    **dict.fromkeys(("say_aside", "finish_side"), 3),
    "reopen_side": 4,
}


def _held(facts: Any) -> Message:
    """An answer that waits, the same while it does."""
    found = Message.objects.filter(state=DeliveryState.HELD).first()
    wait = Wait(clock.now() + timedelta(hours=2), HeldFor.LATER)
    return found or reply(facts.row, answer=facts.world.answer(wait=wait), by=facts.world.amara.actor)


def _side(facts: Any) -> SideConversation:
    """A side conversation that is open, the same while it is."""
    found = SideConversation.objects.filter(conversation=facts.row, done_at__isnull=True).first()
    if found is None:
        sides.begin_side(facts.row, answer=WORDS, asked=ASKED, by=facts.world.amara.actor)
    return found or SideConversation.objects.latest("pk")


def _key() -> DkimKey:
    return dkim.add_dkim_key("linden.example", pair=PAIR, by=SYSTEM)


def calls(call: Callable[..., Any]) -> dict[str, Any]:
    """By the verb's name, its call: made by `call(make, may, looks)`."""

    def set_up(make: Callable[..., object]) -> Any:
        return call(make, ADMINS, EVERYBODY - ADMINS)

    return {
        "unsubscribe": call(
            lambda f, by: standings.unsubscribe(
                "dalia@example.org", brand=BrandId(f.row.brand_id), on=ConversationId(f.row.pk), by=by
            ),
            WRITERS,
            EVERYBODY - WRITERS,
        ),
        "resubscribe": call(
            lambda f, by: standings.resubscribe(
                "dalia@example.org", brand=BrandId(f.row.brand_id), on=ConversationId(f.row.pk), by=by
            ),
            WRITERS,
            EVERYBODY - WRITERS,
        ),
        "forward": call(lambda f, by: sides.forward(f.message, answer=ASIDE, keeping=(), by=by)),
        "begin_side": call(lambda f, by: sides.begin_side(f.row, answer=WORDS, asked=ASKED, by=by)),
        "say_aside": call(lambda f, by: sides.say_aside(_side(f), answer=WORDS, by=by)),
        "finish_side": call(lambda f, by: sides.finish_side(_side(f), by=by)),
        "reopen_side": call(lambda f, by: sides.reopen_side(sides.finish_side(_side(f), by=SYSTEM), by=by)),
        "take_back": call(lambda f, by: holding.take_back(_held(f), by=by)),
        "send_now": call(lambda f, by: holding.send_now(_held(f), by=by)),
        "put_off": call(
            lambda f, by: holding.put_off(_held(f), until=clock.now() + timedelta(hours=1), by=by)
        ),
        "choose_undo_seconds": call(
            lambda f, by: people.choose_undo_seconds(5, by=by), WRITERS, EVERYBODY - WRITERS
        ),
        "add_inbox_address": set_up(
            lambda f, by: setup.add_inbox_address(f.world.help, address="more@linden.example", by=by)
        ),
        "remove_inbox_address": set_up(
            lambda f, by: setup.remove_inbox_address(f.world.help, address="more@linden.example", by=by)
        ),
        "choose_plus_addresses": set_up(
            lambda f, by: setup.choose_plus_addresses(f.world.help, to=PlusAddresses.NOWHERE, by=by)
        ),
        "choose_sender_name": set_up(
            lambda f, by: setup.choose_sender_name(f.world.linden, to=SenderName.BRAND, by=by)
        ),
        "set_agent_signature": call(
            lambda f, by: setup.set_agent_signature(f.world.linden, text="x", by=by),
            OF_LINDEN,
            EVERYBODY - OF_LINDEN,
        ),
        "set_provider": set_up(lambda f, by: setup.set_provider(f.world.help, access=None, by=by)),
        "set_send_limits": set_up(
            lambda f, by: setup.set_send_limits(f.world.help, limits=Limits(day=9), by=by)
        ),
        "set_most_bytes": set_up(lambda f, by: setup.set_most_bytes(f.world.help, most_bytes=None, by=by)),
        "add_dkim_key": set_up(lambda f, by: dkim.add_dkim_key("linden.example", pair=PAIR, by=by)),
        "choose_dkim_signing": set_up(
            lambda f, by: dkim.choose_dkim_signing(_key(), to=DkimSigning.ALWAYS, by=by)
        ),
        "retire_dkim_key": set_up(lambda f, by: dkim.retire_dkim_key(_key(), by=by)),
    }
