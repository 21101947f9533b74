"""The database has no room left while a mailbox is read: it is said so, nothing is taken, and all comes afterwards.

On SQLite the database may really not grow. On PostgreSQL its own error (53100) is raised by a trigger where mail is
kept; a tablespace that is really full stands in tests/journeys/test_full_disk.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, OperationalError, connection

from heed.conversations.models import Conversation
from heed.intake.models import Receipt, ReceiptPart
from heed.kernel import clock, rows
from heed.kernel.mail_words import AfterFetch, MailboxTrouble
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.actions.reports import claim_mailboxes
from heed.mailboxes.models import FetchedMail, Mailbox
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.post_office import handling, letter
from heed.mailboxes.visiting import visit
from heed.people.policy import SYSTEM
from heed.testing.world import World

pytestmark = pytest.mark.django_db(transaction=True)  # a full SQLite rolls back all of a transaction

SPARE_PAGES = 12  # room for saying what went wrong, and not for a mail
TABLE = ReceiptPart._meta.db_table
NO_ROOM = f"""
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@contextmanager
def full_database() -> Iterator[None]:
    """Mail does not fit into the database any more."""
    if connection.vendor == "postgresql":
        before, after = NO_ROOM, f"DROP TRIGGER no_room ON {TABLE}; DROP FUNCTION no_room();"
    else:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # or the room of deleted rows would be used again
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        before = f"PRAGMA max_page_count = {pages + SPARE_PAGES}"
        after = "PRAGMA max_page_count = 1073741823"
    with connection.cursor() as cursor:
        cursor.execute(before)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(after)


def test_a_full_database_is_told_apart_from_other_trouble(world: World) -> None:
    with full_database(), pytest.raises(OperationalError) as full:
        world.mail_from(world.dalia, text="A long story. " * 30_000)
    assert rows.is_full(full.value)
    assert rows.is_passing(full.value)
    with pytest.raises(DatabaseError) as other, connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert not rows.is_full(other.value)


def test_a_full_database_loses_nothing_of_a_mailbox_and_is_told_at_once(world: World, post: Dovecot) -> None:
    post.put(*(letter(number, text="A long story. " * 30_000) for number in range(1, 4)))
    add_mailbox(
        world.help,
        account=post.account(),
        handling=handling(after_fetch=AfterFetch.DELETE),
        password=PASSWORD,
        by=SYSTEM,
    )
    with full_database():
        visit(claim_mailboxes(limit=1, by=SYSTEM)[0])
        box = Mailbox.objects.get()
        assert (box.reason, box.is_alarmed) == (MailboxTrouble.DISK_FULL, True)
        assert not Receipt.objects.exists()
        assert not FetchedMail.objects.exists()
        assert post.count() == 3
    Mailbox.objects.update(due_at=clock.now())
    world.settle()
    assert Mailbox.objects.get().reason == MailboxTrouble.NONE
    assert Conversation.objects.count() == 3
    assert post.count() == 0
