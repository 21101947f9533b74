"""A mail with a calendar file shows what it says, and keeps the file."""

from heed.conversations.invitations import from_row, to_row
from heed.conversations.models import Attachment
from heed.intake.tests.letters import letter, received
from heed.testing.world import World

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:1
SUMMARY:Talk about <the> bicycle
DTSTART;TZID=Europe/Berlin:20261102T101500
DTEND;TZID=Europe/Berlin:20261102T111500
LOCATION:Room 1
ORGANIZER;CN=Dalia Haddad:mailto:dalia@example.org
RRULE:FREQ=WEEKLY
END:VEVENT
END:VCALENDAR
"""


def invited(text: str = "") -> bytes:
    body = (
        f"--b\r\n\r\n{text}\r\n--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n{CALENDAR}\r\n--b--"
    )
    return letter("a@x", text=body, more="MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b")


def test_an_invitation_is_shown_as_plain_facts_and_its_file_is_kept(world: World) -> None:
    message = received(world, invited())
    page = world.amara.get(f"/inbox/all-open/{message.conversation_id}/").content.decode()
    assert "Talk about &lt;the&gt; bicycle" in page
    assert "said in Europe/Berlin" in page
    assert "the first of a series" in page
    assert "Room 1" in page
    assert "This mail has no text." not in page
    assert [file.content_type for file in Attachment.objects.filter(message=message)] == ["text/calendar"]


def test_a_mail_without_a_calendar_shows_none(world: World) -> None:
    message = received(world, letter("a@x"))
    assert message.invitation is None
    page = world.amara.get(f"/inbox/all-open/{message.conversation_id}/").content.decode()
    assert "Invitation:" not in page


def test_what_is_kept_of_an_invitation_is_what_was_read(world: World) -> None:
    message = received(world, invited("Please come."))
    found = from_row(message.invitation)
    assert found is not None
    assert to_row(found) == message.invitation
    assert found.starts_at is not None
    assert found.starts_at.isoformat() == "2026-11-02T09:15:00+00:00"
    assert message.text == "Please come."
