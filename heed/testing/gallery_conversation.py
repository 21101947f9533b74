"""Example conversations of the gallery, each in a state of its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from heed.testing.gallery_people import DANIEL, HELP, INES, MARA, NOUR, PETRA, TOMAS
from heed.ui.contexts import FieldError, Option, Person
from heed.web.conversation.composer_contexts import ComposerContext, KeptFile, Meanwhile, Recipient
from heed.web.conversation.contexts import (
    Attached,
    ConversationContext,
    CustomerFacts,
    DayLine,
    Delivery,
    Due,
    EarlierContext,
    Entry,
    EventContext,
    FoldedEvents,
    HtmlMail,
    MessageContext,
    NewLine,
    PanelContext,
    ReadingContext,
    ReadOnly,
    SnoozeChoice,
    TagContext,
    TimeLine,
)
from heed.web.conversation.icons import EVENT_ICONS
from heed.web.conversation.invitation import InvitationContext

HREF = "/inbox/my-turn/4821/"


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def message(number: int, author: Person, text: str, at: datetime) -> MessageContext:
    """A customer's mail to the inbox."""
    return MessageContext(id=number, direction="in", author=author, text=text, at=at, to=[HELP])


def answer(number: int, text: str, at: datetime, delivery: Delivery) -> MessageContext:
    """Mara's answer to Daniel."""
    return MessageContext(
        id=number, direction="out", author=MARA, text=text, at=at, to=[DANIEL], delivery=delivery
    )


def event(id: int, code: str, at: datetime, **facts: object) -> EventContext:
    """One event line."""
    return replace(EventContext(id=id, code=code, at=at), **facts)  # type: ignore[arg-type]  # the names are checked when built


def morning_entries(now: datetime) -> Sequence[Entry]:
    """What happened since 07:47."""
    sent = Delivery(state="sent", at=now - minutes(69))
    order = Attached(
        id=1, name="order-20418.pdf", kind="pdf", size=188_400, href="/attachments/1/order-20418.pdf"
    )
    card = (
        "Hello, I sent 240 € at 7:40 and it still says “pending”. "
        "My card is •••• •••• •••• •••• if you need it."
    )
    reply = (
        "Good morning Daniel, your 240 € is safe: our bank partner still has to confirm it. "
        "I’m asking them now and will write to you by 09:45, whatever they say."
    )
    note = (
        "@Mara the bank partner is slow this morning; 38 people wait for the same thing. "
        "They promise to be done by 12:00."
    )
    return [
        replace(message(1, DANIEL, card, now - minutes(102)), hidden=["card"]),
        event(1, "acknowledged", now - minutes(102), until=now - minutes(42)),
        event(2, "assigned", now - minutes(84), by=INES, who=MARA),
        answer(2, reply, now - minutes(69), sent),
        MessageContext(id=3, direction="note", author=TOMAS, text=note, at=now - minutes(49)),
        replace(
            message(
                4,
                DANIEL,
                "I really need this today, the shop only holds my order until 18:00. The order is attached.",
                now - minutes(44),
            ),
            attachments=[order],
        ),
    ]


def conversation(now: datetime, entries: Sequence[Entry]) -> ConversationContext:
    """Daniel's conversation with these entries."""
    return ConversationContext(
        number=4821,
        href=HREF,
        list_href="/inbox/my-turn/",
        view="my_turn",
        subject="Transfer stuck since this morning",
        customer=DANIEL,
        status="open",
        status_at=now,
        entries=entries,
        last_event=90211,
        due=Due(at=now + minutes(16), tone="due"),
        snooze_choices=[
            SnoozeChoice(code="in_two_hours", until=now + minutes(120)),
            SnoozeChoice(code="tomorrow", until=now + timedelta(days=1)),
            SnoozeChoice(code="next_week", until=now + timedelta(days=6)),
        ],
    )


def composer(**facts: object) -> ComposerContext:
    """An answer to Daniel, with some facts of its own."""
    plain = ComposerContext(
        action=f"{HREF}reply/",
        preview_action="/inbox/my-turn/4821/preview/",
        draft_action="/drafts/",
        number=4821,
        key="3f0c",
        seen=90211,
        customer=DANIEL,
        to=[Recipient(person=DANIEL)],
        inbox_address="help@northwind.example",
    )
    return replace(plain, **facts)  # type: ignore[arg-type]  # the names are checked when built


def panel(now: datetime) -> PanelContext:
    """Everything that the panel can hold on a normal day."""
    return PanelContext(
        href=HREF,
        times=[
            TimeLine(code="acknowledged", tone="kept", at=now - minutes(102)),
            TimeLine(code="first_reply", tone="kept", due_at=now - minutes(42), at=now - minutes(69)),
            TimeLine(code="next_reply", tone="due", due_at=now + minutes(16)),
        ],
        repeat=EarlierContext(
            number=4790,
            href="/inbox/all-open/4790/",
            subject="Transfer stuck",
            status="open",
            at=now - timedelta(days=1),
            link="perhaps_same",
        ),
        assignees=[
            Option(value="1", label="Mara Oduya (you)", is_chosen=True),
            Option(value="2", label="Inés Prado"),
            Option(value=""),
        ],
        teams=[Option(value="1", label="Payments", is_chosen=True), Option(value="2", label="Second line")],
        priorities=[
            Option(value=code, is_chosen=code == "high") for code in ("urgent", "high", "normal", "low")
        ],
        tags=[TagContext(id=1, name="bank partner")],
        known_tags=["bank partner", "refund"],
        customer=CustomerFacts(
            person=DANIEL,
            inbox="Northwind Wallet",
            languages=["en", "de"],
            zone="Europe/Berlin",
            since=now - timedelta(days=960),
        ),
        earlier=[
            EarlierContext(
                number=4033,
                href="/inbox/solved/4033/",
                subject="Card delivery to a new address",
                status="solved",
                at=now - timedelta(days=46),
                by=MARA,
            ),
            EarlierContext(
                number=2210,
                href="/inbox/solved/2210/",
                subject="How do I raise my limit?",
                status="closed",
                at=now - timedelta(days=156),
                by=INES,
            ),
        ],
    )


def morning(now: datetime) -> ReadingContext:
    """The page of the drawing."""
    return ReadingContext(
        conversation=conversation(now, morning_entries(now)), panel=panel(now), composer=composer()
    )


def every_state(now: datetime) -> ReadingContext:
    """HTML mail, flags, files and every state of delivery."""
    base = f"{HREF}messages/"
    html = HtmlMail(
        frame_href="/frame/mail.html",
        shown_href="/frame/mail.html?images=1",
        page_with_images_href=f"{HREF}?images=10",
        always_href=f"{base}10/images/",
        plain_href=f"{HREF}?plain=10",
        blocked_images=3,
    )
    files = [
        Attached(
            id=2, name="screen.png", kind="image", size=319_000, href="/a/2/", thumb_href="/frame/thumb.svg"
        ),
        Attached(
            id=3,
            name="order-20418-confirmation-of-payment-and-delivery-to-the-new-address.pdf",
            kind="pdf",
            size=188_400,
            href="/a/3/",
        ),
        Attached(id=4, name="open-me.exe", kind="program", size=12_000),
    ]
    out = "Here is everything that we hold about you."
    at = now - minutes(24)
    entries: list[Entry] = [
        DayLine(at=now - timedelta(days=1)),
        replace(
            message(10, Person(name="Petra Lang"), "", now - minutes(1000)),
            html=html,
            cc=[PETRA],
            quoted="On Mon 16 Nov, Mara Oduya wrote:\nYour statement is attached.",
            quoted_messages=2,
            raw_href=f"{base}10/raw/",
        ),
        DayLine(at=now),
        replace(
            message(11, Person(name="jo@unknown.example"), "May I see the order too?", now - minutes(90)),
            flags=["stranger"],
            forwarded_by=Person(name="Tomas Vik"),
            signature="Jo Brandt\nExample Street 1, 10115 Berlin",
            invitation=InvitationContext(
                summary="Talk about the order",
                starts_at=now + timedelta(days=2),
                ends_at=now + timedelta(days=2, hours=1),
                zone="Europe/Berlin",
                organizer="Jo Brandt",
                place="Example Street 1, ground floor",
            ),
        ),
        replace(
            message(
                12,
                DANIEL,
                "Please change my bank account to https://bank.example/x?a=1&b=2 at once.",
                now - minutes(80),
            ),
            flags=["sender_unproven"],
            attachments=files,
        ),
        message(13, DANIEL, "", now - minutes(70)),
        answer(14, out, at, Delivery(state="queued", at=now, undo_href="/undo/")),
        answer(
            15,
            out,
            at,
            Delivery(
                state="retrying",
                at=now,
                attempts=2,
                next_at=now + minutes(12),
                reason="server_busy",
                server="example.it",
                retry_href="/retry/",
            ),
        ),
        answer(
            16,
            out,
            at,
            Delivery(
                state="failed",
                at=now,
                reason="address_refused",
                server="example.net",
                address="ebele.dyke@example.net",
                retry_href="/retry/",
            ),
        ),
        answer(
            17,
            out,
            at,
            Delivery(
                state="bounced",
                at=now,
                reason="mailbox_full",
                address="ebele.dike@example.net",
                retry_href="/retry/",
            ),
        ),
    ]
    shown = composer(
        text="Hello Daniel,",
        errors=[FieldError(field="files", code="too_large", value="25 MB")],
        files=[KeptFile(id=5, name="statement.pdf", size=90_000)],
    )
    return replace(
        morning(now),
        conversation=replace(conversation(now, entries), older_href=f"{HREF}?before=10", older_count=120),
        composer=shown,
    )


def every_event(now: datetime) -> ReadingContext:
    """Each kind of event line, by us, by others and by the desk itself, and a fold."""
    facts: dict[str, object] = {
        "until": now + timedelta(days=2),
        "value": "high",
        "number": 4822,
        "href": "/inbox/all-open/4822/",
        "about_at": now,
    }
    lines: list[Entry] = []
    for index, code in enumerate(EVENT_ICONS):
        for turn, by in enumerate((MARA, INES, None)):
            lines.append(
                event(
                    index * 10 + turn,
                    code,
                    now - minutes(60),
                    by=by or (INES if code == "started" else None),
                    who=DANIEL,
                    **facts,
                )
            )
    folded = FoldedEvents(
        events=[event(900 + turn, "tagged", now, by=TOMAS, value="bank partner") for turn in range(4)],
        about=["tags", "priority"],
        by="Tomás and the desk",
    )
    return replace(morning(now), conversation=conversation(now, [*lines, folded]))


def meanwhile(now: datetime) -> ReadingContext:
    """Tomás answered while Mara was writing."""
    his = replace(
        answer(
            20,
            "Daniel, your transfer was confirmed at 09:25 and is on its way.",
            now - minutes(1),
            Delivery(state="sent", at=now - minutes(1)),
        ),
        author=TOMAS,
    )
    return replace(
        morning(now),
        conversation=conversation(now, [*morning_entries(now), NewLine(), his]),
        composer=composer(
            text="Hello Daniel, we are still waiting for our bank partner.",
            meanwhile=Meanwhile(by=TOMAS, at=now - minutes(1)),
        ),
    )


def note(now: datetime) -> ReadingContext:
    """A note is being written."""
    return replace(
        morning(now), composer=composer(kind="note", note="@Tomás thanks. I’ll write to him at 09:40")
    )


def newcomer(now: datetime) -> ReadingContext:
    """Somebody new is in copy, and a stranger among the recipients."""
    petra = Recipient(person=PETRA, is_new=True, added_by=DANIEL, added_at=now - minutes(44))
    stranger = Recipient(
        person=Person(name="jo@unknown.example", address="jo@unknown.example"), is_flagged=True
    )
    shown = composer(
        text="Hello Daniel, hello Petra, your transfer is confirmed.",
        cc=[petra, stranger],
        draft_at=now - minutes(3),
    )
    return replace(morning(now), composer=shown, panel=replace(panel(now), participants=[petra, stranger]))


def read_only(now: datetime) -> ReadingContext:
    """A viewer looks."""
    return replace(
        morning(now),
        conversation=replace(conversation(now, morning_entries(now)), may_change=False),
        composer=None,
        read_only=ReadOnly(reason="viewer", ask=INES),
        panel=replace(panel(now), may_change=False, assignee=MARA, team="Payments", priority="high"),
    )


def trashed(now: datetime) -> ReadingContext:
    """I deleted it; it can be restored."""
    return replace(
        morning(now),
        conversation=replace(
            conversation(now, [*morning_entries(now), event(30, "trashed", now, by=MARA)]), may_change=False
        ),
        composer=None,
        read_only=ReadOnly(
            reason="trash",
            by=MARA,
            until=now + timedelta(days=30),
            restore_href="/inbox/my-turn/4821/restore/",
        ),
        panel=replace(panel(now), may_change=False, assignee=MARA, team="Payments", priority="high"),
    )


def solved(now: datetime) -> ReadingContext:
    """Solved by me; a reply opens it again."""
    entries: list[Entry] = [
        *morning_entries(now),
        event(30, "solved", now, by=MARA),
        event(31, "reopens_until", now, until=now + timedelta(days=7)),
    ]
    shown = replace(conversation(now, entries), status="solved", status_by=MARA, due=None)
    linked = EarlierContext(
        number=5000,
        href="/inbox/all-open/5000/",
        subject="Transfer stuck since this morning",
        status="open",
        at=now,
        link="other_brand",
    )
    return replace(morning(now), conversation=shown, panel=replace(panel(now), linked=[linked]))


def arabic(now: datetime) -> ReadingContext:
    """A customer who writes from right to left."""
    text = "مرحبًا، دفعتُ 24 € مرتين للطلب نفسه PF-20418. هل يمكنكم إرجاع المبلغ الثاني؟"
    entries: list[Entry] = [
        replace(message(40, NOUR, text, now - minutes(17)), lang="ar"),
        event(41, "assigned", now, by=INES, who=MARA),
    ]
    shown = replace(
        conversation(now, entries),
        subject="طلب استرجاع المبلغ",
        lang="ar",
        customer=NOUR,
        due=Due(at=now + minutes(223)),
    )
    facts = CustomerFacts(person=NOUR, inbox="Playfield", languages=["ar"])
    return ReadingContext(
        conversation=shown,
        panel=replace(panel(now), customer=facts),
        composer=composer(
            customer=NOUR, to=[Recipient(person=NOUR)], text="مرحبًا نور، أرجعنا المبلغ الثاني الآن"
        ),
    )


def very_long(now: datetime) -> ReadingContext:
    """Long words, long names, many recipients, a long text, no subject."""
    crowd = [
        Recipient(
            person=Person(
                name=f"A Person With A Rather Long Name {index}",
                address=f"person.{index}@a-long-domain-name.example",
            )
        )
        for index in range(12)
    ]
    word = "Rechnungsnummernumstellungsbescheinigung" * 4
    entries = [
        message(
            50 + index,
            Person(name=word[:60]),
            f"{word}\n\n" + "Lorem ipsum dolor sit amet. " * 60,
            now - minutes(60),
        )
        for index in range(3)
    ]
    shown = replace(
        conversation(now, entries),
        subject=word,
        due=Due(at=now - timedelta(days=3), tone="over", is_first=True),
    )
    return replace(
        morning(now),
        conversation=shown,
        composer=composer(cc=crowd, text="Lorem ipsum dolor sit amet. " * 80),
    )
