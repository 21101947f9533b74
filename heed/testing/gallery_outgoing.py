"""Example pages of what leaves the desk beside answers: asides, and automatic mail that somebody wants no more of."""

from dataclasses import replace
from datetime import datetime

from heed.conversations.doubts import Doubt, Doubted
from heed.testing import gallery_conversation as talk
from heed.testing.gallery_people import DANIEL, HELP, MARA
from heed.ui.contexts import FieldError, NavContext, Option, Person
from heed.web.conversation.composer_contexts import KeptFile
from heed.web.conversation.contexts import Delivery, MessageContext, ReadingContext, Sender
from heed.web.forwarding.contexts import ForwardingContext, OwnFile
from heed.web.triage.contexts import AddressPage
from heed.web.unsubscribing.contexts import UnsubscribingPage

CARRIER = Person(name="Swift Parcels claims", address="claims@carrier.example")
SENDERS = [
    Option(value="help@northwind.example"),
    Option(value="billing@northwind.example", is_chosen=True),
]


def asides(now: datetime) -> ReadingContext:
    """A message passed on, what the carrier and somebody else said to it, and one that can still be taken back."""
    order = list(talk.morning_entries(now))[-1]
    assert isinstance(order, MessageContext)
    at = now - talk.minutes(30)
    passed_on = MessageContext(
        id=20,
        direction="aside_out",
        author=MARA,
        text="Can you see where this parcel is?",
        at=at,
        to=[CARRIER],
        attachments=order.attachments,
        delivery=Delivery(state="sent", at=at),
        forward_href="/messages/20/forward/",
        passes_on=4,
    )
    answered = MessageContext(
        id=21,
        direction="aside_in",
        author=CARRIER,
        text="It lies in Leipzig and leaves at noon.",
        at=now - talk.minutes(20),
        to=[HELP],
        sender=Sender(confidence="proven", because="dmarc"),
        forward_href="/messages/21/forward/",
    )
    stranger = replace(
        answered,
        id=22,
        author=Person(name="depot@elsewhere.example", address="depot@elsewhere.example"),
        text="Which parcel?",
        flags=["outsider"],
        sender=None,
        at=now - talk.minutes(10),
        forward_href="/messages/22/forward/",
    )
    waiting = replace(
        passed_on,
        id=23,
        text="",
        attachments=[],
        at=now,
        delivery=Delivery(
            state="held", at=now, next_at=now, leaves_in=8, undo_href="/undo/", undo_leads_away=True
        ),
        forward_href="",
    )
    entries = [replace(order, forward_href="/messages/4/forward/"), passed_on, answered, stranger, waiting]
    return ReadingContext(
        conversation=talk.conversation(now, entries),
        panel=talk.panel(now),
        composer=talk.composer(senders=SENDERS, text="Hello Daniel,"),
    )


def forwarding(now: datetime) -> ForwardingContext:
    """A message that goes to the carrier, with everything that the form can hold."""
    return ForwardingContext(
        action="/messages/4/forward/",
        is_answer=False,
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


def answering(now: datetime) -> ForwardingContext:
    """What the carrier said is answered."""
    return replace(
        forwarding(now),
        action="/messages/21/forward/",
        is_answer=True,
        author=CARRIER,
        words="It lies in Leipzig and leaves at noon.",
        to="Swift Parcels claims <claims@carrier.example>",
        subject="Re: Fwd: Transfer stuck since this morning",
        text="",
        own_files=[],
        files=[],
        senders=(),
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
