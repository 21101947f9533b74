"""Delivery reports."""

from heed.channels.email.limits import Limits
from heed.channels.email.mail import Automatic, Bounce
from heed.channels.email.mailboxes import Address
from heed.channels.email.structure import Entity


def read_bounces(
    mail: Entity, found: Automatic, subject: str, sender: Address | None, text: str, limits: Limits
) -> tuple[Automatic, tuple[Bounce, ...]]:
    """Return what kind of mail it is after looking at reports, and the recipients that failed."""
    return found, ()
