"""Scenario 21, the reading half: layouts that break other readers are words within a second."""

import pytest

from heed.channels.email.parse import parse
from heed.testing.speed import at_most

HEAD = (
    "From: a@example.org\nSubject: x\nMessage-ID: <1@example.org>\nContent-Type: text/html; charset=utf-8\n\n"
)
LOGO = '<img src="cid:logo@example.org" width="120" alt="Example">'

LAYOUTS = {
    "5,000 nested boxes": "<div>" * 5_000 + "It slips." + "</div>" * 5_000,
    "5,000 nested tables": "<table><tr><td>" * 5_000 + "It slips.",
    "lines of breaks alone": "Hello<br>" + "<br>\n" * 3_000 + "It slips.",
    "43 repeated logos": "".join(f"<p>{LOGO}</p>" for _ in range(43)) + "<p>It slips.</p>",
    "dark mode": '<style>@media (prefers-color-scheme: dark){p{color:#fff}}</style><p style="color:#fff">It slips.</p>',
    "a hidden preview": '<div style="display:none">Preview</div><p>It slips.</p>',
}


@pytest.mark.parametrize("html", LAYOUTS.values(), ids=LAYOUTS)
def test_an_odd_layout_is_read_within_a_second(html: str):
    with at_most(1):
        mail = parse((HEAD + html).encode())
    assert "It slips." in mail.visible
    assert "\n\n\n" not in mail.visible


def test_quotes_below_a_deep_layout_are_told_apart_and_kept():
    old = '<blockquote type="cite">' + "<div>" * 100 + "Hello Dalia" + "</div>" * 100 + "</blockquote>"
    mail = parse(
        (HEAD + f"<div>It slips.</div><div>On 2 Nov 2026, at 10:15, Help wrote:</div>{old}").encode()
    )
    assert mail.visible == "It slips."
    assert "Hello Dalia" in mail.quoted
