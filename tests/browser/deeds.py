"""What hands do inside a desk, in a process of their own: each deed takes and gives what JSON can hold."""

import json
import sys
import time

from django.contrib.sessions.models import Session

from heed.answering.actions.saved_replies import Wanted, add_saved_reply, attach_to_reply
from heed.answering.models import SavedReplyFile
from heed.brands.models import Inbox
from heed.conversations.actions.answering import Answer, add_note
from heed.conversations.actions.sides import Asked, begin_side
from heed.conversations.actions.state import assign, change_status
from heed.conversations.models import LISTED, Attachment, Conversation, Draft, Message
from heed.delivery.actions.setup import add_inbox_address
from heed.delivery.models import CaughtMail
from heed.kernel import blobs
from heed.kernel.words import Status, TeamId
from heed.people.actions import choose_undo_seconds
from heed.people.actions.agents import change_teams
from heed.people.actions.first_hour import begin_first_hour
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM
from heed.people.queries import actor_for
from heed.testing.world import build

PATIENCE_SECONDS = 15.0
AGENTS = ("amara", "bruno", "chen", "edda", "farid", "gita", "hugo")


def work() -> None:
    """Read one JSON list a line, [deed, arguments]; answer [worked, what it gave or why not], until the input ends."""
    for line in sys.stdin:
        deed, arguments = json.loads(line)
        try:
            answer = [True, DEEDS[deed](**arguments)]
        except Exception as error:
            answer = [False, repr(error)]
        print(json.dumps(answer), flush=True)


def company() -> None:
    """Make the company of heed.testing.world, in which everybody may log in."""
    world = build()
    for name in AGENTS:
        world.colleague(name).may_log_in()


def conversation(subject: str) -> int:
    """The number of the newest conversation with this subject, as soon as its mail has become one."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = Conversation.objects.filter(subject=subject).order_by("-pk").first()
        if found is not None:
            return found.pk
        time.sleep(0.03)
    raise AssertionError(f"no mail became the conversation {subject!r}")


def long_history(number: int, count: int) -> list[int]:
    """So many notes of Edda's more, one after the other; their ids."""
    row, by = Conversation.objects.get(pk=number), actor_for(Agent.objects.get(email="edda@desk.example"))
    return [add_note(row, text=f"Entry {n}", sent_once="", files=(), by=by).pk for n in range(count)]


def messages(number: int) -> int:
    """How many messages a conversation has."""
    return Message.objects.filter(conversation_id=number).count()


def message_ids(number: int) -> list[str]:
    """The Message-IDs of what customers wrote in a conversation."""
    return [m.message_id for m in Message.objects.filter(conversation_id=number, direction="in")]


def status(number: int) -> str:
    """How a conversation stands."""
    return str(Conversation.objects.get(pk=number).status)


def said(number: int) -> list[list[str]]:
    """What agents wrote in a conversation: [reply or note, text]."""
    rows = Message.objects.filter(conversation_id=number, agent__isnull=False).order_by("pk")
    return [["note" if m.direction == "note" else "reply", m.text] for m in rows]


def files(number: int) -> list[list[str]]:
    """What is attached to what agents wrote in a conversation: [reply or note, file name]."""
    rows = Attachment.objects.filter(message__conversation_id=number, message__agent__isnull=False)
    return sorted(["note" if a.message.direction == "note" else "reply", a.filename] for a in rows)  # type: ignore[union-attr]  # those with a message


def drafts(number: int, agent: str) -> dict[str, str]:
    """What an agent has begun to write there, by kind."""
    rows = Draft.objects.filter(conversation_id=number, agent__name=agent)
    return {"note" if d.kind == "note" else "reply": d.text for d in rows}


def caught(number: int, words: str) -> int:
    """How many mails of a conversation that say these words have left the desk; waits a moment for the first."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        rows = CaughtMail.objects.filter(message__conversation_id=number)
        found = sum(words in row.message.text for row in rows)
        if found:
            return found
        time.sleep(0.05)
    return 0


def give(number: int, to: str) -> None:
    """Assign a conversation."""
    row = Conversation.objects.get(pk=number)
    assign(row, to=Agent.objects.get(name=to), by=SYSTEM)


def bring(number: int, status: str) -> None:
    """Change how a conversation stands."""
    change_status(Conversation.objects.get(pk=number), to=Status(status), by=SYSTEM)


def end_all() -> None:
    """Solve what is open, so that the next test finds what it makes on the first page of its lists."""
    unsolved = [Status.OPEN, Status.WAITING, Status.SNOOZED]
    for row in Conversation.objects.filter(LISTED, status__in=unsolved):
        change_status(row, to=Status.SOLVED, by=SYSTEM)


def log_out(agent: str) -> None:
    """End every session of an agent, as if they had expired."""
    pk = str(Agent.objects.get(name=agent).pk)
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == pk:
            session.delete()


def first_hour() -> None:
    """Greet admins with the steps of a new desk."""
    begin_first_hour(by=SYSTEM)


def teams(agent: str, names: list[str]) -> list[str]:
    """Put an agent into these teams alone; gives the names of those they were in."""
    row = Agent.objects.get(name=agent)
    had = list(Team.objects.filter(teammember__agent=row).values_list("name", flat=True))
    change_teams(row, to=list(Team.objects.filter(name__in=names)), by=SYSTEM)
    return had


def undo_seconds(agent: str, seconds: int) -> None:
    """Let an agent's answers wait so long."""
    row = Agent.objects.get(name=agent)
    choose_undo_seconds(seconds, by=actor_for(row))


def ask_aside(number: int, agent: str, to: str, text: str) -> int:
    """Begin a side conversation by mail; gives its number."""
    answer = Answer(text=text, subject="A question", to=(("", to),))
    by = actor_for(Agent.objects.get(name=agent))
    said = begin_side(Conversation.objects.get(pk=number), answer=answer, asked=Asked(), by=by)
    assert said.side_id is not None
    return said.side_id


def aside_id(number: int) -> str:
    """The Message-ID of what was said aside in a conversation, once it has left."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        rows = Message.objects.filter(conversation_id=number, direction="aside_out").exclude(message_id="")
        if found := rows.order_by("-pk").first():
            return found.message_id
        time.sleep(0.05)
    raise AssertionError("nothing was said aside")


def further_address(inbox: str, address: str) -> None:
    """Let an inbox write from one more address."""
    add_inbox_address(Inbox.objects.get(address=inbox), address=address, by=SYSTEM)


def senders(number: int) -> list[str]:
    """The From addresses of what left of a conversation; waits a moment for the first."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        rows = CaughtMail.objects.filter(message__conversation_id=number, message__agent__isnull=False)
        if rows.exists():
            return [row.message.from_address for row in rows.order_by("pk")]
        time.sleep(0.05)
    return []


def saved_reply(name: str, texts: dict[str, str], file: str = "") -> None:
    """A saved reply of Payments, with a file of this name."""
    team = Team.objects.get(name="Payments")
    wanted = Wanted(name=name, texts=texts, team=TeamId(team.pk))
    row = add_saved_reply(team.brand, wanted=wanted, by=SYSTEM)
    if file:
        kept = SavedReplyFile(blob_id=blobs.put(b"form"), filename=file, content_type="text/plain", size=4)
        attach_to_reply(row, file=kept, by=SYSTEM)


DEEDS = {
    deed.__name__: deed
    for deed in (
        company,
        conversation,
        long_history,
        messages,
        message_ids,
        status,
        said,
        files,
        drafts,
        caught,
        give,
        bring,
        end_all,
        log_out,
        first_hour,
        undo_seconds,
        ask_aside,
        aside_id,
        further_address,
        senders,
        saved_reply,
        teams,
    )
}
