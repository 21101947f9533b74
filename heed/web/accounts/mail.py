"""How mail about log-ins leaves: by the desk's server; without one, its words stand in the log of the process."""

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from heed.kernel.config import config
from heed.kernel.outbound import SmtpResult, SmtpUrl, smtp_send

TIMEOUT_SECONDS = 15.0
log = logging.getLogger(__name__)


class AccountMail(BaseEmailBackend):
    """Django's way to send, through the only way out."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send these; how many were taken. What is refused is told in the log, never to the one who asked."""
        return sum(self._send(mail) for mail in email_messages)

    def _send(self, mail: EmailMessage) -> bool:
        if not config.smtp_url:
            log.warning(
                "No mail server is set (HEED_SMTP_URL). Mail to %s:\n%s", ", ".join(mail.to), mail.body
            )
            return True
        outcome = smtp_send(
            mail.message().as_bytes(),
            sender="",
            recipients=mail.recipients(),
            url=SmtpUrl.read(config.smtp_url),
            timeout_seconds=TIMEOUT_SECONDS,
        )
        if outcome.result is not SmtpResult.ACCEPTED:
            log.error("A mail about a log-in was not taken: %s", next(iter(outcome.answers.values())).code)
        return outcome.result is SmtpResult.ACCEPTED
