"""The field that finds a setting stands on every page of the settings, whoever adds one."""

from typing import Final

from heed.testing.world import World
from tests.contracts.test_history import prove
from tests.contracts.test_walk import WALKED, knock, stage

FIELD: Final = 'role="search" action="/settings/"'
NO_PAGES: Final = {
    "settings/parked/mails/<int:number>/raw/": "a mail as it came",
    "settings/you/security/app/": "for who has no app yet",
    "settings/mailboxes/authorized/": "leads on to the mailbox",
}
PAGES: Final = [
    (pattern, door)
    for pattern, door in WALKED
    if pattern.startswith("settings/") and door.method == "GET" and pattern not in NO_PAGES
]


def test_a_setting_is_looked_for_from_every_page_of_the_settings(unchecked_world: World) -> None:
    world = unchecked_world
    facts = stage(world)
    prove(world)
    assert len(PAGES) > 40
    for pattern, door in PAGES:
        answer = knock(world, "chen", door, pattern, facts)
        text = answer.content.decode()
        assert answer.status_code == 200, pattern
        assert text.count('id="settings-found"') == text.count(FIELD) == 1, pattern
