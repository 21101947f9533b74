"""The pages of triage: what a lead sees in the quarantine, whom agents block, and the rules of an admin."""

from datetime import timedelta

import time_machine

from heed.conversations.actions.quarantining import quarantine
from heed.conversations.models import Conversation, Message
from heed.intake.tests.letters import letter, received
from heed.kernel import clock
from heed.kernel.words import SpamReason, Status, StormKey, SuppressReason
from heed.people.actions.standings import note_soft_failure, suppress
from heed.people.policy import SYSTEM
from heed.people.standing_queries import suppressed_among
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.triage.actions.senders import block
from heed.triage.actions.storms import Wording, add_storm_rule
from heed.triage.models import BlockedSender, StormRule
from heed.triage.queries import Sieve

DALIA = "dalia@example.org"


def page(world: World, path: str, *, who: str = "edda", **headers: str) -> str:
    answer = world.colleague(who).get(path, **headers)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def held(world: World, number: int = 1) -> list[Conversation]:
    """Conversations whose sender is blocked, as they arrive."""
    block(world.linden, sender=DALIA, by=SYSTEM)
    for one in range(number):
        received(world, letter(f"{one}@x", subject=f"Buy {one}"))
    return list(Conversation.objects.filter(quarantined_at__isnull=False).order_by("pk"))


def test_the_quarantine_says_in_words_why_and_lets_out(world: World) -> None:
    [row] = held(world)
    text = page(world, "/settings/quarantine/")
    assert "Buy 0" in text
    assert "its sender is blocked" in text
    answer = world.edda.post("/settings/quarantine/", {"do": "release", "number": str(row.pk)})
    assert answer.status_code == 303
    text = page(world, answer.headers["Location"])
    assert "1 conversation is back in its list" in text
    assert "Buy 0" not in text
    world.settle()
    assert world.reload(row).next_due_at is not None


def test_many_are_judged_at_once_and_only_what_lies_there(world: World) -> None:
    rows = held(world, 3)
    other = world.conversation()
    numbers = [str(row.pk) for row in (*rows, other)]
    answer = world.edda.client.post("/settings/quarantine/", {"do": "block", "number": numbers})
    assert "count=3" in answer.headers["Location"]
    assert world.reload(other).quarantined_at is None
    assert BlockedSender.objects.count() == 1
    world.settle()


def test_the_quarantine_is_paged_in_a_constant_number_of_queries(world: World) -> None:
    world.edda.get("/settings/quarantine/")

    def queries() -> int:
        with assert_queries(at_most=60) as counted:
            page(world, "/settings/quarantine/")
        return len(counted.captured_queries)

    quarantine(world.conversation(), reason=SpamReason.CONTENT, by=SYSTEM)
    few = queries()
    for minute in range(55):
        with time_machine.travel(clock.now() - timedelta(minutes=minute)):
            quarantine(world.conversation(), reason=SpamReason.CONTENT, by=SYSTEM)
    assert queries() == few
    told = page(world, "/settings/quarantine/")
    assert "Show older ones" in told
    older = told.partition('href="/settings/quarantine/?after=')[2].partition('"')[0]
    assert "held-back-row" in page(world, f"/settings/quarantine/?after={older}")


def test_spam_is_marked_from_the_conversation_and_taken_back(world: World) -> None:
    row = world.conversation()
    here = f"/inbox/all-open/{row.pk}/"
    assert "Spam, and block" in page(world, here, who="amara")
    assert world.amara.post(f"{here}spam/", {"block": "domain"}).status_code == 303
    text = page(world, here, who="amara")
    assert "This conversation is in the quarantine" in text
    assert "You marked this as spam" in text
    assert "data-composer" not in text
    assert Sieve.read([DALIA]).is_blocked(world.linden.pk, DALIA)
    assert world.amara.post(f"{here}not-spam/").status_code == 303
    text = page(world, here, who="amara")
    assert "You said that this is no spam" in text
    assert "data-composer" in text
    assert world.amara.post(f"{here}spam/", {"block": "everybody"}).status_code == 422


def test_a_viewer_sees_why_but_has_no_button(world: World) -> None:
    [row] = held(world)
    text = page(world, f"/inbox/all-open/{row.pk}/", who="farid")
    assert "its sender is blocked" in text
    assert "Not spam" not in text


def test_senders_are_blocked_and_unblocked_with_who_and_when(world: World) -> None:
    sent = {"sender": "mallory@example.com", "brand": str(world.linden.pk)}
    assert world.edda.post("/settings/blocked/", sent).status_code == 303
    text = page(world, "/settings/blocked/")
    assert "mallory@example.com" in text
    assert "by Edda" in text
    row = BlockedSender.objects.get()
    assert world.edda.post(f"/settings/blocked/{row.pk}/unblock/").status_code == 303
    assert "Nobody is blocked" in page(world, "/settings/blocked/")


def test_what_can_not_be_blocked_is_said_beside_the_field(world: World) -> None:
    for sender, words in (
        ("@gmail.com", "Very many people"),
        ("nobody", "is not an e-mail address"),
        ("help@linden.example", "one of our own addresses"),
    ):
        sent = {"sender": sender, "brand": str(world.linden.pk)}
        answer = world.edda.post("/settings/blocked/", sent)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_an_admin_writes_a_rule_tries_it_and_keeps_it(world: World) -> None:
    for number in range(40):
        began = world.conversation(subject=f"Disk {number} is full")
        Message.objects.filter(conversation=began).update(from_address="alarm@monitor.example")
    text = page(world, "/settings/mail-storms/", who="chen")
    assert "alarm@monitor.example" in text
    assert "began 40 conversations" in text
    said = {
        "name": "Disks",
        "sender": "alarm@monitor.example",
        "group_by": "rule",
        "minutes": "1440",
        "on": "on",
    }
    said["brand"] = str(world.linden.pk)
    tried = world.chen.post("/settings/mail-storms/new/", {**said, "preview": "1"})
    assert tried.status_code == 200
    assert "that match: 40. It would have made 1 conversation of them," in tried.content.decode()
    assert not StormRule.objects.exists()
    assert world.chen.post("/settings/mail-storms/new/", {**said, "save": "1"}).status_code == 303
    text = page(world, "/settings/mail-storms/", who="chen")
    assert "Disks" in text
    assert "began 40 conversations" not in text
    rule = StormRule.objects.get()
    changed = {**said, "minutes": "60", "save": "1"}
    del changed["on"]
    assert world.chen.post(f"/settings/mail-storms/{rule.pk}/", changed).status_code == 303
    text = page(world, f"/settings/mail-storms/{rule.pk}/", who="chen")
    assert "Version 2" in text
    assert "Version 1" in text
    assert "Off." in text


def test_a_rule_that_can_not_be_right_comes_back_with_the_reason(world: World) -> None:
    for said, words in (
        ({"name": "", "sender": "x"}, "still empty"),
        ({"name": "N", "sender": "***"}, "A star alone"),
        ({"name": "N", "sender": "x", "group_by": "pattern"}, "Put {key}"),
        ({"name": "N", "sender": "x", "minutes": "soon"}, "seven days"),
    ):
        sent = {"group_by": "rule", "minutes": "60", "save": "1", **said}
        answer = world.chen.post("/settings/mail-storms/new/", sent)
        assert answer.status_code == 422, said
        assert words in answer.content.decode(), said


def test_a_joined_mail_says_by_which_rule_and_the_list_how_many(world: World) -> None:
    wording = Wording("Night watch", "*@monitor.example", "", "", StormKey.RULE, 86_400)
    add_storm_rule(world.linden, wording=wording, by=world.chen.actor)
    with time_machine.travel(clock.now().replace(hour=12, minute=10), tick=False):
        for number in range(40):
            sender = "alarm@monitor.example"
            received(world, letter(f"{number}@m", sender=sender), mail_from=sender)
    row = Conversation.objects.get()
    text = page(world, f"/inbox/all-open/{row.pk}/", who="amara")
    assert "Joined by the rule “Night watch”" in text
    assert "40 mails joined by a rule" in text
    assert text.count("Joined by the rule") <= 30  # a part of the timeline, not all of it
    assert "40 mails" in page(world, "/inbox/all-open/", who="amara")


def test_the_composer_warns_of_an_address_and_an_agent_lets_mail_leave_again(world: World) -> None:
    row = world.conversation()
    here = f"/inbox/all-open/{row.pk}/"
    assert "Nothing is sent to" not in page(world, here, who="amara")
    gone = suppress(DALIA, reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)
    assert f"Nothing is sent to {DALIA}" in page(world, here, who="amara")
    address = f"/addresses/{gone.pk}/?conversation={row.pk}"
    assert "the mailbox does not exist" in page(world, address, who="amara")
    posted = {"conversation": str(row.pk), "why": ""}
    assert world.amara.post(f"/addresses/{gone.pk}/", posted).status_code == 422
    assert suppressed_among([DALIA])
    posted["why"] = "They moved the mailbox"
    assert world.amara.post(f"/addresses/{gone.pk}/", posted).status_code == 303
    assert not suppressed_among([DALIA])
    assert "They moved the mailbox" in page(world, address, who="amara")
    assert "You let mail to this address leave again" in page(world, here, who="amara")


def test_an_address_is_shown_only_from_a_conversation_that_names_it(world: World) -> None:
    gone = suppress("ines@example.net", reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)
    row = world.conversation()
    assert world.amara.get(f"/addresses/{gone.pk}/?conversation={row.pk}").status_code == 404
    assert world.amara.get(f"/addresses/{gone.pk}/").status_code == 404


def test_passing_failures_and_complaints_are_told_apart(world: World) -> None:
    row = world.conversation(status=Status.WAITING)
    here = f"/inbox/all-open/{row.pk}/"
    for _ in range(2):
        note_soft_failure(DALIA, report=None, by=SYSTEM)
    assert f"2 mails to {DALIA} came back lately" in page(world, here, who="amara")
    suppress(DALIA, reason=SuppressReason.COMPLAINT, report=None, on=None, by=SYSTEM)
    assert "marked a mail of ours as spam" in page(world, here, who="amara")
