"""The first hour: a new admin is greeted, each step is taken in place or left out, and then it is over."""

import pytest
from django.test import Client

from heed.eventlog.kinds import SettingChanged
from heed.eventlog.models import EventRow
from heed.intake.models import RoundTrip
from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.kernel.words import FirstStep, StepOutcome
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.tests.post_office import ACCOUNT, handling
from heed.people.actions.first_hour import NoFirstHour, begin_first_hour, end_first_hour, settle_step
from heed.people.first_hour import first_hour
from heed.people.models import Agent
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.web.first_hour.progress import is_greeted, outcomes

HERE = "/settings/first-hour/"
DONE, OPEN, SKIPPED = StepOutcome.DONE, StepOutcome.OPEN, StepOutcome.SKIPPED


def told() -> list[str]:
    rows = EventRow.objects.filter(kind=SettingChanged.name, data__setting="first_hour").order_by("pk")
    return [row.data["deed"] for row in rows]


def log_in(world: World, who: str, leads_to: str = "") -> str:
    password = world.colleague(who).may_log_in()
    posted = {"login": f"{who}@desk.example", "password": password, "next": leads_to}
    return str(Client(HTTP_HOST="localhost").post("/accounts/login/", posted).headers["Location"])


@pytest.mark.parametrize(("who", "status"), [("chen", 200), ("edda", 404), ("amara", 404), ("nobody", 302)])
def test_only_admins_have_the_page_also_of_a_desk_that_began_otherwise(
    world: World, who: str, status: int
) -> None:
    assert world.colleague(who).get(HERE).status_code == status
    if status == 200:
        with assert_queries(at_most=12):
            world.colleague(who).get(HERE)


@pytest.mark.parametrize("who", ["edda", "amara", "farid", "nobody"])
def test_only_admins_begin_settle_and_end(world: World, who: str) -> None:
    by = world.colleague(who).actor
    begin_first_hour(by=SYSTEM)
    with pytest.raises(Refused):
        begin_first_hour(by=by)
    with pytest.raises(Refused):
        settle_step(FirstStep.HOURS, outcome=DONE, by=by)
    with pytest.raises(Refused):
        end_first_hour(by=by)
    assert told() == ["added"]


def test_a_desk_that_began_otherwise_has_no_steps_to_settle(world: World) -> None:
    with pytest.raises(NoFirstHour):
        settle_step(FirstStep.HOURS, outcome=DONE, by=world.chen.actor)
    with pytest.raises(NoFirstHour):
        end_first_hour(by=world.chen.actor)
    assert not is_greeted(world.chen.actor)
    assert log_in(world, "chen") == "/inbox/my-turn/"


def test_what_is_settled_is_kept_for_the_desk_and_told_once(world: World) -> None:
    begin_first_hour(by=SYSTEM)
    for _ in range(2):
        settle_step(FirstStep.HOURS, outcome=SKIPPED, by=world.chen.actor)
    settle_step(FirstStep.HOURS, outcome=OPEN, by=world.chen.actor)
    settle_step(FirstStep.BRAND, outcome=DONE, by=world.chen.actor)
    known = first_hour()
    assert known is not None
    assert known.steps == {"hours": "open", "brand": "done"}
    for _ in range(2):
        end_first_hour(by=world.chen.actor)
    assert told() == ["added", "changed", "changed", "changed", "removed"]
    begin_first_hour(by=world.chen.actor)
    again = first_hour()
    assert again is not None
    assert (again.steps, again.ended_at) == ({}, None)


def test_an_admin_is_greeted_until_every_step_is_taken_or_left_out(world: World) -> None:
    begin_first_hour(by=SYSTEM)
    assert (
        log_in(world, "chen")
        == log_in(world, "chen", "/")
        == log_in(world, "chen", "/inbox/my-turn/")
        == HERE
    )
    assert log_in(world, "chen", "/search/") == "/search/"
    assert log_in(world, "amara") == "/inbox/my-turn/"
    for step in (FirstStep.BRAND, FirstStep.MAILBOX, FirstStep.HOURS):
        answer = world.chen.post(f"{HERE}settle/", {"step": step, "outcome": SKIPPED})
        assert answer.headers["Location"] == f"{HERE}#step-{step}"
    assert is_greeted(world.chen.actor), "the test mail is left"
    RoundTrip.objects.create(
        inbox=world.help, begun_at=clock.now(), arrived_at=clock.now(), sent_at=clock.now(), nonce="n"
    )
    assert not is_greeted(world.chen.actor)
    assert "The desk is ready" in world.chen.get(HERE).content.decode()


def test_what_is_there_is_done_whoever_did_it(world: World) -> None:
    begin_first_hour(by=SYSTEM)
    assert outcomes(first_hour())[FirstStep.MAILBOX] is OPEN
    add_mailbox(world.help, account=ACCOUNT, handling=handling(), password="x", by=SYSTEM)
    found = outcomes(first_hour())
    assert (found[FirstStep.MAILBOX], found[FirstStep.PEOPLE]) == (DONE, DONE)
    Agent.objects.exclude(pk=world.chen.row.pk).update(is_active=False)
    assert outcomes(first_hour())[FirstStep.PEOPLE] is OPEN


def test_each_step_is_taken_on_the_page(world: World) -> None:
    begin_first_hour(by=SYSTEM)
    form = {"name": "Linden", "language": "de", "time_zone": "Europe/Vienna"}
    assert world.chen.post(f"{HERE}brand/", form).status_code == 303
    world.linden.refresh_from_db()
    assert (world.linden.name, world.linden.language) == ("Linden", "de")
    assert world.chen.post(f"{HERE}hours/", {"hours-0": "8-12, 13-17", "hours-5": ""}).status_code == 303
    world.linden.refresh_from_db()
    assert world.linden.hours == {"0": [[480, 720], [780, 1020]]}
    asked = {"person": "Ivo", "address": "ivo@desk.example", "role": "lead"}
    page = world.chen.post(f"{HERE}people/", asked).content.decode()
    assert "/accounts/password/reset/key/" in page
    assert Agent.objects.get(email="ivo@desk.example").role == "lead"
    assert "round-trip-form" in page
    assert outcomes(first_hour())[FirstStep.HOURS] is DONE


def test_what_is_wrong_is_said_below_its_field_and_all_that_was_typed_stays(world: World) -> None:
    begin_first_hour(by=SYSTEM)
    wrong = world.chen.post(f"{HERE}hours/", {"hours-0": "never", "hours-1": "9-17"})
    page = wrong.content.decode()
    assert (wrong.status_code, 'value="never"' in page, "These are no hours" in page) == (422, True, True)
    taken = world.chen.post(
        f"{HERE}people/", {"person": "", "address": "amara@desk.example", "role": "agent"}
    )
    assert taken.status_code == 422
    assert 'value="amara@desk.example"' in taken.content.decode()
    assert (
        world.chen.post(
            f"{HERE}people/", {"person": "I", "address": "i@x.example", "role": "custom"}
        ).status_code
        == 422
    )
    assert (
        world.chen.post(f"{HERE}brand/", {"name": "", "language": "en", "time_zone": "UTC"}).status_code
        == 422
    )
    assert outcomes(first_hour())[FirstStep.BRAND] is OPEN


@pytest.mark.parametrize(
    "given", [{}, {"step": "tea", "outcome": "skipped"}, {"step": "hours", "outcome": "done"}]
)
def test_nothing_is_settled_that_is_no_step(world: World, given: dict[str, str]) -> None:
    begin_first_hour(by=SYSTEM)
    assert world.chen.post(f"{HERE}settle/", given).status_code == 404


def test_one_who_has_enough_ends_it_and_may_have_it_again(world: World) -> None:
    begin_first_hour(by=SYSTEM)
    assert world.chen.post(f"{HERE}end/").headers["Location"] == "/inbox/my-turn/"
    assert not is_greeted(world.chen.actor)
    assert world.chen.post(f"{HERE}end/").headers["Location"] == HERE
    assert is_greeted(world.chen.actor)


def test_ending_leaves_what_was_settled_where_it_is(world: World) -> None:
    begin_first_hour(by=SYSTEM)
    settle_step(FirstStep.HOURS, outcome=DONE, by=world.chen.actor)
    ended = end_first_hour(by=world.chen.actor)
    assert (ended.steps, ended.ended_at is None) == ({"hours": "done"}, False)
