"""Solved closes after days of silence: whatever we write begins them anew."""

from datetime import timedelta

from heed.conversations.actions.answering import reply
from heed.conversations.models import Timer
from heed.kernel import clock
from heed.kernel.words import Status, TimerKind
from heed.testing.world import World


def test_an_answer_to_something_solved_begins_the_days_of_silence_anew(world: World) -> None:
    conversation = world.conversation(status="solved")
    Timer.objects.filter(kind=TimerKind.CLOSE).update(due_at=clock.now() + timedelta(hours=1))
    reply(conversation, answer=world.answer(then=Status.SOLVED), by=world.amara.actor)
    assert world.reload(conversation).status == Status.SOLVED
    assert Timer.objects.filter(kind=TimerKind.CLOSE, due_at__gt=clock.now() + timedelta(days=6)).exists()
