"""The listener among clients that are hostile, broken, slow or simply many."""

import contextlib
import socket
import threading
import time

import pytest

from heed.channels.email.listener import ListenerLimits
from heed.channels.email.tests.listening import MAIL, Raw, Start, as_sent, until


def test_a_line_of_a_megabyte_is_a_line(start: Start) -> None:
    running = start()
    mail = b"Subject: x\r\n\r\n" + b"z" * 1_000_000 + b"\r\n"
    with running.smtp() as client:
        assert as_sent(mail, client)[0] == 250
    assert running.shelf.mails[0].raw == mail


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r.\r\n"])
def test_no_second_mail_can_be_smuggled(start: Start, end: bytes) -> None:
    running = start()
    smuggled = b"MAIL FROM:<boss@desk.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\nforged\r\n"
    with running.raw() as client:
        client.begin_mail()
        client.send(b"Subject: x\r\n\r\ntext" + end + smuggled + b".\r\nQUIT\r\n")
        assert client.lines(2) == [b"250", b"221"]
    [kept] = running.shelf.mails
    assert kept.mail_from == "a@b.example"
    assert kept.raw.endswith(smuggled)


def test_commands_end_with_crlf_alone(start: Start) -> None:
    running = start()
    with running.raw() as client:
        client.send(b"HELO x\nMAIL FROM:<a@b.example>\r\n")
        assert client.lines(2) == [b"500", b"503"]
        client.send(b"HELO x\r\nMAIL FROM:<a@b.example>\rRCPT TO:<help@desk.example>\r\n")
        assert client.lines(2) == [b"250", b"501"]


def test_pipelined_commands_are_answered_in_order(start: Start) -> None:
    running = start()
    with running.raw() as client:
        client.send(
            b"EHLO x\r\nMAIL FROM:<\xc3\xa9@b.example> SMTPUTF8 BODY=8BITMIME SIZE=5\r\n"
            b"RCPT TO:<no@where.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\nfirst\r\n.\r\n"
            b"MAIL FROM:<>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\nsecond\r\n.\r\nQUIT\r\n"
        )
        greeting: list[bytes] = []
        while not greeting or greeting[-1][3:4] == b"-":
            greeting.append(client.line())
        assert {b"PIPELINING", b"8BITMIME", b"SMTPUTF8"} <= {line[4:].strip() for line in greeting}
        assert not any(b"AUTH" in line for line in greeting)
        assert client.lines(9) == [b"250", b"550", b"250", b"354", b"250", b"250", b"250", b"354", b"250"]
        assert client.line()[:3] == b"221"
        assert client.line() == b""
    assert [mail.raw for mail in running.shelf.mails] == [b"first\r\n", b"second\r\n"]
    assert running.shelf.mails[0].mail_from == "é@b.example"


def test_garbage_is_answered_and_then_hung_up_on(start: Start) -> None:
    running = start(ListenerLimits(faults=20))
    with running.raw() as client:
        client.send(b"\0\xff\x00garbage\r\n" * 200)
        answers = []
        with contextlib.suppress(ConnectionResetError):
            answers = client.file.read().splitlines()
        assert len(answers) <= 22
    with running.smtp() as client:
        assert as_sent(MAIL, client)[0] == 250


def test_a_huge_command_line_holds_nothing_and_is_refused(start: Start) -> None:
    running = start()
    with running.raw() as client:
        client.send(
            b"HELO " + b"x" * 3_000_000 + b"\r\nNOOP\r\nMAIL FROM:<" + b"y" * 3_000 + b">\r\nNOOP\r\n"
        )
        assert client.lines(4) == [b"500", b"250", b"500", b"250"]


def test_commands_without_a_mail_are_limited_and_recipients_too(start: Start) -> None:
    running = start(ListenerLimits(commands=30, recipients=3))
    with running.raw() as client:
        client.send(b"HELO x\r\nMAIL FROM:<>\r\n" + b"RCPT TO:<help@desk.example>\r\n" * 5 + b"NOOP\r\n" * 40)
        answers = client.file.read().splitlines()
    assert [line[:3] for line in answers[2:7]] == [b"250", b"250", b"250", b"452", b"452"]
    assert answers[-1][:3] == b"421"
    assert len(answers) == 32


def test_a_client_that_goes_away_within_a_mail_leaves_nothing(start: Start) -> None:
    running = start()
    for closing in (socket.SHUT_WR, socket.SHUT_RDWR):
        with running.raw() as client:
            client.begin_mail()
            client.send(b"Subject: half\r\n\r\nand then")
            client.socket.shutdown(closing)
            with contextlib.suppress(OSError):
                assert client.socket.recv(100) == b""
    with running.smtp() as client:
        as_sent(MAIL, client)
    assert [mail.raw for mail in running.shelf.mails] == [MAIL]


def test_a_client_that_closes_its_side_after_the_mail_is_answered(start: Start) -> None:
    running = start()
    with running.raw() as client:
        client.begin_mail()
        client.send(b"whole\r\n.\r\n")
        client.socket.shutdown(socket.SHUT_WR)
        assert client.file.read()[:4] == b"250 "
    assert len(running.shelf.mails) == 1


def test_a_whole_mail_is_kept_though_its_sender_is_gone(start: Start) -> None:
    running = start()
    running.shelf.gate.clear()
    with running.raw() as client:
        client.begin_mail()
        client.send(b"whole\r\n.\r\n")
        time.sleep(0.1)
    time.sleep(0.1)
    running.shelf.gate.set()
    until(lambda: len(running.shelf.mails) == 1)


def test_a_slow_client_is_waited_for_and_a_silent_one_is_not(start: Start) -> None:
    running = start(ListenerLimits(idle_seconds=0.5))
    with running.raw() as slow, running.raw() as silent:
        silent.begin_mail()
        slow.begin_mail()
        for byte in b"slow but sure\r\n.\r\n":
            slow.send(bytes([byte]))
            time.sleep(0.05)
        assert slow.line()[:3] == b"250"
        assert silent.line()[:3] == b"421"
        assert silent.line() == b""
    assert len(running.shelf.mails) == 1


def test_a_mail_that_takes_for_ever_is_cut_off(start: Start) -> None:
    running = start(ListenerLimits(message_seconds=0.3))
    with running.raw() as client:
        client.begin_mail()
        client.send(b"x")
        assert client.line()[:3] == b"421"
    assert running.shelf.mails == []


def test_two_hundred_connections_at_once(start: Start) -> None:
    running = start()
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(running.raw()) for _ in range(200)]
        for client in clients:
            client.begin_mail()
        for number, client in enumerate(clients):
            client.send(b"mail %d\r\n.\r\nQUIT\r\n" % number)
        assert {tuple(client.lines(2)) for client in clients} == {(b"250", b"221")}
    assert {mail.raw for mail in running.shelf.mails} == {b"mail %d\r\n" % n for n in range(200)}


def test_too_many_connections_are_turned_away_politely(start: Start) -> None:
    running = start(ListenerLimits(connections=2))
    with running.raw(), running.raw():
        third = Raw(running.smtp_port)
        assert third.line()[:3] == b"421"
        assert third.line() == b""
        third.__exit__()
    until(lambda: not running.server._hall._guests)
    with running.smtp() as client:
        assert as_sent(MAIL, client)[0] == 250


def test_stopping_lets_a_mail_end_and_says_goodbye_to_the_rest(start: Start) -> None:
    running = start()
    with running.raw() as idle, running.raw() as busy:
        busy.begin_mail()
        busy.send(b"half")
        time.sleep(0.1)
        stopping = threading.Thread(target=running.stop, args=(5,))
        stopping.start()
        assert idle.line()[:3] == b"421"
        busy.send(b" whole\r\n.\r\n")
        assert busy.lines(2) == [b"250", b"421"]
        stopping.join(5)
    assert [mail.raw for mail in running.shelf.mails] == [b"half whole\r\n"]
    with pytest.raises(ConnectionRefusedError):
        Raw(running.smtp_port)


def test_stopping_does_not_wait_for_ever(start: Start) -> None:
    running = start()
    with running.raw() as busy:
        busy.begin_mail()
        busy.send(b"half")
        began = time.monotonic()
        running.stop(0.2)
        assert time.monotonic() - began < 2
    assert running.shelf.mails == []
