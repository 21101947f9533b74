"""A provider's post, from its address to what it brings: a mail is kept durably, a report changes our message."""

import hashlib
from typing import Final

from heed.brands.queries import addresses_of
from heed.channels.email.mailboxes import key_of, untagged
from heed.delivery.queries import by_message_id, by_provider_id
from heed.intake.receipts import accepted_now, keep
from heed.kernel.errors import NotFound
from heed.kernel.mail_words import HookProvider
from heed.kernel.secrets import unseal
from heed.kernel.words import Origin
from heed.mailboxes.actions.hooks import take_report
from heed.mailboxes.hook_posts import Arrived, Post, arrived, is_report
from heed.mailboxes.hook_reports import check_signature, reported
from heed.mailboxes.models import MailHook
from heed.people.policy import SYSTEM

KNOWN: Final = frozenset(map(str, HookProvider))


def hook_at(provider: str, token: str) -> MailHook:
    """The hook of an address. Raises NotFound, alike for a provider and a token that are unknown."""
    if provider not in KNOWN:
        raise NotFound
    digest = hashlib.sha256(token.encode()).hexdigest()
    hook = MailHook.objects.filter(provider=provider, token_hash=digest).select_related("inbox").first()
    if hook is None:
        raise NotFound
    return hook


def take_in(hook: MailHook, post: Post) -> None:
    """Return only when what was posted is durable here: a mail as a receipt, a report in the message's row.

    A post that comes again changes nothing more: it is one message, as with every mail that comes twice.
    Raises WrongSignature, and UnusablePost with words for the provider's console.
    """
    provider = HookProvider(hook.provider)
    if provider is HookProvider.MAILGUN:
        check_signature(post, key=unseal(hook.signing_key))
    if is_report(provider, post):
        _take_reports(hook, provider, post)
        return
    mail = arrived(provider, post)
    accepted = accepted_now(
        mail.raw, mail_from=mail.sender, recipients=[_recipient(hook, mail)], checked_by=hook.checked_by
    )
    keep([accepted], origin=Origin.LIVE, by=SYSTEM)


def _recipient(hook: MailHook, mail: Arrived) -> str:
    """The envelope's recipient where it is an address of this inbox, signed ones with a plus included."""
    own = {key_of(address) for address in addresses_of(hook.inbox)}
    key = key_of(mail.recipient) if mail.recipient else ""
    return mail.recipient if key in own or untagged(key) in own else hook.inbox.address


def _take_reports(hook: MailHook, provider: HookProvider, post: Post) -> None:
    for told in reported(provider, post):
        delivery = by_provider_id(told.message_id) or by_message_id(told.message_id)
        # One account of a provider may send for several brands, and other programs: what is not ours is not wrong.
        if delivery is not None and delivery.message.brand_id == hook.inbox.brand_id:
            take_report(delivery, told=told, by=SYSTEM)
