"""Every invariant of the database, tried to be broken behind the back of the verbs, which refuse earlier.

The first row of each pair goes in, so that the refusal of the second is about the invariant and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from heed.answering.models import SavedReply, SavedReplyFile, SavedReplyText
from heed.brands.models import Acknowledgement, Brand, CustomField, Inbox, InboxAddress, Topic
from heed.connecting.models import Outage, Watch
from heed.conversations.models import (
    Attachment,
    Blob,
    Conversation,
    ConversationLink,
    ConversationTag,
    ConversationTeam,
    Draft,
    FieldValue,
    FileText,
    HeldAnswer,
    Mention,
    Merge,
    Message,
    Participant,
    Presence,
    PurgedMail,
    RawMail,
    Seen,
    SheetDraft,
    SideConversation,
    SpentKey,
    Split,
    Tag,
    ThreadKey,
    Timer,
    TriedStep,
)
from heed.delivery.models import AgentSignature, Delivery, DkimKey
from heed.eventlog.models import ParkedEvent
from heed.intake.models import Receipt, ReceiptPart, RoundTrip
from heed.kernel.words import DeliveryState, Direction, HeldFor, Priority, ReceiptState, Status, TimerKind
from heed.lists.models import BulkChange, BulkPart, View, ViewName
from heed.mailboxes.models import FetchedMail, Folder, Mailbox, MailHook, PendingAuthorization
from heed.notifications.models import Notification, NotificationChoice, Push, PushDevice
from heed.people.models import (
    AddressStanding,
    Agent,
    AgentSkill,
    Circle,
    CircleMember,
    Customer,
    CustomerMove,
    Identity,
    NameKey,
    Skill,
    Team,
    TeamMember,
    Unsubscription,
)
from heed.triage.models import BlockedSender, StormGroup, StormRule, StormVersion

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CONSTRAINTS = {
    constraint.name: (model, constraint)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if model.__module__.startswith("heed.")
}


@dataclass
class Rows:
    """One of everything that the rows below hang on."""

    brand: Brand
    inbox: Inbox
    team: Team
    agent: Agent
    customer: Customer

    def conversation(self, **values: Any) -> Conversation:
        stands = {"brand": self.brand, "inbox": self.inbox, "opened_at": AT, "last_message_at": AT}
        return Conversation.objects.create(**stands | values)

    def message(self, **values: Any) -> Message:
        stands = {
            "conversation": values.pop("conversation", None) or self.conversation(),
            "brand": self.brand,
        }
        stands |= {"direction": Direction.IN, "automatic": "", "at": AT, "received_at": AT}
        return Message.objects.create(**stands | values)

    def receipt(self, **values: Any) -> Receipt:
        stands = {"received_at": AT, "recipients": [], "sha256": "a" * 64, "size": 1, "origin": "live"}
        return Receipt.objects.create(**stands | values)

    def timer(self, **values: Any) -> Timer:
        return Timer.objects.create(conversation=self.conversation(), due_at=AT, **values)

    def held(self, **values: Any) -> HeldAnswer:
        return HeldAnswer.objects.create(
            message=self.message(direction=Direction.OUT), held_at=AT, then="waiting", **values
        )

    def file_text(self, **values: Any) -> FileText:
        blob, _ = Blob.objects.get_or_create(sha256="e" * 64, defaults={"size": 1})
        file = Attachment.objects.create(blob=blob, filename="a.txt", content_type="text/plain", size=1)
        return FileText.objects.create(attachment=file, **values)

    def tried(self, **values: Any) -> TriedStep:
        said = {"what": "A restart", "at": AT}
        return TriedStep.objects.create(conversation=self.conversation(), agent=self.agent, **said, **values)

    def delivery(self, **values: Any) -> Delivery:
        return Delivery.objects.create(message=self.message(direction=Direction.OUT), **values)

    def mailbox(self, **values: Any) -> Mailbox:
        stands = {"protocol": "imap", "host": "mail.tern.example", "port": 993, "security": "tls"}
        stands |= {"inbox": self.inbox, "user_name": "help", "work_from_on": AT.date()}
        return Mailbox.objects.create(**stands | values)

    def hook(self, **values: Any) -> MailHook:
        stands = {"inbox": self.inbox, "provider": "postmark", "token": "t", "token_hash": "h"}
        return MailHook.objects.create(**stands | values)

    def trip(self, **values: Any) -> RoundTrip:
        return RoundTrip.objects.create(**{"inbox": self.inbox, "begun_at": AT, "nonce": "n"} | values)

    def outage(self, **values: Any) -> Outage:
        return Outage.objects.create(**{"kind": "parked", "key": "parked:mails", "started_at": AT} | values)

    def folder(self) -> Folder:
        return Folder.objects.create(mailbox=self.mailbox(), generation=1, name="INBOX", uidvalidity=1)


@pytest.fixture
def rows() -> Rows:
    brand = Brand.objects.create(name="Tern", slug="tern")
    return Rows(
        brand=brand,
        inbox=Inbox.objects.create(brand=brand, name="Help", address="help@tern.example"),
        team=Team.objects.create(brand=brand, name="First line"),
        agent=Agent.objects.create_user("amara@tern.example", name="Amara"),
        customer=Customer.objects.create(name="Dalia", created_at=AT),
    )


Make = Callable[[Rows], Callable[[], models.Model]]

# Given the rows above, each gives a function that makes a row; made twice, the second is one too many.
ONCE: dict[str, Make] = {
    "outage_open_once": lambda r: lambda: Rows.outage(r),
    "one_acknowledgement_a_language": lambda r: (
        lambda: Acknowledgement.objects.create(brand=r.brand, language="de", text="Danke")
    ),
    "team_name_once_a_brand": lambda r: lambda: Team.objects.create(brand=r.brand, name="Billing"),
    "agent_once_a_team": lambda r: lambda: TeamMember.objects.create(team=r.team, agent=r.agent),
    "identity_belongs_to_one_customer": lambda r: (
        lambda: Identity.objects.create(
            customer=Customer.objects.create(created_at=AT), kind="email", value="dalia@example.org"
        )
    ),
    "unsubscribed_once_a_brand": lambda r: _same(
        _standing(r, address="dalia@example.org"),
        lambda it: Unsubscription.objects.create(standing=it, brand=r.brand, at=AT),
    ),
    "skill_once_an_agent": lambda r: _same(
        Skill.objects.create(name="refunds"), lambda it: AgentSkill.objects.create(agent=r.agent, skill=it)
    ),
    "event_parked_once_a_consumer": lambda _: (
        lambda: ParkedEvent.objects.create(event_id=1, consumer="counts", error="x", at=AT)
    ),
    "part_once_a_receipt": lambda r: _same(
        r.receipt(), lambda it: ReceiptPart.objects.create(receipt=it, number=0, content=b"x")
    ),
    "same_mail_once_a_brand": lambda r: lambda: r.message(same_key="k"),
    "answer_sent_once": lambda r: (
        lambda: r.message(direction=Direction.OUT, agent=r.agent, sent_once="form-1")
    ),
    "storm_rule_name_once_a_brand": lambda r: lambda: StormRule.objects.create(brand=r.brand, name="Monitor"),
    "storm_version_once": lambda r: _same(_rule(r), lambda it: _version(it)),
    "storm_group_once": lambda r: _same(
        (_rule(r), r.conversation()),
        lambda it: StormGroup.objects.create(rule=it[0], key="k", conversation=it[1]),
    ),
    "blocked_once_a_brand": lambda r: lambda: BlockedSender.objects.create(brand=r.brand, value="@x", at=AT),
    "purged_once_a_brand": lambda r: _same(
        r.brand, lambda it: PurgedMail.objects.create(brand=it, key="a" * 64)
    ),
    "raw_once_a_message": lambda r: _same(
        r.message(), lambda it: RawMail.objects.create(message=it, sha256="a" * 64)
    ),
    "thread_key_in_one_conversation": lambda r: (
        lambda: ThreadKey.objects.create(brand=r.brand, key="k", conversation=r.conversation())
    ),
    "participant_once": lambda r: _same(
        r.conversation(),
        lambda it: Participant.objects.create(conversation=it, address="dalia@example.org", joined_at=AT),
    ),
    "shared_once_a_team": lambda r: _same(
        r.conversation(), lambda it: ConversationTeam.objects.create(conversation=it, team=r.team)
    ),
    "linked_once": lambda r: _same(
        (r.conversation(), r.conversation()),
        lambda two: ConversationLink.objects.create(conversation=two[0], other=two[1], reason="closed"),
    ),
    "merged_once_at_a_time": lambda r: _same(
        (r.conversation(), r.conversation()),
        lambda two: Merge.objects.create(
            source=two[0], target=two[1], at=AT, target_status="open", target_last_message_at=AT
        ),
    ),
    "split_off_once": lambda r: _same(
        (r.conversation(), r.conversation()),
        lambda two: Split.objects.create(origin=two[0], part=two[1], at=AT),
    ),
    "topic_once_at_the_root": lambda r: lambda: Topic.objects.create(brand=r.brand, name="Money"),
    "topic_once_below_another": lambda r: _same(
        Topic.objects.create(brand=r.brand, name="Money"),
        lambda above: Topic.objects.create(brand=r.brand, parent=above, name="Refunds"),
    ),
    "custom_field_once_a_brand": lambda r: lambda: CustomField.objects.create(brand=r.brand, name="Order"),
    "one_value_a_field": lambda r: _same(
        (r.conversation(), CustomField.objects.create(brand=r.brand, name="Order")),
        lambda two: FieldValue.objects.create(conversation=two[0], field=two[1], value="1"),
    ),
    "tag_once_a_brand": lambda r: lambda: Tag.objects.create(brand=r.brand, name="refund"),
    "tagged_once": lambda r: _same(
        (r.conversation(), Tag.objects.create(brand=r.brand, name="refund")),
        lambda two: ConversationTag.objects.create(conversation=two[0], tag=two[1]),
    ),
    "name_key_once_a_word": lambda _: lambda: NameKey.objects.create(key="dali", word="dalia"),
    "one_draft_a_kind": lambda r: _same(
        r.conversation(),
        lambda it: Draft.objects.create(agent=r.agent, conversation=it, kind="out", text="Dear", saved_at=AT),
    ),
    "one_draft_a_side": lambda r: _same(
        _side(r),
        lambda side: Draft.objects.create(
            agent=r.agent,
            conversation=side.conversation,
            kind="aside_out",
            side=side,
            text="Dear",
            saved_at=AT,
        ),
    ),
    "one_draft_a_sheet": lambda r: (
        lambda: SheetDraft.objects.create(agent=r.agent, place="new", text="Dear", saved_at=AT)
    ),
    "seen_once_an_agent": lambda r: _same(
        r.conversation(), lambda it: Seen.objects.create(agent=r.agent, conversation=it, message_at=AT)
    ),
    "presence_once_a_kind": lambda r: _same(
        r.conversation(),
        lambda it: Presence.objects.create(agent=r.agent, conversation=it, kind="writing", said_at=AT),
    ),
    "agent_mentioned_once_a_note": lambda r: _same(
        r.message(), lambda it: Mention.objects.create(message=it, agent=r.agent, words="Amara")
    ),
    "team_mentioned_once_a_note": lambda r: _same(
        r.message(), lambda it: Mention.objects.create(message=it, team=r.team, words="Payments")
    ),
    "one_text_a_language": lambda r: _same(
        _reply(r), lambda it: SavedReplyText.objects.create(reply=it, language="de", text="Guten Tag")
    ),
    "file_once_a_reply": lambda r: _same(
        (_reply(r), Blob.objects.create(sha256="b" * 64, size=1)),
        lambda it: SavedReplyFile.objects.create(
            reply=it[0], blob=it[1], filename="form.pdf", content_type="application/pdf", size=1
        ),
    ),
    "selector_once_a_domain": lambda _: (
        lambda: DkimKey.objects.create(
            domain="tern.example", selector="a", private="x", public="x", made_at=AT
        )
    ),
    "one_signature_a_brand": lambda r: (
        lambda: AgentSignature.objects.create(agent=r.agent, brand=r.brand, text="Amara")
    ),
    "key_spent_once": lambda r: lambda: SpentKey.objects.create(agent=r.agent, key="k", at=AT),
    "one_timer_a_kind": lambda r: _same(
        r.conversation(),
        lambda it: Timer.objects.create(conversation=it, kind=TimerKind.WAKE, due_at=AT),
    ),
    "account_once_an_inbox": lambda r: r.mailbox,
    "hook_once_an_inbox": lambda r: _same(iter("ab"), lambda it: r.hook(token_hash=next(it))),
    "hook_token_once": lambda r: _same(iter(("postmark", "sendgrid")), lambda it: r.hook(provider=next(it))),
    "folder_once_a_validity": lambda r: _same(
        r.mailbox(),
        lambda it: Folder.objects.create(mailbox=it, generation=1, name="INBOX", uidvalidity=7),
    ),
    "fetched_once_a_folder": lambda r: _same(
        r.folder(), lambda it: FetchedMail.objects.create(folder=it, uid="4", sha256="a" * 64)
    ),
    "bulk_begun_once": lambda r: lambda: _bulk(r),
    "view_names_once": lambda r: _same(
        _view(r), lambda it: ViewName.objects.create(view=it, field="tag", row=1, value="vip")
    ),
    "pushed_once_a_device": lambda r: _same(
        (
            _told(r, conversation=r.conversation()),
            PushDevice.objects.create(agent=r.agent, sealed="s", key="k", added_at=AT),
        ),
        lambda it: Push.objects.create(notification=it[0], device=it[1]),
    ),
    "notified_once_an_event": lambda r: _same(r.conversation(), lambda it: _told(r, conversation=it)),
    "notified_once_a_message": lambda r: _same(
        (r.message(), count(1)),
        lambda it: _told(r, conversation=it[0].conversation, message=it[0], event=next(it[1])),
    ),
    "bulk_part_once": lambda r: _same(
        (_bulk(r), r.conversation()), lambda it: BulkPart.objects.create(bulk=it[0], conversation=it[1])
    ),
    "authorization_state_once": lambda r: _same(
        r.mailbox(), lambda it: PendingAuthorization.objects.create(mailbox=it, state="s", ends_at=AT)
    ),
}

# What makes a row; values that are right; the same with what the invariant forbids.


def _reply(rows: Rows, **values: Any) -> SavedReply:
    return SavedReply.objects.create(brand=rows.brand, name="Refund", changed_at=AT, **values)


def _called(rows: Rows, *, agent: bool, team: bool) -> Mention:
    return Mention.objects.create(
        message=rows.message(),
        agent=rows.agent if agent else None,
        team=rows.team if team else None,
        words="Amara",
    )


def _private(rows: Rows, *, of_a_team: bool) -> SavedReply:
    return _reply(rows, owner=rows.agent, team=rows.team if of_a_team else None)


def _present(rows: Rows, **values: Any) -> Presence:
    return Presence.objects.create(agent=rows.agent, conversation=rows.conversation(), said_at=AT, **values)


def _rule(rows: Rows, name: str = "Monitor") -> StormRule:
    return StormRule.objects.create(brand=rows.brand, name=name)


def _version(rule: StormRule, group_by: str = "rule") -> StormVersion:
    return StormVersion.objects.create(
        rule=rule, number=1, at=AT, sender="*@x", group_by=group_by, window_seconds=60
    )


def _told(rows: Rows, **values: Any) -> Notification:
    return Notification.objects.create(
        **{"agent": rows.agent, "kind": "mention", "event": 1, "at": AT} | values
    )


def _bulk(rows: Rows, kind: str = "assign", key: str = "k") -> BulkChange:
    return BulkChange.objects.create(agent=rows.agent, kind=kind, key=key, begun_at=AT)


def _bulk_part(rows: Rows, state: str) -> BulkPart:
    known = BulkChange.objects.first() or _bulk(rows)
    return BulkPart.objects.create(bulk=known, conversation=rows.conversation(), state=state)


def _tag(rows: Rows, archived_at: datetime | None) -> Tag:
    into = Tag.objects.create(brand=rows.brand, name=f"into {archived_at}")
    return Tag.objects.create(
        brand=rows.brand, name=f"was {archived_at}", archived_at=archived_at, merged_into=into
    )


def _view(rows: Rows, name: str = "Refunds", order: str = "due") -> View:
    return View.objects.create(owner=rows.agent, name=name, order=order, made_at=AT, changed_at=AT)


def _standing(rows: Rows, **values: Any) -> AddressStanding:
    return AddressStanding.objects.create(**values)


def _move_of(r: Rows, *, kind: str = "merge", other: str = "another") -> CustomerMove:
    target = r.customer if other == "the same" else Customer.objects.create(created_at=AT)
    return CustomerMove.objects.create(
        kind=kind, source=r.customer, target=target, identities=[], conversations=[], moved_at=AT
    )


NEVER: dict[str, tuple[Callable[..., Any], dict[str, Any], dict[str, Any]]] = {
    "outage_end_told_after_it_began": (
        Rows.outage,
        {"told_at": AT, "told_end_at": AT},
        {"told_at": None, "told_end_at": AT, "key": "other"},
    ),
    "custom_role_where_role_is_custom": (
        lambda r, **values: Agent.objects.create(name="x", **values),
        {"email": "a@desk.example", "role": "agent"},
        {"email": "b@desk.example", "role": "custom"},
    ),
    "availability_known": (
        lambda r, **values: Agent.objects.create(name="x", **values),
        {"email": "a@desk.example", "availability": "away"},
        {"email": "b@desk.example", "availability": "asleep"},
    ),
    "circle_member_is_agent_or_team": (
        lambda r, **values: CircleMember.objects.create(
            circle=Circle.objects.get_or_create(key="k")[0], team=r.team, **values
        ),
        {"agent": None},
        {"agent_id": 1},
    ),
    "one_watch": (lambda r, **values: Watch.objects.create(**values), {"id": 1}, {"id": 2}),
    "inbox_address_has_at": (
        lambda r, **values: Inbox.objects.create(brand=r.brand, name="x", **values),
        {"address": "a@tern.example"},
        {"address": "tern.example"},
    ),
    "further_address_has_at": (
        lambda r, **values: InboxAddress.objects.create(inbox=r.inbox, **values),
        {"address": "a@tern.example"},
        {"address": "tern.example"},
    ),
    "dkim_key_signs_or_is_retired": (
        lambda r, **values: DkimKey.objects.create(domain="tern.example", public="x", made_at=AT, **values),
        {"selector": "a", "private": "", "retired_at": AT},
        {"selector": "b", "private": ""},
    ),
    "view_has_a_name": (_view, {"name": "Refunds"}, {"name": ""}),
    "acknowledgement_hours_known": (
        lambda r, hours: Acknowledgement.objects.create(brand=r.brand, language=hours, text="A", hours=hours),
        {"hours": "closed"},
        {"hours": "never"},
    ),
    "merged_tag_is_archived": (_tag, {"archived_at": AT}, {"archived_at": None}),
    "view_order_known": (_view, {"order": "due"}, {"order": "random"}),
    "quiet_from_and_to": (
        lambda r, **values: NotificationChoice.objects.create(
            agent=Agent.objects.create_user(f"q{len(values)}@tern.example", name="A"), **values
        ),
        {"quiet_from": 1200, "quiet_to": 420},
        {"quiet_from": 1200},
    ),
    "notification_kind_known": (
        lambda r, **values: _told(r, conversation=r.conversation(), **values),
        {"kind": "mention"},
        {"kind": "gossip"},
    ),
    "bulk_kind_known": (_bulk, {"kind": "assign"}, {"kind": "burn", "key": "other"}),
    "bulk_part_state_known": (_bulk_part, {"state": "waiting"}, {"state": "eaten"}),
    "agent_density_known": (
        lambda r, **values: Agent.objects.create(
            name="A", email=f"{values['density']}@tern.example", **values
        ),
        {"density": "compact"},
        {"density": "crowded"},
    ),
    "snoozed_needs_until": (
        Rows.conversation,
        {"status": Status.SNOOZED, "snoozed_until": AT},
        {"status": Status.SNOOZED, "snoozed_until": None},
    ),
    "customer_not_merged_into_itself": (
        lambda r, **values: Customer.objects.create(created_at=AT, **values),
        {"id": 8001, "merged_into_id": None},
        {"id": 8002, "merged_into_id": 8002},
    ),
    "preferred_channel_known": (
        lambda r, **values: Customer.objects.create(created_at=AT, **values),
        {"id": 8003, "preferred_channel": "phone"},
        {"id": 8004, "preferred_channel": "pigeon"},
    ),
    "file_trouble_known": (Rows.file_text, {"trouble": "locked"}, {"trouble": "dull"}),
    "tried_outcome_known": (Rows.tried, {"outcome": "helped"}, {"outcome": "perhaps"}),
    "move_between_two_customers": (
        _move_of,
        {"other": "another"},
        {"other": "the same"},
    ),
    "move_kind_known": (_move_of, {"kind": "split"}, {"kind": "theft"}),
    "suppressed_for_a_reason": (
        _standing,
        {"address": "a@tern.example", "suppressed_at": AT, "reason": "no_mailbox"},
        {"address": "b@tern.example", "suppressed_at": AT, "reason": ""},
    ),
    "storm_key_known": (
        lambda r, **values: _version(_rule(r, name=values["group_by"]), **values),
        {"group_by": "sender"},
        {"group_by": "colour"},
    ),
    "conversation_status_known": (Rows.conversation, {"status": Status.WAITING}, {"status": "resting"}),
    "conversation_priority_known": (Rows.conversation, {"priority": Priority.HIGH}, {"priority": "severe"}),
    "tag_not_merged_into_itself": (
        lambda r, **values: Tag.objects.create(brand=r.brand, name=str(values), archived_at=AT, **values),
        {"id": 8001, "merged_into_id": None},
        {"id": 8002, "merged_into_id": 8002},
    ),
    "conversation_not_merged_into_itself": (
        Rows.conversation,
        {"id": 8001, "merged_into_id": None},
        {"id": 8002, "merged_into_id": 8002},
    ),
    "message_direction_known": (Rows.message, {"direction": Direction.NOTE}, {"direction": "up"}),
    "only_ours_are_delivered": (
        Rows.message,
        {"direction": Direction.OUT, "state": DeliveryState.QUEUED},
        {"direction": Direction.IN, "state": DeliveryState.QUEUED},
    ),
    "asides_stand_in_a_side": (
        lambda r, **values: r.message(side=_side(r), **values),
        {"direction": Direction.ASIDE_HERE},
        {"direction": Direction.NOTE},
    ),
    "held_for_known": (Rows.held, {"held_for": HeldFor.UNDO}, {"held_for": "ever"}),
    "stopped_answer_is_not_due": (
        Rows.held,
        {"held_for": HeldFor.LATER, "due_at": None, "stopped": "closed"},
        {"held_for": HeldFor.LATER, "due_at": AT, "stopped": "closed"},
    ),
    "mention_of_agent_or_team": (_called, {"agent": True, "team": False}, {"agent": True, "team": True}),
    "presence_kind_known": (_present, {"kind": "looking"}, {"kind": "sleeping"}),
    "reply_private_or_of_a_team": (_private, {"of_a_team": False}, {"of_a_team": True}),
    "timer_kind_known": (Rows.timer, {"kind": TimerKind.CLOSE}, {"kind": "nap"}),
    "parked_says_why": (
        Rows.receipt,
        {"state": ReceiptState.PARKED, "reason": "too_deep"},
        {"state": ReceiptState.PARKED, "reason": ""},
    ),
    "round_trip_left_or_says_why": (
        Rows.trip,
        {"code": "refused"},
        {"code": "refused", "sent_at": AT},
    ),
    "mailbox_protocol_known": (
        Rows.mailbox,
        {"protocol": "pop3"},
        {"protocol": "uucp", "user_name": "other"},
    ),
    "hook_provider_known": (
        Rows.hook,
        {"provider": "sendgrid"},
        {"provider": "pigeon", "token_hash": "other"},
    ),
    "hook_has_the_key_it_needs": (
        Rows.hook,
        {"provider": "mailgun", "signing_key": "k"},
        {"signing_key": "k", "token_hash": "other"},
    ),
    "mailbox_security_known": (
        Rows.mailbox,
        {"security": "starttls"},
        {"security": "hope", "user_name": "other"},
    ),
    "mailbox_after_fetch_known": (
        Rows.mailbox,
        {"after_fetch": "move"},
        {"after_fetch": "burn", "user_name": "other"},
    ),
    "paused_mailbox_is_not_due": (
        Rows.mailbox,
        {"is_enabled": False, "due_at": None},
        {"is_enabled": False, "due_at": AT, "user_name": "other"},
    ),
    "custom_field_kind_known": (
        lambda r, **more: CustomField.objects.create(brand=r.brand, **more),
        {"name": "Order", "kind": "text"},
        {"name": "Device", "kind": "mood"},
    ),
    "delivery_parked_is_not_due": (
        Rows.delivery,
        {"due_at": None, "reason": "refused"},
        {"due_at": AT, "reason": "refused"},
    ),
}


def _side(rows: "Rows") -> SideConversation:
    return SideConversation.objects.create(
        conversation=rows.conversation(), subject="A parcel", begun_at=AT, last_message_at=AT
    )


def _same(owner: Any, make: Callable[[Any], models.Model]) -> Callable[[], models.Model]:
    """Make rows that all hang on the same owner."""
    return lambda: make(owner)


def refuses(error: IntegrityError, name: str) -> bool:
    """Whether this error is about this constraint. SQLite names a unique one by its columns."""
    model, constraint = CONSTRAINTS[name]
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        columns = {field.name: field.column for field in model._meta.concrete_fields}
        spelled = [f"{model._meta.db_table}.{columns[name]}" for name in constraint.fields]
        return ", ".join(spelled) in str(error)
    return name in str(error)


@pytest.mark.parametrize("name", ONCE)
def test_there_is_only_one(rows: Rows, name: str) -> None:
    make = ONCE[name](rows)
    make()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    assert refuses(caught.value, name)


@pytest.mark.parametrize("name", NEVER)
def test_it_never_stands_in_a_row(rows: Rows, name: str) -> None:
    make, right, wrong = NEVER[name]
    make(rows, **right)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(rows, **wrong)
    assert refuses(caught.value, name)


def test_each_constraint_of_the_database_is_tried_here() -> None:
    assert set(CONSTRAINTS) == {*ONCE, *NEVER}
