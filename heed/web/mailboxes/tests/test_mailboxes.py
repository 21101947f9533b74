"""The pages of mailboxes: the address first, what works and what does not in words, and nothing kept by a test."""

from datetime import date
from urllib.parse import quote

import pytest
from django.http import HttpResponse

from heed.connecting.actions.connections import Connection, connect_mailbox
from heed.delivery.servers import server_of
from heed.delivery.tests.sink import Sink
from heed.eventlog.unit import change, lock, unit
from heed.kernel import clock
from heed.kernel.mail_words import MailboxTrouble
from heed.kernel.secrets import unseal
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.actions.reports import claim_mailboxes, report_failure, report_success
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import mailbox_page
from heed.mailboxes.tests.post_office import handling
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

HERE = "/settings/mailboxes/"
FORM = {
    "address": "help@linden.example",
    "protocol": "imap",
    "host": "127.0.0.1",
    "port": "1",
    "security": "plain",
    "user_name": "help",
    "password": "the owl at noon",
    "folders": "INBOX",
    "work_from_on": "2026-11-01",
    "wants_history": "1",
    "after_fetch": "leave",
    "sends": "server",
    "send_host": "127.0.0.1",
    "send_port": "1",
    "send_security": "plain",
}


def form(world: World, **more: str) -> dict[str, str]:
    return {**FORM, "inbox": f"inbox:{world.help.pk}", **more}


def connected(world: World) -> Mailbox:
    wanted = Connection(
        Account("imap.linden.example", "help@linden.example"), Handling(date(2026, 11, 1)), "the owl at noon"
    )
    return connect_mailbox(world.help, wanted=wanted, by=world.chen.actor)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_at_first_there_is_none_and_the_first_step_is_shown(world: World) -> None:
    assert "Connect a mailbox" in text(world.chen.get(HERE))
    assert "An admin can connect one" in text(world.edda.get(HERE))


def test_the_address_comes_first_and_a_known_provider_fills_the_form(world: World) -> None:
    assert 'name="host"' not in text(world.chen.get(f"{HERE}add/"))
    page = text(world.chen.get(f"{HERE}add/?address=linden@gmail.com"))
    assert 'value="imap.gmail.com"' in page
    assert 'value="smtp.gmail.com"' in page
    assert "This address is at Google" in page
    assert f'value="{clock.now().date().isoformat()}"' in page
    wrong = world.chen.get(f"{HERE}add/?address=nonsense")
    assert wrong.status_code == 422
    assert "is not an e-mail address" in text(wrong)


def test_connecting_keeps_the_password_sealed_and_shows_it_never(world: World) -> None:
    answer = world.chen.post(f"{HERE}add/", form(world))
    row = Mailbox.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}{row.pk}/?saved=1")
    assert unseal(row.password) == "the owl at noon"
    world.help.refresh_from_db()
    server = server_of(world.help)
    assert server is not None
    assert (server.host, server.port) == ("127.0.0.1", 1)
    page = text(world.chen.get(f"{HERE}{row.pk}/?saved=1"))
    assert "Saved." in page
    assert "the owl at noon" not in page


def test_a_new_inbox_is_offered_for_each_team(world: World) -> None:
    page = text(world.chen.get(f"{HERE}add/?address=sales@gmail.com"))
    assert "sales@gmail.com · Repairs, Linden Bikes" in page
    answer = world.chen.post(
        f"{HERE}add/", form(world, address="sales@gmail.com", inbox=f"team:{world.repairs.pk}")
    )
    assert answer.status_code == 303
    assert Mailbox.objects.get().inbox.address == "sales@gmail.com"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("host", "", "This is still empty."),
        ("port", "99999", "This can’t be used as it is."),
        ("work_from_on", "", "This is still empty."),
        ("inbox", "inbox:99999", "Choose an inbox."),
        ("password", "", "Enter the password"),
        ("after_fetch", "move", "Name one folder"),
        ("send_host", "", "This is still empty."),
    ],
)
def test_what_can_not_be_used_says_so_at_its_field(world: World, field: str, value: str, words: str) -> None:
    answer = world.chen.post(f"{HERE}add/", form(world, **{field: value}))
    assert answer.status_code == 422
    assert words in text(answer)
    assert "the owl at noon" not in text(answer)
    assert not Mailbox.objects.exists()


def test_the_same_account_twice_is_told(world: World) -> None:
    world.chen.post(f"{HERE}add/", form(world))
    again = world.chen.post(f"{HERE}add/", form(world))
    assert again.status_code == 422
    assert "connected to this inbox already" in text(again)


def test_a_test_keeps_nothing_and_says_what_is_wrong(world: World) -> None:
    with Sink() as sink:
        data = form(world, send_port=str(sink.port))
        page = text(world.chen.post(f"{HERE}try/", data, **{"HX-Request": "true"}))
    assert "Nobody answers at 127.0.0.1, port 1." in page
    assert "Works: the server would take our mail." in page
    assert "<html" not in page
    assert not Mailbox.objects.exists()
    whole = text(world.chen.post(f"{HERE}try/", data))
    assert 'value="127.0.0.1"' in whole
    assert "the owl at noon" not in whole


def test_a_kept_password_is_shown_to_no_other_server(world: World) -> None:
    row = connected(world)
    there = form(
        world, host="imap.linden.example", user_name="help@linden.example", port="993", security="tls"
    )
    for path in ("", "try/"):
        elsewhere = world.chen.post(f"{HERE}{row.pk}/{path}", {**there, "host": "127.0.0.1", "password": ""})
        assert elsewhere.status_code == 422
        assert "Enter the password" in text(elsewhere)
    row.refresh_from_db()
    assert row.host == "imap.linden.example"
    kept = world.chen.post(f"{HERE}{row.pk}/", {**there, "password": "", "after_fetch": "flag"})
    assert kept.status_code == 303
    row.refresh_from_db()
    assert (row.after_fetch, unseal(row.password)) == ("flag", "the owl at noon")


@pytest.mark.parametrize("reason", [reason for reason in MailboxTrouble if reason])
def test_each_reason_of_failing_is_told_in_words(world: World, reason: MailboxTrouble) -> None:
    connected(world)
    (row,) = claim_mailboxes(limit=1, by=SYSTEM)
    report_failure(row, reason=reason, words="NO not today", by=SYSTEM)
    page = text(world.edda.get(HERE))
    assert "Can’t be read since" in page
    assert "NO not today" in page
    (row,) = (lock_due(row),)
    report_success(row, next_at=clock.now(), by=SYSTEM)
    assert "Works: looked into" in text(world.edda.get(HERE))


def lock_due(row: Mailbox) -> Mailbox:
    with unit():
        change(lock(row), due_at=clock.now())
    return claim_mailboxes(limit=1, by=SYSTEM)[0]


def test_it_is_paused_resumed_looked_into_and_removed(world: World) -> None:
    row = connected(world)
    for verb, enabled, words in (
        ("pause", False, "Paused."),
        ("resume", True, "first time"),
        ("look", True, ""),
    ):
        assert world.chen.post(f"{HERE}{row.pk}/{verb}/").headers["Location"] == f"{HERE}{row.pk}/"
        row.refresh_from_db()
        assert row.is_enabled is enabled
        assert words in text(world.chen.get(f"{HERE}{row.pk}/"))
    assert world.chen.post(f"{HERE}{row.pk}/remove/").headers["Location"] == HERE
    assert world.chen.get(f"{HERE}{row.pk}/").status_code == 404
    assert "No mailbox is connected" in text(world.chen.get(HERE))


def test_a_lead_looks_and_changes_nothing(world: World) -> None:
    row = connected(world)
    page = text(world.edda.get(f"{HERE}{row.pk}/"))
    assert "imap.linden.example" in page
    assert 'name="host"' not in page
    assert "Remove this mailbox" not in page
    assert world.hugo.get(f"{HERE}{row.pk}/").status_code == 404
    assert "imap.linden.example" not in text(world.hugo.get(HERE))


def test_the_list_needs_few_queries(world: World) -> None:
    connected(world)
    world.chen.get(HERE)
    with assert_queries(at_most=10):
        world.chen.get(HERE)


def test_the_list_pages_by_inbox(world: World) -> None:
    first = connected(world)
    second, third = (
        add_mailbox(inbox, account=Account(host, "w"), handling=handling(), password="x", by=SYSTEM)
        for inbox, host in ((world.help, "second.example"), (world.workshop, "third.example"))
    )
    seen, after = [], ""
    for _ in range(3):
        page = mailbox_page(world.chen.actor, after=after, limit=1)
        seen += [row.pk for row in page.rows]
        after = page.after
    assert (seen, after) == ([first.pk, second.pk, third.pk], "")
    assert mailbox_page(world.hugo.actor).rows == []
    rest = text(world.chen.get(f"{HERE}?after={quote(f'{second.pk} {world.help.address}')}"))
    assert "third.example" in rest
    assert "second.example" not in rest
    for wrong in ("x", "1", "1 x", "-1 a@b", "9" * 30 + " a@b"):
        assert world.chen.get(f"{HERE}?after={quote(wrong)}").status_code == 422
