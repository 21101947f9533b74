from heed.conversations import queries
from heed.kernel.words import Status
from heed.testing.world import World


def test_each_status_can_be_arranged(world: World) -> None:
    for status in Status:
        assert world.conversation(status=status).status == status


def test_a_mail_becomes_a_message_when_the_desk_settles(world: World) -> None:
    world.mail_from(world.dalia, subject="The bell is mute")
    world.settle()
    (found,) = queries.unassigned(world.amara.actor).rows
    assert found.subject == "The bell is mute"
    world.mail_from(world.dalia, reply_to=found, text="Still mute.")
    world.settle()
    assert found.messages.filter(direction="in").count() == 2
