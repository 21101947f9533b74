from pathlib import Path

import pytest

from heed.kernel.html import Frame, Images, clean_mail, frame
from heed.testing.speed import at_most


def shown(html: str, images: Images = Images.BLOCKED, **cid_urls: str) -> Frame:
    return frame(
        clean_mail(html), images=images, cid_urls=cid_urls, proxy_url=lambda url: f"/image?url={url}"
    )


def test_style_sheets_of_the_mail_are_applied_and_then_gone() -> None:
    html = (
        "<html><head><style>/* c */ td.price, .x:hover { color: #0a0; behavior:url(x) }"
        "body{font-family:Tahoma}"
        "@media (max-width:600px) { p { color: #b00 } } p { margin:0 !important; position:fixed } @import url(x);"
        "b { background: url(https://example.org/t) }</style></head>"
        "<body><p style='margin:9px'>a <b>b</b><table><tr><td class=price>9</table>"
    )
    cleaned = clean_mail(html)
    assert "<style" not in cleaned
    assert '<td style="color:#0a0">9</td>' in cleaned.replace(": ", ":")
    assert "margin:0" in cleaned.replace(": ", ":")
    assert "Tahoma" in cleaned
    for gone in ("b00", "fixed", "example.org", "class=", "behavior"):
        assert gone not in cleaned


def test_a_sheet_on_disk_or_elsewhere_is_never_read(tmp_path: Path) -> None:
    sheet = tmp_path / "x.css"
    sheet.write_text("p{color:#123456}")
    html = f"<link rel=stylesheet href='file://{sheet}'><style>@import '{sheet}'; b{{color:red}}</style><p>x"
    assert "#123456" not in clean_mail(html)


def test_sheets_that_are_too_much_work_are_left_out() -> None:
    rules = "".join(f"p{{width:{n}px}}" for n in range(6_000))
    with at_most(2):
        cleaned = clean_mail(f"<style>{rules}</style>" + "<p>x</p>" * 2_000)
    assert cleaned.count("<p>x</p>") == 2_000


def test_images_from_elsewhere_are_blocked_counted_and_named() -> None:
    result = shown(
        "<img src='https://example.org/a.png?x=1&y=2' alt='Shop' width=300><img src=//example.org/b>"
    )
    assert result.blocked_images == 2
    assert result.remote_images == ("https://example.org/a.png?x=1&y=2", "https://example.org/b")
    place_holder = '<span class="blocked" role="img" aria-label="Shop" style="width:300px;">Shop</span>'
    assert place_holder in result.document
    assert "example.org" not in result.document


def test_images_asked_for_come_through_the_proxy() -> None:
    result = shown("<img src='https://example.org/a.png?x=1&y=2'>", Images.PROXIED)
    assert 'src="/image?url=https://example.org/a.png?x=1&amp;y=2"' in result.document
    assert result.blocked_images == 0
    assert result.remote_images


def test_images_of_the_mail_itself_are_shown() -> None:
    html = "<img src='cid:logo%40x' alt=Logo><img src='cid:lost' alt=Lost>"
    result = frame(clean_mail(html), images=Images.BLOCKED, cid_urls={"logo@x": "/a/1"}, proxy_url=str)
    assert 'src="/a/1"' in result.document
    assert ">Lost</span>" in result.document
    assert result.blocked_images == 0


def test_tracking_pixels_disappear() -> None:
    html = (
        "<img src='https://example.org/t' width=1 height=1>"
        "<img src='https://example.org/t' style='display:none'>"
        "<img src='https://example.org/t' style='width:1px;height:1px'>"
        "<img src='https://example.org/real' width=100 height=1>"
    )
    assert shown(html).remote_images == ("https://example.org/real",)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<a href='https://evil.example/x'>https://bank.example/login</a>", True),
        ("<a style='color:red' href='https://bank.example.evil.example/'>www.bank.example</a>", True),
        ("<a href='https://www.bank.example/x'>bank.example</a>", False),
        ("<a href='https://login.bank.example/x'>https://bank.example/</a>", False),
        ("<a href='https://evil.example/x'>log in</a>", False),
        ("<a href='https://evil.example/x'>Report.pdf of May</a>", False),
    ],
)
def test_a_link_that_names_another_host_says_where_it_leads(html: str, said: bool) -> None:
    assert ("evil.example]" in shown(html).document) is said


FOLD = '<details class="quoted"><summary>'


@pytest.mark.parametrize(
    "html",
    [
        "<div>New words</div><div class='gmail_quote'><div class=gmail_attr>On Monday:</div>Old words</div>",
        "<p>New words</p><blockquote type='cite'>Old words</blockquote>",
        "New words<div class='moz-cite-prefix'>Monday, Ana:<br></div><blockquote>Old words</blockquote>",
        "<div><p>New words<hr><div id='divRplyFwdMsg'>From: Ana</div><div>Old words</div></div>",
        "New words<div><div style='border-top:solid #E1E1E1 1.0pt'>From: Ana</div></div>Old words",
    ],
)
def test_history_is_folded_and_still_there(html: str) -> None:
    document = shown(html).document
    before, after = document.split(FOLD)
    assert "New words" in before
    assert "Old words" in after
    assert "Ana" not in before
    assert document.count("<details") == document.count("</details>") == 1
    assert ">Earlier messages</summary>" in document


def test_a_forwarded_mail_with_nothing_of_its_own_is_not_folded() -> None:
    html = "<div class='gmail_quote'>---------- Forwarded message<br>Old words</div>"
    assert FOLD not in shown(html).document
    assert FOLD in shown(f"<p>fyi</p>{html}").document


def test_answers_between_quotations_stay_visible() -> None:
    document = shown(
        "<blockquote type=cite>one?</blockquote><p>yes</p><blockquote type=cite>two?</blockquote><p>no</p>"
    ).document
    assert document.count(FOLD) == 2
    assert "</details><p>yes</p><details" in document


def test_a_sender_can_not_fold_anything() -> None:
    assert FOLD not in shown('<details class="quoted"><summary></summary>x</details>').document


def test_the_document_names_its_language_and_lets_the_text_choose_its_direction() -> None:
    document = frame("<p>x</p>", images=Images.BLOCKED, cid_urls={}, proxy_url=str, language="ar").document
    assert document.startswith('<!doctype html>\n<html lang="ar" dir="auto">')
    assert "<script" not in document
