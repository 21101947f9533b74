"""Questions to name servers for one mail: counted in time, and answered as the checking libraries want it."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Protocol, TypeVar

from heed.kernel.outbound.dns import DnsUnanswered, Mx

T = TypeVar("T")


class Names(Protocol):
    """What the checks ask: `heed.kernel.outbound.dns.Dns` is one. Each raises DnsUnanswered."""

    def txt(self, name: str) -> list[str]: ...
    def mx(self, name: str) -> list[Mx]: ...
    def addresses(self, name: str, *, kinds: Sequence[str] = ...) -> list[str]: ...
    def names_of(self, address: str) -> list[str]: ...


class Asking:
    """The questions of one mail, within a time; `is_unanswered` tells whether one of them was not answered."""

    def __init__(self, names: Names, *, seconds: float) -> None:
        self._names = names
        self._until = monotonic() + seconds
        self.is_unanswered = False

    def txt(self, name: str) -> list[str]:
        """The texts at a name. Raises DnsUnanswered."""
        return self._within(lambda: self._names.txt(name))

    def mx(self, name: str) -> list[Mx]:
        """The mail servers of a domain. Raises DnsUnanswered."""
        return self._within(lambda: self._names.mx(name))

    def addresses(self, name: str, kind: str) -> list[str]:
        """The addresses of a host. Raises DnsUnanswered."""
        return self._within(lambda: self._names.addresses(name, kinds=(kind,)))

    def names_of(self, address: str) -> list[str]:
        """The names of an address. Raises DnsUnanswered."""
        return self._within(lambda: self._names.names_of(address))

    def key(self, name: bytes, timeout: float = 0.0) -> bytes:
        """The record of a signing key, as dkimpy asks for it: of several the first that looks like one."""
        found = self.txt(name.decode("ascii", "replace"))
        fitting = [text for text in found if "p=" in text]
        return (fitting or found or [""])[0].encode("ascii", "replace")

    def _within(self, ask: Callable[[], T]) -> T:
        if monotonic() >= self._until:
            self.is_unanswered = True
            raise DnsUnanswered("time")
        try:
            return ask()
        except DnsUnanswered:
            self.is_unanswered = True
            raise
