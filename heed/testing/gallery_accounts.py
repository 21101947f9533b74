"""Samples of pages about logging in, of the history, of the first hour and of finding a setting."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heed.kernel.words import BUILT_IN, AgentChange, BrandPart, Deed, FirstStep, Setting, StepOutcome
from heed.people.history import SECTIONS
from heed.ui.contexts import FieldError, NavContext, Option
from heed.web.access.contexts import AccessPage, Without
from heed.web.first_hour.contexts import Day, FirstHourPage, Step
from heed.web.history.contexts import HistoryPage, Line
from heed.web.mailboxes.contexts import AddContext
from heed.web.round_trips.contexts import RoundTripContext
from heed.web.security.contexts import AppPage, FactorRow, PasskeyPage, SecurityPage, SessionRow
from heed.web.settings.contexts import SettingsPage
from heed.web.settings.finding import Hit

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LONG = "Maximiliane-Alexandra von und zu Hohenstein-Wittgenstein-Oettingen"
SECURITY = "/settings/you/security/"


def _security(now: datetime, nav: NavContext, *, codes: Sequence[str] = ()) -> SecurityPage:
    return SecurityPage(
        nav=nav,
        factors=[
            FactorRow(
                kind="totp",
                remove_href=f"{SECURITY}1/remove/",
                added_at=now - timedelta(days=90),
                used_at=now,
            ),
            FactorRow(kind="webauthn", name="مفتاح نور", remove_href=f"{SECURITY}2/remove/", added_at=now),
            FactorRow(kind="webauthn", name=LONG, remove_href=f"{SECURITY}3/remove/", added_at=now),
        ],
        sessions=[
            SessionRow(
                browser="Firefox", system="Linux", begun_at=now - timedelta(days=3), seen_at=now, is_this=True
            ),
            SessionRow(
                browser="Samsung Internet",
                system="Android",
                begun_at=now - timedelta(days=9),
                seen_at=now - timedelta(hours=5),
                end_href=f"{SECURITY}sessions/2/end/",
            ),
            SessionRow(
                browser="", system="", begun_at=now, seen_at=now, end_href=f"{SECURITY}sessions/3/end/"
            ),
        ],
        has_app=True,
        has_others=True,
        codes_left=10,
        codes=codes,
        notice="passkey" if codes else "",
    )


def _history(now: datetime, nav: NavContext) -> HistoryPage:
    told: list[tuple[str, str, str]] = [("setting", code, Deed.CHANGED) for code in Setting]
    told += [("brand", code, Deed.CHANGED) for code in BrandPart]
    told += [("agent", code, Deed.CHANGED) for code in AgentChange]
    return HistoryPage(
        nav=nav,
        lines=[
            Line(
                sort=sort,
                code=code,
                deed=deed,
                at=now - timedelta(hours=hours),
                subject=LONG if hours % 3 == 0 else "",
                who="Mara Oduya" if hours % 2 else "",
                who_href="/settings/history/?by=1" if hours % 2 else "",
            )
            for hours, (sort, code, deed) in enumerate(told)
        ],
        sections=[Option(value=code, is_chosen=code == "brands") for code in SECTIONS],
        section="brands",
        next_href="/settings/history/?before=1",
    )


def _first_hour(nav: NavContext, *, errors: Sequence[FieldError] = (), link: str = "") -> FirstHourPage:
    outcomes = (StepOutcome.DONE, StepOutcome.SKIPPED, StepOutcome.OPEN, StepOutcome.OPEN, StepOutcome.OPEN)
    return FirstHourPage(
        nav=nav,
        steps=[
            Step(code=step, outcome=outcome, is_next=place == 2)
            for place, (step, outcome) in enumerate(zip(FirstStep, outcomes, strict=True))
        ],
        left=3,
        is_greeting=True,
        name="Mara",
        brand_name="Northwind Wallet",
        languages=[Option(value="en", is_chosen=True), Option(value="de")],
        time_zones=[Option(value="UTC"), Option(value="Europe/Berlin", is_chosen=True)],
        days=[
            Day(weekday=day, field=f"hours-{day}", spans="9:00–17:00" if day < 5 else "") for day in range(7)
        ],
        roles=[Option(value=role) for role in BUILT_IN],
        add=AddContext(find_href="/settings/mailboxes/add/"),
        trip=RoundTripContext(
            address="help@northwind.example",
            href="/settings/mail-health/round-trips/1/",
            domain_href="/settings/domains/northwind.example/",
        ),
        link=link,
        errors=errors,
    )


Samples = Sequence[tuple[str, str, "DataclassInstance"]]


def security(now: datetime, nav: NavContext) -> Samples:
    """Second factors and sessions: in order, just made, overdue, wrong."""
    codes = [f"{number:08}" for number in range(12_345_678, 12_345_688)]
    wrong = [FieldError(field="code", code="wrong_code")]
    no_key = [FieldError(field="credential", code="no_passkey"), FieldError(field="name", code="required")]
    bare = SecurityPage(nav=nav, factors=(), sessions=(), has_app=False, due_at=now, is_overdue=True)
    letters = "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"
    app = AppPage(nav=nav, side=21, dark="M4 4h7v7h-7z", letters=letters, errors=wrong)
    return [
        ("security", "security/page.html", _security(now, nav)),
        ("security-made", "security/page.html", _security(now, nav, codes=codes)),
        ("security-overdue", "security/page.html", bare),
        ("security-app", "security/app.html", app),
        ("security-passkey", "security/passkey.html", PasskeyPage(nav=nav, options="{}", errors=no_key)),
    ]


def access(now: datetime, nav: NavContext) -> Samples:
    """Who needs a second factor, filled in wrongly, with a long name and an Arabic one."""
    roles = [Option(value=role, is_chosen=True) for role in BUILT_IN]
    page = AccessPage(
        nav=nav,
        roles=[*roles, Option(value="role-1", label=LONG)],
        grace_days="x",
        most_days=90,
        agents=7,
        without=[
            Without(name=LONG, href="/settings/people/1/", role="lead", due_at=now + timedelta(days=3)),
            Without(name="نور حداد", href="/settings/people/2/", role="agent", due_at=now, is_overdue=True),
            Without(name="Inés", href="/settings/people/3/", role="viewer"),
        ],
        have_one=4,
        errors=[FieldError(field="grace_days", code="no_number", value="90")],
    )
    return [("access", "access/page.html", page)]


def history(now: datetime, nav: NavContext) -> Samples:
    """Every line that there can be, and none."""
    return [
        ("history", "history/page.html", _history(now, nav)),
        ("history-empty", "history/page.html", HistoryPage(nav=nav, lines=(), sections=())),
    ]


def first_hour(nav: NavContext) -> Samples:
    """The five steps: on the way, wrong, with somebody invited."""
    wrong = [FieldError(field="hours-0", code="no_hours")]
    invited = _first_hour(nav, link="https://desk.example/accounts/password/reset/key/x/")
    return [
        ("first-hour", "first_hour/page.html", _first_hour(nav)),
        ("first-hour-wrong", "first_hour/page.html", _first_hour(nav, errors=wrong)),
        ("first-hour-invited", "first_hour/page.html", invited),
    ]


def finding(nav: NavContext) -> Samples:
    """A setting that is found, and none."""
    hours = Hit("brands", "Opening hours", "/settings/brands/1/#hours-part", LONG)
    hits = [hours, Hit("you", "Your password", "/settings/you/#password")]
    return [
        ("settings-found", "settings/home.html", SettingsPage(nav=nav, query="hours", hits=hits)),
        ("settings-not-found", "settings/home.html", SettingsPage(nav=nav, query="<b>zzz</b>")),
    ]
