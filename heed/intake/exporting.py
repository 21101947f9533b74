"""All mail of the desk as files, for `heed export mail`: what came and what left, byte for byte, and notes in words."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.db.models import QuerySet

from heed.conversations.models import Message, RawMail
from heed.intake.models import Receipt
from heed.kernel.words import Direction, ReceiptState

PAGE: Final = 500
SENT: Final = ".sent.eml"
"""How the names of files end that hold mail of ours: brought in again, it is ours again."""
OURS: Final = frozenset({Direction.OUT, Direction.ASIDE_OUT})


@dataclass(frozen=True, slots=True)
class MailFile:
    """A mail as it is kept, by its hash, and where it belongs below the folder."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TextFile:
    """A message that was never a mail: a note, or an answer that did not leave."""

    path: str
    text: str


def count() -> int:
    """About how many files there are."""
    return RawMail.objects.count() + _unread().count()


def files(*, page: int = PAGE) -> Iterator[MailFile | TextFile]:
    """Every message, then mails that nobody could read yet, in the order of their keys; a page in memory."""
    last = 0
    while rows := _messages(last, page):
        last = rows[-1].pk
        raws = _raws([row.pk for row in rows])
        for row in rows:
            yield from _of_message(row, raws[row.pk])
    last = 0
    while receipts := list(_unread().filter(pk__gt=last).order_by("pk")[:page]):
        last = receipts[-1].pk
        for receipt in receipts:
            address = str(receipt.recipients[0]) if receipt.recipients else "nobody"
            yield MailFile(f"mail/{_name(address)}/unread/{receipt.pk:09}.eml", receipt.sha256)


def _messages(last: int, page: int) -> Sequence[Message]:
    rows = Message.objects.filter(pk__gt=last).select_related("conversation__inbox", "agent")
    return list(rows.defer("html", "quoted", "signature").order_by("pk")[:page])


def _raws(messages: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = RawMail.objects.filter(message_id__in=messages).order_by("pk")
    for message, sha256 in rows.values_list("message_id", "sha256"):
        found[message].append(sha256)
    return found


def _of_message(row: Message, raws: Sequence[str]) -> Iterator[MailFile | TextFile]:
    place = f"{_name(row.conversation.inbox.address)}/{row.conversation_id:09}/{row.pk:09}"
    ending = SENT if row.direction in OURS else ".eml"
    for number, sha256 in enumerate(raws, 1):
        yield MailFile(f"mail/{place}{f'-{number}' if number > 1 else ''}{ending}", sha256)
    if not raws:
        yield TextFile(f"notes/{place}-{row.direction}.txt", _in_words(row))


def _in_words(row: Message) -> str:
    writer = row.agent.name if row.agent is not None else row.from_name or row.from_address
    head = {
        "Conversation": f"#{row.conversation_id}",
        "Kind": row.direction,
        "State": row.state,
        "At": row.at.isoformat(),
        "By": writer,
        "To": ", ".join(address for _, address in row.to),
        "Subject": row.subject,
    }
    lines = [f"{name}: {' '.join(value.split())}" for name, value in head.items() if value]
    return "\n".join([*lines, "", row.text, ""])


def _unread() -> QuerySet[Receipt]:
    return Receipt.objects.filter(state__in=(ReceiptState.PARKED, ReceiptState.WAITING))


def _name(address: str) -> str:
    """An address as the name of a folder, on every system."""
    return quote(address.strip().lower(), safe="@+._-").lstrip(".") or "nobody"
