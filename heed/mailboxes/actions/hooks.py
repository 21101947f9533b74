"""Verbs about mail hooks: adding one, changing its key, taking it away; and what a provider reports of our mail."""

import hashlib
import re
import secrets
from typing import Final

from heed.brands.models import Inbox
from heed.channels.email.bounce_reasons import reason_of
from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.sending import mark_bounced
from heed.delivery.actions import mark_deferred, mark_delivered, recipients_of
from heed.delivery.models import Delivery
from heed.eventlog.unit import add, change, lock, lock_many, remove, verb
from heed.kernel.errors import NotFound, Unusable, require
from heed.kernel.mail_words import REPORTS_ONLY, HookProvider, ReportedOutcome
from heed.kernel.secrets import seal
from heed.kernel.words import ConversationId, Deed, Setting, SuppressReason
from heed.mailboxes.account import tidy_names
from heed.mailboxes.hook_reports import Reported
from heed.mailboxes.models import MailHook
from heed.people.actions import AlreadyThere
from heed.people.actions.standings import REASONS, note_arrival, suppress
from heed.people.noting import note_inbox
from heed.people.policy import Actor, may_set_up_mail

KEY_CHARACTERS: Final = 200
_STATUS: Final = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")


@verb
def add_mail_hook(inbox: Inbox, *, provider: HookProvider, signing_key: str, by: Actor) -> MailHook:
    """Afterwards the provider may post mail of this inbox to an address that nobody can guess.

    The address and Mailgun's signing key are kept sealed. Raises Refused, AlreadyThere, Unusable (signing_key).
    """
    require(may_set_up_mail(by))
    key = _tidy(provider, signing_key)
    held = lock(inbox)  # two who add the same hook wait for each other
    if MailHook.objects.filter(inbox=held, provider=provider).exists():
        raise AlreadyThere
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).hexdigest()
    sealed = seal(key) if key else ""
    note_inbox(Setting.MAIL_HOOK, held, Deed.ADDED)
    return add(
        MailHook(inbox=held, provider=provider, token=seal(token), token_hash=digest, signing_key=sealed)
    )


@verb
def change_mail_hook(hook: MailHook, *, signing_key: str, by: Actor) -> MailHook:
    """Afterwards posts have to be signed with this key. Raises Refused, NotFound, Unusable (signing_key)."""
    require(may_set_up_mail(by))
    held = lock_many(MailHook, [hook.pk]).get(hook.pk)
    if held is None:
        raise NotFound  # somebody took it away meanwhile
    key = _tidy(HookProvider(held.provider), signing_key)
    if not key:
        return held
    note_inbox(Setting.MAIL_HOOK, held.inbox)
    return change(held, signing_key=seal(key))


@verb
def set_hook_checker(hook: MailHook, *, checked_by: str, by: Actor) -> MailHook:
    """Afterwards the word of these servers counts for senders of mail that is posted here, from the next mail on.

    Their names stand with blanks between them; none: nobody's word counts. Raises Refused, NotFound, and Unusable
    (checked_by) also for a provider that posts no mail.
    """
    require(may_set_up_mail(by))
    held = lock_many(MailHook, [hook.pk]).get(hook.pk)
    if held is None:
        raise NotFound  # somebody took it away meanwhile
    names = tidy_names(checked_by)
    if names and held.provider in REPORTS_ONLY:
        raise Unusable("checked_by", "no_mail")
    if held.checked_by == names:
        return held
    note_inbox(Setting.MAIL_HOOK, held.inbox)
    return change(held, checked_by=names)


@verb
def remove_mail_hook(hook: MailHook, *, by: Actor) -> None:
    """Afterwards nothing is at its address any more; what came stays. Nothing for one that is gone. Raises Refused."""
    require(may_set_up_mail(by))
    held = lock_many(MailHook, [hook.pk]).get(hook.pk)
    if held is not None:
        note_inbox(Setting.MAIL_HOOK, held.inbox, Deed.REMOVED)
        remove(held)


def _tidy(provider: HookProvider, signing_key: str) -> str:
    key = signing_key.strip()
    if provider is not HookProvider.MAILGUN:
        if key:
            raise Unusable("signing_key", "not_signed")
        return ""
    if not key:
        raise Unusable("signing_key", "required")
    if not (key.isascii() and key.isprintable() and len(key) <= KEY_CHARACTERS):
        raise Unusable("signing_key", "unusable")
    return key


@verb
def take_report(delivery: Delivery, *, told: Reported, by: Actor) -> None:
    """Afterwards the message says what the provider reports of one recipient: delivered, deferred, bounced.

    An address that is certainly gone, or whose owner complained, is suppressed. Nothing for an address that the
    message did not go to. Doing it twice changes nothing more.
    """
    message = delivery.message
    if key_of(told.recipient) not in {key_of(address) for address in recipients_of(message)}:
        return
    on = ConversationId(message.conversation_id)
    match told.outcome:
        case ReportedOutcome.DELIVERED:
            mark_delivered(delivery, recipient=told.recipient, by=by)
            note_arrival(told.recipient, by=by)
        case ReportedOutcome.DEFERRED:
            mark_deferred(delivery, recipient=told.recipient, words=told.words, by=by)
        case ReportedOutcome.BOUNCED:
            mark_bounced(message, report=None, words=told.words, by=by)
            _take_back(delivery, told.recipient)
            status = _STATUS.search(told.words)
            reason = REASONS.get(reason_of(told.words, status[0] if status else ""))
            if reason is not None and status is not None:
                suppress(told.recipient, reason=reason, report=None, on=on, by=by)
        case ReportedOutcome.COMPLAINED:
            suppress(told.recipient, reason=SuppressReason.COMPLAINT, report=None, on=on, by=by)


def _take_back(delivery: Delivery, recipient: str) -> None:
    """Forget that this recipient has the mail: trying again then reaches them."""
    held = lock(delivery)
    gone = key_of(recipient)
    change(
        held,
        accepted=[address for address in held.accepted if key_of(address) != gone],
        delivered=[address for address in held.delivered if key_of(address) != gone],
    )
