"""There and back through a real Exim and a real Dovecot: a customer writes, is answered, and answers."""

import smtplib
import time

from heed.brands.models import Inbox
from heed.conversations.actions.answering import reply
from heed.conversations.models import Conversation, Message
from heed.kernel import clock
from heed.kernel.words import Automatic, DeliveryState, Direction, Status
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.models import Mailbox
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.exim import exim
from heed.mailboxes.tests.post_office import handling, letter
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.world import World

PATIENCE_SECONDS = 30


def send(port: int, raw: bytes, *, to: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
        line.sendmail("dalia@example.org", [to], raw)


def arrived(post: Dovecot, user: str, number: int) -> list[bytes]:
    """The mails of a mailbox, once there are so many."""
    until = time.monotonic() + PATIENCE_SECONDS
    found: dict[int, dict[bytes, bytes]] = {}
    while time.monotonic() < until:
        with post.looked_into(user) as line:
            found = line.fetch(line.search(), ["BODY.PEEK[]"])
            if len(found) >= number:
                return [found[uid][b"BODY[]"] for uid in sorted(found)]
        time.sleep(0.1)
    raise AssertionError(f"{user} got {len(found)} mails, not {number}")


def look_again(world: World) -> None:
    Mailbox.objects.update(due_at=clock.now())
    world.settle()


def test_a_conversation_goes_there_and_back_through_real_servers(world: World, post: Dovecot) -> None:
    with exim(post) as port:
        set_mail_server(Inbox.objects.get(pk=world.help.pk), url=f"smtp://127.0.0.1:{port}", by=SYSTEM)
        add_mailbox(world.help, account=post.account(), handling=handling(), password=PASSWORD, by=SYSTEM)
        send(port, letter(1, Return_Path=""), to="help@linden.example")
        arrived(post, "help", 1)
        look_again(world)
        row = Conversation.objects.get()
        assert row.messages.get(direction=Direction.IN).from_address == "dalia@example.org"
        acknowledgement = arrived(post, "dalia", 1)[0]
        assert b"Auto-Submitted: auto-replied" in acknowledgement

        message = reply(row, answer=world.answer(text="It is on its way."), by=world.amara.actor)
        world.settle()
        message.refresh_from_db()
        assert message.state == DeliveryState.SENT
        answer = next(raw for raw in arrived(post, "dalia", 2) if b"It is on its way." in raw)
        reply_to = next(line for line in answer.splitlines() if line.lower().startswith(b"reply-to:"))
        address = reply_to.partition(b":")[2].strip().decode().strip("<>")
        assert address != "help@linden.example"

        back = letter(2, To=address, Subject="Re: Order 1", Return_Path="")
        send(port, back, to=address)
        arrived(post, "help", 2)
        look_again(world)
        assert Conversation.objects.get().status == Status.OPEN
        said = Message.objects.filter(direction=Direction.IN, automatic=Automatic.NO)
        assert said.filter(conversation=row).count() == 2
