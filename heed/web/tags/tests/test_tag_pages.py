"""Settings of tags: counted, renamed, merged after a look, archived, and told in the history."""

from heed.conversations.actions.labels import tag
from heed.conversations.models import Tag
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

TAGS = "/settings/tags/"


def shown(world: World, path: str) -> str:
    return world.chen.get(path).content.decode()


def test_tags_are_listed_by_brand_and_the_archived_apart(world: World) -> None:
    assert "carries a tag yet" in shown(world, TAGS)
    row = world.conversation()
    refund, old = (tag(row, name=name, by=SYSTEM) for name in ("refund", "old"))
    mine = f"{TAGS}?brand={world.linden.pk}"
    with assert_queries(at_most=12):
        html = shown(world, mine)
    assert f'href="{TAGS}{refund.pk}/"' in html
    assert "1 conversation" in html
    assert "refund" not in shown(world, f"{TAGS}?brand={world.kestrel.pk}")
    world.chen.post(f"{TAGS}{old.pk}/", {"do": "archive"})
    assert f'href="{TAGS}{old.pk}/"' not in shown(world, mine)
    assert f'href="{TAGS}{old.pk}/"' in shown(world, f"{mine}&archived=1")
    assert "Archived:" in shown(world, f"{TAGS}{old.pk}/")
    world.chen.post(f"{TAGS}{old.pk}/", {"do": "restore"})
    assert f'href="{TAGS}{old.pk}/"' in shown(world, mine)
    assert world.chen.get(f"{TAGS}?brand=999").status_code == 404


def test_a_name_that_is_taken_is_said_beside_it_and_stays_typed(world: World) -> None:
    row = world.conversation()
    refund, _ = (tag(row, name=name, by=SYSTEM) for name in ("refund", "vip"))
    here = f"{TAGS}{refund.pk}/"
    answer = world.chen.post(here, {"do": "name", "name": "VIP"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="VIP"' in html
    assert "merge this one into it" in html
    assert world.chen.post(here, {"do": "name", "name": "money"}).status_code == 303


def test_merging_shows_first_what_it_does(world: World) -> None:
    both, one = world.conversation(), world.conversation()
    refund, refunds = (tag(both, name=name, by=SYSTEM) for name in ("refund", "refunds"))
    tag(one, name="refunds", by=SYSTEM)
    here = f"{TAGS}{refunds.pk}/merge/"
    html = shown(world, f"{here}?into={refund.pk}")
    assert "2 conversations carry “refund”" in html
    assert not Tag.objects.filter(merged_into__isnull=False).exists()
    assert world.chen.get(f"{here}?into={refunds.pk}").status_code == 303, "not into itself"
    answer = world.chen.post(here, {"into": str(refund.pk)})
    assert answer.headers["Location"] == f"{TAGS}{refund.pk}/?saved=1"
    assert "stands for it" in shown(world, f"{TAGS}{refunds.pk}/")
    assert world.chen.post(here, {"into": str(refund.pk)}).status_code == 303, "twice does no harm"


def test_others_find_no_such_pages(world: World) -> None:
    refund = tag(world.conversation(), name="refund", by=SYSTEM)
    for path in (TAGS, f"{TAGS}{refund.pk}/", f"{TAGS}{refund.pk}/merge/"):
        assert world.amara.get(path).status_code == 404


def test_who_changed_a_tag_stands_in_the_history(world: World) -> None:
    refund = tag(world.conversation(), name="refund", by=SYSTEM)
    assert "Chen" not in world.chen.get("/settings/history/?section=tags").content.decode().split("<main")[1]
    world.chen.post(f"{TAGS}{refund.pk}/", {"do": "name", "name": "money"})
    assert "Chen" in world.chen.get("/settings/history/?section=tags").content.decode().split("<main")[1]
