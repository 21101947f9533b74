"""Words about customers that rows and events share, and about the files that came from them. Codes are stored."""

from enum import StrEnum


class CustomerPart(StrEnum):
    """What is known of a customer says something else now."""

    NAME = "name"
    LANGUAGE = "language"
    COMPANY = "company"
    TIME_ZONE = "time_zone"
    ADDRESSED_AS = "addressed_as"
    PREFERRED_CHANNEL = "preferred_channel"
    AUTOMATIC_MAIL = "automatic_mail"
    NOTES = "notes"


class PreferredChannel(StrEnum):
    """By which way a customer asked to be answered."""

    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"


class Outcome(StrEnum):
    """How it went what was tried to help a customer."""

    HELPED = "helped"
    PARTLY = "partly"
    DID_NOT_HELP = "did_not_help"
    UNKNOWN = "unknown"  # nobody knows yet


class FileTrouble(StrEnum):
    """Why nothing of a file is found by what stands in it."""

    LOCKED = "locked"  # it needs a password
    BROKEN = "broken"  # it is not what it says it is
    TOO_MUCH = "too_much"  # reading it took more time or memory than one file gets
    TOO_LARGE = "too_large"
    GONE = "gone"  # its bytes are not here
