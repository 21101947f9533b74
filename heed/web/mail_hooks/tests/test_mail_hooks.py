"""The door that mail providers post to, in the shapes that they document, and the page where hooks are made."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from heed.conversations.actions.purging import purge
from heed.conversations.actions.trashing import trash
from heed.conversations.models import Message
from heed.delivery.models import Delivery
from heed.intake.models import Receipt
from heed.intake.receipts import raw_of
from heed.kernel.config import config
from heed.kernel.mail_words import REPORTS_ONLY, HookProvider
from heed.kernel.secrets import unseal
from heed.kernel.words import Confidence, Direction, ReceiptState, SuppressReason
from heed.mailboxes.actions.hooks import add_mail_hook
from heed.mailboxes.models import MailHook
from heed.mailboxes.tests.test_hooks import DALIA, sent
from heed.people.policy import SYSTEM
from heed.people.standing_queries import suppressed_among
from heed.testing.queries import assert_queries
from heed.testing.world import World

KEY = "key-1"
HERE = "/settings/mail-hooks/"
RAW = (
    b"From: Petra <petra@example.org>\r\nTo: help@linden.example\r\nSubject: Bell\r\n"
    b"Message-ID: <bell-1@example.org>\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\nThe bell f\xe4llt off.\r\n"
)
SIGNED = "help+anything@linden.example"
__all__ = ["sent"]


def address(world: World, provider: HookProvider, end: str = "") -> str:
    key = KEY if provider is HookProvider.MAILGUN else ""
    hook = MailHook.objects.filter(provider=provider, inbox=world.help).first()
    hook = hook or add_mail_hook(world.help, provider=provider, signing_key=key, by=SYSTEM)
    return f"/hooks/mail/{provider}/{unseal(hook.token)}/{end}"


def signature(key: str = KEY) -> dict[str, str]:
    signed = hmac.new(key.encode(), b"1764000000token", hashlib.sha256).hexdigest()
    return {"timestamp": "1764000000", "token": "token", "signature": signed}


def post(where: str, told: Any) -> Any:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(where, json.dumps(told), content_type="application/json")


def form(where: str, fields: Mapping[str, str | bytes]) -> Any:
    parts = [
        f'--xYzZY\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    body = b"\r\n".join([*parts, b"--xYzZY--\r\n"])
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(where, body, content_type="multipart/form-data; boundary=xYzZY")


def mailgun(world: World, key: str = KEY, raw: bytes = RAW, **fields: str) -> Any:
    told: dict[str, str | bytes] = {
        "recipient": SIGNED,
        "sender": "bounces@example.org",
        "subject": "Bell",
        **signature(key),
        "body-mime": raw,
        **fields,
    }
    return form(address(world, HookProvider.MAILGUN, "mime"), told)


def sendgrid(world: World) -> Any:
    envelope = json.dumps({"to": [SIGNED], "from": "bounces@example.org"})
    return form(address(world, HookProvider.SENDGRID), {"email": RAW, "envelope": envelope, "SPF": "pass"})


def postmark(world: World) -> Any:
    told = {
        "FromName": "Petra",
        "From": "petra@example.org",
        "FromFull": {"Email": "petra@example.org", "Name": "Petra", "MailboxHash": ""},
        "OriginalRecipient": SIGNED,
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "MessageStream": "inbound",
        "Headers": [{"Name": "Return-Path", "Value": "<bounces@example.org>"}],
        "RawEmail": RAW.replace(b"iso-8859-1", b"utf-8").decode("latin-1"),
        "Attachments": [],
    }
    return post(address(world, HookProvider.POSTMARK), told)


@pytest.mark.parametrize("provider", [postmark, mailgun, sendgrid])
def test_a_mail_that_is_posted_becomes_one_message_however_often_it_comes(
    world: World, provider: Any
) -> None:
    assert not Message.objects.filter(direction=Direction.IN).exists()
    for _ in range(2):
        answer = provider(world)
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        receipt = Receipt.objects.latest("pk")
        assert (receipt.mail_from, receipt.recipients) == ("bounces@example.org", [SIGNED])
        if provider is not postmark:  # which posts text
            assert raw_of([receipt.pk])[receipt.pk] == RAW
        world.settle()
    message = Message.objects.get(direction=Direction.IN)
    assert "The bell fällt off." in message.text
    assert message.conversation.inbox == world.help


@pytest.mark.parametrize("provider", [postmark, mailgun, sendgrid])
def test_what_was_purged_does_not_come_back_when_its_provider_posts_it_again(
    world: World, provider: Any
) -> None:
    provider(world)
    world.settle()
    row = Message.objects.get(direction=Direction.IN).conversation
    trash(row, by=world.amara.actor)
    provider(world)
    world.settle()
    assert world.reload(row).trashed_at is not None, "it is no news that the same mail comes again"
    purge(row, by=world.chen.actor)
    world.settle()
    assert provider(world).status_code == 200
    world.settle()
    assert not Message.objects.exists()
    assert {receipt.state for receipt in Receipt.objects.all()} == {ReceiptState.PURGED}


def test_mail_for_nobody_here_goes_to_the_inbox_of_the_hook(world: World) -> None:
    assert mailgun(world, recipient="in@provider.example").status_code == 200
    assert Receipt.objects.get().recipients == ["help@linden.example"]


def test_a_mail_larger_than_a_form_of_a_person_is_taken(world: World) -> None:
    large = RAW + b"x" * 3_000_000
    assert mailgun(world, raw=large).status_code == 200
    receipt = Receipt.objects.get()
    assert (receipt.size, raw_of([receipt.pk])[receipt.pk]) == (len(large), large)


def test_a_request_beyond_the_limit_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(config), "hook_max_bytes", 1_000)
    answer = mailgun(world, raw=RAW + b"x" * 1_000)
    assert (answer.status_code, answer.content) == (413, b"post_too_large\n")
    assert not Receipt.objects.exists()


def test_what_another_key_signed_is_refused_and_nothing_is_kept(world: World) -> None:
    assert mailgun(world, "key-2").status_code == 403
    assert mailgun(world, token="tokén").status_code == 403
    told = {"signature": signature("key-2"), "event-data": {"event": "delivered"}}
    assert post(address(world, HookProvider.MAILGUN), told).status_code == 403
    assert not Receipt.objects.exists()
    assert mailgun(world).status_code == 200


def test_an_unknown_provider_and_an_unknown_token_answer_alike(world: World) -> None:
    known = address(world, HookProvider.POSTMARK)
    answers = [
        post(where, {})
        for where in (
            "/hooks/mail/pigeon/x/",
            "/hooks/mail/postmark/x/",
            known.replace("postmark", "sendgrid"),
        )
    ]
    assert {(one.status_code, one.content) for one in answers} == {(404, b"not_found\n")}
    assert post(known, {}).status_code == 406
    assert Client().get(known).status_code == 405


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        (HookProvider.POSTMARK, "RawEmail"),
        (HookProvider.MAILGUN, "/mime"),
        (HookProvider.SENDGRID, "raw, full MIME"),
    ],
)
def test_what_can_not_be_used_is_said_to_whoever_sets_up_the_provider(
    world: World, provider: HookProvider, words: str
) -> None:
    where = address(world, provider)
    answer = post(where, {"From": "p"}) if provider is HookProvider.POSTMARK else form(where, {**signature()})
    assert answer.status_code == 406
    assert words in answer.content.decode()


def _rename(table: str, to: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {to}")


def test_trouble_with_the_storage_makes_the_provider_try_again(world: World) -> None:
    address(world, HookProvider.MAILGUN)
    _rename("intake_receiptpart", "put_away")  # the second half of what is kept can't be written
    assert mailgun(world).status_code == 500
    _rename("put_away", "intake_receiptpart")
    assert not Receipt.objects.exists()
    assert mailgun(world).status_code == 200
    assert Receipt.objects.exists()


def state(delivery: Delivery) -> tuple[str, str]:
    row = Message.objects.get(pk=delivery.pk)
    return row.state, row.trouble


def postmark_report(**told: Any) -> dict[str, Any]:
    return {"MessageID": "p-1", "MessageStream": "outbound", "Tag": "", "Metadata": {}, **told}


def test_postmark_reports_what_became_of_a_message(world: World, sent: Delivery) -> None:
    where = address(world, HookProvider.POSTMARK)
    soft = postmark_report(RecordType="Bounce", Type="Transient", Email=DALIA, Details="452 later", ID=1)
    assert post(where, soft).status_code == 200
    assert state(sent) == ("deferred", "452 later")
    for recipient in (DALIA, "boss@example.net"):
        done = postmark_report(RecordType="Delivery", Recipient=recipient, DeliveredAt="2026-11-27T12:00:00Z")
        assert post(where, done).status_code == 200
    assert state(sent) == ("delivered", "")
    opened = postmark_report(RecordType="Open", Recipient=DALIA)
    assert post(where, opened).status_code == 200
    hard = postmark_report(
        RecordType="Bounce", Type="HardBounce", Email=DALIA, Details="550 5.1.1 user unknown", ID=2
    )
    assert post(where, hard).status_code == 200
    assert state(sent) == ("bounced", "550 5.1.1 user unknown")


def mailgun_report(world: World, event: str, **data: Any) -> Any:
    told = {
        "event": event,
        "timestamp": 1764000000.5,
        "id": "x",
        "recipient": DALIA,
        "message": {"headers": {"message-id": "p-1", "to": DALIA}},
        **data,
    }
    return post(address(world, HookProvider.MAILGUN), {"signature": signature(), "event-data": told})


def test_mailgun_reports_what_became_of_a_message(world: World, sent: Delivery) -> None:
    status = {"message": "452 later", "code": 452}
    answer = mailgun_report(world, "failed", severity="temporary", **{"delivery-status": status})
    assert answer.status_code == 200
    assert state(sent) == ("deferred", "452 later")
    assert mailgun_report(world, "complained").status_code == 200
    status = {"message": "550 5.1.1 user unknown", "code": 550}
    mailgun_report(world, "failed", severity="permanent", **{"delivery-status": status})
    assert state(sent) == ("bounced", "550 5.1.1 user unknown")


def test_a_forged_mail_that_is_posted_fails_once_it_is_said_who_checks_senders(world: World) -> None:
    stamp = b"Authentication-Results: mxa.mailgun.example; dmarc=fail header.from=example.org\r\n"
    where = address(world, HookProvider.MAILGUN)
    hook = MailHook.objects.get()
    told = {**signature(), "recipient": "help@linden.example", "sender": DALIA}

    def posted(number: int) -> Message:
        raw = RAW.replace(b"Message-ID: <", f"Message-ID: <n{number}.".encode())
        assert form(f"{where}mime", {**told, "body-mime": stamp + raw}).status_code == 200
        world.settle()
        return Message.objects.filter(direction=Direction.IN).order_by("-pk")[0]

    assert posted(1).confidence == Confidence.UNKNOWN
    answer = world.chen.post(f"{HERE}{hook.pk}/", {"checked_by": "mxa.mailgun.example"})
    assert answer.status_code == 303
    assert 'value="mxa.mailgun.example"' in world.chen.get(HERE).content.decode()
    assert posted(2).confidence == Confidence.FAILED
    assert world.chen.post(f"{HERE}{hook.pk}/", {"checked_by": "mx;x"}).status_code == 422


def sendgrid_event(event: str, **told: Any) -> list[dict[str, Any]]:
    return [
        {
            "email": DALIA,
            "event": "processed",
            "timestamp": 1764000000,
            "anymail_id": "p-1",
            "sg_event_id": "e0",
        },
        {
            "email": DALIA,
            "event": event,
            "timestamp": 1764000001,
            "anymail_id": "p-1",
            "sg_event_id": "e1",
            **told,
        },
    ]


def brevo_event(event: str, **told: Any) -> dict[str, Any]:
    return {"event": event, "email": DALIA, "message-id": "<p-1>", "ts_epoch": 1764000001000, "id": 7, **told}


def mailjet_event(event: str, **told: Any) -> list[dict[str, Any]]:
    return [{"event": event, "email": DALIA, "time": 1764000001, "MessageID": "p-1", "Payload": "{}", **told}]


def sparkpost_event(kind: str, **told: Any) -> list[dict[str, Any]]:
    event = {"type": kind, "raw_rcpt_to": DALIA, "transmission_id": "p-1", "timestamp": "1764000001", **told}
    return [{"msys": {}}, {"msys": {"message_event": event}}]


GONE = "550 5.1.1 user unknown"
REPORTS = {
    HookProvider.SENDGRID: (
        sendgrid_event("deferred", response="452 later"),
        sendgrid_event("bounce", reason=GONE, type="bounce"),
        sendgrid_event("spamreport"),
        sendgrid_event("open", useragent="x"),
    ),
    HookProvider.BREVO: (
        brevo_event("deferred", reason="452 later"),
        brevo_event("hard_bounce", reason=GONE),
        brevo_event("spam"),
        brevo_event("opened"),
    ),
    HookProvider.MAILJET: (
        None,  # it does not tell that a mail waits
        mailjet_event(
            "bounce", error="user unknown", error_related_to="recipient", comment=GONE, smtp_reply=GONE
        ),
        mailjet_event("spam", source="JMRPP"),
        mailjet_event("open", ip="192.0.2.1"),
    ),
    HookProvider.SPARKPOST: (
        sparkpost_event("delay", raw_reason="452 later"),
        sparkpost_event("bounce", raw_reason=GONE, bounce_class="10"),
        sparkpost_event("spam_complaint"),
        sparkpost_event("injection"),
    ),
}


@pytest.mark.parametrize("provider", list(REPORTS))
def test_what_further_providers_report_is_taken_note_of(
    world: World, sent: Delivery, provider: HookProvider
) -> None:
    where = address(world, provider)
    later, bounced, complained, opened = REPORTS[provider]
    if later is not None:
        assert post(where, later).status_code == 200
        assert state(sent) == ("deferred", "452 later")
    before = state(sent)
    assert post(where, opened).status_code == 200
    assert state(sent) == before
    for _ in range(2):
        assert post(where, bounced).status_code == 200
    assert state(sent) == ("bounced", GONE)
    assert suppressed_among([DALIA]) == {DALIA: SuppressReason.NO_MAILBOX}
    assert post(where, complained).status_code == 200


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        (HookProvider.SENDGRID, sendgrid_event("delivered", response="250 OK")),
        (HookProvider.BREVO, brevo_event("delivered")),
        (HookProvider.MAILJET, mailjet_event("sent", smtp_reply="250 OK")),
        (HookProvider.SPARKPOST, sparkpost_event("delivery")),
    ],
)
def test_what_arrived_is_reported_too(
    world: World, sent: Delivery, provider: HookProvider, told: Any
) -> None:
    assert post(address(world, provider), told).status_code == 200
    assert DALIA in Delivery.objects.get(pk=sent.pk).delivered


@pytest.mark.parametrize("provider", sorted(REPORTS_ONLY))
def test_who_only_reports_takes_no_mail_and_is_shown_one_address(
    world: World, provider: HookProvider
) -> None:
    where = address(world, provider)
    answer = form(where, {"email": RAW})
    assert answer.status_code == 406
    assert not Receipt.objects.exists()
    html = world.chen.get(HERE).content.decode()
    assert where in html
    assert "Post mail to" not in html
    health = world.chen.get("/settings/mail-health/").content.decode()
    assert "posts its mail here" not in health


def test_a_report_through_the_hook_of_another_brand_changes_nothing(world: World, sent: Delivery) -> None:
    kestrel = world.kestrel.inbox_set.first()
    assert kestrel is not None
    hook = add_mail_hook(kestrel, provider=HookProvider.POSTMARK, signing_key="", by=SYSTEM)
    told = postmark_report(RecordType="Bounce", Type="HardBounce", Email=DALIA, Details="550", ID=2)
    assert post(f"/hooks/mail/postmark/{unseal(hook.token)}/", told).status_code == 200
    assert state(sent)[0] == "sent"
    assert post(address(world, HookProvider.POSTMARK), told).status_code == 200
    assert state(sent)[0] == "bounced"


def test_an_admin_makes_a_hook_changes_its_key_and_removes_it(world: World) -> None:
    assert "No provider posts mail here yet." in world.chen.get(HERE).content.decode()
    told = {"inbox": str(world.help.pk), "provider": "mailgun", "signing_key": KEY}
    assert world.chen.post(HERE, told).status_code == 303
    html = world.chen.get(HERE).content.decode()
    [shown] = re.findall(r"<code>\S+?(/hooks/mail/mailgun/\S+/mime)</code>", html)
    assert KEY not in html
    assert form(shown, {**signature(), "body-mime": RAW}).status_code == 200
    again = world.chen.post(HERE, told)
    assert again.status_code == 422
    assert "This provider posts mail of this inbox already." in again.content.decode()
    number = MailHook.objects.get().pk
    assert world.chen.post(f"{HERE}{number}/", {"signing_key": ""}).status_code == 422
    assert world.chen.post(f"{HERE}{number}/", {"signing_key": "key-2"}).status_code == 303
    assert form(shown, {**signature(), "body-mime": RAW}).status_code == 403
    assert world.chen.post(f"{HERE}{number}/", {"remove": "1"}).status_code == 303
    assert form(shown, {**signature("key-2"), "body-mime": RAW}).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"inbox": "x"}, {"provider": "pigeon"}, {"signing_key": "k"}, {"provider": "mailgun"}]
)
def test_a_form_that_is_wrong_comes_back_and_makes_nothing(world: World, wrong: dict[str, str]) -> None:
    answer = world.chen.post(HERE, {"inbox": str(world.help.pk), "provider": "postmark", **wrong})
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not MailHook.objects.exists()


def test_the_page_asks_few_queries(world: World) -> None:
    address(world, HookProvider.POSTMARK)
    address(world, HookProvider.MAILGUN)
    world.chen.get(HERE)
    with assert_queries(at_most=12):
        world.chen.get(HERE)


def test_who_checks_senders_is_kept_as_typed_when_it_can_not_be_used(world: World) -> None:
    hook = add_mail_hook(world.help, provider=HookProvider.POSTMARK, signing_key="", by=SYSTEM)
    answer = world.chen.post(f"{HERE}{hook.pk}/", {"checked_by": "two words <x>"})
    assert answer.status_code == 422
    assert 'value="two words &lt;x&gt;"' in answer.content.decode()
