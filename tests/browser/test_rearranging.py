"""Merging without scripts, narrow and wide; and what the frame says of links, above and beside them."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Office

pytestmark = pytest.mark.browser

HTML = (
    "<div style='background:#fff;margin-top:-300px;padding-top:320px'>Dear Dalia, "
    "<a href='https://lindem.example/pay'>pay here</a> or at "
    "<a href='https://click.example/1'>www.shop.example</a>.<img src='https://t.example/wf/open?u=1'></div>"
)


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_an_agent_merges_and_undoes_it_without_scripts(office: Office, width: int, scheme: str) -> None:
    one, other = (office.conversation(f"{name} {width}") for name in ("Bell", "Chain"))
    page = office.page(
        "amara",
        f"/inbox/all-open/{one}/merge/?with={other}",
        java_script_enabled=False,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click(f"text=Merge into #{other}")
    expect(page).to_have_url(f"{office.url}/inbox/all-open/{other}/")
    page.goto(f"/inbox/all-open/{one}/merge/")
    page.click("button:has-text('Undo the merge')")
    expect(page).to_have_url(f"{office.url}/inbox/all-open/{one}/")
    page.goto(f"/inbox/all-open/{one}/link/?with={other}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click(f"text=Link with #{other}")
    expect(page).to_have_url(f"{office.url}/inbox/all-open/{one}/")
    page.goto(f"/inbox/all-open/{one}/link/?with={other}")
    page.click(f"text=Remove the link to #{other}")
    expect(page).to_have_url(f"{office.url}/inbox/all-open/{one}/")


def test_no_layout_covers_what_is_said_of_links(office: Office) -> None:
    number = office.conversation("Pay", html=HTML)
    page = office.page("amara", f"/inbox/all-open/{number}/", color_scheme="dark")
    inside = page.frame_locator(".mail-frame")
    warning = inside.locator(".careful")
    expect(warning).to_contain_text("one link here is not what it seems")
    on_top = (
        "(one) => { const box = one.getBoundingClientRect();"
        " return document.elementFromPoint(box.x + 9, box.y + 9) === one; }"
    )
    assert warning.evaluate(on_top)
    expect(inside.locator(".leads").first).to_contain_text(
        "leads to lindem.example, which is not linden.example"
    )
    expect(inside.locator(".leads").nth(1)).to_contain_text("leads to click.example")
    expect(inside.locator(".told")).to_have_text("1 tracking image was removed.")
