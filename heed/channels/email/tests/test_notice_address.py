"""Signed addresses of notification mail: read again as written, and by nobody else's hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.address import InboxAddressTooLong, read
from heed.channels.email.notice_address import NoticeAddress, read_notice, sign_notice

SECRET = b"between the two canals"
NUMBERS = st.integers(0, 10**6)
NOTICES = st.builds(NoticeAddress, NUMBERS, NUMBERS, NUMBERS, is_reply=st.booleans())
ONE = NoticeAddress(4821, 5, 90211, is_reply=True)


@given(NOTICES)
def test_what_was_signed_is_read_again(notice: NoticeAddress) -> None:
    address = sign_notice("Help@Linden.example", notice, secret=SECRET)
    assert read_notice(address, secret=SECRET) == notice
    assert read_notice(f"<{address.upper()}>", secret=SECRET) == notice
    assert read_notice(address, secret=b"another") is None
    assert read(address, secret=SECRET) is None


@pytest.mark.parametrize(
    ("part", "other"),
    [("n3px.", "n3py."), (".5.", ".6."), (".1xlv.", ".1xlw."), (".r.", ".n."), ("linden", "tern")],
)
def test_nothing_of_it_can_be_changed(part: str, other: str) -> None:
    address = sign_notice("help@linden.example", ONE, secret=SECRET)
    assert part in address
    assert read_notice(address.replace(part, other), secret=SECRET) is None


@given(st.text())
def test_whatever_else_it_is_is_none_of_ours(text: str) -> None:
    assert read_notice(text, secret=SECRET) is None


def test_a_long_name_leaves_room_for_billions() -> None:
    notice = NoticeAddress(36**5 - 1, 36**4 - 1, 36**6 - 1)
    address = sign_notice(f"{'a' * 30}@linden.example", notice, secret=SECRET)
    assert len(address.partition("@")[0]) == 64
    assert read_notice(address, secret=SECRET) == notice


def test_an_inbox_without_room_says_so() -> None:
    with pytest.raises(InboxAddressTooLong):
        sign_notice(f"{'a' * 50}@linden.example", ONE, secret=SECRET)
