"""Due work of watching: look whether mail works, and tell leads and admins by a mail of its own, once and once again.

The mail goes directly, not as a message: what sends messages may be what is broken. Nobody's bounce comes back for it,
and automatic answers are asked not to: an alarm never causes another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.db.models import Q

from heed.brands.models import Inbox
from heed.channels.email.compose import Outgoing, Person
from heed.connecting.actions.outages import WATCH, claim_watch, note_outages, note_told, put_off_telling
from heed.connecting.alarm_words import body_of, subject_of
from heed.connecting.models import Outage, Watch
from heed.connecting.outages import OutageKind, troubles
from heed.delivery.mail import Built, provider_mail
from heed.delivery.servers import Server, WrongServer, way_out
from heed.eventlog.due import ClaimLost
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.outbound import ProviderSession, SmtpOutcome, SmtpResult, SmtpUrl, smtp_send
from heed.kernel.permissions import Permission
from heed.mailboxes.tokens import sending_tokens
from heed.people.models import Agent, TeamMember
from heed.people.policy import SYSTEM
from heed.people.queries import holding

SERVERS_TRIED = 3
SECONDS = 15.0
AT_ONCE = 5  # mails in one look
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "Precedence": "bulk"}


def step() -> int:
    """Look, when it is time; how many looks that were. Mails that are to be told leave afterwards."""
    if not Watch.objects.filter(pk=WATCH).exists():
        Watch.objects.bulk_create(
            [Watch(pk=WATCH, due_at=clock.now())], ignore_conflicts=True
        )  # two may be first
    watch = claim_watch(by=SYSTEM)
    if watch is None:
        return 0
    try:
        note_outages(watch, troubles=troubles(reader_moved_at=watch.moved_at), by=SYSTEM)
    except ClaimLost:
        return 0
    _tell()
    return 1


def waiting() -> int:
    """A look that is due is no work that waits: what it would find does."""
    return 0


def _tell() -> None:
    now = clock.now()
    rows = Outage.objects.filter(tell_at__lte=now).select_related("inbox", "brand").order_by("tell_at", "pk")
    for outage in rows[:AT_ONCE]:
        if _told_today() >= config.alarm_mails_a_day:
            return  # pages say it all the same, and tomorrow is another day
        told = {language: _send(outage, people, language) for language, people in recipients(outage).items()}
        if any(told.values()):
            note_told(outage, by=SYSTEM)
        else:
            put_off_telling(outage, by=SYSTEM)


def _told_today() -> int:
    since = clock.now() - timedelta(days=1)
    told = Outage.objects.filter(told_at__gt=since).count()
    return told + Outage.objects.filter(told_end_at__gt=since).count()


def recipients(outage: Outage) -> dict[str, list[str]]:
    """By language the addresses of those who set up mail, and of those who run its brand; of all, if of the desk."""
    active = Agent.objects.filter(is_active=True)
    admins = active.filter(holding(Permission.SET_UP_MAIL))
    leads = active.filter(holding(Permission.RUN_DESK)).exclude(pk__in=admins)
    if outage.brand_id is not None:
        led = TeamMember.objects.filter(team__brand_id=outage.brand_id).values("agent_id")
        leads = leads.filter(holding(Permission.SEE_ALL) | Q(pk__in=led))
    found: dict[str, list[str]] = {}
    for email, language in sorted(
        {(agent.email, agent.language or settings.LANGUAGE_CODE) for agent in (*admins, *leads)}
    ):
        found.setdefault(language, []).append(email)
    return found


def _send(outage: Outage, people: Sequence[str], language: str) -> bool:
    for inbox, server in _ways_out(outage):
        outgoing = _outgoing(outage, inbox, people, language)
        if _leave(outgoing, inbox, server, people).recipients(SmtpResult.ACCEPTED):
            return True
    return False


def _leave(outgoing: Outgoing, inbox: Inbox, server: Server, people: Sequence[str]) -> SmtpOutcome:
    if isinstance(server, SmtpUrl):
        tokens = sending_tokens(inbox, server.user or "")
        raw = _raw(outgoing)
        return smtp_send(
            raw, sender="", recipients=people, url=server, timeout_seconds=SECONDS, tokens=tokens
        )
    # A provider wants an address that failures come back to; its own takes them in.
    mail, written = provider_mail(Built(b"", inbox.address, _domain(inbox), outgoing), people)
    with ProviderSession(server, timeout_seconds=SECONDS) as session:
        return session.send(replace(mail, headers={**mail.headers, **AUTOMATIC}), recipients=written)


def _ways_out(outage: Outage) -> Iterator[tuple[Inbox, Server]]:
    """Inboxes whose server or provider works as far as we know, those of the same brand first; each once."""
    broken = Outage.objects.filter(kind=OutageKind.SENDING, ended_at__isnull=True).values("inbox_id")
    inboxes = sorted(
        Inbox.objects.exclude(pk__in=broken).order_by("pk"), key=lambda one: one.brand_id != outage.brand_id
    )
    seen: set[Server] = set()
    for inbox in inboxes:
        try:
            server = way_out(inbox)
        except WrongServer:
            continue
        if server is not None and server not in seen:
            seen.add(server)
            yield inbox, server
        if len(seen) == SERVERS_TRIED:
            return


def _outgoing(outage: Outage, inbox: Inbox, people: Sequence[str], language: str) -> Outgoing:
    phase = "over" if outage.told_at is not None else "begun"
    return Outgoing(
        from_name="Heed",
        from_address=inbox.address,
        to=tuple(Person("", address) for address in people),
        subject=subject_of(outage, language=language),
        message_id=f"outage.{outage.pk}.{phase}.{language}@{_domain(inbox)}",
        date=clock.now(),
        text=body_of(outage, language=language, url=config.public_url),
    )


def _domain(inbox: Inbox) -> str:
    return inbox.address.rpartition("@")[2]


def _raw(outgoing: Outgoing) -> bytes:
    """In plain text, as a mail that may be read on a phone at night."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((outgoing.from_name, outgoing.from_address))
    mail["To"] = ", ".join(person.address for person in outgoing.to)
    mail["Subject"] = outgoing.subject
    mail["Date"] = format_datetime(outgoing.date)
    mail["Message-ID"] = f"<{outgoing.message_id}>"
    for name, value in AUTOMATIC.items():
        mail[name] = value
    mail.set_content(outgoing.text)
    return mail.as_bytes()


def looked_at() -> Watch | None:
    """The watch, as pages read it; None before the first look."""
    return Watch.objects.filter(pk=WATCH).first()
