"""Read damaged mails until something breaks: a million at night, or as many as there is time for.

    python -m tools.fuzz                            1,000,000 mutants of all mails, on every core, politely
    python -m tools.fuzz --count 20000 --seed 7     fewer, others
    python -m tools.fuzz --show 7:1234 > one.eml    the mail of a finding, to put it (mended) into the corpus

What is done is noted in data/fuzz/, so that a run that was interrupted goes on where it stopped (--anew: from the
beginning). Findings are printed and noted there; the exit code is 1 when there are any. The corpus is our own and,
with HEED_TEST_DATA, the third-party mails that it names.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from heed.testing.mutants import Finding, findings, judge, mutant, seeds

CHUNK = 500
HOME = Path(os.environ.get("HEED_HOME", "data")) / "fuzz"


def main(argv: Sequence[str] | None = None) -> int:
    """Run, or show one mutant."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description="Read damaged mails.")
    parser.add_argument("--count", type=int, default=1_000_000, help="mutants (default: 1,000,000)")
    parser.add_argument("--seed", type=int, default=0, help="other mutants for another seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--anew", action="store_true", help="forget what an earlier run did")
    parser.add_argument("--show", metavar="SEED:NUMBER", help="write this mutant to standard output")
    options = parser.parse_args(argv)
    if options.show:
        return _show(options.show)
    HOME.mkdir(parents=True, exist_ok=True)
    record = HOME / f"seed-{options.seed}.jsonl"
    if options.anew:
        record.unlink(missing_ok=True)
    return _run(options.count, options.seed, options.jobs, record)


def _show(which: str) -> int:
    seed, _, number = which.partition(":")
    made = mutant(seeds(), int(seed), int(number))
    sys.stdout.buffer.write(made.raw)
    print(f"{made.name} ({made.kind}): {judge(made.raw, made.kind) or 'holds'}", file=sys.stderr)
    return 0


def _run(count: int, seed: int, jobs: int, record: Path) -> int:
    done = set(_done(record))
    chunks = [range(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK) if at not in done]
    print(
        f"{len(seeds())} mails; {count:,} mutants, seed {seed}; {len(done) * CHUNK:,} done before", flush=True
    )
    began, number, found = time.monotonic(), 0, 0
    with get_context("spawn").Pool(jobs, initializer=_be_polite) as pool, record.open("a") as notes:
        for at, worked, spent, wrong in pool.imap_unordered(partial(_chunk, seed), chunks):
            number, found = number + worked, found + len(wrong)
            for finding in wrong:
                print(f"{seed}:{finding.number} ({finding.seed_name}) {finding.what}", flush=True)
            told = {"at": at, "cpu": spent, "findings": [[f.number, f.seed_name, f.what] for f in wrong]}
            print(json.dumps(told), file=notes, flush=True)
            if at // CHUNK % 20 == 0:
                print(f"  {number:,} read, {number / (time.monotonic() - began):.0f} a second", flush=True)
    before = [line for line in _notes(record) if line["findings"]]
    print(
        f"{number:,} mutants read now; {found} findings, {sum(len(line['findings']) for line in before)} in all"
    )
    return 1 if before else 0


def _be_polite() -> None:
    os.nice(10)


def _chunk(seed: int, numbers: range) -> tuple[int, int, float, list[Finding]]:
    began = time.process_time()
    wrong = list(findings(seeds(), seed, numbers))
    return numbers.start, len(numbers), round(time.process_time() - began, 2), wrong


def _notes(record: Path) -> Iterator[dict[str, list[object]]]:
    if record.exists():
        yield from map(json.loads, record.read_text("utf-8").splitlines())


def _done(record: Path) -> Iterator[object]:
    return (line["at"] for line in _notes(record))


if __name__ == "__main__":
    sys.exit(main())
