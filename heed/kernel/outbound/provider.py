"""Sending mail through a provider's API (django-anymail), told by recipient as SMTP tells it.

Anymail and requests are imported by dotted path when the first mail leaves through a provider: a desk that has none
never loads them.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.mime.image import MIMEImage
from types import TracebackType
from typing import Any, Final, Self

from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from heed.kernel.outbound.guard import require_allowed
from heed.kernel.outbound.smtp import SmtpAnswer, SmtpOutcome, SmtpResult

_TEXT_CHARS: Final = 200
_TAKEN: Final = frozenset({"sent", "queued", "unknown"})
_BUSY: Final = frozenset(
    {401, 402, 403, 404, 408, 409, 425, 429}
)  # the account or the service, not this mail


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: its name, where its backend is, what has to be given, and how it treats Message-IDs."""

    name: str
    backend: str
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ("api_url",)
    own_id_domain: str = ""  # of the Message-ID it makes from its own id, where it replaces ours
    headers: tuple[tuple[str, str], ...] = ()  # that make it keep ours
    idempotency: str = ""  # the HTTP header that makes a request count once


PROVIDERS: Final[Mapping[str, Provider]] = {
    "brevo": Provider("Brevo", "anymail.backends.brevo.EmailBackend", ("api_key",)),
    "mailersend": Provider("MailerSend", "anymail.backends.mailersend.EmailBackend", ("api_token",)),
    "mailgun": Provider(
        "Mailgun", "anymail.backends.mailgun.EmailBackend", ("api_key",), ("api_url", "sender_domain")
    ),
    "mailjet": Provider("Mailjet", "anymail.backends.mailjet.EmailBackend", ("api_key", "secret_key")),
    "mandrill": Provider("Mandrill", "anymail.backends.mandrill.EmailBackend", ("api_key",)),
    "postal": Provider("Postal", "anymail.backends.postal.EmailBackend", ("api_key", "api_url"), ()),
    "postmark": Provider(
        "Postmark",
        "anymail.backends.postmark.EmailBackend",
        ("server_token",),
        ("api_url", "message_stream"),
        own_id_domain="mtasv.net",
        headers=(("X-PM-KeepID", "true"),),
    ),
    "resend": Provider(
        "Resend", "anymail.backends.resend.EmailBackend", ("api_key",), idempotency="Idempotency-Key"
    ),
    "scaleway": Provider(
        "Scaleway",
        "anymail.backends.scaleway.EmailBackend",
        ("secret_key", "project_id"),
        ("api_url", "region"),
    ),
    "sendgrid": Provider("SendGrid", "anymail.backends.sendgrid.EmailBackend", ("api_key",)),
    "ses": Provider(  # needs boto3, which a desk installs by itself
        "Amazon SES",
        "anymail.backends.amazon_ses.EmailBackend",
        ("aws_access_key_id", "aws_secret_access_key", "region_name"),
        (),
        own_id_domain="email.amazonses.com",
    ),
    "sparkpost": Provider("SparkPost", "anymail.backends.sparkpost.EmailBackend", ("api_key",)),
}


@dataclass(frozen=True, slots=True)
class ProviderAccess:
    """A provider with what it has to be told, such as an API key. Its repr holds none of it."""

    code: str
    options: tuple[tuple[str, str], ...] = field(repr=False)

    @classmethod
    def read(cls, code: str, options: Mapping[str, str]) -> Self:
        """Check what was given. Raises ValueError, whose text names an option and holds no value."""
        known = PROVIDERS.get(code)
        if known is None:
            raise ValueError("provider")
        given = {name: value.strip() for name, value in options.items() if value.strip()}
        for name in known.needs:
            if name not in given:
                raise ValueError(name)
        for name in given:
            if name not in (*known.needs, *known.takes):
                raise ValueError(name)
        if not given.get("api_url", "https://").startswith(("https://", "http://127.0.0.1:")):
            raise ValueError("api_url")
        return cls(code, tuple(sorted(given.items())))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The access that `as_text` wrote. Raises ValueError."""
        code, options = json.loads(text)
        return cls.read(code, options)

    def as_text(self) -> str:
        """All of it, to be sealed."""
        return json.dumps([self.code, dict(self.options)])

    @property
    def provider(self) -> Provider:
        """What is known of the provider."""
        return PROVIDERS[self.code]


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """A file that goes along."""

    name: str
    content: bytes
    content_type: str
    content_id: str = ""  # of an image that stands in the HTML


@dataclass(frozen=True, slots=True)
class ProviderMail:
    """A mail as providers take it: its parts, not its bytes. Address lines are ready to be written."""

    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    reply_to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    files: tuple[ProviderFile, ...]
    envelope: str
    message_id: str  # ours, without angle brackets; sent along as metadata `heed`, for reports


class ProviderSession:
    """Sends mails over one HTTP session. timeout_seconds holds for each request."""

    def __init__(self, access: ProviderAccess, *, timeout_seconds: float) -> None:
        self._access = access
        self._timeout_seconds = timeout_seconds
        self._backend: Any = None
        self.provider_id = ""  # what the provider called the mail that was sent last

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._backend is not None:
            self._backend.close()
            self._backend = None

    def send(self, mail: ProviderMail, *, recipients: Mapping[str, str]) -> SmtpOutcome:
        """Send one mail; `recipients` says how each address of ours is written. Raises OutboundInsideTransaction.

        No answer, a busy service or a refused key is TEMPORARY. Without an idempotency key of the provider's, an answer
        that was lost can make the same mail arrive twice, with the same Message-ID.
        """
        require_allowed()
        self.provider_id = ""
        try:
            message = self._send(mail)
        except OSError as error:  # requests' errors are: no connection, or it was lost
            return _all(recipients, SmtpAnswer(SmtpResult.TEMPORARY, None, type(error).__name__))
        except import_string("anymail.exceptions.AnymailError") as error:
            status = getattr(error, "anymail_status", None) or getattr(
                error.email_message, "anymail_status", None
            )
            if error.status_code is None and status is not None and status.recipients:
                return self._outcome(status, recipients)
            return _all(recipients, _answer_of(error))
        return self._outcome(message.anymail_status, recipients)

    def _send(self, mail: ProviderMail) -> Any:
        backend = self._connected()
        provider = self._access.provider
        message = _message(mail, provider)
        if provider.idempotency and getattr(backend, "session", None) is not None:
            backend.session.headers[provider.idempotency] = mail.message_id
        backend.send_messages([message])
        return message

    def _connected(self) -> Any:
        if self._backend is None:
            options: dict[str, Any] = dict(self._access.options)
            if self._access.code == "ses":
                options = {"client_params": options}
            else:
                options["timeout"] = self._timeout_seconds
            self._backend = import_string(self._access.provider.backend)(
                ignore_unsupported_features=True, **options
            )
            self._backend.open()
        return self._backend

    def _outcome(self, status: Any, recipients: Mapping[str, str]) -> SmtpOutcome:
        by_address = {address.casefold(): one for address, one in status.recipients.items()}
        ids = [one.message_id for one in status.recipients.values() if one.message_id]
        self.provider_id = str(ids[0]).strip("<>") if ids else ""
        answers = {}
        for address, written in recipients.items():
            one = by_address.get(written.casefold())
            said = "unknown" if one is None else str(one.status)
            kind = SmtpResult.ACCEPTED if said in _TAKEN else SmtpResult.PERMANENT
            answers[address] = SmtpAnswer(kind, None, f"{self._access.code}: {said}")
        return SmtpOutcome(answers)


def _inline(file: ProviderFile) -> MIMEImage:
    image = MIMEImage(file.content, file.content_type.partition("/")[2])
    image.add_header("Content-Disposition", "inline", filename=file.name)
    image.add_header("Content-ID", f"<{file.content_id}>")
    return image


def _message(mail: ProviderMail, provider: Provider) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=mail.sender,
        to=list(mail.to),
        cc=list(mail.cc),
        bcc=list(mail.bcc),
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={**mail.headers, **dict(provider.headers)},
    )
    message.attach_alternative(mail.html, "text/html")
    for file in mail.files:
        if file.content_id:
            message.attach(_inline(file))
        else:
            message.attach(file.name, file.content, file.content_type)
    extras = {
        "envelope_sender": mail.envelope,
        "metadata": {"heed": mail.message_id},
        "track_opens": False,  # nobody is watched while reading
        "track_clicks": False,
    }
    for name, value in extras.items():
        setattr(message, name, value)
    return message


def _answer_of(error: Any) -> SmtpAnswer:
    """What a provider's refusal of a whole request means: its own trouble, or this mail for good."""
    code = error.status_code
    words = ""
    with suppress(Exception):
        words = str(error.response.json().get("message") or error.response.json().get("Message") or "")
    is_temporary = code is None or code >= 500 or code in _BUSY
    kind = SmtpResult.TEMPORARY if is_temporary else SmtpResult.PERMANENT
    return SmtpAnswer(kind, code, " ".join(words.split())[:_TEXT_CHARS] or type(error).__name__)


def _all(recipients: Mapping[str, str], answer: SmtpAnswer) -> SmtpOutcome:
    return SmtpOutcome(dict.fromkeys(recipients, answer))
