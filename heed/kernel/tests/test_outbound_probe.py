"""Looking at a mail server: it is there, or one can say what is wrong."""

import socket
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Literal

import pytest

from heed.kernel import outbound
from heed.kernel.outbound.probe import Probe, ProbeAnswer, Prober
from heed.testing.greeters import Authority, Greeter

Service = Literal["imap", "pop3", "smtp"]
Security = Literal["tls", "starttls", "plain"]
SERVICES: list[Service] = ["imap", "pop3", "smtp"]
LOOPBACK = ip_address("127.0.0.1")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def look(
    server: Greeter,
    authority: Authority,
    *,
    security: Security = "tls",
    host: str = "mail.linden.example",
    seconds: float = 2.0,
) -> Probe:
    prober = Prober(resolver=lambda *_: ["127.0.0.1"], tls=authority.trust())
    return prober.probe(server.service, host, server.port, security=security, timeout_seconds=seconds)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_a_sound_server_is_fine(authority: Authority, service: Service, security: Security) -> None:
    tls = authority.serve("mail.linden.example")
    with Greeter(service, tls=tls, is_tls_at_once=security == "tls") as server:
        assert look(server, authority, security=security).answer is ProbeAnswer.FINE


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("shown", "days", "is_self_signed", "answer"),
    [
        ("other.example", 1, False, ProbeAnswer.CERTIFICATE_NAME),
        ("mail.linden.example", -1, False, ProbeAnswer.CERTIFICATE_EXPIRED),
        ("mail.linden.example", 60, False, ProbeAnswer.CERTIFICATE_NOT_YET),
        ("mail.linden.example", 1, True, ProbeAnswer.CERTIFICATE_SELF_SIGNED),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told(
    authority: Authority,
    security: Security,
    shown: str,
    days: int,
    is_self_signed: bool,
    answer: ProbeAnswer,
) -> None:
    tls = authority.serve(shown, days=days, is_self_signed=is_self_signed)
    with Greeter("imap", tls=tls, is_tls_at_once=security == "tls") as server:
        assert look(server, authority, security=security).answer is answer


def test_a_certificate_of_somebody_whom_nobody_knows(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other")
    with Greeter("imap", tls=stranger.serve("mail.linden.example"), is_tls_at_once=True) as server:
        assert look(server, authority).answer is ProbeAnswer.CERTIFICATE_UNKNOWN


@pytest.mark.parametrize("service", SERVICES)
def test_a_server_without_protection_is_not_spoken_to(authority: Authority, service: Service) -> None:
    with Greeter(service) as server:
        assert look(server, authority, security="starttls").answer is ProbeAnswer.NO_TLS
        assert look(server, authority, security="tls").answer is ProbeAnswer.NO_TLS


def test_something_else_listens_there(authority: Authority) -> None:
    with Greeter("imap", greeting="SSH-2.0-OpenSSH_9.2") as server:
        seen = look(server, authority, security="plain")
    assert (seen.answer, seen.words) == (ProbeAnswer.NOT_MAIL, "SSH-2.0-OpenSSH_9.2")


def test_nobody_listens_there(authority: Authority) -> None:
    with Greeter("imap") as server:
        pass
    assert look(server, authority).answer is ProbeAnswer.NO_ANSWER


def test_a_server_that_says_nothing_is_not_waited_for(authority: Authority) -> None:
    with Greeter("imap", is_silent=True) as server:
        began = monotonic()
        assert look(server, authority, security="plain", seconds=0.4).answer is ProbeAnswer.NO_ANSWER
        assert monotonic() - began < 2.0


def test_there_is_no_such_host() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(host)

    seen = Prober(resolver=nowhere).probe("imap", "x.example", 993, security="tls", timeout_seconds=1)
    assert seen.answer is ProbeAnswer.NO_NAME


def test_a_name_that_nobody_chose_is_not_tried_inside(authority: Authority) -> None:
    with Greeter("imap", tls=authority.serve("mail.linden.example"), is_tls_at_once=True) as server:
        for public, answer in (((), ProbeAnswer.INSIDE), ((LOOPBACK,), ProbeAnswer.FINE)):
            prober = Prober(
                outside_only=True,
                counted_as_public=public,
                resolver=lambda *_: ["127.0.0.1"],
                tls=authority.trust(),
            )
            seen = prober.probe("imap", "mail.linden.example", server.port, security="tls", timeout_seconds=3)
            assert seen.answer is answer
        assert server.connections == 1


def test_a_verb_can_not_look() -> None:
    with outbound.forbidden(), pytest.raises(outbound.OutboundInsideTransaction):
        Prober().probe("imap", "mail.linden.example", 993, security="tls", timeout_seconds=1)
