"""Conversations as plain data, one after the other, for `heed export`: whatever the size, a page in memory."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from heed.conversations.models import Conversation, Message, RawMail
from heed.people.models import Identity, IdentityKind

PAGE = 200
Line = Sequence[Sequence[str]]


def conversations(*, page: int = PAGE) -> Iterator[dict[str, Any]]:
    """Every conversation that stands for itself, in the order of its number, with its messages, oldest first."""
    last = 0
    while True:
        rows = Conversation.objects.filter(
            pk__gt=last, merged_into__isnull=True, trashed_at__isnull=True
        ).select_related("brand", "inbox")
        found = list(rows.order_by("pk")[:page])
        if not found:
            return
        last = found[-1].pk
        messages = _messages([row.pk for row in found])
        addresses = _addresses({row.customer_id for row in found if row.customer_id is not None})
        for row in found:
            yield {
                "reference": f"#{row.pk}",
                "brand": row.brand.name,
                "inbox": row.inbox.address,
                "status": row.status,
                "subject": row.subject,
                "customer": None if row.customer_id is None else addresses.get(row.customer_id),
                "messages": messages[row.pk],
            }


def _messages(conversations: list[int]) -> dict[int, list[dict[str, Any]]]:
    rows = list(
        Message.objects.filter(conversation_id__in=conversations)
        .order_by("at", "pk")
        .only(
            "conversation_id", "message_id", "direction", "from_address", "to", "cc", "subject", "at", "state"
        )
    )
    raws: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(rows), PAGE):
        keys = [row.pk for row in rows[start : start + PAGE]]
        for message, sha256 in (
            RawMail.objects.filter(message_id__in=keys).order_by("pk").values_list("message_id", "sha256")
        ):
            raws[message].append(sha256)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.conversation_id].append(_message(row, raws[row.pk]))
    return found


def _message(row: Message, raws: list[str]) -> dict[str, Any]:
    return {
        "message_id": row.message_id,
        "direction": row.direction,
        "from": row.from_address,
        "to": _line(row.to),
        "cc": _line(row.cc),
        "subject": row.subject,
        "at": row.at.isoformat(),
        "state": row.state,
        "raw_sha256": raws,
    }


def _line(line: Line) -> list[str]:
    return [address for _, address in line]


def _addresses(customers: set[int]) -> dict[int, str]:
    rows = Identity.objects.filter(kind=IdentityKind.EMAIL, customer_id__in=customers).order_by("-pk")
    return dict(rows.values_list("customer_id", "value"))  # the first one that became known
