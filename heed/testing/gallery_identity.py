"""States of who wrote it: held mail, senders proven or not, careful sending, and the page of a customer."""

from dataclasses import replace
from datetime import datetime, timedelta

from heed.testing import gallery_customers
from heed.testing.gallery_conversation import composer, conversation, event, message, morning, panel
from heed.testing.gallery_people import DANIEL, MARA, PETRA, TOMAS
from heed.ui.contexts import Person
from heed.web.conversation.composer_contexts import Elsewhere, Recipient
from heed.web.conversation.contexts import ConversationContext, EarlierContext, Entry, ReadingContext, Sender
from heed.web.customers.contexts import AddressRow, CustomerContext, MoveRow, Preview

STRANGER = Person(name="jo@unknown.example", address="jo@unknown.example")
MINUTE = timedelta(minutes=1)


def _entries(now: datetime) -> list[Entry]:
    said = (
        ("proven", "dmarc", "", DANIEL, ()),
        ("likely", "usual_path", "hosting.example", DANIEL, ()),
        ("unknown", "form", "", PETRA, ()),
        ("failed", "dmarc_failed", "", DANIEL, ("sender_unproven",)),
        ("forged_ours", "spf_failed", "", MARA, ("forged",)),
        ("unknown", "other_domain", "bulk.example", STRANGER, ("stranger",)),
    )
    entries: list[Entry] = [
        replace(
            message(70 + place, who, "Please send me the statement.", now - (60 - place) * MINUTE),
            sender=Sender(confidence=confidence, because=because, path=path),
            flags=flags,
            hold="rejected" if because == "spf_failed" else "held" if flags else "",
            decide_href=f"/messages/{70 + place}/",
            answers_at=[STRANGER] if because == "usual_path" else (),
        )
        for place, (confidence, because, path, who, flags) in enumerate(said)
    ]
    entries += [event(79, "admitted", now, by=MARA), event(80, "customer_changed", now, by=TOMAS, who=DANIEL)]
    return entries


def doubted(now: datetime) -> ReadingContext:
    """Every confidence, what is held, and an answer that needs care."""
    shown: ConversationContext = conversation(now, _entries(now))
    petra = Recipient(person=PETRA, is_new=True, is_outside=True, is_unproven=True)
    stranger = Recipient(person=STRANGER, is_flagged=True)
    form = composer(
        text="Here it is.",
        cc=[petra, stranger],
        removed=[TOMAS],
        company="example.org",
        to_vouch=[STRANGER],
        elsewhere=Elsewhere(
            by=Person(name="Gita Rao"),
            at=now - 5 * MINUTE,
            brand="Kestrel Maps",
            number=5000,
            href="/conversations/5000/",
            text="Hello Daniel, we have sent you the map this morning.",
            event=7,
        ),
    )
    return replace(
        morning(now),
        conversation=shown,
        composer=form,
        panel=replace(panel(now), participants=[stranger]),
        remembered=gallery_customers.remembered(now),
    )


def customer(now: datetime, code: str = "merge") -> CustomerContext:
    """A customer with addresses, moves and conversations, and a look at what a change would do."""
    previews = {
        "merge": Preview(
            code="merge",
            action="/customers/7/merge/",
            field="other",
            value="8",
            other=PETRA,
            addresses=["petra@example.net", "petra.lang@work.example"],
            conversations=3,
            typed="petra@example.net",
        ),
        "split": Preview(
            code="split",
            action="/customers/7/split/",
            field="identity",
            value="9",
            addresses=["d@home.example"],
        ),
        "unknown": Preview(code="unknown", typed="never@example.org"),
    }
    return CustomerContext(
        href="/customers/7/",
        person=DANIEL,
        since=now - timedelta(days=400),
        addresses=[
            AddressRow(address="daniel@example.org", split_href="/customers/7/?split=8"),
            AddressRow(address="d@home.example", split_href="/customers/7/?split=9"),
        ],
        conversations=[
            EarlierContext(
                number=4821,
                href="/conversations/4821/",
                subject="Transfer stuck",
                status="open",
                at=now,
                by=MARA,
            )
        ],
        profile=gallery_customers.profile(code),
        notes=gallery_customers.notes(now),
        note_form=gallery_customers.note_form(),
        tried=gallery_customers.tried(now),
        next_href="/customers/7/?after=4821",
        moves=[
            MoveRow(
                kind="merge",
                other=PETRA,
                is_from_other=True,
                addresses=1,
                conversations=2,
                at=now - timedelta(days=2),
                by=MARA,
                undo_href="/customers/moves/1/undo/",
            ),
            MoveRow(
                kind="split",
                other=TOMAS,
                is_from_other=False,
                addresses=1,
                conversations=1,
                at=now - timedelta(days=3),
                undone_at=now,
            ),
        ],
        may_change=True,
        preview=previews.get(code),
    )
