"""From bytes that a mailbox gave to what the desk keeps: work or history, small or too large. No network here."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from heed.channels.email.envelope import HEAD_BYTES, read_envelope
from heed.intake.limits import LIMITS
from heed.intake.receipts import accepted_now
from heed.kernel import blobs
from heed.kernel.config import config
from heed.kernel.mail_words import AfterFetch
from heed.kernel.words import Origin
from heed.mailboxes.actions.reports import After, Fetched, Stored, renew
from heed.mailboxes.models import Folder, Mailbox
from heed.people.policy import SYSTEM

MAILS_A_VISIT: Final = 500  # then others have their turn; what is left is due again at once
WHOLE_BYTES: Final = 8_000_000  # a larger mail is fetched in parts, into a file
BATCH_MAILS: Final = 100  # kept in one commit
BATCH_BYTES: Final = 16_000_000
PART_BYTES: Final = 1_000_000


class Stopped(Exception):
    """The worker is to end; what was fetched is kept, the rest comes next time."""


def never() -> bool:
    """Whether a visit that nobody can stop is to stop."""
    return False


@dataclass(slots=True)
class Session:
    """One worker's time with one mailbox: as long as the claim is renewed, nobody else talks to its server."""

    mailbox: Mailbox
    stopping: Callable[[], bool] = never
    left: int = MAILS_A_VISIT
    given: int = 0  # mails that its server gave
    new: int = 0  # those of them that the desk did not have
    refused: dict[tuple[str, str], str] = field(default_factory=dict)  # folder, number: what its server said
    backlogs: dict[int, int] = field(default_factory=dict)  # folder -> mails that are still to be fetched
    inbox: str = ""
    begins_at: datetime = field(init=False)  # of work; what came there before is history
    _renewed: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        inbox = self.mailbox.inbox
        self.inbox = inbox.address
        zone = ZoneInfo(inbox.brand.time_zone)
        self.begins_at = datetime.combine(self.mailbox.work_from_on, time_of_day.min, zone)

    def breathe(self) -> None:
        """Between two steps: renew the claim in time. Raises Stopped, and ClaimLost when it is another's by now."""
        if self.stopping():
            raise Stopped
        if time.monotonic() - self._renewed > config.lease_seconds / 3:
            self.mailbox = renew(self.mailbox, by=SYSTEM)
            self._renewed = time.monotonic()

    def is_wanted(self, at: datetime | None) -> bool:
        """Whether a mail that came there at that time is brought in at all."""
        return self.mailbox.wants_history or self.origin(at) is Origin.LIVE

    def origin(self, at: datetime | None) -> Origin:
        """Whether such a mail is work or history. What nobody knows the time of is work: better once too often."""
        return Origin.IMPORT if at is not None and at < self.begins_at else Origin.LIVE

    def searched_from(self) -> datetime:
        """A day on which every server's clock says that work has not begun yet."""
        return self.begins_at - timedelta(days=2)

    def fetched(self, uid: str, raw: bytes, *, at: datetime | None, folder: Folder) -> Fetched:
        """A mail as it is kept. Without a time of the server's the mail's own is believed."""
        envelope = read_envelope(raw)
        origin = self.origin(at or envelope.at)
        mail = accepted_now(
            raw, mail_from=envelope.sender, recipients=[self.inbox], checked_by=self.mailbox.checked_by
        )
        return Fetched(uid, blobs.sha256_of(raw), mail, origin, self.after(origin, folder))

    def after(self, origin: Origin, folder: Folder) -> After:
        """What is still to be done on the server: nothing about history, and nothing about our own mails."""
        is_left = self.mailbox.after_fetch == AfterFetch.LEAVE or folder.is_sent or origin is Origin.IMPORT
        return After.NOTHING if is_left else After.POLICY

    def fetched_file(self, uid: str, path: Path, *, at: datetime | None, folder: Folder) -> Fetched:
        """The same for a mail in a file; one that no parser may see goes to blob storage in pieces. Raises OSError."""
        if path.stat().st_size <= LIMITS.message_bytes:
            return self.fetched(uid, path.read_bytes(), at=at, folder=folder)
        with path.open("rb") as file:
            envelope = read_envelope(file.read(HEAD_BYTES))
        sha256, size = blobs.put_file(path)
        origin = self.origin(at or envelope.at)
        stored = Stored(size, envelope.sender, (self.inbox,))
        return Fetched(uid, sha256, stored, origin, self.after(origin, folder))


@contextmanager
def spool() -> Iterator[IO[Any]]:
    """A file on the desk's own disk for one mail, gone afterwards. Not in /tmp, which may be memory."""
    with tempfile.NamedTemporaryFile(prefix="mail-", dir=config.folder) as file:
        yield file
