"""Every link and button that a page shows leads to a deed that its reader may do, and what they may do is shown.

The same person looks at the same pages with each right alone, and with all but one. What stands on the pages of one who
may do everything is tried each time: where it is shown it is done, where it is not it is refused.
"""

from typing import Any, Final

import pytest
from django.test import Client

from heed.conversations.actions.merging import merge
from heed.conversations.actions.state import change_status
from heed.kernel import clock
from heed.kernel.permissions import GROUPS, PRESETS, Permission, Permissions, written
from heed.kernel.words import Role, Status
from heed.people.actions.agents import change_role
from heed.people.actions.roles import add_role
from heed.people.models import CustomRole
from heed.people.policy import SYSTEM
from heed.testing.world import World
from heed.web.settings.sections import SECTIONS
from tests.contracts.offers import Offer, offers_of
from tests.contracts.test_walk import stage, undone

pytestmark = pytest.mark.engineless  # what may be offered is decided without a look at the database

SEES: Final = frozenset({Permission.SEE_OWN_TEAMS})
ALL: Final = frozenset(Permission) - {Permission.SEE_ALL, Permission.SEE_RESTRICTED, Permission.SEE_LED_TEAMS}
OF_SETTINGS: Final = frozenset(GROUPS["settings"])
OF_WORK: Final = ALL - OF_SETTINGS - SEES
REFUSED: Final = (403, 404)
HERE: Final = "/inbox/all-open"
WORK: Final = (
    f"{HERE}/",
    f"{HERE}/bulk/?number={{number}}",
    f"{HERE}/{{number}}/",
    f"{HERE}/{{solved}}/",
    f"{HERE}/{{merged}}/",
    f"{HERE}/{{spam}}/",
    f"{HERE}/{{deleted}}/",
    f"{HERE}/{{number}}/merge/?with={{solved}}",
    f"{HERE}/{{number}}/restrict/",
    f"{HERE}/{{number}}/print/",
    "/inbox/view-{view}/",
    "/views/{view}/edit/",
    "/views/new/",
    "/customers/{customer}/",
    "/trash/",
    "/sides/",
    "/sides/{side}/",
    "/conversations/{number}/sides/new/",
    "/messages/{message}/forward/",
    "/new/",
    "/notifications/",
)
SETTINGS: Final = (
    *(section.href for section in SECTIONS),
    "/settings/mail-health/round-trips/{inbox}/",
    "/settings/brands/{brand}/",
    "/settings/people/{person}/",
)


def roles(rights: Permissions) -> list[Permissions]:
    """What the one who looks may do, one after the other."""
    built_in = [PRESETS[role] for role in (Role.VIEWER, Role.AGENT, Role.LEAD)]
    alone = [SEES | {one} for one in sorted(rights)]
    without = [ALL - {one} for one in sorted(rights & OF_WORK)]  # settings have nothing that takes two rights
    return list(dict.fromkeys([SEES, *built_in, *alone, *without]))


class Reader:
    """Amara, whose role says each time something else."""

    def __init__(self, world: World, pages: tuple[str, ...]) -> None:
        facts = _staged(world)
        self.pages = [page.format(**facts) for page in pages]
        self.role: CustomRole = add_role("Whoever looks", permissions=ALL, by=SYSTEM)
        change_role(world.amara.row, to=self.role, by=SYSTEM)
        self.client: Client = world.amara.client
        self.tried: dict[Offer, dict[Permissions, bool]] = {}

    def may(self, rights: Permissions) -> None:
        """From now on these, and no others."""
        CustomRole.objects.filter(pk=self.role.pk).update(permissions=written(rights))

    def offered(self) -> set[Offer]:
        """All that is offered on these pages."""
        found: set[Offer] = set()
        for page in self.pages:
            answer = self.client.get(page)
            assert answer.status_code in (200, *REFUSED), page
            if answer.status_code == 200:
                found.update(offers_of(answer.content.decode(), here=page.partition("?")[0]))
        return {
            offer for offer in found if "/raw/" not in offer.address
        }  # of what came past intake there is none

    def is_let(self, offer: Offer, held: Permissions) -> bool | None:
        """Whether they may do it: it is done, and has not happened afterwards. None: the form asked for something else.

        Not again for one with more rights than another who may, and with fewer than another who may not.
        """
        tries = self.tried.setdefault(offer, {})
        for other, may in tries.items():
            if other <= held if may else held <= other:
                return may
        with undone():
            data: dict[str, list[str]] = {}
            for name, value in offer.data:
                data.setdefault(name, []).append(value)
            ask = self.client.get if offer.method == "GET" else self.client.post
            status = ask(offer.address, data or None).status_code
        assert status < 500, f"{offer}: {status}"
        if status < 400 or status in REFUSED:
            tries[held] = status < 400
        return tries.get(held)


def _staged(world: World) -> dict[str, Any]:
    facts = stage(world)
    solved, merged = world.conversation(), world.conversation()
    change_status(solved, to=Status.SOLVED, by=SYSTEM)
    merge(merged, into=world.conversation(), by=SYSTEM)
    return facts | {"solved": solved.pk, "merged": merged.pk}


@pytest.mark.engineless  # rights are decided in Python, and the queries that ask for them are walked on both engines
@pytest.mark.parametrize(
    ("pages", "rights"), [(WORK, OF_WORK), (SETTINGS, OF_SETTINGS)], ids=["work", "settings"]
)
def test_what_is_shown_may_be_done_and_what_may_be_done_is_shown(
    unchecked_world: World, pages: tuple[str, ...], rights: Permissions
) -> None:
    with clock.at(clock.now()):
        reader = Reader(unchecked_world, pages)
        everything = reader.offered()
        assert len(everything) > 60
        wrong = []
        for held in roles(rights):
            reader.may(held)
            mine = reader.offered()
            for offer in {*mine, *everything}:  # as it stands on one's own page, where it does
                is_let = reader.is_let(offer, held)
                if offer in mine and is_let is False:
                    wrong.append(f"{' '.join(sorted(held))}: {offer} is shown, and refused")
                elif offer not in mine and offer.method == "POST" and is_let:
                    wrong.append(f"{' '.join(sorted(held))}: {offer} may be done, and is not shown")
    assert not wrong, "\n".join(sorted(wrong))
