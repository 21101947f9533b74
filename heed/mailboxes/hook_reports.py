"""What django-anymail knows of providers' webhooks: their signatures, and their reports in one form.

Its views are asked for that alone: they send signals, and here nothing does. Loaded with the first post.
"""

import warnings
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.utils.module_loading import import_string

from heed.kernel.errors import HeedError
from heed.kernel.mail_words import HookProvider, ReportedOutcome
from heed.mailboxes.hook_posts import Post, UnusablePost, fields_of, read_json

VIEWS: Final = {
    HookProvider.POSTMARK: "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    HookProvider.MAILGUN: "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    HookProvider.SENDGRID: "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
    HookProvider.BREVO: "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    HookProvider.MAILJET: "anymail.webhooks.mailjet.MailjetTrackingWebhookView",
    HookProvider.SPARKPOST: "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
}
OF_ONE: Final = frozenset({HookProvider.POSTMARK, HookProvider.MAILGUN})  # a post holds one report
OUTCOMES: Final = {  # by anymail's word; others, such as opened, are nothing that a desk acts on
    "delivered": ReportedOutcome.DELIVERED,
    "deferred": ReportedOutcome.DEFERRED,
    "bounced": ReportedOutcome.BOUNCED,
    "rejected": ReportedOutcome.BOUNCED,
    "failed": ReportedOutcome.BOUNCED,
    "complained": ReportedOutcome.COMPLAINED,
}
# What reading a payload of another shape than the documented one raises.
OTHER_SHAPE: Final = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


class WrongSignature(HeedError):
    """The provider's signature is missing, or made with another key."""

    code, status = "wrong_signature", 403


@dataclass(frozen=True, slots=True)
class Reported:
    """What a provider says of one recipient of a mail; ids are bare, without angle brackets."""

    outcome: ReportedOutcome
    message_id: str
    recipient: str
    words: str


@cache
def _view(provider: HookProvider) -> Any:
    """Its reader for a provider. The token in the address stands for the password that it would ask for."""
    return type("Reader", (import_string(VIEWS[provider]),), {"warn_if_no_basic_auth": False})


def check_signature(post: Post, *, key: str) -> None:
    """Do nothing when Mailgun signed this post with the key. Raises WrongSignature, and UnusablePost for no form."""
    fields = {} if post.is_json else fields_of(post)
    shown = {name: fields[name].decode("utf-8", "replace") for name in _SIGNED & fields.keys()}
    request = SimpleNamespace(
        content_type=post.kind, body=post.body if post.is_json else b"", POST=shown, META={}
    )
    try:
        _view(HookProvider.MAILGUN)(webhook_signing_key=key).run_validators(request)
    except (SuspiciousOperation, *OTHER_SHAPE):
        raise WrongSignature from None


_SIGNED: Final = frozenset({"token", "timestamp", "signature"})


def reported(provider: HookProvider, post: Post) -> list[Reported]:
    """What the post says of mail of ours; nothing for what a desk does not act on. Raises UnusablePost."""
    try:
        events = _events(provider, post)
    except (*OTHER_SHAPE, ImproperlyConfigured):
        raise UnusablePost("This is no report that the provider documents.") from None
    return [
        Reported(
            outcome=OUTCOMES[event.event_type],
            message_id=_tidy(event.message_id).strip("<>"),
            recipient=_tidy(event.recipient),
            words=_tidy(event.mta_response) or _tidy(event.description),
        )
        for event in events
        if event.event_type in OUTCOMES
    ]


def _events(provider: HookProvider, post: Post) -> list[Any]:
    """The post's reports in anymail's form. Raises whatever a payload of another shape makes it raise."""
    reader = _reader(provider)
    if provider in OF_ONE:
        return [reader.esp_to_anymail_event(read_json(post))]
    return list(reader.parse_events(SimpleNamespace(body=post.body)))


@cache
def _reader(provider: HookProvider) -> Any:
    options = {"webhook_signing_key": "unused"} if provider is HookProvider.MAILGUN else {}
    with warnings.catch_warnings():  # that it no longer tries SendGrid itself; our tests do
        warnings.simplefilter("ignore")
        return _view(provider)(**options)


def _tidy(given: object) -> str:
    return " ".join(given.replace("\0", "").split()) if isinstance(given, str) else ""
