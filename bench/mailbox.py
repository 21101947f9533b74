"""How fast a mailbox of unread mails is taken in by IMAP, as a share of the same mails by SMTP.

python -m bench.mailbox [--quick] [--json]

The server is a real Dovecot of the benchmark's own. What counts begins when the mails are delivered there and ends when
every one is read.
"""

import os
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.desk import ADDRESSES, ChildFailed, Desk, House, sqlite_house
from bench.figures import Bench, median_share
from bench.mails import Mail, make
from bench.processes import free_port, most_bytes, running, wait_for_port
from bench.watch import PATIENCE_SECONDS, look, wait_for
from bench.wire import send_all
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot, dovecot

WARM = 100  # mails read before it counts
TO = (ADDRESSES[0],)  # a mailbox belongs to one inbox


def main() -> int:
    """Measure it alone."""
    bench = Bench.from_arguments("mailbox", "Mail out of a mailbox, as a share of the same mail by SMTP.")
    imap_share(bench)
    return bench.finish()


def imap_share(bench: Bench) -> None:
    """Add the figure `imap_share`, and the two rates that it is made of."""
    number, rounds = (1_000, 2) if bench.quick else (10_000, 3)
    bench.say(f"{number:,} mails by SMTP and out of a mailbox by IMAP, in turns")
    pairs = []
    with sqlite_house() as house:
        for _ in range(rounds):
            by_smtp = _by_smtp(house, number)
            pairs.append((_by_imap(house, number), by_smtp))
    bench.add("imap_share", median_share(pairs), "rate by IMAP / rate by SMTP", ">= 0.7")
    bench.add("imap_rate", sorted(one for one, _ in pairs)[len(pairs) // 2], "mails/s")
    bench.add("imap_smtp_rate", sorted(other for _, other in pairs)[len(pairs) // 2], "mails/s")


def _mails(number: int) -> tuple[list[Mail], list[Mail]]:
    now = datetime.now(UTC)
    warm = list(make(WARM, recipients=TO, now=now, seed=1_000))
    return warm, list(make(number, recipients=TO, now=now, seed=0))


def _by_smtp(house: House, number: int) -> float:
    warm, mails = _mails(number)
    port = free_port()
    desk = house.empty(HEED_SMTP=f"127.0.0.1:{port}", HEED_LMTP=f"127.0.0.1:{free_port()}")
    with running(desk, ["mail", "serve"], ["worker"]):
        wait_for_port(port)
        with look(desk) as done:
            send_all(port, warm)
            wait_for(done, (WARM, 0))
            began = time.monotonic()
            send_all(port, mails)
            wait_for(done, (WARM + number, 0))
            took = time.monotonic() - began
    _check(desk, WARM + number)
    house.drop(desk)
    return number / took


def _by_imap(house: House, number: int) -> float:
    warm, mails = _mails(number)
    with dovecot() as post:
        desk = house.empty(HEED_MAILBOX_PASSWORD=PASSWORD, HEED_MAILBOX_POLL_SECONDS="5")
        _fill(post, warm)
        _connect(desk, post)
        with running(desk, ["worker"]), look(desk) as done:
            wait_for(done, (WARM, 0))
            began = time.monotonic()
            _fill(post, mails)  # the worker listens: it begins with the first of them
            filled = time.monotonic()
            wait_for(done, (WARM + number, 0))
            took = time.monotonic() - began
    if filled - began > took / 2:
        raise ChildFailed(f"filling the mailbox took {filled - began:.0f} of {took:.0f} s: that was measured")
    _check(desk, WARM + number)
    house.drop(desk)
    return number / took


def _fill(post: Dovecot, mails: Sequence[Mail]) -> None:
    """Deliver as an MTA does: files into the Maildir."""
    folder = post.new_mails()
    for mail in mails:
        post.deliver(folder, b"Return-Path: <" + mail.sender.encode() + b">\r\n" + mail.raw)


def _connect(desk: Desk, post: Dovecot) -> None:
    where = ["127.0.0.1", "--port", str(post.imap), "--security", "plain", "--user", "help"]
    process = desk.heed("mailbox", "add", *where, "--inbox", TO[0], "--work-from", "2020-01-01")
    if process.wait(60):
        raise ChildFailed("the mailbox could not be connected")


def by_mailbox(desk: Desk, path: Path) -> int:
    """The most memory of a worker that takes this mail out of a mailbox; it is to be parked as too large."""
    with dovecot() as post:
        there = Desk(desk.home, desk.database_url, {**desk.more, "HEED_MAILBOX_PASSWORD": PASSWORD})
        _deliver_file(post, path)
        _connect(there, post)
        with running(there, ["worker"]) as (pid,):
            until = time.monotonic() + PATIENCE_SECONDS
            while (found := there.call("mail:parked")) != ["too_large"]:
                if found or time.monotonic() > until:
                    raise ChildFailed(f"a mail too large to be read should be parked, and this was: {found}")
            return most_bytes(pid)


def _deliver_file(post: Dovecot, path: Path) -> None:
    """Deliver without holding it in memory."""
    folder = post.new_mails()
    there = folder.parent / "tmp" / "large"
    shutil.copyfile(path, there)
    os.chown(there, *post.owner)
    there.rename(folder / f"{time.time_ns()}.large.here")


def _check(desk: Desk, number: int) -> None:
    """Raise ChildFailed when a mail was lost or doubled."""
    found = desk.call("mail:audit")
    good = {"receipts": number, "messages": number, "unread": 0, "doubled": 0, "parked_events": 0}
    wrong = {name: found[name] for name, value in good.items() if found[name] != value}
    if wrong:
        raise ChildFailed(f"{number} mails went in, and this came out: {wrong}")


if __name__ == "__main__":
    sys.exit(main())
