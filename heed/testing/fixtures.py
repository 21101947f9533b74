"""Fixtures of every test: the shared world, checked against its log when the test is over."""

from collections.abc import Iterator

import pytest

from heed.testing import world as company
from heed.testing.stage import staged
from heed.testing.world import World


@pytest.fixture
def unchecked_world(db: None) -> World:
    """The company, for tests that break the agreement of rows and log on purpose."""
    return staged(company.build)


@pytest.fixture
def world(unchecked_world: World) -> Iterator[World]:
    """The company. Afterwards every row must be what its events make of it, and every count right."""
    yield unchecked_world
    unchecked_world.check()
