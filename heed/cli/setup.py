"""What the commands that set up a desk share: finding by name, and saying in one sentence why something is not done.

Each of them exits with 0 when the desk is as was asked, also when it was so before; with 1 when something of that
name is there but is another, and then changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from heed.brands.models import Brand, Inbox
from heed.cli.problem import Problem
from heed.kernel.errors import Unusable
from heed.people.actions import AlreadyThere
from heed.people.models import Team
from heed.people.policy import SYSTEM
from heed.people.queries import brands_to_set_up, inbox_to_set_up, teams_to_set_up


@contextmanager
def plainly() -> Iterator[None]:
    """What a verb refuses becomes a Problem."""
    try:
        yield
    except AlreadyThere:
        raise Problem(
            "something else on this desk has this name or address already, so nothing was changed."
        ) from None
    except Unusable as error:
        raise Problem(f"the {error.field} can't be used ({error.reason}), so nothing was changed.") from None


def brand_called(slug: str) -> Brand:
    """The brand with this short name. Raises Problem, which lists those there are."""
    brands = {brand.slug: brand for brand in brands_to_set_up(SYSTEM)}
    if slug not in brands:
        there = f"there are: {', '.join(brands)}." if brands else "there is none yet: `heed init` makes one."
        raise Problem(f"no brand has the short name {slug}; {there}")
    return brands[slug]


def inbox_called(address: str) -> Inbox:
    """The inbox with this address. Raises Problem."""
    inbox = inbox_to_set_up(SYSTEM, address)
    if inbox is None:
        raise Problem(f"no inbox has the address {address}; `heed inbox` makes one.")
    return inbox


def label(team: Team) -> str:
    """A team's name as no other team has it: BRAND/NAME."""
    return f"{team.brand.slug}/{team.name}"


def team_called(name: str) -> Team:
    """The one team that is called so, alone or as BRAND/NAME. Raises Problem for none, and for several."""
    teams = teams_to_set_up(SYSTEM)
    found = [team for team in teams if label(team) == name] or [team for team in teams if team.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise Problem(f"several teams are called {name}; say which: {', '.join(map(label, found))}.")
    there = (
        f"there are: {', '.join(map(label, teams))}."
        if teams
        else "there is none yet: `heed team` makes one."
    )
    raise Problem(f"no team is called {name}; {there}")
