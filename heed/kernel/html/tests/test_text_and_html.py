import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.kernel.html import text_to_html, to_text
from heed.testing.speed import at_most


def test_words_of_a_mail_come_out_as_lines() -> None:
    html = "<title>t</title><style>p{color:red}</style><p>Dear&nbsp;team,</p><p>it <b>broke</b>.</p>"
    assert to_text(html).splitlines() == ["Dear team,", "", "it broke."]


def test_a_table_keeps_its_rows_together() -> None:
    rows = to_text(
        "<table><tr><td>Cable</td><td>9.90</td></tr><tr><td>Plug</td><td>2.10</td></tr></table>"
    ).splitlines()
    assert [row.split() for row in rows] == [["Cable", "9.90"], ["Plug", "2.10"]]


def test_words_below_very_deep_nesting_are_still_found() -> None:
    assert to_text("<div>" * 1_500 + "needle" + "</div>" * 1_500) == "needle"
    assert to_text("<div>" * 50_000 + "needle") == "needle"


def test_a_long_newsletter_keeps_its_lines_without_layout() -> None:
    html = "<table>" + "<tr><td><b>one</b> two</td></tr>" * 5_000 + "</table>"
    assert set(to_text(html).splitlines()) == {"one two"}


def test_null_bytes_disappear() -> None:
    assert to_text("<p>a\0b</p>") == "ab"


@given(st.text(alphabet="<>/ab pdivtle\"'=&;!-\n\0", max_size=300))
def test_to_text_takes_anything(html: str) -> None:
    assert "\0" not in to_text(html)


def test_paragraphs_and_lines_stay() -> None:
    assert text_to_html("Hello\nAna\n\n\nBye") == '<p dir="auto">Hello<br>\nAna</p>\n<p dir="auto">Bye</p>'


def test_markup_in_text_is_shown_and_never_works() -> None:
    assert (
        text_to_html('<script>x</script> & "y"')
        == '<p dir="auto">&lt;script&gt;x&lt;/script&gt; &amp; "y"</p>'
    )


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("see https://example.org/a?b=1&c=2.", "https://example.org/a?b=1&amp;c=2"),
        ("(see https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("<https://example.org/>", "https://example.org/"),
        ("write to ana@example.org, please", "mailto:ana@example.org"),
        ("http://example.org/日本語。", "http://example.org/日本語"),
    ],
)
def test_addresses_become_links_without_the_punctuation_around_them(text: str, target: str) -> None:
    assert f'<a href="{target}" target="_blank"' in text_to_html(text)


def test_javascript_addresses_are_no_links() -> None:
    assert "<a " not in text_to_html("javascript:alert(1) data:text/html,x //example.org")


def test_indents_survive() -> None:
    assert text_to_html("a\n  b  c").endswith("a<br>\n\u00a0\u00a0b \u00a0c</p>")


@given(st.text(max_size=200))
def test_words_survive_the_way_to_html_and_back(text: str) -> None:
    back = to_text(text_to_html(text))
    assert [c for c in back if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    "html",
    [
        "<pre>" + " " * 60_000 + "x</pre>",
        "<pre>" + "\t x" * 20_000 + "</pre>",
        "<pre>" + " \n" * 30_000 + "x</pre>",
    ],
    ids=["spaces", "tabs", "blank lines"],
)
def test_runs_of_space_cost_no_more_than_words(html: str) -> None:
    with at_most(1):
        assert to_text(html).endswith("x")
