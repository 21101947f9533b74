"""A desk of real processes reads a mailbox while its workers are killed: each mail once, new ones soon, a quick end."""

import json
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot, dovecot
from heed.mailboxes.tests.post_office import letter
from tests.journeys.company import HELP
from tests.journeys.desk import Desk

pytestmark = pytest.mark.journey

MAILS = 300
KILLS = 8
SOON_SECONDS = 20.0  # a desk on a busy machine; it is told of new mail and does not look by the clock
QUICK_SECONDS = 8.0


def connect(desk: Desk, post: Dovecot) -> None:
    where = ["127.0.0.1", "--port", str(post.imap), "--security", "plain", "--user", "help"]
    desk.heed("mailbox", "add", *where, "--inbox", HELP, "--work-from", "2020-01-01", "--after", "flag")


def subjects(desk: Desk) -> Counter[str]:
    lines = desk.heed("export", "conversations").splitlines()
    return Counter(str(json.loads(line)["subject"]) for line in lines)


def wait_for_mails(desk: Desk, number: int, seconds: float) -> float:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if desk.tells("status")["settled"] and sum(subjects(desk).values()) >= number:
            return time.monotonic() - began
        time.sleep(0.3)
    raise AssertionError(
        f"{sum(subjects(desk).values())} of {number} after {seconds} s: {desk.tells('status')}"
    )


def test_each_mail_of_a_mailbox_is_there_once_whoever_dies(heed_home: Path, database_url: str) -> None:
    chance = random.Random(int(os.environ.get("JOURNEY_SEED", "7")))
    desk = Desk(heed_home, database_url, "", workers=2, more={"HEED_MAILBOX_PASSWORD": PASSWORD})
    with dovecot() as post:
        post.put(*(letter(number) for number in range(MAILS)))
        desk.set_up()
        connect(desk, post)
        with desk.serving():
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.1, 1.2))
                for pid in desk.processes("worker")[:1]:
                    os.kill(pid, signal.SIGKILL)
            wait_for_mails(desk, MAILS, 120)
            post.put(letter(MAILS))
            wait_for_mails(desk, MAILS + 1, SOON_SECONDS)
            assert post.unseen() == 0
            began = time.monotonic()
        assert time.monotonic() - began < QUICK_SECONDS
        found = subjects(desk)
        assert len(found) == MAILS + 1
        assert set(found.values()) == {1}
        assert desk.tells("check")["findings"] == []
        assert "well at" in desk.heed("mailbox", "list")
