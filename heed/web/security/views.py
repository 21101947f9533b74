"""One's own security: an app or passkeys beside the password, recovery codes, and the browsers that are logged in."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpResponse, HttpResponseRedirect

from heed.kernel.errors import Unusable
from heed.people import accounts
from heed.people.actions.factors import (
    MOST_PASSKEYS,
    AlreadyHasApp,
    add_code_app,
    add_passkey,
    make_recovery_codes,
    remove_factor,
)
from heed.people.actions.sessions import end_other_sessions, end_session
from heed.people.checked import NAME_CHARACTERS
from heed.people.demands import CODES, is_overdue
from heed.people.limits import is_allowed
from heed.ui.contexts import FieldError, NavContext
from heed.ui.respond import page_or_fragment
from heed.web.doors import SECURITY as HERE
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, bare_nav, nav_context
from heed.web.security.ceremonies import (
    app_secret,
    forget_secret,
    in_groups,
    is_code_of,
    passkey_of,
    passkey_options,
    picture,
)
from heed.web.security.contexts import AppPage, FactorRow, PasskeyPage, SecurityPage, SessionRow

PAGE, APP, PASSKEY = "security/page.html", "security/app.html", "security/passkey.html"
NOTICES = ("app", "passkey", "removed", "ended", "ended_others")
CODE_TRIES, CODE_TRIES_SECONDS = 10, 300

View = Callable[..., HttpResponse]


def sure(view: View) -> View:
    """Only right after who asks has proved once more who they are; allauth's middleware leads there and back."""

    @wraps(view)
    def door(visit: Visit, **values: int) -> HttpResponse:
        raise_if_reauthentication_required(visit.request, app="allauth.mfa")
        return view(visit, **values)

    return door


@agents_only("GET")
def security(visit: Visit) -> HttpResponse:
    """What proves who they are, and where they are logged in."""
    given = visit.request.GET.get("done", "")
    return _show(visit, notice=given if given in NOTICES else "")


@agents_only("GET", "POST")
@sure
def app(visit: Visit) -> HttpResponse:
    """An app's QR code. Posted a code of it: the app counts from now on, and recovery codes are made with it."""
    secret, errors = app_secret(visit.request), []
    if any(factor.type == Authenticator.Type.TOTP for factor in accounts.factors(visit.actor)):
        raise AlreadyHasApp
    if visit.request.method == "POST":
        tries = f"code of a new app {visit.agent.pk}"
        may_try = is_allowed(tries, most=CODE_TRIES, seconds=CODE_TRIES_SECONDS)
        if may_try and is_code_of(secret, visit.request.POST.get("code", "")):
            add_code_app(secret, by=visit.actor)
            forget_secret(visit.request)
            return _with_codes(visit, "app")
        errors = [FieldError(field="code", code="wrong_code" if may_try else "too_many_tries")]
    side, dark = picture(visit.agent, secret)
    page = AppPage(nav=_nav(visit), side=side, dark=dark, letters=in_groups(secret), errors=errors)
    return page_or_fragment(visit.request, APP, APP, page, status=422 if errors else 200)


@agents_only("GET", "POST")
@sure
def passkey(visit: Visit) -> HttpResponse:
    """The form that lets a browser make a passkey. Posted what it made: it counts from now on."""
    post, errors = visit.request.POST, []
    if visit.request.method == "POST":
        made = passkey_of(post.get("credential", ""))
        try:
            if made is None:
                raise Unusable("credential", "no_passkey")
            add_passkey(post.get("name", ""), credential=made, by=visit.actor)
            return _with_codes(visit, "passkey")
        except Unusable as error:
            limit = {"too_many_passkeys": MOST_PASSKEYS, "too_long": NAME_CHARACTERS}.get(error.reason, "")
            code = "required" if error.reason == "missing" else error.reason
            errors = [FieldError(field=error.field, code=code, value=str(limit))]
    page = PasskeyPage(
        nav=_nav(visit),
        options=passkey_options(visit.agent),
        typed_name=post.get("name", "")[:300],
        errors=errors,
    )
    return page_or_fragment(visit.request, PASSKEY, PASSKEY, page, status=422 if errors else 200)


def _with_codes(visit: Visit, notice: str) -> HttpResponse:
    """With the first second factor come recovery codes; later ones leave those that are kept somewhere alone."""
    if any(factor.type == CODES for factor in accounts.factors(visit.actor)):
        return HttpResponseRedirect(f"{HERE}?done={notice}", status=303)
    return _show(visit, notice=notice, codes=make_recovery_codes(by=visit.actor))


@agents_only("POST")
@sure
def codes(visit: Visit) -> HttpResponse:
    """New recovery codes in place of the old ones, shown this once."""
    return _show(visit, codes=make_recovery_codes(by=visit.actor))


@agents_only("POST")
@sure
def remove(visit: Visit, number: int) -> HttpResponse:
    """Do without one of them."""
    remove_factor(number, by=visit.actor)
    return HttpResponseRedirect(f"{HERE}?done=removed", status=303)


@agents_only("POST")
def end(visit: Visit, number: int) -> HttpResponse:
    """End one session, wherever it is."""
    end_session(number, by=visit.actor)
    return HttpResponseRedirect(f"{HERE}?done=ended#sessions", status=303)


@agents_only("POST")
def end_others(visit: Visit) -> HttpResponse:
    """End every session but this one."""
    end_other_sessions(visit.request.session.session_key or "", by=visit.actor)
    return HttpResponseRedirect(f"{HERE}?done=ended_others#sessions", status=303)


def _nav(visit: Visit) -> NavContext:
    """Of one who sees nothing until they have a second factor, no names of teams and views either."""
    if is_overdue(visit.agent):
        return bare_nav(visit, here=HERE)
    return nav_context(visit, Room.of(visit), here=HERE)


def _show(visit: Visit, *, notice: str = "", codes: Sequence[str] = ()) -> HttpResponse:
    visit.agent.refresh_from_db(fields=["second_factor_due_at"])
    found = accounts.factors(visit.actor)
    kept = next((factor for factor in found if factor.type == CODES), None)
    rows = list(_sessions(visit))
    page = SecurityPage(
        nav=_nav(visit),
        factors=list(_factors(found)),
        sessions=rows,
        has_others=any(not row.is_this for row in rows),
        has_app=any(factor.type == Authenticator.Type.TOTP for factor in found),
        codes_left=None if kept is None else len(RecoveryCodes(kept).get_unused_codes()),
        codes=codes,
        due_at=visit.agent.second_factor_due_at,
        is_overdue=is_overdue(visit.agent),
        notice=notice,
    )
    return page_or_fragment(visit.request, PAGE, PAGE, page)


def _factors(found: Iterable[Authenticator]) -> Iterable[FactorRow]:
    for factor in found:
        if factor.type != CODES:
            yield FactorRow(
                kind=factor.type,
                name=factor.data.get("name", ""),
                added_at=factor.created_at,
                used_at=factor.last_used_at,
                remove_href=f"{HERE}{factor.pk}/remove/",
            )


def _sessions(visit: Visit) -> Iterable[SessionRow]:
    this = visit.request.session.session_key
    for row in accounts.sessions(visit.actor):
        yield SessionRow(
            browser=row.browser,
            system=row.system,
            begun_at=row.begun_at,
            seen_at=row.seen_at,
            is_this=row.key == this,
            end_href="" if row.key == this else f"{HERE}sessions/{row.pk}/end/",
        )
