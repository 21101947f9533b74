"""Every address of the desk and the live stream, for every role: what one may not see does not exist.

A new address without an entry in DOORS fails here. Verbs are walked in test_walk_verbs.py.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any, Final

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver

from heed.answering.actions import saved_replies
from heed.answering.models import SavedReply
from heed.channels.email.address import unsubscribe_token
from heed.conversations.actions.answering import Answer, Wait, add_note, reply
from heed.conversations.actions.labels import tag
from heed.conversations.actions.profiles import write_customer_note
from heed.conversations.actions.quarantining import quarantine
from heed.conversations.actions.restricting import restrict, shut
from heed.conversations.actions.sending import mark_failed
from heed.conversations.actions.sides import Asked, begin_side
from heed.conversations.actions.trashing import trash
from heed.conversations.actions.uniting import merge_customers
from heed.conversations.incoming import StoredFile
from heed.conversations.models import Attachment, Conversation, Draft, Message, RawMail
from heed.delivery.actions import claim
from heed.delivery.actions import park as park_delivery
from heed.delivery.actions.dkim import add_dkim_key
from heed.delivery.dkim import KeyPair
from heed.delivery.models import CaughtMail
from heed.eventlog.models import EventRow, ParkedEvent
from heed.eventlog.unit import add, lock, unit
from heed.files.tests.samples import pdf as document
from heed.intake.receipts import park as park_mail
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.html import clean_mail
from heed.kernel.mail_words import HookProvider
from heed.kernel.permissions import PRESETS, Permission
from heed.kernel.secrets import unseal
from heed.kernel.words import (
    AgentId,
    Automatic,
    FieldKind,
    HeldFor,
    ParkReason,
    Role,
    SpamReason,
    StormKey,
    SuppressReason,
    TeamId,
)
from heed.lists.actions.bulk import begin_bulk
from heed.lists.actions.views import Wanted, add_view
from heed.lists.codes import BulkKind
from heed.lists.deeds import Deed
from heed.live.tests.listening import desk
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.actions.hooks import add_mail_hook
from heed.mailboxes.tests.post_office import ACCOUNT, handling
from heed.notifications.actions.devices import add_device
from heed.notifications.webpush import Subscription
from heed.people.actions import add_agent, leave_team
from heed.people.actions.agents import change_role
from heed.people.actions.circles import circle_for
from heed.people.actions.factors import add_code_app
from heed.people.actions.first_hour import begin_first_hour
from heed.people.actions.roles import add_role
from heed.people.actions.sessions import Device, note_session
from heed.people.actions.standings import suppress
from heed.people.actions.topics import add_field, add_topic
from heed.people.policy import SYSTEM
from heed.testing.world import Colleague, World
from heed.triage.actions.senders import block
from heed.triage.actions.storms import Wording, add_storm_rule

EVERYBODY: Final = frozenset({"amara", "bruno", "chen", "edda", "farid", "gita", "hugo", "nobody"})
AGENTS: Final = EVERYBODY - {"nobody"}
WRITERS: Final = AGENTS - {"farid"}
TEAM: Final = frozenset({"amara", "chen", "edda", "farid"})  # Payments, its lead, its viewer, the admin
TEAM_WRITERS: Final = TEAM - {"farid"}
TEAM_LEADERS: Final = frozenset({"chen", "edda"})
NOT_LEADING: Final = TEAM - TEAM_LEADERS
LEADERS: Final = frozenset({"chen", "edda", "hugo"})
ADMINS: Final = frozenset({"chen"})
VIEWER: Final = frozenset({"farid"})
SECRET: Final = "The word only Payments may read"
UNGUARDED: Final = ("hooks/", "unsubscribe/")  # no session, no cookies, so no form token either
REDIRECTS: Final = ("", "inbox/")  # lead on, whatever is asked


@dataclass(frozen=True)
class Door:
    """One way through an address. Those in `may` get through, `refused` may look but not do; others find nothing."""

    may: frozenset[str]
    refused: frozenset[str] = frozenset()
    method: str = "GET"
    address: str = ""  # with the names of facts; empty: the pattern itself
    data: dict[str, str] = field(default_factory=dict)
    absent: str = ""  # the same address for something that does not exist


HERE = "/inbox/all-open/{number}/"
GONE = "/inbox/all-open/999999999/"


def _post(part: str, **data: str) -> list[Door]:
    """A change to a conversation: writers of the team do it, its viewer is refused."""
    address = f"{HERE}{part}/"
    return [Door(TEAM_WRITERS, VIEWER, "POST", address, data, f"{GONE}{part}/")]


def _look(part: str = "") -> list[Door]:
    return [Door(TEAM, address=f"{HERE}{part}", absent=f"{GONE}{part}")]


def _parked(kind: str, key: str) -> list[Door]:
    path = f"/settings/parked/{kind}/"
    return [
        Door(TEAM_LEADERS, method="POST", address=f"{path}{{{key}}}/retry/", absent=f"{path}999999999/retry/")
    ]


def _of_mailbox(part: str, **data: str) -> Door:
    """A change to a mailbox of Payments: admins do it, its lead is refused, for others there is none."""
    path = "/settings/mailboxes/"
    return Door(
        ADMINS, frozenset({"edda"}), "POST", f"{path}{{mailbox}}/{part}", data, f"{path}999999999/{part}"
    )


def _of_brand(part: str, **data: str) -> Door:
    """A change to Linden: admins do it, its lead is refused, for others there is none."""
    path = "/settings/brands/"
    return Door(
        ADMINS, frozenset({"edda"}), "POST", f"{path}{{brand}}/{part}", data, f"{path}999999999/{part}"
    )


def _of_mails(part: str) -> Door:
    """The same of Linden's automatic mails."""
    path, data = "/settings/mails/", {"words": "N {{when}}"}
    return Door(
        ADMINS, frozenset({"edda"}), "POST", f"{path}{{brand}}/{part}", data, f"{path}999999999/{part}"
    )


def _of_person(part: str, **data: str) -> Door:
    """A change to somebody without a password yet: for admins; for others there is nobody."""
    path = "/settings/people/"
    return Door(
        ADMINS,
        method="POST",
        address=f"{path}{{person}}/{part}",
        data=data,
        absent=f"{path}999999999/{part}",
    )


def _of_view(part: str, **data: str) -> Door:
    """A change to a view that Amara shares with Payments: she and its leads do it, its viewer is refused."""
    path = "/views/"
    return Door(
        TEAM_LEADERS | {"amara"}, VIEWER, "POST", f"{path}{{view}}/{part}", data, f"{path}999999999/{part}"
    )


VIEW = {"name": "N", "words": "", "field-0": "is", "value-0": "open", "order": "due", "do": "save"}
BRAND = {
    "name": "Linden",
    "language": "en",
    "time_zone": "UTC",
    "hours-0": "9-17",
    "first_reply": "4",
    "unit": "hours",
    "close_after_days": "7",
    "save": "1",
}
MAILBOX = {
    "inbox": "inbox:{inbox}",
    "host": "127.0.0.1",
    "port": "1",
    "security": "plain",
    "user_name": "walker",
    "password": "x",
    "folders": "INBOX",
    "work_from_on": "2026-11-01",
    "sends": "keep",
}
NEW = {"inbox": "{inbox}", "to": "petra@example.org", "subject": "A", "text": "B", "key": "k"}
BROWSER = {
    "endpoint": "https://push.example.net/walked",
    "public": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
PLACE = "inbox/<place:place>/"
CONVERSATION = f"{PLACE}<int:number>/"
MESSAGE = "messages/<int:number>/"

DOORS: dict[str, list[Door]] = {
    "": [Door(EVERYBODY)],
    "inbox/": [Door(EVERYBODY)],
    PLACE: [
        *(
            Door(AGENTS, address=f"/inbox/{view}/")
            for view in ("my-turn", "unassigned", "waiting", "solved", "all-open")
        ),
        Door(TEAM, address="/inbox/view-{view}/", absent="/inbox/view-999999999/"),
        Door(TEAM, address="/inbox/all-open:team-{team}/", absent="/inbox/all-open:team-999999999/"),
        Door(
            AGENTS - {"gita", "hugo"},
            address="/inbox/all-open:brand-{brand}/",
            absent="/inbox/all-open:brand-99999/",
        ),
    ],
    "conversations/<int:number>/": [
        Door(TEAM, address="/conversations/{number}/", absent="/conversations/999999999/")
    ],
    "attachments/<int:number>/preview/": [
        Door(TEAM, address="/attachments/{attachment}/preview/", absent="/attachments/999999999/preview/")
    ],
    "attachments/<int:number>/pages/<int:page>/": [
        Door(TEAM, address="/attachments/{leaflet}/pages/0/", absent="/attachments/999999999/pages/0/")
    ],
    f"{CONVERSATION}print/": [*_look("print/"), *_look("print/?notes=1")],
    f"{CONVERSATION}pdf/": [*_look("pdf/?notes=1")],
    f"{CONVERSATION}json/": [*_look("json/"), *_look("json/?notes=1")],
    f"{CONVERSATION}mails/": [
        Door(TEAM_LEADERS, address=f"{HERE}mails/", absent=f"{GONE}mails/"),
    ],
    "search/": [
        Door(AGENTS, address="/search/"),
        Door(AGENTS, address="/search/?q=payments&order=best"),
        Door(AGENTS, address="/search/?q=is:open&after=9"),
    ],
    "writing/bar/": [Door(AGENTS, address="/writing/bar/")],
    "writing/files/": [Door(WRITERS, AGENTS - WRITERS, "POST", "/writing/files/")],
    "writing/begun/": [
        Door(
            WRITERS,
            AGENTS - WRITERS,
            address="/writing/begun/?place=new",
        ),
        Door(
            TEAM_WRITERS,
            VIEWER,
            address="/writing/begun/?place=side-of-{number}",
            absent="/writing/begun/?place=side-of-999999999",
        ),
        Door(
            TEAM_WRITERS,
            VIEWER,
            address="/writing/begun/?place=side-{side}",
            absent="/writing/begun/?place=side-999999999",
        ),
        Door(TEAM_WRITERS, VIEWER, "POST", "/writing/begun/", {"place": "side-of-{number}", "text": "x"}),
        Door(TEAM_WRITERS, VIEWER, "POST", "/writing/begun/", {"place": "side-{side}", "text": "x"}),
        Door(WRITERS, AGENTS - WRITERS, "POST", "/writing/begun/", {"place": "new", "text": "x"}),
    ],
    "writing/emoji/": [Door(AGENTS, address="/writing/emoji/")],
    "search/menu/": [Door(AGENTS, address="/search/menu/")],
    f"{PLACE}menu/": [
        Door(AGENTS, address="/inbox/my-turn/menu/"),
        Door(
            TEAM, address="/inbox/all-open:team-{team}/menu/", absent="/inbox/all-open:team-999999999/menu/"
        ),
    ],
    CONVERSATION: _look(),
    f"{CONVERSATION}menu/": _look("menu/"),
    f"{CONVERSATION}details/": _look("details/"),
    f"{CONVERSATION}timeline/": _look("timeline/"),
    f"{CONVERSATION}reply/": [
        *_post("reply", text="Hello", to="dalia@example.org", send="1", key="a"),
        *_post("reply", kind="note", note="Hello", send="1", key="b"),
        *_post("reply", text="Hello", draft="1"),
    ],
    f"{CONVERSATION}preview/": _post("preview", text="Hello", to="dalia@example.org"),
    f"{CONVERSATION}status/": _post("status", status="solved"),
    f"{CONVERSATION}assign/": _post("assign", assignee=""),
    f"{CONVERSATION}team/": _post("team", team="{team}"),
    f"{CONVERSATION}topic/": _post("topic", topic="{topic}"),
    f"{CONVERSATION}noted/": _post("noted", field="{field}", value="A 4711"),
    f"{CONVERSATION}priority/": _post("priority", priority="high"),
    f"{CONVERSATION}customer/": _post("customer", address="new@example.org"),
    f"{CONVERSATION}tried/": _post("tried", what="A restart", outcome="helped"),
    f"{CONVERSATION}tags/": _post("tags", add="bell"),
    f"{CONVERSATION}merge/": [
        Door(TEAM_WRITERS, VIEWER, address=f"{HERE}merge/", absent=f"{GONE}merge/"),
        *_post("merge", **{"with": "{number}"}),
    ],
    f"{CONVERSATION}restrict/": [
        Door(TEAM_LEADERS, NOT_LEADING, address=f"{HERE}restrict/", absent=f"{GONE}restrict/"),
        Door(TEAM_LEADERS, NOT_LEADING, "POST", f"{HERE}restrict/", absent=f"{GONE}restrict/"),
    ],
    f"{CONVERSATION}open-to-team/": [
        Door(TEAM_LEADERS, NOT_LEADING, "POST", f"{HERE}open-to-team/", absent=f"{GONE}open-to-team/")
    ],
    f"{CONVERSATION}unmerge/": _post("unmerge"),
    f"{CONVERSATION}split/": _post("split"),
    f"{CONVERSATION}unsplit/": _post("unsplit"),
    f"{CONVERSATION}link/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            address=f"{HERE}link/?with={{number}}",
            absent=f"{GONE}link/?with={{number}}",
        ),
        *_post("link", **{"with": "{number}"}),
    ],
    f"{CONVERSATION}unlink/": _post("unlink", **{"with": "{number}"}),
    f"{MESSAGE}html/": [Door(TEAM, address="/messages/{message}/html/", absent="/messages/999999999/html/")],
    f"{MESSAGE}images/<int:place>/": [
        # what stands there lies inside and is never fetched: whoever may see the mail is told 424
        Door(TEAM, address="/messages/{message}/images/0/", absent="/messages/999999999/images/0/"),
    ],
    f"{MESSAGE}text/": [Door(TEAM, address="/messages/{message}/text/", absent="/messages/999999999/text/")],
    f"{MESSAGE}raw/<str:sha256>/": [
        Door(
            TEAM_LEADERS,
            address="/messages/{mailed}/raw/{sha256}/",
            absent="/messages/999999999/raw/{sha256}/",
        ),
    ],
    f"{MESSAGE}forward/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            address="/messages/{message}/forward/",
            absent="/messages/999999999/forward/",
        ),
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/messages/{message}/forward/",
            {"to": "claims@carrier.example", "key": "a"},
            "/messages/999999999/forward/",
        ),
    ],
    "conversations/<int:number>/sides/new/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            address="/conversations/{number}/sides/new/",
            absent="/conversations/999999999/sides/new/",
        ),
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/conversations/{number}/sides/new/",
            {"kind": "mail", "to": "claims@carrier.example", "subject": "A", "text": "B", "key": "side"},
            "/conversations/999999999/sides/new/",
        ),
    ],
    "sides/": [Door(AGENTS), Door(AGENTS, address="/sides/?at=done")],
    "sides/<int:number>/": [Door(TEAM, address="/sides/{side}/", absent="/sides/999999999/")],
    "sides/<int:number>/say/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/sides/{side}/say/",
            {"to": "claims@carrier.example", "text": "B", "key": "said"},
            "/sides/999999999/say/",
        ),
    ],
    "sides/<int:number>/state/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/sides/{side}/state/",
            {"state": "done"},
            "/sides/999999999/state/",
        ),
    ],
    f"{MESSAGE}retry/": [
        Door(TEAM_WRITERS, VIEWER, "POST", "/messages/{failed}/retry/", absent="/messages/999999999/retry/"),
    ],
    f"{MESSAGE}admit/": [
        Door(TEAM_WRITERS, VIEWER, "POST", "/messages/{message}/admit/", absent="/messages/999999999/admit/"),
    ],
    f"{MESSAGE}reject/": [
        Door(
            TEAM_WRITERS, VIEWER, "POST", "/messages/{message}/reject/", absent="/messages/999999999/reject/"
        ),
    ],
    **{
        f"{MESSAGE}{deed}/": [
            Door(
                TEAM_WRITERS,
                VIEWER,
                "POST",
                f"/messages/{{held}}/{deed}/",
                data,
                f"/messages/999999999/{deed}/",
            ),
        ]
        for deed, data in (("undo", {}), ("now", {}), ("later", {"until": "2099-01-01T09:00"}))
    },
    "attachments/<int:number>/": [
        Door(TEAM, address="/attachments/{attachment}/", absent="/attachments/999999999/"),
        Door(TEAM, address="/attachments/{attachment}/?inline=1", absent="/attachments/999999999/?inline=1"),
    ],
    "settings/saved-replies/": [Door(WRITERS)],
    "settings/saved-replies/new/": [
        Door(WRITERS),
        Door(
            frozenset({"amara", "chen", "edda"}),
            WRITERS - frozenset({"amara", "chen", "edda"}),
            "POST",
            "/settings/saved-replies/new/",
            {"brand": "{brand}", "name": "x", "text-en": "x", "sharing": "team-{team}", "save": "1"},
        ),
    ],
    "settings/saved-replies/preview/": [
        Door(
            WRITERS - frozenset({"gita", "hugo"}),
            method="POST",
            address="/settings/saved-replies/preview/",
            data={"brand": "{brand}", "text-en": "x"},
        ),
    ],
    "settings/saved-replies/<int:number>/": [
        Door(
            TEAM_WRITERS,
            address="/settings/saved-replies/{reply}/",
            absent="/settings/saved-replies/999999999/",
        ),
        Door(
            TEAM_WRITERS,
            method="POST",
            address="/settings/saved-replies/{reply}/",
            data={"name": "x", "text-en": "x", "sharing": "team-{team}", "save": "1"},
            absent="/settings/saved-replies/999999999/",
        ),
    ],
    "settings/saved-replies/<int:number>/archive/": [
        Door(
            TEAM_WRITERS,
            method="POST",
            address="/settings/saved-replies/{reply}/archive/",
            absent="/settings/saved-replies/999999999/archive/",
        ),
    ],
    "settings/saved-replies/<int:number>/restore/": [
        Door(
            TEAM_WRITERS,
            method="POST",
            address="/settings/saved-replies/{reply}/restore/",
            absent="/settings/saved-replies/999999999/restore/",
        ),
    ],
    "conversations/<int:number>/saved-replies/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            address="/conversations/{number}/saved-replies/",
            absent="/conversations/999999999/saved-replies/",
        ),
    ],
    "conversations/<int:number>/saved-replies/<int:reply>/files/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/conversations/{number}/saved-replies/{reply}/files/",
            absent="/conversations/{number}/saved-replies/999999999/files/",
        ),
    ],
    "conversations/<int:number>/mentions/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            address="/conversations/{number}/mentions/",
            absent="/conversations/999999999/mentions/",
        ),
    ],
    "presence/": [
        Door(
            TEAM,
            method="POST",
            address="/presence/",
            data={"conversation": "{number}", "doing": "looking"},
        ),
    ],
    "drafts/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/drafts/",
            {"conversation": "{number}", "kind": "reply", "text": "x"},
        ),
    ],
    "menu/": [Door(AGENTS), Door(AGENTS, address=f"/menu/?back={HERE}")],
    f"{PLACE}bulk/": [
        Door(AGENTS - VIEWER, VIEWER, address="/inbox/all-open/bulk/?number={number}"),
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/inbox/all-open/bulk/",
            {"number": "{number}", "do": "priority:low", "key": "k"},
        ),
    ],
    "bulk/<int:number>/": [Door(frozenset({"amara"}), address="/bulk/{bulk}/", absent="/bulk/999999999/")],
    **{
        f"bulk/<int:number>/{deed}/": [
            Door(
                frozenset({"amara"}),
                method="POST",
                address=f"/bulk/{{bulk}}/{deed}/",
                absent=f"/bulk/999999999/{deed}/",
            )
        ]
        for deed in ("step", "undo")
    },
    "views/counts/": [Door(AGENTS)],
    "views/new/": [
        Door(AGENTS, address="/views/new/?q=is:open"),
        Door(AGENTS, method="POST", data={"name": "N", "do": "save"}),
        Door(TEAM_WRITERS, WRITERS - TEAM_WRITERS | VIEWER, "POST", data={**VIEW, "team": "{team}"}),
    ],
    "views/preview/": [Door(AGENTS, method="POST", data=VIEW)],
    "views/<int:number>/edit/": [
        Door(
            TEAM_LEADERS | {"amara"},
            VIEWER,
            address="/views/{view}/edit/",
            absent="/views/999999999/edit/",
        ),
        _of_view("edit/", **VIEW, team="{team}"),
    ],
    "views/<int:number>/delete/": [_of_view("delete/")],
    "views/<int:number>/restore/": [_of_view("restore/")],
    "density/": [Door(AGENTS, method="POST", data={"density": "compact"})],
    "customers/<int:number>/": [
        Door(TEAM, address="/customers/{customer}/", absent="/customers/999999999/"),
    ],
    "customers/<int:number>/menu/": [
        Door(TEAM, address="/customers/{customer}/menu/", absent="/customers/999999999/menu/"),
    ],
    "palette/": [Door(AGENTS, address="/palette/?at=" + HERE)],
    "palette/found/": [Door(AGENTS, address="/palette/found/?q=word")],
    "search/customers/": [Door(AGENTS, address="/search/customers/?q=dalia")],
    "customers/": [Door(AGENTS), Door(AGENTS, address="/customers/?q=dalia")],
    "customers/menu/": [Door(AGENTS)],
    "customers/<int:number>/profile/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/customers/{customer}/profile/",
            {"name": "Dalia"},
            "/customers/999999999/profile/",
        ),
    ],
    "customers/<int:number>/notes/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/customers/{customer}/notes/",
            {"text": "x"},
            "/customers/999999999/notes/",
        ),
    ],
    "customers/notes/<int:number>/": [
        Door(
            frozenset({"amara"}),
            TEAM - {"amara"},
            "POST",
            "/customers/notes/{note}/",
            {"text": "x"},
            "/customers/notes/999999999/",
        ),
    ],
    "customers/notes/<int:number>/erase/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/customers/notes/{note}/erase/",
            absent="/customers/notes/999999999/erase/",
        ),
    ],
    "customers/<int:number>/merge/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/customers/{customer}/merge/",
            {"other": "{fellow}"},
            "/customers/999999999/merge/",
        ),
    ],
    "customers/<int:number>/split/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/customers/{customer}/split/",
            {"identity": "{identity}"},
            "/customers/999999999/split/",
        ),
    ],
    "customers/moves/<int:number>/undo/": [
        Door(
            TEAM_WRITERS,
            VIEWER,
            "POST",
            "/customers/moves/{move}/undo/",
            absent="/customers/moves/999999999/undo/",
        ),
    ],
    "new/": [Door(WRITERS), Door(TEAM_WRITERS, WRITERS - TEAM_WRITERS, "POST", "/new/", NEW)],
    "new/saved-replies/": [Door(WRITERS, address="/new/saved-replies/?q=")],
    "new/saved-replies/<int:reply>/files/": [
        Door(
            TEAM_WRITERS,
            method="POST",
            address="/new/saved-replies/{reply}/files/",
            absent="/new/saved-replies/999999999/files/",
        )
    ],
    "new/known/": [Door(WRITERS, address="/new/known/?to=dalia@example.org")],
    "hooks/mail/<str:provider>/<str:token>/": [
        # the address is the secret: whoever has it gets through, logged in or not, and is told that this is no mail
        Door(EVERYBODY, method="POST", address="/hooks/mail/postmark/{token}/")
    ],
    "hooks/mail/<str:provider>/<str:token>/mime": [
        Door(EVERYBODY, method="POST", address="/hooks/mail/postmark/{token}/mime")
    ],
    "settings/mail-hooks/": [
        Door(ADMINS),
        Door(ADMINS, method="POST", data={"inbox": "{inbox}", "provider": "sendgrid"}),
    ],
    "settings/mail-hooks/<int:number>/": [
        Door(
            ADMINS,
            method="POST",
            address="/settings/mail-hooks/{hook}/",
            data={"remove": "1"},
            absent="/settings/mail-hooks/999999999/",
        )
    ],
    "settings/brands/": [Door(LEADERS)],
    "settings/brands/<int:number>/": [
        Door(TEAM_LEADERS, address="/settings/brands/{brand}/", absent="/settings/brands/999999999/"),
        _of_brand("", **BRAND),
    ],
    "settings/brands/<int:number>/preview/": [_of_brand("preview/", **BRAND)],
    "settings/people/": [
        Door(ADMINS),
        Door(ADMINS, method="POST", data={"name": "N", "address": "n@desk.example", "role": "agent"}),
    ],
    "settings/people/<int:number>/second-factor/reset/": [_of_person("second-factor/reset/")],
    "settings/you/security/": [Door(AGENTS)],
    "settings/you/security/app/": [Door(AGENTS), Door(AGENTS, method="POST", data={"code": "1"})],
    "settings/you/security/passkey/": [Door(AGENTS), Door(AGENTS, method="POST", data={"credential": "1"})],
    "settings/you/security/codes/": [Door(AGENTS, method="POST")],
    "settings/you/security/<int:number>/remove/": [
        Door(AGENTS, method="POST", address="/settings/you/security/{factor}/remove/")
    ],
    "settings/you/security/sessions/end/": [Door(AGENTS, method="POST")],
    "settings/you/security/sessions/<int:number>/end/": [
        # of the admin alone: for others there is no such session
        Door(
            ADMINS,
            method="POST",
            address="/settings/you/security/sessions/{session}/end/",
            absent="/settings/you/security/sessions/999999999/end/",
        )
    ],
    "settings/first-hour/": [Door(ADMINS)],
    "settings/first-hour/brand/": [
        Door(ADMINS, method="POST", data={"name": "Lindens", "language": "en", "time_zone": "UTC"})
    ],
    "settings/first-hour/hours/": [Door(ADMINS, method="POST", data={"hours-0": "8-12"})],
    "settings/first-hour/people/": [
        Door(ADMINS, method="POST", data={"person": "N", "address": "m@desk.example", "role": "agent"})
    ],
    "settings/first-hour/settle/": [
        Door(ADMINS, method="POST", data={"step": "hours", "outcome": "skipped"})
    ],
    "settings/first-hour/end/": [Door(ADMINS, method="POST")],
    "settings/history/": [
        Door(LEADERS),
        Door(LEADERS, address="/settings/history/?section=brands&by={person}&before=9"),
    ],
    "settings/access/": [
        Door(ADMINS),
        Door(ADMINS, method="POST", data={"role": "admin", "grace_days": "7"}),
    ],
    "settings/people/<int:number>/": [
        Door(ADMINS, address="/settings/people/{person}/", absent="/settings/people/999999999/"),
        _of_person("", name="N", role="agent"),
    ],
    **{f"settings/people/<int:number>/{deed}/": [_of_person(f"{deed}/")] for deed in ("off", "on", "link")},
    "settings/teams/": [Door(ADMINS), Door(ADMINS, method="POST", data={"name": "N", "brand": "{brand}"})],
    "settings/teams/<int:number>/": [
        Door(ADMINS, address="/settings/teams/{team}/", absent="/settings/teams/999999999/"),
        Door(
            ADMINS,
            method="POST",
            address="/settings/teams/{team}/",
            data={"name": "N"},
            absent="/settings/teams/999999999/",
        ),
    ],
    "settings/roles/": [Door(ADMINS)],
    "settings/roles/new/": [
        Door(ADMINS, address="/settings/roles/new/?from=lead"),
        Door(ADMINS, method="POST", data={"name": "N", "allow": "note"}),
    ],
    "settings/roles/<int:number>/": [
        Door(ADMINS, address="/settings/roles/{role}/", absent="/settings/roles/999999999/"),
        Door(
            ADMINS,
            method="POST",
            address="/settings/roles/{role}/",
            data={"name": "N", "allow": "note"},
            absent="/settings/roles/999999999/",
        ),
    ],
    "settings/roles/<int:number>/remove/": [
        Door(
            ADMINS,
            method="POST",
            address="/settings/roles/{role}/remove/",
            absent="/settings/roles/999999999/remove/",
        )
    ],
    "settings/topics/": [
        Door(ADMINS),
        Door(ADMINS, method="POST", data={"name": "N", "brand": "{brand}"}),
        Door(ADMINS, method="POST", data={"do": "field", "field_name": "N", "kind": "text"}),
    ],
    "settings/topics/<int:number>/": [
        Door(ADMINS, address="/settings/topics/{topic}/", absent="/settings/topics/999999999/"),
        Door(
            ADMINS,
            method="POST",
            address="/settings/topics/{topic}/",
            data={"name": "N"},
            absent="/settings/topics/999999999/",
        ),
    ],
    "settings/topics/fields/<int:number>/": [
        Door(ADMINS, address="/settings/topics/fields/{field}/", absent="/settings/topics/fields/999999999/"),
        Door(
            ADMINS,
            method="POST",
            address="/settings/topics/fields/{field}/",
            data={"field_name": "N"},
            absent="/settings/topics/fields/999999999/",
        ),
    ],
    "settings/mails/": [Door(LEADERS)],
    "settings/mails/<int:number>/<str:hours>/<str:language>/": [
        Door(
            TEAM_LEADERS,
            address="/settings/mails/{brand}/any/de/",
            absent="/settings/mails/999999999/any/de/",
        ),
        _of_mails("closed/de/"),
    ],
    "settings/mails/<int:number>/<str:hours>/<str:language>/preview/": [_of_mails("any/de/preview/")],
    "settings/tags/": [Door(ADMINS)],
    "settings/tags/<int:number>/": [
        Door(ADMINS, address="/settings/tags/{tag}/", absent="/settings/tags/999999999/"),
        Door(
            ADMINS,
            method="POST",
            address="/settings/tags/{tag}/",
            data={"do": "name", "name": "n"},
            absent="/settings/tags/999999999/",
        ),
    ],
    "settings/tags/<int:number>/merge/": [
        Door(
            ADMINS,
            address="/settings/tags/{tag}/merge/?into={other_tag}",
            absent="/settings/tags/999999999/merge/",
        ),
        Door(
            ADMINS,
            method="POST",
            address="/settings/tags/{tag}/merge/",
            data={"into": "{other_tag}"},
            absent="/settings/tags/999999999/merge/",
        ),
    ],
    "settings/domains/": [Door(ADMINS)],
    "settings/domains/<str:name>/": [
        Door(ADMINS, address="/settings/domains/linden.example/", absent="/settings/domains/no.example/")
    ],
    "settings/mail-health/": [Door(LEADERS)],
    "settings/mail-health/<int:number>/": [
        Door(
            TEAM_LEADERS, address="/settings/mail-health/{mailbox}/", absent="/settings/mail-health/99999999/"
        )
    ],
    "settings/mail-health/round-trips/<int:number>/": [
        Door(
            ADMINS,
            method=method,
            address="/settings/mail-health/round-trips/{inbox}/",
            absent="/settings/mail-health/round-trips/99999999/",
        )
        for method in ("GET", "POST")
    ],
    "settings/mailboxes/": [Door(LEADERS)],
    "settings/mailboxes/add/": [
        Door(ADMINS),
        Door(ADMINS, address="/settings/mailboxes/add/?address=help@gmail.com"),
        Door(ADMINS, method="POST", data=MAILBOX),
    ],
    "settings/mailboxes/try/": [Door(ADMINS, method="POST", data=MAILBOX)],
    "settings/mailboxes/<int:number>/": [
        Door(TEAM_LEADERS, address="/settings/mailboxes/{mailbox}/", absent="/settings/mailboxes/99999999/"),
        _of_mailbox("", **MAILBOX),
    ],
    "settings/mailboxes/authorized/": [
        Door(ADMINS, address="/settings/mailboxes/authorized/?code=x&state=x")
    ],
    "settings/mailboxes/<int:number>/authorize/": [_of_mailbox("authorize/")],
    "settings/mailboxes/<int:number>/try/": [_of_mailbox("try/", **MAILBOX)],
    "settings/mailboxes/<int:number>/look/": [_of_mailbox("look/")],
    "settings/mailboxes/<int:number>/pause/": [_of_mailbox("pause/")],
    "settings/mailboxes/<int:number>/resume/": [_of_mailbox("resume/")],
    "settings/mailboxes/<int:number>/remove/": [_of_mailbox("remove/")],
    "settings/": [Door(AGENTS), Door(AGENTS, address="/settings/?q=hours")],
    "settings/you/": [Door(AGENTS), Door(AGENTS, method="POST", data={"time_zone": "Europe/Paris"})],
    "settings/you/availability/": [Door(AGENTS, method="POST", data={"to": "away"})],
    "settings/you/work/": [Door(AGENTS), Door(AGENTS, method="POST", data={"hours-0": "9-17"})],
    "settings/people/<int:number>/work/": [
        Door(ADMINS, address="/settings/people/{person}/work/", absent="/settings/people/999999999/work/"),
        _of_person("work/", skills="refunds"),
    ],
    "settings/answers/": [Door(WRITERS), Door(WRITERS, method="POST", data={"undo": "5"})],
    "settings/sending/": [Door(ADMINS)],
    "settings/sending/<int:number>/": [
        Door(ADMINS, address="/settings/sending/{inbox}/", absent="/settings/sending/999999999/"),
        Door(
            ADMINS,
            method="POST",
            address="/settings/sending/{inbox}/",
            data={"plus": "nowhere", "sender_name": "brand"},
            absent="/settings/sending/999999999/",
        ),
    ],
    "settings/sending/<int:number>/way/": [
        Door(
            ADMINS,
            method="POST",
            address="/settings/sending/{inbox}/way/",
            data={"way": "desk"},
            absent="/settings/sending/999999999/way/",
        )
    ],
    "settings/domains/<str:name>/keys/": [
        Door(
            ADMINS,
            method="POST",
            address="/settings/domains/linden.example/keys/",
            absent="/settings/domains/no.example/keys/",
        )
    ],
    "settings/domains/<str:name>/keys/<int:number>/": [
        Door(
            ADMINS,
            method="POST",
            address="/settings/domains/linden.example/keys/{key}/",
            data={"signing": "always"},
            absent="/settings/domains/linden.example/keys/999999999/",
        )
    ],
    f"{CONVERSATION}spam/": _post("spam", block="address"),
    f"{CONVERSATION}not-spam/": _post("not-spam"),
    f"{CONVERSATION}trash/": _post("trash"),
    f"{CONVERSATION}restore/": _post("restore"),
    "settings/you/notifications/": [
        Door(AGENTS),
        Door(AGENTS, method="POST", data={"mention": "page"}),
    ],
    "settings/you/notifications/devices/": [Door(AGENTS, method="POST", data=BROWSER)],
    "settings/you/notifications/devices/<int:number>/remove/": [
        Door(
            ADMINS,
            method="POST",
            address="/settings/you/notifications/devices/{device}/remove/",
            absent="/settings/you/notifications/devices/999999999/remove/",
        )
    ],
    "notifications/": [
        Door(AGENTS),
        Door(AGENTS, address="/notifications/?after=9"),
        Door(AGENTS, method="POST", data={"number": "1"}),
        Door(AGENTS, method="POST", data={"up_to": "1"}),
    ],
    "trash/": [
        Door(AGENTS),
        Door(AGENTS - VIEWER, VIEWER, "POST", data={"do": "restore", "number": "{deleted}"}),
        Door(ADMINS, AGENTS - ADMINS, "POST", data={"do": "purge", "number": "{deleted}"}),
    ],
    "settings/quarantine/": [
        Door(LEADERS),
        Door(LEADERS, method="POST", data={"do": "release", "number": "{spam}"}),
    ],
    "settings/blocked/": [
        Door(LEADERS),
        Door(TEAM_LEADERS, method="POST", data={"sender": "m@example.com", "brand": "{brand}"}),
    ],
    "settings/blocked/<int:number>/unblock/": [
        Door(
            TEAM_LEADERS,
            method="POST",
            address="/settings/blocked/{blocked}/unblock/",
            absent="/settings/blocked/999999999/unblock/",
        )
    ],
    "settings/mail-storms/": [Door(ADMINS)],
    "settings/mail-storms/new/": [
        Door(ADMINS),
        Door(
            ADMINS, method="POST", data={"name": "M", "sender": "*@m.example", "minutes": "60", "save": "1"}
        ),
    ],
    "settings/mail-storms/<int:number>/": [
        Door(ADMINS, address="/settings/mail-storms/{rule}/", absent="/settings/mail-storms/999999999/"),
        Door(
            ADMINS,
            method="POST",
            address="/settings/mail-storms/{rule}/",
            data={"name": "M", "sender": "*@m.example", "minutes": "60", "save": "1"},
            absent="/settings/mail-storms/999999999/",
        ),
    ],
    "addresses/<int:number>/": [
        Door(
            TEAM_WRITERS,
            address="/addresses/{standing}/?conversation={number}",
            absent="/addresses/999999999/?conversation={number}",
        ),
        Door(
            TEAM_WRITERS,
            method="POST",
            address="/addresses/{standing}/",
            data={"conversation": "{number}", "why": "They mended it"},
            absent="/addresses/999999999/",
        ),
    ],
    "addresses/<int:number>/resubscribe/": [
        Door(
            TEAM_WRITERS,
            method="POST",
            address="/addresses/{standing}/resubscribe/",
            data={"conversation": "{number}"},
            absent="/addresses/999999999/resubscribe/",
        ),
    ],
    "unsubscribe/<str:token>/": [
        # the address is the proof: whoever got the mail that names it gets through, logged in or not
        Door(
            EVERYBODY,
            method=method,
            address="/unsubscribe/{unsubscribe}/",
            absent="/unsubscribe/1.aaaaaaaaaaaa/",
        )
        for method in ("GET", "POST")
    ],
    "manifest.webmanifest": [Door(AGENTS)],
    "sw.js": [Door(EVERYBODY)],
    "offline/": [Door(EVERYBODY)],
    "settings/parked/": [Door(LEADERS)],
    "settings/parked/mails/retry/": [Door(LEADERS, method="POST")],
    "settings/parked/mails/<int:number>/retry/": _parked("mails", "receipt"),
    "settings/parked/mails/<int:number>/raw/": [
        Door(
            TEAM_LEADERS,
            address="/settings/parked/mails/{receipt}/raw/",
            absent="/settings/parked/mails/999999999/raw/",
        )
    ],
    "settings/parked/deliveries/retry/": [Door(LEADERS, method="POST")],
    "settings/parked/deliveries/<int:number>/retry/": _parked("deliveries", "given_up"),
    "settings/parked/events/retry/": [Door(LEADERS, method="POST")],
    "settings/parked/events/<int:number>/retry/": _parked("events", "event"),
    "catcher/": [Door(ADMINS)],
    "catcher/<int:number>/": [Door(ADMINS, address="/catcher/{caught}/", absent="/catcher/999999999/")],
    "catcher/<int:number>/html/": [
        Door(ADMINS, address="/catcher/{caught}/html/", absent="/catcher/999999999/html/")
    ],
    "catcher/<int:number>/raw/": [
        Door(ADMINS, address="/catcher/{caught}/raw/", absent="/catcher/999999999/raw/")
    ],
    "accounts/login/": [
        Door(EVERYBODY),
        Door(EVERYBODY, method="POST", data={"login": "x@y.example", "password": "x"}),
    ],
    "accounts/logout/": [Door(EVERYBODY), Door(EVERYBODY, method="POST")],
    "accounts/inactive/": [Door(EVERYBODY)],
    "accounts/signup/": [Door(EVERYBODY)],
    "accounts/reauthenticate/": [Door(AGENTS)],
    "accounts/reauthenticate/code/": [Door(AGENTS)],
    "accounts/reauthenticate/passkey/": [Door(AGENTS)],
    "accounts/second-factor/": [Door(EVERYBODY)],
    "accounts/passkey/": [Door(EVERYBODY)],
    "accounts/password/change/": [Door(AGENTS)],
    "accounts/password/reset/": [Door(EVERYBODY)],
    "accounts/password/reset/done/": [Door(EVERYBODY)],
    "accounts/password/reset/key/done/": [Door(EVERYBODY)],
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": [
        Door(EVERYBODY, address="/accounts/password/reset/key/1-abc/"),
    ],
}
WALKED = [(pattern, door) for pattern, doors in DOORS.items() for door in doors]


def patterns() -> Iterator[str]:
    """Every address that Django answers."""

    def under(listed: list[Any], before: str) -> Iterator[str]:
        for one in listed:
            here = f"{before}{one.pattern}"
            yield from [here] if isinstance(one, URLPattern) else under(one.url_patterns, here)

    return under(get_resolver().url_patterns, "")


def saved_reply(world: World) -> SavedReply:
    wanted = saved_replies.Wanted(name=SECRET, texts={"en": SECRET}, team=TeamId(world.payments.pk))
    return saved_replies.add_saved_reply(world.linden, wanted=wanted, by=SYSTEM)


def stage(world: World) -> dict[str, object]:
    """One thing of each kind that somebody may look at or change; all of Payments."""
    for who in AGENTS:
        world.colleague(who).may_log_in()
    row = world.conversation(subject=SECRET, text=SECRET)
    png = blobs.put(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    file = StoredFile(png, 48, f"{SECRET}.png", "image/png")
    pdf = document("Page")
    leaflet = StoredFile(blobs.put(pdf), len(pdf), f"{SECRET}.pdf", "application/pdf")
    html = clean_mail(f'<p>{SECRET}</p><img src="http://127.0.0.1/a.png">')
    message = world.writes(row, text=SECRET, html=html, files=(leaflet, file))
    world.mail_from(world.ines, text=SECRET, subject=SECRET)
    world.answered(world.conversation(customer=world.jonas))
    world.settle()
    answer = reply(row, answer=world.answer(text=SECRET), by=world.amara.actor)
    failed = mark_failed(answer, reason=ParkReason.REFUSED, smtp_code=550, words="no", by=SYSTEM)
    other = reply(world.conversation(subject=SECRET), answer=world.answer(text=SECRET), by=world.amara.actor)
    world.read_log()
    deliveries = {delivery.pk: delivery for delivery in claim(limit=10, by=SYSTEM)}
    park_delivery(deliveries[other.pk], reason=ParkReason.REFUSED, words="550", by=SYSTEM)
    world.settle()
    failed.refresh_from_db()
    wait = Wait(clock.now() + timedelta(hours=2), HeldFor.LATER)
    held = reply(row, answer=world.answer(text=SECRET, wait=wait), by=world.amara.actor)
    outside = Answer(text=SECRET, subject=SECRET, to=(("", "claims@carrier.example"),), wait=wait)
    aside = begin_side(row, answer=outside, asked=Asked(), by=world.amara.actor)
    receipt = world.mail_from(world.dalia, subject=SECRET)
    park_mail(receipt, reason=ParkReason.UNREADABLE, detail="too_deep: limit 20", by=SYSTEM)
    event = EventRow.objects.filter(conversation_id=row.pk).latest("pk")
    with unit():
        parked = add(ParkedEvent(event_id=event.pk, consumer="counts", error="KeyError", at=clock.now()))
    spam = quarantine(world.conversation(subject=SECRET), reason=SpamReason.CONTENT, by=SYSTEM)
    deleted = trash(world.conversation(subject=SECRET), by=SYSTEM)
    wording = Wording("N", "*@monitor.example", "", "", StormKey.RULE, 3600)
    gone = suppress("dalia@example.org", reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)
    raw = RawMail.objects.filter(message__customer=world.ines.row).latest("pk")
    automatic = Message.objects.filter(automatic=Automatic.ACKNOWLEDGEMENT).latest("pk")
    move = merge_customers(world.jonas.row, into=world.dalia.row, by=SYSTEM)
    mailbox = add_mailbox(world.help, account=ACCOUNT, handling=handling(), password="x", by=SYSTEM)
    hook = add_mail_hook(world.help, provider=HookProvider.POSTMARK, signing_key="", by=SYSTEM)
    topic = add_topic(world.linden, name="Refunds", parent=None, by=SYSTEM)
    order = add_field(world.linden, topic=None, name="Order", kind=FieldKind.TEXT, choices=(), by=SYSTEM)
    session = note_session("walked", before="", device=Device(), by=world.chen.actor)
    begin_first_hour(by=SYSTEM)
    factor = add_code_app("JBSWY3DPEHPK3PXP", by=world.chen.actor)
    invited = add_agent("Ivo", email="ivo@desk.example", password=None, role=Role.AGENT, by=SYSTEM)
    made = add_view(Wanted("N", "is:open", team=world.payments), by=world.amara.actor)
    note = write_customer_note(world.dalia.row, brand=world.linden, text=SECRET, by=world.amara.actor)
    return {
        "hook": hook.pk,
        "view": made.pk,
        "note": note.pk,
        "bulk": begin_bulk([row.pk], deed=Deed(BulkKind.PRIORITY, "high"), key="k", by=world.amara.actor).pk,
        "person": invited.pk,
        "session": session.pk,
        "factor": factor.pk,
        "token": unseal(hook.token),
        "mailbox": mailbox.pk,
        "number": row.pk,
        "customer": world.dalia.row.pk,
        "fellow": world.ines.row.pk,
        "identity": move.identities[0],
        "move": move.pk,
        "team": world.payments.pk,
        "topic": topic.pk,
        "tag": tag(row, name="walked", by=SYSTEM).pk,
        "other_tag": tag(row, name="other", by=SYSTEM).pk,
        "field": order.pk,
        "brand": world.linden.pk,
        "inbox": world.help.pk,
        "message": message.pk,
        "failed": failed.pk,
        "side": aside.side_id,
        "held": held.pk,
        "key": add_dkim_key("linden.example", pair=KeyPair("private", "public"), by=SYSTEM).pk,
        "mailed": raw.message_id,
        "sha256": raw.sha256,
        "attachment": Attachment.objects.latest("pk").pk,
        "leaflet": Attachment.objects.get(filename__endswith=".pdf").pk,
        "reply": saved_reply(world).pk,
        "given_up": other.pk,
        "receipt": receipt.pk,
        "event": parked.pk,
        "spam": spam.pk,
        "deleted": deleted.pk,
        "device": add_device(
            Subscription(**(BROWSER | {"endpoint": "https://push.example.net/mine"})),
            device=Device(),
            by=world.chen.actor,
        ).pk,
        "blocked": block(world.linden, sender="b@example.com", by=SYSTEM).pk,
        "role": add_role("Trainee", permissions=frozenset({Permission.NOTE}), by=SYSTEM).pk,
        "rule": add_storm_rule(world.linden, wording=wording, by=SYSTEM).pk,
        "standing": gone.pk,
        "unsubscribe": unsubscribe_token(automatic.pk, secret=config.secret_bytes()),
        "caught": CaughtMail.objects.latest("pk").pk,
    }


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as pytest-django's own: a unit inside may be durable
    with block:
        yield
        transaction.set_rollback(True)


def state_of_desk() -> tuple[object, ...]:
    """Enough of the rows to notice a change, by whichever verb."""
    return (
        EventRow.objects.count(),
        Draft.objects.count(),
        Conversation.objects.count(),
        Attachment.objects.count(),
        list(Message.objects.order_by("pk").values_list("pk", "state")),
    )


def knock(
    world: World, who: str, door: Door, pattern: str, facts: dict[str, object], **headers: str
) -> HttpResponse:
    """What this person is answered at this door."""
    address = (door.address or f"/{pattern}").format(**facts)
    colleague = world.colleague(who)
    if door.method == "GET":
        return colleague.get(address, **headers)
    return colleague.post(
        address, {key: value.format(**facts) for key, value in door.data.items()}, **headers
    )


def is_sent_to_log_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/?next=")


def test_every_address_has_its_doors() -> None:
    assert set(patterns()) == set(DOORS)


def room_of(pattern: str) -> str:
    """The doors that are walked through with one stage: an address's first word, of settings the first two."""
    words = pattern.split("/")
    return "/".join(words[:2] if words[0] == "settings" else words[:1])


@pytest.mark.parametrize("room", sorted({room_of(pattern) for pattern, _ in WALKED}))
def test_those_who_may_get_through_and_for_others_nothing_is_there(unchecked_world: World, room: str) -> None:
    facts = stage(unchecked_world)
    doors = [(pattern, door) for pattern, door in WALKED if room_of(pattern) == room]
    for (pattern, door), who, headers in product(doors, sorted(EVERYBODY), ({}, {"HX-Request": "true"})):
        _gets_through_or_finds_nothing(unchecked_world, who, door, pattern, facts, headers)


def _gets_through_or_finds_nothing(
    world: World, who: str, door: Door, pattern: str, facts: dict[str, object], headers: dict[str, str]
) -> None:
    before = state_of_desk()
    with undone():
        answer = knock(world, who, door, pattern, facts, **headers)
        told = f"{who}, {door.method} {door.address or pattern} {headers}: {answer.status_code}"
        if who in door.may:
            assert answer.status_code not in (401, 403, 404, 405, 500), told
            assert not is_sent_to_log_in(answer), told
        else:
            _finds_nothing(answer, who, door, told)
            assert state_of_desk() == before, f"{told}, and something changed"
    world.colleague(who).__dict__.pop("client", None)  # a session that was undone is of no use


def _finds_nothing(answer: HttpResponse, who: str, door: Door, told: str) -> None:
    if who == "nobody":
        assert is_sent_to_log_in(answer) or answer.status_code in (401, 404), told
    elif who in door.refused:
        assert answer.status_code in (403, 422), told
    else:
        assert answer.status_code == 404, told
    assert SECRET not in answer.content.decode(), told


def test_what_one_may_not_see_answers_as_what_never_was(unchecked_world: World) -> None:
    world = unchecked_world
    facts = stage(world)
    for pattern, door in WALKED:
        if not door.absent:
            continue
        absent = Door(door.may, door.refused, door.method, door.absent, door.data)
        outside = sorted(AGENTS - door.may - door.refused)
        assert outside or door.may == EVERYBODY, f"{pattern}: somebody has to be outside"
        for who in outside:
            hidden, never = (knock(world, who, one, pattern, facts) for one in (door, absent))
            assert hidden.status_code == 404, f"{who}, {pattern}"
            assert hidden.content == never.content, f"{who}, {pattern}"
        for who in sorted(door.may):
            assert knock(world, who, absent, pattern, facts).status_code == 404, f"{who}, {pattern}"


@pytest.mark.engineless
def test_an_address_knows_no_other_methods(unchecked_world: World) -> None:
    world = unchecked_world
    facts = stage(world)
    client = world.chen.client
    asks: dict[str, Callable[..., Any]] = {
        "GET": client.get,
        "POST": client.post,
        "PUT": client.put,
        "PATCH": client.patch,
        "DELETE": client.delete,
    }
    before = state_of_desk()
    for pattern, doors in DOORS.items():
        if pattern in REDIRECTS or pattern.startswith("accounts/"):
            continue
        address = (doors[0].address or f"/{pattern}").format(**facts).partition("?")[0]
        for method in sorted(set(asks) - {door.method for door in doors}):
            assert asks[method](address).status_code == 405, f"{method} {pattern}"
    assert state_of_desk() == before


@pytest.mark.engineless
def test_no_change_is_made_by_a_form_of_another_site(unchecked_world: World) -> None:
    world = unchecked_world
    facts = stage(world)
    world.chen.client.handler.enforce_csrf_checks = True
    before = state_of_desk()
    for pattern, door in WALKED:
        if door.method == "POST" and not pattern.startswith(UNGUARDED):
            assert knock(world, "chen", door, pattern, facts).status_code == 403, pattern
    assert state_of_desk() == before


@pytest.mark.django_db(transaction=True)
def test_the_stream_tells_those_who_see_a_conversation_and_nobody_else(unchecked_world: World) -> None:
    world = unchecked_world
    row = world.conversation(subject=SECRET)
    with desk() as port, ExitStack() as open_lines:
        lines = {who: open_lines.enter_context(port.listen(world.colleague(who))) for who in sorted(AGENTS)}
        world.writes(row)
        heard = {who for who in sorted(TEAM) if lines[who].told() is not None}
        heard |= {who for who in sorted(AGENTS - TEAM) if lines[who].told(within=0.3) is not None}
        assert heard == TEAM
        with port.request("/events") as stranger:
            assert stranger.status == 401


def restrict_everything(world: World, *people: Colleague) -> None:
    """Show whatever there is of Payments to these alone, be it in a list, merged, in the quarantine or the trash."""
    with unit():
        circle = circle_for([AgentId(one.row.pk) for one in people], [])
        for row in Conversation.objects.filter(team=world.payments):
            shut([lock(row)], to=circle)


def through_every_door(
    world: World, who: str, facts: dict[str, object]
) -> Iterator[tuple[str, HttpResponse]]:
    for pattern, door in WALKED:
        if pattern in REDIRECTS or pattern.startswith("accounts/"):
            continue
        with undone():
            yield f"{who}, {door.method} {door.address or pattern}", knock(world, who, door, pattern, facts)
        world.colleague(who).__dict__.pop("client", None)


ABOUT_IT: Final = (
    "/{number}",
    "/sides/{side}",
    "{message}",
    "{failed}",
    "{held}",
    "{mailed}",
    "{attachment}",
)
AMARAS_OWN: Final = ("{bulk}", "{view}")


def test_nothing_of_what_is_restricted_stands_behind_any_door_a_moment_later(unchecked_world: World) -> None:
    world = unchecked_world
    facts = stage(world)
    shown = [told for told, answer in through_every_door(world, "amara", facts) if SECRET in page(answer)]
    assert shown, "before, it stands on pages"
    restrict_everything(world, world.edda)
    for who in ("amara", "farid"):
        answers = list(through_every_door(world, who, facts))
        leaks = [told for told, answer in answers if SECRET in page(answer) and not is_no_conversation(told)]
        assert leaks == []
        assert [told for told, answer in answers if answer.status_code == 500] == []
        doors = [told for told, answer in answers if any(fact in told.partition("?")[0] for fact in ABOUT_IT)]
        open_ones = [told for told, answer in answers if told in doors and answer.status_code != 404]
        assert open_ones == []
    still = [told for told, answer in through_every_door(world, "edda", facts) if SECRET in page(answer)]
    assert still, "those named see it as before"


def test_nothing_of_a_team_stands_behind_any_door_once_one_has_left_it(unchecked_world: World) -> None:
    """Lists and their counts, search, links, a customer's history, exports: the next look shows nothing."""
    world = unchecked_world
    facts = stage(world)
    counted = 'class="number"'
    shown = [told for told, answer in through_every_door(world, "farid", facts) if SECRET in page(answer)]
    assert any("/inbox/" in told for told in shown)
    assert any("/customers/" in told for told in shown)
    search, link = f"/search/?q={facts['number']}", f"/{facts['number']}/"
    assert link in page(world.farid.get(search))
    assert counted in page(world.farid.get("/menu/"))
    leave_team(world.payments, agent=world.farid.row, by=world.chen.actor)
    answers = list(through_every_door(world, "farid", facts))
    assert [told for told, answer in answers if SECRET in page(answer)] == []
    doors = [(told, answer) for told, answer in answers if any(f in told.partition("?")[0] for f in ABOUT_IT)]
    assert doors
    assert [told for told, answer in doors if answer.status_code != 404] == []
    assert counted not in page(world.farid.get("/menu/"))
    assert link not in page(world.farid.get(search))


def is_no_conversation(told: str) -> bool:
    """What has a text of its own that says the same word: saved replies."""
    return "saved-replies" in told


def page(answer: HttpResponse) -> str:
    return "" if answer.streaming else answer.content.decode(errors="replace")


def test_a_role_of_the_desks_own_gets_through_the_doors_it_names_and_no_others(
    unchecked_world: World,
) -> None:
    """Somebody whose role was made with a viewer's rights gets where a viewer does, and changes nothing."""
    world = unchecked_world
    facts = stage(world)
    role = add_role("Trainee for a walk", permissions=PRESETS[Role.VIEWER], by=SYSTEM)
    change_role(world.amara.row, to=role, by=SYSTEM)
    others: list[str] = []
    for pattern, door in WALKED:
        if pattern in REDIRECTS or pattern.startswith("accounts/"):
            continue
        with undone():
            before = state_of_desk()
            as_viewer = knock(world, "farid", door, pattern, facts).status_code
            told = f"{door.method} {door.address or pattern}"
        world.farid.__dict__.pop("client", None)
        with undone():
            here = knock(world, "amara", door, pattern, facts).status_code
            if here != as_viewer and not any(fact in told for fact in AMARAS_OWN):
                others.append(f"{told}: {here}, a viewer gets {as_viewer}")
            assert door.method == "GET" or "farid" in door.may or state_of_desk() == before, told
        world.amara.__dict__.pop("client", None)
    assert others == []


@pytest.mark.django_db(transaction=True)
def test_the_stream_says_nothing_of_what_is_restricted_and_that_lists_changed_at_once(
    unchecked_world: World,
) -> None:
    world = unchecked_world
    row = world.conversation(subject=SECRET)
    with desk() as port, ExitStack() as open_lines:
        lines = {who: open_lines.enter_context(port.listen(world.colleague(who))) for who in sorted(TEAM)}
        restrict(row, agents=[AgentId(world.edda.row.pk)], teams=[], by=SYSTEM)
        for who in sorted(TEAM):
            told = lines[who].told()
            assert told is not None, who
            assert told.data["conversation"] == (row.pk if who in TEAM_LEADERS else None), who
        world.writes(row)
        add_note(row, text="x", sent_once="", files=(), by=world.edda.actor)
        assert lines["edda"].told() is not None
        for who in sorted(TEAM - TEAM_LEADERS):
            assert lines[who].told(within=0.3) is None, who
        change_role(world.amara.row, to=Role.VIEWER, by=SYSTEM)
        mine = lines["amara"].told()
        assert mine is not None, "whose rights change looks again"
        assert mine.data["conversation"] is None
