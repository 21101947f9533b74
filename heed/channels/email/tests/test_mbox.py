"""Mbox files in their dialects: each mail with the bytes that were sent, whatever stands in it."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.mbox import looks_like_mbox, spans, unhidden

FROM = b"From dalia@example.org Fri Nov 27 17:00:00 2026\n"


def mails(file: bytes) -> list[bytes]:
    found = []
    for span in spans(BytesIO(file)):
        raw = file[span.start : span.end]
        found.append(unhidden(raw) if span.is_hidden else raw)
    return found


def test_each_mail_comes_without_the_lines_between_them() -> None:
    one, two = b"Subject: 1\n\nHello\n", b"Subject: 2\n\nBye\n\nbye\n"
    assert mails(FROM + one + b"\n" + FROM + two + b"\n") == [one, two]
    assert mails(FROM + one + b"\n" + FROM + two) == [one, two]


def test_lines_that_were_hidden_are_as_they_were_sent() -> None:
    file = FROM + b"Subject: 1\n\n>From here on\n>>From there\n> From me\n\n" + FROM + b"Subject: 2\n\nx\n"
    assert mails(file) == [b"Subject: 1\n\nFrom here on\n>From there\n> From me\n", b"Subject: 2\n\nx\n"]


def test_a_line_that_only_begins_with_from_ends_no_mail() -> None:
    one = b"Subject: 1\n\nDear all,\n\nFrom now on we close at 5.\nFrom 2019 we know it.\n"
    assert mails(FROM + one + b"\n" + FROM + b"Subject: 2\n\nx\n")[0] == one


def test_a_counted_body_may_hold_anything() -> None:
    body = b"one\n\nFrom dalia@example.org Fri Nov 27 17:00:00 2026\n>From me\n"
    head = b"Subject: 1\nContent-Length: %d\n\n" % len(body)
    two = b"Subject: 2\n\nx\n"
    assert mails(FROM + head + body + b"\n" + FROM + two) == [head + body, two]


def test_a_counted_body_without_such_lines_may_have_hidden_them() -> None:
    body = b"one\n>From me\n"
    head = b"Content-Length: %d\n\n" % len(body)
    assert mails(FROM + head + body + b"\n" + FROM + b"\nx\n")[0] == head + b"one\nFrom me\n"


@pytest.mark.parametrize("length", [b"3", b"9999", b"0", b"-1", b"x", b"99999999999999999999"])
def test_a_wrong_count_is_not_believed(length: bytes) -> None:
    one = b"Content-Length: " + length + b"\n\nsome words\n"
    assert mails(FROM + one + b"\n" + FROM + b"Subject: 2\n\nx\n") == [one, b"Subject: 2\n\nx\n"]


def test_line_ends_of_all_kinds_and_programs_that_know_no_sender() -> None:
    assert looks_like_mbox(b"From - Sat Jan 03 01:05:34 1996\r\n")
    assert looks_like_mbox(b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n")
    assert not looks_like_mbox(b"From: dalia@example.org\n")
    crlf = b"Subject: 1\r\n\r\nHello\r\n"
    assert mails(b"From - Sat Jan 03 01:05:34 1996\r\n" + crlf + b"\r\n" + FROM + crlf) == [crlf, crlf]


@given(
    st.lists(st.lists(st.sampled_from([b"", b"x", b"From a", b">From b", b">>From c 2020", b"a" * 70_000])))
)
def test_what_is_written_as_mboxrd_is_read_as_it_was(bodies: list[list[bytes]]) -> None:
    sent = [b"Subject: x\n\n" + b"".join(line + b"\n" for line in body) for body in bodies]
    file = b"".join(FROM + b"".join(hidden(mail)) + b"\n" for mail in sent)
    assert mails(file) == sent


def hidden(mail: bytes) -> list[bytes]:
    lines = mail.splitlines(keepends=True)
    return [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]


@given(st.binary(max_size=400))
def test_nothing_is_too_odd_to_be_taken_apart(odd: bytes) -> None:
    file = FROM + odd
    found = list(spans(BytesIO(file)))
    assert found
    assert found[-1].end <= len(file)
