"""Rules for mail storms: the list, who storms without one, and the form with its preview."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from heed.brands.models import Brand
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.words import StormKey, StormRuleId
from heed.people.policy import may_set_up
from heed.people.queries import brands_to_set_up
from heed.triage.actions.storms import NameTaken, Wording, add_storm_rule, change_storm_rule, wording_of
from heed.triage.models import StormRule
from heed.triage.queries import Gathered, brands_of, preview, storm_rule, storm_rules, storms
from heed.triage.storms import Rule
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.triage.contexts import (
    GatheredContext,
    PreviewContext,
    RuleContext,
    RuleForm,
    StormContext,
    StormFragment,
    StormPage,
    StormsPage,
    VersionContext,
)

HERE = "/settings/mail-storms/"
PAGE, FRAGMENT = "triage/storm.html", "triage/_storm_form.html"
MINUTE = 60


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """Every rule with what it made lately, and senders for which one is worth writing."""
    require_visible(may_set_up(visit.actor))
    room = Room.of(visit)
    names = {brand.pk: brand.name for brand in brands_of(visit.actor)}
    page = StormsPage(
        nav=nav_context(visit, room, here=HERE),
        rules=[
            RuleContext(
                name=line.rule.name,
                brand=line.rule.brand.name,
                href=f"{HERE}{line.rule.pk}/",
                is_on=line.rule.is_on,
                sender=line.version.sender,
                subject=line.version.subject,
                text=line.version.text,
                group_by=line.version.group_by,
                minutes=line.version.window_seconds // MINUTE,
                examples=_gathered(line.examples),
            )
            for line in storm_rules(visit.actor)
        ],
        storms=[
            StormContext(
                sender=storm.sender,
                brand=names.get(storm.brand, ""),
                mails=storm.mails,
                at=storm.hour_at,
                new_href=f"{HERE}new/?{urlencode({'brand': storm.brand, 'sender': storm.sender})}",
            )
            for storm in storms(visit.actor)
        ],
    )
    return page_or_fragment(visit.request, "triage/storms.html", "triage/storms.html", page)


def _gathered(found: Sequence[Gathered]) -> list[GatheredContext]:
    return [
        GatheredContext(
            subject=one.subject,
            mails=one.mails,
            at=one.first_at,
            number=one.conversation,
            href=f"/conversations/{one.conversation}/" if one.conversation else "",
        )
        for one in found
    ]


@agents_only("GET", "POST")
def new(visit: Visit) -> HttpResponse:
    """A new rule: its form, filled in for a sender that storms; posted: previewed or kept."""
    require_visible(may_set_up(visit.actor))
    room = Room.of(visit)
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    brands = brands_to_set_up(visit.actor)
    require_visible(bool(brands))
    brand = next((one for one in brands if str(one.pk) == given.get("brand")), brands[0])
    form = RuleForm(
        href=f"{HERE}new/",
        name=given.get("name", given.get("sender", ""))[:120],
        sender=given.get("sender", "")[:200],
        brands=[Option(value=str(one.pk), label=one.name, is_chosen=one == brand) for one in brands],
    )
    if visit.request.method == "GET":
        return _show(visit, room, form, asked=_wording(form), brand=brand)
    form = _posted(visit, form)
    asked = _wording(form)
    if "save" in visit.request.POST and not isinstance(asked, FieldError):
        try:
            add_storm_rule(brand, wording=asked, by=visit.actor)
        except (Unusable, NameTaken) as error:
            return _show(visit, room, form, asked=_error(error), brand=brand)
        return HttpResponseRedirect(HERE, status=303)
    return _show(visit, room, form, asked=asked, brand=brand)


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """One rule with all that it ever said; posted: previewed or changed."""
    rule, versions = storm_rule(visit.actor, number)
    room = Room.of(visit)
    now = wording_of(rule, versions[0])
    form = RuleForm(
        href=f"{HERE}{rule.pk}/",
        name=now.name,
        sender=now.sender,
        subject=now.subject,
        text=now.text,
        group_by=now.group_by,
        minutes=str(now.window_seconds // MINUTE),
        is_on=now.is_on,
    )
    said = [
        VersionContext(
            number=row.number,
            at=row.at,
            by=row.agent.name if row.agent else "",
            is_on=row.is_on,
            sender=row.sender,
            subject=row.subject,
            text=row.text,
            group_by=row.group_by,
            minutes=row.window_seconds // MINUTE,
        )
        for row in versions
    ]
    if visit.request.method == "POST":
        return _change(visit, room, rule, _posted(visit, form), said)
    return _show(visit, room, form, asked=_wording(form), brand=rule.brand, versions=said)


def _change(
    visit: Visit, room: Room, rule: StormRule, form: RuleForm, versions: Sequence[VersionContext]
) -> HttpResponse:
    asked = _wording(form)
    if "save" in visit.request.POST and not isinstance(asked, FieldError):
        try:
            change_storm_rule(rule, wording=asked, by=visit.actor)
        except (Unusable, NameTaken) as error:
            return _show(visit, room, form, asked=_error(error), brand=rule.brand, versions=versions)
        return HttpResponseRedirect(HERE, status=303)
    return _show(visit, room, form, asked=asked, brand=rule.brand, versions=versions)


def _posted(visit: Visit, form: RuleForm) -> RuleForm:
    post = visit.request.POST
    return replace(
        form,
        name=post.get("name", "")[:200],
        sender=post.get("sender", "")[:300],
        subject=post.get("subject", "")[:300],
        text=post.get("text", "")[:300],
        group_by=post.get("group_by", ""),
        minutes=post.get("minutes", "")[:9],
        is_on="on" in post,
    )


def _wording(form: RuleForm) -> Wording | FieldError:
    """What the form says, checked; or what can't be right."""
    minutes = form.minutes if form.minutes.isascii() and form.minutes.isdigit() else "0"
    key = form.group_by if form.group_by in set(StormKey) else StormKey.RULE
    said = Wording(
        form.name, form.sender, form.subject, form.text, StormKey(key), int(minutes) * MINUTE, form.is_on
    )
    try:
        return said.tidy()
    except Unusable as error:
        return _error(error)


def _error(error: Unusable | NameTaken) -> FieldError:
    if isinstance(error, NameTaken):
        return FieldError(field="name", code="name_taken")
    return FieldError(field=error.field, code="required" if error.reason == "missing" else error.reason)


def _show(
    visit: Visit,
    room: Room,
    form: RuleForm,
    *,
    asked: Wording | FieldError,
    brand: Brand,
    versions: Sequence[VersionContext] = (),
) -> HttpResponse:
    was_posted = visit.request.method == "POST"
    errors = [asked] if isinstance(asked, FieldError) and was_posted else []
    found = None if isinstance(asked, FieldError) else _preview(visit, asked, brand)
    groupings = [Option(value=key, is_chosen=key == form.group_by) for key in StormKey]
    form = replace(form, groupings=groupings, errors=errors, preview=found)
    status = 422 if errors else 200
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, FRAGMENT, StormFragment(form=form), status=status)
    page = StormPage(nav=nav_context(visit, room, here=HERE), form=form, versions=versions)
    return page_or_fragment(visit.request, PAGE, FRAGMENT, page, status=status)


def _preview(visit: Visit, said: Wording, brand: Brand) -> PreviewContext:
    rule = Rule(
        rule=StormRuleId(0),
        version=0,
        brand=brand.pk,
        sender=said.sender,
        subject=said.subject,
        text=said.text,
        group_by=said.group_by,
        window_seconds=said.window_seconds,
    )
    found = preview(visit.actor, rule)
    return PreviewContext(
        mails=found.mails,
        conversations=found.conversations,
        before=found.before,
        groups=_gathered(found.groups),
        is_partial=found.is_partial,
    )
