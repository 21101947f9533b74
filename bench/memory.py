"""How much memory a whole desk takes, an import at its peak, and how much a browser fetches. See README.md.

python -m bench.memory [--quick] [--json]
"""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import browser
from bench.desk import ADDRESSES, ChildFailed, Desk, House, sqlite_house
from bench.figures import Bench
from bench.mails import make
from bench.processes import free_port, memory_bytes, running, wait_for_port
from bench.watch import look, wait
from bench.wire import send_all

MAILS = 100
IDLE_SECONDS = 10
LOOKED_AT = 20  # conversations that someone opens before the desk idles
IMPORTED, IMPORTED_QUICK = 100_000, 2_000
MB = 1_000_000


def main() -> int:
    """Measure a desk on SQLite."""
    bench = Bench.from_arguments(
        "memory", "Memory of a whole desk and of an import; bytes of the first page."
    )
    with sqlite_house() as house:
        _whole_desk(bench, house)
        _import(bench, house)
    return bench.finish()


def _whole_desk(bench: Bench, house: House) -> None:
    """`heed serve` after a hundred mails and some looks at pages, idle; and what the first page weighs."""
    http, smtp = free_port(), free_port()
    bench.say(f"a whole desk, {MAILS} mails")
    desk = house.empty(
        HEED_HTTP=f"127.0.0.1:{http}", HEED_SMTP=f"127.0.0.1:{smtp}", HEED_LMTP=f"127.0.0.1:{free_port()}"
    )
    cookie = desk.call("pages:log_in")
    mails = list(make(MAILS, recipients=ADDRESSES[:1], now=datetime.now(UTC)))
    with running(desk, ["serve"]) as (pid,), look(desk) as done:
        wait_for_port(http)
        wait_for_port(smtp)
        send_all(smtp, mails)
        wait(done, mails)
        page = browser.load(http, "/inbox/all-open/", cookie=cookie)
        for number in range(1, LOOKED_AT + 1):
            browser.get(http, f"/inbox/all-open/{number}/", cookie=cookie)
        time.sleep(IDLE_SECONDS)
        after, processes = memory_bytes(pid)
    bench.add("desk_idle", after / MB, "MB (PSS, all processes)", "< 150")
    bench.add("desk_processes", processes, "processes")
    scripts = sum(answer.wire for answer in page.values() if "javascript" in answer.kind)
    bench.add(
        "first_page", sum(answer.wire for answer in page.values()) / 1_000, "KB on the wire, cold", "< 100"
    )
    bench.add("first_page_scripts", scripts / 1_000, "KB of it are scripts", "< 40")
    bench.add("first_page_requests", len(page), "requests")
    house.drop(desk)


def _import(bench: Bench, house: House) -> None:
    """`heed import mail` of a folder of files."""
    number = IMPORTED_QUICK if bench.quick else IMPORTED
    desk = house.empty()
    folder = desk.home / "history"
    _write(folder, number)
    bench.say(f"importing {number:,} mails")
    began = time.monotonic()
    peak = _peak_bytes(desk, "import", "mail", str(folder), "--inbox", ADDRESSES[0])
    seconds = time.monotonic() - began
    found = desk.call("mail:audit")
    if found["messages"] != number:
        raise ChildFailed(f"{number} mails were imported, and this came of it: {found}")
    add = bench.add_unshown if bench.quick else bench.add
    add("import_peak", peak / MB, f"MB (RSS at its peak, {number:,} mails)", "< 400")
    bench.add("import_rate", number / seconds, "mails/s")
    house.drop(desk)


def _write(folder: Path, number: int) -> None:
    for n, mail in enumerate(make(number, recipients=ADDRESSES[:1], now=datetime.now(UTC))):
        part = folder / f"{n // 1_000:03}"
        part.mkdir(parents=True, exist_ok=True)
        (part / f"{n:06}.eml").write_bytes(mail.raw)


def _peak_bytes(desk: Desk, *words: str) -> int:
    """Run a command of the product to its end; the most memory it held."""
    process = desk.heed(*words, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ChildFailed(f"heed {' '.join(words[:2])} ended with {process.returncode}")
    return used.ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
