"""DKIM: a key is made, found in DNS, signs, is followed by another, and retires. Checked as others would."""

from collections.abc import Iterator
from typing import Any

import dkim
import pytest

from heed.channels.email.compose import Outgoing, Person, compose
from heed.conversations.actions.answering import reply
from heed.delivery import work
from heed.delivery.actions.dkim import (
    KeyRetired,
    add_dkim_key,
    choose_dkim_signing,
    note_dkim_record,
    retire_dkim_key,
)
from heed.delivery.actions.setup import add_inbox_address
from heed.delivery.dkim import KeyPair, Signer, new_pair, record_strings, record_value, says_the_same
from heed.delivery.models import CaughtMail, DkimKey
from heed.delivery.queries import dkim_key, dkim_records, signers
from heed.kernel import clock, secrets
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.mail_words import DkimSigning
from heed.kernel.words import Automatic
from heed.people.policy import SYSTEM
from heed.testing.world import World

DOMAIN = "linden.example"


@pytest.fixture(scope="module")
def pair() -> KeyPair:
    return new_pair()


@pytest.fixture
def key(world: World, pair: KeyPair) -> Iterator[DkimKey]:
    yield add_dkim_key(DOMAIN, pair=pair, by=world.chen.actor)
    work.signing.signers = {}


def leaves(world: World) -> bytes:
    """An answer on its way, as the next server gets it."""
    reply(world.conversation(), answer=world.answer(text="Bis bald.\n\nGrüße"), by=world.amara.actor)
    world.settle()
    return bytes(CaughtMail.objects.latest("pk").raw)


def verifies(world: World, raw: bytes) -> bool:
    published = {f"{row.name}.".encode(): row.value.encode() for row in dkim_records(world.chen.actor)}
    verify: Any = dkim.verify  # a library without types
    return bool(verify(raw, dnsfunc=lambda name, timeout=5: published.get(name)))


def test_mail_is_signed_once_the_record_was_found(world: World, key: DkimKey) -> None:
    assert b"DKIM-Signature" not in leaves(world)
    note_dkim_record(key, is_there=True, by=SYSTEM)
    raw = leaves(world)
    assert raw.startswith(b"DKIM-Signature: ")
    assert verifies(world, raw)
    assert not verifies(world, raw.replace(b"Bis bald", b"Bis dann"))


def test_a_record_that_is_gone_ends_it(world: World, key: DkimKey) -> None:
    note_dkim_record(key, is_there=True, by=SYSTEM)
    found_at = DkimKey.objects.get().found_at
    note_dkim_record(key, is_there=True, by=SYSTEM)
    assert DkimKey.objects.get().found_at == found_at
    note_dkim_record(key, is_there=False, by=SYSTEM)
    assert b"DKIM-Signature" not in leaves(world)


def test_an_admin_who_knows_better_switches_it_on_and_off(world: World, key: DkimKey) -> None:
    choose_dkim_signing(key, to=DkimSigning.ALWAYS, by=world.chen.actor)
    assert verifies(world, leaves(world))
    note_dkim_record(key, is_there=True, by=SYSTEM)
    choose_dkim_signing(key, to=DkimSigning.NEVER, by=world.chen.actor)
    choose_dkim_signing(key, to=DkimSigning.NEVER, by=world.chen.actor)
    assert b"DKIM-Signature" not in leaves(world)


def test_a_new_key_takes_over_only_when_its_record_stands(world: World, key: DkimKey) -> None:
    note_dkim_record(key, is_there=True, by=SYSTEM)
    newer = add_dkim_key(DOMAIN, pair=new_pair(), by=world.chen.actor)
    assert newer.selector != key.selector
    assert f"s={key.selector}".encode() in leaves(world)
    note_dkim_record(newer, is_there=True, by=SYSTEM)
    raw = leaves(world)
    assert f"s={newer.selector}".encode() in raw
    assert verifies(world, raw)
    retire_dkim_key(key, by=world.chen.actor)
    assert [row.key.pk for row in dkim_records(world.chen.actor)] == [newer.pk]
    assert dkim_records(world.chen.actor)[0].signs


def test_a_retired_key_keeps_nothing_and_comes_back_never(world: World, key: DkimKey) -> None:
    note_dkim_record(key, is_there=True, by=SYSTEM)
    retire_dkim_key(key, by=world.chen.actor)
    retire_dkim_key(key, by=world.chen.actor)
    row = DkimKey.objects.get()
    assert (row.private, row.retired_at is not None) == ("", True)
    with pytest.raises(KeyRetired):
        choose_dkim_signing(key, to=DkimSigning.ALWAYS, by=world.chen.actor)
    note_dkim_record(key, is_there=True, by=SYSTEM)
    assert b"DKIM-Signature" not in leaves(world)


def test_the_private_half_lies_sealed(key: DkimKey, pair: KeyPair) -> None:
    row = DkimKey.objects.get()
    assert pair.private not in row.private
    assert "PRIVATE KEY" not in repr(pair)
    assert secrets.unseal(row.private) == pair.private


def test_a_key_sealed_with_another_secret_signs_nothing_and_mail_still_leaves(
    world: World, key: DkimKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_dkim_signing(key, to=DkimSigning.ALWAYS, by=world.chen.actor)
    assert signers()
    DkimKey.objects.update(private="sealed elsewhere")
    assert signers() == {}
    assert b"DKIM-Signature" not in leaves(world)


def test_there_are_keys_only_for_domains_that_we_write_from(world: World, pair: KeyPair) -> None:
    with pytest.raises(Unusable):
        add_dkim_key("elsewhere.example", pair=pair, by=world.chen.actor)
    assert not DkimKey.objects.exists()


def test_only_admins_handle_keys(world: World, key: DkimKey, pair: KeyPair) -> None:
    with pytest.raises(Refused):
        add_dkim_key(DOMAIN, pair=pair, by=world.edda.actor)
    with pytest.raises(Refused):
        choose_dkim_signing(key, to=DkimSigning.ALWAYS, by=world.edda.actor)
    with pytest.raises(Refused):
        retire_dkim_key(key, by=world.edda.actor)
    assert dkim_records(world.edda.actor) == []
    with pytest.raises(NotFound):
        dkim_key(world.edda.actor, key.pk)
    assert dkim_key(world.chen.actor, key.pk) == key


def test_each_key_of_a_month_has_a_selector_of_its_own(world: World, key: DkimKey, pair: KeyPair) -> None:
    again = add_dkim_key(DOMAIN.upper(), pair=pair, by=world.chen.actor)
    retire_dkim_key(again, by=world.chen.actor)
    third = add_dkim_key(DOMAIN, pair=pair, by=world.chen.actor)
    assert len({key.selector, again.selector, third.selector}) == 3


def test_a_domain_of_a_further_address_has_keys_too(world: World, pair: KeyPair) -> None:
    add_inbox_address(world.help, address="hi@linden.shop", by=world.chen.actor)
    assert add_dkim_key("linden.shop", pair=pair, by=world.chen.actor).domain == "linden.shop"


def test_a_record_is_known_again_however_it_is_written(world: World, key: DkimKey) -> None:
    [record] = dkim_records(world.chen.actor)
    assert record.name == f"{key.selector}._domainkey.{DOMAIN}"
    assert "".join(record_strings(record.value)) == record.value
    assert max(map(len, record_strings(record.value))) <= 255
    loose = record.value.replace("; ", " ;").replace("k=rsa ;", "")
    assert says_the_same(record.value, loose)
    assert not says_the_same(record.value, loose[:-8])
    assert not says_the_same(record.value, "v=DKIM1; k=ed25519; p=" + key.public)
    assert not says_the_same(record.value, "v=spf1 -all")


def test_the_signature_covers_the_address_for_no_more_of_it_and_its_one_click(pair: KeyPair) -> None:
    outgoing = Outgoing(
        from_name="Linden Bikes",
        from_address=f"help@{DOMAIN}",
        to=(Person("", "dalia@example.org"),),
        subject="It arrived",
        message_id=f"1@{DOMAIN}",
        date=clock.now(),
        text="A person answers by noon.",
        automatic=Automatic.ACKNOWLEDGEMENT,
        unsubscribe="https://desk.example/unsubscribe/1.abcdefghijkl/",
    )
    raw = Signer(DOMAIN, "s1", pair.private).sign(compose(outgoing))
    record = record_value(pair.public).encode()
    verify: Any = dkim.verify  # a library without types

    def is_genuine(mail: bytes) -> bool:
        return bool(verify(mail, dnsfunc=lambda *args, **more: record))

    signed = raw.partition(b"\r\nDate:")[0].replace(b"\r\n ", b"").lower()
    assert b"list-unsubscribe :" in signed
    assert b"list-unsubscribe-post :" in signed
    assert is_genuine(raw)
    assert not is_genuine(raw.replace(b"/unsubscribe/1.", b"/unsubscribe/2."))
    assert not is_genuine(raw.replace(b"=One-Click", b"=Two-Click"))
