"""Only what can be a session's key is looked up: anybody may send any cookie."""

import pytest

from heed.live.sessions import session_of


@pytest.mark.parametrize(
    ("cookie", "key"),
    [
        (b"sessionid=0123456789abcdefghij0123456789ab", "0123456789abcdefghij0123456789ab"),
        (b'sessionid="abc\\000def"', None),
        (b"sessionid=", None),
        (b"sessionid=" + b"a" * 41, None),
        (b"other=1", None),
    ],
)
def test_a_session_is_known_by_letters_and_digits_alone(cookie: bytes, key: str | None) -> None:
    assert session_of([(b"cookie", cookie)]) == key
