"""What is spam and what is not: no customer whom we know is lost to a filter or a model."""

from itertools import product

import pytest

from heed.kernel.words import SpamReason
from heed.triage.verdict import LIKELY, SOMEWHAT, Signals, judge


@pytest.mark.parametrize(
    ("seen", "is_spam"),
    [
        (Signals(), False),
        (Signals(is_blocked=True), True),
        (Signals(is_blocked=True, is_known=True), True),  # an agent said so
        (Signals(is_filtered=True), True),
        (Signals(is_unproven=True), False),
        (Signals(likely=LIKELY), True),
        (Signals(likely=SOMEWHAT), False),
        (Signals(likely=SOMEWHAT, is_unproven=True), True),
        (Signals(likely=0.5, is_unproven=True), False),
    ],
)
def test_what_suffices(seen: Signals, is_spam: bool) -> None:
    assert judge(seen).is_spam is is_spam


def test_whom_we_know_is_never_taken_for_a_spammer_by_machines() -> None:
    for filtered, unproven, likely in product((True, False), (True, False), (None, 0.0, 0.9, 1.0)):
        seen = Signals(is_filtered=filtered, is_unproven=unproven, likely=likely, is_known=True)
        assert not judge(seen).is_spam


def test_reasons_are_told_the_weightiest_first() -> None:
    seen = Signals(is_blocked=True, is_filtered=True, is_unproven=True, likely=1.0)
    assert judge(seen).reasons == (
        SpamReason.BLOCKED,
        SpamReason.FILTER,
        SpamReason.CONTENT,
        SpamReason.SENDER_CHECK,
    )
