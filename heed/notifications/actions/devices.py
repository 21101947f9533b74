"""Verbs of the devices on which agents are told, and of what is on its way there."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from heed.eventlog import due
from heed.eventlog.unit import add, change, lock, lock_many, remove, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable, require
from heed.kernel.secrets import seal, unseal
from heed.kernel.words import ActorKind, Deed, Setting
from heed.notifications.models import Push, PushDevice
from heed.notifications.webpush import Subscription, check
from heed.people.actions.sessions import Device
from heed.people.models import Agent
from heed.people.noting import note_setting
from heed.people.policy import Actor, agent_of

TRIES: Final = 6  # then it is too late to be news
ADDRESS_CHARACTERS: Final = 2_000


@verb
def add_device(subscription: Subscription, *, device: Device, by: Actor) -> PushDevice:
    """Afterwards the acting agent is told in this browser; it is one device, whoever it told before.

    Of too many the oldest goes. Records setting.changed, nothing when it is there already. Raises Refused for who is no
    agent, and Unusable for what no browser made.
    """
    agent = lock(Agent(pk=agent_of(by)))
    _checked(subscription)
    key = sha256(subscription.endpoint.encode()).hexdigest()
    found = PushDevice.objects.filter(key=key).first()
    if found is not None and found.agent_id == agent.pk and subscription_of(found) == subscription:
        return found
    if found is not None:
        remove(found)
    mine = list(PushDevice.objects.filter(agent=agent).order_by("-pk"))
    for old in mine[config.push_devices - 1 :]:
        remove(old)
    note_setting(Setting.PUSH_DEVICE, Deed.ADDED, number=agent.pk)
    sealed = seal(json.dumps([subscription.endpoint, subscription.public, subscription.auth]))
    named = {"browser": device.browser, "system": device.system}
    return add(PushDevice(agent=agent, sealed=sealed, key=key, added_at=clock.now(), **named))


@verb
def remove_device(number: int, *, by: Actor) -> None:
    """Afterwards the acting agent is told on this device of theirs no more. Records setting.changed.

    Raises NotFound, alike for others' and for one that is gone; Refused for one who is no agent.
    """
    agent = agent_of(by)
    found = lock_many(PushDevice, [number]).get(number)
    if found is None or found.agent_id != agent:
        raise NotFound
    note_setting(Setting.PUSH_DEVICE, Deed.REMOVED, number=agent)
    remove(found)


@verb
def forget_device(device: PushDevice, *, by: Actor) -> None:
    """Afterwards a device is gone that its push service knows no more; nothing happens again. Refused for people."""
    require(by.kind is ActorKind.SYSTEM)
    found = lock_many(PushDevice, [device.pk]).get(device.pk)
    if found is not None:
        remove(found)


@verb
def end_push(push: Push, *, by: Actor) -> None:
    """Afterwards a claimed push is over: it arrived, or never will. Records nothing. Refused for people.

    Raises ClaimLost.
    """
    require(by.kind is ActorKind.SYSTEM)
    change(due.hold(push), due_at=None, claimed_until=None)


@verb
def put_off_push(
    push: Push, *, until: datetime | None, by: Actor, not_before: datetime | None = None
) -> None:
    """Afterwards a claimed push is due at that time, as if it had not been tried; or, for None, is tried again later.

    `not_before`: that later is not before the time for which its service asks. It is over when it was tried too often.
    Records nothing. Refused for people. Raises ClaimLost.
    """
    require(by.kind is ActorKind.SYSTEM)
    held = due.hold(push)
    if until is not None:
        change(held, due_at=until, claimed_until=None, attempts=held.attempts - 1)
    elif held.attempts >= TRIES:
        change(held, due_at=None, claimed_until=None)
    else:
        later = clock.now() + timedelta(seconds=due.pause_seconds(held.attempts))
        change(held, due_at=max(later, not_before or later), claimed_until=None)


def subscription_of(device: PushDevice) -> Subscription:
    """Where it is reached, and with which keys. Raises Unsealable."""
    return Subscription(*json.loads(unseal(device.sealed)))


def _checked(subscription: Subscription) -> None:
    if len(subscription.endpoint) > ADDRESS_CHARACTERS or not subscription.endpoint.startswith("https://"):
        raise Unusable("endpoint", "unusable")
    try:
        check(subscription)
    except ValueError:
        raise Unusable("keys", "unusable") from None
