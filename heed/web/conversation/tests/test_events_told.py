"""The lines of a history: nothing of a conversation that does not exist for the reader, and what became of a tag."""

from heed.conversations.actions.labels import tag
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.splitting import link_by_hand, split
from heed.conversations.actions.tags import merge_tag
from heed.conversations.models import Conversation, Message
from heed.kernel.permissions import Permission
from heed.kernel.words import AgentId, Direction
from heed.people.actions.agents import change_role
from heed.people.actions.roles import add_role
from heed.people.policy import SYSTEM
from heed.testing.world import Colleague, World


def page(colleague: Colleague, row: Conversation) -> str:
    return colleague.get(f"/inbox/all-open/{row.pk}/").content.decode()


def test_a_line_names_no_conversation_that_is_restricted_to_others(world: World) -> None:
    row, other = world.conversation(), world.conversation(subject="A complaint about Amara")
    link_by_hand(row, other=other, by=world.edda.actor)
    part = split(world.reload(row), messages=[world.writes(row).pk], subject="", by=world.edda.actor)
    told = [f'href="/conversations/{one.pk}/"' for one in (other, part)]
    assert all(line in page(world.amara, row) for line in told)
    for one in (other, part):
        restrict(world.reload(one), agents=[AgentId(world.edda.row.pk)], teams=[], by=SYSTEM)
    seen = page(world.amara, row)
    assert not any(
        line in seen or f"#{one.pk}<" in seen for line, one in zip(told, (other, part), strict=True)
    )
    assert all(line in page(world.edda, row) for line in told), "those named read it as before"


def test_a_tag_that_was_merged_says_which_one_stands_for_it(world: World) -> None:
    row = world.conversation()
    old, new = (tag(row, name=name, by=world.amara.actor) for name in ("billing", "invoice"))
    assert "stands for it" not in page(world.amara, row)
    merge_tag(old, into=new, by=world.chen.actor)
    seen = page(world.amara, row)
    assert "You added the tag “billing” (“invoice” stands for it)" in seen
    assert seen.count("stands for it") == 1


def test_who_may_note_and_not_answer_writes_notes_alone(world: World) -> None:
    row = world.conversation()
    rights = frozenset({Permission.SEE_OWN_TEAMS, Permission.NOTE})
    change_role(world.amara.row, to=add_role("Advisor", permissions=rights, by=SYSTEM), by=SYSTEM)
    seen = page(world.amara, row)
    assert 'value="note" checked' in seen
    assert 'value="reply"' not in seen
    here = f"/inbox/all-open/{row.pk}/"
    note = {"kind": "note", "text": "begun before", "note": "Ask Bruno", "send": "1", "key": "k"}
    assert world.amara.post(f"{here}reply/", note).status_code == 303, "what was begun of an answer is left"
    assert Message.objects.filter(conversation=row, direction=Direction.NOTE).get().text == "Ask Bruno"
    answer = {"kind": "reply", "text": "x", "to": world.dalia.address, "send": "1", "key": "l"}
    assert world.amara.post(f"{here}reply/", answer).status_code == 403
