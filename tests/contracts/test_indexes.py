"""An index of a few rows is found although its condition is a value: PostgreSQL plans before it looks at values."""

from collections.abc import Callable

import pytest

from heed.conversations import unsent
from heed.conversations.actions.beforehand import sent_before
from heed.delivery import queries as delivery
from heed.intake.queries import all_parked
from heed.testing.queries import plans
from heed.testing.world import World

READS: dict[str, tuple[str, Callable[[World], object]]] = {
    "answer_sent_once": ("sent_once", lambda world: sent_before("a form's key", world.amara.actor)),
    "receipt_parked": ("intake_receipt", lambda world: all_parked(world.chen.actor)),
    "blob_unused": ("unused_at", lambda _: unsent.step()),
    "delivery_parked": ("reason", lambda world: delivery.parked(world.chen.actor)),
    "delivery_by_provider_id": ("provider_id", lambda _: delivery.by_provider_id("0100")),
}


@pytest.mark.parametrize("index", READS)
def test_a_read_of_few_finds_its_index(world: World, index: str) -> None:
    about, read = READS[index]
    with plans(about) as lines:
        read(world)
    assert index in "\n".join(lines)
