"""Who wrote a mail, and how sure the desk is of it: forms, lists and those who claim to be of this desk told apart."""

import re
from collections.abc import Iterable
from dataclasses import replace

from heed.channels.email.authentication.results import Standing
from heed.channels.email.authentication.weigh import weigh
from heed.channels.email.mailboxes import Address, read_addresses
from heed.conversations.threads import thread_key
from heed.intake.known import Known
from heed.intake.limits import LIMITS
from heed.intake.threading import Decision, Letter
from heed.kernel.config import config, listed
from heed.kernel.words import AgentId, Automatic, Because, Confidence, JoinedBy

# "Dalia via Linden list", as lists write it in their languages when they put their own address into From.
VIA = re.compile(
    r"(.{1,120}?)['\"]?\s(?:via|über|par|por|através de|przez|через|経由)\s.{1,120}\Z", re.IGNORECASE
)
ADDRESS_CHARACTERS = 254  # RFC 5321, errata 1690
TYPED = (Because.FORM, Because.LIST, Because.FORWARDED)  # somebody else says whose words these are
BY_THREAD = {JoinedBy.REPLY_ADDRESS: Because.REPLY_ADDRESS, JoinedBy.REFERENCES: Because.THREAD}


def judge(letter: Letter, known: Known) -> Letter:
    """The same letter with its writer, and how sure we are of them by all that is known before it is threaded."""
    sender = letter.mail.sender
    if letter.is_own:
        return letter
    standing = weigh(letter.checks)
    letter = replace(letter, is_known=letter.sender in known.customers)
    if sender is None or letter.is_history:
        return replace(letter, confidence=standing.confidence, because=standing.because)
    is_proven = standing.confidence is Confidence.PROVEN
    is_ours = letter.sender in known.agents or known.desk.inbox_of(letter.sender) is not None
    if letter.sender in known.agents and is_proven:
        return _passed_on(letter, standing, known) or _by(letter, sender, standing)
    if is_ours or _is_form(letter.sender):
        filled_in = _person(letter.mail.reply_to, letter, known)
        if filled_in is not None:
            return _by(letter, filled_in, Standing(Confidence.UNKNOWN, Because.FORM, standing.path))
    if is_ours and not is_proven:
        return _by(letter, sender, Standing(Confidence.FORGED_OURS, standing.because, standing.path))
    behind = _behind_list(letter, known)
    if behind is not None:
        return _by(letter, behind, Standing(Confidence.UNKNOWN, Because.LIST, standing.path))
    return _by(letter, sender, _by_path(letter, standing, known))


def _passed_on(letter: Letter, standing: Standing, known: Known) -> Letter | None:
    """What our agent forwards is of whoever wrote it first; None where that is nobody from outside."""
    forwarded = letter.mail.forwarded
    if forwarded is None or letter.automatic is not Automatic.NO:
        return None
    if _person((*letter.mail.to, *letter.mail.cc), letter, known) is not None:
        return None  # sent to somebody outside, with the desk in copy: an answer of ours
    writer = _person([forwarded.sender], letter, known)
    if writer is None:
        return None
    first = (thread_key(forwarded.message_id),) if forwarded.message_id else ()
    found = _by(letter, writer, Standing(Confidence.UNKNOWN, Because.FORWARDED, standing.path))
    return replace(
        found,
        forwarder=AgentId(known.agents[letter.sender]),
        referred_keys=tuple(dict.fromkeys((*first, *letter.referred_keys))),
        is_known=writer.key in known.customers,
    )


def _by(letter: Letter, writer: Address, standing: Standing) -> Letter:
    key = writer.key[:ADDRESS_CHARACTERS]
    return replace(
        letter,
        writer=writer,
        sender=key,
        confidence=standing.confidence,
        because=standing.because,
        path=standing.path[:253],
    )


def _is_form(key: str) -> bool:
    forms = listed(config.form_senders)
    return bool(forms) and (key in forms or f"@{key.rpartition('@')[2]}" in forms)


def _person(people: Iterable[Address], letter: Letter, known: Known) -> Address | None:
    """The first who is neither of this desk nor the sender."""
    for one in people:
        is_ours = one.key in known.agents or known.desk.inbox_of(one.key) is not None
        if not is_ours and one.key != letter.sender:
            return one
    return None


def _behind_list(letter: Letter, known: Known) -> Address | None:
    """Who wrote to a list that put its own address into From: as it noted it, or the one who asks for the answers."""
    mail = letter.mail
    sender = mail.sender
    if sender is None:
        return None
    noted = original_sender(letter)
    if noted is not None and noted.key != sender.key:
        return _person([noted], letter, known)
    via = VIA.match(sender.name) if sender.name else None
    if via is None:
        return None
    behind = _person(mail.reply_to, letter, known)
    if behind is None:
        return None
    return Address(behind.name or via[1].strip(" '\""), behind.address)


def original_sender(letter: Letter) -> Address | None:
    """The writer that a list noted before it put its own address into From; None for all other mail."""
    signs = letter.mail.signs
    if not signs.original_from or not signs.is_list:
        return None
    found, _ = read_addresses(signs.original_from, LIMITS)
    return found[0] if len(found) == 1 else None


def _by_path(letter: Letter, standing: Standing, known: Known) -> Standing:
    """A known customer whose mail comes the way it came when they proved to know our answers."""
    customer = known.customers.get(letter.sender)
    if (
        customer is not None
        and standing.because is Because.OTHER_DOMAIN
        and (customer, standing.path) in known.paths
    ):
        return Standing(Confidence.LIKELY, Because.USUAL_PATH, standing.path)
    return standing


def after_threading(letter: Letter, decision: Decision) -> Standing:
    """How sure we are once its conversation is known: a participant who knows a mail of it is likely who they say."""
    standing = Standing(letter.confidence, letter.because, letter.path)
    knows_more = decision.conversation is not None and not decision.flag and letter.automatic is Automatic.NO
    if letter.confidence is Confidence.UNKNOWN and letter.because not in TYPED and knows_more:
        because = BY_THREAD.get(decision.joined_by)
        if because is not None and letter.sender:
            return Standing(Confidence.LIKELY, because, letter.path)
    return standing
