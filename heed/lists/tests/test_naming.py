"""A view goes on showing what it showed when what it names is called otherwise."""

from heed.brands.models import Inbox
from heed.conversations.actions.labels import tag
from heed.conversations.actions.tags import rename_tag
from heed.conversations.actions.topics import note_down
from heed.kernel.words import FieldKind
from heed.lists.actions.views import Wanted, add_view, change_view, delete_view
from heed.lists.models import View, ViewName
from heed.people.actions import add_team
from heed.people.actions.agents import rename_agent, rename_team
from heed.people.actions.brands import change_brand
from heed.people.actions.topics import add_field, add_topic, change_field, move_topic, rename_topic
from heed.people.policy import SYSTEM
from heed.testing.world import Colleague, World


def view(who: Colleague, text: str) -> View:
    return add_view(Wanted("V", text), by=who.actor)


def says(world: World, made: View) -> str:
    world.read_log()
    made.refresh_from_db()
    return made.filter


def test_each_sort_of_name_is_followed(world: World) -> None:
    inbox = Inbox.objects.get(pk=world.help.pk)
    row = world.conversation(inbox=inbox, assignee=world.amara)
    vip = tag(row, name="vip", by=SYSTEM)
    money = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    late = add_topic(world.linden, name="Late", parent=money, by=SYSTEM)
    order = add_field(world.linden, topic=None, name="Order", kind=FieldKind.TEXT, choices=(), by=SYSTEM)
    note_down(row, field=order, value="A1", by=SYSTEM)
    made = view(
        world.chen,
        f'team:payments,"repairs" tag:VIP -topic:money topic:"Money / Late" field:order=A1 '
        f'brand:"{world.linden.name}" assignee:amara',
    )
    rename_team(world.payments, name="Cash", by=SYSTEM)
    rename_tag(vip, name="very important", by=SYSTEM)
    rename_topic(money, name="Bills, all", by=SYSTEM)
    change_field(order, name="Order = number", choices=(), by=SYSTEM)
    change_brand(world.linden, name="Linden Wheels", language="de", time_zone="UTC", by=SYSTEM)
    rename_agent(world.amara.row, name="Zoe", by=SYSTEM)
    assert says(world, made) == (
        'team:Cash,repairs tag:"very important" -topic:"Bills all" topic:"Bills all / Late" '
        'field:"Order number=A1" brand:"Linden Wheels" assignee:Zoe'
    )
    move_topic(late, below=None, by=SYSTEM)
    assert ' topic:"Bills all" topic:Late ' in says(world, made).replace(" -topic", " topic")


def test_what_still_fits_stays_as_it_was_written(world: World) -> None:
    made = view(world.chen, "assignee:edda,me -is:open team:unheard")
    before = made.filter
    rename_agent(world.edda.row, name="Edda Two", by=SYSTEM)
    rename_team(world.payments, name="Unheard", by=SYSTEM)
    assert says(world, made) == before
    assert not ViewName.objects.filter(value="me").exists()


def test_of_two_that_were_called_so_both_are_asked_for(world: World) -> None:
    other = add_team(world.kestrel, name="Payments", by=SYSTEM)
    made = view(world.chen, "team:payments")
    rename_team(other, name="Cash", by=SYSTEM)
    assert says(world, made) == "team:payments,Cash"


def test_nobody_hears_a_name_of_a_brand_that_they_do_not_know(world: World) -> None:
    other = add_team(world.kestrel, name="Payments", by=SYSTEM)
    hidden = add_team(world.kestrel, name="Hidden", by=SYSTEM)
    mine, guessed = view(world.amara, "team:payments"), view(world.amara, "team:hidden")
    for team in (other, hidden):
        rename_team(team, name=f"Secret {team.pk}", by=SYSTEM)
    assert says(world, mine) == "team:payments"
    assert says(world, guessed) == "team:hidden"
    rename_team(world.payments, name="Cash", by=SYSTEM)
    assert says(world, mine) == "team:Cash"


def test_deleted_views_follow_too_and_a_changed_one_names_what_it_says_now(world: World) -> None:
    gone, changed = view(world.chen, "team:payments"), view(world.chen, "team:payments")
    delete_view(gone, by=world.chen.actor)
    change_view(changed, wanted=Wanted("V", "team:repairs"), by=world.chen.actor)
    rename_team(world.payments, name="Cash", by=SYSTEM)
    assert says(world, gone) == "team:Cash"
    assert says(world, changed) == "team:repairs"
    assert list(changed.names.values_list("row", flat=True)) == [world.repairs.pk]
