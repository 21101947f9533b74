"""Every word of the interface goes through its catalogue: in a made-up language no page says anything unmarked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import available_timezones

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import CharField, TextField
from django.test import Client, override_settings
from django.utils import dates, translation
from django.utils.text import capfirst

from heed.kernel.catalogues import LOCALE
from heed.testing.world import World
from tests.contracts.test_walk import DOORS, Door, stage

SPOKEN = "eo"
OPEN, CLOSE, LONGER = "⸨", "⸩", "·"
SAID = ("title", "aria-label", "placeholder", "alt")
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
WRITTEN = {"bdi", "code", "kbd", "pre", "script", "style", "textarea"}
"""Elements that hold what somebody wrote, or what no reader sees."""
ALIKE = {"Heed", "Re", "Fwd", "Amazon", "Mailgun", "MailerSend", "Mandrill", "Postal", "Resend", "Scaleway"}
ALIKE |= {"Mailjet", "Postmark", "Brevo", "SendGrid", "SparkPost", "Alarm"}
"""Names that are the same in every language."""
ADDRESS = re.compile(r"\S+[@/*]\S*|\S+\.(?:example|com|org|png|pdf)\S*|\{\w+\??\}")
WORD = re.compile(r"[A-ZÀ-Þ]*[a-zß-ÿ][A-Za-zÀ-ÿ]+")
"""Small letters are in it: capitals alone are initials or a name such as PDF."""


def marked(text: str) -> str:
    """The text in the made-up language."""
    return f"{OPEN}{text}{LONGER * (len(text) * 2 // 5)}{CLOSE}"


@pytest.fixture
def made_up(tmp_path: Path) -> Iterator[None]:
    """In Esperanto, which no other test speaks, each text stands between marks and is longer by two fifths."""
    catalogue = polib.pofile(str(LOCALE / "de/LC_MESSAGES/django.po"), encoding="utf-8")
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: marked(entry.msgid), 1: marked(entry.msgid_plural)}
        else:
            entry.msgstr = marked(entry.msgid)
    folder = tmp_path / SPOKEN / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue.save_as_mofile(str(folder / "django.mo"))
    with override_settings(LOCALE_PATHS=[tmp_path], LANGUAGES=[*settings.LANGUAGES, (SPOKEN, "Esperanto")]):
        yield


class Words(HTMLParser):
    """What a page says outside of the marks, except what somebody wrote."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[tuple[str, bool]] = []
        self._depth = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins; what its attributes tell is said too."""
        told = dict(attrs)
        is_written = told.get("dir") == "auto" or (tag != "html" and "lang" in told)
        if not is_written:
            texts = (told.get(name) or "" for name in SAID)
            self.said += [re.sub(f"{OPEN}.*{CLOSE}", " ", one, flags=re.DOTALL) for one in texts]
        if tag not in EMPTY:
            self._within.append((tag, is_written or tag in WRITTEN))

    def handle_endtag(self, tag: str) -> None:
        """It ends, and with it whatever in it was left open."""
        while self._within and self._within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Marks go on through elements: a text may hold a name in one of its own."""
        bare = ""
        for letter in data:
            self._depth += (letter == OPEN) - (letter == CLOSE)
            bare += " " if self._depth or letter == CLOSE else letter
        if not any(is_written for _, is_written in self._within):
            self.said.append(bare)


def kept_texts() -> list[str]:
    """What the desk has of people: names, subjects and texts, the longest first; codes are none of it."""
    texts = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, (CharField, TextField)) and not field.choices:
                kept = model._base_manager.values_list(field.attname, flat=True).distinct()
                texts |= {str(one) for one in kept if field.name == "name" or not str(one).islower()}
    return sorted((one for one in texts if len(one) > 1), key=len, reverse=True)


def known_words() -> set[str]:
    """Words that Django's own catalogue (“28-a de novembro, je 8:00”) or the lists of names and zones have."""
    with translation.override(SPOKEN):
        told = [translation.gettext(one["name"]) for one in LANG_INFO.values() if "name" in one]
        told += available_timezones()
        kinds = (dates.WEEKDAYS, dates.WEEKDAYS_ABBR, dates.MONTHS)
        of_time = [str(one) for kind in kinds for one in kind.values()]
        told += of_time + [capfirst(one) for one in of_time]
    return ALIKE | {"de", "je"} | {word for one in told for word in WORD.findall(one)}


def looker(door: Door) -> str:
    """Nobody where nobody may look, since entrances lead those on who are logged in."""
    return next(who for who in ("nobody", "chen", *sorted(door.may)) if who in door.may)


def pages(world: World, facts: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Each address that answers with a page or a part of one, and what it answers."""
    for pattern, doors in DOORS.items():
        for door in (one for one in doors if one.method == "GET"):
            who = looker(door)
            client = Client() if who == "nobody" else world.colleague(who).client
            address = (door.address or f"/{pattern}").format(**facts)
            answer = client.get(address, headers={"Accept-Language": SPOKEN}, follow=True)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                yield address, answer.content.decode()


@pytest.mark.engineless  # words are the same on both engines
def test_every_page_says_only_what_its_catalogue_says(unchecked_world: World, made_up: None) -> None:
    shown = dict(pages(unchecked_world, stage(unchecked_world)))
    texts, known = kept_texts(), known_words()
    assert sum(OPEN in page for page in shown.values()) > len(shown) / 2, "the made-up language is spoken"
    escaped = set()
    for address, page in shown.items():
        asked = set(WORD.findall(address.partition("?")[2]))
        for said in Words(page).said:
            bare = said
            for text in texts if WORD.search(said) else ():
                bare = bare.replace(text, " ")
            if set(WORD.findall(ADDRESS.sub(" ", bare))) - known - asked:
                escaped.add((address, " ".join(said.split())))
    assert escaped == set()
