"""Due work of push: each notification goes to each of its agent's devices, encrypted for it alone.

What its reader has read meanwhile, wants no more, or may not see when it leaves, is not sent. A device that its service
knows no more is forgotten.
"""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from django.utils import translation

from heed.eventlog import due
from heed.eventlog.unit import unit
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.notice_words import NotificationChannel, NotificationKind
from heed.kernel.outbound.public import NotFetched, WhyNot
from heed.kernel.outbound.push import PushAnswer, PushSender
from heed.kernel.outbound.retry_after import wait_asked_for
from heed.kernel.secrets import Unsealable, seal, unseal
from heed.notifications.actions.devices import end_push, forget_device, put_off_push, subscription_of
from heed.notifications.choices import Wanted
from heed.notifications.models import Notification, Push, PushDevice, PushKey
from heed.notifications.queries import said_of, seen_among, wanted_by
from heed.notifications.webpush import authorization, encrypt, new_key
from heed.notifications.words import sentence_of
from heed.people.policy import SYSTEM

AT_ONCE: Final = 20
TITLE_CHARACTERS: Final = 200
SECONDS: Final = 10.0
KEPT_SECONDS: Final = 4 * 3600  # by the push service, for a device that is off
GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
NEVER: Final = frozenset({WhyNot.BAD_URL, WhyNot.INSIDE})
TOLD: Final = ("agent", "conversation__customer", "by")
sender = PushSender()


def step() -> int:
    """Send what is due; how many were looked at."""
    rows = due.claim(Push, limit=AT_ONCE, lease_seconds=config.lease_seconds)
    for push in rows:
        try:
            if due.has_time(push, seconds=_patience()):
                _send(push)
            else:
                due.give_back(push)  # those before it took long
        except due.ClaimLost:
            continue  # another worker has it
    return len(rows)


def waiting() -> int:
    """How many are due."""
    return due.waiting(Push)


def push_key() -> PushKey:
    """The desk's key pair, made with the first device."""
    found = PushKey.objects.filter(pk=PushKey.ONLY).first()
    if found is None:
        private, public = new_key()
        made = PushKey(pk=PushKey.ONLY, private=seal(private), public=public)
        with unit():
            PushKey.objects.bulk_create([made], ignore_conflicts=True)  # two may be first
        found = PushKey.objects.get(pk=PushKey.ONLY)
    return found


def _patience() -> float:
    return min(SECONDS, config.lease_seconds / 2)


def _send(push: Push) -> None:
    found = Push.objects.select_related("device", *(f"notification__{one}" for one in TOLD)).filter(
        pk=push.pk
    )
    here = found.first()
    if here is None:
        return  # its device or what it tells of went meanwhile
    told = here.notification
    wanted, quiet = wanted_by([told.agent_id])[told.agent_id]
    over_at = quiet.over_at(clock.now())
    is_wanted = NotificationChannel.PUSH in wanted.by(NotificationKind(told.kind))
    if told.read_at is not None or not is_wanted or not seen_among(told.agent, [told]):
        end_push(push, by=SYSTEM)
    elif over_at > clock.now():
        put_off_push(push, until=over_at, by=SYSTEM)
    else:
        _hand_over(push, here.device, _message(told, wanted))


def _hand_over(push: Push, device: PushDevice, message: bytes) -> None:
    try:
        to, key = subscription_of(device), push_key()
        body = encrypt(message, to)
        until = clock.now() + timedelta(hours=12)
        by = authorization(
            to.endpoint,
            private=unseal(key.private),
            public=key.public,
            contact=config.public_url,
            until=until,
        )
    except Unsealable:
        forget_device(device, by=SYSTEM)  # its keys are lost; the agent adds it again
        return
    headers = {"Authorization": by, "Content-Encoding": "aes128gcm", "TTL": str(KEPT_SECONDS)}
    try:
        _settle(push, sender.send(to.endpoint, body, headers=headers, timeout_seconds=_patience()))
    except NotFetched as error:
        if error.why in NEVER:
            end_push(push, by=SYSTEM)
        else:
            put_off_push(push, until=None, by=SYSTEM)


def _settle(push: Push, answer: PushAnswer) -> None:
    status, now = answer.status, clock.now()
    if status in GONE:
        forget_device(push.device, by=SYSTEM)
    elif status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        longest = timedelta(minutes=config.push_wait_minutes)
        asked = now + wait_asked_for(answer.retry_after, now=now, longest=longest)
        put_off_push(push, until=None, not_before=asked, by=SYSTEM)
    else:
        end_push(push, by=SYSTEM)  # taken, or refused for good


def _message(told: Notification, wanted: Wanted) -> bytes:
    """What the device shows: which sort and which conversation; subject and names only for who wants them there."""
    said = said_of([told])[0]
    who = told.by.name if told.by else said.from_name or said.from_address
    tells = wanted.has_push_text
    number = "" if said.is_aside else f"#{told.conversation_id}"
    with translation.override(told.agent.language):
        shown = {
            "title": sentence_of(told.kind, who if tells else "")[:TITLE_CHARACTERS],
            "body": f"{number} {said.subject[:200] if tells else ''}".strip(),
            "href": said.href,
            "tag": f"{told.kind}-{said.side if said.is_aside else told.conversation_id}",
        }
    return json.dumps(shown, ensure_ascii=False).encode()
