"""Who can log in to the demo company: made for each installation, kept for its owner's eyes."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypedDict

from heed.demo.story import Who
from heed.kernel.config import config
from heed.people.models import Agent

FILE: Final = "demo-logins.json"
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aeiou"
_WORDS, _SYLLABLES = 4, 2  # 51 bits


class Login(TypedDict):
    """How one agent logs in."""

    email: str
    password: str
    role: str


def new_password() -> str:
    """Four words of no language, quick to type: luki-foba-reto-misa."""
    return "-".join(
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_SYLLABLES))
        for _ in range(_WORDS)
    )


def keep(given: list[Login]) -> None:
    """Afterwards only the owner of HEED_HOME can read them there."""
    path = _path()
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(given, file, ensure_ascii=False, indent=1)
        os.fsync(file.fileno())


def logins() -> list[Login]:
    """Who can log in, the admin first; nobody when this desk has no demo company, or got it from another folder."""
    try:
        kept: list[Login] = json.loads(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    there = set(Agent.objects.filter(is_active=True).values_list("email", flat=True))
    return [login for login in kept if login["email"] in there]


def passwords(given: list[Login]) -> Mapping[Who, str]:
    """The passwords by agent."""
    return {Who(login["email"].partition("@")[0]): login["password"] for login in given}


def _path() -> Path:
    return config.folder / FILE
