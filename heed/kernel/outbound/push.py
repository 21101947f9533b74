"""Handing a message to the push service that a browser named: an address of somebody else's choosing, so guarded."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass

from heed.kernel.outbound.public import PublicFetcher


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What a push service says, and when it wants to be asked again: Retry-After as written, empty without one."""

    status: int
    retry_after: str = ""


class PushSender(PublicFetcher):
    """Posts to the public internet only, by https alone."""

    schemes: tuple[str, ...] = ("https",)
    headers: Mapping[str, str] = {"Connection": "close", "User-Agent": "Heed"}

    def send(
        self, url: str, body: bytes, *, headers: Mapping[str, str], timeout_seconds: float
    ) -> PushAnswer:
        """What the service answers. Raises NotFetched, OutboundInsideTransaction."""

        def read(response: http.client.HTTPResponse) -> PushAnswer:
            return PushAnswer(response.status, response.headers.get("Retry-After", ""))

        return self._post(url, body, headers, read, timeout_seconds)
