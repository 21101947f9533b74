"""Verbs for what stands in files: it is expected when a message has one, and found from then on."""

from collections.abc import Sequence

from heed.conversations.documents import document_of, key_of, names_on
from heed.conversations.models import Attachment, FileText, Message, SearchDocument
from heed.eventlog import due
from heed.eventlog.unit import add, change, lock, verb
from heed.files.apart import Words
from heed.files.kinds import kind_of
from heed.kernel import clock
from heed.kernel.errors import require
from heed.kernel.words import ActorKind
from heed.people.policy import Actor


def expect_text(file: Attachment) -> None:
    """Inside a verb: a worker reads this new file, if it has words."""
    if not file.is_inline and kind_of(file.filename, file.content_type):
        add(FileText(attachment=file, due_at=clock.now()))


def expect_texts(files: Sequence[Attachment]) -> None:
    """Inside a verb: the same for files that may be expected already, those of an answer taken back; one query."""
    numbers = [file.pk for file in files]
    known = set(FileText.objects.filter(attachment_id__in=numbers).values_list("attachment_id", flat=True))
    for file in files:
        if file.pk not in known:
            expect_text(file)


def texts_of(message: Message) -> list[str]:
    """What stands in the files of a message, as far as it was read, in their order; one query."""
    rows = FileText.objects.filter(attachment__message_id=message.pk).exclude(text="")
    return list(rows.order_by("attachment_id").values_list("text", flat=True))


@verb
def keep_text(claimed: FileText, *, words: Words, by: Actor) -> None:
    """Afterwards a search finds the message of this file by what stands in it; or it is said why not.

    Nothing is recorded: what a message says has not changed. Raises ClaimLost, and Refused for all but the desk itself.
    """
    require(by.kind is ActorKind.SYSTEM)
    message = Message.objects.filter(attachments__pk=claimed.attachment_id).first()
    if message is not None:
        message = lock(message)  # first: two files of one message would each search for their own words alone
    row = due.hold(claimed)
    change(row, text=words.text, trouble=words.trouble or "", due_at=None, claimed_until=None)
    if message is None or not words.text:
        return
    if SearchDocument.objects.filter(pk=key_of(message)).exists():  # else it is made when the message is said
        made = document_of(message, names=names_on(message), files=texts_of(message))
        change(made, subject=made.subject, names=made.names, text=made.text)
