"""Example contexts of views that people make and of bulk changes: empty, wrong, long, right to left."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heed.conversations.filters import CHOICES, SIGNS, Field
from heed.lists.codes import RowFact, ViewOrder
from heed.testing.gallery_people import DANIEL
from heed.ui.contexts import FieldError, NavContext, NavLink, Option
from heed.ui.list_words import FIELDS
from heed.web.inbox.contexts import InboxPage, ListContext, RowContext, RowFactContext
from heed.web.lists.contexts import (
    BulkChoices,
    BulkPage,
    BulkSaid,
    ChoicesFragment,
    ConditionContext,
    DeletedView,
    EditorContext,
    LeftRow,
    PreviewContext,
    PreviewFragment,
    PreviewRow,
    SaidFragment,
    SnoozeOption,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ARABIC = "كل المحادثات المفتوحة التي لم يجب عنها أحد منذ أكثر من يوم"
Sample = tuple[str, str, "DataclassInstance"]


def editor() -> EditorContext:
    """A view with a condition of each kind."""
    return EditorContext(
        action="/views/7/edit/",
        is_new=False,
        name="Late refunds",
        words='"second invoice"',
        conditions=[
            ConditionContext(
                number=0,
                field=Field.IS,
                kind="choices",
                options=[Option(value=one, is_chosen=one == "open") for one in CHOICES[Field.IS]],
            ),
            ConditionContext(
                number=1, field=Field.TAG, kind="names", text=f"vip, {LONG}", options=[Option(value="vip")]
            ),
            ConditionContext(
                number=2,
                field=Field.UPDATED,
                kind="when",
                is_not=True,
                options=[Option(value=one, is_chosen=one == "7d") for one in ("today", "7d", ">30d", "2w")],
            ),
            ConditionContext(
                number=3,
                field=Field.ON,
                kind="text",
                text="soon",
                error=FieldError(field="on", code="no_date", value="soon"),
            ),
            ConditionContext(
                number=4,
                field=Field.FIELD,
                kind="own",
                own="Order number",
                text="A-1200",
                signs=[Option(value=sign, is_chosen=sign == "=") for sign in ("", *SIGNS)],
            ),
            ConditionContext(
                number=5,
                field=Field.FIELD,
                kind="picks",
                own=ARABIC,
                options=[Option(value="yes", is_chosen=True), Option(value="no"), Option(value=LONG)],
                signs=[Option(value=sign, is_chosen=sign == "=") for sign in ("", *SIGNS)],
            ),
        ],
        fields=list(FIELDS),
        own_fields=["Order number", ARABIC],
        orders=[Option(value=order, is_chosen=order is ViewOrder.PRIORITY) for order in ViewOrder],
        facts=[Option(value=fact, is_chosen=fact is RowFact.TAGS) for fact in RowFact],
        teams=[Option(value="1", label="Payments", is_chosen=True), Option(value="2", label=LONG)],
        typed="is:open tag:vip",
        cancel_href="/inbox/view-7/",
        delete_href="/views/7/delete/",
        errors=[FieldError(field="name", code="required"), FieldError(field="shown", code="too_many")],
    )


def choices(now: datetime) -> BulkChoices:
    """What can be done to those that are picked."""
    return BulkChoices(
        action="/inbox/my-turn/bulk/",
        key="k",
        me=1,
        agents=[Option(value="1", label="Mara Oduya"), Option(value="2", label=LONG)],
        teams=[Option(value="1", label="Payments, Northwind Wallet")],
        tags=["vip", LONG],
        topics=[Option(value="1", label="Money / Refunds"), Option(value="2", label=ARABIC)],
        fields=[Option(value="1", label="Order number")],
        priorities=["urgent", "high", "normal", "low"],
        snoozes=[SnoozeOption(code="tomorrow", until=now + timedelta(hours=20))],
    )


def said() -> dict[str, BulkSaid]:
    """A bulk change in each of its states."""
    rows = [
        LeftRow(number=4801, href="/conversations/4801/", subject=LONG, reason="changed_since"),
        LeftRow(number=4802, href="/conversations/4802/", subject=ARABIC, reason="refused"),
    ]
    done = BulkSaid(
        state="done",
        number=3,
        kind="assign",
        value="Inés Prado",
        done=12,
        same=1,
        left=2,
        rows=rows,
        can_undo=True,
        page_href="/bulk/3/",
        step_href="/bulk/3/step/",
        undo_href="/bulk/3/undo/",
    )
    return {
        "going": replace(done, state="going", total=1240, finished=300),
        "done": done,
        "undoing": replace(done, state="undoing", total=12, finished=5, can_undo=False),
        "undone": replace(done, state="undone", undone=10, kept=2, can_undo=False),
        "refused": BulkSaid(state="refused", field="number", reason="too_many", limit=2000),
    }


def pages(now: datetime, nav: NavContext, day: Sequence[RowContext]) -> list[Sample]:
    """Each page in its states."""
    names = ("Late refunds", ARABIC, LONG)
    made = [
        NavLink(href=f"/inbox/view-{place}/", code="made", name=name, count=1001, is_current=place == 7)
        for place, name in enumerate(names, 7)
    ]
    nav = replace(nav, made=made, new_view_href="/views/new/")
    facts = (RowFactContext(kind="tags", text=f"vip, {LONG}"), RowFactContext(kind="opened", at=now))
    rows = [replace(row, facts=facts, is_picked=place in (1, 2)) for place, row in enumerate(day)]
    shown = ListContext(
        view="view",
        href="/inbox/view-7/",
        rows=rows,
        name="Late refunds",
        team="Payments",
        count=1000,
        count_is_more=True,
        next_href="/inbox/view-7/?after=x",
        edit_href="/views/7/edit/",
        new_view_href="/views/new/",
        bulk_href="/inbox/view-7/bulk/",
        menu_href="/inbox/view-7/menu/",
        new_href="/new/",
    )
    new = EditorContext(
        action="/views/new/",
        fields=list(FIELDS),
        own_fields=["Order number", ARABIC],
        orders=[Option(value=order) for order in ViewOrder],
        facts=[Option(value=fact) for fact in RowFact],
        cancel_href="/inbox/my-turn/",
    )
    lists = {
        "view": shown,
        "view-compact": replace(shown, is_compact=True, name=ARABIC, next_href=""),
        "view-picked": replace(shown, bulk=choices(now), name=LONG),
        "view-deleted": replace(shown, deleted=DeletedView(name=LONG, restore_href="/views/8/restore/")),
        "view-new": replace(shown, rows=(), name="", editor=new),
        "view-edit": replace(shown, rows=(), editor=editor()),
    }
    return [
        *((name, "inbox/page.html", InboxPage(nav=nav, list=one)) for name, one in lists.items()),
        *(
            (f"bulk-{name}", "lists/bulk.html", BulkPage(nav=nav, said=one, back_href="/inbox/my-turn/"))
            for name, one in said().items()
        ),
    ]


def fragments(now: datetime) -> list[Sample]:
    """What HTMX gets alone."""
    row = PreviewRow(number=1, name=DANIEL.name, subject=ARABIC, at=now)
    preview = PreviewContext(count=1000, is_more=True, rows=[row] * 8, next_hint=True)
    return [
        ("bulk-choices", "lists/_bulk_choices.html", ChoicesFragment(bulk=choices(now))),
        ("bulk-said", "lists/_bulk_said.html", SaidFragment(said=said()["done"])),
        ("view-preview", "lists/_preview.html", PreviewFragment(preview=preview)),
        ("view-preview-none", "lists/_preview.html", PreviewFragment(preview=PreviewContext())),
    ]
