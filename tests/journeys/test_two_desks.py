"""Two whole desks that answer each other's automatic mail, through a carrier that takes every mark of a robot away."""

import json
import re
import shutil
import smtplib
import time
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from random import Random

import pytest

from heed.delivery.tests.sink import Arrived, Sink
from tests.journeys.company import HELP
from tests.journeys.desk import Desk
from tools.databases import mould_file

pytestmark = [pytest.mark.journey, pytest.mark.engineless]  # both desks stand on SQLite

THEIRS = "care@tracker.example"
QUIET_SECONDS = 6.0  # nothing leaves any more
PATIENCE_SECONDS = 90.0
MOST = 2  # automatic mails that leave a desk to one counterpart, a day
MARKS = re.compile(
    r"(?i)auto-|precedence|x-auto|x-heed|list-|feedback-id|in-reply-to|references|reply-to|return-path"
)


class Carrier:
    """Hands each mail of one desk to the other: as from another person, of another matter, and from no robot."""

    def __init__(self, sink: Sink, to: Desk, inbox: str) -> None:
        self.sink, self.to, self.inbox = sink, to, inbox
        self.carried = 0
        self._chance = Random(inbox)

    def carry(self) -> int:
        """Hand over what is new; how many that was."""
        new = self.sink.mails[self.carried :]
        for mail in new:
            self.carried += 1
            self._hand_over(mail)
        return len(new)

    def _hand_over(self, mail: Arrived) -> None:
        changed = message_from_bytes(mail.raw)
        sender = f"case-{self._chance.randrange(10**6)}@{mail.sender.partition('@')[2] or 'nobody.example'}"
        for name in [name for name in changed if MARKS.match(name)]:
            del changed[name]
        self._say(changed, "From", sender)
        self._say(changed, "To", self.inbox)
        self._say(changed, "Subject", f"Matter {self._chance.randrange(10**6)}")
        self._say(changed, "Message-ID", f"<{self._chance.randrange(10**9)}@{sender.partition('@')[2]}>")
        with smtplib.SMTP("127.0.0.1", self.to.ports[1], timeout=60) as line:
            line.sendmail(sender, [self.inbox], changed.as_bytes())

    @staticmethod
    def _say(mail: Message, name: str, value: str) -> None:
        del mail[name]
        mail[name] = value


def opened(desk: Desk) -> int:
    return sum(1 for line in desk.heed("export", "conversations").splitlines() if json.loads(line))


def test_two_desks_stop_after_two_mails_each(tmp_path: Path) -> None:
    with Sink() as from_ours, Sink() as from_theirs:
        desks = []
        for name, sink in (("ours", from_ours), ("theirs", from_theirs)):
            home = tmp_path / name / "home"
            home.mkdir(parents=True)
            shutil.copyfile(mould_file(), home / "desk.sqlite3")
            desks.append(Desk(home, f"sqlite:///{home / 'desk.sqlite3'}", sink.url))
        ours, theirs = desks
        ours.heed("init", "--brand", "Linden Bikes", "--inbox", HELP, "--admin", "chen@desk.example")
        theirs.heed("init", "--brand", "Tracker", "--inbox", THEIRS, "--admin", "ana@desk.example")
        carriers = (Carrier(from_ours, theirs, THEIRS), Carrier(from_theirs, ours, HELP))
        with ours.serving(), theirs.serving():
            with smtplib.SMTP("127.0.0.1", ours.ports[1], timeout=60) as line:
                first = f"From: {THEIRS}\r\nTo: {HELP}\r\nSubject: A wheel\r\nMessage-ID: <1@tracker.example>\r\n\r\n"
                line.sendmail(THEIRS, [HELP], first.encode() + b"Good morning, where is my order?\r\n")
            began = last = time.monotonic()
            while time.monotonic() - last < QUIET_SECONDS:
                assert time.monotonic() - began < PATIENCE_SECONDS, "they never stop"
                if sum(carrier.carry() for carrier in carriers):
                    last = time.monotonic()
                time.sleep(0.1)
            assert all(desk.tells("status")["settled"] for desk in desks)
        # Each was really asked: a desk that never answers would stop, too. The person who began it hears once.
        assert from_ours.mails[0].recipients == (THEIRS,)
        assert 1 <= len(from_ours.mails[1:]) <= MOST
        assert 1 <= len(from_theirs.mails) <= MOST
        assert opened(ours) == 1 + len(from_theirs.mails)
        assert opened(theirs) == len(from_ours.mails)
        assert all(desk.tells("check")["findings"] == [] for desk in desks)
