"""The bytes of a mail survive the wire exactly, however they are cut."""

import re

from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.listener_content import Content, Room, Trouble
from heed.channels.email.listener_path import Path, read_path

# Mails made of what is hard: line ends, dots, halves of both.
HARD = st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"..", b"a", b"\0", b"\xff"]), max_size=40).map(
    b"".join
)
CUTS = st.lists(st.integers(1, 9), min_size=1, max_size=200)
BEHIND = st.sampled_from([b"", b"QUIT\r\n", b".\r\n", b"\r\n.\r\n"])


def stuffed(mail: bytes) -> bytes:
    """As a client sends it: smtplib's rule, without touching line ends."""
    return re.sub(rb"(\A|\r\n)\.", rb"\1..", mail) + b".\r\n"


def in_chunks(wire: bytes, sizes: list[int]) -> list[bytes]:
    chunks: list[bytes] = []
    at = 0
    while at < len(wire):
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(wire[at : at + size])
        at += size
    return chunks


def content(limit: int = 1_000, room: int = 1_000) -> Content:
    return Content(limit=limit, room=Room(room))


def read(wire: bytes, sizes: list[int], into: Content) -> bytes:
    """Feed until the mail is whole; answer everything behind it."""
    chunks = in_chunks(wire, sizes)
    for number, chunk in enumerate(chunks, 1):
        rest = into.feed(chunk)
        if rest is not None:
            return rest + b"".join(chunks[number:])
    raise AssertionError("the end was not found")


@given(HARD, CUTS, BEHIND)
def test_a_mail_is_what_was_sent_wherever_it_is_cut(mail: bytes, sizes: list[int], behind: bytes) -> None:
    mail = mail + b"\r\n"
    into = content()
    assert read(stuffed(mail) + behind, sizes, into) == behind
    assert into.take() == mail


@given(CUTS)
def test_a_mail_without_a_byte_is_a_mail(sizes: list[int]) -> None:
    into = content()
    assert read(b".\r\nQUIT\r\n", sizes, into) == b"QUIT\r\n"
    assert into.take() == b""


@given(CUTS, st.sampled_from([b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\n.\r"]))
def test_nothing_but_crlf_dot_crlf_ends_a_mail(sizes: list[int], smuggled: bytes) -> None:
    wire = b"Subject: one\r\n\r\nfirst" + smuggled + b"MAIL FROM:<forged@example.org>\r\n.\r\n"
    into = content()
    assert read(wire, sizes, into) == b""
    assert b"forged@example.org" in into.take()


@given(CUTS, st.integers(0, 60))
def test_too_large_is_noticed_and_the_end_still_found(sizes: list[int], over: int) -> None:
    into = content(limit=100)
    assert read(stuffed(b"x" * (100 + over) + b"\r\n") + b"QUIT\r\n", sizes, into) == b"QUIT\r\n"
    assert into.trouble is Trouble.TOO_LARGE
    assert into.take() == b""


def test_a_mail_as_large_as_the_limit_is_taken() -> None:
    into = content(limit=100)
    read(stuffed(b"x" * 98 + b"\r\n"), [7], into)
    assert into.trouble is None
    assert len(into.take()) == 100


def test_room_is_shared_and_given_back() -> None:
    room = Room(150)
    first, second = Content(limit=100, room=room), Content(limit=100, room=room)
    read(stuffed(b"x" * 98 + b"\r\n"), [1_000], first)
    read(stuffed(b"x" * 98 + b"\r\n"), [1_000], second)
    assert (first.trouble, second.trouble) == (None, Trouble.NO_ROOM)
    first.close()
    first.close()
    assert room.take(150)
    assert not room.take(1)


def test_paths_are_read_as_they_are_written() -> None:
    assert read_path("FROM:<>", "FROM:") == Path("", ())
    assert read_path("from: <a@example.org> size=5 SMTPUTF8", "FROM:") == Path(
        "a@example.org", ("SIZE=5", "SMTPUTF8")
    )
    assert read_path("TO:<@relay.example,@b.example:a@example.org>", "TO:") == Path("a@example.org", ())
    assert read_path('TO:<"a b"@example.org>', "TO:") == Path('"a b"@example.org', ())
    assert read_path("TO:<postmaster>", "TO:") == Path("postmaster", ())
    assert read_path("TO:a@example.org", "TO:") == Path("a@example.org", ())
    assert read_path("TO:<jürgen@bücher.example>", "TO:") == Path("jürgen@bücher.example", ())


def test_what_is_no_path_is_refused() -> None:
    for text in (
        "TO:",
        "TO:<a@b",
        "TO:<a@b>x",
        "TO:<a@b@c>",
        "TO:<a\0@b>",
        "TO:<a@b>\r",
        "TO:<a\n@b>",
        "a@b",
        "TO:x",
    ):
        assert read_path(text, "TO:") is None, text
    assert read_path("TO:<" + b"\xff@b".decode("utf-8", "surrogateescape") + ">", "TO:") is None
    assert read_path("TO:<" + "a" * 2_000 + "@b>", "TO:") is None


@given(st.text(max_size=60))
def test_any_text_is_a_path_or_is_not(text: str) -> None:
    path = read_path(f"TO:{text}", "TO:")
    assert path is None or "\0" not in path.address
