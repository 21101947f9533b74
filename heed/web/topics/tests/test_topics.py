"""Settings of topics and custom fields: made, moved, archived in place, and what was typed wrong stays typed."""

from heed.brands.models import Topic
from heed.kernel.words import FieldKind
from heed.people.actions.topics import add_field, add_topic
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

TOPICS = "/settings/topics/"


def shown(world: World, path: str) -> str:
    return world.chen.get(path).content.decode()


def test_an_admin_grows_a_tree_and_sees_it_on_one_page(world: World) -> None:
    assert "There is no topic yet" in shown(world, TOPICS)
    linden = {"brand": str(world.linden.pk)}
    answer = world.chen.post(TOPICS, {**linden, "name": "Money"})
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"{TOPICS}?brand={world.linden.pk}&saved=1",
    )
    money = Topic.objects.get(name="Money")
    world.chen.post(TOPICS, {**linden, "name": "Refunds", "parent": str(money.pk)})
    refunds = Topic.objects.get(name="Refunds")
    world.chen.post(f"{TOPICS}{refunds.pk}/", {"do": "field", "field_name": "Order", "kind": "text"})
    world.chen.post(
        TOPICS,
        {**linden, "do": "field", "field_name": "Device", "kind": "choice", "choices": "Phone\nTablet\n"},
    )
    html = shown(world, f"{TOPICS}?brand={world.linden.pk}")
    assert html.index("Money") < html.index("Refunds") < html.index("Order")
    assert "Phone" in html
    assert "Device" in shown(world, f"{TOPICS}{refunds.pk}/"), "it has the fields from above"
    assert "Money" not in shown(world, f"{TOPICS}?brand={world.kestrel.pk}")
    assert world.chen.get(f"{TOPICS}?brand=999").status_code == 404


def test_a_topic_is_renamed_moved_archived_and_offered_again(world: World) -> None:
    money = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    late = add_topic(world.linden, name="Late", parent=None, by=SYSTEM)
    here = f"{TOPICS}{late.pk}/"
    assert (
        world.chen.post(here, {"do": "name", "name": "Late parcels", "parent": str(money.pk)}).status_code
        == 303
    )
    late.refresh_from_db()
    assert (late.name, late.parent_id) == ("Late parcels", money.pk)
    world.chen.post(f"{TOPICS}{money.pk}/", {"do": "archive"})
    assert "Archived, itself or one above it" in shown(world, here)
    world.chen.post(f"{TOPICS}{money.pk}/", {"do": "restore"})
    assert "Archived" not in shown(world, here)


def test_what_cannot_be_used_is_said_beside_its_field_and_stays_typed(world: World) -> None:
    money = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    late = add_topic(world.linden, name="Late", parent=money, by=SYSTEM)
    for path, data, said in (
        (TOPICS, {"name": "money"}, "There is one of this name already."),
        (TOPICS, {"name": ""}, "This is still empty."),
        (TOPICS, {"name": "Bikes", "parent": "999"}, "This choice is no longer there."),
        (f"{TOPICS}{money.pk}/", {"name": "Money", "parent": str(late.pk)}, "can’t stand below itself"),
        (
            TOPICS,
            {"do": "field", "field_name": "Device", "kind": "choice", "choices": " "},
            "This is still empty.",
        ),
    ):
        answer = world.chen.post(path, {"brand": str(world.linden.pk), **data})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert said in html
        assert f'value="{data.get("name") or data.get("field_name", "")}"' in html


def test_a_field_is_renamed_and_archived_and_its_kind_stays(world: World) -> None:
    made = add_field(
        world.linden, topic=None, name="Device", kind=FieldKind.CHOICE, choices=["Phone"], by=SYSTEM
    )
    here = f"{TOPICS}fields/{made.pk}/"
    data = {"do": "name", "field_name": "Machine", "choices": "Phone\r\nTablet", "kind": "number"}
    assert world.chen.post(here, data).status_code == 303
    made.refresh_from_db()
    assert (made.name, made.kind, made.choices) == ("Machine", "choice", ["Phone", "Tablet"])
    world.chen.post(here, {"do": "archive"})
    assert "Archived" in shown(world, here)
    world.chen.post(here, {"do": "restore"})
    assert "Archived" not in shown(world, here)
    assert world.chen.post(here, {"do": "name", "field_name": "Machine", "choices": ""}).status_code == 422


def test_a_large_tree_costs_no_more_queries(world: World) -> None:
    def look() -> None:
        world.chen.get(f"{TOPICS}?brand={world.linden.pk}")

    add_topic(world.linden, name="First", parent=None, by=SYSTEM)
    look()
    with assert_queries(at_most=9):
        look()
    for number in range(30):
        add_topic(world.linden, name=f"Topic {number}", parent=None, by=SYSTEM)
        add_field(
            world.linden, topic=None, name=f"Field {number}", kind=FieldKind.TEXT, choices=(), by=SYSTEM
        )
    with assert_queries(at_most=9):
        look()
