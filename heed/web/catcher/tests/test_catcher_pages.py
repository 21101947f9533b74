"""The mail catcher: what the desk would have sent, as its recipient would read it."""

import pytest

from heed.conversations.actions.answering import reply
from heed.delivery.models import CaughtMail
from heed.testing.queries import assert_queries
from heed.testing.world import World


def caught(world: World, *, text: str = "We will look at it.\n<b>Soon</b>") -> CaughtMail:
    row = world.conversation(subject="The chain slips")
    reply(row, answer=world.answer(text=text), by=world.amara.actor)
    world.settle()
    return CaughtMail.objects.order_by("-pk")[0]


def test_what_was_caught_is_listed_and_opens_as_the_customer_reads_it(world: World) -> None:
    assert "Nothing has left yet" in world.chen.get("/catcher/").content.decode()
    mail = caught(world)
    assert f'href="/catcher/{mail.pk}/"' in world.chen.get("/catcher/").content.decode()
    page = world.chen.get(f"/catcher/{mail.pk}/").content.decode()
    assert "We will look at it." in page
    assert world.dalia.address in page
    assert "Message-ID:" in page
    assert f'src="/catcher/{mail.pk}/html/"' in page


def test_its_html_is_a_document_that_runs_nothing(world: World) -> None:
    mail = caught(world)
    answer = world.chen.get(f"/catcher/{mail.pk}/html/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-same-origin" in policy
    assert "allow-scripts" not in policy
    page = answer.content.decode()
    assert "We will look at it." in page
    assert "&lt;b&gt;Soon" in page


def test_it_is_downloaded_as_it_was_sent(world: World) -> None:
    mail = caught(world)
    answer = world.chen.get(f"/catcher/{mail.pk}/raw/")
    assert b"".join(answer.streaming_content) == bytes(mail.raw)  # type: ignore[attr-defined]  # a file
    assert answer.headers["Content-Type"] == "message/rfc822"


@pytest.mark.parametrize(
    ("who", "status"), [("chen", 200), ("edda", 404), ("amara", 404), ("hugo", 404), ("nobody", 302)]
)
def test_admins_alone_see_the_mail_of_all_teams(world: World, who: str, status: int) -> None:
    mail = caught(world)
    for path in ("", f"{mail.pk}/", f"{mail.pk}/html/", f"{mail.pk}/raw/"):
        assert world.colleague(who).get(f"/catcher/{path}").status_code == status


def test_a_mail_that_is_not_there_answers_as_one_that_may_not_be_seen(world: World) -> None:
    assert world.chen.get("/catcher/999/").status_code == 404


def test_further_mails_come_as_rows_alone(world: World) -> None:
    first = caught(world)
    rows = [
        CaughtMail(
            message_id=first.message_id, at=first.at, sender="", recipients=["a@b.example"], raw=first.raw
        )
        for _ in range(51)
    ]
    CaughtMail.objects.bulk_create(rows)
    page = world.chen.get("/catcher/").content.decode()
    assert f'id="caught-{first.pk}"' not in page
    after = page.partition("/catcher/?after=")[2].partition('"')[0]
    more = world.chen.get(f"/catcher/?after={after}", **{"HX-Request": "true"}).content.decode()
    assert "<html" not in more
    assert f'id="caught-{first.pk}"' in more
    assert world.chen.get("/catcher/?after=x").status_code == 422


def test_the_page_needs_few_queries(world: World) -> None:
    mail = caught(world)
    chen = world.chen.client
    with assert_queries(at_most=10):
        chen.get(f"/catcher/{mail.pk}/")
