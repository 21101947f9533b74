"""Views in the inbox: made by a form in words, listed, counted, changed, shared, deleted and brought back."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heed.conversations.actions.labels import tag
from heed.conversations.actions.topics import note_down
from heed.conversations.filters import Field
from heed.conversations.models import Conversation
from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.kernel.words import Density, FieldKind, Status
from heed.lists.actions.views import Wanted, add_view
from heed.lists.codes import RowFact, ViewOrder
from heed.lists.models import View
from heed.lists.queries import views_of
from heed.people.actions import choose_density
from heed.people.actions.topics import add_field
from heed.people.models import Agent
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.ui import list_words
from heed.web.lists.form import Part, of_filter, of_view

FORM: Final = {
    "name": "Late",
    "field-0": "is",
    "value-0": ["open", "waiting"],
    "order": "newest",
    "do": "save",
}


def shown(page: Any) -> list[int]:
    assert page.status_code == 200
    return [
        int(number)
        for number in re.findall(r'class="row[^"]*" href="/inbox/[^/]+/(\d+)/"', page.content.decode())
    ]


def made(world: World, **values: Any) -> View:
    return add_view(Wanted(**{"name": "Late", "filter": "is:open", **values}), by=world.amara.actor)


def test_a_view_is_made_by_a_form_in_words(world: World) -> None:
    waits = world.conversation(status=Status.WAITING)
    world.conversation(status=Status.SOLVED)
    answer = world.amara.post("/views/new/", FORM)
    view = views_of(world.amara.actor)[0]
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/inbox/view-{view.pk}/"
    assert view.filter == "is:open,waiting"
    page = world.amara.get(f"/inbox/view-{view.pk}/")
    assert shown(page) == [waits.pk]
    assert f'id="nav-inboxview-{view.pk}"' in page.content.decode()
    assert f"/inbox/view-{view.pk}/" not in world.edda.get("/inbox/my-turn/").content.decode()
    assert world.edda.get(f"/inbox/view-{view.pk}/").status_code == 404


def test_conditions_are_added_and_removed_and_nothing_is_lost_meanwhile(world: World) -> None:
    more = world.amara.post("/views/new/", {**FORM, "do": "add", "add": "assignee"}).content.decode()
    assert 'value="Late"' in more
    assert re.search(r'name="value-0" value="waiting" checked', more)
    assert 'name="field-1" value="assignee"' in more
    assert re.search(r'<option value="Amara">', more)
    assert "Choose or write something" not in more
    two = {**FORM, "field-1": "assignee", "value-1": "me, Edda", "not-1": "on"}
    less = world.amara.post("/views/new/", {**two, "do": "", "remove": "0"}).content.decode()
    assert 'name="field-0" value="assignee"' in less
    assert 'value="me, Edda"' in less
    assert re.search(r'name="not-0" checked', less)
    assert not View.objects.exists()


def test_what_is_wrong_is_said_beside_it_and_all_is_kept(world: World) -> None:
    typed = {**FORM, "name": " ", "field-1": "on", "value-1": "soon", "field-2": "tag", "words": "form:x"}
    answer = world.amara.post("/views/new/", {**typed, "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“soon” is no date" in page
    assert "Choose or write something" in page
    assert "There is no field “form”" in page
    empty = world.amara.post("/views/new/", {**FORM, "name": " "})
    assert empty.status_code == 422
    assert "This is still empty." in empty.content.decode()
    many = world.amara.post("/views/new/", {**FORM, "shown": list(RowFact)})
    assert "At most four" in many.content.decode()
    assert not View.objects.exists()


def test_a_view_is_typed_as_a_search_too(world: World) -> None:
    page = world.amara.get("/views/new/?q=is:open -tag:vip refund").content.decode()
    assert re.search(r'value="open" checked', page)
    assert 'value="vip"' in page
    assert "&quot;refund&quot;" in page
    read = world.amara.post(
        "/views/new/", {"name": "T", "typed": "due:4h has:draft", "do": "read"}
    ).content.decode()
    assert re.search(r'<option value="4h" selected>within 4 hours, or past', read)
    assert re.search(r'value="draft" checked', read)


def test_a_view_is_changed_renamed_and_shared(world: World) -> None:
    view = made(world, filter='tag:vip "second invoice" -opened:>7d', order=ViewOrder.PRIORITY)
    page = world.amara.get(f"/views/{view.pk}/edit/").content.decode()
    assert 'value="Late"' in page
    assert 'value="vip"' in page
    assert re.search(r'<option value="&gt;7d" selected>more than 7 days ago', page)
    shared = {**FORM, "name": "Very late", "team": str(world.payments.pk), "shown": ["tags", "number"]}
    assert world.amara.post(f"/views/{view.pk}/edit/", shared).status_code == 303
    row = world.conversation()
    tag(row, name="vip", by=SYSTEM)
    theirs = world.edda.get(f"/inbox/view-{view.pk}/").content.decode()
    assert "Very late" in theirs
    assert "shared with Payments" in theirs
    assert re.search(r"<bdi>vip</bdi>\s*·\s*<bdi>#", theirs)
    assert "/edit/" in theirs
    assert f"/views/{view.pk}/edit/" not in world.farid.get(f"/inbox/view-{view.pk}/").content.decode()
    assert world.bruno.get(f"/inbox/view-{view.pk}/").status_code == 404
    assert world.amara.post("/views/new/", {**FORM, "team": str(world.charts.pk)}).status_code == 403


def test_a_deleted_view_is_brought_back(world: World) -> None:
    view = made(world)
    gone = world.amara.post(f"/views/{view.pk}/delete/")
    inbox = world.amara.get(gone.headers["Location"]).content.decode()
    assert f"/views/{view.pk}/restore/" in inbox
    assert world.amara.get(f"/inbox/view-{view.pk}/").status_code == 404
    assert "/restore/" not in world.edda.get(gone.headers["Location"]).content.decode()
    back = world.amara.post(f"/views/{view.pk}/restore/")
    assert world.amara.get(back.headers["Location"]).status_code == 200


def test_the_preview_counts_and_names_the_first(world: World) -> None:
    for _ in range(9):
        world.conversation(subject="عربي")
    page = world.amara.post("/views/preview/", FORM).content.decode()
    assert "9 conversations now" in page
    assert page.count("<li>") == 8
    assert "Dalia Haddad" in page
    assert "0 conversations now" in world.bruno.post("/views/preview/", FORM).content.decode()


def test_a_long_view_is_paged_in_every_order_and_says_how_long_it_is(world: World) -> None:
    for place in range(53):
        row = world.conversation()
        at = clock.now() - timedelta(minutes=place % 7)
        Conversation.objects.filter(pk=row.pk).update(last_message_at=at, opened_at=at)
    for order in ViewOrder:
        view = made(world, order=order)
        first = world.amara.get(f"/inbox/view-{view.pk}/")
        assert "53 conversations" in first.content.decode()
        following = re.search(r'hx-get="(/inbox/view-[^"]+after=[^"]+)"', first.content.decode())
        assert following is not None
        rest = world.amara.get(following[1].replace("&amp;", "&"), **{"HX-Request": "true"})
        numbers = shown(first) + shown(rest)
        assert len(numbers) == len(set(numbers)) == 53
    assert world.amara.get(f"/inbox/view-{made(world).pk}/?after=x").status_code == 422


def test_counts_stand_in_the_menu_when_it_asks_for_them(world: World) -> None:
    world.conversation()
    view, words = made(world), made(world, name="By words", filter='"chain"')
    page = world.amara.get("/views/counts/", **{"HX-Request": "true"}).content.decode()
    assert re.search(
        rf'href="/inbox/view-{view.pk}/".*?<span class="number">.*? 1 conversation</span>', page, re.S
    )
    assert f"/inbox/view-{words.pk}/" in page
    assert page.count('class="number"') == 1


def test_pages_need_few_queries_however_many_rows_and_views(world: World) -> None:
    view = made(world, filter="is:open tag:vip", shown=[RowFact.TAGS, RowFact.TEAM, RowFact.INBOX])
    paths = (f"/inbox/view-{view.pk}/", "/views/counts/", f"/views/{view.pk}/edit/", "/inbox/my-turn/")

    def count(path: str) -> int:
        world.amara.get(path)
        with CaptureQueriesContext(connection) as few:
            world.amara.get(path)
        return len(few)

    tag(world.conversation(assignee=world.amara), name="vip", by=SYSTEM)
    before = {path: count(path) for path in paths}
    for _ in range(8):
        tag(world.conversation(assignee=world.amara), name="vip", by=SYSTEM)
        made(world, filter="is:open tag:vip team:Payments")
    for path in paths:
        with assert_queries(at_most=max(before[path], 12) if "counts" in path else before[path]):
            world.amara.get(path)
    assert max(before.values()) <= 12, before
    with assert_queries(at_most=12):
        world.amara.post("/views/preview/", {**FORM, "field-1": "tag", "value-1": "vip"})


def test_everybody_chooses_how_much_room_a_row_takes(world: World) -> None:
    world.conversation(assignee=world.amara)
    assert 'class="list compact"' not in world.amara.get("/inbox/my-turn/").content.decode()
    answer = world.amara.post("/density/", {"density": "compact", "back": "/inbox/waiting/"})
    assert answer.headers["Location"] == "/inbox/waiting/"
    assert 'class="list compact"' in world.amara.get("/inbox/my-turn/").content.decode()
    assert 'class="list compact"' not in world.edda.get("/inbox/my-turn/").content.decode()
    away = world.amara.post("/density/", {"density": "comfortable", "back": "//evil.example/"})
    assert away.headers["Location"] == "/inbox/my-turn/"
    assert world.amara.post("/density/", {"density": "crowded"}).status_code == 422


def test_density_is_chosen_for_oneself(world: World) -> None:
    for _ in range(2):
        choose_density(Density.COMPACT, by=world.farid.actor)
    assert Agent.objects.get(pk=world.farid.row.pk).density == "compact"
    assert Agent.objects.get(pk=world.amara.row.pk).density == "comfortable"


def test_density_is_nobody_elses_matter(world: World) -> None:
    for actor in (world.nobody.actor, SYSTEM):
        with pytest.raises(Refused):
            choose_density(Density.COMPACT, by=actor)


def test_density_is_the_same_in_every_list(world: World) -> None:
    choose_density(Density.COMPACT, by=world.edda.actor)
    world.conversation(assignee=world.edda)
    for path in ("/inbox/my-turn/", "/inbox/all-open/", f"/inbox/all-open:team-{world.payments.pk}/"):
        assert 'class="list compact"' in world.edda.get(path).content.decode()


def test_density_comes_back(world: World) -> None:
    choose_density(Density.COMPACT, by=world.amara.actor)
    assert choose_density(Density.COMFORTABLE, by=world.amara.actor).density == "comfortable"


def test_custom_fields_are_asked_for_by_their_own_names(world: World) -> None:
    plan = add_field(
        world.linden, topic=None, name="Plan", kind=FieldKind.CHOICE, choices=("Big, red", "Small"), by=SYSTEM
    )
    add_field(world.kestrel, topic=None, name="Unseen", kind=FieldKind.TEXT, choices=(), by=SYSTEM)
    row = world.conversation()
    note_down(row, field=plan, value="Big, red", by=SYSTEM)
    world.conversation()
    form = world.amara.get("/views/new/").content.decode()
    assert '<option value="field:Plan">Plan</option>' in form
    assert "Unseen" not in form
    more = world.amara.post("/views/new/", {"do": "add", "add": "field:Plan"}).content.decode()
    assert re.search(r'name="own-0" value="Plan"', more)
    assert re.search(r'name="pick-0" value="Big, red"', more)
    asked = {"name": "Plans", "field-0": "field", "own-0": "Plan", "sign-0": "=", "do": "save"}
    assert world.amara.post("/views/new/", asked).status_code == 422
    answer = world.amara.post("/views/new/", {**asked, "pick-0": "Big, red"})
    assert shown(world.amara.get(answer.headers["Location"])) == [row.pk]
    view = View.objects.get()
    assert view.filter == 'field:"Plan=Big, red"'
    again = world.amara.get(f"/views/{view.pk}/edit/").content.decode()
    assert re.search(r'name="pick-0" value="Big, red" checked', again)
    anything = {**asked, "sign-0": "", "name": "Some plan"}
    answer = world.amara.post("/views/new/", anything)
    assert shown(world.amara.get(answer.headers["Location"])) == [row.pk]


def test_every_code_has_words() -> None:
    assert set(list_words.FIELDS) == set(Field)
    assert set(list_words.ORDERS) == set(ViewOrder)
    assert set(list_words.FACTS) == set(RowFact)


@pytest.mark.parametrize(
    "text",
    [
        '"a b" -c is:open -team:Payments,"First line" updated:>3d number:48',
        '-field:"Order number=A 1","Order number=Bonn, old town" field:amount>10 field:vip',
        "field:a=1,b>2 topic:Money",
    ],
)
def test_the_form_writes_what_the_language_reads(world: World, text: str) -> None:
    view = made(world, filter=text)
    draft = of_view(view)
    assert draft.reading.filter == of_filter(draft.reading.filter).reading.filter
    assert str(draft.reading.filter) == view.filter
    assert Part(Field.TAG, ('a"b',)).written == 'tag:"a"b"'
