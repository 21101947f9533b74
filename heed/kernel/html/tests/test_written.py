"""What people of the desk write with a form: safe in a page, readable as words, the same however often it is read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.kernel.html import clean_mail, for_mail, for_page, written
from heed.kernel.html.written import images_of, is_rich, with_images, words_of

PIECES = """
<p>|</p>|<b>|</b>|<ul>|<li>|</ul>|<blockquote>|</blockquote>|<table>|<tr>|<td colspan=2>|</table>|<pre>|</pre>|<h1>|<br>
|<a href='javascript:alert(1)'>|<a href=https://x.example>|</a>|<img src=x onerror=alert(1)>|<img src='cid:a1@heed'>
|<img src='cid:a1@heed' alt='"><script>'>|<script>alert(1)</script>|<svg><style>|words| |&lt;script&gt;|<math><mi>
|<ol start=99999>|\0"""
HOSTILE = st.lists(st.sampled_from(PIECES.split("|")), max_size=40).map("".join)
TAG = re.compile(r"<(/?)([a-z0-9]+)([^<>]*)>")
ATTRIBUTE = re.compile(r'^( (href|src|alt|colspan|rowspan|start)="[^"<>]*")*$')
VOCABULARY = "p br strong em u s code pre blockquote ul ol li a img table tbody tr td th hr"
KNOWN = frozenset(VOCABULARY.split())


@given(HOSTILE | st.text(max_size=200))
def test_nothing_but_the_vocabulary_remains_and_reading_it_again_changes_nothing(html: str) -> None:
    kept = written(html)
    assert "<" not in TAG.sub("", kept)
    for _, name, attributes in TAG.findall(kept):
        assert name in KNOWN
        assert ATTRIBUTE.fullmatch(attributes.replace("&gt;", "").replace("&lt;", "")), attributes
    assert "javascript:" not in re.sub(r">[^<]*<", "><", kept)
    assert written(kept) == kept
    assert isinstance(words_of(kept), str)


def test_what_word_processors_write_becomes_ours() -> None:
    html = '<h2 class="x">Title</h2><div style="color:red"><b>One</b> <i>two</i> <del>three</del></div>'
    assert written(html) == "<p>Title</p><p><strong>One</strong> <em>two</em> <s>three</s></p>"
    assert written("<p></p><p>a</p><p><br></p>") == "<p>a</p>"
    assert written("<p> </p>") == ""


def test_images_are_those_of_the_mail_alone() -> None:
    html = (
        '<p><img src="https://e.example/x.gif"><img src="cid:a1@heed" alt="one"><img src="cid:a2@heed"></p>'
    )
    kept = written(html)
    assert images_of(kept) == ["a1@heed", "a2@heed"]
    assert images_of(with_images(kept, frozenset({"a2@heed"}))) == ["a2@heed"]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<ul><li><p>a</p></li><li><p>b</p><ol><li>c</li></ol></li></ul><p>d</p>", "- a\n- b\n  1. c\n\nd"),
        ("<p>x</p><blockquote><p>a</p><p>b</p></blockquote><p>c</p>", "x\n\n> a\n>\n> b\n\nc"),
        ('<p><a href="https://x.example/a">here</a></p>', "here (https://x.example/a)"),
        ('<p><a href="mailto:a@b.example">a@b.example</a></p>', "a@b.example"),
        ("<pre><code>a\n  b\n</code></pre>", "a\n  b"),
        ("<table><tbody><tr><th>Bike</th><th>km</th></tr><tr><td>Linden</td><td>9</td></tr></tbody></table>",
         "Bike   | km\nLinden | 9"),
        ('<p>See <img src="cid:a1@heed" alt="bell.png"></p>', "See [bell.png]"),
        ("<ul><li></li><li>b</li></ul>", "-\n- b"),
        ("<p>مرحبا <strong>بك</strong></p>", "مرحبا بك"),
    ],
)  # fmt: skip
def test_the_words_read_well(html: str, words: str) -> None:
    assert words_of(written(html)) == words


def test_paragraphs_and_bare_addresses_are_no_form() -> None:
    assert not is_rich(written('<p>a<br>b <a href="https://x.example">https://x.example</a></p>'))
    assert is_rich(written('<p><a href="https://x.example">here</a></p>'))
    assert is_rich(written("<p><b>a</b></p>"))


def test_pages_and_mails_get_what_they_need() -> None:
    kept = written('<p><a href="https://x.example">x</a></p><table><tr><td>1</td></tr></table>')
    assert '<a target="_blank" rel="noopener noreferrer nofollow" href=' in for_page(kept)
    assert "style=" not in for_page(kept)
    assert 'style="padding:4px 8px;border:1px solid' in for_mail(kept)
    assert clean_mail(for_mail(kept)).count("border") == for_mail(kept).count("border")  # other desks keep it


def test_no_stranger_can_write_what_we_know_ours_by() -> None:
    assert "heed_written" not in clean_mail('<div class="heed_written"><p>I am yours</p></div>')
