"""Who a browser's session belongs to, asked of Django's session engine as a page would ask."""

from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from heed.people.demands import is_overdue
from heed.people.models import Agent

LONGEST_KEY: Final = 40  # of the column that holds it

_Store: Any = import_module(settings.SESSION_ENGINE).SessionStore  # the engine is chosen by name


def session_of(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The session's key among the cookies of a request; None also for what no key of ours can be."""
    cookies = "; ".join(value.decode("latin1") for name, value in headers if name == b"cookie")
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    return key if key.isascii() and key.isalnum() and len(key) <= LONGEST_KEY else None


def agent_of(session: str) -> int | None:
    """The key of the agent who is logged in; None when nobody is, the password was changed since, or no page shows."""
    request = HttpRequest()
    request.session = _Store(session)
    agent = get_user(request)
    if not isinstance(agent, Agent) or not agent.is_active or is_overdue(agent):
        return None
    return agent.pk
