"""Google and Microsoft: where they ask people, where they give tokens, and what leave the desk asks for.

Neither was ever seen by our tests, which bring a token server of their own that follows RFC 6749 and 7636.
"""

from dataclasses import dataclass
from typing import Final

from heed.kernel.config import config
from heed.kernel.errors import NotAllowedNow
from heed.kernel.mail_words import MailProvider


class ProviderNotSetUp(NotAllowedNow):
    """The desk has no application at this provider: HEED_…_APP_ID and HEED_…_APP_SECRET are missing."""

    code = "provider_not_set_up"


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider's addresses."""

    ask_url: str  # where a person says yes
    token_url: str
    scope: str
    more: tuple[tuple[str, str], ...] = ()  # further parameters of asking
    imap_host: str = ""
    smtp_host: str = ""


PROVIDERS: Final[dict[MailProvider, Provider]] = {
    MailProvider.GOOGLE: Provider(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        (("access_type", "offline"), ("prompt", "consent")),  # or no refresh token comes the second time
        "imap.gmail.com",
        "smtp.gmail.com",
    ),
    MailProvider.MICROSOFT: Provider(
        "https://login.microsoftonline.com/{directory}/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/{directory}/oauth2/v2.0/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        (("prompt", "select_account"),),
        "outlook.office365.com",
        "smtp.office365.com",
    ),
}


def address(url: str) -> str:
    """A provider's address as this desk uses it."""
    return url.replace("{directory}", config.microsoft_directory)


def application(provider: MailProvider) -> tuple[str, str]:
    """The desk's application there: its id and its secret. Raises ProviderNotSetUp."""
    found = {
        MailProvider.GOOGLE: (config.google_app_id, config.google_app_secret),
        MailProvider.MICROSOFT: (config.microsoft_app_id, config.microsoft_app_secret),
    }[provider]
    if not all(found):
        raise ProviderNotSetUp
    return found
