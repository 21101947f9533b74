import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.address import (
    InboxAddressTooLong,
    ReplyAddress,
    counterpart,
    message_id_for,
    read,
    read_unsubscribe_token,
    sign,
    unsubscribe_token,
)

SECRET = b"0123456789abcdef0123456789abcdef"
INBOX = "help@northwind.example"
numbers = st.integers(min_value=0, max_value=10**9)
inboxes = st.from_regex(r"[a-z][a-z0-9._+-]{0,20}@[a-z]{1,20}\.example", fullmatch=True)


@given(inboxes, numbers, numbers)
def test_what_we_sign_we_read(inbox: str, conversation: int, message: int) -> None:
    address = sign(inbox, conversation=conversation, message=message, secret=SECRET)
    assert len(address.partition("@")[0]) <= 64
    assert read(address, secret=SECRET) == ReplyAddress(inbox, conversation, message)
    assert read(address.upper(), secret=SECRET) == ReplyAddress(inbox, conversation, message)
    assert read(f" <{address}> ", secret=SECRET) == ReplyAddress(inbox, conversation, message)


@given(numbers, numbers, st.integers(min_value=0), st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789.+-"))
def test_any_other_character_makes_it_worthless(
    conversation: int, message: int, place: int, other: str
) -> None:
    address = sign(INBOX, conversation=conversation, message=message, secret=SECRET)
    place %= len(address)
    if other == address[place]:
        return
    changed = address[:place] + other + address[place + 1 :]
    assert read(changed, secret=SECRET) is None


def test_another_secret_number_or_inbox_does_not_open_it() -> None:
    address = sign(INBOX, conversation=4821, message=9, secret=SECRET)
    assert address.startswith("help+h4821.9.")
    assert read(address, secret=b"another") is None
    assert read(address.replace("4821", "4822"), secret=SECRET) is None
    assert read(address.replace("help", "sales"), secret=SECRET) is None
    assert read(address.replace("northwind", "southwind"), secret=SECRET) is None


@pytest.mark.parametrize(
    "address", ["", "@", INBOX, "help+h1.2.x@northwind.example", "+h" * 9_000, "a@" + "b" * 999]
)
def test_other_addresses_say_nothing(address: str) -> None:
    assert read(address, secret=SECRET) is None


@given(st.text(max_size=80))
def test_reading_takes_anything(address: str) -> None:
    assert read(address, secret=SECRET) is None


def test_the_same_message_has_the_same_address_and_each_its_own() -> None:
    addresses = [sign(INBOX, conversation=1, message=n, secret=SECRET) for n in (1, 1, 2)]
    assert len(set(addresses)) == 2


def test_an_inbox_that_leaves_no_room_is_refused() -> None:
    assert sign(f"{'x' * 30}@a.example", conversation=10**9, message=10**9, secret=SECRET)
    with pytest.raises(InboxAddressTooLong):
        sign(f"{'x' * 60}@a.example", conversation=1, message=1, secret=SECRET)


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("Desk+4711@Partner.Example", "desk@partner.example"),
        ("desk-20261122-99@partner.example", "desk--@partner.example"),
        ("<desk@partner.example>", "desk@partner.example"),
        ("12345678@qq.com", "12345678@qq.com"),
        ("+tag@partner.example", "@partner.example"),
    ],
)
def test_a_changing_address_is_one_counterpart(address: str, stands_for: str) -> None:
    assert counterpart(address) == stands_for


def test_message_ids_are_stable_and_differ() -> None:
    def made(message: int, secret: bytes = SECRET) -> str:
        return message_id_for("help@Northwind.example", conversation=2, message=message, secret=secret)

    assert made(1) == made(1) != made(2)
    assert made(1) != made(1, b"other")
    assert made(1).startswith("h2.1.")
    assert made(1).endswith("@northwind.example")


def test_a_token_for_no_more_mail_names_its_message_and_can_not_be_guessed() -> None:
    token = unsubscribe_token(4821, secret=SECRET)
    assert read_unsubscribe_token(token.upper(), secret=SECRET) == 4821
    other = unsubscribe_token(4822, secret=SECRET)
    assert (
        read_unsubscribe_token(f"{token.partition('.')[0]}.{other.partition('.')[2]}", secret=SECRET) is None
    )
    assert read_unsubscribe_token(token, secret=b"another") is None


@given(st.text(max_size=60))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert read_unsubscribe_token(text, secret=SECRET) is None
