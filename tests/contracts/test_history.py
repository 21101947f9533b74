"""Every form of the settings that changes something, and every verb about them, leaves a line in their history."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from allauth.mfa.models import Authenticator

from heed.answering.actions.saved_replies import (
    archive_saved_reply,
    attach_to_reply,
    detach_from_reply,
    restore_saved_reply,
)
from heed.answering.models import SavedReply, SavedReplyFile
from heed.brands.models import CustomField, Topic
from heed.connecting.actions.connections import Connection, change_connection
from heed.conversations.actions.tags import archive_tag, restore_tag
from heed.delivery.actions import setup
from heed.eventlog.models import EventRow
from heed.kernel import blobs
from heed.kernel.outbound.provider import ProviderAccess
from heed.kernel.words import FieldKind, SenderName
from heed.mailboxes.actions.accounts import add_mailbox, change_mailbox, pause_mailbox, resume_mailbox
from heed.mailboxes.models import Mailbox
from heed.mailboxes.tests.post_office import ACCOUNT, handling
from heed.people.actions import set_mail_server, topics
from heed.people.actions.agents import switch_off, switch_on
from heed.people.actions.brands import start_acknowledging, stop_acknowledging
from heed.people.actions.sessions import Device, end_other_sessions, note_session
from heed.people.history import KINDS
from heed.people.models import Agent
from heed.people.policy import SYSTEM, Actor
from heed.testing.world import World
from tests.contracts.test_walk import WALKED, Door, knock, saved_reply, stage, undone
from tests.contracts.test_walk_verbs import CALLS, Facts, verbs_and_modules
from tests.contracts.test_walk_verbs import stage as stage_of_verbs

CHANGES_NO_SETTING: Final = {
    "settings/brands/<int:number>/preview/": "shows what would be",
    "settings/mails/<int:number>/<str:hours>/<str:language>/preview/": "shows what would be",
    "settings/saved-replies/preview/": "shows what would be",
    "settings/mailboxes/try/": "looks whether it would work",
    "settings/mailboxes/<int:number>/try/": "looks whether it works",
    "settings/mailboxes/<int:number>/look/": "has mail fetched now",
    "settings/mailboxes/<int:number>/authorize/": "leads to the provider; its leave is what is recorded",
    "settings/mail-health/round-trips/<int:number>/": "sends a test mail",
    "settings/you/security/app/": "a code that is wrong",
    "settings/you/security/passkey/": "an answer that is none",
    "settings/parked/mails/retry/": "work that is done again",
    "settings/parked/mails/<int:number>/retry/": "work that is done again",
    "settings/parked/deliveries/retry/": "work that is done again",
    "settings/parked/deliveries/<int:number>/retry/": "work that is done again",
    "settings/parked/events/retry/": "work that is done again",
    "settings/parked/events/<int:number>/retry/": "work that is done again",
    "settings/quarantine/": "changes a conversation, which says so itself",
}


def _as_it_is(world: World, facts: dict[str, Any]) -> None:
    """Nothing has to be otherwise."""


def _has_factor(world: World, facts: dict[str, Any]) -> None:
    Authenticator.objects.create(user_id=facts["person"], type="webauthn", data={})


def _is_off(world: World, facts: dict[str, Any]) -> None:
    switch_off(Agent.objects.get(pk=facts["person"]), by=SYSTEM)


def _is_paused(world: World, facts: dict[str, Any]) -> None:
    pause_mailbox(Mailbox.objects.get(pk=facts["mailbox"]), by=SYSTEM)


def _has_server(world: World, facts: dict[str, Any]) -> None:
    set_mail_server(world.help, url="smtp://mail.example", by=SYSTEM)


def _is_put_away(world: World, facts: dict[str, Any]) -> None:
    archive_saved_reply(SavedReply.objects.get(pk=facts["reply"]), by=SYSTEM)


# What has to be so before a form can change it.
ARRANGED: Final[dict[str, Callable[[World, dict[str, Any]], None]]] = {
    "settings/people/<int:number>/second-factor/reset/": _has_factor,
    "settings/people/<int:number>/on/": _is_off,
    "settings/mailboxes/<int:number>/resume/": _is_paused,
    "settings/sending/<int:number>/way/": _has_server,
    "settings/saved-replies/<int:number>/restore/": _is_put_away,
}
FORMS: Final = [
    (pattern, door)
    for pattern, door in WALKED
    if pattern.startswith("settings/") and door.method == "POST" and pattern not in CHANGES_NO_SETTING
]


def settings_events() -> int:
    """How many changes of settings the log knows."""
    return EventRow.objects.filter(kind__in=[kind.name for kind in KINDS]).count()


def prove(world: World) -> None:
    """Let the admin have proved just now who they are, as the pages that ask for it want it."""
    password = world.chen.may_log_in()
    world.chen.client.force_login(world.chen.row)
    world.chen.post("/accounts/reauthenticate/", {"password": password})


def test_every_form_of_the_settings_stands_in_the_history(unchecked_world: World) -> None:
    world = unchecked_world
    facts = stage(world)
    prove(world)
    silent = []
    for pattern, door in FORMS:
        with undone():
            ARRANGED.get(pattern, _as_it_is)(world, facts)
            before = settings_events()
            answer = knock(world, "chen", door, pattern, facts)
            if settings_events() == before:
                silent.append(f"{door.address or pattern}: {answer.status_code}")
    assert not silent, "\n".join(silent)


def test_what_is_said_to_change_nothing_exists() -> None:
    assert set(CHANGES_NO_SETTING) <= {pattern for pattern, _ in WALKED}


def test_there_are_forms_to_look_at() -> None:
    assert len(FORMS) > 20
    assert all(isinstance(door, Door) for _, door in FORMS)


# Verbs of these rooms are about conversations and customers, or about work that is done again: they say so themselves.
ELSEWHERE: Final = (
    "heed.conversations.",
    "heed.intake.",
    "heed.lists.",
    "heed.connecting.actions.round_trips",
    "heed.people.actions.standings",
    "heed.triage.actions.spam",
)
SETTINGS_AMONG_THEM: Final = ("heed.conversations.actions.tags",)
LEAVES_NO_LINE: Final = {
    "take_files": "copies the files of a saved reply to what is written with it",
    "look_now": "has mail fetched now",
    "begin_asking": "leads to the provider; its leave is what is recorded",
    "mark_read": "what somebody has read",
    "mark_read_up_to": "what somebody has read",
    "mark_read_about": "what somebody has read",
    "mark_read_aside": "what somebody has read",
    "choose_density": "how close rows stand for oneself, chosen in the list",
    "customer_of": "a customer",
    "note_session": "somebody logs in",
    "forget_session": "somebody logs out",
}


def _emptied(facts: Facts, by: Actor) -> None:
    reply = saved_reply(facts.world)
    png = SavedReplyFile(blob_id=blobs.put(b"x"), filename="x.png", content_type="image/png", size=1)
    kept = attach_to_reply(reply, file=png, by=SYSTEM)
    detach_from_reply(reply, file_id=kept.pk, by=by)


def _mailbox_of(facts: Facts) -> Mailbox:
    return add_mailbox(facts.world.help, account=ACCOUNT, handling=handling(), password="x", by=SYSTEM)


def _topic_of(facts: Facts, name: str) -> Topic:
    return topics.add_topic(facts.world.linden, name=name, parent=None, by=SYSTEM)


def _field_of(facts: Facts) -> CustomField:
    return topics.add_field(
        facts.world.linden, topic=None, name="Order", kind=FieldKind.TEXT, choices=(), by=SYSTEM
    )


def _address_gone(facts: Facts, by: Actor) -> None:
    setup.add_inbox_address(facts.world.help, address="more@linden.example", by=SYSTEM)
    setup.remove_inbox_address(facts.world.help, address="more@linden.example", by=by)


def _logged_out(facts: Facts, by: Actor) -> None:
    note_session("other", before="", device=Device(), by=by)
    end_other_sessions("walked", by=by)


# How those verbs are called that change nothing as the walk of all verbs calls them.
CHANGING: Final[dict[str, Callable[[Facts, Actor], object]]] = {
    "restore_saved_reply": lambda f, by: restore_saved_reply(
        archive_saved_reply(saved_reply(f.world), by=SYSTEM), by=by
    ),
    "detach_from_reply": _emptied,
    "change_mailbox": lambda f, by: change_mailbox(
        _mailbox_of(f), account=ACCOUNT, handling=handling(work_from_on=date(2026, 1, 1)), by=by
    ),
    "change_connection": lambda f, by: change_connection(
        _mailbox_of(f), wanted=Connection(ACCOUNT, handling(work_from_on=date(2026, 1, 1))), by=by
    ),
    "resume_mailbox": lambda f, by: resume_mailbox(pause_mailbox(_mailbox_of(f), by=SYSTEM), by=by),
    "restore_tag": lambda f, by: restore_tag(archive_tag(f.tag, by=SYSTEM), by=by),
    "remove_inbox_address": _address_gone,
    "set_provider": lambda f, by: setup.set_provider(
        f.world.help, access=ProviderAccess("postmark", (("server_token", "k"),)), by=by
    ),
    "set_most_bytes": lambda f, by: setup.set_most_bytes(f.world.help, most_bytes=1_000_000, by=by),
    "choose_sender_name": lambda f, by: setup.choose_sender_name(
        f.world.linden, to=SenderName.AGENT_AND_BRAND, by=by
    ),
    "switch_on": lambda f, by: switch_on(switch_off(f.world.bruno.row, by=SYSTEM), by=by),
    "start_acknowledging": lambda f, by: start_acknowledging(
        stop_acknowledging(f.world.linden, by=SYSTEM), by=by
    ),
    "end_other_sessions": _logged_out,
    "move_topic": lambda f, by: topics.move_topic(_topic_of(f, "A"), below=_topic_of(f, "B"), by=by),
    "restore_topic": lambda f, by: topics.restore_topic(
        topics.archive_topic(_topic_of(f, "A"), by=SYSTEM), by=by
    ),
    "restore_field": lambda f, by: topics.restore_field(topics.archive_field(_field_of(f), by=SYSTEM), by=by),
}


def test_every_verb_about_a_setting_stands_in_the_history(unchecked_world: World) -> None:
    facts = stage_of_verbs(unchecked_world)
    chen, silent = unchecked_world.chen, []
    for name, module in verbs_and_modules():
        if name not in CALLS or (module.startswith(ELSEWHERE) and not module.startswith(SETTINGS_AMONG_THEM)):
            continue
        who = chen if "chen" in CALLS[name].may else unchecked_world.colleague(sorted(CALLS[name].may)[0])
        with undone():
            CHANGING.get(name, CALLS[name].make)(facts, who.actor)
            told = EventRow.objects.filter(kind__in=[kind.name for kind in KINDS], actor_id=who.row.pk)
            if not told.exists():
                silent.append(name)
    assert sorted(silent) == sorted(LEAVES_NO_LINE), "\n".join(silent)
