"""Invitations say what, when, where and who; nothing more is made of them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.calendars import read_invitation
from heed.channels.email.limits import DEFAULT_LIMITS, Limits
from heed.channels.email.mail import Invitation
from heed.channels.email.parse import parse
from heed.testing.speed import at_most

ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Desk Time\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\n"
    "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\n"
    "END:VTIMEZONE\n"
)


START = "DTSTART:20261102T101500Z\n"


def calendar(event: str, *, method: str = "REQUEST", before: str = "") -> str:
    return (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//EN\nMETHOD:{method}\n{before}BEGIN:VEVENT\nUID:1\n"
        f"SUMMARY:Talk about\\, the parcel\n{event}END:VEVENT\nEND:VCALENDAR\n"
    )


def read(text: str) -> Invitation | None:
    return read_invitation(text.encode(), "utf-8", DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("start", "before", "at", "zone"),
    [
        (
            "DTSTART;TZID=Europe/Berlin:20261102T101500",
            "",
            datetime(2026, 11, 2, 9, 15, tzinfo=UTC),
            "Europe/Berlin",
        ),
        (
            "DTSTART;TZID=W. Europe Standard Time:20260702T101500",
            "",
            datetime(2026, 7, 2, 8, 15, tzinfo=UTC),
            "Europe/Berlin",
        ),
        ("DTSTART;TZID=Desk Time:20260702T101500", ZONE, datetime(2026, 7, 2, 8, 15, tzinfo=UTC), ""),
        ("DTSTART:20261102T101500Z", "", datetime(2026, 11, 2, 10, 15, tzinfo=UTC), "UTC"),
        ("DTSTART:20261102T101500", "", datetime(2026, 11, 2, 10, 15, tzinfo=UTC), ""),
    ],
)
def test_when_is_told_in_utc_with_the_zone_it_was_said_in(start: str, before: str, at: datetime, zone: str):
    found = read(calendar(f"{start}\nDURATION:PT45M\n", before=before))
    assert found is not None
    assert found.starts_at == at
    assert found.ends_at is not None
    assert (found.ends_at - at).total_seconds() == 45 * 60
    assert not zone or found.zone == zone


def test_an_invitation_tells_what_where_and_who():
    found = read(
        calendar(
            "DTSTART;VALUE=DATE:20261102\nRRULE:FREQ=WEEKLY\nLOCATION:Room 1\\, Berlin\n"
            "ORGANIZER;CN=Dalia Haddad:mailto:dalia@example.org\n"
        )
    )
    assert found is not None
    assert (found.summary, found.place, found.organizer) == (
        "Talk about, the parcel",
        "Room 1, Berlin",
        "Dalia Haddad",
    )
    assert (found.method, found.repeats, found.is_all_day, found.is_cancelled) == (
        "request",
        True,
        True,
        False,
    )


def test_a_cancelled_event_says_so():
    found = read(calendar("DTSTART:20261102T101500Z\n", method="CANCEL"))
    assert found is not None
    assert found.is_cancelled


def test_a_mail_shows_its_invitation_and_keeps_the_file():
    raw = (
        "From: dalia@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease come.\n--b\n"
        'Content-Type: text/calendar; charset=utf-8; method=REQUEST; name="invite.ics"\n\n'
        f"{calendar(START)}\n--b--\n"
    )
    whole = parse(raw.encode())
    assert whole.invitation is not None
    assert whole.invitation.summary == "Talk about, the parcel"
    assert whole.text.strip() == "Please come."
    assert [part.filename for part in whole.attachments] == ["invite.ics"]


HOSTILE = {
    "nested": "BEGIN:VEVENT\n" * 9_000,
    "events": "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n" * 3_000 + "END:VCALENDAR\n",
    "parameters": calendar("DTSTART:20261102T101500Z\nLOCATION" + ";A=b" * 25_000 + ":x\n"),
    "quotes": calendar('LOCATION;A="' + '"' * 100_000 + ":x\n"),
    "every second": calendar(
        "DTSTART;TZID=Desk Time:20261102T101500\n", before=ZONE.replace("FREQ=YEARLY", "FREQ=SECONDLY")
    ),
    "dates": calendar("RDATE:" + ",".join(["20261102T101500Z"] * 6_000) + "\n"),
    "folds": calendar("LOCATION:x\n" + " y\n" * 30_000),
    "zones": calendar("DTSTART;TZID=Desk Time:20261102T101500\n", before=ZONE * 250),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_calendar_takes_bounded_time(text: str):
    with at_most(1):
        read(text)


@given(st.binary(max_size=300).map(lambda data: calendar("DTSTART:").encode() + data))
def test_any_bytes_are_an_invitation_or_none(data: bytes):
    read_invitation(data, "utf-8", DEFAULT_LIMITS)


def test_a_calendar_over_the_limit_stays_closed():
    text = calendar("DTSTART:20261102T101500Z\n").encode()
    assert read_invitation(text, "utf-8", DEFAULT_LIMITS) is not None
    assert read_invitation(text, "utf-8", Limits(calendar_bytes=len(text) - 1)) is None
