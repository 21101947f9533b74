"""The search page: what an agent sees of what was found."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
import time_machine

from heed.conversations.actions.answering import Answer
from heed.conversations.actions.sides import forward
from heed.conversations.incoming import StoredFile
from heed.conversations.queries import search as search_module
from heed.kernel import blobs, clock
from heed.people import naming
from heed.people.actions import leave_team
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World


def page(who: Colleague, text: str, *, fragment: bool = False, **more: str) -> str:
    headers = {"HX-Request": "true"} if fragment else {}
    answer = who.get(f"/search/?{urlencode({'q': text, **more})}", **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def hrefs(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'href="/conversations/(\d+)/[?"]', html)]


def test_the_menu_leads_to_search(world: World) -> None:
    html = world.amara.get("/inbox/my-turn/").content.decode()
    assert 'href="/search/"' in html
    html = world.amara.get("/search/").content.decode()
    assert "Find a conversation" in html
    assert "autofocus" in html


def test_what_fits_is_shown_with_its_passage_marked(world: World) -> None:
    row = world.conversation(subject="Your <b>bell</b>", text="Where is my <i>bell</i> & lamp?")
    html = page(world.amara, "BELL")
    assert hrefs(html) == [row.pk]
    assert "Your &lt;b&gt;<mark>bell</mark>&lt;/b&gt;" in html
    assert "my &lt;i&gt;<mark>bell</mark>&lt;/i&gt; &amp; lamp" in html
    assert "Dalia Haddad" in html
    assert "Open" in html
    assert 'value="BELL"' in html


def test_what_was_found_leads_to_its_message_and_what_was_said_aside_to_its_thread(world: World) -> None:
    row = world.conversation(text="The zeppelin rattles.")
    (message,) = row.messages.all()
    found = f'href="/conversations/{row.pk}/?message={message.pk}#m{message.pk}"'
    assert found in page(world.amara, "zeppelin")
    carrier = ("Swift Parcels", "claims@carrier.example")
    asked = forward(message, answer=Answer(text="Leipzig?", to=(carrier,)), keeping=(), by=world.amara.actor)
    assert f'href="/sides/{asked.side_id}/"' in page(world.amara, "leipzig")
    assert world.amara.get(f"/sides/{asked.side_id}/").status_code == 200


def test_whom_it_is_from_is_shown_where_that_fits(world: World) -> None:
    world.conversation()
    html = page(world.amara, "from:dal")
    assert "<mark>Dalia</mark> Haddad <mark>dalia</mark>@example.org" in html
    assert "<mark>" not in page(world.amara, "is:open")


def test_a_number_alone_leads_to_its_conversation(world: World) -> None:
    row = world.conversation()
    html = page(world.amara, str(row.pk))
    assert hrefs(html) == [row.pk]
    assert f"<mark>#{row.pk}</mark>" in html
    assert not hrefs(page(world.bruno, str(row.pk)))


def test_typing_asks_for_the_part_that_changes(world: World) -> None:
    world.conversation(text="bell")
    html = page(world.amara, "bell", fragment=True)
    assert html.lstrip().startswith("<section")
    assert "<nav" not in html
    whole = page(world.amara, "bell")
    assert unescape(html.strip()) in unescape(whole)


def test_the_next_page_goes_on_after_the_last_row(world: World) -> None:
    rows = [world.conversation(text="bell").pk for _ in range(search_module.PAGE + 2)]
    first = page(world.amara, "bell")
    assert hrefs(first) == rows[:1:-1]
    found = re.search(r'href="(/search/\?[^"]*after=[^"]*)"', first)
    assert found is not None
    more = world.amara.get(unescape(found[1]), **{"HX-Request": "true"}).content.decode()
    assert more.lstrip().startswith("<li")
    assert hrefs(more) == [rows[1], rows[0]]
    assert hrefs(world.amara.get(unescape(found[1])).content.decode()) == [rows[1], rows[0]]


def test_the_best_first_is_a_link(world: World) -> None:
    text = world.conversation(subject="A", text="one bell")
    subject = world.conversation(subject="Bell", text="nothing")
    world.conversation(subject="A", text="one bell here")
    assert hrefs(page(world.amara, "bell"))[1] == subject.pk
    assert hrefs(page(world.amara, "bell", order="best"))[0] == subject.pk
    assert text.pk in hrefs(page(world.amara, "bell", order="best"))
    assert 'href="/search/?q=bell&amp;order=best"' in page(world.amara, "bell")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("form:dalia", "There is no field “form”: it is looked for as a word."),
        ("is:opne x", "“is:opne” was left out. is: takes open, waiting,"),
        ("before:soon x", "“before:soon” was left out. A date is written 2026-03-31"),
        ("from: x", "Nothing stands after “from:”."),
        ('"never', "The quotation has no end"),
        ("x" * 1001, "This is longer than a search may be"),
    ],
)
def test_how_something_was_read_is_said(world: World, text: str, words: str) -> None:
    assert words in page(world.amara, text)


def test_nothing_found_says_what_to_take_away(world: World) -> None:
    row = world.conversation(text="bell")
    html = page(world.amara, "bell is:solved <b>")
    assert "Nothing found for “<bdi>bell is:solved &lt;b&gt;</bdi>”" in html
    links = [unescape(href) for href in re.findall(r'<li><a href="(/search/[^"]*)">Without', html)]
    assert len(links) == 3
    without = page(world.amara, "bell is:solved")
    href = next(unescape(one) for one in re.findall(r'<li><a href="([^"]*)">Without <bdi>is:solved', without))
    assert hrefs(world.amara.get(href).content.decode()) == [row.pk]
    assert "A word of one or two letters" in page(world.amara, "zz")
    assert "A word of one or two letters" not in page(world.amara, "zzz")


def test_looking_further_back_is_offered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "SLICES", (1, 1))
    row = world.conversation(text="bell")
    for _ in range(2):
        world.conversation(text="bell", inbox=world.hello)
    html = page(world.amara, "bell")
    assert "Nothing found so far" in html
    found = re.search(r'href="(/search/\?[^"]*after=[^"]*)"', html)
    assert found is not None
    assert hrefs(world.amara.get(unescape(found[1])).content.decode()) == [row.pk]


def test_what_one_may_not_open_is_not_found(world: World) -> None:
    world.conversation(subject="The word only Payments may read", text="bell")
    for text in ("only payments", "bell", "is:open", "team:payments"):
        assert "The word only" in page(world.amara, text).replace("<mark>", "").replace("</mark>", "")
        for who in (world.bruno, world.gita, world.hugo):
            assert not hrefs(page(who, text))
            assert "The word only" not in page(who, text)


def test_a_right_that_was_taken_away_shows_nothing_any_more(world: World) -> None:
    row = world.conversation(text="bell")
    assert hrefs(page(world.amara, "bell")) == [row.pk]
    leave_team(world.payments, agent=world.amara.row, by=world.chen.actor)
    assert not hrefs(page(world.amara, "bell"))
    assert not hrefs(page(world.amara, "bell", order="best"))
    assert not hrefs(page(world.amara, "bell", after=str((1 << 63) - 1)))
    assert not hrefs(page(world.amara, str(row.pk)))


def test_a_place_of_no_search_is_refused(world: World) -> None:
    for after in ("x", "1.2", "9" * 40):
        assert world.amara.get(f"/search/?q=bell&after={after}").status_code == 422


def test_the_page_asks_the_same_however_much_is_found(world: World) -> None:
    for count in (1, 30):
        for _ in range(count):
            world.conversation(text="bell")
        world.amara.client.get("/search/")
        with assert_queries(at_most=12):
            assert hrefs(page(world.amara, "bell"))
        with assert_queries(at_most=12):
            assert hrefs(page(world.amara, "bell", order="best"))


def test_a_misspelt_name_says_what_is_shown_in_its_place(world: World) -> None:
    row = world.conversation()
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        world.settle()
        html = page(world.amara, "dahlia")
        assert "Nothing is written so. People with a name like it:" in html
        assert hrefs(html) == [row.pk]
        assert "Nothing found for" in page(world.bruno, "dahlia")


@pytest.mark.parametrize("field", ["number", "subject", "from", "tag"])
def test_a_field_with_hundreds_of_values_is_cut_and_said_to_be(world: World, field: str) -> None:
    row = world.conversation(subject="Bell 7")
    values = ",".join(str(number) for number in range(1, 240))
    html = page(world.amara, f"{field}:{values}", order="best")
    assert "too long" in html.lower() or "left out" in html.lower()
    assert hrefs(page(world.amara, "bell")) == [row.pk]


def test_no_key_of_a_page_is_too_large(world: World) -> None:
    for key in ((1 << 63) - 1, (1 << 63) - 2, 1 << 70):
        answer = world.amara.get(f"/search/?q=bell&order=best&after={key}.1.1")
        assert answer.status_code in (200, 422)


def test_a_customer_of_a_number_that_nobody_has_is_not_there(world: World) -> None:
    assert world.amara.get("/customers/99999999999999999999/").status_code == 404


def test_customers_who_are_called_so_stand_beside_what_was_found(world: World) -> None:
    world.conversation()
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        naming.step()
    asked = {"HX-Request": "true"}
    world.amara.get("/search/")
    with assert_queries(at_most=12):
        found = world.amara.get("/search/customers/?q=addad", **asked).content.decode()
    assert f'href="/customers/{world.dalia.id}/"' in found
    assert "<mark>Haddad</mark>" in found
    for who, text in (
        (world.bruno, "addad"),
        (world.amara, "nobody"),
        (world.amara, "is:open"),
        (world.amara, ""),
    ):
        assert "/customers/" not in who.get(f"/search/customers/?q={text}", **asked).content.decode()
    assert world.amara.get("/search/customers/?q=addad").headers["Location"] == "/customers/?q=addad"
    assert "/search/customers/" in world.amara.get("/search/?q=addad").content.decode()


def test_a_file_in_which_it_stands_is_named_and_escaped(world: World) -> None:
    row = world.conversation()
    content = b"a titanium sprocket"
    file = StoredFile(blobs.put(content), len(content), "<b>.txt", "text/plain")
    world.writes(row, files=(file,))
    world.settle()
    html = world.amara.get("/search/?q=sprocket").content.decode()
    assert "In <bdi>&lt;b&gt;.txt</bdi>:" in html
    assert "<mark>sprocket</mark>" in html
