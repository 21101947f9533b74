"""Devices are their agent's alone, and what is on its way there ends once."""

from datetime import timedelta

import pytest

from heed.eventlog import due
from heed.eventlog.kinds import SettingChanged
from heed.eventlog.reader import read_after
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.notifications.actions.devices import (
    TRIES,
    add_device,
    end_push,
    forget_device,
    put_off_push,
    remove_device,
)
from heed.notifications.models import Push, PushDevice, PushKey
from heed.notifications.tests.test_push import FIREFOX, Browser, added, claimed, mention
from heed.notifications.webpush import Subscription
from heed.people.policy import SYSTEM
from heed.testing.world import World


def test_a_browser_becomes_a_device(world: World) -> None:
    device = add_device(Browser().subscription(), device=FIREFOX, by=world.amara.actor)
    assert (device.agent_id, device.browser) == (world.amara.row.pk, "Firefox")
    assert "push.example.net" not in device.sealed
    recorded = [one.data for one in read_after(0, limit=9) if isinstance(one.data, SettingChanged)]
    assert [one.number for one in recorded] == [world.amara.row.pk]


def test_only_agents_have_devices(world: World) -> None:
    for by in (SYSTEM, world.nobody.actor):
        with pytest.raises(Refused):
            add_device(Browser().subscription(), device=FIREFOX, by=by)


@pytest.mark.parametrize(
    "wrong", [("http://push.example.net/x", None, None), (None, "AAAA", None), (None, None, "?")]
)
def test_what_no_browser_made_is_refused(world: World, wrong: tuple[str | None, ...]) -> None:
    made = Browser().subscription()
    given = (made.endpoint, made.public, made.auth)
    parts = [one or other for one, other in zip(wrong, given, strict=True)]
    with pytest.raises(Unusable):
        add_device(Subscription(*parts), device=FIREFOX, by=world.amara.actor)


def test_a_browser_is_one_device_whoever_it_told_before(world: World) -> None:
    browser = Browser()
    made = browser.subscription()
    first = add_device(made, device=FIREFOX, by=world.amara.actor)
    assert add_device(made, device=FIREFOX, by=world.amara.actor) == first
    add_device(made, device=FIREFOX, by=world.edda.actor)
    assert PushDevice.objects.get().agent_id == world.edda.row.pk


def test_of_too_many_devices_the_oldest_goes(world: World) -> None:
    made = [added(world.amara, name=f"a{number}") for number in range(config.push_devices + 1)]
    left = list(PushDevice.objects.order_by("pk").values_list("pk", flat=True))
    assert left == [one.pk for one in made[1:]]


def test_a_device_is_removed_by_whose_it_is(world: World) -> None:
    device = added(world.amara)
    remove_device(device.pk, by=world.amara.actor)
    assert not PushDevice.objects.exists()


def test_nobody_removes_anothers_device(world: World) -> None:
    device = added(world.amara)
    with pytest.raises(NotFound):
        remove_device(device.pk, by=world.chen.actor)
    with pytest.raises(Refused):
        remove_device(device.pk, by=SYSTEM)


def test_a_device_there_is_not_is_not_removed(world: World) -> None:
    with pytest.raises(NotFound):
        remove_device(999, by=world.amara.actor)


def test_a_device_is_removed_once(world: World) -> None:
    device = added(world.amara)
    remove_device(device.pk, by=world.amara.actor)
    with pytest.raises(NotFound):
        remove_device(device.pk, by=world.amara.actor)


def test_the_desk_forgets_a_device_with_what_is_on_its_way(world: World) -> None:
    device = added(world.amara)
    mention(world, world.amara)
    forget_device(device, by=SYSTEM)
    assert not Push.objects.exists()


def test_people_forget_no_devices(world: World) -> None:
    with pytest.raises(Refused):
        forget_device(added(world.amara), by=world.amara.actor)


def test_forgetting_one_device_leaves_the_others(world: World) -> None:
    device, other = added(world.amara), added(world.amara, name="other")
    forget_device(device, by=SYSTEM)
    assert PushDevice.objects.get() == other


def test_a_device_is_forgotten_once(world: World) -> None:
    device = added(world.amara)
    for _ in range(2):
        forget_device(device, by=SYSTEM)
    assert not PushDevice.objects.exists()


def test_a_push_ends(world: World) -> None:
    end_push(claimed(world), by=SYSTEM)
    assert Push.objects.get().due_at is None


def test_people_end_no_pushes(world: World) -> None:
    with pytest.raises(Refused):
        end_push(claimed(world), by=world.amara.actor)


def test_a_push_ends_once(world: World) -> None:
    push = claimed(world)
    end_push(push, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        end_push(push, by=SYSTEM)


def test_a_push_of_another_worker_is_left(world: World) -> None:
    push = claimed(world)
    due.give_back(push)
    due.claim(Push, limit=1, lease_seconds=90)
    with pytest.raises(due.ClaimLost):
        end_push(push, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        put_off_push(push, until=None, by=SYSTEM)


def test_a_push_is_put_off(world: World) -> None:
    put_off_push(claimed(world), until=None, by=SYSTEM)
    again = Push.objects.get().due_at
    assert again is not None
    assert again > clock.now()


def test_a_push_that_waits_for_an_hour_was_not_tried(world: World) -> None:
    then = clock.now() + timedelta(hours=3)
    put_off_push(claimed(world), until=then, by=SYSTEM)
    assert (Push.objects.get().due_at, Push.objects.get().attempts) == (then, 0)


def test_people_put_off_no_pushes(world: World) -> None:
    with pytest.raises(Refused):
        put_off_push(claimed(world), until=None, by=world.amara.actor)


def test_a_push_is_not_tried_for_ever(world: World) -> None:
    push = claimed(world)
    Push.objects.update(attempts=TRIES)
    put_off_push(push, until=None, by=SYSTEM)
    assert Push.objects.get().due_at is None


def test_a_push_is_put_off_once(world: World) -> None:
    push = claimed(world)
    put_off_push(push, until=None, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        put_off_push(push, until=None, by=SYSTEM)


def test_the_page_lists_adds_and_removes_devices(world: World) -> None:
    here = "/settings/you/notifications/"
    made = Browser().subscription()
    form = {"endpoint": made.endpoint, "public": made.public, "auth": made.auth}
    assert world.amara.post(f"{here}devices/", form, **{"User-Agent": "Firefox/133 Linux"}).status_code == 303
    page = world.amara.get(here).content.decode()
    assert PushKey.objects.get().public in page
    number = PushDevice.objects.get().pk
    assert f"{here}devices/{number}/remove/" in page
    assert f"devices/{number}/remove/" not in world.edda.get(here).content.decode()
    assert world.amara.post(f"{here}devices/{number}/remove/").status_code == 303
    assert "No device tells you anything yet." in world.amara.get(here).content.decode()
