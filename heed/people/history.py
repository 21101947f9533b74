"""Who changed which setting, and when: read from the log, by those who may know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from heed.brands.models import Brand, Inbox
from heed.eventlog.kinds import (
    AgentChanged,
    BrandChanged,
    CustomFieldChanged,
    Kind,
    RoleChanged,
    SavedReplyChanged,
    SenderBlocked,
    SenderUnblocked,
    SettingChanged,
    StormRuleChanged,
    TagChanged,
    TopicChanged,
)
from heed.eventlog.reader import Event, newest_of_the_desk
from heed.kernel.errors import require_visible
from heed.kernel.words import BrandPart, Setting
from heed.people.models import Agent, Team
from heed.people.policy import Actor, may_run_desk, may_set_up

PAGE: Final = 50
KINDS: Final[tuple[type[Kind], ...]] = (
    SettingChanged,
    BrandChanged,
    AgentChanged,
    SavedReplyChanged,
    StormRuleChanged,
    SenderBlocked,
    SenderUnblocked,
    RoleChanged,
    TopicChanged,
    CustomFieldChanged,
    TagChanged,
)
OF_BRANDS: Final = (
    SettingChanged,
    BrandChanged,
    SavedReplyChanged,
    TopicChanged,
    CustomFieldChanged,
    TagChanged,
)  # whose payload names a brand

WORK: Final = (
    Setting.AVAILABILITY,
    Setting.WORK_HOURS,
    Setting.LEAVE,
    Setting.SKILLS,
    Setting.LANGUAGES_ANSWERED,
)
# data table: by section of the settings, the events that tell of it
SECTIONS: Final[Mapping[str, Mapping[type[Kind], Sequence[Setting | BrandPart] | None]]] = {
    "you": {SettingChanged: (Setting.TIME_ZONE, Setting.LANGUAGE, *WORK)},
    "notifications": {SettingChanged: (Setting.NOTIFICATIONS, Setting.PUSH_DEVICE)},
    "security": {AgentChanged: None},
    "brands": {BrandChanged: None, SettingChanged: (Setting.BRAND, Setting.SENDER_NAME)},
    "mails": {BrandChanged: (BrandPart.ACKNOWLEDGEMENT,)},
    "people": {AgentChanged: None, SettingChanged: (Setting.AGENT, *WORK)},
    "teams": {SettingChanged: (Setting.TEAM, Setting.TEAM_MEMBERS)},
    "roles": {RoleChanged: None},
    "topics": {TopicChanged: None, CustomFieldChanged: None},
    "tags": {TagChanged: None},
    "saved_replies": {SavedReplyChanged: None},
    "access": {SettingChanged: (Setting.SECOND_FACTOR,)},
    "mailboxes": {
        SettingChanged: (
            Setting.MAILBOX,
            Setting.MAILBOX_PASSWORD,
            Setting.MAILBOX_LEAVE,
            Setting.INBOX,
            Setting.INBOX_TEAM,
        )
    },
    "mail_hooks": {SettingChanged: (Setting.MAIL_HOOK,)},
    "domains": {SettingChanged: (Setting.DKIM_KEY,)},
    "answers": {SettingChanged: (Setting.UNDO_SECONDS, Setting.AGENT_SIGNATURE)},
    "sending": {
        SettingChanged: (
            Setting.MAIL_SERVER,
            Setting.PROVIDER,
            Setting.PLUS_ADDRESSES,
            Setting.SEND_LIMITS,
            Setting.MOST_BYTES,
            Setting.INBOX_ADDRESS,
            Setting.SENDER_NAME,
        )
    },
    "blocked": {SenderBlocked: None, SenderUnblocked: None},
    "storms": {StormRuleChanged: None},
}
INBOXES: Final = frozenset({*SECTIONS["mailboxes"][SettingChanged], *SECTIONS["sending"][SettingChanged]}) | {  # type: ignore[misc]  # both name settings
    Setting.MAIL_HOOK
} - {Setting.SENDER_NAME}
AGENTS: Final = frozenset(
    {
        Setting.AGENT,
        Setting.TIME_ZONE,
        Setting.LANGUAGE,
        Setting.UNDO_SECONDS,
        Setting.AGENT_SIGNATURE,
        Setting.NOTIFICATIONS,
        Setting.PUSH_DEVICE,
        *WORK,
    }
)
TEAMS: Final = frozenset({Setting.TEAM, Setting.TEAM_MEMBERS})
BRANDS: Final = frozenset({Setting.BRAND, Setting.SENDER_NAME})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants of the history: a section alone, what one agent did, what came before an event."""

    section: str = ""
    by: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A part of the history, newest first, with what the rows it names are called now. before: the next part."""

    events: Sequence[Event]
    agents: Mapping[int, str]
    brands: Mapping[int, str]
    teams: Mapping[int, str]
    inboxes: Mapping[int, str]
    before: int | None = None


def history(actor: Actor, asked: Asked, *, limit: int = PAGE) -> Told:
    """What was changed of the settings: everything for admins, for leads what is of their brands; five queries at most.

    Raises NotFound for others.
    """
    require_visible(may_run_desk(actor))
    wanted: dict[type[Kind], dict[str, Sequence[str | int]]] = {
        kind: {} if settings is None else {"part" if kind is BrandChanged else "setting": settings}
        for kind, settings in SECTIONS.get(asked.section, dict.fromkeys(KINDS)).items()
    }
    if not may_set_up(actor):
        brands = sorted(actor.brands)
        wanted = {kind: {**fields, "brand": brands} for kind, fields in wanted.items() if kind in OF_BRANDS}
    events = newest_of_the_desk(wanted, limit=limit + 1, before=asked.before, by=asked.by)
    shown = events[:limit]
    return Told(
        events=shown,
        agents=dict(Agent.objects.filter(pk__in=set(_agents(shown))).values_list("pk", "name")),
        brands=dict(Brand.objects.filter(pk__in=set(_brands(shown))).values_list("pk", "name")),
        teams=dict(Team.objects.filter(pk__in=_numbers(shown, TEAMS)).values_list("pk", "name")),
        inboxes=dict(Inbox.objects.filter(pk__in=_numbers(shown, INBOXES)).values_list("pk", "address")),
        before=shown[-1].id if len(events) > limit else None,
    )


def _numbers(events: Iterable[Event], settings: frozenset[Setting]) -> set[int]:
    return {
        event.data.number
        for event in events
        if isinstance(event.data, SettingChanged) and event.data.setting in settings and event.data.number
    }


def _agents(events: Sequence[Event]) -> Iterable[int]:
    yield from _numbers(events, AGENTS)
    for event in events:
        if event.actor_id is not None:
            yield event.actor_id
        if isinstance(event.data, AgentChanged):
            yield event.data.agent


def _brands(events: Sequence[Event]) -> Iterable[int]:
    yield from _numbers(events, BRANDS)
    for event in events:
        if isinstance(
            event.data, BrandChanged | SavedReplyChanged | TopicChanged | CustomFieldChanged | TagChanged
        ):
            yield event.data.brand
