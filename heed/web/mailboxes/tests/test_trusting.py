"""Who checks senders of a mailbox: proposed by its newest mails, confirmed by an admin, and then a forged mail fails.

On a real Dovecot, with the settings that a desk has out of the box.
"""

import pytest

from heed.conversations.models import Message
from heed.kernel import clock
from heed.kernel.config import Config, config
from heed.kernel.words import Because, Confidence, Flag
from heed.mailboxes.models import Mailbox
from heed.mailboxes.tests.conftest import dovecot_server as dovecot_server
from heed.mailboxes.tests.conftest import post as post
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.post_office import letter
from heed.testing.world import World
from heed.web.mailboxes.tests.test_mailboxes import HERE, form, text

MX = "mx.post.example"
PASSED = f"{MX}; dmarc=pass header.from=example.org"
FAILED = f"{MX}; spf=fail smtp.mailfrom=example.org; dmarc=fail (p=NONE) header.from=example.org"


@pytest.fixture(autouse=True)
def out_of_the_box() -> None:
    assert config.trusted_authserv == Config.__dataclass_fields__["trusted_authserv"].default == ""


def fields(world: World, post: Dovecot, **more: str) -> dict[str, str]:
    given = {"port": str(post.imap), "password": PASSWORD, "work_from_on": "2020-01-01", "sends": "keep"}
    return form(world, **{**given, **more})


def stamped(number: int, stamp: str, **more: str) -> bytes:
    """A mail with what the server there noted on top of it."""
    return f"Authentication-Results: {stamp}\r\n".encode() + letter(number, **more)


def incoming(world: World, post: Dovecot, raw: bytes) -> Message:
    before = set(Message.objects.values_list("pk", flat=True))
    post.put(raw)
    Mailbox.objects.update(due_at=clock.now())
    world.settle()
    return Message.objects.exclude(pk__in=before).get(direction="in")


def connected(world: World, post: Dovecot, checked_by: str = MX) -> Mailbox:
    world.chen.post(f"{HERE}add/", fields(world, post, checked_by=checked_by))
    return Mailbox.objects.get()


def test_a_forged_mail_of_a_known_customer_is_flagged_once_the_proposal_is_confirmed(
    world: World, post: Dovecot
) -> None:
    post.put(*(stamped(number, PASSED) for number in range(3)))
    proposed = text(world.chen.post(f"{HERE}try/", fields(world, post)))
    assert "stands on top of the newest mails, of 3 among 3" in proposed
    assert f'name="checked_by" value="{MX}"' in proposed
    row = connected(world, post)
    assert row.checked_by == MX
    world.settle()
    genuine = Message.objects.filter(direction="in").order_by("pk").first()
    assert genuine is not None
    assert (genuine.confidence, genuine.because) == (Confidence.PROVEN, Because.DMARC)
    name = genuine.customer.name if genuine.customer else ""
    forged = incoming(
        world,
        post,
        stamped(9, FAILED, From="Mallory <dalia@example.org>", In_Reply_To="<order-0@example.org>"),
    )
    assert (forged.confidence, forged.because) == (Confidence.FAILED, Because.DMARC_FAILED)
    assert forged.flag == Flag.UNPROVEN
    assert forged.conversation_id != genuine.conversation_id  # it sees no history
    assert forged.customer_id is None
    assert genuine.customer is not None
    genuine.customer.refresh_from_db()
    assert genuine.customer.name == name


def test_without_a_name_nothing_is_believed_and_the_page_says_so(world: World, post: Dovecot) -> None:
    row = connected(world, post, checked_by="")
    assert incoming(world, post, stamped(1, FAILED)).because == Because.NOT_CHECKED
    page = text(world.chen.get(f"{HERE}{row.pk}/"))
    assert 'id="unchecked"' in page
    world.chen.post(f"{HERE}{row.pk}/", fields(world, post, password="", checked_by=MX.upper()))
    assert 'id="unchecked"' not in text(world.chen.get(f"{HERE}{row.pk}/"))
    assert incoming(world, post, stamped(2, FAILED)).because == Because.DMARC_FAILED


def test_what_a_sender_wrote_below_another_servers_header_is_not_believed(
    world: World, post: Dovecot
) -> None:
    connected(world, post)
    assert incoming(world, post, stamped(1, PASSED)).confidence == Confidence.PROVEN
    below = b"Authentication-Results: mx.evil.example; none\r\n" + stamped(2, PASSED)
    assert incoming(world, post, below).because == Because.NOT_CHECKED


def test_the_name_counts_for_what_was_fetched_alone(world: World, post: Dovecot) -> None:
    connected(world, post)
    assert incoming(world, post, stamped(1, PASSED)).confidence == Confidence.PROVEN
    world.mail_from(world.dalia, headers={"Authentication-Results": PASSED})
    world.settle()
    assert Message.objects.filter(direction="in").order_by("-pk")[0].because == Because.NOT_CHECKED


def test_a_known_provider_brings_its_name(world: World) -> None:
    page = text(world.chen.get(f"{HERE}add/?address=linden@gmail.com"))
    assert 'name="checked_by" value="mx.google.com"' in page


def test_pressing_the_button_fills_the_empty_field_and_leaves_a_filled_one(
    world: World, post: Dovecot
) -> None:
    post.put(stamped(1, PASSED))
    htmx = {"HX-Request": "true"}
    page = text(world.chen.post(f"{HERE}try/", fields(world, post), **htmx))
    assert 'id="checked-by" hx-swap-oob="true"' in page
    kept = text(world.chen.post(f"{HERE}try/", fields(world, post, checked_by="mx.other.example"), **htmx))
    assert "Senders seem to be checked by" in kept
    assert "hx-swap-oob" not in kept


def test_a_name_that_no_server_has_is_refused_at_its_field(world: World, post: Dovecot) -> None:
    answer = world.chen.post(f"{HERE}add/", fields(world, post, checked_by="mx.a.example; dmarc=pass"))
    assert answer.status_code == 422
    assert "Enter the names of servers" in text(answer)
    assert not Mailbox.objects.exists()
