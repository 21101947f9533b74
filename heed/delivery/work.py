"""Due work of delivery: claim messages durably, send them, many over one connection, and report each at once.

What dies between a server's 250 and our report sends the same Message-ID again. Nothing else does.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from time import monotonic, sleep
from typing import Any

from django.db import IntegrityError, OperationalError

from heed.brands.models import Inbox
from heed.delivery.actions import (
    Attempt,
    Kept,
    Refusal,
    catch,
    claim,
    give_back,
    park,
    recipients_of,
    remaining,
    settle,
    take_turn,
)
from heed.delivery.actions.setup import note_server_bytes
from heed.delivery.dkim import Signer
from heed.delivery.mail import Built, build, is_kept_out
from heed.delivery.models import Delivery
from heed.delivery.queries import signers as read_signers
from heed.delivery.servers import (
    Health,
    Server,
    Servers,
    Session,
    TokensOf,
    WrongServer,
    hand_over,
    key_of_server,
    limits_of,
    open_session,
    way_out,
)
from heed.eventlog import due
from heed.eventlog.reader import describe
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.kernel.outbound import (
    ProviderAccess,
    ProviderSession,
    SmtpAnswer,
    SmtpOutcome,
    SmtpResult,
    SmtpSession,
)
from heed.kernel.words import Automatic, ParkReason
from heed.people.policy import SYSTEM

BATCH = 20
STEP_SECONDS = 10.0  # so that a worker's other work goes on; what is left is given back
SERVER_SECONDS = 5.0  # of one step for one server
SLOW_PAUSE = timedelta(seconds=30)
TRIES_TO_REPORT = 5

log = logging.getLogger(__name__)
servers = Servers()


@dataclass(slots=True)
class Signing:
    """The keys that this process signs with, read once a step."""

    signers: Mapping[str, Signer] = field(default_factory=dict)

    def refresh(self) -> None:
        """See keys as they stand now; one query."""
        self.signers = read_signers()

    def signed(self, mail: Built) -> Built:
        """The mail with its signature, where its domain has a key that may sign."""
        signer = self.signers.get(mail.domain)
        if signer is None:
            return mail
        try:
            return replace(mail, raw=signer.sign(mail.raw))
        except Exception as error:  # border: mail without a signature is better than none at all
            log.error("mail of %s leaves unsigned: %s", mail.domain, describe(error))
            return mail


signing = Signing()


def step(tokens_of: TokensOf | None = None) -> int:
    """Deliver the next messages that are due; how many were taken on. tokens_of: where a provider lets us in."""
    earliest = due.next_due(Delivery)
    if earliest is None or earliest > clock.now():
        return 0
    signing.refresh()
    ends = monotonic() + min(STEP_SECONDS, config.lease_seconds / 2)
    claimed = claim(limit=BATCH, by=SYSTEM)
    for server, deliveries in _by_server(claimed).items():
        if server is None:
            for delivery in deliveries:
                if _may_leave(delivery, server):
                    _catch(delivery)
        else:
            inbox = deliveries[0].message.conversation.inbox
            opening = partial(open_session, server, inbox=inbox, tokens_of=tokens_of)
            _deliver(server, deliveries, opening=opening, ends=min(ends, monotonic() + SERVER_SECONDS))
    return len(claimed)


def waiting() -> int:
    """How many messages are due to be sent."""
    return due.waiting(Delivery)


def _by_server(claimed: Sequence[Delivery]) -> dict[Server | None, list[Delivery]]:
    """Group by server, people's answers before automatic mail; what workers may have died over comes last."""
    groups: dict[Server | None, list[Delivery]] = {}
    for delivery in sorted(claimed, key=_order):
        try:
            server = way_out(delivery.message.conversation.inbox)
        except WrongServer as error:
            _report_later(delivery, Refusal(None, str(error)))
        else:
            groups.setdefault(server, []).append(delivery)
    return groups


def _order(delivery: Delivery) -> tuple[int, bool]:
    return delivery.attempts - delivery.failures, delivery.message.automatic != Automatic.NO


def _may_leave(delivery: Delivery, server: Server | None) -> bool:
    """Whether the send limits allow it now; if not, it is due again when they do."""
    limits = limits_of(delivery.message.conversation.inbox)
    if not limits.windows:
        return True
    try:
        return take_turn(delivery, server=key_of_server(server), limits=limits, by=SYSTEM)
    except due.ClaimLost:
        return False


def _deliver(
    server: Server, deliveries: Sequence[Delivery], *, opening: Callable[..., Session], ends: float
) -> None:
    """Send over as few connections as possible, until all are sent, time is up, or the server is in trouble."""
    health = servers.health(server)
    left = iter(deliveries)
    while not health.rests and monotonic() < ends:
        with opening(timeout_seconds=health.patience_seconds()) as session:
            if not _over_one_connection(session, server, left, ends):
                return
    if health.rests:
        for delivery in left:
            _report_later(delivery, Refusal(health.code, health.words))
    elif unsent := list(left):  # behind all that is due by now; a slow server that answers needs no pause
        pause = SLOW_PAUSE if health.troubles else timedelta()
        give_back(unsent, due_at=clock.now() + pause, by=SYSTEM)


def _over_one_connection(session: Session, server: Server, left: Iterator[Delivery], ends: float) -> bool:
    """Send until the connection or the time is lost; True: there may be more to send."""
    health = servers.health(server)
    while monotonic() < ends:
        delivery = next(left, None)
        if delivery is None:
            return False
        if not _send(session, server, health, delivery):
            return True
    return True


def _send(session: Session, server: Server, health: Health, delivery: Delivery) -> bool:
    """Send one and report it; False when the connection was lost over it."""
    if not _may_leave(delivery, server):
        return True
    mail = _built(delivery)
    if mail is None:
        return True
    recipients = remaining(delivery, delivery.message)
    outcome = hand_over(session, mail, recipients)
    lost = _connection_trouble(outcome)
    if lost is None:
        health.well()
    else:
        health.trouble(lost.code, lost.text)
        log.warning("trouble with a mail server, %d in a row: %s", health.troubles, lost.code or "no answer")
    attempt = _attempt(outcome)
    if attempt.accepted:
        attempt = replace(attempt, raw=_kept(delivery, mail))
    if isinstance(session, ProviderSession) and session.provider_id:
        attempt = replace(attempt, **_names(session.provider_id, server))
    _report(delivery, attempt)
    if isinstance(session, SmtpSession):
        _note_size(session, delivery.message.conversation.inbox)
    return lost is None


def _note_size(session: SmtpSession, inbox: Inbox) -> None:
    """Write down what the server says it takes, when that is news: the composer warns by it."""
    told = session.size_limit
    if told is not None and told != servers.sizes.get(inbox.pk, inbox.server_bytes):
        note_server_bytes(inbox, server_bytes=told, by=SYSTEM)
        servers.sizes[inbox.pk] = told


def _names(provider_id: str, server: Server) -> dict[str, Any]:
    """What a provider calls a mail, and the Message-ID that it may have put in place of ours."""
    own = server.provider.own_id_domain if isinstance(server, ProviderAccess) else ""
    other = provider_id if "@" in provider_id else f"{provider_id}@{own}" if own else ""
    return {"provider_id": provider_id, "other_ids": (other,) if other else ()}


def _connection_trouble(outcome: SmtpOutcome) -> SmtpAnswer | None:
    """The answer that shows that it is the server, not the mail: no answer at all, 421, or a refused log-in."""
    for answer in outcome.answers.values():
        if answer.result is SmtpResult.TEMPORARY and (
            answer.code is None or answer.code in (401, 403, 421, 429) or answer.code >= 500
        ):
            return answer
    return None


def _attempt(outcome: SmtpOutcome) -> Attempt:
    def those(result: SmtpResult) -> dict[str, Refusal]:
        answers = ((to, outcome.answers[to]) for to in outcome.recipients(result))
        return {to: Refusal(answer.code, answer.text) for to, answer in answers}

    return Attempt(
        accepted=outcome.recipients(SmtpResult.ACCEPTED),
        refused=those(SmtpResult.PERMANENT),
        later=those(SmtpResult.TEMPORARY),
    )


def _built(delivery: Delivery) -> Built | None:
    """The mail; None when there is none to send, which is on record then."""
    if not recipients_of(delivery.message):
        _park(delivery, "no recipient")
        return None
    try:
        mail = build(delivery)
        if delivery.raw_sha256 and not is_kept_out(delivery.message):  # somebody has it already
            return replace(mail, raw=blobs.read(delivery.raw_sha256))
        return signing.signed(mail)
    except OSError as error:  # blob storage away
        _report_later(delivery, Refusal(None, describe(error)))
    except HeedError as error:  # what it says has no values in it
        _park(delivery, str(error) or error.code)
    except Exception as error:  # border: one mail never holds up the others
        _park(delivery, describe(error))
    return None


def _kept(delivery: Delivery, mail: Built) -> Kept | None:
    """Keep the bytes that left. None where that fails: a mail is not sent again because a disk is full."""
    if delivery.raw_sha256:
        return None
    try:
        return Kept(blobs.put(mail.raw), len(mail.raw))
    except OSError as error:
        log.error("message %s left, and its bytes can't be kept: %s", delivery.pk, describe(error))
        return None


def _catch(delivery: Delivery) -> None:
    mail = _built(delivery)
    if mail is not None:
        recipients = remaining(delivery, delivery.message)
        kept = _kept(delivery, mail)
        _tell(
            lambda: catch(
                delivery, raw=mail.raw, kept=kept, sender=mail.sender, recipients=recipients, by=SYSTEM
            )
        )


def _report(delivery: Delivery, attempt: Attempt) -> None:
    _tell(lambda: settle(delivery, attempt=attempt, by=SYSTEM))


def _park(delivery: Delivery, words: str) -> None:
    log.error("message %s can't be sent: %s", delivery.pk, words)
    _tell(lambda: park(delivery, reason=ParkReason.FAILED, words=words, by=SYSTEM))


def _report_later(delivery: Delivery, why: Refusal) -> None:
    nobody = Attempt(later=dict.fromkeys(remaining(delivery, delivery.message), why))
    _report(delivery, nobody)


def _tell(report: Callable[[], object]) -> None:
    """Put what became of a mail on record, trying hard: a report that is lost sends the mail once more."""
    for pause_seconds in (*[0.1 * 2**n for n in range(TRIES_TO_REPORT - 1)], None):
        try:
            report()
            return
        except due.ClaimLost:
            log.warning("a delivery took longer than its claim; another worker has it")
            return
        except (OperationalError, IntegrityError):
            # A deadlock, a database that is away for a moment, or the same bytes kept by somebody else meanwhile.
            if pause_seconds is None:
                raise
            sleep(pause_seconds)
