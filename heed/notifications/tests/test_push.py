"""Push: what leaves is read by one browser alone, and goes nowhere inside."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from heed.conversations.actions.answering import add_note
from heed.conversations.actions.restricting import restrict
from heed.conversations.models import Conversation
from heed.eventlog import due
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.outbound.public import NotFetched
from heed.kernel.outbound.push import PushAnswer, PushSender
from heed.kernel.words import AgentId
from heed.notifications import pushing
from heed.notifications.actions import mark_read_about
from heed.notifications.actions.choosing import choose_notifications
from heed.notifications.actions.devices import (
    add_device,
)
from heed.notifications.choices import DEFAULTS, Wanted
from heed.notifications.models import Push, PushDevice, PushKey
from heed.notifications.webpush import Subscription, data, encrypt, text
from heed.people.actions.sessions import Device
from heed.people.models import Agent
from heed.testing.world import Colleague, World

FIREFOX = Device("Firefox", "Linux")


@dataclass
class Browser:
    """One that decrypts what it gets, as RFC 8291 has it."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes..."

    @property
    def point(self) -> bytes:
        encoding = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        return self.key.public_key().public_bytes(*encoding)

    def subscription(self, name: str = "amara") -> Subscription:
        return Subscription(f"https://push.example.net/{name}", text(self.point), text(self.auth))

    def read(self, body: bytes) -> bytes:
        salt, point, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = self.key.exchange(ec.ECDH(), theirs)
        ikm = _hkdf(shared, self.auth, b"WebPush: info\0" + self.point + point, 32)
        key = _hkdf(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(ikm, salt, b"Content-Encoding: nonce\0", 12)
        return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0").removesuffix(b"\2")


def _hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(key)


@dataclass
class Service:
    """A push service of our own: takes what is posted, and answers as it is told."""

    port: int = 0
    status: int = 201
    retry_after: str = ""
    sender: Any = None
    hangs: threading.Event = field(default_factory=threading.Event)  # while it is not set
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


class _Plain(PushSender):
    schemes = ("http", "https")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Stands where every push service is: a name of the public internet, on a port of this machine."""
    told = Service()
    told.hangs.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.hangs.wait(20)
            told.got.append((self.path, dict(self.headers), body))
            self.send_response(told.status)
            self.send_header("Location", f"http://127.0.0.1:{told.port}/inside")
            if told.retry_after:
                self.send_header("Retry-After", told.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    here = ip_address("127.0.0.1")
    sender = _Plain(
        ports=frozenset({told.port}),
        counted_as_public=frozenset({here}),
        resolver=lambda host, port: ["127.0.0.1"],
    )

    class Rewritten:
        def send(self, url: str, body: bytes, **more: object) -> PushAnswer:
            there = url.replace("https://push.example.net", f"http://push.example.net:{told.port}")
            return sender.send(there, body, **more)  # type: ignore[arg-type]  # handed on as they are

    told.sender = Rewritten()
    monkeypatch.setattr(pushing, "sender", told.sender)
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def added(who: Colleague, browser: Browser | None = None, name: str = "amara") -> PushDevice:
    return add_device((browser or Browser()).subscription(name), device=FIREFOX, by=who.actor)


def mention(world: World, who: Colleague) -> Conversation:
    row = world.conversation(subject="A wobbly saddle")
    by = world.edda if who is world.amara else world.amara
    add_note(row, text=f"@{who.row.name} look", sent_once="", files=(), by=by.actor)
    world.read_log()
    return row


def claimed(world: World) -> Push:
    added(world.amara)
    mention(world, world.amara)
    [push] = due.claim(Push, limit=1, lease_seconds=60)
    return push


def shown(browser: Browser, service: Service) -> dict[str, str]:
    found = json.loads(browser.read(service.got[-1][2]))
    assert isinstance(found, dict)
    return found


def test_the_example_of_the_standard_is_encrypted_as_there() -> None:
    to = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        to,
        key="yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
        salt=data("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert text(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
        "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_device_is_told_the_number_and_no_word_of_anybody(world: World, service: Service) -> None:
    browser = Browser()
    added(world.amara, browser)
    row = mention(world, world.amara)
    assert pushing.step() == 1
    assert shown(browser, service) == {
        "title": "You were mentioned",
        "body": f"#{row.pk}",
        "href": f"/conversations/{row.pk}/",
        "tag": f"mention-{row.pk}",
    }
    assert pushing.step() == 0


def test_who_wants_it_reads_subject_and_name(world: World, service: Service) -> None:
    browser = Browser()
    added(world.amara, browser)
    choose_notifications(Wanted(has_push_text=True), by=world.amara.actor)
    row = mention(world, world.amara)
    pushing.step()
    told = shown(browser, service)
    assert (told["title"], told["body"]) == ("Edda mentioned you", f"#{row.pk} A wobbly saddle")


def test_the_service_knows_the_desk_by_its_signature(world: World, service: Service) -> None:
    added(world.amara)
    mention(world, world.amara)
    pushing.step()
    path, headers, _ = service.got[0]
    scheme, _, rest = headers["Authorization"].partition(" t=")
    token, _, key = rest.partition(", k=")
    head, claims, signature = token.split(".")
    raw = data(signature)
    numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data(key))
    signed = f"{head}.{claims}".encode()
    point.verify(utils.encode_dss_signature(*numbers), signed, ec.ECDSA(hashes.SHA256()))
    told = json.loads(data(claims))
    assert (scheme, path, told["aud"]) == ("vapid", "/amara", "https://push.example.net")
    assert clock.now().timestamp() < told["exp"] < clock.now().timestamp() + 24 * 3600
    kept = PushKey.objects.get()
    assert kept.public == key
    assert text(numbers[0].to_bytes(32, "big")) not in kept.private


def test_what_was_read_or_may_not_be_seen_is_not_sent(world: World, service: Service) -> None:
    added(world.farid, name="farid")
    read, shut = mention(world, world.farid), mention(world, world.farid)
    mark_read_about(read, by=world.farid.actor)
    restrict(shut, agents=[AgentId(world.edda.row.pk)], teams=[], by=world.edda.actor)
    assert pushing.step() == 2
    assert service.got == []
    assert pushing.waiting() == 0


def test_devices_are_quiet_in_quiet_hours(world: World, service: Service) -> None:
    added(world.amara)
    now = clock.now()
    minute = now.hour * 60 + now.minute
    choose_notifications(Wanted(quiet_from=minute, quiet_to=(minute + 60) % 1440), by=world.amara.actor)
    mention(world, world.amara)
    assert pushing.step() == 0
    with time_machine.travel(now + timedelta(minutes=61)):
        assert pushing.step() == 1
    assert len(service.got) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(world: World, service: Service, status: int) -> None:
    added(world.amara)
    mention(world, world.amara)
    service.status = status
    pushing.step()
    assert not PushDevice.objects.exists()
    assert not Push.objects.exists()


def test_a_service_in_trouble_is_asked_again(world: World, service: Service) -> None:
    added(world.amara)
    mention(world, world.amara)
    service.status = 503
    pushing.step()
    service.status = 201
    assert pushing.step() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        assert pushing.step() == 1
    assert [headers["TTL"] for _, headers, _ in service.got] == ["14400", "14400"]


def put_off(world: World, service: Service, *, said: str) -> timedelta:
    """How long a push waits after its service is in trouble and says when to ask again."""
    added(world.amara)
    mention(world, world.amara)
    service.status, service.retry_after = 429, said
    now = clock.now()
    with time_machine.travel(now, tick=False):
        pushing.step()
    due = Push.objects.get().due_at
    assert due is not None
    with time_machine.travel(due - timedelta(seconds=1)):
        assert pushing.step() == 0
    service.status = 201
    with time_machine.travel(due + timedelta(seconds=1)):
        assert pushing.step() == 1
    assert Push.objects.get().due_at is None
    return due - now


def test_a_service_is_not_asked_before_it_wants_to_be(world: World, service: Service) -> None:
    assert put_off(world, service, said="1200") == timedelta(minutes=20)


def test_a_service_may_say_it_as_a_date(world: World, service: Service) -> None:
    at = (clock.now() + timedelta(minutes=21)).replace(microsecond=0)
    waited = put_off(world, service, said=format_datetime(at, usegmt=True))
    assert timedelta(minutes=20) < waited <= timedelta(minutes=21)


def test_no_service_makes_us_wait_for_ever_nor_hurry(world: World, service: Service) -> None:
    assert put_off(world, service, said="9" * 12) == timedelta(minutes=config.push_wait_minutes)
    Push.objects.all().delete()
    assert put_off(world, service, said="0") > timedelta(seconds=20)


def test_no_address_inside_is_ever_called(world: World, service: Service) -> None:
    inside = PushSender()
    for url in (
        "http://push.example.net/x",
        "https://127.0.0.1/x",
        "https://desk.local/x",
        "https://[::1]/x",
    ):
        with pytest.raises(NotFetched):
            inside.send(url, b"", headers={}, timeout_seconds=1)
    assert service.got == []


def test_what_hangs_is_given_up_and_asked_again(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "SECONDS", 0.2)
    added(world.amara)
    mention(world, world.amara)
    service.hangs.clear()
    assert pushing.step() == 1
    service.hangs.set()
    assert pushing.step() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        assert pushing.step() == 1
    assert len(service.got) == 2


def test_those_whose_turn_comes_late_are_left_to_whoever_claims_them_next(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(world.amara)
    for _ in range(3):
        mention(world, world.amara)
    held = iter([True, False, False])
    monkeypatch.setattr(due, "has_time", lambda push, seconds: next(held))
    assert pushing.step() == 3
    assert len(service.got) == 1
    monkeypatch.undo()
    monkeypatch.setattr(pushing, "sender", service.sender)
    assert pushing.step() == 2
    assert len(service.got) == 3


def test_a_claim_that_is_nearly_over_leaves_no_time(world: World) -> None:
    push = claimed(world)
    assert due.has_time(push, seconds=50)
    with time_machine.travel(clock.now() + timedelta(seconds=30)):
        assert not due.has_time(push, seconds=50)


def test_what_a_killed_worker_had_claimed_is_sent_once(world: World, service: Service) -> None:
    claimed(world)
    assert pushing.step() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        assert pushing.step() == 1
        assert pushing.step() == 0
    assert len(service.got) == 1


@pytest.mark.parametrize(("status", "is_tried_again"), [(429, True), (500, True), (307, False), (403, False)])
def test_what_a_service_says_is_obeyed_and_leads_nowhere_else(
    world: World, service: Service, status: int, is_tried_again: bool
) -> None:
    added(world.amara)
    mention(world, world.amara)
    service.status = status
    pushing.step()
    assert len(service.got) == 1
    assert (Push.objects.get().due_at is not None) is is_tried_again


def test_quiet_hours_and_choices_hold_for_what_is_on_its_way(world: World, service: Service) -> None:
    added(world.amara)
    mention(world, world.amara)
    now = clock.now()
    minute = now.hour * 60 + now.minute
    choose_notifications(Wanted(quiet_from=minute, quiet_to=(minute + 60) % 1440), by=world.amara.actor)
    assert pushing.step() == 1
    assert service.got == []
    choose_notifications(Wanted({kind: frozenset() for kind in DEFAULTS}), by=world.amara.actor)
    with time_machine.travel(now + timedelta(minutes=61)):
        assert pushing.step() == 1
    assert service.got == []
    assert pushing.waiting() == 0


def test_long_and_arabic_names_fit_into_what_a_service_takes(world: World, service: Service) -> None:
    browser = Browser()
    added(world.amara, browser)
    choose_notifications(Wanted(has_push_text=True), by=world.amara.actor)
    row = world.conversation(subject="مرحبا " * 90)
    Agent.objects.filter(pk=world.edda.row.pk).update(name="ليلى حداد " * 9)
    add_note(row, text="@Amara look", sent_once="", files=(), by=world.edda.actor)
    world.read_log()
    pushing.step()
    assert len(service.got[-1][2]) < 4096
    assert shown(browser, service)["title"].startswith("ليلى حداد")
