"""Mail of a customer that one of our agents passes on: it becomes the customer's, with the agent's words as a note.

Only an agent who is proven to be one may do that (`judging`); a customer who forwards stays the one who wrote.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from heed.channels.email.mail import Forwarded, Part
from heed.conversations.incoming import Incoming, StoredFile
from heed.intake.letters import Opened, Original, stored
from heed.kernel import blobs
from heed.kernel.html import clean_mail
from heed.kernel.words import RecipientRole
from heed.language.detect import detect
from heed.people.queries import agents_by_address

OLDEST = timedelta(days=365)  # a date further back is a slip of whoever wrote it down


def with_originals(opened: Sequence[Opened]) -> list[Opened]:
    """The same mails; of those that an agent's address passes on, the original is made ready to be kept as well."""
    senders = {one.letter.sender for one in opened if one.letter.mail.forwarded}
    agents = agents_by_address(senders) if senders else {}
    return [_with_original(one) if one.letter.sender in agents else one for one in opened]


def _with_original(one: Opened) -> Opened:
    forwarded = one.letter.mail.forwarded
    if forwarded is None or one.letter.is_history:
        return one
    html = clean_mail(forwarded.html) if forwarded.html else ""
    files = stored(forwarded.attachments)
    return replace(one, original=Original(html, detect(forwarded.visible) or "", files))


def store_files(opened: Iterable[Opened]) -> None:
    """Put the files of all these mails into blob storage, flushed together. Raises OSError."""
    blobs.put_many(part.content for one in opened for part in _parts(one))


def _parts(one: Opened) -> Iterator[Part]:
    mail = one.letter.mail
    yield from mail.attachments
    if one.original is not None and mail.forwarded is not None:
        yield from (part for part in mail.forwarded.attachments if part not in mail.attachments)


def files_of(one: Opened) -> tuple[StoredFile, ...]:
    """The files that the message will have."""
    return one.original.files if one.original is not None and one.letter.forwarder is not None else one.files


def as_original(mail: Incoming, one: Opened) -> Incoming:
    """The message as its writer sent it, when an agent passed it on; any other is given back as it is."""
    letter, original, found = one.letter, one.original, one.letter.mail.forwarded
    if letter.forwarder is None or original is None or found is None:
        return mail
    return replace(
        mail,
        to=((letter.mail.sender.name, letter.mail.sender.address),) if letter.mail.sender else (),
        cc=(),
        subject=found.subject or mail.subject,
        text=found.visible,
        signature=found.signature,
        quoted=found.quoted,
        html=original.html,
        at=_written_at(found, mail.at),
        language=original.language or mail.language,
        participants=tuple(who for who in mail.participants if who[2] == RecipientRole.FROM),
        reply_to=(),
        may_acknowledge=False,  # the agent who has it answers: a machine's word in between would only puzzle
        files=original.files,
        forwarded_by=letter.forwarder,
        forwarder_words=found.note,
    )


def _written_at(found: Forwarded, passed_on_at: datetime) -> datetime:
    is_believed = found.date is not None and passed_on_at - OLDEST <= found.date <= passed_on_at
    return found.date if found.date is not None and is_believed else passed_on_at
