"""The three ways in, as patient senders use them: whatever is not taken is tried again."""

import smtplib
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.journeys.desk import HEED, PROJECT
from tests.journeys.letters import Letter

PATIENCE_SECONDS = 90
PAUSE_SECONDS = 0.2
TRY_AGAIN = 75
SMTP_REUSE = 4  # mails over one connection


class Refused(Exception):
    """The desk will never take this mail: nothing the journey sends deserves that."""


@dataclass
class Doors:
    """Sends mails, one after the other, through a door; counts what had to be done again. One for each thread."""

    environment: Mapping[str, str]
    retries: Counter[str] = field(default_factory=Counter)
    connection: smtplib.SMTP | None = None
    used: int = 0

    def send(self, letter: Letter, stopped: threading.Event) -> None:
        """Return when every recipient's copy was accepted. Raises Refused, TimeoutError."""
        copies = [letter.to] if letter.door == "smtp" else [(to,) for to in letter.to]
        for to in copies:
            until = time.monotonic() + PATIENCE_SECONDS
            while not self._try(letter, to):
                self.retries[letter.door] += 1
                if stopped.is_set() or time.monotonic() > until:
                    raise TimeoutError(f"{letter.name} was not accepted through {letter.door}")
                time.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def _try(self, letter: Letter, to: tuple[str, ...]) -> bool:
        return self._by_pipe(letter, to[0]) if letter.door == "pipe" else self._by_network(letter, to)

    def _by_network(self, letter: Letter, to: tuple[str, ...]) -> bool:
        try:
            connection = self._connected(letter.door)
            refused = connection.sendmail(letter.mail_from, to, letter.raw)
        except smtplib.SMTPResponseException as answer:
            self.close()
            if answer.smtp_code >= 500:
                raise Refused(f"{letter.name}: {answer}") from answer
            return False
        except smtplib.SMTPRecipientsRefused as answer:
            self.close()
            if any(code >= 500 for code, _ in answer.recipients.values()):
                raise Refused(f"{letter.name}: {answer}") from answer
            return False
        except OSError:  # smtplib's own errors are among these
            self.close()
            return False
        if refused:
            raise Refused(f"{letter.name}: {refused}")
        return True

    def _connected(self, door: str) -> smtplib.SMTP:
        if self.connection is None or self.used >= SMTP_REUSE:
            self.close()
            host, _, port = self.environment[f"HEED_{door.upper()}"].partition(":")
            kind = smtplib.LMTP if door == "lmtp" else smtplib.SMTP
            self.connection = kind(host, int(port), local_hostname="mx.journey.example", timeout=30)
            self.used = 0
        self.used += 1
        return self.connection

    def _by_pipe(self, letter: Letter, to: str) -> bool:
        done = subprocess.run(
            [HEED, "mail", "receive", "--to", to, "--from", letter.mail_from],
            input=letter.raw,
            env=dict(self.environment),
            cwd=PROJECT,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
        )
        if done.returncode not in (0, TRY_AGAIN):
            raise Refused(f"{letter.name}: {done.returncode} {done.stderr.decode(errors='replace')}")
        return done.returncode == 0
