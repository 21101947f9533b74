"""Every verb for every role: it raises NotFound for those who may not see, Refused for those who may only look.

A new verb without an entry in CALLS or among those that only the desk itself calls fails here.
"""

import ast
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from heed.answering.actions import saved_replies
from heed.answering.models import SavedReply, SavedReplyFile
from heed.connecting.actions.connections import (
    Connection,
    NewInbox,
    change_connection,
    choose_way_out,
    connect_mailbox,
)
from heed.connecting.actions.round_trips import begin_round_trip
from heed.conversations.actions import (
    admitting,
    answering,
    customers,
    downloading,
    labels,
    merging,
    presence,
    profiles,
    purging,
    quarantining,
    restricting,
    sending,
    sheets,
    splitting,
    state,
    taking_down,
    trashing,
    trying,
    uniting,
    unmerging,
    uploads,
)
from heed.conversations.models import Attachment, Conversation, Message, Tag, TriedStep
from heed.conversations.sheets import Begun, sheet_at
from heed.eventlog.unit import add, unit
from heed.intake import receipts
from heed.intake.models import Receipt
from heed.kernel import blobs, clock
from heed.kernel.customer_words import Outcome
from heed.kernel.errors import NotFound, Refused
from heed.kernel.mail_words import HookProvider, MailProvider
from heed.kernel.permissions import Permission, written
from heed.kernel.words import (
    AgentId,
    Availability,
    BlockScope,
    Density,
    ParkReason,
    PresenceKind,
    Priority,
    Role,
    SpamReason,
    Status,
    StormKey,
    SuppressReason,
    TeamId,
)
from heed.lists.actions import bulk, views
from heed.lists.codes import BulkKind
from heed.lists.deeds import Deed
from heed.lists.models import BulkChange, View
from heed.mailboxes.actions import accounts, authorizations, hooks
from heed.mailboxes.models import Mailbox, MailHook
from heed.mailboxes.tests.post_office import ACCOUNT, handling
from heed.people import actions as people
from heed.people.actions import agents, brands, roles, shifts
from heed.people.actions.standings import lift, suppress
from heed.people.models import (
    AddressStanding,
    Customer,
    CustomerMove,
    CustomerNote,
    CustomRole,
    Identity,
    IdentityKind,
)
from heed.people.policy import SYSTEM, Actor
from heed.people.standing_queries import standings
from heed.testing.world import World
from heed.triage.actions import senders, spam, storms
from heed.triage.models import StormRule
from tests.contracts import calls_of_accounts, calls_of_notifications, calls_of_sending, calls_of_topics
from tests.contracts.test_walk import AGENTS, LEADERS, TEAM, TEAM_LEADERS, TEAM_WRITERS, WRITERS

ROOT: Final = Path(__file__).resolve().parents[2]
ADMINS: Final = frozenset({"chen"})
EVERYBODY: Final = AGENTS | {"nobody"}

# Called by workers, consumers and intake for the desk itself; no door may import them.
OF_THE_DESK: Final = frozenset(
    {
        "add_customers", "catch", "claim", "clear_raw", "discard_caught", "give_back",
        "keep", "keep_parked", "keep_raw", "link",
        "mark_arrived", "mark_bounced", "mark_deferred", "mark_delivered", "mark_failed", "mark_put_off",
        "mark_sent", "merge_thread", "note_raw_blobs", "open_conversation", "park", "receive",
        "let_go_of_deliveries", "let_go_of_mails", "purge_in_time", "refill", "remove_conversation", "remove_messages",
        "record_mail", "run_timer", "send_automatic", "set_next_due", "settle", "share",
        "note_arrival", "note_soft_failure", "suppress", "gather", "hold_back", "learn", "learn_names",
        "note_answered", "keep_text",
        "claim_watch", "note_outages", "note_told", "put_off_telling",
        "claim_mailboxes", "follow_rename", "give_up_claim", "keep_fetched", "note_progress", "note_settled",
        "open_folder", "renew", "report_alive", "report_failure", "report_success",
        "claim_mailbox", "file_later", "keep_own", "keep_reconciliation", "note_filed", "receive_own",
        "claim_round_trip", "look_again", "look_soon", "note_left", "note_not_sent", "take_round_trip",
        "take_report", "claim_refresh", "give_up_refresh", "keep_refreshed", "lose_authorization", "take_pending",
    }
) | calls_of_sending.OF_THE_DESK | calls_of_notifications.OF_THE_DESK  # fmt: skip


VIEW_CHANGERS: Final = TEAM_LEADERS | {"amara"}
RAISED: Final = Deed(BulkKind.PRIORITY, "high")
VIEW: Final = views.Wanted("N", "is:open")
LINDEN_WRITERS: Final = frozenset({"amara", "bruno", "chen", "edda"})
WORDING: Final = storms.Wording("Alarms", "*@monitor.example", "", "", StormKey.RULE, 3600)


@dataclass
class Facts:
    """One thing of each kind that verbs take; all of Payments."""

    world: World
    row: Conversation
    message: Message
    failed: Message
    tag: Tag
    other: Conversation
    merged: Conversation
    long: Conversation
    second: int  # a message of long
    part: Conversation


def _asked(f: Facts, name: str) -> saved_replies.Wanted:
    return saved_replies.Wanted(name=name, texts={"en": "Hello"}, team=TeamId(f.world.payments.pk))


def _saved(f: Facts, by: Actor) -> SavedReply:
    return saved_replies.add_saved_reply(f.world.linden, wanted=_asked(f, "Refund"), by=by)


def _kept(f: Facts) -> SavedReply:
    world = f.world
    return SavedReply.objects.create(
        brand=world.linden, team=world.payments, name="Refund", changed_at=clock.now()
    )


@dataclass(frozen=True)
class Call:
    """How a verb is called; those in `may` get through, `looks` see but may not, others find nothing."""

    make: Callable[[Facts, Actor], object]
    may: frozenset[str] = TEAM_WRITERS
    looks: frozenset[str] = frozenset({"farid"})


def _set_up(make: Callable[[Facts, Actor], object]) -> Call:
    return Call(make, may=ADMINS, looks=EVERYBODY - ADMINS)


def _upload(facts: Facts, by: Actor) -> object:
    return uploads.upload(
        Attachment(blob_id=blobs.put(b"x"), filename="x", content_type="text/plain", size=1), by=by
    )


def _parked(facts: Facts) -> Receipt:
    receipt = facts.world.mail_from(facts.world.dalia)
    receipts.park(receipt, reason=ParkReason.UNREADABLE, detail="", by=SYSTEM)
    return receipt


def _trashed(facts: Facts) -> Conversation:
    """Each time another one; made past the verbs, so that nothing is recorded."""
    now = clock.now()
    stands = {"opened_at": now, "last_message_at": now, "brand": facts.world.linden, "trashed_at": now}
    return Conversation.objects.create(inbox=facts.world.help, team=facts.world.payments, **stands)


def _storm_rule(facts: Facts) -> StormRule:
    found = StormRule.objects.first()
    return found or storms.add_storm_rule(facts.world.linden, wording=replace(WORDING, name="N"), by=SYSTEM)


def _suppressed(facts: Facts) -> AddressStanding:
    address = "gone@example.org"
    found = standings(SYSTEM, [address]).get(address)
    return found or suppress(address, reason=SuppressReason.NO_MAILBOX, report=None, on=None, by=SYSTEM)


def _mailbox(facts: Facts) -> Mailbox:
    """Brought back if a call before took it away."""
    known = Mailbox.objects.filter(removed_at__isnull=True).first()
    world = facts.world
    return known or accounts.add_mailbox(
        world.help, account=ACCOUNT, handling=handling(), password="x", by=SYSTEM
    )


def _view(facts: Facts) -> View:
    """One that Amara shares with Payments, each time another one; made past the verbs."""
    now = clock.now()
    return View.objects.create(
        owner=facts.world.amara.row, team=facts.world.payments, name="N", made_at=now, changed_at=now
    )


def _bulk(facts: Facts) -> BulkChange:
    """One of Amara's, each time another one."""
    key = str(BulkChange.objects.count())
    return BulkChange.objects.create(
        agent=facts.world.amara.row, kind=RAISED.kind, value=RAISED.value, key=key, begun_at=clock.now()
    )


def _newcomer(facts: Facts) -> Customer:
    """A customer whom Payments know, each time another one; made past the verbs, so that nothing is recorded."""
    row = Customer.objects.create(name="New", created_at=clock.now())
    Identity.objects.create(customer=row, kind=IdentityKind.EMAIL, value=f"{row.pk}@example.org")
    now = clock.now()
    stands = {"opened_at": now, "last_message_at": now, "brand": facts.world.linden, "customer": row}
    Conversation.objects.create(inbox=facts.world.help, team=facts.world.payments, **stands)
    return row


def _note(facts: Facts) -> CustomerNote:
    """A note by Amara, each time another one; made past the verbs, so that nothing is recorded."""
    said = {"customer": facts.world.dalia.row, "brand": facts.world.linden, "written_at": clock.now()}
    return CustomerNote.objects.create(author=facts.world.amara.row, text="A note", **said)


def _step(facts: Facts) -> TriedStep:
    said = {"agent": facts.world.amara.row, "what": "A restart", "at": clock.now()}
    return TriedStep.objects.create(conversation=facts.row, outcome=Outcome.UNKNOWN, **said)


def _second_address(facts: Facts) -> Identity:
    value = f"dalia+{Identity.objects.count()}@example.org"
    return Identity.objects.create(customer=facts.world.dalia.row, kind=IdentityKind.EMAIL, value=value)


def _merged(facts: Facts) -> CustomerMove:
    source = Customer.objects.create(created_at=clock.now(), merged_into=facts.world.dalia.row)
    moved = {"identities": [_second_address(facts).pk], "conversations": [], "moved_at": clock.now()}
    return CustomerMove.objects.create(kind="merge", source=source, target=facts.world.dalia.row, **moved)


def _split(facts: Facts, by: Actor) -> object:
    return uniting.split_customer(facts.world.dalia.row, identity=_second_address(facts), by=by)


TOKENS: Final = authorizations.Tokens("a", "r", clock.now())


def _of_provider(facts: Facts) -> Mailbox:
    known = Mailbox.objects.exclude(provider="").first()
    account = replace(ACCOUNT, provider=MailProvider.GOOGLE)
    world = facts.world
    return known or accounts.add_mailbox(
        world.hello, account=account, handling=handling(), password="", by=SYSTEM
    )


def _hook(facts: Facts) -> MailHook:
    known = MailHook.objects.filter(provider=HookProvider.MAILGUN).first()
    return known or hooks.add_mail_hook(
        facts.world.help, provider=HookProvider.MAILGUN, signing_key="k", by=SYSTEM
    )


NOTES: Final = frozenset({Permission.NOTE})


def _role() -> CustomRole:
    return CustomRole.objects.get_or_create(name="Trainee", permissions=written(NOTES))[0]


HOURS: Final = {"0": [[480, 720]]}
WANTED: Final = brands.Settings(
    name="N",
    language="de",
    time_zone="UTC",
    hours=HOURS,
    holidays=[],
    first_reply_seconds=60,
    acknowledges=False,
    close_after_days=9,
)
CALLS: dict[str, Call] = {
    "reply": Call(lambda f, by: answering.reply(f.row, answer=f.world.answer(), by=by)),
    "add_note": Call(lambda f, by: answering.add_note(f.row, text="x", sent_once="", files=(), by=by)),
    "try_again": Call(lambda f, by: sending.try_again(f.failed, by=by)),
    "start": Call(
        lambda f, by: answering.start(
            f.world.help, answer=f.world.answer(subject="A"), team=f.world.payments, customer=None, by=by
        ),
        looks=EVERYBODY - TEAM_WRITERS,
    ),
    "take_down": Call(
        lambda f, by: taking_down.take_down(
            f.world.help,
            told=f.world.answer(subject="A"),
            team=f.world.payments,
            customer=f.world.dalia.id,
            by=by,
        ),
        looks=EVERYBODY - TEAM_WRITERS,
    ),
    "note_download": Call(
        lambda f, by: downloading.note_download(f.message, by=by), TEAM_LEADERS, frozenset()
    ),
    "upload": Call(_upload, may=AGENTS, looks=frozenset({"nobody"})),
    "tag": Call(lambda f, by: labels.tag(f.row, name="bell", by=by)),
    "untag": Call(lambda f, by: labels.untag(f.row, tag=f.tag, by=by)),
    "save_draft": Call(lambda f, by: labels.save_draft(f.row, kind="out", text="x", by=by)),
    "save_sheet": Call(
        lambda f, by: sheets.save_sheet(sheet_at(f"side-of-{f.row.pk}"), begun=Begun("x"), by=by)
    ),
    "mark_seen": Call(
        lambda f, by: labels.mark_seen(f.row, up_to=f.row.last_message_at, by=by), TEAM, frozenset()
    ),
    "add_saved_reply": Call(lambda f, by: _saved(f, by), looks=frozenset({"bruno"})),
    "change_saved_reply": Call(
        lambda f, by: saved_replies.change_saved_reply(_kept(f), wanted=_asked(f, "Other"), by=by),
        looks=frozenset(),
    ),
    "archive_saved_reply": Call(
        lambda f, by: saved_replies.archive_saved_reply(_kept(f), by=by), looks=frozenset()
    ),
    "restore_saved_reply": Call(
        lambda f, by: saved_replies.restore_saved_reply(_kept(f), by=by), looks=frozenset()
    ),
    "attach_to_reply": Call(
        lambda f, by: saved_replies.attach_to_reply(
            _kept(f),
            file=SavedReplyFile(blob_id="a" * 64, filename="x", content_type="text/plain", size=1),
            by=by,
        ),
        looks=frozenset(),
    ),
    "detach_from_reply": Call(
        lambda f, by: saved_replies.detach_from_reply(_kept(f), file_id=1, by=by), looks=frozenset()
    ),
    "take_files": Call(lambda f, by: saved_replies.take_files(_kept(f), by=by), looks=frozenset()),
    "say_present": Call(
        lambda f, by: presence.say_present(f.row, kind=PresenceKind.LOOKING, by=by), TEAM, frozenset()
    ),
    "say_left": Call(lambda f, by: presence.say_left(f.row, by=by), TEAM, frozenset()),
    "change_status": Call(lambda f, by: state.change_status(f.row, to=Status.WAITING, by=by)),
    "assign": Call(lambda f, by: state.assign(f.row, to=f.world.amara.row, by=by)),
    "move": Call(lambda f, by: state.move(f.row, to=f.world.repairs, by=by)),
    "quarantine": Call(
        lambda f, by: quarantining.quarantine(f.row, reason=SpamReason.BY_AGENT, by=by), TEAM_WRITERS
    ),
    "release": Call(
        lambda f, by: quarantining.release(f.row, message=None, may_acknowledge=False, by=by), TEAM_WRITERS
    ),
    "trash": Call(lambda f, by: trashing.trash(f.row, by=by)),
    "restore": Call(lambda f, by: trashing.restore(f.row, by=by)),
    "purge": Call(lambda f, by: purging.purge(_trashed(f), by=by), ADMINS, looks=TEAM - ADMINS),
    "mark_spam": Call(lambda f, by: spam.mark_spam(f.row, blocking=BlockScope.ADDRESS, by=by), TEAM_WRITERS),
    "not_spam": Call(lambda f, by: spam.not_spam(f.row, by=by), TEAM_WRITERS),
    "block": Call(
        lambda f, by: senders.block(f.world.linden, sender="m@example.com", by=by),
        LINDEN_WRITERS,
        EVERYBODY - LINDEN_WRITERS,
    ),
    "unblock": Call(
        lambda f, by: senders.unblock(
            senders.block(f.world.linden, sender="m@example.com", by=SYSTEM), by=by
        ),
        LINDEN_WRITERS,
        EVERYBODY - LINDEN_WRITERS,
    ),
    "add_storm_rule": _set_up(lambda f, by: storms.add_storm_rule(f.world.linden, wording=WORDING, by=by)),
    "change_storm_rule": _set_up(
        lambda f, by: storms.change_storm_rule(_storm_rule(f), wording=replace(WORDING, name="M"), by=by)
    ),
    "merge": Call(lambda f, by: merging.merge(f.row, into=f.other, by=by)),
    "unmerge": Call(lambda f, by: unmerging.unmerge(f.merged, by=by)),
    "split": Call(lambda f, by: splitting.split(f.long, messages=[f.second], subject="", by=by)),
    "unsplit": Call(lambda f, by: splitting.unsplit(f.part, by=by)),
    "link_by_hand": Call(lambda f, by: splitting.link_by_hand(f.other, other=f.long, by=by)),
    "unlink": Call(lambda f, by: splitting.unlink(f.other, other=f.long, by=by)),
    "change_priority": Call(lambda f, by: state.change_priority(f.row, to=Priority.HIGH, by=by)),
    "customer_of": Call(
        lambda f, by: people.customer_of("p@example.org", name="", by=by), WRITERS, EVERYBODY - WRITERS
    ),
    "lift": Call(
        lambda f, by: lift(_suppressed(f), why="They mended it", on=None, by=by), WRITERS, EVERYBODY - WRITERS
    ),
    "add_brand": _set_up(
        lambda f, by: people.add_brand("B", slug="b", language="en", time_zone="UTC", by=by)
    ),
    "change_hours": _set_up(
        lambda f, by: brands.change_hours(
            f.world.linden, hours=HOURS, holidays=[], first_reply_seconds=60, by=by
        )
    ),
    "change_signature": _set_up(lambda f, by: brands.change_signature(f.world.linden, signature="x", by=by)),
    "set_acknowledgement": _set_up(
        lambda f, by: brands.set_acknowledgement(f.world.linden, language="en", text="x", by=by)
    ),
    "set_up_brand": _set_up(lambda f, by: brands.set_up_brand(f.world.linden, wanted=WANTED, by=by)),
    "change_brand": _set_up(
        lambda f, by: brands.change_brand(f.world.linden, name="N", language="de", time_zone="UTC", by=by)
    ),
    "start_acknowledging": _set_up(lambda f, by: brands.start_acknowledging(f.world.linden, by=by)),
    "stop_acknowledging": _set_up(lambda f, by: brands.stop_acknowledging(f.world.linden, by=by)),
    "close_after": _set_up(lambda f, by: brands.close_after(f.world.linden, days=9, by=by)),
    "add_inbox": _set_up(
        lambda f, by: people.add_inbox(f.world.linden, name="N", address="n@linden.example", by=by)
    ),
    "route_inbox": _set_up(lambda f, by: people.route_inbox(f.world.help, team=f.world.repairs, by=by)),
    "set_mail_server": _set_up(
        lambda f, by: people.set_mail_server(f.world.help, url="smtp://mail.example", by=by)
    ),
    "add_team": _set_up(lambda f, by: people.add_team(f.world.linden, name="N", by=by)),
    "add_agent": _set_up(
        lambda f, by: people.add_agent("N", email="n@desk.example", password=None, role=Role.AGENT, by=by)
    ),
    "restrict": Call(
        lambda f, by: restricting.restrict(f.row, agents=[AgentId(f.world.amara.row.pk)], teams=[], by=by),
        TEAM_LEADERS,
        frozenset({"amara", "farid"}),
    ),
    "open_to_team": Call(
        lambda f, by: restricting.open_to_team(f.row, by=by), TEAM_LEADERS, frozenset({"amara", "farid"})
    ),
    "say_availability": Call(
        lambda f, by: shifts.say_availability(Availability.AWAY, by=by), AGENTS, frozenset({"nobody"})
    ),
    "change_work": Call(
        lambda f, by: shifts.change_work(
            f.world.gita.row, shift={}, leave=[], skills=["maps"], languages=["de"], by=by
        ),
        ADMINS | {"gita"},
        EVERYBODY - ADMINS - {"gita"},
    ),
    "add_role": _set_up(lambda f, by: roles.add_role("N", permissions=NOTES, by=by)),
    "change_custom_role": _set_up(
        lambda f, by: roles.change_custom_role(_role(), name="M", permissions=NOTES, by=by)
    ),
    "remove_role": _set_up(lambda f, by: roles.remove_role(_role(), by=by)),
    "change_role": _set_up(lambda f, by: agents.change_role(f.world.bruno.row, to=Role.LEAD, by=by)),
    "switch_off": _set_up(lambda f, by: agents.switch_off(f.world.bruno.row, by=by)),
    "invite_agent": _set_up(
        lambda f, by: agents.invite_agent("I", email="i@desk.example", role=Role.AGENT, teams=[], by=by)
    ),
    "choose_time_zone": Call(
        lambda f, by: people.choose_time_zone("Asia/Tokyo", by=by), AGENTS, frozenset({"nobody"})
    ),
    "choose_language": Call(lambda f, by: people.choose_language("de", by=by), AGENTS, frozenset({"nobody"})),
    "choose_density": Call(
        lambda f, by: people.choose_density(Density.COMPACT, by=by), AGENTS, frozenset({"nobody"})
    ),
    "begin_bulk": Call(
        lambda f, by: bulk.begin_bulk([f.row.pk], deed=RAISED, key="k", by=by),
        looks=frozenset({"farid", "nobody"}),
    ),
    "step_bulk": Call(lambda f, by: bulk.step_bulk(_bulk(f), by=by), frozenset({"amara"}), frozenset()),
    "undo_bulk": Call(lambda f, by: bulk.undo_bulk(_bulk(f), by=by), frozenset({"amara"}), frozenset()),
    "add_view": Call(
        lambda f, by: views.add_view(replace(VIEW, team=f.world.payments), by=by),
        looks=EVERYBODY - TEAM_WRITERS,
    ),
    "change_view": Call(
        lambda f, by: views.change_view(_view(f), wanted=replace(VIEW, name="M"), by=by), VIEW_CHANGERS
    ),
    "delete_view": Call(lambda f, by: views.delete_view(_view(f), by=by), VIEW_CHANGERS),
    "restore_view": Call(lambda f, by: views.restore_view(_view(f), by=by), VIEW_CHANGERS),
    "rename_agent": _set_up(lambda f, by: agents.rename_agent(f.world.bruno.row, name="B", by=by)),
    "change_teams": _set_up(lambda f, by: agents.change_teams(f.world.bruno.row, to=[f.world.charts], by=by)),
    "change_agent": _set_up(
        lambda f, by: agents.change_agent(f.world.bruno.row, name="C", role=Role.AGENT, teams=[], by=by)
    ),
    "switch_on": _set_up(lambda f, by: agents.switch_on(f.world.bruno.row, by=by)),
    "note_invitation": _set_up(lambda f, by: agents.note_invitation(f.world.gita.row, by=by)),
    "rename_team": _set_up(lambda f, by: agents.rename_team(f.world.repairs, name="R", by=by)),
    "join_team": _set_up(lambda f, by: people.join_team(f.world.charts, agent=f.world.bruno.row, by=by)),
    "leave_team": _set_up(lambda f, by: people.leave_team(f.world.repairs, agent=f.world.bruno.row, by=by)),
    "add_mailbox": _set_up(
        lambda f, by: accounts.add_mailbox(
            f.world.workshop, account=ACCOUNT, handling=handling(), password="x", by=by
        )
    ),
    "change_mailbox": _set_up(
        lambda f, by: accounts.change_mailbox(_mailbox(f), account=ACCOUNT, handling=handling(), by=by)
    ),
    "set_mailbox_password": _set_up(
        lambda f, by: accounts.set_mailbox_password(_mailbox(f), password="y", by=by)
    ),
    "choose_way_out": _set_up(
        lambda f, by: choose_way_out(f.world.help, server="smtp://mail.example", provider=None, by=by)
    ),
    "connect_mailbox": _set_up(
        lambda f, by: connect_mailbox(
            NewInbox("new@linden.example", f.world.payments),
            wanted=Connection(ACCOUNT, handling(), "x"),
            by=by,
        )
    ),
    "change_connection": _set_up(
        lambda f, by: change_connection(_mailbox(f), wanted=Connection(ACCOUNT, handling()), by=by)
    ),
    "begin_round_trip": _set_up(lambda f, by: begin_round_trip(f.world.help, by=by)),
    "pause_mailbox": _set_up(lambda f, by: accounts.pause_mailbox(_mailbox(f), by=by)),
    "resume_mailbox": _set_up(lambda f, by: accounts.resume_mailbox(_mailbox(f), by=by)),
    "look_now": _set_up(lambda f, by: accounts.look_now(_mailbox(f), by=by)),
    "remove_mailbox": _set_up(lambda f, by: accounts.remove_mailbox(_mailbox(f), by=by)),
    "add_mail_hook": _set_up(
        lambda f, by: hooks.add_mail_hook(f.world.help, provider=HookProvider.POSTMARK, signing_key="", by=by)
    ),
    "change_mail_hook": _set_up(lambda f, by: hooks.change_mail_hook(_hook(f), signing_key="l", by=by)),
    "set_hook_checker": _set_up(
        lambda f, by: hooks.set_hook_checker(_hook(f), checked_by="mx.linden.example", by=by)
    ),
    "remove_mail_hook": _set_up(lambda f, by: hooks.remove_mail_hook(_hook(f), by=by)),
    "merge_customers": Call(
        lambda f, by: uniting.merge_customers(_newcomer(f), into=f.world.dalia.row, by=by)
    ),
    "split_customer": Call(_split),
    "describe_customer": Call(
        lambda f, by: profiles.describe_customer(f.world.dalia.row, profile=profiles.Profile(), by=by)
    ),
    "write_customer_note": Call(
        lambda f, by: profiles.write_customer_note(
            f.world.dalia.row, brand=f.world.linden, text="A note", by=by
        )
    ),
    "change_customer_note": Call(
        lambda f, by: profiles.change_customer_note(_note(f), text="Another", by=by),
        frozenset({"amara"}),
        TEAM - {"amara"},
    ),
    "erase_customer_note": Call(
        lambda f, by: profiles.erase_customer_note(_note(f), by=by),
        TEAM_LEADERS | {"amara"},
    ),
    "note_tried": Call(
        lambda f, by: trying.note_tried(f.row, what=str(clock.now()), outcome=Outcome.HELPED, by=by)
    ),
    "settle_tried": Call(lambda f, by: trying.settle_tried(_step(f), outcome=Outcome.PARTLY, by=by)),
    "withdraw_tried": Call(lambda f, by: trying.withdraw_tried(_step(f), by=by)),
    "undo_move": Call(lambda f, by: uniting.undo_move(_merged(f), by=by)),
    "admit": Call(lambda f, by: admitting.admit(f.message, by=by)),
    "reject": Call(lambda f, by: admitting.reject(f.message, by=by)),
    "change_customer": Call(lambda f, by: customers.change_customer(f.row, to=f.world.ines.id, by=by)),
    "begin_asking": _set_up(
        lambda f, by: authorizations.begin_asking(_of_provider(f), return_to="http://here.example", by=by)
    ),
    "keep_tokens": _set_up(lambda f, by: authorizations.keep_tokens(_of_provider(f), tokens=TOKENS, by=by)),
    "receipts.try_again": Call(
        lambda f, by: receipts.try_again(_parked(f), by=by), LEADERS, EVERYBODY - LEADERS
    ),
    "receipts.note_download": Call(
        lambda f, by: receipts.note_download(_parked(f), by=by), LEADERS, EVERYBODY - LEADERS
    ),
}

CALLS |= calls_of_notifications.calls(Call)
CALLS |= calls_of_sending.calls(Call) | calls_of_accounts.calls(Call) | calls_of_topics.calls(Call)


def verbs() -> Iterator[str]:
    """Every verb's name; with its module's where a name is used twice."""
    return (name for name, _ in verbs_and_modules())


def verbs_and_modules() -> Iterator[tuple[str, str]]:
    """The same with the module that each stands in."""
    seen: set[str] = set()
    for path in sorted(ROOT.glob("heed/**/*.py")):
        if "/tests/" in path.as_posix() or "@verb" not in path.read_text(encoding="utf-8"):
            continue
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, value in vars(module).items():
            if getattr(value, "is_verb", False) and value.__module__ == module.__name__:
                is_again = name in seen and name not in OF_THE_DESK
                yield (f"{path.stem}.{name}" if is_again else name), module.__name__
                seen.add(name)


def stage(world: World) -> Facts:
    """Arrange what the verbs are called with."""
    row = world.conversation()
    answer = answering.reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    failed = sending.mark_failed(answer, reason=ParkReason.REFUSED, smtp_code=550, words="no", by=SYSTEM)
    with unit():
        tag = add(Tag(brand=world.linden, name="chain"))
    other, merged, long, halved = (world.conversation() for _ in range(4))
    merging.merge(merged, into=other, by=SYSTEM)
    second = world.writes(long).pk
    part = splitting.split(halved, messages=[world.writes(halved).pk], subject="", by=SYSTEM)
    return Facts(world, row, row.messages.get(), failed, tag, other, merged, long, second, part)


def test_every_verb_is_walked_or_the_desks_own() -> None:
    assert set(verbs()) == set(CALLS) | OF_THE_DESK


@pytest.mark.parametrize("name", CALLS)
def test_a_verb_obeys_those_who_may_and_is_not_there_for_others(unchecked_world: World, name: str) -> None:
    world, call = unchecked_world, CALLS[name]
    facts = stage(world)
    for who in sorted(EVERYBODY - call.may):
        actor = world.colleague(who).actor
        before = world.log_size()
        with pytest.raises(Refused if who in call.looks else NotFound):
            call.make(facts, actor)
        assert world.log_size() - before <= _parking(name), who
    actor = world.colleague(sorted(call.may)[0]).actor
    call.make(facts, actor)


OF_MAILBOXES: Final = dict.fromkeys(  # a mailbox, a hook or a key is set up first
    (
        *("change_mailbox", "set_mailbox_password", "change_connection", "pause_mailbox", "resume_mailbox"),
        *("look_now", "remove_mailbox", "change_mail_hook", "set_hook_checker", "remove_mail_hook"),
        *("begin_asking", "keep_tokens", "choose_dkim_signing", "retire_dkim_key"),
    ),
    1,
)


def _parking(name: str) -> int:
    """Events that arranging a call records itself."""
    arranged = ("lift", "unblock", "change_storm_rule")
    for others in (calls_of_sending.ARRANGES, calls_of_topics.ARRANGES, OF_MAILBOXES):
        if name in others:
            return others[name]
    return 1 if name.startswith("receipts.") or name in arranged else 0


@pytest.mark.parametrize("who", sorted(TEAM_WRITERS))
def test_each_writer_of_the_team_is_obeyed(unchecked_world: World, who: str) -> None:
    facts = stage(unchecked_world)
    actor = unchecked_world.colleague(who).actor
    for name, call in CALLS.items():
        if who in call.may and name not in ("move", "change_status", "merge", "quarantine", "restrict"):
            call.make(facts, actor)


def _names_used(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    calls: list[Any] = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return used | {
        func.attr
        for func in calls
        if isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id
        in ("answering", "labels", "state", "receiving", "receipts", "actions", "accounts", "reports")
    }


@pytest.mark.parametrize("door", ["web", "live", "ui"])
def test_doors_call_no_verb_of_the_desks_own(door: str) -> None:
    files = [path for path in (ROOT / "heed" / door).rglob("*.py") if "/tests/" not in path.as_posix()]
    assert files
    for path in files:
        assert not (_names_used(path) & OF_THE_DESK), path
