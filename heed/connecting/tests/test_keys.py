"""Keys sign by themselves once their record stands in DNS: a worker looks for them, not too soon and not too often."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from heed.connecting import domains
from heed.connecting.domains import DomainLooker, step, waiting
from heed.delivery.actions.dkim import add_dkim_key, choose_dkim_signing
from heed.delivery.dkim import KeyPair, record_name, record_value
from heed.delivery.models import DkimKey
from heed.kernel import clock
from heed.kernel.mail_words import DkimSigning
from heed.people.policy import SYSTEM
from heed.testing.dns import NameServer, name_server
from heed.testing.world import World

PAIR = KeyPair("private", "public")
SOON, LATER = timedelta(minutes=6), timedelta(hours=3)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    monkeypatch.setattr(domains, "_tried", {})
    with name_server() as server:
        yield server


def looker(names: NameServer) -> DomainLooker:
    return DomainLooker(dns=names.asker(timeout_seconds=0.5 if names.silent else 3.0))


def made(names: NameServer) -> DkimKey:
    """A key whose record somebody has put into DNS."""
    key = add_dkim_key("linden.example", pair=PAIR, by=SYSTEM)
    names.add(record_name(key.selector, key.domain), "TXT", record_value(key.public))
    return key


def test_a_record_that_was_put_there_is_found_without_anybody_looking(
    world: World, names: NameServer
) -> None:
    key = made(names)
    assert step(looker(names)) == 0
    with time_machine.travel(clock.now() + SOON):
        assert step(looker(names)) == 1
    key.refresh_from_db()
    assert key.found_at is not None
    assert waiting() == 0


def test_it_is_looked_for_again_only_after_a_while(
    world: World, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = made(names)
    with time_machine.travel(clock.now() + SOON):
        assert (step(looker(names)), step(looker(names))) == (1, 0)
    names.zone.clear()
    domains._tried.clear()
    with time_machine.travel(clock.now() + LATER):
        assert step(looker(names)) == 1
    key.refresh_from_db()
    assert key.found_at is None


def test_a_name_server_that_says_nothing_changes_nothing_and_is_not_asked_at_once(
    world: World, names: NameServer
) -> None:
    key = made(names)
    names.silent.add(record_name(key.selector, key.domain))
    with time_machine.travel(clock.now() + SOON):
        assert (step(looker(names)), step(looker(names))) == (1, 0)
    key.refresh_from_db()
    assert (key.looked_at, key.found_at) == (None, None)


@pytest.mark.parametrize("signing", [DkimSigning.ALWAYS, DkimSigning.NEVER])
def test_a_key_whose_signing_depends_on_nothing_is_not_looked_for(
    world: World, names: NameServer, signing: DkimSigning
) -> None:
    choose_dkim_signing(made(names), to=signing, by=SYSTEM)
    with time_machine.travel(clock.now() + SOON):
        assert step(looker(names)) == 0
    assert names.asked == []
