"""Parts of pages that read the same for everybody, rows and links: drawn once, and given again for a moment.

Whoever works at one desk looks at the same rows of the same lists, and looks again after each event: drawing rows was
half of such a page. A part is drawn from values alone, so what it says is decided by them, by the reader's language and
zone, and by the moment, since it tells times. Whatever a reader may not see never was among the values.
"""

from collections.abc import Callable, Hashable
from typing import Final

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from heed.kernel import clock

KEPT_SECONDS: Final = 5  # a part tells the time of up to so long ago; the page's script keeps times fresh
MOST: Final = 1_000  # of some two kilobytes


class Parts:
    """What was drawn in the present moment. Used by several threads: the worst is that two draw the same."""

    def __init__(self) -> None:
        self._moment = 0
        self._drawn: dict[Hashable, SafeString] = {}

    def get(self, key: Hashable, draw: Callable[[], SafeString]) -> SafeString:
        """The part of this key, drawn if it was not yet."""
        moment = int(clock.now().timestamp()) // KEPT_SECONDS
        drawn = self._drawn
        if moment != self._moment or len(drawn) >= MOST:
            drawn = self._drawn = {}
            self._moment = moment
        found = drawn.get(key)
        if found is None:
            found = drawn[key] = draw()
        return found


_parts = Parts()


def part(template: str, **values: Hashable) -> SafeString:
    """This template with these values and nothing else of the page; they are hashable, down to what hangs on them."""
    key = (template, get_language(), get_current_timezone_name(), *values.items())
    return _parts.get(key, lambda: SafeString(get_template(template).render(dict(values))))
