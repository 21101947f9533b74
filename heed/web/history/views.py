"""Who changed which setting and when: all of it, of one section, or by one person."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.http import HttpResponse

from heed.eventlog.kinds import (
    AgentChanged,
    BrandChanged,
    CustomFieldChanged,
    RoleChanged,
    SavedReplyChanged,
    SenderBlocked,
    SenderUnblocked,
    SettingChanged,
    StormRuleChanged,
    TagChanged,
    TopicChanged,
)
from heed.eventlog.reader import Event
from heed.kernel.words import Deed
from heed.people import history
from heed.people.history import AGENTS, BRANDS, INBOXES, SECTIONS, TEAMS, Asked, Told
from heed.ui.contexts import Option
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.history.contexts import HistoryPage, Line
from heed.web.nav import Room, nav_context

HERE, PAGE, LINES = "/settings/history/", "history/page.html", "history/_lines.html"
DIGITS = 18


@agents_only("GET")
def shown(visit: Visit) -> HttpResponse:
    """The history, newest first. ?section=, ?by= narrow it; ?before= goes on."""
    given = visit.request.GET
    asked = Asked(
        section=given.get("section", "") if given.get("section") in SECTIONS else "",
        by=_number(given.get("by", "")),
        before=_number(given.get("before", "")),
    )
    told = history.history(visit.actor, asked)
    nav = nav_context(visit, Room.of(visit), here=HERE)
    listed = {link.code for link in nav.sections}
    page = HistoryPage(
        nav=nav,
        lines=[_line(event, told, asked) for event in told.events],
        sections=[Option(value=code, is_chosen=code == asked.section) for code in SECTIONS if code in listed],
        section=asked.section,
        by=told.agents.get(asked.by or 0, "") if asked.by else "",
        by_number=asked.by,
        all_href=_href(section=asked.section),
        next_href=_href(section=asked.section, by=asked.by, before=told.before) if told.before else "",
    )
    return page_or_fragment(visit.request, PAGE, PAGE, page)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def _href(**asked: str | int | None) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{HERE}?{urlencode(given)}" if given else HERE


def _line(event: Event, told: Told, asked: Asked) -> Line:
    who = told.agents.get(event.actor_id or 0, "")
    sort, code, deed, subject, brand = _said(event, told)
    return Line(
        sort=sort,
        code=code,
        deed=deed,
        subject=subject,
        brand=brand,
        at=event.at,
        who=who,
        who_href=_href(section=asked.section, by=event.actor_id) if who and not asked.by else "",
    )


def _said(event: Event, told: Told) -> tuple[str, str, str, str, str]:
    """What sort of change, its code, what became of it, of whom or which, and of which brand."""
    match event.data:
        case BrandChanged(brand=brand, part=part):
            return "brand", part, "", "", told.brands.get(brand, "")
        case AgentChanged(agent=agent, change=change):
            return "agent", change, "", told.agents.get(agent, ""), ""
        case SavedReplyChanged(brand=brand, part=part):
            return "reply", part, "", "", told.brands.get(brand, "")
        case SettingChanged(setting=setting, deed=deed, number=number):
            return "setting", setting, deed, _called(told, setting, number), ""
        case StormRuleChanged(version=version):
            return "setting", "storm_rule", Deed.ADDED if version == 1 else Deed.CHANGED, "", ""
        case RoleChanged(change=change):
            return "setting", "role", _deed(change), "", ""
        case TopicChanged(brand=brand, part=part):
            return "setting", "topic", _deed(part), "", told.brands.get(brand, "")
        case CustomFieldChanged(brand=brand, part=part):
            return "setting", "custom_field", _deed(part), "", told.brands.get(brand, "")
        case TagChanged(brand=brand, part=part):
            return "setting", "tag", _deed(part), "", told.brands.get(brand, "")
        case SenderBlocked():
            return "setting", "blocked_sender", Deed.ADDED, "", ""
        case SenderUnblocked():
            return "setting", "blocked_sender", Deed.REMOVED, "", ""
    return "setting", event.data.name, "", "", ""


def _deed(code: str) -> Deed:
    """What became of it, where the payload says so; else it says something else now."""
    return Deed(code) if code in set(Deed) else Deed.CHANGED


def _called(told: Told, setting: str, number: int | None) -> str:
    where: Iterable[tuple[frozenset[str], Mapping[int, str]]] = (
        (AGENTS, told.agents),
        (BRANDS, told.brands),
        (TEAMS, told.teams),
        (INBOXES, told.inboxes),
    )
    return next((names.get(number or 0, "") for settings, names in where if setting in settings), "")
