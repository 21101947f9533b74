"""Due work of delivery: claim messages durably, send them, many over one connection, and report each at once.

What dies between a server's 250 and our report sends the same Message-ID again. Nothing else does.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from time import monotonic, sleep

from django.db import OperationalError

from heed.delivery.actions import (
    Attempt,
    Refusal,
    catch,
    claim,
    give_back,
    park,
    recipients_of,
    remaining,
    settle,
)
from heed.delivery.mail import Built, build
from heed.delivery.models import Delivery
from heed.delivery.servers import Health, Servers, WrongServer, server_of
from heed.eventlog import due
from heed.eventlog.reader import describe
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.kernel.outbound import SmtpAnswer, SmtpOutcome, SmtpResult, SmtpSession, SmtpUrl
from heed.kernel.words import ParkReason
from heed.people.policy import SYSTEM

BATCH = 20
STEP_SECONDS = 10.0  # so that a worker's other work goes on; what is left is given back
SERVER_SECONDS = 5.0  # of one step for one server
SLOW_PAUSE = timedelta(seconds=30)
TRIES_TO_REPORT = 5

log = logging.getLogger(__name__)
servers = Servers()


def step() -> int:
    """Deliver the next messages that are due; how many were taken on."""
    earliest = due.next_due(Delivery)
    if earliest is None or earliest > clock.now():
        return 0
    ends = monotonic() + min(STEP_SECONDS, config.lease_seconds / 2)
    claimed = claim(limit=BATCH, by=SYSTEM)
    for server, deliveries in _by_server(claimed).items():
        if server is None:
            for delivery in deliveries:
                _catch(delivery)
        else:
            _deliver(server, deliveries, ends=min(ends, monotonic() + SERVER_SECONDS))
    return len(claimed)


def waiting() -> int:
    """How many messages are due to be sent."""
    return due.waiting(Delivery)


def _by_server(claimed: Sequence[Delivery]) -> dict[SmtpUrl | None, list[Delivery]]:
    """Group by server; what workers may have died over comes last, so that it holds up nobody."""
    groups: dict[SmtpUrl | None, list[Delivery]] = {}
    for delivery in sorted(claimed, key=lambda d: d.attempts - d.failures):
        try:
            server = server_of(delivery.message.conversation.inbox)
        except WrongServer as error:
            _report_later(delivery, Refusal(None, str(error)))
        else:
            groups.setdefault(server, []).append(delivery)
    return groups


def _deliver(server: SmtpUrl, deliveries: Sequence[Delivery], *, ends: float) -> None:
    """Send over as few connections as possible, until all are sent, time is up, or the server is in trouble."""
    health = servers.health(server)
    left = iter(deliveries)
    while not health.rests and monotonic() < ends:
        if not _over_one_connection(server, health, left, ends):
            return
    if health.rests:
        for delivery in left:
            _report_later(delivery, Refusal(health.code, health.words))
    elif unsent := list(left):  # behind all that is due by now; a slow server that answers needs no pause
        pause = SLOW_PAUSE if health.troubles else timedelta()
        give_back(unsent, due_at=clock.now() + pause, by=SYSTEM)


def _over_one_connection(server: SmtpUrl, health: Health, left: Iterator[Delivery], ends: float) -> bool:
    """Send until the connection or the time is lost; True: there may be more to send."""
    with SmtpSession(server, timeout_seconds=health.patience_seconds()) as session:
        while monotonic() < ends:
            delivery = next(left, None)
            if delivery is None:
                return False
            if not _send(session, health, delivery):
                return True
    return True


def _send(session: SmtpSession, health: Health, delivery: Delivery) -> bool:
    """Send one and report it; False when the connection was lost over it."""
    mail = _built(delivery)
    if mail is None:
        return True
    recipients = remaining(delivery, delivery.message)
    outcome = session.send(mail.raw, sender=mail.sender, recipients=recipients)
    lost = _connection_trouble(outcome)
    if lost is None:
        health.well()
    else:
        health.trouble(lost.code, lost.text)
        log.warning("trouble with a mail server, %d in a row: %s", health.troubles, lost.code or "no answer")
    _report(delivery, _attempt(outcome))
    return lost is None


def _connection_trouble(outcome: SmtpOutcome) -> SmtpAnswer | None:
    """The answer that shows that it is the server, not the mail: no answer at all, 421, or a refused log-in."""
    for answer in outcome.answers.values():
        if answer.result is SmtpResult.TEMPORARY and (
            answer.code is None or answer.code == 421 or answer.code >= 500
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
        return build(delivery)
    except OSError as error:  # blob storage away
        _report_later(delivery, Refusal(None, describe(error)))
    except HeedError as error:  # what it says has no values in it
        _park(delivery, str(error) or error.code)
    except Exception as error:  # border: one mail never holds up the others
        _park(delivery, describe(error))
    return None


def _catch(delivery: Delivery) -> None:
    mail = _built(delivery)
    if mail is not None:
        recipients = remaining(delivery, delivery.message)
        _tell(lambda: catch(delivery, raw=mail.raw, sender=mail.sender, recipients=recipients, by=SYSTEM))


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
        except OperationalError:  # a deadlock, or a database that is away for a moment
            if pause_seconds is None:
                raise
            sleep(pause_seconds)
