"""Where an agent is logged in, noted as their browser comes by: at log-in, then every few minutes, never each page."""

from typing import Final

from django.http import HttpRequest

from heed.kernel import clock
from heed.people.actions.sessions import Device, note_session
from heed.people.policy import Actor

NOTED_SECONDS: Final = 300
KEY: Final = "noted"  # in the session: under which key it is known, and since when

# What browsers say of themselves names others too, so the first that is found here is what it is.
BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> Device:
    """The names of browser and system in what a browser says of itself; empty for what nobody knows. Pure."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    return Device(browser, next((name for mark, name in SYSTEMS if mark in user_agent), ""))


def begin(request: HttpRequest, actor: Actor) -> None:
    """Note a session that has just begun."""
    if request.session.session_key is None:
        request.session.save()
    _note(request, actor, before="")


def come_by(request: HttpRequest, actor: Actor) -> None:
    """Note a session if it never was, as one that a former version began, some minutes ago, or under another key."""
    noted = request.session.get(KEY)
    if noted is None:
        begin(request, actor)
        return
    key, at = noted
    if key != request.session.session_key or clock.now().timestamp() - at > NOTED_SECONDS:
        _note(request, actor, before=key)


def _note(request: HttpRequest, actor: Actor, *, before: str) -> None:
    key = request.session.session_key or ""
    note_session(key, before=before, device=device_of(request.headers.get("User-Agent", "")), by=actor)
    request.session[KEY] = [key, int(clock.now().timestamp())]
