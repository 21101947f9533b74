"""A token server of the tests' own, after RFC 6749, 7636 and 7662: gives tokens, takes them back, can be slow."""

import base64
import hashlib
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from heed.kernel.config import config
from heed.kernel.mail_words import MailProvider
from heed.mailboxes.providers import PROVIDERS

APP = ("the-desk", "s3cret")


@dataclass
class TokenServer:
    """What it knows, and how it behaves."""

    port: int = 0
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # code -> challenge, return address
    refresh: dict[str, str] = field(default_factory=dict)  # refresh token -> user
    access: dict[str, str] = field(default_factory=dict)  # good access tokens -> user
    asked: list[str] = field(default_factory=list)  # grant types
    slow_seconds: float = 0.0
    lasts_seconds: int = 3600
    garbled: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def consent(self, asked_url: str) -> dict[str, str]:
        """A person says yes on the provider's page; what comes back to the desk."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(asked_url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == APP[0]
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{next(self.numbers)}"
        self.codes[code] = (asked["code_challenge"], asked["redirect_uri"])
        return {"state": asked["state"], "code": code}

    def take_back(self) -> None:
        """The person says no after all."""
        self.refresh.clear()
        self.access.clear()

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(form.get("grant_type", ""))
        if (form.get("client_id"), form.get("client_secret")) != APP:
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            challenge, return_to = self.codes.pop(form["code"], ("", ""))
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            found = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if found != challenge or form["redirect_uri"] != return_to:
                return 400, {"error": "invalid_grant"}
            given = f"refresh-{next(self.numbers)}"
            self.refresh[given] = "help"
            return 200, {**self._access("help"), "refresh_token": given}
        user = self.refresh.get(form["refresh_token"])
        return (
            (200, self._access(user))
            if user
            else (400, {"error": "invalid_grant", "error_description": "gone"})
        )

    def _access(self, user: str) -> dict[str, object]:
        token = f"access-{next(self.numbers)}"
        self.access[token] = user
        return {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts_seconds}


@contextmanager
def token_server() -> Iterator[TokenServer]:
    """One, on a free port."""
    found = TokenServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            time.sleep(found.slow_seconds)
            self._say(*found.answer(form))

        def do_GET(self) -> None:  # Dovecot asks whether a token is good (RFC 7662)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            user = found.access.get(token)
            self._say(200, {"active": True, "username": user} if user else {"active": False})

        def _say(self, status: int, fields: dict[str, object]) -> None:
            said = b"<html>" if found.garbled else json.dumps(fields).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked was tired of waiting
                self.wfile.write(said)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


@contextmanager
def google_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    """One that stands where Google is, with the desk's application known there."""
    with token_server() as server:
        stand_in(server, monkeypatch)
        yield server


def stand_in(server: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this server stand where Google is."""
    google = replace(
        PROVIDERS[MailProvider.GOOGLE], ask_url=f"{server.url}/ask", token_url=f"{server.url}/token"
    )
    monkeypatch.setitem(PROVIDERS, MailProvider.GOOGLE, google)
    for name, value in zip(("google_app_id", "google_app_secret"), APP, strict=True):
        monkeypatch.setattr(type(config), name, value)
