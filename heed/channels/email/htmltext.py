"""HTML bodies: whether parsers may see them."""

import re

from heed.channels.email.limits import Limits

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
# Elements without content, and those whose end is implied: they don't nest by being left open.
_FLAT = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd "  # noqa: SIM905 - a table
    "tr td th thead tbody tfoot option optgroup html head body colgroup".split()
)
_ANY_TAG = re.compile(r"<[^<>]*>")


def is_too_deep(html: str, limits: Limits) -> bool:
    """Say whether more elements are open at once than parsers handle in linear time. One pass."""
    if html.count("<") <= limits.html_open_tags:
        return False
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _FLAT:
            continue
        depth += -1 if match[1] else 1
        depth = max(depth, 0)
        if depth > limits.html_open_tags:
            return True
    return False


def crude_text(html: str) -> str:
    """Return HTML without its tags: for bodies over a limit, which no parser should see."""
    return _ANY_TAG.sub(" ", html)
