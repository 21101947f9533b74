"""Links say where they lead when it is not where they seem to; tracking images are dropped and counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.kernel.html import Frame, Images, clean_mail, frame, to_text
from heed.kernel.html.hosts import host_of, resembled, site_of
from heed.kernel.html.links import Doubt, doubt_of
from heed.testing.speed import at_most

KNOWN = frozenset({"linden.example", "paypal.com", "dalia-bakery.co.uk"})


def shown(html: str, known: frozenset[str] = KNOWN) -> Frame:
    return frame(clean_mail(html), images=Images.PROXIED, cid_urls={}, proxy_url=str, known_sites=known)


@pytest.mark.parametrize(
    ("target", "words", "doubt"),
    [
        ("https://paypal.com@evil.example/", "log in", Doubt.NAMED),
        ("https://paypal.com%40x@evil.example/", "log in", Doubt.NAMED),
        ("http://203.0.113.7/login", "log in", Doubt.NUMBER),
        ("http://3405803783/", "log in", Doubt.NUMBER),
        ("http://0xcb.0.0x71.7/", "log in", Doubt.NUMBER),
        ("http://[2001:db8::1]/", "log in", Doubt.NUMBER),
        ("https://pаypal.com/", "log in", Doubt.RESEMBLES),  # a Cyrillic а
        ("https://xn--pypal-4ve.com/", "log in", Doubt.RESEMBLES),  # the same as it is looked up
        ("https://paypa1.com/", "log in", Doubt.RESEMBLES),
        ("https://paypal.com.evil.example/", "log in", Doubt.RESEMBLES),
        ("https://paypal-login.example/", "log in", Doubt.RESEMBLES),
        ("https://lindne.example/", "log in", Doubt.RESEMBLES),
        ("https://ⅼinden.example:443/", "log in", None),  # a browser goes to linden.example itself
        ("https://аррӏе.com/", "log in", Doubt.ALPHABETS),  # Cyrillic throughout
        ("https://bücher.example/", "log in", None),
        ("https://почта.example/", "log in", None),
        ("https://日本語テスト.jp/", "log in", None),
        ("https://evil.example/", "\u202emoc.lapyap", Doubt.TURNED),
        ("https://evil.example/x", "https://paypal.com/signin", Doubt.ELSEWHERE),
        ("https://evil.example/x", "Go to www.paypal.com now", Doubt.ELSEWHERE),
        ("https://evil.example/x", "pay\u200bpal.com", Doubt.ELSEWHERE),
        ("https://evil.example/x", "help@paypal.com", Doubt.ELSEWHERE),
        ("mailto:eve@evil.example?subject=x", "help@paypal.com", Doubt.ELSEWHERE),
        ("mailto:help@paypal.com", "Help <help@paypal.com>", None),
        ("https://www.paypal.com/x", "paypal.com", None),
        ("https://linden.example/", "log in", None),
        ("https://shop.linden.example/", "linden.example", None),
        ("https://evil.example/x", "Report.pdf", None),
        ("https://evil.example/x", "Report of May", None),
        ("tel:+491", "paypal.com", None),
    ],
)
def test_a_link_that_is_not_what_it_seems_is_told_apart(target: str, words: str, doubt: Doubt | None) -> None:
    found = doubt_of(target, words, KNOWN)
    assert (found.doubt if found else None) is doubt


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https:\\\\evil.example\\@paypal.com", "evil.example"),
        ("https:evil.example/x", "evil.example"),
        ("https:///evil.example", "evil.example"),
        ("https://EVIL.example.:8443", "evil.example"),
        ("https://%65vil.example/", "evil.example"),
        ("https://evil。example/", "evil.example"),
        ("https://ev\u00adil.example/", "evil.example"),
        ("mailto:a@b.example", ""),
    ],
)
def test_a_host_is_read_as_browsers_do(url: str, host: str) -> None:
    assert host_of(url) == host


def test_what_is_registered_is_told_without_a_list() -> None:
    assert site_of("a.b.linden.example") == "linden.example"
    assert site_of("www.dalia-bakery.co.uk") == "dalia-bakery.co.uk"
    assert resembled("da1ia-bakery.co.uk", KNOWN) == "dalia-bakery.co.uk"
    assert resembled("linden.test", KNOWN) == ""  # the same name elsewhere is often its owner's too


def test_the_words_stand_beside_the_link_and_a_warning_above_all() -> None:
    result = shown(
        "<p style='opacity:.1'><a href='https://paypa1.com/' title='https://paypal.com'><b>Log in</b></a>"
    )
    assert "[careful: leads to paypa1.com, which is not paypal.com]</span>" in result.document
    assert '<p class="careful" role="note">Careful: one link' in result.document
    assert 'title="https://paypa1.com/"' in result.document
    assert 'title="https://paypal.com"' not in result.document
    assert [link.doubt for link in result.doubtful_links] == [Doubt.RESEMBLES]
    quiet = shown("<a href='https://click.example/'>www.shop.example</a>")
    assert "[leads to click.example]" in quiet.document
    assert 'role="note"' not in quiet.document


def test_words_of_a_mail_name_the_host_that_a_link_hides() -> None:
    html = "<p>Go to <a class=x href='https://evil.example/a'><b>https://paypal.com</b></a> now</p>"
    assert to_text(html) == "Go to https://paypal.com [evil.example] now"
    assert to_text("<a href=https://paypal.com/x>www.paypal.com</a> <a href=https://a.example>here</a>") == (
        "www.paypal.com here"
    )


@pytest.mark.parametrize(
    ("image", "dropped"),
    [
        ("src='https://example.org/t' width=1 height=1", True),
        ("src='https://example.org/t' style='display:none'", True),
        ("src='https://example.org/t' style='max-height:0;max-width:0'", True),
        ("src='https://example.org/t' style='opacity:0'", True),
        ("src='https://example.org/t' style='width:1px !important'", True),
        ("src='https://u1.ct.example/wf/open?upn=abc'", True),
        ("src='https://list.example/track/open.php?u=1'", True),
        ("src='https://example.org/pixel.gif?id=7'", True),
        ("src='https://example.org/wf/open' alt='Our shop'", False),
        ("src='https://example.org/open/logo.png' width=120", False),
        ("src='https://example.org/real.png'", False),
        ("src='https://example.org/line.png' width=600 height=1", False),
        ("src='cid:logo@x' width=1 height=1", False),
    ],
)
def test_images_that_only_report_are_dropped_even_when_images_are_asked_for(
    image: str, dropped: bool
) -> None:
    result = shown(f"<p>Hello</p><img {image}>")
    assert result.tracking_images == dropped
    assert ("1 tracking image was removed." in result.document) is dropped
    if dropped:
        assert "example" not in result.document


def test_a_sender_can_not_say_how_many_were_removed() -> None:
    assert shown("<p>x</p><!--tracking:99-->").tracking_images == 0
    assert shown("<p>x</p>&lt;!--tracking:99-->").tracking_images == 0


def test_a_logo_below_each_of_many_messages_is_drawn_three_times() -> None:
    html = "".join(f"<p>Answer {n}</p><img src='cid:logo@x' alt='Linden'>" for n in range(43))
    result = frame(clean_mail(html), images=Images.BLOCKED, cid_urls={"logo@x": "/a/1"}, proxy_url=str)
    assert result.document.count("<img") == 3
    assert result.document.count("Linden") == 43
    bullets = "".join("<img src='cid:dot@x' width=12 height=12>x" for _ in range(43))
    again = frame(clean_mail(bullets), images=Images.BLOCKED, cid_urls={"dot@x": "/a/2"}, proxy_url=str)
    assert again.document.count("<img") == 43


def test_lines_of_nothing_but_breaks_stay_readable() -> None:
    html = "<br>" * 400 + "needle" + "<br>" * 400
    assert "needle" in shown(html).document
    assert to_text(html) == "needle"


@pytest.mark.parametrize(
    "html", ["<a href=x>" * 50_000, "<a " * 160_000, "<a href='https://a.example'>" + "x</a>" * 90_000]
)
def test_many_links_are_read_in_time_linear_in_their_number(html: str) -> None:
    with at_most(6):
        to_text(html)
        shown(html)


@given(st.text(max_size=80), st.text(max_size=80))
def test_anything_may_be_a_target_and_words(target: str, words: str) -> None:
    doubt_of(f"https://{target}", words, KNOWN)
    doubt_of(f"mailto:{target}", words, KNOWN)
    assert host_of(f"https://{target}") == host_of(f"https://{target}").lower()


@given(st.text(alphabet="<>/a hrefmg=\"'&;!-:.#\u202e0", max_size=200))
def test_a_frame_takes_whatever_was_cleaned(html: str) -> None:
    assert "<script" not in shown(html).document
