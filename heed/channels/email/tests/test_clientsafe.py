"""The HTML of our answers keeps to what large mail programs show alike, whatever agents write."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.clientsafe import MAX_BYTES, Rule, findings
from heed.channels.email.compose import Outgoing, Person, Quoted, compose

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PIECES = (
    "Dear Dalia,", "\n", "\n\n", "  indented", "<script>alert(1)</script>", "a < b & c > d",
    "https://linden.example/a?b=1&c=2", "help@linden.example", "- one", "* two", "1. three",
    "> quoted", "شكرا جزيلا", "日本語", "😀", "\t",
    "“quotes”", "#4821",
    "style=\"position:fixed\"", "&amp;", "-- ", "www.linden.example",
)  # fmt: skip


def parts(text: str, quoted: str = "") -> tuple[str, str]:
    """The text part and the HTML part of an answer with these words."""
    raw = compose(
        Outgoing(
            from_name="Amara",
            from_address="help@linden.example",
            to=(Person("Dalia", "dalia@example.org"),),
            subject="The chain",
            message_id="1@linden.example",
            date=AT,
            text=text,
            quoted=Quoted("On Monday, Dalia wrote:", quoted) if quoted else None,
        )
    )
    mail = message_from_bytes(raw, policy=default)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.lists(st.sampled_from(PIECES), max_size=10))
def test_every_answer_keeps_to_the_rules_and_says_the_same_twice(written: list[str], old: list[str]) -> None:
    text, html = parts(" ".join(written), " ".join(old))
    assert findings(html, text) == []


@given(st.text(max_size=200))
def test_any_words_make_html_that_keeps_to_the_rules(written: str) -> None:
    _, html = parts(written)
    assert findings(html) == []


@pytest.mark.parametrize(
    ("html", "rule"),
    [
        ("<video src='https://a.example/v'></video>", Rule.ELEMENT),
        ("<style>p{color:red}</style>", Rule.ELEMENT),
        ("<p onclick='x'>x</p>", Rule.ATTRIBUTE),
        ("<p style='position:absolute'>x</p>", Rule.PROPERTY),
        ("<div style='display:flex'>x</div>", Rule.PROPERTY),
        ("<div style='float:left'>x</div>", Rule.PROPERTY),
        ("<p style='margin:-4px'>x</p>", Rule.VALUE),
        ("<p style='background-color:var(--x)'>x</p>", Rule.VALUE),
        ("<a href='/relative'>x</a>", Rule.ADDRESS),
        ("<a href='javascript:x'>x</a>", Rule.ADDRESS),
        ("<img src='https://a.example/i.png'>", Rule.NO_WORDS),
        ("<table><tr><td>x</td></tr>", Rule.NOT_CLOSED),
        ("<p><b>x</p></b>", Rule.NOT_CLOSED),
        (f"<p>{'x' * (MAX_BYTES + 1)}</p>", Rule.TOO_LARGE),
    ],
)
def test_what_a_program_would_drop_is_found(html: str, rule: Rule) -> None:
    assert rule in {finding.rule for finding in findings(html)}


def test_a_text_part_that_says_something_else_is_found() -> None:
    assert findings("<p>one two</p>", "one two") == []
    assert [finding.rule for finding in findings("<p>one two</p>", "one")] == [Rule.OTHER_WORDS]


def test_tables_lists_images_and_headings_may_be_sent() -> None:
    html = (
        '<h2 style="color:#111;font-size:18px">Order</h2><table width="600" cellpadding="8" role="presentation"><tr>'
        '<td bgcolor="#eeeeee" style="padding:8px;border-bottom:1px solid #ccc">A</td></tr></table><ul><li>1</li></ul>'
        '<img src="cid:logo@linden.example" alt="Linden" width="120" height="40">'
    )
    assert findings(html) == []
