"""What a server's refusal says, in one word: sentences of our own, in the manner of the servers named."""

import pytest

from heed.channels.email.bounce_reasons import HARD, reason_of
from heed.testing.speed import at_most

SAID = [
    ("550 5.2.1 <dalia@example.org>... User unknown", "5.2.1", "userunknown"),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", "5.1.10", "userunknown"),
    ("556 5.1.10 Recipient address has null MX", "5.1.10", "notaccept"),
    ("an MX or SRV record indicated no SMTP service", "", "notaccept"),
    ("Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)", "5.4.4", "notaccept"),
    (
        "Name service error for name=example.org type=MX: Malformed or unexpected name server reply",
        "5.4.4",
        "networkerror",
    ),
    ("Name service error for name=example.org type=A: Host not found", "5.4.4", "hostunknown"),
    ("550 5.4.312 Message expired, DNS query failed", "5.4.312", "networkerror"),
    ("550 5.4.316 Message expired, connection refused", "5.4.316", "expired"),
    ("550 5.7.606 Access denied", "5.7.606", "blocked"),
    ("451 4.7.650 The mail server has been temporarily rate limited", "4.7.650", "blocked"),
    ("550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup", "5.7.133", "rejected"),
    ("550 5.2.122 RESOLVER", "5.2.122", "exceedlimit"),
    (
        "552 5.7.0 This message was blocked because its content presents a potential security issue.",
        "5.7.0",
        "policyviolation",
    ),
    ("554 5.7.0 Header error", "5.7.0", "policyviolation"),
    ("554 5.7.9 Message not accepted for policy reasons", "5.7.9", "policyviolation"),
    ("550 5.7.28 Gmail has detected an unusual amount of mail", "5.7.28", "speeding"),
    ("550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]", "5.2.0", "spamdetected"),
    (
        "421 4.2.0 Trop de connexions. Too many connections, slow down. OFR004_104 [104]",
        "4.2.0",
        "toomanyconn",
    ),
    ("550 5.5.0 Adresse invalide. LPN007_416", "5.5.0", "userunknown"),
    ("550 5.1.0 <news@shop.example> sender rejected. AUP#CXBL", "5.1.0", "blocked"),
    ("554 Email rejected due to security policies - MCSpamSignature.x.y", "5.0.0", "virusdetected"),
    ("550 Unauthenticated senders not allowed", "5.0.0", "securityerror"),
    ("550 Blacklisted URL in message. See http://lookup.uribl.com", "", "spamdetected"),
    ("550 client host [192.0.2.1] blocked for spamming issues", "", "blocked"),
    (
        "dalia@example.org <ana@example.net>: malformed address: <ana@example.net> may not follow",
        "",
        "syntaxerror",
    ),
    ("450 4.0.0 Temporary failure", "4.0.0", "onhold"),
    ("ユーザー Dalia は Domino ディレクトリには見つかりません", "5.0.0", "userunknown"),
    ("Der Empfänger existiert nicht", "5.0.0", "userunknown"),
    ("Пользователь не найден", "5.0.0", "userunknown"),
    ("收件人不存在", "5.0.0", "userunknown"),
    ("Das Postfach des Empfängers ist voll", "", "mailboxfull"),
    ("Почтовый ящик переполнен", "", "mailboxfull"),
    ("邮箱已满", "", "mailboxfull"),
]


@pytest.mark.parametrize(("sentence", "status", "reason"), SAID, ids=[said[0][:40] for said in SAID])
def test_a_refusal_has_its_reason(sentence: str, status: str, reason: str):
    assert reason_of(sentence, status) == reason


@pytest.mark.parametrize(
    ("around", "reason"),
    [
        ("SMTP error from remote mail server after EHLO desk.example:\n550 Rejected", "blocked"),
        ("SMTP error from remote mail server after MAIL FROM:<desk@desk.example>:\n550 Rejected", "rejected"),
        ("SMTP error from remote mail server after RCPT TO:<dalia@example.org>:\n550 Rejected", "onhold"),
    ],
)
def test_where_the_words_say_nothing_the_command_that_was_refused_does(around: str, reason: str):
    assert reason_of("550 Rejected", "5.0.0", around) == reason


def test_unknown_after_the_data_is_the_recipients_own_rule_and_no_dead_address():
    assert reason_of("550 User unknown", "5.0.0", "in reply to RCPT TO") == "userunknown"
    assert reason_of("550 User unknown", "5.0.0", "in reply to end of DATA command") == "filtered"
    assert "userunknown" in HARD
    assert "filtered" not in HARD


@pytest.mark.parametrize(
    "word", ["user ", "mailbox is ", "5.1.1 ", "spam", "sender ", "the ip host ", "домен ", "a" * 50]
)
def test_reasons_take_time_linear_in_what_is_looked_at(word: str):
    with at_most(2):
        for _ in range(20):
            reason_of(word * 20_000, "5.0.0", word * 20_000)
