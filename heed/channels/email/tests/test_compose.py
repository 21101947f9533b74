import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.address import message_id_for
from heed.channels.email.compose import (
    LOOP_HEADER,
    Outgoing,
    OutgoingAttachment,
    Person,
    Quoted,
    compose,
)
from heed.channels.email.parse import parse
from heed.kernel.errors import Unusable
from heed.kernel.words import Automatic

SECRET = b"0123456789abcdef"
PLAIN = Outgoing(
    from_name="Northwind",
    from_address="help@northwind.example",
    to=(Person("Dalia Haddad", "dalia@example.org"),),
    subject="Your order",
    message_id=message_id_for("help@northwind.example", conversation=2, message=3, secret=SECRET),
    date=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    text="Hello Dalia,\n\nit is on its way: https://northwind.example/o/1\n\nAmara",
    reply_to="help+h2.3.abcdefghijkl@northwind.example",
)


def read(outgoing: Outgoing) -> EmailMessage:
    """As an independent reader sees it."""
    return email.message_from_bytes(compose(outgoing), policy=email.policy.default)


def body(outgoing: Outgoing, kind: str = "plain") -> str:
    part = read(outgoing).get_body((kind,))
    assert part is not None
    content = str(part.get_content()).replace("\r\n", "\n")
    return content if content.endswith("\n") else f"{content}\n"


def test_a_plain_answer_has_text_and_html_and_its_thread() -> None:
    outgoing = replace(PLAIN, in_reply_to="<b@x>", references=("<a@x>", "<b@x>"), language="en")
    mail = read(outgoing)
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["From"] == "Northwind <help@northwind.example>"
    assert mail["To"] == "Dalia Haddad <dalia@example.org>"
    assert mail["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"
    assert (mail["In-Reply-To"], mail["References"]) == ("<b@x>", "<a@x> <b@x>")
    assert mail["Reply-To"] == PLAIN.reply_to
    assert mail["Auto-Submitted"] is None
    assert body(outgoing) == PLAIN.text + "\n"
    assert '<a href="https://northwind.example/o/1"' in body(outgoing, "html")


def test_our_own_parser_reads_it_too() -> None:
    parsed = parse(compose(replace(PLAIN, subject="Überweisung 送金", text="Grüße\nأهلا")))
    assert parsed.subject == "Überweisung 送金"
    assert parsed.message_id == PLAIN.message_id
    assert "Grüße\nأهلا" in parsed.text


def test_the_same_message_is_the_same_bytes() -> None:
    outgoing = replace(PLAIN, attachments=(OutgoingAttachment("a.pdf", "application/pdf", b"%PDF"),))
    assert compose(outgoing) == compose(replace(outgoing))
    assert compose(outgoing) != compose(replace(outgoing, message_id="<other@x>"))


def test_automatic_mail_says_so_and_knows_its_desk() -> None:
    mail = read(replace(PLAIN, automatic=Automatic.ACKNOWLEDGEMENT, loop="desk-7"))
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail[LOOP_HEADER] == "desk-7"


def test_blind_copies_are_in_no_header() -> None:
    outgoing = replace(
        PLAIN,
        cc=(Person("", "DALIA@example.org"), Person("", "eve@bücher.example")),
        bcc=(Person("", "boss@example.org"),),
    )
    assert b"boss" not in compose(outgoing)


def test_the_message_answered_is_quoted_in_both_parts() -> None:
    outgoing = replace(PLAIN, quoted=Quoted("On Monday, Dalia <b> wrote:", "Where?\n> deeper\n\nD"))
    assert body(outgoing).endswith("On Monday, Dalia <b> wrote:\n> Where?\n>> deeper\n>\n> D\n")
    html = body(outgoing, "html")
    assert '<div class="heed_quote"><p dir="auto">On Monday, Dalia &lt;b&gt; wrote:</p>' in html
    assert '<blockquote type="cite">' in html
    assert "Where" not in parse(compose(outgoing)).visible


@pytest.mark.parametrize(
    "name",
    [
        "report.pdf",
        "Überblick 2026.pdf",
        "見積書" * 30 + ".pdf",
        'a"b;c%41.txt',
        "../../etc/passwd",
        "a\r\nX: y",
    ],
)
def test_files_keep_their_names_and_bytes(name: str) -> None:
    content = bytes(range(256)) * 40
    outgoing = replace(PLAIN, attachments=(OutgoingAttachment(name, "application/pdf", content),))
    (file,) = read(outgoing).iter_attachments()
    expected = re.sub(r"[/\\]", "_", re.sub(r"[\r\n]+", " ", name))
    assert file.get_filename() in (expected, expected.replace('"', "'"))
    assert file.get_content() == content
    assert file.get_content_type() == "application/pdf"


def test_a_mail_as_a_file_and_an_odd_type_are_only_bytes() -> None:
    files = tuple(
        OutgoingAttachment("x", kind, b"X: y\r\n\r\n") for kind in ("message/rfc822", "a/b\r\nX: y", "")
    )
    parts = list(read(replace(PLAIN, attachments=files)).iter_attachments())
    assert [part.get_content_type() for part in parts] == ["application/octet-stream"] * 3


hostile = st.text(alphabet='a é\r\n\0:;,<>@"\\=?_.\u2028\x85日😀\ud800', max_size=120)


@given(name=hostile, subject=hostile, text=hostile, file=hostile, thread=hostile)
def test_nothing_breaks_out_of_its_field(name: str, subject: str, text: str, file: str, thread: str) -> None:
    outgoing = replace(
        PLAIN,
        from_name=name,
        to=(Person(name, "a@example.org"),),
        subject=subject,
        text=text,
        references=(thread, f"<{thread}>"),
        in_reply_to=thread,
        language=thread,
        loop=thread,
        attachments=(OutgoingAttachment(file, thread, b"x"),),
        quoted=Quoted(name, text),
    )
    raw = compose(outgoing)
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\0" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    allowed = {
        *("date", "from", "to", "reply-to", "subject", "message-id", "in-reply-to", "references"),
        *("content-language", "mime-version", "content-type"),
    }
    assert {key.lower() for key in mail} <= allowed
    assert [part.get_content_type() for part in mail.walk()][:4] == [
        *("multipart/mixed", "multipart/alternative", "text/plain", "text/html")
    ]
    assert len(list(mail.walk())) == 5


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200))
def test_subjects_in_any_language_arrive(subject: str) -> None:
    assert parse(compose(replace(PLAIN, subject=subject))).subject.split() == subject.split()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60))
def test_names_in_any_language_arrive(name: str) -> None:
    parsed = parse(compose(replace(PLAIN, from_name=name)))
    assert parsed.sender is not None
    # Our parser takes quotes round a whole name away, as people write them by mistake.
    assert parsed.sender.name.strip("'\" ").split() == name.strip("'\" ").split()


@given(st.text(alphabet="ab .\n=é日F<rom", max_size=300))
def test_texts_arrive_as_written(text: str) -> None:
    arrived = body(replace(PLAIN, text=text))
    assert arrived.rstrip() == text.rstrip()


def test_long_threads_keep_their_first_and_latest() -> None:
    ids = tuple(f"<{number}@x>" for number in range(500))
    kept = read(replace(PLAIN, references=ids, in_reply_to="<last@x>"))["References"].split()
    assert kept[0] == "<0@x>"
    assert kept[-2:] == ["<499@x>", "<last@x>"]
    assert len(kept) == 12


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "@b", "a b@c", "a@b\r\nRCPT TO:<x@y>", "a@b>c", "ä@b.example"]
)
def test_an_address_that_can_not_be_one_is_refused(address: str) -> None:
    with pytest.raises(Unusable):
        compose(replace(PLAIN, to=(Person("", address),)))


def test_a_wrong_message_id_or_a_date_without_zone_is_refused() -> None:
    with pytest.raises(Unusable):
        compose(replace(PLAIN, message_id="<a@b>\r\nBcc: x@y"))
    with pytest.raises(Unusable):
        compose(replace(PLAIN, date=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point of it
