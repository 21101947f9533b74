"""Whether somebody is there: what they say, when they work, when they are away; what a customer writes goes back."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.brands.hours import is_open
from heed.conversations.actions.receiving import receive
from heed.conversations.queries.reasons import reasons
from heed.eventlog.kinds import ConversationAssigned, SettingChanged
from heed.eventlog.models import EventRow
from heed.eventlog.reader import newest_of_the_desk
from heed.eventlog.unit import change, lock, unit
from heed.kernel import clock
from heed.kernel.errors import Refused, Unusable
from heed.kernel.words import Absence, Automatic, Availability, Setting
from heed.people.absence import absence, checked_leave, shift_of
from heed.people.actions.agents import switch_off
from heed.people.actions.shifts import change_work, say_availability
from heed.people.models import Agent, Skill
from heed.people.role_queries import skills_of
from heed.testing.world import World

HOUR = timedelta(hours=1)
ALWAYS = {str(day): [[0, 1440]] for day in range(7)}
NEVER_TODAY: dict[str, list[list[int]]] = {"0": [[0, 1]]}
MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def worker(**facts: Any) -> Any:
    known = {
        "is_active": True,
        "availability": Availability.AVAILABLE,
        "availability_at": None,
        "shift": {},
        "leave": [],
        "time_zone": "UTC",
    }
    return SimpleNamespace(**{**known, **facts})


def week(**more: Any) -> dict[str, Any]:
    return {"shift": {}, "leave": [], "skills": [], "languages": [], **more}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"is_active": False}, Absence.SWITCHED_OFF),
        ({"availability": "off"}, Absence.OFF),
        ({"availability": "away", "availability_at": MONDAY - HOUR}, Absence.AWAY),
        ({"availability": "away", "availability_at": MONDAY - HOUR / 2}, None),
        ({"shift": {"0": [[540, 1020]]}}, None),
        ({"shift": {"0": [[540, 1020]]}, "time_zone": "Asia/Tokyo"}, Absence.OFF_SHIFT),
        ({"shift": {"1": [[540, 1020]]}}, Absence.OFF_SHIFT),
        ({"leave": [["2026-03-02", "2026-03-02"]], "shift": ALWAYS}, Absence.ON_LEAVE),
        ({"leave": [["2026-03-03", "2026-03-09"]]}, None),
    ],
)
def test_why_somebody_is_not_there(facts: dict[str, Any], why: Absence | None) -> None:
    assert absence(worker(**facts), MONDAY, away_after=HOUR) is why


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    st.lists(st.tuples(st.integers(0, 700), st.integers(701, 1440)), max_size=1),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
)
def test_off_shift_is_whatever_the_hours_do_not_hold(
    at: datetime, window: list[tuple[int, int]], zone: str
) -> None:
    shift = {str(day): [list(one) for one in window] for day in range(5)}
    why = absence(worker(shift=shift, time_zone=zone), at, away_after=HOUR)
    assert (why is Absence.OFF_SHIFT) == (bool(window) and not is_open(shift_of(shift, zone), at))


def test_what_a_customer_writes_to_somebody_who_is_off_goes_back_and_says_why(world: World) -> None:
    row = world.conversation(assignee=world.amara)
    world.writes(row)
    world.read_log()
    assert world.reload(row).assignee_id == world.amara.row.pk, "she is there"
    say_availability(Availability.OFF, by=world.amara.actor)
    world.writes(row)
    world.read_log()
    assert world.reload(row).assignee_id is None
    told = [e.data for e in world.events(row) if isinstance(e.data, ConversationAssigned)][-1]
    assert (told.current, told.why) == (None, Absence.OFF)
    said = reasons(world.edda.actor, [world.reload(row)]).returned
    assert said == {row.pk: (Absence.OFF, "Amara")}
    html = world.edda.get(f"/inbox/all-open/{row.pk}/").content.decode()
    assert "Amara is off: it went back to the team" in html
    assert "Amara is off" in world.edda.get("/inbox/unassigned/").content.decode()


def test_neither_a_machine_nor_the_past_takes_anything_from_anybody(world: World) -> None:
    row = world.conversation(assignee=world.amara)
    world.read_log()
    say_availability(Availability.OFF, by=world.amara.actor)
    mail = world.incoming(customer=world.dalia, automatic=Automatic.AUTO_REPLY)
    receive(row, mail=mail, by=world.edda.actor)
    world.read_log()
    assert world.reload(row).assignee_id == world.amara.row.pk


@pytest.mark.parametrize("why", [Absence.AWAY, Absence.OFF_SHIFT, Absence.ON_LEAVE, Absence.SWITCHED_OFF])
def test_each_way_of_not_being_there_gives_back(world: World, why: Absence) -> None:
    row, today = world.conversation(assignee=world.amara), clock.now().date()
    match why:
        case Absence.AWAY:
            say_availability(Availability.AWAY, by=world.amara.actor)
            with unit():
                change(lock(world.amara.row), availability_at=clock.now() - timedelta(days=1))
        case Absence.OFF_SHIFT:
            day = str((today.weekday() + 3) % 7)
            change_work(world.amara.row, by=world.amara.actor, **week(shift={day: [[540, 1020]]}))
        case Absence.ON_LEAVE:
            change_work(
                world.amara.row,
                by=world.chen.actor,
                **week(leave=[(today - timedelta(days=1), today + timedelta(days=1))]),
            )
        case _:
            switch_off(world.amara.row, by=world.chen.actor)
    world.writes(row)
    world.read_log()
    assert world.reload(row).assignee_id is None
    gone = [e.data for e in world.events(row) if isinstance(e.data, ConversationAssigned)][-1]
    assert gone.why is why


def test_one_says_it_of_oneself_alone_and_twice_is_once(world: World) -> None:
    say_availability(Availability.AWAY, by=world.amara.actor)
    since = Agent.objects.get(pk=world.amara.row.pk).availability_at
    say_availability(Availability.AWAY, by=world.amara.actor)
    world.amara.row.refresh_from_db()
    assert (world.amara.row.availability, world.amara.row.availability_at) == ("away", since)
    with pytest.raises(Refused):
        say_availability(Availability.AWAY, by=world.nobody.actor)


def test_who_changed_when_somebody_works_is_on_record_and_not_what_it_says(world: World) -> None:
    def told() -> list[tuple[int | None, str]]:
        events = newest_of_the_desk({SettingChanged: {}}, limit=20)
        found = [(event.actor_id, event.data.setting) for event in events if hasattr(event.data, "setting")]
        EventRow.objects.all().delete()
        return found

    chen, bruno = world.chen.row.pk, world.bruno.row
    leave = [(date(2020, 1, 1), date(2020, 1, 2)), (date(2126, 1, 1), date(2126, 1, 2))]
    wanted = week(shift={"0": [[540, 1020]]}, leave=leave, skills=["Refunds"], languages=["de"])
    change_work(bruno, by=world.chen.actor, **wanted)
    assert sorted(told()) == [
        (chen, Setting.LANGUAGES_ANSWERED),
        (chen, Setting.LEAVE),
        (chen, Setting.SKILLS),
        (chen, Setting.WORK_HOURS),
    ]
    change_work(bruno, by=world.chen.actor, **wanted)
    assert told() == [], "nothing is otherwise"
    change_work(bruno, by=world.bruno.actor, **{**wanted, "skills": []})
    assert told() == [(bruno.pk, Setting.SKILLS)]
    say_availability(Availability.AWAY, by=world.bruno.actor)
    say_availability(Availability.AWAY, by=world.bruno.actor)
    assert told() == [(bruno.pk, Setting.AVAILABILITY)]


def test_the_control_on_every_page_says_it(world: World) -> None:
    answer = world.amara.post("/settings/you/availability/", {"to": "away"})
    assert answer.status_code == 303
    assert "Away" in world.amara.get("/inbox/my-turn/").content.decode()
    assert world.amara.post("/settings/you/availability/", {"to": "asleep"}).status_code == 422


def test_one_s_own_work_and_everybodys_for_who_manages_people(world: World) -> None:
    change_work(
        world.amara.row,
        by=world.amara.actor,
        **week(skills=["Refunds", "refunds", " Bikes "], languages=["de", "en"]),
    )
    assert skills_of(world.bruno.actor, world.amara.row) == ["Bikes", "Refunds"]
    change_work(world.bruno.row, by=world.chen.actor, **week(skills=["REFUNDS"]))
    assert Skill.objects.count() == 2, "one word is one skill"
    change_work(world.amara.row, by=world.amara.actor, **week(skills=["Bikes"]))
    assert skills_of(world.bruno.actor, world.amara.row) == ["Bikes"]
    for who in (world.amara, world.edda):
        with pytest.raises(Refused):
            change_work(world.bruno.row, by=who.actor, **week())


@pytest.mark.parametrize(
    "wrong",
    [
        {"shift": {"0": [[600, 700], [650, 800]]}},
        {"leave": [(date(2026, 12, 2), date(2026, 12, 1))]},
        {"leave": [(date(2026, 1, 1), date(2030, 1, 1))]},
        {"skills": ["x" * 61]},
        {"languages": ["not a code"]},
    ],
)
def test_what_makes_no_sense_changes_nothing(world: World, wrong: dict[str, Any]) -> None:
    change_work(world.amara.row, by=world.amara.actor, **week(languages=["de"]))
    with pytest.raises(Unusable):
        change_work(world.amara.row, by=world.amara.actor, **week(**wrong))
    world.amara.row.refresh_from_db()
    assert world.amara.row.languages == ["de"]


def test_leave_that_has_passed_is_forgotten() -> None:
    past, future = date(2026, 1, 1), date(2026, 5, 1)
    assert checked_leave([(past, past), (future, future)], today=date(2026, 3, 1)) == [["2026-05-01"] * 2]


def test_the_form_keeps_what_was_typed_and_shows_what_stands(world: World) -> None:
    data = {
        "hours-0": "9:00–17:00",
        "leave": "2099-12-24 – 2099-12-31",
        "skills": "Refunds",
        "languages": "de",
    }
    assert world.amara.post("/settings/you/work/", data).status_code == 303
    html = world.chen.get(f"/settings/people/{world.amara.row.pk}/work/").content.decode()
    for said in ("9:00", "2099-12-24 – 2099-12-31", "Refunds", "de"):
        assert said in html
    wrong = world.amara.post("/settings/you/work/", {**data, "leave": "Christmas"})
    assert wrong.status_code == 422
    assert "Christmas" in wrong.content.decode()
    change_work(world.amara.row, by=world.amara.actor, **week(leave=[]))
    assert "de" in world.edda.get(f"/inbox/all-open/{world.conversation().pk}/").content.decode()
