"""How large a mail becomes."""

from base64 import encodebytes
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.compose import Outgoing, OutgoingAttachment, Person, compose
from heed.channels.email.sizes import encoded, mail_size


@given(st.integers(0, 5_000))
def test_a_file_is_as_large_as_its_encoding(size: int) -> None:
    assert encoded(size) == len(encodebytes(b"x" * size).replace(b"\n", b"\r\n"))


@given(st.text(max_size=300), st.lists(st.integers(0, 3_000), max_size=4))
def test_no_mail_is_larger_than_foretold(text: str, sizes: list[int]) -> None:
    files = tuple(OutgoingAttachment("ä" * 80, "image/png", b"x" * size) for size in sizes)
    mail = Outgoing(
        from_name="Linden Bikes",
        from_address="help@linden.example",
        to=(Person("Dalia", "dalia@example.org"),),
        subject="Ü" * 200,
        message_id="a@linden.example",
        date=datetime(2026, 3, 2, tzinfo=UTC),
        text=text,
        attachments=files,
    )
    assert len(compose(mail)) <= mail_size(text, sizes)
