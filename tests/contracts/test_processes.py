"""What a desk that has just started holds in memory: nothing that only some desks or some mails need."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from heed.kernel.later import later

HEAVY = {
    "anymail": "desks whose mail leaves or comes through a provider's API",
    "charset_normalizer": "mail whose label does not say how it is written",
    "cryptography": "desks that keep a password of another server",
    "css_inline": "mail with a style sheet",
    "dkim": "mail that comes to our own listener",
    "icalendar": "mail with an invitation",
    "heed.demo": "whoever asks for the demo company; the one who starts a desk does it apart",
    "dns": "whoever asks the domain name system",
    "emoji": "whoever looks for one",
    "imapclient": "desks with a mailbox that is fetched",
    "inscriptis": "mail that has HTML alone",
    "lxml": "the same",
    "psycopg": "desks on PostgreSQL",
    "pypdf": "files with words, which a process apart reads",
    "PIL": "images of a PDF, which a process apart draws",
    "reportlab": "a conversation as a PDF, which a process apart draws",
    "uharfbuzz": "the same",
    "pypdfium2": "pages of a PDF, which a process apart draws",
    "spf": "mail that comes to our own listener",
}
NEVER = {
    "django.test": "tests",
    "hypothesis": "tests",
    "pytest": "tests",
    "requests": "nobody",
    "unittest": "tests",
}
LOOK = """
import json, sys
import django
django.setup()
from heed.cli import serve
serve._import_everything()
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The modules of the parent of `heed serve`, which its children share."""
    home: Path = tmp_path_factory.mktemp("desk")
    found = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={"HEED_HOME": str(home), "DJANGO_SETTINGS_MODULE": "heed.project.settings", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(json.loads(found.stdout))


def test_the_parts_of_a_desk_are_loaded_once_for_all_processes(loaded: frozenset[str]) -> None:
    assert {"heed.flow", "heed.cli.worker", "heed.cli.mail_serve", "heed.project.asgi"} <= loaded


@pytest.mark.parametrize(("module", "whose"), [*HEAVY.items(), *NEVER.items()])
def test_what_few_need_waits_until_somebody_needs_it(loaded: frozenset[str], module: str, whose: str) -> None:
    assert module not in loaded, f"only for {whose}: name it with heed.kernel.later"


def test_what_is_named_for_later_is_there_when_it_is_used() -> None:
    json_of_later = later("json")
    assert json_of_later.loads("[1]") == [1]
    with pytest.raises(AttributeError):
        _ = json_of_later.nothing_of_this_name
    absent = later("heed.nothing_of_this_name")
    with pytest.raises(ModuleNotFoundError):
        _ = absent.anything
