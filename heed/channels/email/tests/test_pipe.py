"""A mail handed over by LMTP is kept whole, or the reason says whether to try again."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.listener import ListenerLimits
from heed.channels.email.pipe import Outcome, Result, as_on_the_wire, hand_over
from heed.channels.email.tests.listening import MAIL, Running, Start, small
from heed.kernel.hostport import HostPort


def give(
    running: Running, raw: bytes = MAIL, to: str = "help@desk.example", sender: str = "a@b.example"
) -> Outcome:
    lmtp = HostPort("127.0.0.1", running.lmtp_port)
    return hand_over(raw, to=to, sender=sender, lmtp=lmtp, timeout_seconds=5)


@contextmanager
def talker(*answers: bytes) -> Iterator[HostPort]:
    """A server that says these in turn, one at first and one after each thing heard, and hangs up."""

    def talk() -> None:
        client, _ = server.accept()
        with client:
            for answer in answers:
                client.sendall(answer)
                client.recv(100_000)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=talk)
        thread.start()
        yield HostPort(*server.getsockname())
        thread.join()


def test_a_mail_is_stored_as_it_is(start: Start) -> None:
    running = start()
    assert give(running).result is Result.STORED
    [kept] = running.shelf.mails
    assert (kept.raw, kept.protocol) == (MAIL, "lmtp")
    assert (kept.mail_from, kept.recipients) == ("a@b.example", ("help@desk.example",))


def test_a_mail_that_begins_with_a_dot_keeps_it(start: Start) -> None:
    running = start()
    for raw in (b".\r\n", b"..\r\n.\r\n", b""):
        assert give(running, raw).result is Result.STORED
    assert [mail.raw for mail in running.shelf.mails] == [b".\r\n", b"..\r\n.\r\n", b""]


def test_what_the_desk_says_decides(start: Start) -> None:
    running = start(small(100_000))
    assert give(running, to="nobody@elsewhere.example").result is Result.NO_SUCH_ADDRESS
    assert give(running, to="broken@desk.example").result is Result.TRY_AGAIN
    assert give(running, b"x" * 100_001).result is Result.REFUSED
    running.shelf.broken = True
    assert give(running).result is Result.TRY_AGAIN
    assert running.shelf.mails == []


def test_addresses_cannot_say_commands(start: Start) -> None:
    running = start()
    injected = "help@desk.example>\r\nRCPT TO:<sales@desk.example"
    assert give(running, to=injected).result is Result.NO_SUCH_ADDRESS
    assert give(running, sender=injected).result is Result.STORED
    assert give(running, sender="jürgen@bücher.example").result is Result.STORED
    assert give(running, sender=b"\xff@b.example".decode("utf-8", "surrogateescape")).result is Result.STORED
    assert [mail.mail_from for mail in running.shelf.mails] == ["", "jürgen@bücher.example", ""]
    assert {mail.recipients for mail in running.shelf.mails} == {("help@desk.example",)}


def test_nobody_listening_is_told_from_a_lost_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = HostPort(*server.getsockname())
    outcome = hand_over(MAIL, to="a@b.example", sender="", lmtp=free, timeout_seconds=1)
    assert outcome.result is Result.NOBODY_LISTENING


@pytest.mark.parametrize(
    "answers",
    [
        (b"",),
        (b"220 hello\r\n",),
        (b"220 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"),
        (b"421 full\r\n",),
        (b"HTTP/1.1 200 OK\r\n\r\n",),
        (b"220-" + b"x" * 5_000,),
        (b"220 hello\r\n", b"250-a\r\n" * 200),
    ],
)
def test_anything_unclear_is_tried_again(answers: tuple[bytes, ...]) -> None:
    with talker(*answers) as lmtp:
        outcome = hand_over(b"x\r\n", to="a@b.example", sender="", lmtp=lmtp, timeout_seconds=1)
    assert outcome.result is Result.TRY_AGAIN


def test_the_lmtp_door_takes_more_than_the_smtp_door() -> None:
    assert ListenerLimits().lmtp_message_bytes > ListenerLimits().smtp_message_bytes


def test_line_ends_are_those_of_the_wire() -> None:
    assert as_on_the_wire(b"Subject: x\n\n.\nbody\n") == b"Subject: x\r\n\r\n.\r\nbody\r\n"
    assert as_on_the_wire(b"Subject: x\n\nfrom\r\nelsewhere\n") == b"Subject: x\r\n\r\nfrom\r\nelsewhere\r\n"
    assert as_on_the_wire(b"S: x\r\n\r\nbare\nline\rend\r\n") == b"S: x\r\n\r\nbare\nline\rend\r\n"
    assert as_on_the_wire(b"no end") == b"no end\r\n"
    assert as_on_the_wire(b"\nx") == b"\r\nx\r\n"
    assert as_on_the_wire(b"") == b""


@given(st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"a"]), max_size=12).map(b"".join))
def test_line_ends_once_mended_stay(raw: bytes) -> None:
    mended = as_on_the_wire(raw)
    assert as_on_the_wire(mended) == mended
    assert mended.replace(b"\r\n", b"\n").rstrip(b"\n") == raw.replace(b"\r\n", b"\n").rstrip(b"\n")
