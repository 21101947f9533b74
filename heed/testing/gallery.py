"""Example contexts of every page: the normal day, the empty one, the failed one, the very long one.

For tests and screenshots. Each builder takes the present instant, so that times read the same
whenever they are rendered.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from heed.eventlog.kinds import MessageReceived
from heed.testing import (
    gallery_accounts,
    gallery_brands,
    gallery_colleagues,
    gallery_customers,
    gallery_identity,
    gallery_lists,
    gallery_notifications,
    gallery_outgoing,
    gallery_search,
    gallery_sending,
    gallery_settings,
    gallery_sides,
    gallery_trash,
)
from heed.testing import gallery_conversation as talk
from heed.testing.gallery_people import DANIEL, INES, MARA, NOUR, TOMAS
from heed.ui.contexts import (
    AlarmLine,
    ErrorContext,
    FieldError,
    Me,
    NavContext,
    NavLink,
    Option,
    Person,
    SectionLink,
    Why,
)
from heed.web.brands.contexts import PreviewFragment
from heed.web.catcher.contexts import CatcherContext, CatcherPage, CaughtMail, CaughtRow
from heed.web.conversation.contexts import ConversationPage, ReadingFragment, TimelineFragment
from heed.web.customers.contexts import CustomerPage
from heed.web.forwarding.contexts import ForwardingPage
from heed.web.inbox.contexts import (
    EmptyList,
    InboxPage,
    ListContext,
    ListFragment,
    NavFragment,
    RowContext,
)
from heed.web.new_conversation.contexts import (
    KnownCustomer,
    KnownFragment,
    NewConversationContext,
    NewConversationPage,
    OpenConversation,
)
from heed.web.search.contexts import FoundFragment
from heed.web.settings.contexts import (
    ParkedContext,
    ParkedDelivery,
    ParkedEvent,
    ParkedMail,
    ParkedPage,
    SettingsPage,
    Taken,
)
from heed.web.settings.sections import SECTIONS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

VIEWS = (("my_turn", 12), ("unassigned", 3), ("waiting", 31), ("solved", None), ("all_open", 1064))


def nav(current: str = "my_turn", *, base: str = "/inbox/my-turn/", section: str = "") -> NavContext:
    """The navigation of Mara, who may see settings."""
    return NavContext(
        me=Me(id=1, name="Mara Oduya", role="lead", team="Payments"),
        views=[
            NavLink(
                href=f"/inbox/{code.replace('_', '-')}/", code=code, count=count, is_current=code == current
            )
            for code, count in (*VIEWS, ("notifications", 3))
        ],
        teams=[NavLink(href="/inbox/all-open/?team=payments", name="Payments", count=41)],
        desk=[
            NavLink(href="/search/", code="search", is_current=current == "search"),
            NavLink(href="/trash/", code="trash", is_current=current == "trash"),
            NavLink(href="/settings/", code="settings", is_current=current == "settings"),
            NavLink(href="/catcher/", code="catcher", is_current=current == "catcher"),
        ],
        sections=[
            SectionLink(code=one.code, href=one.href, is_current=one.code == section) for one in SECTIONS
        ],
        last_event=90211,
        menu_href=f"{base}menu/",
        close_href=base,
    )


def row(
    number: int, who: Person, subject: str, at: datetime, why: Why, *, brand: str = "Northwind Wallet"
) -> RowContext:
    """One row; further facts by dataclasses.replace."""
    return RowContext(
        number=number,
        href=f"/inbox/my-turn/{number}/",
        customer=who,
        subject=subject,
        subject_lang=who.lang,
        at=at,
        why=why,
        brand=brand,
    )


def rows(now: datetime) -> list[RowContext]:
    """My turn on a normal morning, overdue first."""

    def ago(count: float) -> datetime:
        return now - timedelta(minutes=count)

    def due(count: float) -> datetime:
        return now + timedelta(minutes=count)

    soon = partial(Why, code="reply_due", tone="due")
    later = partial(Why, code="reply_due")
    over = partial(Why, code="reply_overdue", tone="over")
    play = "Playfield"
    return [
        replace(
            row(
                4801, Person(name="Jonas Wirth"), "Refund went to my old account", ago(109), over(at=ago(49))
            ),
            priority="high",
        ),
        row(
            4798,
            Person(name="Ebele Dike"),
            "Export of my data",
            ago(24),
            Why(code="not_sent", tone="failed", reason="address_refused"),
        ),
        replace(
            row(
                4790,
                Person(name="佐藤 花", lang="ja"),
                "領収書の宛名を変更したい",
                ago(132),
                over(at=ago(12)),
            ),
            is_unread=True,
        ),
        replace(
            row(4821, DANIEL, "Transfer stuck since this morning", ago(44), soon(at=due(16))),
            priority="high",
            is_current=True,
        ),
        replace(
            row(
                4825,
                Person(name="Lucía Paredes", lang="es"),
                "No puedo entrar en mi cuenta",
                ago(14),
                soon(at=due(41), mails=3),
            ),
            is_unread=True,
        ),
        replace(
            row(
                4824, Person(name="Oskar Lind"), "Invoice with our company name", ago(18), later(at=due(102))
            ),
            is_unread=True,
        ),
        row(
            4829,
            Person(name="Chiara Conti", lang="it"),
            "Il rimborso non è arrivato",
            ago(3),
            later(at=due(117)),
        ),
        row(
            4744,
            Person(name="Peter Okafor"),
            "One account on two phones?",
            ago(939),
            later(at=due(201), assigned_by=INES),
            brand=play,
        ),
        row(
            4812,
            Person(name="Amira Thabet"),
            "Charged twice for one month",
            ago(175),
            later(at=due(211)),
            brand=play,
        ),
        row(4830, NOUR, "طلب استرجاع المبلغ", ago(17), later(at=due(223)), brand=play),
        row(
            4702,
            Person(name="Sofia Nyberg"),
            "Wrong address on my card",
            ago(60 * 90),
            Why(code="back_from_snooze", at=ago(29)),
        ),
        row(
            4819,
            Person(name="Tom Becker"),
            "Limit too low for the rent",
            ago(20),
            Why(code="asks_you", by=TOMAS),
        ),
        row(
            4700,
            Person(name="Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", lang="de"),
            "Rechnungsnummernumstellungsbescheinigung für das laufende Jahr",
            ago(60 * 40),
            later(at=due(60 * 24)),
        ),
        row(4699, Person(name="billing@acme.example"), "", ago(60 * 24 * 40), Why(code="open")),
    ]


def my_turn(now: datetime) -> ListContext:
    """The list on a normal morning."""
    return ListContext(
        view="my_turn",
        href="/inbox/my-turn/",
        rows=rows(now),
        count=14,
        overdue=2,
        not_sent=1,
        new_href="/new/",
        menu_href="/inbox/my-turn/menu/",
    )


def thousand(now: datetime) -> ListContext:
    """A long list: fifty rows of more than 999."""
    some = rows(now)
    many = [replace(some[index % len(some)], number=index + 1, is_current=False) for index in range(50)]
    return ListContext(
        view="all_open",
        href="/inbox/all-open/",
        rows=many,
        count=1064,
        next_href="/inbox/all-open/?after=x",
        new_href="/new/",
        menu_href="/inbox/all-open/menu/",
    )


def solved(now: datetime) -> ListContext:
    """Solved, closed, waiting and snoozed whys."""
    hours = partial(timedelta)
    facts = [
        Why(code="solved", at=now - hours(minutes=27), by=MARA),
        Why(code="solved", at=now - hours(hours=17), by=INES),
        Why(code="closed", at=now - hours(days=3), reason="silence"),
        Why(code="waiting_since", at=now - hours(days=6), back_at=now + hours(days=1)),
        Why(code="waiting_since", at=now - hours(days=1)),
        Why(code="snoozed_until", at=now + hours(hours=20)),
        Why(code="draft", at=now - hours(minutes=27)),
        Why(code="first_reply_due", at=now + hours(minutes=26), tone="due"),
        Why(code="first_reply_overdue", at=now - hours(days=2), tone="over"),
        Why(code="not_sent", tone="failed", reason="bounced"),
    ]
    found = [
        row(number, Person(name="Sam Doyle"), "Where is my receipt?", now - hours(minutes=27 * number), why)
        for number, why in enumerate(facts, 1)
    ]
    return ListContext(view="solved", href="/inbox/solved/", rows=found, menu_href="/inbox/solved/menu/")


def empty_list(code: str, now: datetime) -> ListContext:
    """A list with nothing in it, for each reason."""
    why = EmptyList(
        code=code,
        snoozed=2,
        back_at=now + timedelta(hours=4),
        unassigned=3,
        unassigned_href="/inbox/unassigned/",
        inbox_address="help@northwind.example",
        settings_href="/settings/",
    )
    return ListContext(
        view="all_open" if code == "first_day" else code,
        href="/inbox/my-turn/",
        rows=[],
        empty=why,
        new_href="/new/",
        menu_href="/inbox/my-turn/menu/",
    )


def new_conversation(now: datetime) -> NewConversationContext:
    """To a customer who already has an open conversation, with two fields to mend."""
    del now
    return NewConversationContext(
        action="/new/",
        known_href="/new/known/",
        files_href="/writing/files/",
        replies_href="/new/saved-replies/",
        key="6f1c",
        inboxes=[
            Option(value="1", label="Northwind Wallet, help@northwind.example", is_chosen=True),
            Option(value="2", label="Playfield, hello@playfield.example"),
        ],
        cancel_href="/inbox/my-turn/",
        to="grace.mbeki@example.com",
        cc="petra",
        subject="Your card is on its way",
        text="Hello Grace, you asked on the phone for a new card. It left today and takes two days.",
        known=KnownCustomer(
            person=Person(name="Grace Mbeki"),
            since_year=2023,
            open=[
                OpenConversation(
                    number=4817, href="/inbox/unassigned/4817/", subject="Is my money safe during the move?"
                )
            ],
        ),
        errors=[FieldError(field="cc", code="not_an_address", value="petra")],
    )


def parked(now: datetime) -> ParkedContext:
    """Two mails, a message and an event wait."""
    return ParkedContext(
        mails=[
            ParkedMail(
                id=1,
                at=now - timedelta(minutes=77),
                size=42_900,
                reason="too_deep",
                sender="billing@acme.example",
                value="23",
                limit="20",
                retry_href="/settings/mail/1/retry/",
                raw_href="/settings/mail/1/raw/",
                taken=Taken(who="Inés Prado", at=now - timedelta(minutes=3)),
            ),
            ParkedMail(
                id=2,
                at=now - timedelta(minutes=26),
                size=3_000,
                reason="unknown_charset",
                value="x-none-9",
                attempts=2,
                last_at=now - timedelta(minutes=9),
                retry_href="/settings/mail/2/retry/",
                raw_href="/settings/mail/2/raw/",
            ),
            ParkedMail(
                id=3,
                at=now - timedelta(days=3),
                size=61_000_000,
                reason="failed",
                sender="a" * 90 + "@example.org",
                value="KeyError in read.py",
            ),
        ],
        mails_count=3,
        oldest_at=now - timedelta(days=3),
        deliveries=[
            ParkedDelivery(
                id=7,
                at=now - timedelta(hours=3),
                address="ebele.dyke@example.net",
                reason="address_refused",
                server="example.net",
                number=4798,
                href="/inbox/all-open/4798/",
                retry_href="/settings/deliveries/7/retry/",
            ),
            ParkedDelivery(
                id=8,
                at=now - timedelta(days=4),
                address="x@example.net",
                reason="exhausted",
                server="example.net",
                attempts=12,
                is_acknowledgement=True,
            ),
        ],
        events=[
            ParkedEvent(
                id=90211,
                at=now - timedelta(hours=5),
                kind=MessageReceived.name,
                consumer="promises",
                error="KeyError in hours.py:41",
                number=4790,
                href="/inbox/all-open/4790/",
                retry_href="/settings/events/90211/retry/",
            )
        ],
        retry_mails_href="/settings/mail/retry/",
        retry_events_href="/settings/events/retry/",
        retry_deliveries_href="/settings/deliveries/retry/",
    )


def catcher(now: datetime) -> CatcherContext:
    """Three caught mails, one open."""
    return CatcherContext(
        href="/catcher/",
        rows=[
            CaughtRow(
                id=1,
                href="/catcher/1/",
                to="daniel.kessler@example.org",
                subject="Re: Transfer stuck since this morning",
                at=now - timedelta(minutes=2),
                sender="Northwind Wallet",
                is_current=True,
            ),
            CaughtRow(
                id=2,
                href="/catcher/2/",
                to="nour@example.org",
                subject="طلب استرجاع المبلغ",
                at=now - timedelta(minutes=17),
                sender="Playfield",
            ),
        ],
        next_href="/catcher/?after=2",
        mail=CaughtMail(
            id=1,
            list_href="/catcher/",
            sender="Mara, Northwind Wallet <help@northwind.example>",
            to=["daniel.kessler@example.org"],
            cc=["petra@kessler.example"],
            reply_to="help+r.4821.k2mfxq7c@northwind.example",
            subject="Re: Transfer stuck since this morning",
            at=now - timedelta(minutes=2),
            text="Hello Daniel,\n\nthe bank partner has confirmed your transfer.\n\nMara",
            raw_href="/catcher/1/raw/",
            headers="Message-ID: <a1b2@northwind.example>\nIn-Reply-To: <c3@example.org>",
        ),
    )


def with_subject(now: datetime, subject: str) -> ConversationPage:
    """A conversation's page with a subject of one's choice."""
    reading = talk.morning(now)
    renamed = replace(reading, conversation=replace(reading.conversation, subject=subject))
    return ConversationPage(nav=nav(), list=my_turn(now), reading=renamed)


Sample = tuple[str, str, "DataclassInstance"]
"""A name, a template and its context."""


def pages(now: datetime) -> Sequence[Sample]:
    """Every page in each of its states."""
    day = my_turn(now)
    conversation = "conversation/page.html"
    beside = partial(ConversationPage, nav=nav(), list=day)
    alarm = AlarmLine(kind="sending", address="help@northwind.example")
    return [
        (
            "my-turn",
            "inbox/page.html",
            InboxPage(
                nav=nav(), list=replace(day, rows=[replace(one, is_current=False) for one in day.rows])
            ),
        ),
        ("menu", "inbox/page.html", InboxPage(nav=replace(nav(), is_open=True), list=day)),
        ("thousand", "inbox/page.html", InboxPage(nav=nav("all_open"), list=thousand(now))),
        ("solved", "inbox/page.html", InboxPage(nav=nav("solved"), list=solved(now))),
        ("not-loaded", "inbox/page.html", InboxPage(nav=nav(), list=replace(day, rows=[], not_loaded=True))),
        *(
            (f"empty-{code}", "inbox/page.html", InboxPage(nav=nav(), list=empty_list(code, now)))
            for code in ("my_turn", "unassigned", "waiting", "solved", "all_open", "first_day")
        ),
        ("conversation", conversation, beside(reading=talk.morning(now))),
        ("details", conversation, beside(reading=replace(talk.morning(now), at="panel"))),
        ("states", conversation, beside(reading=talk.every_state(now))),
        ("events", conversation, beside(reading=talk.every_event(now))),
        ("meanwhile", conversation, beside(reading=talk.meanwhile(now))),
        ("note", conversation, beside(reading=talk.note(now))),
        ("newcomer", conversation, beside(reading=talk.newcomer(now))),
        ("doubted", conversation, beside(reading=gallery_identity.doubted(now))),
        *(
            (name, "forwarding/page.html", ForwardingPage(nav=nav(""), forwarding=shown))
            for name, shown in (
                ("forwarding", gallery_outgoing.forwarding(now)),
                ("forwarding-stopped", gallery_outgoing.stopped(now)),
            )
        ),
        *gallery_sides.pages(now, nav("sides")),
        ("address", "triage/address.html", gallery_outgoing.address(now, nav(""))),
        *(
            (f"refused-mail-{state}", "unsubscribing/page.html", gallery_outgoing.unsubscribing(state))
            for state in ("asked", "done", "again", "unknown", "too_often")
        ),
        ("read-only", conversation, beside(reading=talk.read_only(now))),
        ("solved-one", conversation, beside(reading=talk.solved(now))),
        ("right-to-left", conversation, beside(reading=talk.arabic(now))),
        ("long", conversation, beside(reading=talk.very_long(now))),
        ("new", "new_conversation/page.html", NewConversationPage(nav=nav(""), new=new_conversation(now))),
        (
            "new-for",
            "new_conversation/page.html",
            NewConversationPage(
                nav=nav(""), new=replace(new_conversation(now), direction="in", errors=[], known=None, cc="")
            ),
        ),
        (
            "new-doubted",
            "new_conversation/page.html",
            NewConversationPage(
                nav=nav(""),
                new=replace(
                    new_conversation(now), errors=[], doubts=gallery_outgoing.stopped(now).doubts, sure="4a1b"
                ),
            ),
        ),
        *gallery_search.pages(now, nav("search")),
        *gallery_accounts.security(now, nav("settings", section="security")),
        *gallery_accounts.access(now, nav("settings", section="access")),
        *gallery_accounts.history(now, nav("settings", section="history")),
        *gallery_accounts.first_hour(nav("settings", section="first_hour")),
        *gallery_accounts.finding(nav("settings")),
        *gallery_lists.pages(now, nav(""), rows(now)),
        ("settings", "settings/home.html", SettingsPage(nav=nav("settings"))),
        (
            "parked",
            "settings/parked.html",
            ParkedPage(nav=nav("settings", section="parked"), parked=parked(now)),
        ),
        (
            "parked-none",
            "settings/parked.html",
            ParkedPage(nav=nav("settings", section="parked"), parked=ParkedContext(retried=3)),
        ),
        *gallery_customers.pages(now, nav("customers")),
        *(
            (
                f"customer-{code}",
                "customers/page.html",
                CustomerPage(nav=nav(""), customer=gallery_identity.customer(now, code)),
            )
            for code in ("merge", "split", "unknown", "none")
        ),
        *gallery_brands.pages(now, nav("settings", section="brands")),
        *gallery_colleagues.you(nav("settings", section="you")),
        *gallery_colleagues.pages(now, nav("settings", section="people")),
        *gallery_settings.pages(now, nav("settings", section="mailboxes")),
        *gallery_settings.domains(nav("settings", section="domains")),
        *gallery_sending.pages(now, nav("settings", section="sending")),
        *gallery_settings.trips(now, nav("settings", section="mail_health")),
        *gallery_settings.healths(now, nav("settings", section="mail_health")),
        ("alarmed", conversation, beside(nav=replace(nav(), alarm=alarm), reading=talk.morning(now))),
        ("catcher", "catcher/page.html", CatcherPage(nav=nav("catcher"), catcher=catcher(now))),
        (
            "catcher-empty",
            "catcher/page.html",
            CatcherPage(nav=nav("catcher"), catcher=CatcherContext(href="/catcher/", rows=[])),
        ),
        *gallery_notifications.pages(now, nav("notifications")),
        *gallery_trash.pages(now, nav("trash")),
        ("trashed", conversation, beside(reading=talk.trashed(now))),
        ("menu-page", "heed/menu.html", NavFragment(nav=replace(nav(), is_open=True))),
        *(
            (f"refused-{code}", "heed/refused.html", ErrorContext(code=code, back_href="/inbox/"))
            for code in ("already_merged", "not_allowed_now", "unusable")
        ),
        *(
            (f"error-{code}", f"{code}.html", ErrorContext(code=code, back_href="/"))
            for code in ("400", "403", "404", "409", "422", "500", "403_csrf")
        ),
    ]


def fragments(now: datetime) -> Sequence[Sample]:
    """Every fragment that HTMX may ask for alone."""
    reading = talk.morning(now)
    return [
        ("_list", "inbox/_list.html", ListFragment(list=my_turn(now))),
        ("_found", "search/_found.html", FoundFragment(found=gallery_search.found(now))),
        ("_found_rows", "search/_rows.html", FoundFragment(found=gallery_search.found(now))),
        ("_rows", "inbox/_rows.html", ListFragment(list=thousand(now))),
        ("_nav_links", "heed/_nav_links.html", NavFragment(nav=nav())),
        ("_list_again", "inbox/_list_again.html", InboxPage(nav=nav(), list=my_turn(now))),
        *gallery_lists.fragments(now),
        *gallery_sides.fragments(now),
        ("_reading", "conversation/_reading.html", ReadingFragment(reading=reading)),
        ("_timeline", "conversation/_timeline.html", TimelineFragment(conversation=reading.conversation)),
        ("_form", "new_conversation/_form.html", NewConversationPage(nav=nav(), new=new_conversation(now))),
        ("_known", "new_conversation/_known.html", KnownFragment(known=None)),
        ("_parked", "settings/_parked.html", ParkedPage(nav=nav(), parked=parked(now))),
        ("_mail", "catcher/_mail.html", catcher(now)),
        ("_preview", "brands/_preview.html", PreviewFragment(preview=gallery_brands.form().preview)),
    ]
