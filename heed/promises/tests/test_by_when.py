"""The time by which a person answers is one time, wherever it stands: computed by hand, shown by the desk."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from heed.conversations.models import Message
from heed.intake.tests.letters import letter, received
from heed.kernel.words import Automatic
from heed.people.actions.brands import change_hours
from heed.testing.world import World

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {str(day): [[8 * 60, 12 * 60], [13 * 60 + 30, 18 * 60]] for day in range(5)}


@pytest.mark.parametrize(
    ("friday", "change"), [(date(2026, 3, 27), timedelta(hours=1)), (date(2026, 10, 23), timedelta(hours=-1))]
)
def test_over_lunch_weekend_holiday_and_clock_change_all_say_the_hand_computed_time(
    world: World, friday: date, change: timedelta
) -> None:
    """Friday 16:30 and two hours: 90 minutes are left on Friday, Monday is a holiday, so Tuesday at 8:30."""
    monday, tuesday = friday + timedelta(days=3), friday + timedelta(days=4)
    change_hours(
        world.linden,
        hours=OFFICE,
        holidays=[monday.isoformat()],
        first_reply_seconds=7_200,
        by=world.chen.actor,
    )
    asked = datetime(friday.year, friday.month, friday.day, 16, 30, tzinfo=BERLIN)
    due = datetime(tuesday.year, tuesday.month, tuesday.day, 8, 30, tzinfo=BERLIN)
    with time_machine.travel(asked, tick=False):
        row = received(world, letter("a@x")).conversation
        assert row is not None
        assert row.next_due_at == due
        assert due.timestamp() - asked.timestamp() == (timedelta(days=3, hours=16) - change).total_seconds()
        [told] = Message.objects.filter(automatic=Automatic.ACKNOWLEDGEMENT)
        assert f"{due:%A}" in told.text
        assert f"{due:%H:%M}" in told.text
        for path in (f"/inbox/all-open/{row.pk}/", "/inbox/all-open/"):
            shown = re.findall(r'<time datetime="([^"]+)"', world.amara.get(path).content.decode())
            assert due in map(datetime.fromisoformat, shown), path
