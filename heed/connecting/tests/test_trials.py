"""The test buttons: what works, and what is wrong, against real servers."""

from dataclasses import replace
from pathlib import Path

import pytest

from heed.connecting.trials import Prover, TrialCode
from heed.delivery.tests.sink import Sink
from heed.kernel.errors import Unusable
from heed.kernel.mail_words import MailProtocol, MailSecurity
from heed.kernel.outbound import SmtpUrl
from heed.kernel.outbound.probe import ProbeAnswer, Prober
from heed.mailboxes.account import Account
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.testing.greeters import Authority, Greeter


def test_a_mailbox_that_can_be_read(post: Dovecot, user: str) -> None:
    with post.looked_into(user, folder="") as line:
        if not line.folder_exists("Sent"):
            line.create_folder("Sent")
    trial = Prover().receive(post.account(user), password=PASSWORD, folders=["inbox", "Sent"])
    assert trial.is_fine
    assert trial.folders[0] == "INBOX"
    assert "Sent" in trial.folders


def test_pop3_can_be_read(post: Dovecot, user: str) -> None:
    account = replace(post.account(user), protocol=MailProtocol.POP3, port=post.pop3)
    assert Prover().receive(account, password=PASSWORD, folders=[]).is_fine


@pytest.mark.parametrize("protocol", [MailProtocol.IMAP, MailProtocol.POP3])
def test_a_wrong_password(post: Dovecot, user: str, protocol: MailProtocol) -> None:
    port = post.imap if protocol is MailProtocol.IMAP else post.pop3
    account = replace(post.account(user), protocol=protocol, port=port)
    trial = Prover().receive(account, password="wrong", folders=["INBOX"])
    assert trial.code == TrialCode.LOGIN_REFUSED


def test_a_folder_that_is_not_there(post: Dovecot, user: str) -> None:
    trial = Prover().receive(post.account(user), password=PASSWORD, folders=["INBOX", "Werkstatt"])
    assert (trial.code, trial.words) == (TrialCode.FOLDER_MISSING, "Werkstatt")


def test_nobody_there_and_no_such_protection(post: Dovecot, user: str) -> None:
    with Greeter("imap") as server:
        pass
    gone = Prover().receive(replace(post.account(user), port=server.port), password="x", folders=["INBOX"])
    assert gone.code == ProbeAnswer.NO_ANSWER
    bare = replace(post.account(user), security=MailSecurity.TLS)
    assert Prover().receive(bare, password="x", folders=["INBOX"]).code == ProbeAnswer.NO_TLS


def test_a_certificate_that_is_for_another_name(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    tester = Prover(
        tls=authority.trust(), prober=Prober(tls=authority.trust(), resolver=lambda *_: ["127.0.0.1"])
    )
    with Greeter("imap", tls=authority.serve("other.example"), is_tls_at_once=True) as server:
        account = Account("imap.linden.example", "help", port=server.port)
        trial = tester.receive(account, password="x", folders=["INBOX"])
    assert trial.code == ProbeAnswer.CERTIFICATE_NAME


def test_what_is_no_account_is_not_tried() -> None:
    with pytest.raises(Unusable):
        Prover().receive(Account("", "help"), password="x", folders=["INBOX"])


def test_a_server_that_takes_our_mail_gets_none() -> None:
    with Sink() as sink:
        assert Prover().send(SmtpUrl("127.0.0.1", sink.port)).is_fine
        assert sink.mails == []


def test_a_server_that_refuses_our_password_or_is_not_there(tmp_path: Path) -> None:
    with Greeter("smtp", greeting="220 hello") as server:  # it knows no AUTH: the log-in can't even begin
        trial = Prover().send(SmtpUrl("127.0.0.1", server.port, user="help", password="x"))
    assert trial.code in (TrialCode.BROKE_OFF, TrialCode.REFUSED)
    assert Prover().send(SmtpUrl("127.0.0.1", server.port)).code == ProbeAnswer.NO_ANSWER
