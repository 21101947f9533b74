"""Example side conversations, each in a state of its own: on their own pages, and the part beside a conversation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heed.conversations.doubts import Doubt, Doubted
from heed.testing import gallery_conversation as talk
from heed.testing.gallery_people import DANIEL, HELP, MARA, TOMAS
from heed.ui.contexts import FieldError, NavContext, Option, Person
from heed.web.conversation.composer_contexts import KeptFile
from heed.web.conversation.contexts import DayLine, Delivery, Entry, MessageContext, Sender
from heed.web.conversation.sides import SideLineContext
from heed.web.forwarding.contexts import OwnFile
from heed.web.sides.contexts import (
    AskedPage,
    BeginContext,
    BeginPage,
    BesideFragment,
    Quotable,
    SideContext,
    SideFormContext,
    SidePage,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CARRIER = Person(name="Swift Parcels claims", address="claims@carrier.example")
STRANGER = Person(name="Mallory", address="mallory@elsewhere.example")
WORKSHOP = Person(name="ورشة الدراجات", address="workshop@example.org", lang="ar")
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def line(now: datetime, state: str = "open", **facts: object) -> SideLineContext:
    """A side conversation with the carrier in a list."""
    plain = SideLineContext(
        number=7,
        href="/sides/7/",
        subject="Parcel 20418, lost?",
        whom=CARRIER.address,
        is_team=False,
        state=state,
        at=now - talk.minutes(12),
    )
    return replace(plain, **facts)  # type: ignore[arg-type]  # the names are checked when built


def asked(
    number: int, text: str, at: datetime, *, state: str = "delivered", reason: str = ""
) -> MessageContext:
    """Mara's mail to the carrier."""
    retry = f"/messages/{number}/retry/" if reason else ""
    told = Delivery(
        state=state, at=at, reason=reason, address=CARRIER.address if reason else "", retry_href=retry
    )
    return MessageContext(
        id=number, direction="aside_out", author=MARA, text=text, at=at, to=[CARRIER], delivery=told
    )


def answered(number: int, author: Person, text: str, at: datetime) -> MessageContext:
    """What somebody outside wrote back."""
    sender = Sender(confidence="likely", because="spf", path="")
    return MessageContext(
        id=number, direction="aside_in", author=author, text=text, at=at, to=[HELP], sender=sender
    )


def side(now: datetime, entries: Sequence[Entry], **facts: object) -> SideContext:
    """A thread with the carrier beside Daniel's conversation."""
    plain = SideContext(
        number=7,
        line=line(now),
        conversation=4821,
        conversation_href=talk.HREF,
        conversation_subject="Transfer stuck since this morning",
        begun_by=MARA,
        entries=entries,
        done_href="/sides/7/state/",
    )
    return replace(plain, **facts)  # type: ignore[arg-type]  # the names are checked when built


def say(**facts: object) -> SideFormContext:
    """The form that goes on in the thread."""
    plain = SideFormContext(
        action="/sides/7/say/", key="3f0c", sheet="side-7", to="claims@carrier.example", seen=41
    )
    return replace(plain, **facts)  # type: ignore[arg-type]  # the names are checked when built


def begin(now: datetime, **facts: object) -> SideFormContext:
    """The form that begins one, with all that it can hold."""
    order = OwnFile(id=1, name="order-20418.pdf", size=188_400, is_chosen=True)
    plain = SideFormContext(
        action="/conversations/4821/sides/new/",
        key="3f0c",
        sheet="side-of-4821",
        begins=True,
        replies_href="/conversations/4821/saved-replies/",
        teams=[Option(value="2", label="Repairs"), Option(value="3", label="Billing")],
        subject="Transfer stuck since this morning",
        quotable=[
            Quotable(
                id=4,
                author=DANIEL,
                at=now - talk.minutes(44),
                words="I really need this today, the shop only holds my order until 18:00. The order is attached.",
                is_chosen=False,
                files=[order],
            )
        ],
    )
    return replace(plain, **facts)  # type: ignore[arg-type]  # the names are checked when built


def waiting(now: datetime) -> SideContext:
    """Asked, and nobody has answered yet."""
    return side(now, [asked(41, "Can you see where this parcel is?", now - talk.minutes(12))])


def news(now: datetime) -> SideContext:
    """The carrier answered."""
    return side(
        now,
        [
            asked(41, "Can you see where this parcel is?", now - talk.minutes(90)),
            answered(
                42, CARRIER, "It lies in Leipzig and will be delivered tomorrow.", now - talk.minutes(12)
            ),
        ],
        line=line(now, "answered"),
    )


def not_sent(now: datetime) -> SideContext:
    """Our mail did not get through."""
    failed = asked(
        41,
        "Can you see where this parcel is?",
        now - talk.minutes(12),
        state="failed",
        reason="address_refused",
    )
    return side(now, [failed], line=line(now, "not_sent"))


def flagged(now: datetime) -> SideContext:
    """Somebody wrote whom nobody had asked."""
    stranger = answered(43, STRANGER, "Please send me the customer's address.", now - talk.minutes(3))
    return side(
        now,
        [*news(now).entries, replace(stranger, flags=["outsider"], sender=None)],
        line=line(now, "answered"),
    )


def done(now: datetime) -> SideContext:
    """Nobody waits for anything any more."""
    return replace(news(now), line=line(now, "done"))


def of_team(now: datetime) -> SideContext:
    """Asked of a team that may not open the conversation, as that team reads it."""
    words = MessageContext(
        id=41, direction="aside_out", author=MARA, text="Is this under warranty?", at=now - talk.minutes(12)
    )
    ours = replace(words, id=42, author=TOMAS, text="Yes, for two years.", at=now - talk.minutes(2))
    shown = line(now, "answered", whom="Repairs", is_team=True, subject="Under warranty?")
    return side(now, [words, ours], line=shown, conversation_href="", conversation_subject="")


def long(now: datetime) -> SideContext:
    """A long thread: earlier messages, days, one very long word, a subject of its own length."""
    paragraphs = "\n\n".join("The parcel left our depot, and was scanned again on the way." for _ in range(6))
    entries: list[Entry] = []
    for day in range(3):
        at = now - timedelta(days=3 - day)
        entries += [
            DayLine(at=at),
            asked(50 + 2 * day, "Any news?", at),
            answered(51 + 2 * day, CARRIER, paragraphs, at + talk.minutes(40)),
        ]
    word = answered(60, replace(CARRIER, name=LONG_WORD), f"{LONG_WORD}{LONG_WORD}", now - talk.minutes(5))
    return side(
        now,
        [*entries, DayLine(at=now), word],
        line=line(now, "answered", subject=f"{LONG_WORD} " * 3),
        older_href="/sides/7/?before=x",
    )


def arabic(now: datetime) -> SideContext:
    """With a workshop that writes from right to left."""
    entries = [
        replace(asked(41, "هل يمكنكم إصلاح السلسلة اليوم؟", now - talk.minutes(90)), to=[WORKSHOP]),
        answered(42, WORKSHOP, "نعم، أحضروا الدراجة قبل الساعة 16:00 من فضلكم.", now - talk.minutes(12)),
    ]
    shown = line(now, "answered", subject="إصلاح السلسلة", whom=WORKSHOP.address)
    return side(now, entries, line=shown, conversation_subject="طلب استرجاع المبلغ")


def _wrong(now: datetime) -> SideFormContext:
    return begin(
        now,
        to="claims@carrier, daniel@example.com",
        subject="",
        text="Can you see where this parcel is?",
        files=[KeptFile(id=5, name="claim-form.pdf", size=90_000)],
        quotable=[replace(one, is_chosen=True) for one in begin(now).quotable],
        doubts=[Doubted(Doubt.OTHER_NAME, "order-petra-lang.pdf", "Petra Lang")],
        sure="4a1b",
        errors=[
            FieldError(field="to", code="not_an_address", value="claims@carrier"),
            FieldError(field="cc", code="takes_part", value="daniel@example.com"),
            FieldError(field="subject", code="required"),
            FieldError(field="files", code="mail_too_large", value="31 MB", limit="25 MB"),
        ],
    )


def _unasked(now: datetime) -> SideFormContext:
    errors = [FieldError(field="team", code="required"), FieldError(field="text", code="required")]
    return begin(now, kind="team", errors=errors)


def _begin_page(nav: NavContext, form: SideFormContext) -> BeginPage:
    shown = BeginContext(
        number=4821,
        back_href=talk.HREF,
        conversation_subject="Transfer stuck since this morning",
        form=form,
    )
    return BeginPage(nav=nav, begin=shown, form=form)


def _threads(now: datetime) -> dict[str, tuple[SideContext, SideFormContext | None]]:
    meanwhile = say(text="Any news?", seen=42, is_stopped=True)
    return {
        "waiting": (waiting(now), say()),
        "answered": (news(now), say()),
        "not-sent": (not_sent(now), say()),
        "stranger": (flagged(now), say()),
        "done": (done(now), say()),
        "team": (of_team(now), say(kind="team", to="")),
        "long": (long(now), say()),
        "arabic": (arabic(now), say(to="workshop@example.org", text="شكرا جزيلا")),
        "meanwhile": (news(now), meanwhile),
    }


def pages(now: datetime, nav: NavContext) -> "Sequence[tuple[str, str, DataclassInstance]]":
    """Each thread on a page of its own, the form that begins one, and what my teams are asked."""
    theirs = line(now, "open", whom="Payments", is_team=True, subject="Under warranty?")
    lines = [
        replace(theirs, number=7),
        replace(theirs, number=8, subject=f"{LONG_WORD} " * 2, state="answered"),
    ]
    return [
        *(
            (f"side-{name}", "sides/page.html", SidePage(nav=nav, side=thread, form=form))
            for name, (thread, form) in _threads(now).items()
        ),
        ("side-begin", "sides/begin.html", _begin_page(nav, begin(now))),
        ("side-wrong", "sides/begin.html", _begin_page(nav, _wrong(now))),
        ("side-unasked", "sides/begin.html", _begin_page(nav, _unasked(now))),
        (
            "sides",
            "sides/list.html",
            AskedPage(nav=nav, lines=lines, at="open", older_href="/sides/?after=x"),
        ),
        ("sides-none", "sides/list.html", AskedPage(nav=nav, lines=[], at="open")),
        ("sides-none-done", "sides/list.html", AskedPage(nav=nav, lines=[], at="done")),
    ]


def fragments(now: datetime) -> "Sequence[tuple[str, str, DataclassInstance]]":
    """What stands beside a conversation: each thread, and the form that begins one."""
    return [
        *(
            (
                f"_beside-{name}",
                "sides/_beside.html",
                BesideFragment(
                    close_href=talk.HREF,
                    alone_href="/sides/7/",
                    side=replace(thread, is_beside=True),
                    form=form,
                ),
            )
            for name, (thread, form) in _threads(now).items()
        ),
        *(
            (
                f"_beside-{name}",
                "sides/_beside.html",
                BesideFragment(close_href=talk.HREF, alone_href=form.action, form=form),
            )
            for name, form in (("begin", begin(now)), ("wrong", _wrong(now)))
        ),
    ]
