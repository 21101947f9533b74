"""Alarms by mail say in words what does not work, to each in their language, and hold no markup."""

import pytest

from heed.connecting.alarm_words import body_of, subject_of
from heed.connecting.models import Outage
from heed.connecting.outages import OutageKind
from heed.connecting.watching import recipients
from heed.eventlog.unit import change, lock, unit
from heed.kernel import clock
from heed.kernel.mail_words import MailboxTrouble, Mismatch
from heed.testing.world import World

URL = "https://desk.linden.example"
REASONS: dict[OutageKind, list[str]] = {
    OutageKind.MAILBOX: [*filter(None, MailboxTrouble), "unheard of"],
    OutageKind.UNFETCHED: [Mismatch.NOT_FETCHED, Mismatch.REFUSED, Mismatch.TOO_LARGE],
    OutageKind.SENDING: [""],
    OutageKind.PARKED: ["mails", "events"],
    OutageKind.STALLED: ["mail", "sending", "log"],
}
CASES = [(kind, reason) for kind, reasons in REASONS.items() for reason in reasons]


def outage(world: World, kind: OutageKind, reason: str, words: str = "") -> Outage:
    return Outage(kind=kind, reason=reason, words=words, inbox=world.help, started_at=clock.now())


def speak(world: World, language: str) -> None:
    """Edda's language is another one."""
    with unit():
        change(lock(world.edda.row), language=language)


def test_every_kind_and_reason_has_words_of_its_own(world: World) -> None:
    told = {body_of(outage(world, kind, reason), language="en", url=URL) for kind, reason in CASES}
    assert len(told) == len(CASES) - 1  # "unheard of" is a reason of our own, as FAILED is
    assert all(f"{URL}/settings/mail-health/" in one for one in told)
    assert {kind for kind, _ in CASES} == set(OutageKind)


@pytest.mark.parametrize(("kind", "reason"), CASES)
def test_a_subject_is_one_line(world: World, kind: OutageKind, reason: str) -> None:
    row = outage(world, kind, reason)
    assert subject_of(row, language="en").startswith("Does not work: ")
    row.told_at = row.ended_at = clock.now()
    assert subject_of(row, language="en").startswith("Works again: ")
    assert "\n" not in subject_of(row, language="en")
    assert "It did not work from" in body_of(row, language="en", url=URL)


def test_a_servers_words_are_said_as_they_are(world: World) -> None:
    row = outage(world, OutageKind.MAILBOX, "refused", "550 <b>R&D's</b> mailbox")
    text = body_of(row, language="en", url=URL)
    assert "The server’s words: 550 <b>R&D's</b> mailbox" in text
    assert "\n\n\n" not in text


def test_a_language_that_nobody_translated_is_told_all_the_same(world: World) -> None:
    row = outage(world, OutageKind.SENDING, "")
    assert subject_of(row, language="xx") == subject_of(row, language="en")


def test_who_reads_another_language_gets_a_mail_of_their_own(world: World) -> None:
    row = outage(world, OutageKind.MAILBOX, "refused")
    row.brand = world.linden
    assert recipients(row) == {"en": [world.chen.row.email, world.edda.row.email]}
    speak(world, "de")
    assert recipients(row) == {"en": [world.chen.row.email], "de": [world.edda.row.email]}
