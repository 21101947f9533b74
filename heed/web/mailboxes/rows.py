"""From mailboxes and trials to what their pages say about them; no query."""

from heed.channels.email.finding import domain_of, from_table
from heed.channels.email.providers import Login, provider_of_place
from heed.connecting.trials import Trial
from heed.mailboxes.models import Mailbox
from heed.web.mailboxes.contexts import MailboxRow, TrialLine

HERE = "/settings/mailboxes/"


def mailbox_row(row: Mailbox) -> MailboxRow:
    """How a mailbox is."""
    return MailboxRow(
        id=row.pk,
        href=f"{HERE}{row.pk}/",
        inbox=row.inbox.address,
        host=row.host,
        user_name=row.user_name,
        state=_state(row),
        reason=row.reason,
        words=row.words,
        since_at=row.failing_since_at,
        looked_at=row.last_success_at,
        mail_at=row.last_mail_at,
        backlog=row.backlog,
        checked_by=row.checked_by,
    )


def _state(row: Mailbox) -> str:
    if not row.is_enabled:
        is_asked = bool(row.provider) and row.last_success_at is None
        return "authorize" if is_asked else "paused"
    if row.reason:
        return "failing"
    return "works" if row.last_success_at else "new"


def login_of(address: str, host: str) -> tuple[str, str]:
    """What the provider of an address or a server asks, as a code, and where it is explained."""
    provider = from_table(domain_of(address)).provider or provider_of_place(host)
    return (provider.login, provider.help_url) if provider else (Login.PASSWORD, "")


def trial_line(trial: Trial, *, address: str, user_name: str) -> TrialLine:
    """What a test came to, with what the provider asks where a log-in was refused."""
    login, help_url = login_of(address, trial.host)
    return TrialLine(
        code=trial.code,
        host=trial.host,
        port=trial.port,
        words=trial.words,
        user_name=user_name,
        login=login,
        help_url=help_url,
    )
