"""Due work of notifications by mail: one mail for all that somebody has not read, to be answered.

It leaves as mail of the inbox leaves of which it tells first, straight to the next server. Nobody's bounce comes back
for it, and automatic answers are asked not to: a notification never causes another. What its reader may not see when
it leaves is not in it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from heed.brands.models import Inbox
from heed.channels.email.address import InboxAddressTooLong
from heed.channels.email.compose import Outgoing, Person, compose
from heed.channels.email.notice_address import NoticeAddress, sign_notice
from heed.delivery.mail import Built, desk_name
from heed.delivery.servers import Server, WrongServer, hand_over, open_session, way_out
from heed.delivery.work import Signing
from heed.eventlog import due
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.notice_words import NotificationKind
from heed.kernel.outbound import SmtpAnswer, SmtpResult, SmtpUrl
from heed.kernel.words import Automatic
from heed.mailboxes.tokens import sending_tokens
from heed.notifications.actions.digesting import begin_digest, end_digest, put_off_digest
from heed.notifications.models import Digest
from heed.notifications.queries import Said, said_of, seen_among, wanted_by
from heed.notifications.words import DigestContext, ItemContext, body_of, subject_of
from heed.people.models import Agent
from heed.people.policy import SYSTEM
from heed.people.standing_queries import suppressed_among

AT_ONCE: Final = 5
SECONDS: Final = 15.0  # for each step of a server


def step() -> int:
    """Send the mails that are due; how many were looked at."""
    claimed = due.claim(Digest, limit=AT_ONCE, lease_seconds=config.lease_seconds)
    for digest in claimed:
        try:
            if due.has_time(digest, seconds=config.lease_seconds / 2):
                _tell(digest)
            else:
                due.give_back(digest)  # the servers of those before it took long
        except due.ClaimLost:
            continue  # another worker has it
    return len(claimed)


def waiting() -> int:
    """How many mails are due."""
    return due.waiting(Digest)


def sends_mail() -> bool:
    """Whether mail leaves this desk at all. Where all of it goes to the catcher no notification goes by mail: the
    catcher is read by who sets up mail, and a digest tells of what its reader alone may see. One query, or none.
    """
    return bool(config.smtp_url) or Inbox.objects.exclude(smtp_url="", provider="").exists()


def _tell(digest: Digest) -> None:
    agent = Agent.objects.get(pk=digest.pk)
    over_at = wanted_by([agent.pk])[agent.pk][1].over_at(clock.now())
    if over_at > clock.now():
        put_off_digest(digest, until=over_at, by=SYSTEM)
        return
    told = said_of(seen_among(agent, begin_digest(digest, by=SYSTEM)))
    if not told or suppressed_among([agent.email]):
        end_digest(digest, by=SYSTEM)
        return
    answer = _sent(agent, told)
    if answer is None or answer.result is not SmtpResult.TEMPORARY:
        end_digest(digest, by=SYSTEM)  # it left, or never will: the list has it all the same
    else:
        put_off_digest(digest, until=None, by=SYSTEM)


def _sent(agent: Agent, told: Sequence[Said]) -> SmtpAnswer | None:
    """What the server of an inbox it tells of says; None: all of them are the catcher's, which holds messages only."""
    for inbox, server in _ways_out(told):
        mail = mail_of(
            agent, told, inbox=inbox, envelope="" if isinstance(server, SmtpUrl) else inbox.address
        )
        signing = Signing()
        signing.refresh()
        with open_session(server, inbox=inbox, timeout_seconds=SECONDS, tokens_of=sending_tokens) as session:
            return hand_over(session, signing.signed(mail), [agent.email]).answers[agent.email]
    return None


def _ways_out(told: Sequence[Said]) -> Iterator[tuple[Inbox, Server]]:
    for inbox in {one.row.conversation.inbox_id: one.row.conversation.inbox for one in told}.values():
        try:
            server = way_out(inbox)
        except WrongServer:
            continue
        if server is not None:
            yield inbox, server


def mail_of(agent: Agent, told: Sequence[Said], *, inbox: Inbox, envelope: str) -> Built:
    """The mail of a digest: the same at every attempt while nothing of it is read."""
    domain = inbox.address.rpartition("@")[2]
    items = [_item(agent, one, inbox) for one in told]
    context = DigestContext(items=items, name=agent.name, url=config.public_url)
    outgoing = Outgoing(
        from_name="Heed",
        from_address=inbox.address,
        to=(Person(agent.name, agent.email),),
        subject=subject_of(context, language=agent.language),
        message_id=f"told.{agent.pk}.{told[-1].row.pk}@{domain.encode('idna').decode()}",
        date=told[-1].row.at,
        text=body_of(context, language=agent.language),
        reply_to=_reply_to(agent, told, items, inbox),
        automatic=Automatic.REPORT,
        language=agent.language,
        loop=desk_name(),
    )
    return Built(compose(outgoing), envelope, domain, outgoing)


def _reply_to(agent: Agent, told: Sequence[Said], items: Sequence[ItemContext], inbox: Inbox) -> str:
    """Where an answer goes: to the only conversation it tells of; else nowhere that anybody reads.

    Without any such address it would come to the inbox as a new mail: one that quotes what was said aside, also of
    something restricted, to all of a team. Where the inbox's name leaves no room for one, it comes back to its writer.
    """
    if len({one.row.conversation_id for one in told}) == 1 and not told[-1].is_aside:
        return items[-1].address or agent.email
    return _signed(inbox, NoticeAddress(0, agent.pk, told[-1].row.event)) or agent.email


def _item(agent: Agent, said: Said, inbox: Inbox) -> ItemContext:
    row, conversation = said.row, said.row.conversation
    is_reply = row.kind == NotificationKind.REPLY
    notice = NoticeAddress(conversation.pk, agent.pk, row.event, is_reply=is_reply)
    return ItemContext(
        kind=row.kind,
        number=conversation.pk,
        subject=said.subject,
        customer=conversation.customer.name if conversation.customer and not said.is_aside else "",
        who=row.by.name if row.by else said.from_name or said.from_address,
        words=" ".join(said.words.split()),
        href=f"{config.public_url}{said.href}",
        address="" if said.is_aside else _signed(inbox, notice),
        is_reply=is_reply,
    )


def _signed(inbox: Inbox, notice: NoticeAddress) -> str:
    """Empty for an inbox whose name leaves no room for it: such a mail can't be answered."""
    try:
        return sign_notice(inbox.address, notice, secret=config.secret_bytes())
    except InboxAddressTooLong:
        return ""
