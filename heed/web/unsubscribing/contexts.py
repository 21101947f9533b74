"""What the page shows at which somebody asks for no more automatic mail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribingPage:
    """unsubscribing/page.html. state: asked (not done yet), done, again (it leaves again), unknown, too_often."""

    state: str
    href: str = ""  # POST; with again: undoes it
    brand: str = ""
    address: str = ""  # as much of it as its owner needs to know it
