"""A desk with one thing of each kind, and the address of everything in it that answers to GET.

The addresses are those that the access walk knows (tests/contracts/test_walk.py). An address without an entry there
fails, so no page can be forgotten here either. Run in a process of its own, before the desk serves.
"""

import json

from heed.conversations.actions.answering import add_note
from heed.conversations.models import Conversation
from heed.testing.world import build
from tests.contracts.test_walk import AGENTS, DOORS, Door, stage

CALLED = "For the team, @Payments."


def tell() -> None:
    """Fill the desk. Prints JSON: the session of each agent, and [who looks, pattern, address] of each door."""
    world = build()
    facts = stage(world)
    row = Conversation.objects.get(pk=str(facts["number"]))
    add_note(row, text=CALLED, sent_once="", files=(), by=world.edda.actor)
    doors = [
        (_looker(door), pattern, (door.address or f"/{pattern}").format(**facts))
        for pattern, of_pattern in DOORS.items()
        for door in of_pattern
        if door.method == "GET"
    ]
    sessions = {who: world.colleague(who).client.session.session_key for who in sorted(AGENTS)}
    print(json.dumps({"sessions": sessions, "doors": doors}))


def _looker(door: Door) -> str:
    """Nobody where nobody may look, since entrances lead those on who are logged in; else the admin if they may."""
    return next(who for who in ("nobody", "chen", *sorted(door.may)) if who in door.may)
