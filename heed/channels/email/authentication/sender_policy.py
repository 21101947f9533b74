"""SPF (RFC 7208): whether a domain lets this server send for it. Apart, since its libraries weigh megabytes."""

import spf

from heed.channels.email.authentication.asking import Asking
from heed.kernel.outbound.dns import DnsUnanswered


def word_of(peer: str, mail_from: str, helo: str, asking: Asking) -> str:
    """The library's word for a server, an envelope sender and a greeting: pass, fail, none and so on."""
    return str(_Spf(peer, mail_from, helo, asking).check()[0])


class _Spf(spf.query):  # type: ignore[misc]  # the library has no types
    """The library's decision, with our questions in place of its own."""

    def __init__(self, peer: str, mail_from: str, helo: str, asking: Asking) -> None:
        super().__init__(peer, mail_from, helo)
        self._asking = asking

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: object = False) -> list[object]:  # noqa: FBT002 - the library's own signature
        """Answers in the library's form, void ones counted as it does (RFC 7208, 4.6.4)."""
        try:
            found = self._records(str(name).rstrip(".").lower(), qtype)
        except DnsUnanswered as error:
            raise spf.TempError(f"DNS {error.code}") from None
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("void lookups")
        return found

    def _records(self, name: str, kind: str) -> list[object]:
        if kind == "TXT":
            return [(text.encode("utf-8", "replace"),) for text in self._asking.txt(name)]
        if kind == "MX":
            return [(one.preference, one.host) for one in self._asking.mx(name)]
        if kind in ("A", "AAAA"):
            return list(self._asking.addresses(name, kind))
        return []

    def dns_ptr(self, address: str) -> list[str]:
        """The names of the address that the mail came from."""
        try:
            return self._asking.names_of(self.c)
        except DnsUnanswered as error:
            raise spf.TempError(f"DNS {error.code}") from None
