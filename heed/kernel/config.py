"""Settings of the installation: one typed object, read once from the environment; wrong values stop the start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from heed.kernel.hostport import HostPort as HostPort  # part of what settings say

LONGEST_UNDO_SECONDS = 60
MOST_PAGES = 32  # processes
PROJECT = Path(__file__).resolve().parents[2]


class WrongSetting(SystemExit):
    """A setting has a value that can't be used. Its text names the variable and what it takes."""


def listed(text: str) -> tuple[str, ...]:
    """The items of a setting that holds several, in lower case."""
    return tuple(part for item in text.lower().split(",") if (part := item.strip()))


def _text(name: str, default: str, doc: str) -> str:
    return field(default=default, metadata={"env": name, "doc": doc})


def _number(name: str, default: int, at_least: int, doc: str) -> int:
    return field(default=default, metadata={"env": name, "doc": doc, "at_least": at_least})


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of an installation, with its variable and what it means."""

    home: str = _text("HEED_HOME", "", "Folder of all state. Default: data beside the project.")
    database_url: str = _text(
        "HEED_DATABASE_URL", "", "postgresql://… or sqlite:///path. Default: SQLite in HEED_HOME."
    )
    http: str = _text("HEED_HTTP", "127.0.0.1:8000", "HOST:PORT of the pages.")
    smtp: str = _text("HEED_SMTP", "127.0.0.1:2525", "HOST:PORT where mail arrives by SMTP.")
    lmtp: str = _text("HEED_LMTP", "127.0.0.1:2424", "HOST:PORT where mail arrives by LMTP.")
    pages: int = _number(
        "HEED_PAGES", 0, 0, "Processes that answer pages. Default: 2 on PostgreSQL with two cores, else 1."
    )
    url: str = _text(
        "HEED_URL",
        "",
        "Public address of the desk, for links; with https, automatic mail names where to ask for no more of it. "
        "Default: http:// and HEED_HTTP.",
    )
    secret: str = _text(
        "HEED_SECRET",
        "",
        "Signs sessions and reply addresses; the same on all machines. Default: a file made once in HEED_HOME.",
    )
    language: str = _text(
        "HEED_LANGUAGE", "en", "Language of pages for those whose browser asks for none that there is."
    )
    smtp_url: str = _text(
        "HEED_SMTP_URL",
        "",
        "Where mail leaves for inboxes without a server of their own: smtp[s]://user:password@host:port. "
        "Unset: the built-in catcher.",
    )
    dns_server: str = _text(
        "HEED_DNS_SERVER", "", "HOST:PORT of the name server to ask. Default: those the system is set to."
    )
    sqlite_journal: str = _text(
        "HEED_SQLITE_JOURNAL", "wal", "wal, or delete for a SQLite older than 3.51.3."
    )
    smtp_certificate: str = _text(
        "HEED_SMTP_CERTIFICATE",
        "",
        "PEM file that STARTTLS is offered with by SMTP and LMTP. Unset: not offered.",
    )
    smtp_key: str = _text(
        "HEED_SMTP_KEY", "", "PEM file of its key. Default: the certificate's file holds it."
    )
    debug: int = _number("HEED_DEBUG", 0, 0, "1 shows errors in the browser; never on a public machine.")
    mail_max_bytes: int = _number(
        "HEED_MAIL_MAX_BYTES",
        50_000_000,
        100_000,
        "Largest mail that is accepted by SMTP, and that is read however it came, in bytes.",
    )
    hook_max_bytes: int = _number(
        "HEED_HOOK_MAX_BYTES",
        75_000_000,
        100_000,
        "Largest request that a mail provider's webhook may make, encoded as it comes, in bytes.",
    )
    mail_parts: int = _number("HEED_MAIL_PARTS", 200, 1, "Most parts of a mail; one with more is parked.")
    mail_depth: int = _number(
        "HEED_MAIL_DEPTH", 20, 1, "Most containers of a mail inside each other; one with more is parked."
    )
    mail_header_bytes: int = _number(
        "HEED_MAIL_HEADER_BYTES",
        65_536,
        1_000,
        "Headers beyond this are dropped, but for the few that every mail needs.",
    )
    mail_html_bytes: int = _number(
        "HEED_MAIL_HTML_BYTES",
        1_048_576,
        1_000,
        "Larger HTML is shown as plain text and kept as an attachment.",
    )
    mail_html_nesting: int = _number(
        "HEED_MAIL_HTML_NESTING", 512, 10, "HTML with more elements open at once is shown as plain text."
    )
    mail_text_characters: int = _number(
        "HEED_MAIL_TEXT_CHARACTERS",
        2_097_152,
        1_000,
        "Longer text is shown up to here and kept whole as an attachment.",
    )
    upload_max_bytes: int = _number(
        "HEED_UPLOAD_MAX_BYTES", 25_000_000, 100_000, "Largest attachment of an answer, in bytes."
    )
    file_read_bytes: int = _number(
        "HEED_FILE_READ_BYTES",
        20_000_000,
        0,
        "Largest attachment that search reads, in bytes; a larger one is found by its message alone.",
    )
    file_read_seconds: int = _number(
        "HEED_FILE_READ_SECONDS", 20, 1, "How long reading one attachment may work, in a process apart."
    )
    file_read_megabytes: int = _number(
        "HEED_FILE_READ_MEGABYTES", 512, 200, "How much memory that process may ask for."
    )
    preview_pages: int = _number(
        "HEED_PREVIEW_PAGES", 20, 0, "Pages of a PDF that its preview draws; 0: none."
    )
    preview_characters: int = _number(
        "HEED_PREVIEW_CHARACTERS", 20_000, 100, "How much of a text or table its preview shows."
    )
    print_messages: int = _number(
        "HEED_PRINT_MESSAGES", 500, 1, "Messages of a conversation's page for paper, the newest."
    )
    pdf_messages: int = _number(
        "HEED_PDF_MESSAGES", 1_000, 1, "Messages of a conversation's PDF, the newest."
    )
    paper_characters: int = _number(
        "HEED_PAPER_CHARACTERS",
        20_000_000,
        1,
        "Text of messages that a page for paper or a PDF holds, the newest; one message always.",
    )
    pdf_image_bytes: int = _number(
        "HEED_PDF_IMAGE_BYTES", 20_000_000, 0, "Images that stand in one PDF, all together, in bytes."
    )
    pdf_seconds: int = _number(
        "HEED_PDF_SECONDS", 30, 1, "How long drawing a PDF may work, in a process apart."
    )
    export_max_bytes: int = _number(
        "HEED_EXPORT_MAX_BYTES", 2_000_000_000, 1, "Largest export of one conversation, in bytes."
    )
    preview_max_bytes: int = _number(
        "HEED_PREVIEW_MAX_BYTES", 5_000_000, 1, "Largest image that a conversation shows small, in bytes."
    )
    unsent_days: int = _number(
        "HEED_UNSENT_DAYS",
        14,
        1,
        "How long a file that an agent attached and never sent is kept; with a draft, as long as that.",
    )
    begun_days: int = _number(
        "HEED_BEGUN_DAYS",
        30,
        1,
        "How long a mail that was begun in a form of its own is kept after it was last written at.",
    )
    away_minutes: int = _number(
        "HEED_AWAY_MINUTES",
        60,
        0,
        "How long somebody may be away before what a customer writes to them goes back to its team.",
    )
    trash_days: int = _number(
        "HEED_TRASH_DAYS",
        30,
        1,
        "How long a deleted conversation lies in the trash, where it can be restored, before it is removed for good.",
    )
    catcher_days: int = _number("HEED_CATCHER_DAYS", 30, 1, "How long the built-in catcher keeps a mail.")
    lease_seconds: int = _number(
        "HEED_LEASE_SECONDS", 120, 5, "How long a worker may be silent before its work is done by another."
    )
    intake_batch: int = _number("HEED_INTAKE_BATCH", 50, 1, "Mails claimed at once by a worker.")
    reader_batch: int = _number("HEED_READER_BATCH", 100, 1, "Events handed to consumers in one transaction.")
    send_attempts: int = _number(
        "HEED_SEND_ATTEMPTS",
        26,
        1,
        "How often sending a mail is tried before it is given up: 26 tries take four days.",
    )
    undo_seconds: int = _number(
        "HEED_UNDO_SECONDS",
        10,
        0,
        "How long an answer may be taken back before it leaves, for agents who chose nothing else: 0 to 60 seconds.",
    )
    automatic_percent: int = _number(
        "HEED_AUTOMATIC_PERCENT",
        80,
        1,
        "How much of a server's send limits automatic mail may use; the rest is left to agents' answers.",
    )
    send_max_bytes: int = _number(
        "HEED_SEND_MAX_BYTES",
        25_000_000,
        100_000,
        "Largest mail that leaves, attachments encoded, for inboxes without a limit of their own, in bytes.",
    )
    acknowledgements_a_day: int = _number(
        "HEED_ACKNOWLEDGEMENTS_A_DAY", 2, 1, "Automatic mails to one counterpart in 24 hours."
    )
    acknowledgements_a_domain: int = _number(
        "HEED_ACKNOWLEDGEMENTS_A_DOMAIN",
        100,
        1,
        "Automatic mails in 24 hours to people of one domain who are new that day; public providers don't count.",
    )
    spam_decisions: int = _number(
        "HEED_SPAM_DECISIONS",
        50,
        5,
        "Decisions of agents, a fifth of each sort at least, before the content of a mail counts as a sign of spam.",
    )
    storm_mails: int = _number(
        "HEED_STORM_MAILS",
        30,
        2,
        "Conversations that one sender begins in an hour before a rule is suggested.",
    )
    silence_days: int = _number(
        "HEED_SILENCE_DAYS",
        30,
        1,
        "Days of silence after which another subject starts a linked conversation.",
    )
    mailbox_poll_seconds: int = _number(
        "HEED_MAILBOX_POLL_SECONDS",
        60,
        5,
        "How often a mailbox is looked into, beside being told of new mail.",
    )
    mailbox_lines: int = _number(
        "HEED_MAILBOX_LINES",
        16,
        1,
        "Mailboxes that a worker keeps a line open to, to be told of new mail at once; others are looked into in turn.",
    )
    mailbox_timeout_seconds: int = _number(
        "HEED_MAILBOX_TIMEOUT_SECONDS",
        30,
        1,
        "How long a mail server may be silent before its line is given up.",
    )
    mailbox_mail_bytes: int = _number(
        "HEED_MAILBOX_MAIL_BYTES",
        2_000_000_000,
        1_000_000,
        "A larger mail stays in its mailbox and is listed by the reconciliation.",
    )
    google_app_id: str = _text(
        "HEED_GOOGLE_APP_ID", "", "The desk's OAuth application at Google, for mailboxes there."
    )
    google_app_secret: str = _text("HEED_GOOGLE_APP_SECRET", "", "The secret of that application at Google.")
    microsoft_app_id: str = _text(
        "HEED_MICROSOFT_APP_ID", "", "The desk's OAuth application at Microsoft, for mailboxes there."
    )
    microsoft_app_secret: str = _text(
        "HEED_MICROSOFT_APP_SECRET", "", "The secret of that application at Microsoft."
    )
    microsoft_directory: str = _text(
        "HEED_MICROSOFT_DIRECTORY",
        "common",
        "The directory (tenant) of that application: common, organizations, or its id.",
    )

    sender_checks: int = _number(
        "HEED_SENDER_CHECKS",
        1,
        0,
        "0: the desk checks no sender itself (SPF, DKIM, DMARC) and goes by trusted servers alone.",
    )
    sender_check_seconds: int = _number(
        "HEED_SENDER_CHECK_SECONDS", 3, 1, "How long name servers may take for the sender of one mail."
    )
    sender_checks_seconds: int = _number(
        "HEED_SENDER_CHECKS_SECONDS",
        4,
        1,
        "How long a batch of mails waits for checks of its senders; after that they count as unknown.",
    )
    trusted_authserv: str = _text(
        "HEED_TRUSTED_AUTHSERV",
        "",
        "Names of mail servers, with commas, whose Authentication-Results are believed, such as mx.google.com. "
        "They must remove headers that bear their name from mail of others (RFC 8601, 5).",
    )
    trusted_sealers: str = _text(
        "HEED_TRUSTED_SEALERS",
        "",
        "Domains, with commas, of forwarders whose ARC seals are believed, such as google.com.",
    )
    trusted_relays: str = _text(
        "HEED_TRUSTED_RELAYS",
        "",
        "Addresses or networks, with commas, of mail servers of yours that hand mail to HEED_SMTP: their mail is not "
        "checked by SPF, and HEED_TRUSTED_AUTHSERV counts in it.",
    )
    repeat_days: int = _number(
        "HEED_REPEAT_DAYS",
        14,
        1,
        "For how long an open conversation is compared with what its customer writes anew: what seems to be the same "
        "again is linked to it.",
    )
    form_senders: str = _text(
        "HEED_FORM_SENDERS",
        "",
        "Addresses, or @domains, with commas, from which website forms come: the customer stands in Reply-To.",
    )

    dns_look_seconds: int = _number(
        "HEED_DNS_LOOK_SECONDS",
        3600,
        60,
        "How often a worker looks whether the records of DKIM keys stand in DNS; mail is signed once they do.",
    )
    round_trip_seconds: int = _number(
        "HEED_ROUND_TRIP_SECONDS",
        600,
        30,
        "How long the desk looks for a test mail that it sent to itself before it says that it did not arrive.",
    )
    alarm_look_seconds: int = _number(
        "HEED_ALARM_LOOK_SECONDS", 30, 1, "How often a worker looks whether mail comes in and goes out."
    )
    alarm_after_seconds: int = _number(
        "HEED_ALARM_AFTER_SECONDS",
        180,
        10,
        "Work that has been due so long while nobody does any is an outage.",
    )
    alarm_mails_a_day: int = _number(
        "HEED_ALARM_MAILS_A_DAY", 20, 1, "Alarms that leave by mail in 24 hours; pages show all of them."
    )

    views_of_an_agent: int = _number(
        "HEED_VIEWS_OF_AN_AGENT", 100, 1, "Most views that one agent may have made, shared ones included."
    )
    menu_views: int = _number(
        "HEED_MENU_VIEWS", 30, 1, "Most views that people made that a menu lists and counts; by name."
    )
    deleted_views_days: int = _number(
        "HEED_DELETED_VIEWS_DAYS", 30, 1, "How long a deleted view can be brought back."
    )
    bulk_most: int = _number(
        "HEED_BULK_MOST", 2_000, 1, "Most conversations that are changed at once from a list."
    )
    bulk_step: int = _number(
        "HEED_BULK_STEP",
        100,
        1,
        "How many of them one step changes, in one transaction; the page tells how far it is.",
    )
    bulk_undo_days: int = _number(
        "HEED_BULK_UNDO_DAYS", 7, 1, "For how long a change of many conversations can be taken back."
    )
    due_soon_minutes: int = _number(
        "HEED_DUE_SOON_MINUTES",
        30,
        1,
        "How long before something is due its agent is told; of what is due sooner, when half of the time is over.",
    )
    digest_minutes: int = _number(
        "HEED_DIGEST_MINUTES",
        15,
        1,
        "How long a notification that is to come by mail waits for others, and to be read first; then one mail leaves.",
    )
    digest_most: int = _number(
        "HEED_DIGEST_MOST", 30, 1, "Most notifications that one mail tells of; the others follow in the next."
    )
    push_devices: int = _number(
        "HEED_PUSH_DEVICES",
        10,
        1,
        "Most devices on which one agent is told; the oldest makes room for a new one.",
    )
    push_wait_minutes: int = _number(
        "HEED_PUSH_WAIT_MINUTES",
        240,
        1,
        "The longest that a push waits because its service asks for it; then it is tried again all the same.",
    )
    notification_days: int = _number(
        "HEED_NOTIFICATION_DAYS", 90, 1, "How long notifications are kept, read or not."
    )

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "Config":
        """Read all settings. Raises WrongSetting, with the variable's name and what it takes."""
        values: dict[str, str | int] = {}
        for spec in fields(cls):
            given = env.get(spec.metadata["env"])
            if given is None or given == "":
                continue
            if "at_least" in spec.metadata:
                least = spec.metadata["at_least"]
                if not given.isdigit() or int(given) < least:
                    raise WrongSetting(
                        f"{spec.metadata['env']} must be a whole number of at least {least}, not {given!r}."
                    )
                values[spec.name] = int(given)
            else:
                values[spec.name] = given
        config = cls(**values)  # type: ignore[arg-type]  # each value was checked against its own field above
        config._check()
        return config

    def _check(self) -> None:
        for name in ("http", "smtp", "lmtp", *(["dns_server"] if self.dns_server else [])):
            try:
                HostPort.read(getattr(self, name))
            except ValueError:
                raise WrongSetting(
                    f"HEED_{name.upper()} must be HOST:PORT, not {getattr(self, name)!r}."
                ) from None
        try:
            self.relay_networks()
        except ValueError as error:
            raise WrongSetting(f"HEED_TRUSTED_RELAYS holds what is no address or network: {error}.") from None
        if self.pages > MOST_PAGES:
            raise WrongSetting(f"HEED_PAGES must be at most {MOST_PAGES}.")
        if self.undo_seconds > LONGEST_UNDO_SECONDS:
            raise WrongSetting(f"HEED_UNDO_SECONDS must be at most {LONGEST_UNDO_SECONDS}.")
        if self.sqlite_journal not in ("wal", "delete"):
            raise WrongSetting("HEED_SQLITE_JOURNAL must be wal or delete.")
        if self.database_url and self.database_url.split(":")[0] not in ("postgresql", "postgres", "sqlite"):
            raise WrongSetting("HEED_DATABASE_URL must begin with postgresql:// or sqlite:///.")

    def relay_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of trusted relays. Raises ValueError."""
        return tuple(ip_network(part) for part in listed(self.trusted_relays))

    @property
    def folder(self) -> Path:
        """The folder of all state, made on first use with mode 0700."""
        path = Path(self.home).absolute() if self.home else PROJECT / "data"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    @property
    def public_url(self) -> str:
        """The desk's address for links, without a slash at the end."""
        return (self.url or f"http://{self.http}").rstrip("/")

    @property
    def page_processes(self) -> int:
        """How many processes answer pages. A desk with SQLite is to fit on a small machine, so there it is one."""
        is_large = self.database_url.startswith("postgres") and (os.cpu_count() or 1) > 1
        return self.pages or 1 + is_large

    def secret_bytes(self) -> bytes:
        """The key that signs sessions and reply addresses; made once with mode 0600 if none is set."""
        if self.secret:
            return self.secret.encode()
        return _secret_in(self.folder)


@cache
def _secret_in(folder: Path) -> bytes:
    """The secret of a desk's folder, made on first use. Read once: each mail asks for it."""
    path = folder / "secret"
    if not path.exists():
        staged = path.with_name(f"secret.{os.getpid()}")
        staged.touch(mode=0o600)
        staged.write_text(secrets.token_urlsafe(48))
        try:
            os.link(staged, path)  # only the first of several processes wins
        except FileExistsError:
            pass
        finally:
            staged.unlink()
    return path.read_text().strip().encode()


config = Config.read(os.environ)
