"""What is doubtful about an answer before it is sent: the pure rules of heed.conversations.doubts, on what is known."""

from collections.abc import Sequence

from heed.conversations.doubts import Doubt, Doubted, Known, doubts, numbers_in
from heed.conversations.models import Attachment, Conversation, Message
from heed.conversations.queries.access import Opened, visible_to
from heed.kernel.words import Automatic, Direction

SIGNED_LINES = 5  # of the customer's last message, at its end: where people put their names


def doubts_about(here: Opened, *, text: str, files: Sequence[int], addresses: Sequence[str]) -> list[Doubted]:
    """Signs that this answer is on its way to the wrong person; four queries, and one more for numbers in it."""
    rows = list(here.row.participants.values_list("name", "address", "is_flagged"))
    people = [Known(name, address) for name, address, is_flagged in rows if not is_flagged]
    flagged = {address for _, address, is_flagged in rows if is_flagged}  # asked about by themselves
    names = {one.address: one.name for one in people}
    if here.row.customer is not None:
        names |= {one.address: one.name or here.row.customer.name for one in people}
    own = Attachment.objects.filter(pk__in=files, uploaded_by_id=here.actor.agent_id)
    found = doubts(
        text=text,
        files=own.values_list("filename", flat=True) if files else (),
        recipients=[
            Known(names.get(address, ""), address) for address in addresses if address not in flagged
        ],
        people=people,
        called=_called(here.row),
        number=here.row.pk,
    )
    others = _of_others(here, [doubt for doubt in found if doubt.doubt is Doubt.OTHER_NUMBER])
    return [doubt for doubt in found if doubt.doubt is not Doubt.OTHER_NUMBER or doubt.value in others]


def _called(row: Conversation) -> list[str]:
    """What the customer may be called: names of the lines they wrote under, and how they signed last."""
    came = Message.objects.filter(conversation=row, direction=Direction.IN, automatic=Automatic.NO)
    last = came.order_by("-at", "-pk").values_list("from_name", "text").first()
    if last is None:
        return []
    return [last[0], *last[1].strip().splitlines()[-SIGNED_LINES:]]


def _of_others(here: Opened, found: Sequence[Doubted]) -> frozenset[str]:
    """Those numbers that are conversations of other customers; one that the writer may not see says nothing."""
    if not found:
        return frozenset()
    numbers = [number for doubt in found for number in numbers_in(doubt.value, ())]
    rows = Conversation.objects.filter(visible_to(here.actor), pk__in=numbers)
    theirs = rows.exclude(customer_id=here.row.customer_id) if here.row.customer_id else rows
    return frozenset(f"#{pk}" for pk in theirs.values_list("pk", flat=True))
