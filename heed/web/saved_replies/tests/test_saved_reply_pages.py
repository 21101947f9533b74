"""The settings of saved replies: made, found, previewed on a real conversation, put away and back, as they were."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from heed.answering import queries
from heed.answering.models import SavedReply, SavedReplyFile
from heed.kernel.config import config
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

HERE = "/settings/saved-replies/"
GREETING = "Dear {{ customer.first_name }}"


def form(world: World, **values: str) -> dict[str, Any]:
    return {
        "brand": str(world.linden.pk),
        "name": "Refund",
        "folder": "Money",
        "sharing": f"team-{world.payments.pk}",
        "text-en": GREETING,
        "save": "1",
    } | values


def made(world: World, by: Colleague | None = None, **values: str) -> SavedReply:
    answer = (by or world.amara).post(f"{HERE}new/", form(world, **values))
    assert answer.status_code == 303, answer.content.decode()
    return SavedReply.objects.latest("pk")


def shown(who: Colleague, path: str) -> str:
    return who.get(path).content.decode()


def test_one_is_made_and_found(world: World) -> None:
    row = made(world)
    assert (row.name, row.folder, row.team, row.brand) == ("Refund", "Money", world.payments, world.linden)
    for who in (world.amara, world.edda, world.chen):
        assert f"{HERE}{row.pk}/" in shown(who, HERE)
    assert f"{HERE}{row.pk}/" not in shown(world.bruno, HERE)
    assert "Refund" in shown(world.amara, f"{HERE}?q=ref")
    assert "No name or folder begins" in shown(world.amara, f"{HERE}?q=zzz")


@pytest.mark.parametrize(
    ("who", "status"),
    [("amara", 200), ("edda", 200), ("farid", 404), ("bruno", 404), ("gita", 404), ("nobody", 302)],
)
def test_its_page_is_for_those_who_find_it(world: World, who: str, status: int) -> None:
    row = made(world)
    assert world.colleague(who).get(f"{HERE}{row.pk}/").status_code == status


def test_pages_need_few_queries_whatever_there_is(world: World) -> None:
    row = made(world)
    for name in range(20):
        made(world, name=f"Refund {name}")
        world.amara.post(f"{HERE}{row.pk}/", form(world, name=f"Refund {name}!"))
        world.conversation()
    for who in (world.amara, world.chen):
        for path in (HERE, f"{HERE}{row.pk}/", f"{HERE}new/"):
            who.get(path)
            with assert_queries(at_most=12):
                who.get(path)
        with assert_queries(at_most=12):
            who.post(f"{HERE}preview/", form(world), **{"HX-Request": "true"})


def test_a_member_is_not_offered_to_write_for_the_whole_brand(world: World) -> None:
    assert 'value="brand"' not in shown(world.amara, f"{HERE}new/?brand={world.linden.pk}")
    assert 'value="brand"' in shown(world.edda, f"{HERE}new/?brand={world.linden.pk}")
    assert world.amara.post(f"{HERE}new/", form(world, sharing="brand")).status_code == 403
    row = made(world, by=world.edda, sharing="brand")
    page = shown(world.bruno, f"{HERE}{row.pk}/")
    assert "Leads change what everybody uses" in page
    assert world.bruno.post(f"{HERE}{row.pk}/", form(world)).status_code == 403


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "This is still empty."),
        ({"text-en": ""}, "This is still empty."),
        ({"text-en": "{{ customer.shoe }}"}, "customer.shoe. The variables are listed below"),
        ({"text-en": "x" * 20_001}, "At most 20000 characters"),
        ({"sharing": "team-999999"}, "Choose again"),
        ({"sharing": "everybody"}, "Choose again"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    world: World, values: dict[str, str], words: str
) -> None:
    answer = world.amara.post(f"{HERE}new/", form(world, folder="Typed here", **values))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Typed here" in answer.content.decode()
    assert not SavedReply.objects.exists()


def test_one_more_language_gets_room_and_is_kept(world: World) -> None:
    row = made(world)
    page = world.amara.post(f"{HERE}{row.pk}/", {**form(world), "more": "de", "add": "1", "text-en": "typed"})
    assert 'name="text-de"' in page.content.decode()
    assert "typed" in page.content.decode()
    assert queries.texts_of(world.amara.actor, row) == {"en": GREETING}
    world.amara.post(f"{HERE}{row.pk}/", form(world, **{"text-de": "Guten Tag"}))
    assert queries.texts_of(world.amara.actor, row) == {"de": "Guten Tag", "en": GREETING}


def test_the_preview_stands_on_a_conversation_that_one_reads(world: World) -> None:
    dalias = world.conversation()
    nameless = world.conversation(customer=world.jonas)
    hers = world.amara.post(f"{HERE}preview/", form(world, on=str(dalias.pk)), **{"HX-Request": "true"})
    assert 'Dear <mark class="value">Dalia</mark>' in hers.content.decode()
    his = world.amara.post(f"{HERE}preview/", form(world, on=str(nameless.pk)), **{"HX-Request": "true"})
    assert '<mark class="gap">the customer’s first name</mark>' in his.content.decode()
    whole = world.amara.post(f"{HERE}preview/", form(world)).content.decode()
    assert "As it would stand in a conversation" in whole


def test_the_preview_shows_no_conversation_that_one_may_not_read(world: World) -> None:
    theirs = world.conversation(inbox=world.workshop, subject="Behind the workshop")
    page = world.amara.post(f"{HERE}preview/", form(world, on=str(theirs.pk)), **{"HX-Request": "true"})
    assert "There is no conversation yet" in page.content.decode()
    assert "Behind the workshop" not in page.content.decode()
    assert "Dalia" not in page.content.decode()
    assert world.gita.post(f"{HERE}preview/", form(world)).status_code == 404
    assert world.farid.post(f"{HERE}preview/", form(world)).status_code == 404


def test_a_brace_that_is_typed_is_never_markup(world: World) -> None:
    page = world.amara.post(f"{HERE}preview/", form(world, **{"text-en": "<script>x</script> {{ <b> }}"}))
    assert "<script>x" not in page.content.decode()
    assert "&lt;script&gt;x" in page.content.decode()


def test_it_is_put_away_with_undo(world: World) -> None:
    row = made(world)
    answer = world.amara.post(f"{HERE}{row.pk}/archive/")
    after = shown(world.amara, answer.headers["Location"])
    assert "“Refund” is put away" in after
    assert f"{HERE}{row.pk}/restore/" in after
    assert f'href="{HERE}{row.pk}/"' not in shown(world.amara, HERE)
    assert f'href="{HERE}{row.pk}/"' in shown(world.amara, f"{HERE}?archived=1")
    world.amara.post(f"{HERE}{row.pk}/restore/")
    assert f'href="{HERE}{row.pk}/"' in shown(world.amara, HERE)
    assert world.bruno.post(f"{HERE}{row.pk}/archive/").status_code == 404


def test_who_changed_what_can_be_read_and_brought_back(world: World) -> None:
    row = made(world)
    world.edda.post(f"{HERE}{row.pk}/", form(world, **{"text-en": "Other words", "name": "Money"}))
    page = shown(world.amara, f"{HERE}{row.pk}/")
    assert "Edda" in page
    assert "Name · Texts" in " ".join(page.split())
    assert page.count(GREETING) == 1
    first = queries.versions_of(world.amara.actor, row)[-1]
    world.amara.post(f"{HERE}{row.pk}/", {"bring_back": str(first.pk)})
    row.refresh_from_db()
    assert (row.name, row.team) == ("Refund", world.payments)
    assert queries.texts_of(world.amara.actor, row) == {"en": GREETING}
    assert world.amara.post(f"{HERE}{row.pk}/", {"bring_back": "999999"}).status_code == 404


def test_files_are_added_and_taken_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = made(world)
    file = SimpleUploadedFile("form.pdf", b"to fill in", "application/pdf")
    world.amara.post(f"{HERE}{row.pk}/", {**form(world), "files": file})
    kept = SavedReplyFile.objects.get(reply=row)
    assert "form.pdf" in shown(world.edda, f"{HERE}{row.pk}/")
    world.amara.post(f"{HERE}{row.pk}/", {**form(world), "remove": str(kept.pk)})
    assert not SavedReplyFile.objects.filter(reply=row).exists()

    monkeypatch.setattr("heed.web.saved_replies.views.config", replace(config, upload_max_bytes=3))
    file = SimpleUploadedFile("form.pdf", b"to fill in", "application/pdf")
    refused = world.amara.post(f"{HERE}{row.pk}/", {**form(world, name="Never"), "files": file})
    assert refused.status_code == 422
    row.refresh_from_db()
    assert row.name == "Refund"
