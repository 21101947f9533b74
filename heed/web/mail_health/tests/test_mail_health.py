"""Mail health: what comes in and goes out by inbox, what does not work and why, and the comparison mail by mail."""

from datetime import date

import pytest
from django.http import HttpResponse

from heed.connecting import watching
from heed.connecting.actions.connections import Connection, connect_mailbox
from heed.eventlog.unit import add, unit
from heed.intake.receipts import park
from heed.kernel import clock
from heed.kernel.mail_words import HookProvider, MailboxTrouble, Mismatch
from heed.kernel.words import ParkReason
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.actions.hooks import add_mail_hook
from heed.mailboxes.actions.reports import claim_mailboxes, report_failure
from heed.mailboxes.models import Difference, Mailbox, Reconciliation
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

HERE = "/settings/mail-health/"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def connected(world: World) -> Mailbox:
    wanted = Connection(Account("imap.linden.example", "help"), Handling(date(2026, 11, 1)), "x")
    return connect_mailbox(world.help, wanted=wanted, by=SYSTEM)


def test_all_is_well_and_says_when_it_was_looked_at(world: World) -> None:
    assert "No worker has looked yet" in text(world.edda.get(HERE))
    world.answered(world.conversation())
    world.settle()
    watching.step()
    page = text(world.edda.get(HERE))
    assert "All of it works" in page
    assert world.help.address in page
    assert "none lately" in text(world.hugo.get(HERE))


def test_while_a_mailbox_fails_for_the_first_time_the_page_does_not_say_that_all_works(world: World) -> None:
    connected(world)
    (row,) = claim_mailboxes(limit=1, by=SYSTEM)
    report_failure(row, reason=MailboxTrouble.UNREACHABLE, words="", by=SYSTEM)
    watching.step()
    page = text(world.edda.get(HERE))
    assert "All of it works" not in page
    assert "can’t be read at the moment" in page
    assert "can’t be fetched since" not in page, "it is no outage yet"


def test_what_does_not_work_stands_on_top_and_above_every_page(world: World) -> None:
    connected(world)
    (row,) = claim_mailboxes(limit=1, by=SYSTEM)
    report_failure(row, reason=MailboxTrouble.CERTIFICATE, words="NO", by=SYSTEM)
    park(world.mail_from(world.dalia), reason=ParkReason.UNREADABLE, detail="", by=SYSTEM)
    watching.step()
    page = text(world.edda.get(HERE))
    assert "can’t be fetched since" in page
    assert "Its server can’t prove who it is" in page
    assert "1 mail is parked" in page
    for path in ("/inbox/my-turn/", "/settings/parked/"):
        assert "Mail of help@linden.example can’t be fetched." in text(world.edda.get(path))
        assert "can’t be fetched" not in text(world.amara.get("/inbox/my-turn/"))
    other = text(world.hugo.get(HERE))
    assert "help@linden.example" not in other


def test_a_comparison_is_listed_mail_by_mail_and_paged(world: World) -> None:
    box = connected(world)
    here = f"{HERE}{box.pk}/"
    assert "Not compared with the desk yet" in text(world.edda.get(here))
    with unit():
        run = add(Reconciliation(mailbox=box, at=clock.now(), there=60, here=5, fetched=0))
        for uid in range(55):
            add(Difference(reconciliation=run, reason=Mismatch.PARKED, folder="INBOX", uid=str(uid)))
    assert "55 mails differ" in text(world.edda.get(HERE))
    page = text(world.edda.get(here))
    assert page.count('id="difference-') == 50
    after = page.partition(f'href="{here}?after=')[2].partition('"')[0]
    assert text(world.edda.get(f"{here}?after={after}")).count('id="difference-') == 5
    assert world.edda.get(f"{here}?after=x").status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("chen", 200), ("edda", 200), ("hugo", 404), ("amara", 404), ("nobody", 302)]
)
def test_leads_and_admins_see_their_own(world: World, who: str, status: int) -> None:
    box = connected(world)
    assert world.colleague(who).get(f"{HERE}{box.pk}/").status_code == status


def test_health_needs_few_queries(world: World) -> None:
    connected(world)
    watching.step()
    world.chen.get(HERE)
    with assert_queries(at_most=20):
        world.chen.get(HERE)


def test_an_inbox_that_a_provider_posts_to_says_so_and_offers_its_round_trip(world: World) -> None:
    assert "posts its mail here" not in text(world.chen.get(HERE))
    assert text(world.edda.get(HERE)).count("comes by a mail server that sends it here") == 1 + 1
    for provider in (HookProvider.POSTMARK, HookProvider.SENDGRID):
        add_mail_hook(world.help, provider=provider, signing_key="", by=SYSTEM)
    page = text(world.chen.get(HERE))
    assert "Postmark posts its mail here." in page
    assert "SendGrid posts its mail here." in page
    assert f"{HERE}round-trips/{world.help.pk}/" in page
    lead = text(world.edda.get(HERE))
    assert "Postmark posts its mail here." in lead
    assert lead.count("comes by a mail server that sends it here") == 1
    assert "round-trips" not in lead
    assert "Postmark" not in text(world.hugo.get(HERE))
