"""Handing a message to the push service that a browser named: an address of somebody else's choosing, so guarded."""

from collections.abc import Mapping

from heed.kernel.outbound.public import PublicFetcher


class PushSender(PublicFetcher):
    """Posts to the public internet only, by https alone."""

    schemes: tuple[str, ...] = ("https",)
    headers: Mapping[str, str] = {"Connection": "close", "User-Agent": "Heed"}

    def send(self, url: str, body: bytes, *, headers: Mapping[str, str], timeout_seconds: float) -> int:
        """The status that the service answers with. Raises NotFetched, OutboundInsideTransaction."""
        return self._post(url, body, headers, timeout_seconds)
