"""Where big providers' mail servers are, from their public help pages: a table, so that nobody has to look it up.

A provider is known by the domain of an address, or by the mail servers that a company's own domain names. What a
provider asks of an account before a desk may use it stands beside it as a code; pages hold the words.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from heed.channels.email.authentication.names import NAMELESS

Security = Literal["tls", "starttls", "plain"]
Service = Literal["imap", "pop3", "smtp"]


class Login(StrEnum):
    """What a provider asks of whoever wants to use a mailbox from outside."""

    PASSWORD = "password"  # noqa: S105 - a code, not a password
    APP_PASSWORD = "app_password"  # noqa: S105 - as above; one made for this use, at help_url
    GOOGLE = "google"  # best by OAuth; an app password where two-step verification is on
    MICROSOFT = "microsoft"  # by OAuth alone
    ENABLE_FIRST = (
        "enable_first"  # the mailbox's own password, after access from outside was switched on, at help_url
    )
    OWN_PASSWORD = "own_password"  # noqa: S105 - as above; one for mail alone, set at help_url
    BRIDGE = "bridge"  # only through a program of the provider's on a machine of one's own


@dataclass(frozen=True, slots=True)
class Place:
    """A server that can be asked for a service."""

    service: Service
    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: how it is recognised, where its servers are, what it asks."""

    code: str
    name: str
    places: tuple[Place, ...]
    login: Login = Login.PASSWORD
    help_url: str = ""
    domains: tuple[str, ...] = ()
    mail_servers: tuple[str, ...] = ()  # a mail server of a domain is one of these or below one of them
    checked_by: tuple[str, ...] = ()  # its servers' names in Authentication-Results, where they are known


def _imap(host: str) -> Place:
    return Place("imap", host, 993, "tls")


def _pop3(host: str) -> Place:
    return Place("pop3", host, 995, "tls")


def _smtps(host: str) -> Place:
    return Place("smtp", host, 465, "tls")


def _submission(host: str) -> Place:
    return Place("smtp", host, 587, "starttls")


PROVIDERS: Final[tuple[Provider, ...]] = (
    Provider(
        "google",
        "Google",
        (_imap("imap.gmail.com"), _pop3("pop.gmail.com"), _smtps("smtp.gmail.com")),
        Login.GOOGLE,
        "https://myaccount.google.com/apppasswords",
        ("gmail.com", "googlemail.com"),
        ("google.com", "googlemail.com"),
        checked_by=("mx.google.com",),
    ),
    Provider(
        "outlook",
        "Outlook.com",
        (
            _imap("outlook.office365.com"),
            _pop3("outlook.office365.com"),
            _submission("smtp-mail.outlook.com"),
        ),
        Login.MICROSOFT,
        "",
        ("outlook.com", "hotmail.com", "live.com", "msn.com", "hotmail.co.uk", "outlook.de", "hotmail.de"),
        ("olc.protection.outlook.com",),
        checked_by=(NAMELESS,),
    ),
    Provider(
        "microsoft365",
        "Microsoft 365",
        (_imap("outlook.office365.com"), _pop3("outlook.office365.com"), _submission("smtp.office365.com")),
        Login.MICROSOFT,
        "",
        (),
        ("mail.protection.outlook.com", "mx.microsoft"),
        checked_by=(NAMELESS,),
    ),
    Provider(
        "yahoo",
        "Yahoo",
        (_imap("imap.mail.yahoo.com"), _pop3("pop.mail.yahoo.com"), _smtps("smtp.mail.yahoo.com")),
        Login.APP_PASSWORD,
        "https://login.yahoo.com/account/security",
        (
            "yahoo.com",
            "yahoo.co.uk",
            "yahoo.de",
            "yahoo.fr",
            "yahoo.it",
            "yahoo.es",
            "ymail.com",
            "rocketmail.com",
        ),
        ("yahoodns.net",),
        checked_by=("*.yahoo.com",),
    ),
    Provider(
        "aol",
        "AOL",
        (_imap("imap.aol.com"), _pop3("pop.aol.com"), _smtps("smtp.aol.com")),
        Login.APP_PASSWORD,
        "https://login.aol.com/account/security",
        ("aol.com", "aim.com", "aol.de"),
        checked_by=("*.yahoo.com",),
    ),
    Provider(
        "icloud",
        "iCloud",
        (_imap("imap.mail.me.com"), _submission("smtp.mail.me.com")),
        Login.APP_PASSWORD,
        "https://account.apple.com/",
        ("icloud.com", "me.com", "mac.com"),
        ("mail.icloud.com",),
        checked_by=(
            "bimi.icloud.com",
            "arc.icloud.com",
            "dmarc.icloud.com",
            "dkim-verifier.icloud.com",
            "spf.icloud.com",
        ),
    ),
    Provider(
        "fastmail",
        "Fastmail",
        (_imap("imap.fastmail.com"), _pop3("pop.fastmail.com"), _smtps("smtp.fastmail.com")),
        Login.APP_PASSWORD,
        "https://app.fastmail.com/settings/security/integrations",
        ("fastmail.com", "fastmail.fm"),
        ("messagingengine.com",),
        checked_by=("*.messagingengine.com",),
    ),
    Provider(
        "gmx",
        "GMX",
        (_imap("imap.gmx.net"), _pop3("pop.gmx.net"), _smtps("mail.gmx.net")),
        Login.ENABLE_FIRST,
        "https://hilfe.gmx.net/pop-imap/einschalten.html",
        ("gmx.de", "gmx.net", "gmx.at", "gmx.ch"),
        ("gmx.net",),
        checked_by=("gmx.net",),
    ),
    Provider(
        "gmx_com",
        "GMX",
        (_imap("imap.gmx.com"), _pop3("pop.gmx.com"), _smtps("mail.gmx.com")),
        Login.ENABLE_FIRST,
        "https://support.gmx.com/pop-imap/toggle.html",
        ("gmx.com", "gmx.us", "gmx.co.uk"),
    ),
    Provider(
        "web_de",
        "WEB.DE",
        (_imap("imap.web.de"), _pop3("pop3.web.de"), _submission("smtp.web.de")),
        Login.ENABLE_FIRST,
        "https://hilfe.web.de/pop-imap/einschalten.html",
        ("web.de",),
        ("web.de",),
    ),
    Provider(
        "t_online",
        "T-Online",
        (
            _imap("secureimap.t-online.de"),
            _pop3("securepop.t-online.de"),
            _smtps("securesmtp.t-online.de"),
        ),
        Login.OWN_PASSWORD,
        "https://account.idm.telekom.com/",
        ("t-online.de", "magenta.de"),
    ),
    Provider(
        "ionos",
        "IONOS",
        (_imap("imap.ionos.com"), _pop3("pop.ionos.com"), _smtps("smtp.ionos.com")),
        mail_servers=("ionos.com", "ionos.de", "ionos.co.uk", "ionos.fr", "ionos.es", "kundenserver.de"),
    ),
    Provider(
        "strato",
        "STRATO",
        (_imap("imap.strato.de"), _pop3("pop3.strato.de"), _smtps("smtp.strato.de")),
        mail_servers=("rzone.de",),
    ),
    Provider(
        "ovh",
        "OVHcloud",
        (_imap("ssl0.ovh.net"), _pop3("ssl0.ovh.net"), _smtps("ssl0.ovh.net")),
        mail_servers=("mail.ovh.net",),
    ),
    Provider(
        "infomaniak",
        "Infomaniak",
        (_imap("mail.infomaniak.com"), _smtps("mail.infomaniak.com")),
        mail_servers=("infomaniak.ch",),
    ),
    Provider(
        "gandi",
        "Gandi",
        (_imap("mail.gandi.net"), _pop3("mail.gandi.net"), _smtps("mail.gandi.net")),
        mail_servers=("mail.gandi.net",),
    ),
    Provider(
        "rackspace",
        "Rackspace",
        (_imap("secure.emailsrvr.com"), _pop3("secure.emailsrvr.com"), _smtps("secure.emailsrvr.com")),
        mail_servers=("emailsrvr.com",),
    ),
    Provider(
        "zoho",
        "Zoho",
        (_imap("imap.zoho.com"), _pop3("pop.zoho.com"), _smtps("smtp.zoho.com")),
        Login.ENABLE_FIRST,
        "https://www.zoho.com/mail/help/imap-access.html",
        ("zoho.com", "zohomail.com"),
        checked_by=("mx.zohomail.com",),
    ),
    Provider(
        "zoho_business",
        "Zoho",
        (_imap("imappro.zoho.com"), _pop3("poppro.zoho.com"), _smtps("smtppro.zoho.com")),
        Login.ENABLE_FIRST,
        "https://www.zoho.com/mail/help/imap-access.html",
        (),
        ("zoho.com",),
        checked_by=("mx.zohomail.com",),
    ),
    Provider(
        "zoho_eu",
        "Zoho",
        (_imap("imappro.zoho.eu"), _pop3("poppro.zoho.eu"), _smtps("smtppro.zoho.eu")),
        Login.ENABLE_FIRST,
        "https://www.zoho.com/mail/help/imap-access.html",
        (),
        ("zoho.eu",),
    ),
    Provider(
        "mailbox_org",
        "mailbox.org",
        (_imap("imap.mailbox.org"), _pop3("pop3.mailbox.org"), _smtps("smtp.mailbox.org")),
        domains=("mailbox.org",),
        mail_servers=("mailbox.org",),
    ),
    Provider(
        "posteo",
        "Posteo",
        (_imap("posteo.de"), _pop3("posteo.de"), _smtps("posteo.de")),
        domains=("posteo.de", "posteo.net", "posteo.org", "posteo.eu"),
    ),
    Provider(
        "yandex",
        "Yandex",
        (_imap("imap.yandex.com"), _pop3("pop.yandex.com"), _smtps("smtp.yandex.com")),
        Login.APP_PASSWORD,
        "https://id.yandex.com/security/app-passwords",
        ("yandex.com", "yandex.ru", "ya.ru"),
        ("yandex.net", "yandex.ru"),
        checked_by=("*.yandex.net",),
    ),
    Provider(
        "mail_ru",
        "Mail.ru",
        (_imap("imap.mail.ru"), _pop3("pop.mail.ru"), _smtps("smtp.mail.ru")),
        Login.APP_PASSWORD,
        "https://account.mail.ru/user/2-step-auth/passwords/",
        ("mail.ru", "inbox.ru", "list.ru", "bk.ru"),
        ("mail.ru",),
    ),
    Provider(
        "proton",
        "Proton",
        (),
        Login.BRIDGE,
        "https://proton.me/mail/bridge",
        ("proton.me", "protonmail.com", "pm.me"),
        ("protonmail.ch",),
    ),
)


def provider_of_domain(domain: str) -> Provider | None:
    """The provider whose own domain this is."""
    name = domain.rstrip(".").lower()
    return next((provider for provider in PROVIDERS if name in provider.domains), None)


def provider_of_mail_server(host: str) -> Provider | None:
    """The provider that runs this mail server; the longest ending that fits decides."""
    name = host.rstrip(".").lower()
    fitting = [
        (len(ending), provider)
        for provider in PROVIDERS
        for ending in provider.mail_servers
        if name == ending or name.endswith(f".{ending}")
    ]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None


def provider_of_place(host: str) -> Provider | None:
    """The provider whose mailboxes are read at this host."""
    name = host.rstrip(".").lower()
    return next((one for one in PROVIDERS if name in {place.host for place in one.places}), None)
