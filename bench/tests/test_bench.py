import json
from datetime import UTC, datetime
from email import message_from_bytes

import pytest

from bench.desk import sqlite_house
from bench.figures import Bench, judge, percentile
from bench.mails import make

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
INBOX = ("help@desk.example",)


@pytest.mark.parametrize(
    ("value", "must", "holds"),
    [
        (0.25, ">= 0.2", True),
        (0.1, ">= 0.2", False),
        (149, "< 150", True),
        (3, "", None),
        (None, "< 150", None),
    ],
)
def test_a_figure_is_judged_by_what_it_must_be(value, must, holds):
    assert judge(value, must) is holds


def test_programs_get_one_object_in_which_what_was_not_shown_is_null(capsys):
    bench = Bench("intake", quick=True, as_json=True)
    bench.add("share", 0.13, "share of limit", ">= 0.1")
    bench.add_unshown("peak", 80, "MB", "< 400")
    assert bench.finish() == 0
    assert json.loads(capsys.readouterr().out) == {
        "bench": "intake",
        "figures": {
            "share": {"value": 0.13, "unit": "share of limit", "must": ">= 0.1", "holds": True},
            "peak": {"value": 80, "unit": "MB", "must": "< 400", "holds": None},
        },
    }


def test_a_figure_that_does_not_hold_fails_the_run(capsys):
    bench = Bench("intake", quick=True, as_json=False)
    bench.add("share", 0.05, "share of limit", ">= 0.1")
    assert bench.finish() == 1
    assert "FAILS" in capsys.readouterr().out


def test_the_percentile_is_one_of_the_values():
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([7], 0.95) == 7


def test_made_up_mails_are_the_same_each_time_and_no_two_are_alike():
    mails = list(make(300, recipients=INBOX, now=NOW))
    assert mails == list(make(300, recipients=INBOX, now=NOW))
    others = list(make(300, recipients=INBOX, now=NOW, seed=1))
    assert len({mail.message_id for mail in mails + others}) == 600
    assert not {mail.sender for mail in mails} & {mail.sender for mail in others}


def test_a_reply_answers_an_earlier_mail_of_its_sender():
    mails = list(make(300, recipients=INBOX, now=NOW))
    earlier = {mail.message_id: mail.sender for mail in mails}
    replies = [mail for mail in mails if mail.is_reply]
    assert 30 < len(replies) < 90
    for mail in replies:
        answered = message_from_bytes(mail.raw)["In-Reply-To"].strip("<>")
        assert earlier[answered] == mail.sender


def test_rows_and_log_of_a_filled_desk_agree():
    with sqlite_house() as house:
        desk = house.empty()
        desk.call("fill:fill", conversations=150)
        found = desk.call("mail:audit")
        assert found["conversations"] == 150
        assert found["messages"] == found["receipts"] > 200
        assert desk.call("mail:check") == []
