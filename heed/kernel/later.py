"""Libraries that most processes never need: named at the top of a file, loaded when something of them is first used.

    if TYPE_CHECKING:
        from cryptography import fernet
    else:
        fernet = later("cryptography.fernet")

A desk keeps three processes in memory. What weighs a megabyte or more, and is for some desks or some mails alone, comes
in this way; `tests/contracts/test_processes.py` names what may not be there when a desk has just started.
"""

import importlib
from typing import Any


class Later:
    """Stands for a module until it is used, and then gives what the module has."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, found)  # the next look finds it here
        return found


def later(name: str) -> Any:
    """The module of this name, not loaded yet."""
    return Later(name)
