"""Alarms: what does not work is said on pages and by a mail, once, and once more when it works again."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from heed.connecting import watching
from heed.connecting.actions.connections import Connection, connect_mailbox
from heed.connecting.actions.outages import claim_watch, note_outages, note_told, put_off_telling
from heed.connecting.models import Outage, Watch
from heed.connecting.outages import OutageKind, Trouble, troubles
from heed.connecting.queries import alarms
from heed.conversations.actions.answering import reply
from heed.delivery.actions.setup import set_provider
from heed.delivery.models import Delivery
from heed.delivery.tests.api import Api
from heed.delivery.tests.sink import Sink
from heed.eventlog.due import ClaimLost
from heed.eventlog.unit import change, lock, unit
from heed.intake.models import Receipt
from heed.intake.receipts import park, try_again
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.mail_words import MailboxTrouble, Mismatch
from heed.kernel.outbound import ProviderAccess
from heed.kernel.words import ParkReason
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.actions.accounts import pause_mailbox
from heed.mailboxes.actions.reconciliations import Compared, Differing, keep_reconciliation
from heed.mailboxes.actions.reports import (
    claim_mailboxes,
    keep_fetched,
    open_folder,
    report_failure,
    report_success,
)
from heed.mailboxes.models import UNFETCHED, Folder, Mailbox
from heed.mailboxes.tests.post_office import fetched, letter
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World


@pytest.fixture
def sink(world: World) -> Iterator[Sink]:
    """The server that Linden's help inbox sends through."""
    with Sink() as server:
        set_mail_server(world.help, url=f"smtp://127.0.0.1:{server.port}", by=SYSTEM)
        yield server


def broken(world: World) -> Mailbox:
    wanted = Connection(Account("imap.linden.example", "help"), Handling(date(2026, 11, 1)), "x")
    connect_mailbox(world.help, wanted=wanted, by=SYSTEM)
    (row,) = claim_mailboxes(limit=1, by=SYSTEM)
    return report_failure(row, reason=MailboxTrouble.LOGIN_REFUSED, words="NO", by=SYSTEM)


def mend(row: Mailbox) -> None:
    with unit():
        change(lock(row), due_at=clock.now(), claimed_until=None)
    (held,) = claim_mailboxes(limit=1, by=SYSTEM)
    report_success(held, next_at=clock.now() + timedelta(minutes=1), by=SYSTEM)


def look() -> int:
    with unit():
        for watch in Watch.objects.all():
            change(lock(watch), due_at=clock.now(), claimed_until=None)
    return watching.step()


def watch() -> Watch:
    Watch.objects.get_or_create(pk=1, defaults={"due_at": clock.now()})
    with unit():
        change(lock(Watch.objects.get()), due_at=clock.now(), claimed_until=None)
    claimed = claim_watch(by=SYSTEM)
    assert claimed is not None
    return claimed


def trouble(world: World, key: str = "mailbox:1") -> Trouble:
    return Trouble(OutageKind.MAILBOX, key, clock.now(), "timed_out", inbox=world.help)


def test_a_mailbox_that_fails_alarms_its_lead_and_the_admins_once(world: World, sink: Sink) -> None:
    assert look() == 1
    assert (alarms(world.edda.actor), sink.mails) == ([], [])
    broken(world)
    for _ in range(3):
        look()
    (mail,) = sink.mails
    assert mail.sender == "<>"  # nobody's bounce comes back
    assert set(mail.recipients) == {world.edda.row.email, world.chen.row.email}
    raw = mail.raw.decode()
    assert "Subject: Does not work: fetching mail of help@linden.example" in raw
    assert "Its password is refused" in raw
    assert "Auto-Submitted: auto-generated" in raw
    for who, sees in ((world.edda, 1), (world.chen, 1), (world.hugo, 0), (world.amara, 0)):
        assert len(alarms(who.actor)) == sees


def test_when_it_works_again_that_is_told_once(world: World, sink: Sink) -> None:
    row = broken(world)
    look()
    mend(row)
    for _ in range(3):
        look()
    assert len(sink.mails) == 2
    assert b"Works again" in sink.mails[1].raw
    assert alarms(world.edda.actor) == []


def test_what_comes_back_at_once_is_told_only_when_it_stays(world: World, sink: Sink) -> None:
    row = broken(world)
    look()
    mend(row)
    look()
    with unit():
        change(lock(row), due_at=clock.now(), claimed_until=None)
    (again,) = claim_mailboxes(limit=1, by=SYSTEM)
    report_failure(again, reason=MailboxTrouble.LOGIN_REFUSED, words="NO", by=SYSTEM)
    look()
    assert len(sink.mails) == 2
    assert len(alarms(world.edda.actor)) == 1
    world.read_log()
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        look()
    assert len(sink.mails) == 3


def test_so_many_mails_a_day_and_no_more(world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "config", type("C", (), {"alarm_mails_a_day": 1, "public_url": ""}))
    note_outages(watch(), troubles=[trouble(world, f"mailbox:{n}") for n in range(4)], by=SYSTEM)
    watching._tell()
    watching._tell()
    assert len(sink.mails) == 1


def test_the_way_out_that_is_broken_is_not_used(world: World) -> None:
    with Sink() as other:
        set_mail_server(world.help, url="smtp://127.0.0.1:1", by=SYSTEM)
        set_mail_server(world.workshop, url=f"smtp://127.0.0.1:{other.port}", by=SYSTEM)
        broken(world)
        look()
        assert len(other.mails) == 1


def test_a_desk_that_sends_by_a_providers_api_alone_is_told_through_it(world: World) -> None:
    people = {world.edda.row.email, world.chen.row.email}
    taken = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": ", ".join(people)}
    with Api([(200, taken)]) as api:
        options = {"server_token": "key-1", "api_url": api.url}
        set_provider(world.help, access=ProviderAccess.read("postmark", options), by=SYSTEM)
        row = broken(world)
        look()
        look()
        [asked] = api.asked
        assert asked.data["Subject"] == "Does not work: fetching mail of help@linden.example"
        assert asked.data["From"] == "Heed <help@linden.example>"
        assert set(asked.data["To"].split(", ")) == people
        assert "Its password is refused" in asked.data["TextBody"]
        headers = {header["Name"]: header["Value"] for header in asked.data["Headers"]}
        assert headers["Auto-Submitted"] == "auto-generated"
        assert Outage.objects.get().told_at is not None
        mend(row)
        look()
        assert [one.data["Subject"].partition(":")[0] for one in api.asked] == [
            "Does not work",
            "Works again",
        ]


def test_a_provider_that_refuses_is_asked_again_later(world: World) -> None:
    with Api([(503, {})]) as api:
        options = {"server_token": "key-1", "api_url": api.url}
        set_provider(world.help, access=ProviderAccess.read("postmark", options), by=SYSTEM)
        broken(world)
        look()
        outage = Outage.objects.get()
        assert (len(api.asked), outage.told_at, outage.tries) == (1, None, 1)


def test_without_a_server_pages_alone_say_it_and_it_is_tried_again(world: World) -> None:
    broken(world)
    look()
    (outage,) = Outage.objects.all()
    assert outage.told_at is None
    assert outage.tell_at is not None
    assert outage.tell_at > clock.now()
    assert len(alarms(world.edda.actor)) == 1


def found_missing(world: World, *reasons: Mismatch, backlog: int = 0) -> tuple[Mailbox, Folder]:
    """A mailbox whose comparison found these mails there and not here."""
    wanted = Connection(Account("imap.linden.example", "help"), Handling(date(2026, 11, 1)), "x")
    connect_mailbox(world.help, wanted=wanted, by=SYSTEM)
    (row,) = claim_mailboxes(limit=1, by=SYSTEM)
    folder = open_folder(row, name="INBOX", uidvalidity=7, is_sent=False, by=SYSTEM)
    compare(row, *reasons)
    with unit():
        change(lock(row), backlog=backlog)
    return row, folder


def compare(row: Mailbox, *reasons: Mismatch) -> None:
    differing = tuple(Differing(why, "INBOX", str(uid), "", "") for uid, why in enumerate(reasons, 1))
    keep_reconciliation(row, found=Compared(9, 9, 0, differing), by=SYSTEM)


def test_mails_that_a_comparison_can_not_fetch_are_one_alarm_until_they_came(
    world: World, sink: Sink
) -> None:
    row, folder = found_missing(world, Mismatch.REFUSED, Mismatch.REFUSED, Mismatch.GONE_THERE)
    for _ in range(3):
        look()
    compare(row, Mismatch.REFUSED, Mismatch.REFUSED, Mismatch.NOT_FETCHED)
    look()
    (mail,) = sink.mails
    assert b"Does not work: fetching some mails of help@linden.example" in mail.raw
    assert b"does not give them" in mail.raw
    assert [one.kind for one in alarms(world.edda.actor)] == [OutageKind.UNFETCHED]
    for uid in (1, 2, 3):
        keep_fetched(row, folder=folder, mails=[fetched(uid, letter(uid))], by=SYSTEM)
    look()  # before the next comparison
    assert alarms(world.edda.actor) == []
    assert b"Works again" in sink.mails[1].raw


@pytest.mark.parametrize("reason", [one for one in Mismatch if one not in UNFETCHED])
def test_other_differences_alarm_nobody(world: World, reason: Mismatch) -> None:
    found_missing(world, reason)
    assert troubles(reader_moved_at=None) == []


@pytest.mark.parametrize("reason", UNFETCHED)
def test_mails_that_stand_there_and_can_not_be_fetched_are_a_trouble(world: World, reason: Mismatch) -> None:
    row, _ = found_missing(world, reason, Mismatch.GONE_THERE)
    (found,) = troubles(reader_moved_at=None)
    assert (found.kind, found.reason, found.inbox) == (OutageKind.UNFETCHED, reason, world.help)
    pause_mailbox(row, by=SYSTEM)
    assert troubles(reader_moved_at=None) == []


def test_what_is_still_being_fetched_for_the_first_time_is_no_trouble(world: World) -> None:
    row, _ = found_missing(world, Mismatch.NOT_FETCHED, backlog=500)
    assert troubles(reader_moved_at=None) == []
    with unit():
        change(lock(row), backlog=0)
    assert len(troubles(reader_moved_at=None)) == 1


def test_answers_that_do_not_leave_are_an_outage_until_one_leaves(world: World) -> None:
    reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.read_log()
    assert troubles(reader_moved_at=None) == []
    with unit():
        change(lock(Delivery.objects.get()), failures=3)
    (found,) = troubles(reader_moved_at=None)
    assert (found.kind, found.inbox) == (OutageKind.SENDING, world.help)
    world.answered(world.conversation(customer=world.jonas))
    world.settle()
    assert [one.kind for one in troubles(reader_moved_at=None)] == []


def test_parked_mail_is_an_outage_until_somebody_decided(world: World) -> None:
    receipt = world.mail_from(world.dalia)
    park(receipt, reason=ParkReason.UNREADABLE, detail="", by=SYSTEM)
    assert [(one.kind, one.reason) for one in troubles(reader_moved_at=None)] == [
        (OutageKind.PARKED, "mails")
    ]
    try_again(Receipt.objects.get(), by=world.chen.actor)
    world.settle()
    assert troubles(reader_moved_at=None) == []


def test_work_that_nobody_does_is_an_outage_and_work_in_hand_is_none(world: World) -> None:
    receipt = world.mail_from(world.dalia)
    late = clock.now() + timedelta(seconds=config.alarm_after_seconds + 60)
    with time_machine.travel(late):
        assert [one.reason for one in troubles(reader_moved_at=None)] == ["mail"]
        with unit():
            change(lock(receipt), claimed_until=clock.now() + timedelta(minutes=1))
        assert troubles(reader_moved_at=None) == []
    world.settle()


def test_a_log_that_nobody_follows_is_an_outage(world: World) -> None:
    world.conversation()
    late = clock.now() + timedelta(seconds=config.alarm_after_seconds + 60)
    with time_machine.travel(late):
        begun = clock.now() - timedelta(seconds=config.alarm_after_seconds + 30)
        assert [one.reason for one in troubles(reader_moved_at=begun)] == ["log"]
        assert troubles(reader_moved_at=clock.now()) == []  # it went on a moment ago


def test_when_nobody_looks_any_more_that_is_the_alarm(world: World) -> None:
    look()
    assert alarms(world.chen.actor) == []
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        assert [one.kind for one in alarms(world.chen.actor)] == [OutageKind.STALLED]


def test_one_look_at_a_time(world: World) -> None:
    held = watch()
    assert claim_watch(by=SYSTEM) is None
    assert watching.step() == 0
    note_outages(held, troubles=[], by=SYSTEM)
    assert claim_watch(by=SYSTEM) is None  # it is not time yet
    with pytest.raises(ClaimLost):
        note_outages(held, troubles=[trouble(world)], by=SYSTEM)


def test_an_outage_is_noted_once_and_ends_untold_without_a_mail(world: World) -> None:
    for _ in range(2):
        note_outages(watch(), troubles=[trouble(world)], by=SYSTEM)
    (outage,) = Outage.objects.all()
    note_outages(watch(), troubles=[], by=SYSTEM)
    outage.refresh_from_db()
    assert outage.ended_at is not None
    assert outage.tell_at is None


def test_telling_is_noted_once_for_each_end(world: World) -> None:
    note_outages(watch(), troubles=[trouble(world)], by=SYSTEM)
    (outage,) = Outage.objects.all()
    told = note_told(outage, by=SYSTEM)
    assert (told.tell_at, told.told_end_at) == (None, None)
    assert note_told(outage, by=SYSTEM).told_at == told.told_at
    note_outages(watch(), troubles=[], by=SYSTEM)
    ended = note_told(outage, by=SYSTEM)
    assert ended.told_end_at is not None
    assert note_told(outage, by=SYSTEM).told_end_at == ended.told_end_at


def test_telling_is_put_off_ever_longer_and_given_up_at_last(world: World) -> None:
    note_outages(watch(), troubles=[trouble(world)], by=SYSTEM)
    (outage,) = Outage.objects.all()
    first = put_off_telling(outage, by=SYSTEM)
    assert first.tell_at is not None
    for _ in range(11):
        outage = put_off_telling(outage, by=SYSTEM)
    assert outage.tell_at is None


def test_a_round_of_put_off_and_told(world: World) -> None:
    note_outages(watch(), troubles=[trouble(world)], by=SYSTEM)
    (outage,) = Outage.objects.all()
    put_off_telling(outage, by=SYSTEM)
    assert note_told(outage, by=SYSTEM).tries == 0
    note_outages(watch(), troubles=[], by=SYSTEM)
    put_off_telling(outage, by=SYSTEM)
    put_off_telling(outage, by=SYSTEM)
    assert note_told(outage, by=SYSTEM).told_end_at is not None


def test_pages_need_one_row_and_others_none(world: World) -> None:
    look()
    lead, agent = world.edda.actor, world.amara.actor
    with assert_queries(at_most=1):
        alarms(lead)
    with assert_queries(at_most=0):
        alarms(agent)


def test_who_died_over_a_look_holds_up_nobody_for_long(world: World) -> None:
    watch()
    assert claim_watch(by=SYSTEM) is None
    with time_machine.travel(clock.now() + timedelta(seconds=config.lease_seconds + 1)):
        assert claim_watch(by=SYSTEM) is not None


def test_after_a_look_the_next_is_due_in_a_while(world: World) -> None:
    note_outages(watch(), troubles=[], by=SYSTEM)
    assert claim_watch(by=SYSTEM) is None
    with time_machine.travel(clock.now() + timedelta(seconds=config.alarm_look_seconds + 1)):
        assert claim_watch(by=SYSTEM) is not None


def test_before_the_first_look_there_is_nothing_to_claim(world: World) -> None:
    assert claim_watch(by=SYSTEM) is None
    assert watching.step() == 1


def test_an_outage_that_ended_while_it_was_told_is_told_to_be_over(world: World) -> None:
    note_outages(watch(), troubles=[trouble(world)], by=SYSTEM)
    (outage,) = Outage.objects.all()
    note_outages(watch(), troubles=[], by=SYSTEM)
    told = note_told(outage, by=SYSTEM)  # the mail was on its way
    assert told.tell_at is not None


def test_what_is_put_off_is_not_told_before_its_time(world: World, sink: Sink) -> None:
    note_outages(watch(), troubles=[trouble(world)], by=SYSTEM)
    (outage,) = Outage.objects.all()
    put_off_telling(outage, by=SYSTEM)
    watching._tell()
    assert sink.mails == []
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        watching._tell()
    assert len(sink.mails) == 1
    outage.refresh_from_db()
    assert note_told(outage, by=SYSTEM).tell_at is None
    assert put_off_telling(outage, by=SYSTEM).tries == 1


def test_each_time_it_is_put_off_for_longer(world: World) -> None:
    note_outages(watch(), troubles=[trouble(world)], by=SYSTEM)
    (outage,) = Outage.objects.all()
    pauses = []
    for _ in range(3):
        outage = put_off_telling(outage, by=SYSTEM)
        assert outage.tell_at is not None
        pauses.append((outage.tell_at - clock.now()).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[0] > 50
