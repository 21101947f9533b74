"""Every form of the settings that changes something leaves a line in their history."""

from collections.abc import Callable
from typing import Any, Final

from allauth.mfa.models import Authenticator

from heed.answering.actions.saved_replies import archive_saved_reply
from heed.answering.models import SavedReply
from heed.eventlog.models import EventRow
from heed.mailboxes.actions.accounts import pause_mailbox
from heed.mailboxes.models import Mailbox
from heed.people.actions import set_mail_server
from heed.people.actions.agents import switch_off
from heed.people.history import KINDS
from heed.people.models import Agent
from heed.people.policy import SYSTEM
from heed.testing.world import World
from tests.contracts.test_walk import WALKED, Door, knock, stage, undone

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
    "settings/you/availability/": "whether one is there is looked up, never logged",
    "settings/you/work/": "when one works is looked up, never logged",
    "settings/people/<int:number>/work/": "when somebody works is looked up, never logged",
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
