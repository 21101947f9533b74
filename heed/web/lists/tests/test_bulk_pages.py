"""Many conversations from a list: picked, changed, told how far it is, put back; with scripts and without."""

import re
from typing import Any, Final

import pytest

from heed.conversations.actions.state import change_status
from heed.conversations.models import Conversation
from heed.kernel.config import config
from heed.kernel.words import Status
from heed.lists.actions.views import Wanted, add_view
from heed.lists.models import BulkChange
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

HX: Final[dict[str, Any]] = {"HX-Request": "true"}
OPEN: Final = "/inbox/all-open/bulk/"


def priorities(*rows: Conversation) -> list[str]:
    return [Conversation.objects.get(pk=row.pk).priority for row in rows]


def post(world: World, rows: list[Conversation], do: str, *, path: str = OPEN, **more: Any) -> str:
    data = {"number": [row.pk for row in rows], "do": do, "key": do, **more}
    answer = world.amara.post(path, data, **HX)
    assert answer.status_code in (200, 422)
    return answer.content.decode()


def test_those_picked_are_changed_and_put_back_without_scripts(world: World) -> None:
    rows = [world.conversation() for _ in range(3)]
    picked = {"number": [row.pk for row in rows[:2]]}
    page = world.amara.get(f"{OPEN}?number={rows[0].pk}&number={rows[1].pk}").content.decode()
    assert page.count(" checked><span") == 2
    assert "Mark as spam" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    answer = world.amara.post(OPEN, {**picked, "do": "priority:high", "key": key[1]})
    assert answer.status_code == 303
    told = world.amara.get(answer.headers["Location"]).content.decode()
    assert "2 conversations have this priority now: High." in told
    assert priorities(*rows) == ["high", "high", "normal"]
    undo = re.search(r'action="(/bulk/\d+/undo/)"', told)
    assert undo is not None
    back = world.amara.get(world.amara.post(undo[1]).headers["Location"]).content.decode()
    assert "2 conversations are as before." in back
    assert "/undo/" not in back
    assert priorities(*rows) == ["normal"] * 3


def test_what_was_left_is_named_with_its_reason(world: World) -> None:
    closed, row = world.conversation(status=Status.CLOSED, subject="Old <one>"), world.conversation()
    told = post(world, [closed, row], "status:waiting", path="/inbox/solved/bulk/")
    assert "1 conversation: Waiting." in told
    assert "1 was left:" in told
    assert "Old &lt;one&gt;" in told
    assert "its status does not allow it" in told
    change_status(row, to=Status.OPEN, by=SYSTEM)
    undone = world.amara.post(f"/bulk/{BulkChange.objects.latest('pk').pk}/undo/", **HX).content.decode()
    assert "0 conversations are as before." in undone
    assert "changed since" in undone


@pytest.mark.parametrize(
    ("do", "more", "words"),
    [
        ("assign:{me}", {}, "1 conversation is Amara’s now."),
        ("assign", {"assignee": ""}, "1 was so before."),
        ("assign", {"assignee": "{edda}"}, "1 conversation is Edda’s now."),
        ("team", {"team": "{payments}"}, "1 was so before."),
        ("tag", {"tag": " Late  Bell "}, "1 conversation carries “late bell” now."),
        ("untag", {"tag": "bell"}, "1 was so before."),
        ("snooze", {"until_at": "2099-01-01T09:00"}, "1 conversation is snoozed until"),
        ("spam", {}, "1 conversation is in the quarantine."),
        ("trash", {}, "1 conversation is in the trash."),
    ],
)
def test_every_button_says_what_it_did(world: World, do: str, more: dict[str, str], words: str) -> None:
    names = {"me": world.amara.row.pk, "edda": world.edda.row.pk, "payments": world.payments.pk}
    filled = {name: value.format(**names) for name, value in more.items()}
    assert words in post(world, [world.conversation()], do.format(**names), **filled)


@pytest.mark.parametrize(
    ("do", "more", "words"),
    [
        ("burn", {}, "no longer there"),
        ("tag", {"tag": " "}, "Write a tag first."),
        ("snooze", {"until_at": ""}, "Choose a time first."),
        ("snooze", {"until_at": "2020-01-01T09:00"}, "This time has passed."),
        ("merge", {}, "Choose two conversations at least."),
        ("assign", {"assignee": "99999"}, "no longer there"),
    ],
)
def test_what_can_not_be_done_is_said(world: World, do: str, more: dict[str, str], words: str) -> None:
    told = post(world, [world.conversation()], do, **more)
    assert "Nothing was changed." in told
    assert words in told
    assert "Choose at least one" in post(world, [], "priority:high")


def test_many_are_done_step_by_step(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(config), "bulk_step", 2)
    rows = [world.conversation() for _ in range(3)]
    told = post(world, [], "priority:high", numbers=",".join(str(row.pk) for row in rows))
    assert "Changed 2 of 3 conversations" in told
    assert 'hx-trigger="load, submit"' in told
    number = BulkChange.objects.latest("pk").pk
    told = world.amara.post(f"/bulk/{number}/step/", **HX).content.decode()
    assert "3 conversations have this priority now: High." in told
    told = world.amara.post(f"/bulk/{number}/undo/", **HX).content.decode()
    assert "Put back 2 of 3 conversations" in told
    assert (
        "3 conversations are as before." in world.amara.post(f"/bulk/{number}/undo/", **HX).content.decode()
    )
    assert world.amara.post(f"/bulk/{number}/step/", **HX).status_code == 409


def test_the_whole_list_is_changed_and_nothing_beside_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = [world.conversation(assignee=world.amara) for _ in range(3)]
    other = world.conversation()
    view = add_view(Wanted("Mine", "assignee:me"), by=world.amara.actor)
    for path, do in (
        ("/inbox/my-turn/bulk/", "priority:low"),
        (f"/inbox/view-{view.pk}/bulk/", "priority:urgent"),
        (f"/inbox/all-open:team-{world.payments.pk}/bulk/", "priority:high"),
    ):
        post(world, mine[:1], do, path=path, whole="1")
        is_all = "all-open" in path
        assert set(priorities(*mine)) == {do.removeprefix("priority:")}
        assert priorities(other) == ["high" if is_all else "normal"]
    monkeypatch.setattr(type(config), "bulk_most", 2)
    assert "2 conversations" in post(world, [], "priority:normal", path="/inbox/my-turn/bulk/", whole="1")
    assert (
        world.edda.post(f"/inbox/view-{view.pk}/bulk/", {"whole": "1", "do": "spam", "key": "k"}).status_code
        == 404
    )


def test_a_retried_request_does_nothing_twice(world: World) -> None:
    rows = [world.conversation()]
    for _ in range(2):
        assert "1 conversation has this priority now" in post(world, rows, "priority:high")
    assert BulkChange.objects.count() == 1


def test_who_only_looks_picks_nothing(world: World) -> None:
    world.conversation()
    assert 'class="pick"' in world.amara.get("/inbox/all-open/").content.decode()
    assert 'class="pick"' not in world.farid.get("/inbox/all-open/").content.decode()


def test_a_step_and_its_report_need_few_queries(world: World) -> None:
    world.conversation()
    world.amara.get(OPEN, **HX)
    with assert_queries(at_most=12):
        world.amara.get(OPEN, **HX)
    with assert_queries(at_most=12):
        world.amara.get(OPEN)
    post(world, [world.conversation() for _ in range(5)], "priority:high")
    with assert_queries(at_most=12):
        world.amara.get(f"/bulk/{BulkChange.objects.latest('pk').pk}/")
