"""Mail hooks: which providers may post mail to the desk, and the address that each is given."""

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from heed.delivery.queries import sending_inboxes
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.mail_words import REPORTS_ONLY, HookProvider
from heed.kernel.secrets import Unsealable, unseal
from heed.mailboxes.actions.hooks import (
    add_mail_hook,
    change_mail_hook,
    remove_mail_hook,
    set_hook_checker,
)
from heed.mailboxes.models import MailHook
from heed.mailboxes.queries import mail_hook, mail_hooks
from heed.people.actions import AlreadyThere
from heed.people.policy import may_set_up_mail
from heed.ui.contexts import FieldError, Option
from heed.web.doors import Visit, agents_only
from heed.web.mail_hooks.contexts import HookLine, HooksPage
from heed.web.nav import Room, nav_context

HERE = "/settings/mail-hooks/"
NAMES = {
    HookProvider.POSTMARK: "Postmark",
    HookProvider.MAILGUN: "Mailgun",
    HookProvider.SENDGRID: "SendGrid",
    HookProvider.BREVO: "Brevo",
    HookProvider.MAILJET: "Mailjet",
    HookProvider.SPARKPOST: "SparkPost",
}


@agents_only("GET", "POST")
def listed(visit: Visit) -> HttpResponse:
    """Every hook with its address, by inbox; posted to, it adds one."""
    require_visible(may_set_up_mail(visit.actor))
    if visit.request.method != "POST":
        return _show(visit)
    post = visit.request.POST
    inbox = next((row for row in sending_inboxes(visit.actor) if str(row.pk) == post.get("inbox")), None)
    provider = post.get("provider", "")
    if inbox is None or provider not in NAMES:
        return _show(visit, error=FieldError(field="inbox", code="unknown_choice"))
    key = post.get("signing_key", "")
    try:
        add_mail_hook(inbox, provider=HookProvider(provider), signing_key=key, by=visit.actor)
    except AlreadyThere:
        return _show(visit, error=FieldError(field="inbox", code="hook_already_there"))
    except Unusable as error:
        return _show(visit, error=FieldError(field=error.field, code=error.reason))
    return HttpResponseRedirect(HERE, status=303)


@agents_only("POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """Change the signing key of one, say who checks its senders, or take it away."""
    hook = mail_hook(visit.actor, number)
    if "remove" in visit.request.POST:
        remove_mail_hook(hook, by=visit.actor)
        return HttpResponseRedirect(HERE, status=303)
    try:
        if "checked_by" in visit.request.POST:
            set_hook_checker(hook, checked_by=visit.request.POST["checked_by"], by=visit.actor)
        else:
            change_mail_hook(hook, signing_key=visit.request.POST.get("signing_key", ""), by=visit.actor)
    except Unusable as error:
        return _show(visit, error=FieldError(field=error.field, code=error.reason), wrong=number)
    return HttpResponseRedirect(HERE, status=303)


def _show(visit: Visit, *, error: FieldError | None = None, wrong: int | None = None) -> HttpResponse:
    found = mail_hooks(visit.actor, after=visit.request.GET.get("after", ""))
    given = visit.request.POST
    page = HooksPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        hooks=[_line(hook, given if hook.pk == wrong else {}) for hook in found.rows],
        inboxes=[
            Option(value=str(row.pk), label=row.address, is_chosen=given.get("inbox") == str(row.pk))
            for row in sending_inboxes(visit.actor)
        ],
        providers=[
            Option(value=one, label=name, is_chosen=given.get("provider") == one)
            for one, name in NAMES.items()
        ],
        next_href=f"{HERE}?after={found.after}" if found.after else "",
        errors=[error] if error else (),
        wrong=wrong,
    )
    status = 422 if error else 200
    return render(visit.request, "mail_hooks/page.html", {"page": page, "nav": page.nav}, status=status)


def _line(hook: MailHook, typed: Mapping[str, str]) -> HookLine:
    try:
        base = f"{config.public_url}/hooks/mail/{hook.provider}/{unseal(hook.token)}/"
    except Unsealable:
        base = ""
    is_mailgun = hook.provider == HookProvider.MAILGUN
    return HookLine(
        id=hook.pk,
        inbox=hook.inbox.address,
        provider=hook.provider,
        name=NAMES[HookProvider(hook.provider)],
        address=f"{base}mime" if base and is_mailgun else base,
        reports_address=base,
        takes_mail=hook.provider not in REPORTS_ONLY,
        checked_by=typed.get("checked_by", hook.checked_by),
    )
