"""Mails that answer what the desk sent: they can only be written once its acknowledgement has arrived."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from heed.delivery.tests.sink import Arrived, Sink
from tests.journeys.desk import Desk
from tests.journeys.letters import Letter, Story, Writer
from tests.journeys.sameness import on_the_wire

PATIENCE_SECONDS = 90
REFERENCE = re.compile(r"#(\d+)")


@dataclass(frozen=True)
class Acknowledged:
    """A story of one mail, and the acknowledgement it got."""

    story: Story
    mail: Arrived

    @property
    def headers(self) -> Message:
        """Of the acknowledgement."""
        return message_from_bytes(self.mail.raw)

    @property
    def inbox(self) -> str:
        """The inbox it belongs to."""
        return self.story.ends[0][0]

    @property
    def signed(self) -> str:
        """The signed reply address."""
        return str(self.headers["Reply-To"])

    @property
    def reference(self) -> str:
        """The conversation's number, as customers see it."""
        parts = [part.get_payload(decode=True) for part in self.headers.walk() if not part.is_multipart()]
        text = b"\n".join(part for part in parts if isinstance(part, bytes)).decode()
        found = REFERENCE.search(text)
        assert found is not None, "the acknowledgement names no reference"
        return found[1]


def await_acknowledgement(desk: Desk, sink: Sink, story: Story) -> Acknowledged:
    """Wait until it has arrived."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        for mail in list(sink.mails):
            if story.sender in mail.recipients:
                return Acknowledged(story, mail)
        time.sleep(0.1)
    parked = desk.tells("mail", "parked")
    raise AssertionError(f"{story.name} was never acknowledged; {len(parked)} parked: {parked[:3]}")


Tell = Callable[[Writer, Acknowledged], Story | None]


def _joins(told: Acknowledged, letter: Letter) -> None:
    inbox, letters = told.story.ends[0]
    told.story.letters.append(letter)
    told.story.ends[0] = (inbox, letters | {letter.name})


def by_references(writer: Writer, told: Acknowledged) -> None:
    """The customer answers; the mail program names our Message-ID."""
    name, own = f"{told.story.name} answered", str(told.headers["Message-ID"])
    more = [f"In-Reply-To: {own}", f"References: {own}"]
    _joins(told, writer.letter(name, told.story.sender, to=[told.inbox], more=more, subject="Re: so"))


def by_address(writer: Writer, told: Acknowledged) -> None:
    """The customer answers; the provider has rewritten every Message-ID."""
    name = f"{told.story.name} answered to the signed address"
    more = ["References: <rewritten@provider.example>"]
    _joins(told, writer.letter(name, told.story.sender, to=[told.signed], more=more, subject="Aw: so"))


def by_stranger(writer: Writer, told: Acknowledged) -> None:
    """Somebody to whom the acknowledgement was forwarded answers to the signed address."""
    name = f"{told.story.name} answered by another"
    _joins(told, writer.letter(name, writer.person(), to=[told.signed], subject="Fwd: so"))


def by_absence(writer: Writer, told: Acknowledged) -> None:
    """An out-of-office program answers."""
    name, own = f"{told.story.name} is away", str(told.headers["Message-ID"])
    more = [f"In-Reply-To: {own}", "Auto-Submitted: auto-replied"]
    letter = writer.letter(name, told.story.sender, to=[told.signed], more=more, mail_from="")
    _joins(told, letter)


def by_bounce(writer: Writer, told: Acknowledged) -> None:
    """The acknowledgement could not be delivered after all."""
    raw = (
        f"From: MAILER-DAEMON@mx.example\nTo: {told.mail.sender}\nSubject: Undelivered Mail Returned to Sender\n"
        f"Date: {told.headers['Date']}\nMessage-ID: <{writer.id('x@mx.example')}>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=cut\n\n"
        "--cut\nContent-Type: text/plain\n\nIt could not be delivered.\n"
        "--cut\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {told.story.sender}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
        f"--cut\nContent-Type: text/rfc822-headers\n\nMessage-ID: {told.headers['Message-ID']}\n\n--cut--\n"
    )
    letter = Letter(f"{told.story.name} bounced", on_the_wire(raw.encode()), "", (told.mail.sender,))
    _joins(told, letter)


def by_number(writer: Writer, told: Acknowledged) -> Story:
    """A stranger writes the number of a conversation into the subject: that opens nothing."""
    sender, name = writer.person(), f"{told.story.name} has a number that a stranger guesses"
    letter = writer.letter(name, sender, to=[told.inbox], subject=f"Re: [#{told.reference}] so")
    return Story(name, sender, [letter], [(told.inbox, frozenset({name}))])


PLAN: Sequence[tuple[Tell, int]] = (
    (by_references, 10),
    (by_address, 10),
    (by_absence, 6),
    (by_bounce, 6),
    (by_number, 4),
    (by_stranger, 2),
)


def answers(
    writer: Writer, desk: Desk, sink: Sink, told: Sequence[Story]
) -> tuple[list[Letter], list[Story]]:
    """Write 38 answers to stories of one mail: the letters, and the stories that are new."""
    singles = iter([story for story in told if story.name.startswith("single ")])
    letters: list[Letter] = []
    new: list[Story] = []
    for tell, times in PLAN:
        for _ in range(times):
            acknowledged = await_acknowledgement(desk, sink, next(singles))
            story = tell(writer, acknowledged)
            if story is not None:
                new.append(story)
            letters.append((story or acknowledged.story).letters[-1])
    return letters, new
