"""Example pages of what leaves the desk beside answers: asides, and automatic mail that somebody wants no more of."""

from dataclasses import replace
from datetime import datetime

from heed.conversations.doubts import Doubt, Doubted
from heed.testing import gallery_conversation as talk
from heed.testing.gallery_people import DANIEL
from heed.ui.contexts import FieldError, NavContext, Option, Person
from heed.web.conversation.composer_contexts import KeptFile
from heed.web.forwarding.contexts import ForwardingContext, OwnFile
from heed.web.triage.contexts import AddressPage
from heed.web.unsubscribing.contexts import UnsubscribingPage

CARRIER = Person(name="Swift Parcels claims", address="claims@carrier.example")
SENDERS = [
    Option(value="help@northwind.example"),
    Option(value="billing@northwind.example", is_chosen=True),
]


def forwarding(now: datetime) -> ForwardingContext:
    """A message that goes to the carrier, with everything that the form can hold."""
    return ForwardingContext(
        action="/messages/4/forward/",
        message=4,
        number=4821,
        files_href="/writing/files/",
        replies_href="/conversations/4821/saved-replies/",
        back_href=talk.HREF,
        conversation_subject="Transfer stuck since this morning",
        author=DANIEL,
        at=now - talk.minutes(44),
        words="I really need this today, the shop only holds my order until 18:00. The order is attached.",
        key="3f0c",
        to="claims@carrier.example",
        subject="Fwd: Transfer stuck since this morning",
        text="Can you see where this parcel is?",
        own_files=[
            OwnFile(id=1, name="order-20418.pdf", size=188_400, is_chosen=True),
            OwnFile(id=2, name="logo.png", size=4_200, is_chosen=False),
        ],
        files=[KeptFile(id=5, name="claim-form.pdf", size=90_000)],
        senders=SENDERS,
    )


def stopped(now: datetime) -> ForwardingContext:
    """The same, with what is wrong at its fields."""
    return replace(
        forwarding(now),
        to="claims@carrier, daniel@example.com",
        doubts=[Doubted(Doubt.OTHER_NAME, "order-petra-lang.pdf", "Petra Lang")],
        sure="4a1b",
        errors=[
            FieldError(field="to", code="not_an_address", value="claims@carrier"),
            FieldError(field="cc", code="takes_part", value="daniel@example.com"),
            FieldError(field="files", code="mail_too_large", value="31 MB", limit="25 MB"),
        ],
    )


def address(now: datetime, nav: NavContext) -> AddressPage:
    """An address that wants no automatic mail, seen by one who may undo it."""
    return AddressPage(
        nav=nav,
        address="daniel.kessler@example.org",
        href="/addresses/3/",
        back_href=talk.HREF,
        conversation=4821,
        unsubscribed_at=now - talk.minutes(300),
        brand="Northwind Wallet",
        resubscribe_href="/addresses/3/resubscribe/",
    )


def unsubscribing(state: str) -> UnsubscribingPage:
    """What somebody sees who wants no more automatic mail."""
    return UnsubscribingPage(
        state=state, href="/unsubscribe/1.abc/", brand="Northwind Wallet", address="d…@example.org"
    )
