"""States of what is known of customers: list, profile, notes, and what was tried."""

from datetime import datetime, timedelta

from heed.conversations.passages import Piece
from heed.testing.gallery_people import DANIEL, MARA, TOMAS
from heed.ui.contexts import FieldError, NavContext, Option
from heed.web.conversation.remembered import NoteLine, RememberedContext, TriedRow
from heed.web.customers.contexts import CustomerRow, ListContext, ListPage, NoteForm, NoteRow, ProfileForm

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def profile(code: str) -> ProfileForm:
    """All that may be known; as typed and not usable where another state of the page is shown."""
    wrong = code == "unknown"
    return ProfileForm(
        href="/customers/7/profile/",
        name="Daniel Okafor" * (12 if wrong else 1),
        company=LONG,
        language="de",
        time_zone="Europe/Berlin",
        addressed_as="Herr Dr. Okafor, förmlich",
        preferred_channel="phone",
        wants_no_automatic_mail=True,
        languages=[Option(value=one, label=one, is_chosen=one == "de") for one in ("ar", "de", "en")],
        time_zones=[Option(value=one, label=one) for one in ("Africa/Lagos", "Europe/Berlin")],
        channels=[Option(value=one, label=one) for one in ("email", "phone", "chat")],
        company_href="/customers/?q=x",
        errors=[FieldError(field="name", code="too_long", value="120")] if wrong else (),
    )


def notes(now: datetime) -> list[NoteRow]:
    """One of one's own, one of a colleague, in another script and with a very long word."""
    return [
        NoteRow(
            id=2,
            author=MARA,
            brand="Linden Bikes",
            text=f"Ask for the frame number first.\n\n{LONG}",
            written_at=now - timedelta(days=2),
            changed_at=now,
            href="/customers/notes/2/",
            erase_href="/customers/notes/2/erase/",
        ),
        NoteRow(
            id=1,
            author=TOMAS,
            brand="Kestrel Maps",
            text="يفضّل أن نتصل به بعد الظهر.",
            written_at=now - timedelta(days=90),
        ),
    ]


def note_form() -> NoteForm:
    """Where the reader knows the customer in two brands."""
    brands = [Option(value="1", label="Linden Bikes"), Option(value="2", label="Kestrel Maps")]
    return NoteForm(href="/customers/7/notes/", brands=brands)


def tried(now: datetime) -> list[TriedRow]:
    """Everything that may have become of it, here and in another conversation."""
    told = (
        ("Restarted the app", "did_not_help", 4821),
        ("Asked the bank to send the transfer again", "unknown", 4821),
        (f"Another card, {LONG}", "partly", 4700),
        ("Cleared the cache", "helped", 4700),
    )
    return [
        TriedRow(
            id=place,
            what=what,
            outcome=outcome,
            by=TOMAS,
            at=now - timedelta(hours=place),
            number=number,
            href="" if number == 4821 else f"/conversations/{number}/",
            may_change=number == 4821,
        )
        for place, (what, outcome, number) in enumerate(told, 1)
    ]


def remembered(now: datetime) -> RememberedContext:
    """Beside a conversation."""
    return RememberedContext(
        href="/inbox/my-turn/4821/",
        tried=tried(now),
        notes=[NoteLine(author=note.author, text=note.text, at=note.written_at) for note in notes(now)],
        more_notes=3,
        customer_href="/customers/7/",
        addressed_as="Herr Dr. Okafor",
        preferred_channel="phone",
        wants_no_automatic_mail=True,
        may_change=True,
    )


def listed(now: datetime, *, text: str = "") -> ListContext:
    """The list; with a text that nobody has, nothing."""
    names = (DANIEL.name, "دالية حداد", LONG)
    rows = [
        CustomerRow(
            number=place,
            href=f"/customers/{place}/",
            name=[Piece(name)],
            address=[Piece("daniel@"), Piece("example", is_marked=True), Piece(".org")],
            company=[Piece(LONG)] if place == 1 else (),
            at=now - timedelta(days=place),
            subject="Transfer stuck" if place < 3 else "",
            status="open",
        )
        for place, name in enumerate(names, 1)
    ]
    return ListContext(
        href="/customers/",
        text=text,
        rows=() if text else rows,
        next_href="" if text else "/customers/?after=1",
    )


def pages(now: datetime, nav: NavContext) -> list[tuple[str, str, ListPage]]:
    """The list with customers, and with nobody found."""
    return [
        ("customers", "customers/list.html", ListPage(nav=nav, list=listed(now))),
        ("customers-none", "customers/list.html", ListPage(nav=nav, list=listed(now, text="Nobody"))),
    ]
