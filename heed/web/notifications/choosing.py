"""What the reader wants to be told of, how it reaches them, and when nothing is sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from heed.kernel.config import config
from heed.kernel.errors import Unusable
from heed.kernel.notice_words import NotificationChannel, NotificationKind
from heed.notifications.actions.choosing import choose_notifications
from heed.notifications.choices import DEFAULTS, Wanted
from heed.notifications.digests import sends_mail
from heed.notifications.pushing import push_key
from heed.notifications.queries import devices, wanted_of
from heed.ui.contexts import FieldError
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.notifications.contexts import ChoicePage, Day, DeviceLine, KindChoice
from heed.web.typed import numbers

HERE, PAGE = "/settings/you/notifications/", "notifications/choice.html"
WORDS: Mapping[str, str] = {"needs_both": "required", "no_hours": "unknown_choice"}


@agents_only("GET", "POST")
def choice(visit: Visit) -> HttpResponse:
    """Show what they chose. Posted: that is what they want from now on."""
    wanted, errors = wanted_of(visit.actor), []
    if visit.request.method == "POST":
        try:
            wanted = _posted(visit.request.POST, wanted)
            choose_notifications(wanted, by=visit.actor)
            return HttpResponseRedirect(f"{HERE}?saved=1", status=303)
        except Unusable as error:
            errors = [FieldError(field=error.field, code=WORDS.get(error.reason, error.reason))]
    page = ChoicePage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        href=HERE,
        kinds=[_kind(kind, wanted) for kind in DEFAULTS],
        quiet_from=_clock(wanted.quiet_from),
        quiet_to=_clock(wanted.quiet_to),
        days=[Day(number=day, is_quiet=day in wanted.quiet_days) for day in range(7)],
        has_push_text=wanted.has_push_text,
        time_zone=visit.agent.time_zone,
        minutes=config.digest_minutes,
        push_key=push_key().public,
        devices=[
            DeviceLine(id=one.pk, browser=one.browser, system=one.system, added_at=one.added_at)
            for one in devices(visit.actor)
        ],
        sends_mail=sends_mail(),
        is_saved=visit.request.method == "GET" and visit.request.GET.get("saved") == "1",
        errors=errors,
    )
    return page_or_fragment(visit.request, PAGE, PAGE, page, status=422 if errors else 200)


def _kind(kind: NotificationKind, wanted: Wanted) -> KindChoice:
    chosen = wanted.by(kind)
    return KindChoice(
        kind=kind,
        is_on_page=NotificationChannel.PAGE in chosen,
        is_pushed=NotificationChannel.PUSH in chosen,
        is_mailed=NotificationChannel.MAIL in chosen,
    )


def _posted(post: QueryDict, before: Wanted) -> Wanted:
    known = set(NotificationChannel)
    return replace(
        before,
        channels={
            kind: frozenset(NotificationChannel(one) for one in post.getlist(kind) if one in known)
            for kind in DEFAULTS
        },
        quiet_from=_minute(post.get("quiet_from", "")),
        quiet_to=_minute(post.get("quiet_to", "")),
        quiet_days=numbers(post.getlist("quiet_day")),
        has_push_text="has_push_text" in post,
    )


def _minute(typed: str) -> int | None:
    """A time of day as a browser sends it, in minutes. Raises Unusable for what is none."""
    if not typed.strip():
        return None
    try:
        at = time.fromisoformat(typed.strip())
    except ValueError:
        raise Unusable("quiet", "no_hours") from None
    return at.hour * 60 + at.minute


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
