"""The verb by which an agent writes down what a customer said elsewhere."""

from heed.brands.models import Inbox
from heed.conversations.actions.answering import (
    Answer,
    begin,
    check,
    hold_writer,
    with_form,
)
from heed.conversations.actions.beforehand import sent_before
from heed.conversations.actions.forming import forget_sheet
from heed.conversations.actions.receiving import add_search_document
from heed.conversations.actions.taking_part import take_files
from heed.conversations.models import Conversation, Message, Participant
from heed.conversations.richtext import files_in, stored
from heed.eventlog.kinds import MessageReceived
from heed.eventlog.unit import add, record, verb
from heed.kernel import clock
from heed.kernel.errors import Unusable, require
from heed.kernel.words import (
    Automatic,
    BrandId,
    CustomerId,
    Direction,
    JoinedBy,
    MessageId,
    RecipientRole,
    TeamId,
)
from heed.people.models import Team
from heed.people.policy import Actor, may_write_as


@verb
def take_down(inbox: Inbox, *, told: Answer, team: Team | None, customer: CustomerId, by: Actor) -> Message:
    """Afterwards what a customer told the writer elsewhere stands in a new conversation as the customer's message.

    `told.to` is that customer; nothing is mailed. It is nobody's yet and waits for an answer, as a mail would. Records
    conversation.opened, message.received. Raises Refused when the writer isn't of that team, Unusable as start.
    """
    team_key = None if team is None else TeamId(team.pk)
    require(may_write_as(by, team_key, BrandId(inbox.brand_id)))
    hold_writer(by)
    before = sent_before(told.sent_once, by)
    if before is not None:
        return before
    told = with_form(told, by)
    check(told)
    if len(told.to) != 1 or told.cc or told.bcc:
        raise Unusable("to", "too_many")
    if not told.subject.strip():
        raise Unusable("subject", "missing")
    forget_sheet(told.sheet, by)
    conversation = begin(inbox, subject=told.subject, team=team, customer=customer, assignee=None)
    message = _write_down(conversation, told, inbox=inbox, customer=customer, by=by)
    record(
        MessageReceived(
            message=MessageId(message.pk),
            customer=customer,
            automatic=Automatic.NO,
            joined_by=JoinedBy.NEW,
            flagged=False,
            may_acknowledge=False,
        ),
        on=conversation.pk,
    )
    return message


def _write_down(
    conversation: Conversation, told: Answer, *, inbox: Inbox, customer: CustomerId, by: Actor
) -> Message:
    now = clock.now()
    (name, address) = told.to[0]
    message = add(
        Message(
            conversation=conversation,
            brand_id=conversation.brand_id,
            direction=Direction.IN,
            automatic=Automatic.NO,
            at=now,
            received_at=now,
            agent_id=by.agent_id,
            customer_id=customer,
            from_name=name,
            from_address=address,
            to=[["", inbox.address]],
            subject=told.subject,
            text=told.text,
            html=stored(told.html),
            sent_once=told.sent_once if by.agent_id is not None else "",
        )
    )
    add_search_document(message, names=[name, address])
    add(
        Participant(
            conversation=conversation,
            address=address,
            name=name,
            role=RecipientRole.FROM,
            customer_id=customer,
            joined_at=now,
        )
    )
    take_files(message, [*told.files, *files_in(told.html)], by)
    return message
