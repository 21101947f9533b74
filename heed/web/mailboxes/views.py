"""Mailboxes: the list, connecting one, trying it, changing it, letting it rest and taking it away."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect

from heed.brands.models import Inbox
from heed.channels.email.finding import NOTHING, Found, domain_of
from heed.connecting.actions.connections import NewInbox, change_connection, connect_mailbox
from heed.connecting.finding import Finder
from heed.connecting.trials import Prover, Trial, TrialCode
from heed.delivery.servers import WrongServer, server_of
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require, require_visible
from heed.kernel.mail_words import MailProvider
from heed.kernel.outbound import SmtpUrl, TokenGiver
from heed.kernel.secrets import Unsealable, unseal
from heed.mailboxes import tokens
from heed.mailboxes.actions import accounts
from heed.mailboxes.models import Mailbox
from heed.mailboxes.providers import ProviderNotSetUp, application
from heed.mailboxes.queries import account_of, handling_of, is_authorized, mailbox, mailbox_page
from heed.mailboxes.tokens import NoLeave
from heed.people.actions import AlreadyThere
from heed.people.models import Team
from heed.people.policy import may_set_up_mail
from heed.people.queries import inboxes_to_set_up, teams_to_set_up
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.mailboxes.contexts import (
    AddContext,
    AddPage,
    FormContext,
    MailboxContext,
    MailboxesContext,
    MailboxesPage,
    MailboxPage,
    TrialContext,
    TrialFragment,
    Typed,
)
from heed.web.mailboxes.form import Posted, from_found, from_known, read_post
from heed.web.mailboxes.rows import HERE, login_of, mailbox_row, trial_line
from heed.web.nav import Room, nav_context
from heed.web.round_trips.rows import round_trip

BACK = f"{HERE}authorized/"
LIST = ("mailboxes/list.html", "mailboxes/_list.html")
ADD = ("mailboxes/add.html", "mailboxes/_add.html")
ONE = ("mailboxes/one.html", "mailboxes/_one.html")
TRIAL = "mailboxes/_trial.html"


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """Every mailbox that the agent looks after, and how it is; paged."""
    found = mailbox_page(visit.actor, after=visit.request.GET.get("after", ""))
    rows = [mailbox_row(row) for row in found.rows]
    next_href = f"{HERE}?after={quote(found.after)}" if found.after else ""
    add_href = f"{HERE}add/" if may_set_up_mail(visit.actor) else ""
    page = MailboxesPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        mailboxes=MailboxesContext(rows=rows, add_href=add_href, next_href=next_href),
    )
    return page_or_fragment(visit.request, *LIST, page)


# --- connecting one --------------------------------------------------------------------------------------


@agents_only("GET", "POST")
def add(visit: Visit) -> HttpResponse:
    """An address, then the form as far as the address fills it; posted, the mailbox is connected."""
    require_visible(may_set_up_mail(visit.actor))
    if visit.request.method == "POST":
        return _connect(visit, read_post(visit.request.POST))
    address = visit.request.GET.get("address", "").strip()[:254]
    if not address:
        return _show_add(visit, AddContext(find_href=f"{HERE}add/"))
    if not domain_of(address):
        wrong = FieldError(field="address", code="not_an_address", value=address)
        return _show_add(visit, AddContext(find_href=f"{HERE}add/", address=address, errors=[wrong]), 422)
    found = Finder().find(address)
    today = clock.now().astimezone(ZoneInfo(visit.agent.time_zone)).date()
    return _show_form(visit, Posted(from_found(address, found, today=today)), found=found)


def _connect(visit: Visit, posted: Posted) -> HttpResponse:
    wanted = posted.connection()
    place = _place(visit, posted)
    if place is not None and not posted.errors:
        try:
            made = connect_mailbox(place, wanted=wanted, by=visit.actor)
        except Unusable as error:
            posted.wrong(error.field, error.reason)
        except AlreadyThere:
            posted.wrong("inbox", "already_there")
        else:
            return _go(visit, f"{HERE}{made.pk}/?saved=1")
    return _show_form(visit, posted, status=422)


def _place(visit: Visit, posted: Posted) -> Inbox | NewInbox | None:
    """The inbox that was chosen, or the team that gets a new one."""
    kind, _, number = posted.typed.inbox.partition(":")
    if kind == "inbox":
        inboxes = inboxes_to_set_up(visit.actor)
        found: Inbox | None = next((row for row in inboxes if str(row.pk) == number), None)
        if found is not None:
            return found
    if kind == "team":
        teams = teams_to_set_up(visit.actor)
        team = next((row for row in teams if str(row.pk) == number), None)
        if team is not None:
            return NewInbox(posted.typed.address, team)
    posted.wrong("inbox", "unknown_choice")
    return None


def _inbox_options(visit: Visit, posted: Posted) -> list[Option]:
    """Inboxes that are there, the one of this address first, else a new one for each team."""
    address = posted.typed.address.lower()
    inboxes = inboxes_to_set_up(visit.actor)
    known = [row for row in inboxes if row.address == address]
    teams: list[Team] = [] if known else teams_to_set_up(visit.actor)
    values = [
        *((f"inbox:{row.pk}", row.address) for row in known),
        *((f"team:{team.pk}", f"{address} · {team.name}, {team.brand.name}") for team in teams),
        *((f"inbox:{row.pk}", row.address) for row in inboxes if row not in known),
    ]
    return [
        Option(value=value, label=label, is_chosen=value == posted.typed.inbox) for value, label in values
    ]


def _show_form(
    visit: Visit,
    posted: Posted,
    *,
    found: Found = NOTHING,
    trial: TrialContext | None = None,
    status: int = 200,
) -> HttpResponse:
    login, help_url = login_of(posted.typed.address, posted.typed.host)
    if found.provider is not None:
        login, help_url = found.provider.login, found.provider.help_url
    form = FormContext(
        action=f"{HERE}add/",
        try_href=f"{HERE}try/",
        typed=posted.typed,
        inboxes=_inbox_options(visit, posted),
        source=found.source or "",
        provider_name=found.provider.name if found.provider else "",
        login=login,
        help_url=help_url,
        providers=[login] if _has_application(login) else [],
        trial=trial,
        errors=posted.errors,
    )
    context = AddContext(find_href=f"{HERE}add/", address=posted.typed.address, form=form)
    return _show_add(visit, context, status)


def _has_application(login: str) -> bool:
    """Whether this desk may ask the provider to let it in."""
    if login not in set(MailProvider):
        return False
    try:
        return bool(application(MailProvider(login))[0])
    except ProviderNotSetUp:
        return False


def _show_add(visit: Visit, context: AddContext, status: int = 200) -> HttpResponse:
    page = AddPage(nav=nav_context(visit, Room.of(visit), here=f"{HERE}add/"), add=context)
    return page_or_fragment(visit.request, *ADD, page, status=status)


# --- trying ----------------------------------------------------------------------------------------------


@agents_only("POST")
def try_new(visit: Visit) -> HttpResponse:
    """Whether what was typed works, for receiving and for sending. Nothing is kept."""
    require_visible(may_set_up_mail(visit.actor))
    posted = read_post(visit.request.POST)
    trial = _tried(posted, password=posted.password, server=None)
    if posted.errors:
        return _show_form(visit, posted, status=422)
    if wants_fragment(visit.request):
        return _shown_trial(visit, posted, trial)
    return _show_form(visit, _filled(posted, trial), trial=trial)


@agents_only("POST")
def try_known(visit: Visit, number: int) -> HttpResponse:
    """The same for a mailbox that is there; without a password typed the kept one is tried, on its own server only."""
    row = mailbox(visit.actor, number)
    require(may_set_up_mail(visit.actor))
    posted = read_post(visit.request.POST)
    password = posted.password or _kept_password(row, posted)
    if not password and not posted.errors and not row.provider:
        posted.wrong("password", "required")
    trial = _tried(posted, password=password, server=_server(row.inbox), known=row if row.provider else None)
    if posted.errors:
        return _show_one(visit, row, posted, status=422)
    if wants_fragment(visit.request):
        return _shown_trial(visit, posted, trial)
    return _show_one(visit, row, _filled(posted, trial), trial=trial)


def _kept_password(row: Mailbox, posted: Posted) -> str:
    """The password that is kept, for the account that it is kept for: it is shown to no other server."""
    typed = posted.typed
    if (typed.host, typed.user_name) != (row.host, row.user_name) or not row.password:
        return ""
    try:
        return unseal(row.password)
    except Unsealable:
        return ""


def _tried(
    posted: Posted, *, password: str, server: SmtpUrl | None, known: Mailbox | None = None
) -> TrialContext:
    """Try receiving and sending; what can't be right stands in posted.errors afterwards.

    With a mailbox that a provider lets us into that one is tried, as it is kept.
    """
    account, handling, typed = posted.account(), posted.handling(), posted.typed
    text = posted.server()
    if text is not None:
        server = SmtpUrl.read(text)
    try:
        account, handling = account.tidy(), handling.tidy(account.protocol)
    except Unusable as error:
        posted.wrong(error.field, error.reason)
    if posted.errors:
        return TrialContext()
    tester = Prover()
    seen = (
        tester.receive(account, password=password, folders=handling.folders)
        if known is None
        else tester.receive_known(known)
    )
    sent = Trial(TrialCode.NO_SERVER, "", 0) if server is None else tester.send(server, tokens=_tokens(known))
    address = typed.address or account.user_name
    return TrialContext(
        receiving=trial_line(seen, address=address, user_name=account.user_name),
        sending=trial_line(sent, address=address, user_name=(server.user or "") if server else ""),
        folders=seen.folders,
        sent_folder=seen.sent_folder,
        checked_by=seen.checked_by.name,
        checked_seen=seen.checked_by.seen,
        checked_of=seen.checked_by.of,
    )


def _filled(posted: Posted, trial: TrialContext) -> Posted:
    """The form with who seems to check senders, where nobody has said so yet."""
    if trial.checked_by and not posted.typed.checked_by:
        posted.typed = replace(posted.typed, checked_by=trial.checked_by)
    return posted


def _shown_trial(visit: Visit, posted: Posted, trial: TrialContext) -> HttpResponse:
    is_empty = bool(trial.checked_by) and not posted.typed.checked_by
    return page_or_fragment(
        visit.request, TRIAL, TRIAL, TrialFragment(trial=replace(trial, fills_checked_by=is_empty))
    )


def _tokens(known: Mailbox | None) -> TokenGiver | None:
    """What a provider that has let us in gives for sending."""
    if known is None or not is_authorized(known):
        return None
    return tokens.sending_tokens(known.inbox, known.user_name)


def _server(inbox: Inbox) -> SmtpUrl | None:
    try:
        return server_of(inbox)
    except WrongServer:
        return None


# --- one of them -----------------------------------------------------------------------------------------


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """How a mailbox is, and its form for admins; posted, it is changed."""
    row = mailbox(visit.actor, number)
    if visit.request.method == "GET":
        return _show_one(visit, row, Posted(_typed(row)))
    require(may_set_up_mail(visit.actor))
    posted = read_post(visit.request.POST)
    wanted = posted.connection()
    is_moved = (wanted.account.host.lower(), wanted.account.user_name) != (row.host, row.user_name)
    if is_moved and not posted.password and not row.provider:
        posted.wrong("password", "required")  # the kept one is shown to no other server
    if not posted.errors:
        try:
            change_connection(row, wanted=wanted, by=visit.actor)
        except Unusable as error:
            posted.wrong(error.field, error.reason)
        except AlreadyThere:
            posted.wrong("host", "already_there")
        else:
            return _go(visit, f"{HERE}{row.pk}/?saved=1")
    return _show_one(visit, row, posted, status=422)


def _typed(row: Mailbox) -> Typed:
    return from_known(account_of(row), handling_of(row), _server(row.inbox))


def _show_one(
    visit: Visit,
    row: Mailbox,
    posted: Posted,
    *,
    trial: TrialContext | None = None,
    provider_href: str = "",
    status: int = 200,
) -> HttpResponse:
    here = f"{HERE}{row.pk}/"
    may = may_set_up_mail(visit.actor)
    login, help_url = login_of(row.user_name, row.host)
    form = FormContext(
        action=here,
        try_href=f"{here}try/",
        typed=posted.typed,
        is_new=False,
        login=login,
        help_url=help_url,
        trial=trial,
        errors=posted.errors,
    )
    context = MailboxContext(
        row=mailbox_row(row),
        form=form if may else None,
        look_href=f"{here}look/" if may and row.is_enabled else "",
        pause_href=f"{here}pause/" if may and row.is_enabled else "",
        resume_href=f"{here}resume/" if may and not row.is_enabled else "",
        remove_href=f"{here}remove/" if may else "",
        authorize_href=f"{here}authorize/" if may and _has_application(row.provider) else "",
        provider_href=provider_href,
        health_href=f"/settings/mail-health/{row.pk}/",
        trip=round_trip(visit.actor, row.inbox) if may else None,
        is_saved=visit.request.GET.get("saved") == "1",
    )
    page = MailboxPage(nav=nav_context(visit, Room.of(visit), here=here), mailbox=context)
    return page_or_fragment(visit.request, *ONE, page, status=status)


def _change(
    visit: Visit, number: int, verb: Callable[..., Mailbox], *, then: str | None = None
) -> HttpResponse:
    row = mailbox(visit.actor, number)
    verb(row, by=visit.actor)
    return _go(visit, then or f"{HERE}{number}/")


# --- a provider's leave ----------------------------------------------------------------------------------


@agents_only("POST")
def authorize(visit: Visit, number: int) -> HttpResponse:
    """Begin to ask the provider; the page then has the link that leads there.

    A link, not a redirect: the content security policy lets no form lead elsewhere.
    """
    row = mailbox(visit.actor, number)
    require(may_set_up_mail(visit.actor))
    href = tokens.begin_authorization(row, return_to=f"{config.public_url}{BACK}", by=visit.actor)
    return _show_one(visit, row, Posted(_typed(row)), provider_href=href)


@agents_only("GET")
def authorized(visit: Visit) -> HttpResponse:
    """Where the provider sends the person back to, with a code or with its reason for none."""
    require_visible(may_set_up_mail(visit.actor))
    given = visit.request.GET
    state, code = given.get("state", ""), given.get("code", "")
    if not code:
        raise NoLeave(given.get("error", "")[:60])
    row = tokens.finish_authorization(state=state, code=code, by=visit.actor)
    return HttpResponseRedirect(f"{HERE}{row.pk}/?saved=1", status=303)


@agents_only("POST")
def look(visit: Visit, number: int) -> HttpResponse:
    """Have it looked into now."""
    return _change(visit, number, accounts.look_now)


@agents_only("POST")
def pause(visit: Visit, number: int) -> HttpResponse:
    """Leave it alone until it is resumed."""
    return _change(visit, number, accounts.pause_mailbox)


@agents_only("POST")
def resume(visit: Visit, number: int) -> HttpResponse:
    """Read it again."""
    return _change(visit, number, accounts.resume_mailbox)


@agents_only("POST")
def remove(visit: Visit, number: int) -> HttpResponse:
    """Take it away; its mails stay."""
    return _change(visit, number, accounts.remove_mailbox, then=HERE)


def _go(visit: Visit, href: str) -> HttpResponse:
    if wants_fragment(visit.request):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = href
        return response
    return HttpResponseRedirect(href, status=303)
