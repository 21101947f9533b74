"""Asking an OAuth token server: a form goes there, a JSON object comes back."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from heed.kernel.outbound.guard import require_allowed

_ANSWER_BYTES: Final = 1_000_000


class NoToken(Exception):
    """The server could not be asked, or made no sense: worth asking again. The text says why, without values."""


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """What the server said; status 200 with tokens, 400 or 401 with an error."""

    status: int
    fields: Mapping[str, object]

    def text(self, name: str) -> str:
        """A field that is a text; empty when it is not there or is something else."""
        found = self.fields.get(name)
        return found if isinstance(found, str) else ""


def ask_for_token(url: str, form: Mapping[str, str], *, timeout_seconds: float) -> TokenAnswer:
    """Send a form to a token server. https, but for servers on this machine. Raises NoToken.

    The time-out holds for each wait on the line. Raises OutboundInsideTransaction inside a unit of work.
    """
    require_allowed()
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        line: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, parts.port, timeout=timeout_seconds, context=ssl.create_default_context()
        )
    elif parts.scheme == "http" and host in ("127.0.0.1", "localhost", "::1"):
        line = http.client.HTTPConnection(host, parts.port, timeout=timeout_seconds)
    else:
        raise NoToken("a token server is asked by https")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    status = 0
    try:
        line.request("POST", f"{parts.path}?{parts.query}".rstrip("?"), urlencode(form), headers)
        answer = line.getresponse()
        status = answer.status
        said = answer.read(_ANSWER_BYTES)
        fields = json.loads(said)
    except (OSError, http.client.HTTPException) as error:
        raise NoToken(type(error).__name__) from None
    except ValueError:
        raise NoToken(f"no JSON came back, status {status}") from None
    finally:
        line.close()
    if not isinstance(fields, dict):
        raise NoToken("no JSON object came back")
    return TokenAnswer(status, fields)
