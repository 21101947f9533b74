from heed.conversations import queries
from heed.kernel.words import Status
from heed.testing.queries import assert_queries
from heed.testing.world import World


def test_each_status_can_be_arranged(world: World) -> None:
    for status in Status:
        assert world.conversation(status=status).status == status


def test_a_mail_becomes_a_message_when_the_desk_settles(world: World) -> None:
    world.mail_from(world.dalia, subject="The bell is mute")
    world.settle()
    found = queries.unassigned(world.amara.actor)
    assert [row.subject for row in found.rows] == ["The bell is mute"]
    world.mail_from(world.dalia, reply_to=found.rows[0], text="Still mute.")
    world.settle()
    assert found.rows[0].messages.filter(direction="in").count() == 2


def test_lists(world: World) -> None:
    a = world.conversation(assignee=world.amara)
    world.read_log()
    actor = world.amara.actor
    with assert_queries(at_most=2):
        assert [r.pk for r in queries.my_turn(actor).rows] == [a.pk]
    print(queries.counts(actor), queries.all_open(actor), queries.waiting(actor), queries.solved(actor))
    with assert_queries(at_most=8):
        print(queries.timeline(actor, a))
    with assert_queries(at_most=9):
        print(queries.panel(actor, a))
