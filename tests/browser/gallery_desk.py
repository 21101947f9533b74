"""A desk made of the gallery alone: every page, the workspace's addresses, and a stream that a test may feed.

It lets the browser tests look at the presentation without a database: what arrives, what fails, what is slow.
"""

import json
import mimetypes
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import django_htmx
import time_machine
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import timezone

from heed.testing import gallery
from heed.ui.respond import variables

PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC = (Path("heed/ui/static"), Path(django_htmx.__file__).parent / "static")
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
MAIL = (
    "<!doctype html><meta charset=utf-8><title>Mail</title><body><p>Hello</p><p>"
    + "long<br>" * 30
    + "</p></body>"
)


class GalleryDesk(ThreadingHTTPServer):
    """What is drawn under which name, what was asked, and who listens."""

    daemon_threads = True

    def __init__(self, drawn: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.drawn = drawn
        self.asked: list[tuple[str, str, bytes]] = []
        self.listeners: list[queue.Queue[str]] = []
        self.reply = ("_reading", 200)
        self.is_down = False

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def tell(self, conversation: int, event: int, kind: str) -> None:
        """Send one live message to every listener."""
        data = json.dumps({"conversation": conversation, "event": event, "kind": kind})
        for listener in list(self.listeners):
            listener.put(f"id: {event}\ndata: {data}\n\n")

    def posted(self, ending: str) -> list[bytes]:
        """The bodies of all forms sent to addresses that end so."""
        return [body for method, path, body in self.asked if method == "POST" and path.endswith(ending)]

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news."""


class Answer(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: GalleryDesk

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def give(self, status: int, body: bytes, kind: str = "text/html; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if not self.path.startswith("/frame/"):
            self.send_header("Content-Security-Policy", POLICY)
        if self.path.startswith("/static/"):
            self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(body)

    def draw(self, name: str, status: int = 200) -> None:
        page = self.server.drawn.get(name)
        self.give(404, b"") if page is None else self.give(status, page.encode())

    def hang_up(self) -> bool:
        if self.server.is_down:
            self.close_connection = True
            self.connection.close()
        return self.server.is_down

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.server.asked.append(("GET", self.path, b""))
        if self.hang_up():
            return
        if path.startswith("/static/"):
            found = next((base / path[8:] for base in STATIC if (base / path[8:]).exists()), None)
            kind = mimetypes.guess_type(path)[0] or "text/plain"
            self.give(200, found.read_bytes(), kind) if found else self.give(404, b"")
        elif path.startswith("/gallery/"):
            self.draw(path.removeprefix("/gallery/"))
        elif path.startswith("/frame/"):
            self.give(200, MAIL.encode())
        elif path == "/live/":
            self.stream()
        else:
            self.workspace(path)

    def workspace(self, path: str) -> None:
        """List, conversation, details, timeline and menu, as fragments for HTMX."""
        parts = path.strip("/").split("/")
        fragment = "HX-Request" in self.headers and "HX-History-Restore-Request" not in self.headers
        last = parts[-1]
        if path == "/menu/" or last == "menu":
            self.draw("_nav_links" if fragment else "menu")
        elif last == "timeline":
            self.draw("_timeline")
        elif last == "details":
            self.draw("_reading" if fragment else "details")
        elif last.isdigit():
            self.draw("_reading" if fragment else "conversation")
        elif parts[0] == "inbox":
            again = self.headers.get("HX-Trigger") == "list"
            self.draw(("_list_again" if again else "_list") if fragment else "my-turn")
        else:
            self.give(404, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(("POST", self.path, body))
        if self.hang_up():
            return
        if self.path == "/drafts/":
            self.give(200, b"")
        elif self.path.endswith("/reply/"):
            time.sleep(0.2)  # long enough for a second click
            self.draw(*self.server.reply)
        else:
            self.draw("_reading")

    def stream(self) -> None:
        mine: queue.Queue[str] = queue.Queue()
        self.server.listeners.append(mine)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while not self.server.is_down:
                try:
                    said = mine.get(timeout=0.1)
                except queue.Empty:
                    said = ": \n\n"  # notices a listener that is gone
                self.wfile.write(said.encode())
                self.wfile.flush()
        finally:
            self.server.listeners.remove(mine)
            self.close_connection = True


def draw_gallery(now: datetime) -> dict[str, str]:
    """Every page and fragment of the gallery at this moment, by its name, in the language that holds."""
    with (
        time_machine.travel(now, tick=False),
        timezone.override("Europe/Berlin"),
        override_settings(STORAGES=PLAIN),
    ):
        return {
            name: render_to_string(template, variables(context), RequestFactory().get("/"))
            for name, template, context in [*gallery.pages(now), *gallery.fragments(now)]
        }


@contextmanager
def running(drawn: dict[str, str]) -> Iterator[GalleryDesk]:
    """The desk, until the block is left."""
    desk = GalleryDesk(drawn)
    threading.Thread(target=desk.serve_forever, daemon=True).start()
    try:
        yield desk
    finally:
        desk.shutdown()
        desk.server_close()
