"""Who may be made responsible for a conversation, and what stands beside their names."""

import re
from html import unescape

from heed.conversations.models import Conversation
from heed.people.actions.shifts import change_work
from heed.testing.world import World


def assignees(world: World, number: int) -> list[str]:
    page = world.amara.get(f"/inbox/all-open/{number}/").content.decode()
    choice = re.search(r'<select[^>]*id="field-assignee".*?</select>', page, re.DOTALL)
    assert choice is not None
    return [unescape(words) for words in re.findall(r"<option[^>]*>([^<]*)</option>", choice[0])]


def test_who_is_there_and_speaks_the_customers_language_comes_first_with_their_skills(world: World) -> None:
    for who, languages, skills in (
        (world.amara, ["en"], ["Refunds"]),
        (world.edda, ["de", "en"], ["Brakes", "Gears"]),
    ):
        change_work(who.row, shift={}, leave=[], skills=skills, languages=languages, by=world.chen.actor)
    conversation = world.conversation()
    Conversation.objects.filter(pk=conversation.pk).update(language="de")
    offered = assignees(world, conversation.pk)
    assert offered[0] == "Nobody"
    assert offered[1] == "Edda, de, en, Brakes, Gears"
    assert "Amara (you), en, Refunds" in offered
