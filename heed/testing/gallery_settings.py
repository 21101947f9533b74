"""Samples of the pages about mailboxes: in order, in trouble, empty, and filled in wrongly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heed.ui.contexts import AlarmLine, FieldError, NavContext, Option
from heed.web.domains.contexts import (
    DomainContext,
    DomainPage,
    DomainRow,
    DomainsPage,
    KeyLine,
    RecordLine,
)
from heed.web.mail_health.contexts import (
    CheckedMailbox,
    DifferenceLine,
    DifferencesContext,
    DifferencesPage,
    HealthContext,
    HealthPage,
    InboxLine,
    OutageLine,
)
from heed.web.mailboxes.contexts import (
    AddContext,
    AddPage,
    FormContext,
    MailboxContext,
    MailboxesContext,
    MailboxesPage,
    MailboxPage,
    MailboxRow,
    TrialContext,
    TrialLine,
    Typed,
)
from heed.web.round_trips.contexts import RoundTripContext, RoundTripPage

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

HERE = "/settings/mailboxes/"
LONG = "the-department-with-the-very-long-name-that-nobody-ever-shortened@subdomain.northwind-wallet.example"


def rows(now: datetime) -> Sequence[MailboxRow]:
    """One in each state."""
    first = MailboxRow(
        id=1,
        href=f"{HERE}1/",
        inbox="help@northwind.example",
        host="imap.northwind.example",
        user_name="help@northwind.example",
        state="works",
        looked_at=now - timedelta(minutes=1),
        mail_at=now - timedelta(minutes=40),
    )
    return [
        first,
        replace(first, id=2, href=f"{HERE}2/", inbox="kasse@northwind.example", state="new"),
        replace(first, id=3, href=f"{HERE}3/", inbox=LONG, user_name=LONG, backlog=1204),
        replace(
            first,
            id=4,
            href=f"{HERE}4/",
            inbox="billing@northwind.example",
            state="failing",
            reason="login_refused",
            words="[AUTHENTICATIONFAILED] Authentication failed.",
            since_at=now - timedelta(hours=2),
        ),
        replace(first, id=5, href=f"{HERE}5/", inbox="old@northwind.example", state="paused"),
        replace(first, id=6, href=f"{HERE}6/", inbox="sales@northwind.example", state="authorize"),
    ]


def typed() -> Typed:
    """A form as an address filled it."""
    return Typed(
        address="help@northwind.example",
        host="imap.northwind.example",
        port="993",
        user_name="help@northwind.example",
        work_from_on="2026-11-17",
        send_host="smtp.northwind.example",
        send_port="465",
        send_user="help@northwind.example",
        checked_by="*.messagingengine.com",
    )


def form() -> FormContext:
    """A new mailbox's form."""
    return FormContext(
        action=f"{HERE}add/",
        try_href=f"{HERE}try/",
        typed=typed(),
        inboxes=[
            Option(value="inbox:1", label="help@northwind.example", is_chosen=True),
            Option(value="team:2", label="help@northwind.example · Payments, Northwind Wallet"),
        ],
        source="table",
        provider_name="Fastmail",
        login="app_password",
        help_url="https://bank.example/passwords",
    )


def trial() -> TrialContext:
    """Receiving fails for a reason that somebody can do something about, sending works."""
    return TrialContext(
        receiving=TrialLine(
            code="login_refused",
            host="imap.northwind.example",
            port=993,
            words="[AUTHENTICATIONFAILED] Authentication failed.",
            user_name="help@northwind.example",
            login="app_password",
            help_url="https://bank.example/passwords",
        ),
        sending=TrialLine(code="fine", host="smtp.northwind.example", port=465),
        folders=["INBOX", "Archive", "Sent", LONG],
        sent_folder="Sent",
    )


def checked(now: datetime) -> Sequence[CheckedMailbox]:
    """The mailboxes of rows, as their last comparisons found them."""
    first, new, long, failing, *_ = rows(now)
    at = now - timedelta(hours=5)
    return [
        CheckedMailbox(row=first, compared_at=at, there=4102, here=4102, href="/compared/"),
        CheckedMailbox(row=new, href="/compared/"),
        CheckedMailbox(row=long, compared_at=at, there=90, here=81, differences=9, href="/compared/"),
        CheckedMailbox(row=failing, compared_at=at, there=1, here=1, href="/compared/"),
    ]


def healths(now: datetime, nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    """Mail health: all in order, all in trouble, nothing there, and a comparison."""
    page, differences = "mail_health/page.html", "mail_health/differences.html"
    boxes = checked(now)
    inbox = InboxLine(
        id=1,
        address="help@northwind.example",
        last_in_at=now - timedelta(minutes=12),
        last_out_at=now - timedelta(hours=1),
        mailboxes=boxes[:1],
    )
    broken = OutageLine(
        kind="mailbox",
        since_at=now - timedelta(hours=2),
        reason="login_refused",
        words="[AUTHENTICATIONFAILED] Authentication failed.",
        address=LONG,
    )
    trouble = HealthContext(
        looked_at=now,
        outages=[
            broken,
            replace(broken, kind="unfetched", reason="refused"),
            replace(broken, kind="sending", address="billing@northwind.example"),
            replace(broken, kind="parked", reason="mails"),
            replace(broken, kind="stalled", reason="mail"),
        ],
        inboxes=[
            inbox,
            InboxLine(
                id=2,
                address=LONG,
                backlog_in=1204,
                backlog_out=17,
                oldest_out_at=now - timedelta(hours=3),
                not_leaving_since_at=now - timedelta(hours=3),
                mailboxes=boxes[1:],
            ),
            InboxLine(id=3, address="press@northwind.example", trip_href="/trip/"),
            InboxLine(
                id=4,
                address="orders@northwind.example",
                last_in_at=now - timedelta(minutes=3),
                hooks=["postmark", "sendgrid"],
                hooks_href="/hooks/",
                trip_href="/trip/",
            ),
        ],
        parked_mails=3,
        parked_events=1,
        next_href="/more/",
    )
    found = DifferencesContext(
        mailbox=boxes[2],
        rows=[
            DifferenceLine(
                id=n, reason=reason, folder="INBOX", uid=str(n), message_key=f"m{n}@{LONG}" if n % 2 else ""
            )
            for n, reason in enumerate(
                [
                    "not_fetched",
                    "refused",
                    "too_large",
                    "before_work",
                    "parked",
                    "waiting",
                    "deleted_here",
                    "gone_there",
                ],
                1,
            )
        ],
        next_href="/more/",
        look_href="/look/",
    )
    alarmed = replace(nav, alarm=AlarmLine(kind="mailbox", address=LONG, more=3))
    well = HealthContext(looked_at=now, inboxes=[inbox])
    return [
        ("health", page, HealthPage(nav=nav, health=well)),
        ("health-begins", page, HealthPage(nav=nav, health=replace(well, inboxes=trouble.inboxes[:2]))),
        ("health-trouble", page, HealthPage(nav=alarmed, health=trouble)),
        ("health-none", page, HealthPage(nav=nav, health=HealthContext(looked_at=None))),
        ("differences", differences, DifferencesPage(nav=nav, found=found)),
        (
            "differences-none",
            differences,
            DifferencesPage(nav=nav, found=DifferencesContext(mailbox=boxes[0])),
        ),
    ]


def trip(now: datetime) -> RoundTripContext:
    """One that has arrived."""
    return RoundTripContext(
        address="help@northwind.example",
        href="/trip/",
        domain_href="/d/",
        state="arrived",
        began_at=now - timedelta(minutes=1),
        seconds=9,
        host="smtp.northwind.example",
    )


def trips(now: datetime, nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    """A round trip in each state, and a long one that strayed."""
    there = trip(now)
    refused = "550 5.7.1 <" + LONG + ">: Sender address rejected: not owned by user " + LONG
    states = {
        "none": RoundTripContext(address=LONG, href="/trip/", domain_href="/d/"),
        "sent": replace(there, state="sent", is_under_way=True),
        "arrived": there,
        "strayed": replace(there, address=LONG, strayed_to="kasse@northwind.example", seconds=1),
        "late": replace(there, state="late", host=LONG.partition("@")[2]),
        "refused": replace(there, state="not_sent", code="refused", words=refused),
        "unset": replace(there, state="not_sent", code="no_server"),
    }
    return [
        (f"trip-{name}", "round_trips/page.html", RoundTripPage(nav=nav, trip=one))
        for name, one in states.items()
    ]


def domains(nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    """Sending domains: the list, and one where each record stands differently."""
    listed = [DomainRow(href="/d/", name="northwind.example", addresses=["help@northwind.example", LONG])]
    spf = RecordLine(
        kind="spf",
        name="northwind.example",
        state="wrong",
        wanted="v=spf1 include:_spf.example.net include:spf.messagingengine.com ~all",
        value="v=spf1 include:_spf.example.net ~all",
        trouble="lacks_server",
        detail="include:spf.messagingengine.com",
    )
    signing = [Option(value=one, label=one) for one in ("when_found", "always", "never")]
    key = KeyLine(id=2, href="/d/keys/2/", signs=False, signing=signing)
    records = [
        spf,
        replace(spf, kind="dkim", state="found", trouble="", key=replace(key, id=1, signs=True)),
        replace(spf, state="found", trouble=""),
        replace(
            spf,
            kind="dkim",
            name=f"heed._domainkey.{LONG}",
            state="missing",
            value="",
            wanted="v=DKIM1; p=" + "M" * 400,
            key=key,
        ),
        replace(
            spf,
            kind="dmarc",
            name="_dmarc.northwind.example",
            state="unanswered",
            value="",
            wanted="v=DMARC1; p=none",
        ),
    ]
    one = DomainContext(
        name="northwind.example",
        records=records,
        servers=["smtp.fastmail.com"],
        has_key=True,
        href="/d/",
        keys_href="/d/keys/",
        back_href="/settings/domains/",
    )
    return [
        ("domains", "domains/list.html", DomainsPage(nav=nav, domains=listed, next_href="/more/")),
        ("domains-none", "domains/list.html", DomainsPage(nav=nav, domains=[])),
        ("domain", "domains/one.html", DomainPage(nav=nav, domain=one)),
        (
            "domain-bare",
            "domains/one.html",
            DomainPage(nav=nav, domain=replace(one, records=records[-1:], servers=(), has_key=False)),
        ),
    ]


def pages(now: datetime, nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    """Every page of mailboxes in every state that is drawn."""
    listed, add, one = "mailboxes/list.html", "mailboxes/add.html", "mailboxes/one.html"
    wrong = [
        FieldError(field="host", code="required"),
        FieldError(field="password", code="required"),
        FieldError(field="inbox", code="unknown_choice"),
        FieldError(field="send_port", code="malformed"),
    ]
    address = FieldError(field="address", code="not_an_address", value="help")
    shown = rows(now)
    nothing = FormContext(
        action=f"{HERE}add/", try_href=f"{HERE}try/", typed=Typed(), trial=trial(), errors=wrong
    )
    whole = MailboxContext(
        row=shown[3],
        form=replace(form(), is_new=False, inboxes=()),
        look_href="/look/",
        pause_href="/pause/",
        remove_href="/remove/",
        trip=trip(now),
        is_saved=True,
    )
    looked = MailboxContext(row=shown[2])
    return [
        (
            "mailboxes",
            listed,
            MailboxesPage(
                nav=nav, mailboxes=MailboxesContext(rows=shown, add_href="/add/", next_href="/more/")
            ),
        ),
        (
            "mailboxes-none",
            listed,
            MailboxesPage(nav=nav, mailboxes=MailboxesContext(rows=[], add_href="/add/")),
        ),
        (
            "mailbox-add",
            add,
            AddPage(nav=nav, add=AddContext(find_href="/add/", errors=[address], address="help")),
        ),
        (
            "mailbox-form",
            add,
            AddPage(nav=nav, add=AddContext(find_href="/add/", form=form(), address="help@x.example")),
        ),
        ("mailbox-wrong", add, AddPage(nav=nav, add=AddContext(find_href="/add/", form=nothing))),
        ("mailbox", one, MailboxPage(nav=nav, mailbox=whole)),
        ("mailbox-lead", one, MailboxPage(nav=nav, mailbox=looked)),
    ]
