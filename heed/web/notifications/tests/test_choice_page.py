"""The page on which one says what one is told of."""

from heed.kernel.notice_words import NotificationChannel, NotificationKind
from heed.notifications.queries import wanted_of
from heed.testing.queries import assert_queries
from heed.testing.world import World

HERE = "/settings/you/notifications/"


def test_the_page_keeps_what_is_chosen(world: World) -> None:
    form = {"mention": ["page", "mail"], "due_soon": ["push"], "quiet_from": "20:00", "quiet_to": "07:30"}
    answer = world.amara.post(HERE, {**form, "quiet_day": ["5", "6"], "has_push_text": "1"})
    assert answer["Location"] == f"{HERE}?saved=1"
    wanted = wanted_of(world.amara.actor)
    assert wanted.by(NotificationKind.MENTION) == {NotificationChannel.PAGE, NotificationChannel.MAIL}
    assert wanted.by(NotificationKind.REPLY) == set()
    assert (wanted.quiet_from, wanted.quiet_to, wanted.quiet_days) == (1200, 450, [5, 6])
    world.amara.get(HERE)  # the first look makes the desk's key for devices
    with assert_queries(at_most=8):
        page = world.amara.get(f"{HERE}?saved=1").content.decode()
    assert "Saved." in page
    assert 'name="quiet_from" value="20:00"' in page
    assert 'name="has_push_text" value="1" checked' in page
    assert 'name="mention" value="mail" checked' in page
    assert 'name="reply" value="page">' in page


def test_half_of_quiet_hours_is_said_in_place(world: World) -> None:
    for typed in ({"quiet_from": "20:00"}, {"quiet_from": "nine", "quiet_to": "07:00"}):
        answer = world.amara.post(HERE, typed)
        assert answer.status_code == 422
        assert "error-quiet" in answer.content.decode()
    assert wanted_of(world.amara.actor).quiet_from is None
