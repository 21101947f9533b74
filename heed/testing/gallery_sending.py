"""Samples of the pages about sending: ways out, what a provider asks, and what can't be used."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from heed.kernel.outbound import PROVIDERS
from heed.testing.gallery_settings import LONG, trip
from heed.ui.contexts import FieldError, NavContext, Option
from heed.web.sending.contexts import InboxForm, InboxPage, InboxRow, ProviderField, SendingPage, WayForm
from heed.web.sending.servers import TypedServer

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

HERE = "/settings/sending/"


def rows() -> Sequence[InboxRow]:
    """An inbox for each way out, one that can't be read, and a long one."""
    first = InboxRow(
        href=f"{HERE}1/",
        address="help@northwind.example",
        brand="Northwind Wallet",
        way="smtp",
        where="smtp.northwind.example",
    )
    return [
        first,
        replace(first, address=LONG, way="provider", where="Postmark"),
        replace(first, address="kasse@northwind.example", way="desk", where="mail.northwind.example"),
        replace(first, address="press@northwind.example", way="desk", where=""),
        replace(first, address="old@northwind.example", where=""),
    ]


def inbox(now: datetime, nav: NavContext) -> InboxPage:
    """One with a server of its own."""
    return InboxPage(
        nav=nav,
        address="help@northwind.example",
        form=InboxForm(
            href=f"{HERE}1/",
            further=["hello@northwind.example", LONG],
            plus=[Option(value=one, label=one) for one in ("everywhere", "replies", "nowhere")],
            sender_name=[Option(value=one, label=one) for one in ("brand", "agent_and_brand")],
            brand="Northwind Wallet",
            an_hour="500",
            desk_megabytes=25,
        ),
        way=WayForm(
            href=f"{HERE}1/way/",
            page_href=f"{HERE}1/",
            way="smtp",
            where="smtp.northwind.example",
            opened="smtp",
            has_desk_server=True,
            server=TypedServer(host="smtp.northwind.example", port="465", user="help@northwind.example"),
            providers=[Option(value=code, label=one.name) for code, one in PROVIDERS.items()],
        ),
        trip=trip(now),
        domains=[("northwind.example", "/d/"), (LONG.partition("@")[2], "/d/")],
        is_saved=True,
    )


def pages(now: datetime, nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    """Every page of sending in every state that is drawn."""
    listed, one = "sending/sending.html", "sending/inbox.html"
    own = inbox(now, nav)
    fields = [
        ProviderField(name="server_token", is_secret=True, is_needed=True, is_kept=True),
        ProviderField(name="api_url", is_secret=False, is_needed=False, value="http://northwind.example"),
        ProviderField(name="message_stream", is_secret=False, is_needed=False, value="outbound"),
    ]
    told = replace(
        own.way,
        way="provider",
        where="Postmark",
        opened="provider",
        has_desk_server=False,
        provider="postmark",
        provider_name="Postmark",
        reports=True,
        hooks_href="/settings/mail-hooks/",
        fields=fields,
        errors=[FieldError(field="api_url", code="unusable")],
    )
    token = replace(own.way, by_token=True, mailbox_href="/m/")
    wrong = replace(own.form, errors=[FieldError(field="address", code="malformed")])
    return [
        ("sending", listed, SendingPage(nav=nav, rows=rows(), next_href="/more/")),
        ("sending-none", listed, SendingPage(nav=nav)),
        ("sending-inbox", one, own),
        ("sending-provider", one, replace(own, way=told, is_saved=False)),
        ("sending-token", one, replace(own, way=token, form=wrong)),
    ]
