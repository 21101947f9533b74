"""The words' codes for why a message of ours did not get through."""

REASONS = (
    ("suppressed", "address_suppressed"),
    ("5.1.1", "address_refused"),
    ("5.1.2", "address_refused"),
    ("5.2.2", "mailbox_full"),
    ("5.3.4", "too_large"),
    ("userunknown", "address_refused"),
    ("hostunknown", "address_refused"),
    ("mailboxfull", "mailbox_full"),
    ("550", "address_refused"),
    ("quota", "mailbox_full"),
    ("full", "mailbox_full"),
    ("storage", "mailbox_full"),
    ("552", "too_large"),
    ("4.", "server_busy"),
)


def reason_of(trouble: str, *, is_given_up: bool) -> str:
    """The code for what a server said: by RFC 3463's detail where it gives one, else by the reply code (RFC 5321)."""
    if is_given_up:
        return "gave_up"
    for sign, reason in REASONS:
        if sign in trouble.casefold():
            return reason
    return "server_refused" if trouble[:1] == "5" else "not_reached" if trouble else "other"
