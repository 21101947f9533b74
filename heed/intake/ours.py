"""Mails of ours that left past the desk: found in a Sent folder, or sent with the desk in copy. Never a customer's."""

from dataclasses import replace

from heed.channels.email.mailboxes import Address
from heed.conversations.models import Message
from heed.intake.known import Known
from heed.intake.letters import ADDRESS_CHARACTERS, Opened
from heed.intake.threading import Decision, Letter, decide, reply_addresses
from heed.kernel.words import MAILED, Automatic, BrandId, Confidence


def is_ours(letter: Letter, known: Known, *, brand: BrandId | None = None) -> bool:
    """Whether somebody of ours wrote this to somebody else: its place says so, or its proven sender.

    Who only claims one of our addresses never speaks for us. An inbox speaks for its own brand.
    """
    if letter.is_own:
        return True
    sender = letter.mail.sender
    if sender is None or letter.sender != sender.key[:ADDRESS_CHARACTERS]:
        return False
    is_spoken = letter.confidence is Confidence.PROVEN and letter.automatic is Automatic.NO
    if not is_spoken or letter.is_history or other_side(letter, known) is None:
        return False
    inbox = known.desk.inbox_of(letter.sender)
    return letter.sender in known.agents or (inbox is not None and brand in (None, inbox.brand_id))


def other_side(letter: Letter, known: Known) -> Address | None:
    """The first recipient who is not of this desk."""
    mail = letter.mail
    for one in (*mail.to, *mail.cc, *mail.bcc):
        if one.key and one.key not in known.agents and known.desk.inbox_of(one.key) is None:
            return one
    return None


def with_asker(opened: Opened, known: Known) -> Opened | None:
    """The same mail with the customer's side as its writer, which is a recipient of ours; None when there is none."""
    if not is_ours(opened.letter, known):
        return opened
    asker = other_side(opened.letter, known)
    if asker is None:
        return None
    return replace(opened, letter=replace(opened.letter, writer=asker, sender=asker.key[:ADDRESS_CHARACTERS]))


def known_message(letter: Letter, *, brand: BrandId, known: Known) -> int | None:
    """The message of the desk that this is a copy of: by its Message-ID, or the signed address that it asks answers to.

    Providers that write Message-IDs of their own leave the latter alone.
    """
    thread = known.threads.get((brand, letter.own_key))
    ids = [thread.message] if thread is not None and thread.message is not None else []
    ids += [found.message for found in reply_addresses(tuple(one.address for one in letter.mail.reply_to))]
    for pk in ids:
        if Message.objects.filter(pk=pk, brand_id=brand, direction__in=MAILED).exists():
            return pk
    return None


def decide_ours(letter: Letter, *, brand: BrandId, known: Known) -> Decision:
    """The conversation that a mail of ours belongs to: by what it refers to alone, whoever its recipients are."""
    return decide(replace(letter, is_history=True), brand=brand, known=known)
