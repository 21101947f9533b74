"""Tables that a filled desk has, by a short name, and their columns in the order in which fill.py writes them."""

from django.db import models

from heed.conversations.models import (
    Blob,
    Conversation,
    Count,
    Message,
    Participant,
    RawMail,
    Seen,
    ThreadKey,
    Timer,
)
from heed.delivery.models import Delivery
from heed.eventlog.models import EventRow
from heed.intake.models import Receipt
from heed.people.models import Customer, Identity

TABLES: dict[str, type[models.Model]] = {
    "customer": Customer,
    "identity": Identity,
    "conversation": Conversation,
    "message": Message,
    "rawmail": RawMail,
    "blob": Blob,
    "receipt": Receipt,
    "threadkey": ThreadKey,
    "participant": Participant,
    "delivery": Delivery,
    "timer": Timer,
    "seen": Seen,
    "count": Count,
    "event": EventRow,
}
_SPELLED = {
    "customer": "id name language created_at merged_into_id",
    "identity": "id customer_id kind value",
    "conversation": "id brand_id inbox_id team_id assignee_id customer_id status priority subject language opened_at "
    "last_message_at next_due_at snoozed_until trouble merged_into_id quarantined_at gathered",
    "message": "id conversation_id brand_id direction automatic at received_at agent_id customer_id from_name "
    "from_address to cc bcc subject text quoted html message_id answers_id state state_at answer_by_at trouble "
    "joined_by flag confidence because path reply_to hold same_key sent_once storm_rule",
    "rawmail": "id message_id sha256",
    "blob": "sha256 size uses",
    "receipt": "id due_at attempts claimed_until received_at mail_from peer helo recipients sha256 size origin state "
    "reason detail is_moved",
    "threadkey": "id brand_id key conversation_id message_id",
    "participant": "id address name role is_flagged confidence joined_at conversation_id customer_id left_at",
    "delivery": "message_id due_at attempts claimed_until failures accepted refused reason is_over_limit "
    "provider_id delivered",
    "timer": "id due_at attempts claimed_until conversation_id kind",
    "seen": "id agent_id conversation_id message_at",
    "count": "key team_id assignee_id status number",
    "event": "id at kind conversation_id actor_kind actor_id cause_id depth origin visibility data",
}
COLUMNS = {name: tuple(columns.split()) for name, columns in _SPELLED.items()}
