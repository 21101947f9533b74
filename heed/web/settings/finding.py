"""Finding a setting by the words people have for it: its name, its section's, and others that mean the same.

A field of a settings page stands here in one line; a test asks every page for its fields, and every line for its field.
"""

# data table: every setting with its words
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heed.kernel.text import folded
from heed.ui.codes import SECTIONS as SECTION_WORDS

MOST: Final = 20
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting. at: the id of its field, or of what holds it; fields: what the form calls them, * for any ending.

    below: of a page of its own below the section's; per: brand, where each brand has a page of its own.
    """

    section: str
    name: Words
    others: Words = ""  # what else people say, with blanks between
    fields: Sequence[str] = ()
    at: str = ""
    below: str = ""
    per: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A setting or a section that was found. of: the brand, where it is one brand's."""

    section: str
    name: str
    href: str
    of: str = ""


ENTRIES: Final = (
    Entry(
        "you",
        _("Language of the desk for you"),
        _("locale translation interface"),
        ("language",),
        at="own-language",
    ),
    Entry(
        "you",
        _("Hours in which you work"),
        _("shift schedule rota working time"),
        ("hours-*",),
        at="shift",
        below="work/",
    ),
    Entry(
        "you",
        _("Days on which you are away"),
        _("leave vacation holiday absence sick"),
        ("leave",),
        at="leave",
        below="work/",
    ),
    Entry(
        "you",
        _("What you know, and in which languages you answer"),
        _("skills abilities languages routing"),
        ("skills", "languages"),
        at="skills",
        below="work/",
    ),
    Entry(
        "you",
        _("Time zone in which you read times"),
        _("clock hours utc location"),
        ("time_zone",),
        at="own-zone",
    ),
    Entry(
        "notifications",
        _("What you are told of"),
        _("alerts mentions assignments replies reminders bell push mail digest"),
        ("mention", "assignment", "asked", "reply", "due_soon", "team_due", "kept"),
        at="told-of",
    ),
    Entry(
        "notifications",
        _("Quiet hours"),
        _("do not disturb night weekend silence"),
        ("quiet_from", "quiet_to", "quiet_day"),
        at="quiet",
    ),
    Entry(
        "notifications",
        _("Subjects and names on your devices"),
        _("privacy lock screen preview"),
        ("has_push_text",),
        at="push-text",
    ),
    Entry(
        "notifications",
        _("Tell me in this browser"),
        _("push device telephone desktop alerts"),
        ("endpoint", "public", "auth"),
        at="devices",
    ),
    Entry("security", _("Passkey"), _("webauthn fido fingerprint face key passwordless"), at="factors"),
    Entry("security", _("Authenticator app"), _("2fa mfa totp otp two factor code telephone"), at="factors"),
    Entry("security", _("Recovery codes"), _("backup codes lost telephone"), at="factors"),
    Entry("security", _("Where you are logged in"), _("sessions devices log out everywhere"), at="sessions"),
    Entry("you", _("Install as an app"), _("application icon home screen desktop phone pwa"), at="app"),
    Entry("you", _("Your password"), _("change passphrase credentials login"), at="password"),
    Entry(
        "brands",
        _("Name, as customers see it"),
        _("title company rename"),
        ("name",),
        per="brand",
        at="brand-name",
    ),
    Entry("brands", _("Language"), _("locale translation"), ("language",), per="brand", at="brand-language"),
    Entry(
        "brands", _("Time zone of the brand"), _("clock utc"), ("time_zone",), per="brand", at="brand-zone"
    ),
    Entry(
        "brands",
        _("Opening hours"),
        _("business hours open closed weekdays office schedule"),
        ("hours-*",),
        at="hours-part",
        per="brand",
    ),
    Entry(
        "brands",
        _("Holidays"),
        _("days off closed vacation calendar christmas"),
        ("holidays",),
        per="brand",
        at="brand-holidays",
    ),
    Entry(
        "brands",
        _("First reply within"),
        _("sla service target response time promise deadline"),
        ("first_reply", "unit"),
        per="brand",
        at="first-reply",
    ),
    Entry(
        "brands",
        _("Acknowledgement"),
        _("auto reply autoresponder automatic answer confirmation receipt template"),
        ("acknowledges", "words-*", "more", "add", "preview"),
        at="acknowledgement-part",
        per="brand",
    ),
    Entry(
        "brands",
        _("Signature of the brand"),
        _("footer legal imprint"),
        ("signature",),
        per="brand",
        at="brand-signature",
    ),
    Entry(
        "brands",
        _("Days until a solved conversation closes"),
        _("auto close silence archive"),
        ("close_after_days", "save"),
        per="brand",
        at="closing",
    ),
    Entry(
        "people",
        _("Invite somebody"),
        _("add user agent colleague new account"),
        ("name", "address", "role", "team"),
        at="invite",
    ),
    Entry(
        "people", _("Switch somebody off"), _("deactivate delete remove user leave fire disable"), at="people"
    ),
    Entry(
        "people", _("Reset a colleague’s second factor"), _("2fa mfa lost telephone locked out"), at="people"
    ),
    Entry(
        "teams", _("Add or rename a team"), _("group department members"), ("name", "brand"), at="new-team"
    ),
    Entry(
        "access",
        _("Who needs a second factor"),
        _("2fa mfa enforce policy security"),
        ("role",),
        at="needed-by",
    ),
    Entry(
        "access",
        _("Days to get a second factor"),
        _("grace period deadline"),
        ("grace_days",),
        at="grace-days",
    ),
    Entry(
        "topics",
        _("Add a topic"),
        _("category subject tree classification"),
        ("name", "parent"),
        at="new-topic",
    ),
    Entry(
        "topics",
        _("Fields that agents fill in"),
        _("custom fields order number form property"),
        ("field_name", "kind", "choices"),
        at="fields",
    ),
    Entry(
        "mails", _("Words of automatic mails"), _("template auto reply out of office hours"), at="mail-words"
    ),
    Entry("tags", _("Rename or merge a tag"), _("label category word archive"), ("brand",), at="tags"),
    Entry(
        "mailboxes",
        _("Connect a mailbox"),
        _("imap pop3 gmail outlook office365 fetch account address"),
        at="mailboxes",
    ),
    Entry(
        "mail_hooks",
        _("Mail that a provider posts"),
        _("webhook sendgrid mailgun postmark inbound"),
        ("inbox", "provider", "signing_key", "checked_by", "remove"),
        at="new-hook",
    ),
    Entry(
        "domains", _("Signing keys of a domain"), _("dkim spf dmarc dns records deliverability"), at="domains"
    ),
    Entry(
        "mail_health",
        _("Whether mail comes in and goes out"),
        _("status alarm outage problem queue"),
        at="mail-health",
    ),
    Entry("mail_health", _("Test mail to ourselves"), _("round trip check delivery"), at="inboxes"),
    Entry("answers", _("Seconds to take an answer back"), _("undo send delay recall"), ("undo",), at="undo"),
    Entry("answers", _("Your signature"), _("footer greeting sign off"), ("signature-*",), at="signatures"),
    Entry(
        "sending",
        _("Server that mail leaves through"),
        _("smtp outgoing host port password api provider"),
        at="inboxes",
    ),
    Entry("sending", _("Further addresses of an inbox"), _("alias"), at="inboxes"),
    Entry("sending", _("Limits of sending"), _("rate throttle quota size megabytes"), at="inboxes"),
    Entry("sending", _("Name that customers see as the sender"), _("from display"), at="inboxes"),
    Entry("parked", _("Mail that could not be read"), _("failed errors retry stuck"), at="parked"),
    Entry(
        "quarantine",
        _("What was taken for spam"),
        _("junk release filter"),
        ("do", "number", "on"),
        at="quarantine",
    ),
    Entry("blocked", _("Block a sender"), _("ban blacklist spam domain"), ("sender", "brand"), at="blocked"),
    Entry("storms", _("Join the alarms of a monitor"), _("flood alerts group duplicates noise"), at="rules"),
    Entry("history", _("Who changed what"), _("audit log trail changes"), ("section", "by"), at="of-section"),
    Entry("first_hour", _("First steps"), _("onboarding setup wizard start begin welcome"), at="steps"),
)


def find(query: str, *, sections: Iterable[tuple[str, str]], brands: Sequence[tuple[int, str]]) -> list[Hit]:
    """What is found, the best first: all words of the query begin words of it. Sections: code and address.

    No query of the database; brands, each with its number and name, are those whose settings the reader sees.
    """
    wanted = folded(query).split()
    if not wanted:
        return []
    found: list[tuple[int, Hit]] = []
    places = dict(sections)
    for code, href in places.items():
        name, about = (str(words) for words in SECTION_WORDS[code])
        rank = _rank(wanted, name, about)
        if rank is not None:
            found.append((rank, Hit(code, name, href)))
    for entry in ENTRIES:
        if entry.section in places:
            around = f"{entry.others} {SECTION_WORDS[entry.section][0]}"
            rank = _rank(wanted, str(entry.name), around)
            if rank is not None:
                found += [(rank, hit) for hit in _hits(entry, places[entry.section], brands)]
    return [hit for _, hit in sorted(found, key=lambda one: one[0])][:MOST]


def _rank(wanted: Sequence[str], name: str, around: str) -> int | None:
    """0: its name says all of it; 1: its name says some; 2: other words for it do; None: it is something else."""
    own, others = _words(name), _words(around)
    if all(_begins(word, own) for word in wanted):
        return 0
    if not all(_begins(word, own | others) for word in wanted):
        return None
    return 1 if any(_begins(word, own) for word in wanted) else 2


def _words(text: str) -> Set[str]:
    return {word.strip(".,:;’'“”()") for word in folded(text).split()}


def _begins(part: str, words: Iterable[str]) -> bool:
    return any(word.startswith(part) for word in words)


def _hits(entry: Entry, href: str, brands: Sequence[tuple[int, str]]) -> Iterable[Hit]:
    at = f"#{entry.at}" if entry.at else ""
    if not entry.per:
        yield Hit(entry.section, str(entry.name), f"{href}{entry.below}{at}")
        return
    for number, name in brands:
        of = name if len(brands) > 1 else ""
        yield Hit(entry.section, str(entry.name), f"{href}{number}/{at}", of)
