"""Twenty thousand damaged mails in every full run, ten on each engine; a million at night: `make fuzz`."""

import os

import pytest

from heed.testing.mutants import CORPUS, Seed, findings, judge, mutant, seeds

MUTANTS, PARTS = 10_000, 10
ENGINE_SEED = 2 if "postgres" in os.environ.get("HEED_DATABASE_URL", "") else 1


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_mails_are_read_quickly_and_show_nothing_live(part: int):
    size = MUTANTS // PARTS
    numbers = range(part * size, (part + 1) * size)
    assert [str(found) for found in findings(seeds(), ENGINE_SEED, numbers)] == []


def test_a_number_gives_the_same_mutant_each_time_and_others_differ():
    all_seeds = seeds()
    assert len(all_seeds) >= len(list(CORPUS.glob("*.eml")))
    made = [mutant(all_seeds, 0, number).raw for number in range(200)]
    assert made == [mutant(all_seeds, 0, number).raw for number in range(200)]
    assert len(set(made)) > 150


def test_what_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch):
    """The judge itself: what it is to find is put in its way."""
    assert judge(b"From: a@example.org\n\nHello", "rfc822") == ""
    assert judge(b"x", "no-such-kind").startswith("raises ValueError")
    monkeypatch.setattr("heed.testing.mutants.sanitize", lambda html: html)
    page = b"Content-Type: text/html\n\n<p onclick=x>Hello</p>"
    assert judge(page, "rfc822") == "sanitised HTML is live: onclick"
    assert judge(page.replace(b"onclick", b"title"), "rfc822") == ""
    assert mutant([Seed("one", "rfc822", b"")], 0, 0).kind == "rfc822"
