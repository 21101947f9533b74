"""Each rule of the lint finds a planted violation, and leaves the same code alone once it is mended."""

from pathlib import Path
from textwrap import dedent

import pytest

from tools.lint.places import BORDERS, CLOCK, ENVIRONMENT, NETWORK
from tools.lint.run import PYTHON_RULES, SCRIPT_RULES, TEMPLATE_RULES, lint
from tools.lint.source import Finding

ROOT = Path(__file__).resolve().parents[2]
LONG = "\n".join(f"    value_{number} = {number}" for number in range(41))

# rule, path, code that breaks it, code that does not
PLANTED = [
    (
        "long-file",
        "heed/intake/big.py",
        "x = 1\n" * 501,
        "# data table: words of four languages\n" + "x = 1\n" * 501,
    ),
    ("long-function", "heed/intake/big.py", f"def one():\n{LONG}\n", "def one():\n    return 1\n"),
    ("inline-import", "heed/intake/a.py", "def f():\n    import json\n", "import json\n"),
    (
        "bare-suppression",
        "heed/intake/a.py",
        "x = f()  # type: ignore[arg-type]\n",
        "x = f()  # type: ignore[arg-type]  # the library's stub is wrong\n",
    ),
    (
        "bare-suppression",
        "heed/intake/a.py",
        "x = 1  # noqa\n",
        "x = 1  # noqa: S608 - names of our own tables\n",
    ),
    (
        "verb-shape",
        "heed/conversations/actions/a.py",
        "@verb\ndef assign(conversation, to, by): ...\n",
        "@verb\ndef assign(conversation, *, to, by): ...\n",
    ),
    (
        "verb-shape",
        "heed/conversations/actions/a.py",
        "@verb\ndef assign(conversation, *, to): ...\n",
        "@verb\ndef assign(conversation, *, to, by): ...\n",
    ),
    (
        "verb-shape",
        "heed/conversations/actions/a.py",
        "@verb\ndef assign(conversation, *, a, b, c, d, e, by): ...\n",
        "@verb\ndef assign(conversation, *, a, b, c, d, by): ...\n",
    ),
    ("objects-in-door", "heed/web/inbox/views.py", "rows = Tag.objects.all()\n", "rows = tags(actor)\n"),
    ("objects-in-door", "heed/promises/consumer.py", "Tag.objects.all()\n", "tags()\n"),
    (
        "signal",
        "heed/people/a.py",
        "from django.dispatch import receiver\n",
        "from django.db import models\n",
    ),
    (
        "save-override",
        "heed/people/models.py",
        "class Agent(Model):\n    def save(self): ...\n",
        "class Agent(Model):\n    def __str__(self): ...\n",
    ),
    ("plain-save", "heed/people/actions.py", "agent.save()\n", "change(agent, name=name)\n"),
    ("plain-save", "heed/promises/consumer.py", "Timer.objects.create(x=1)\n", "add(Timer(x=1))\n"),
    ("slow-verb", "heed/people/actions.py", "time.sleep(1)\n", "add(Work(due_at=clock.now()))\n"),
    ("environment", "heed/intake/a.py", "x = os.environ['HEED_X']\n", "x = config.x\n"),
    ("environment", "heed/intake/a.py", "x = getattr(settings, 'X', 1)\n", "x = config.x\n"),
    (
        "environment",
        "heed/cli/main.py",
        "os.environ.setdefault('HEED_HTTP', 'x')\n",
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'heed.project.settings')\n",
    ),
    ("present", "heed/intake/a.py", "at = datetime.now(UTC)\n", "at = clock.now()\n"),
    ("present", "heed/intake/a.py", "at = time.time()\n", "begun = time.monotonic()\n"),
    ("present", "heed/intake/a.py", "at = timezone.now()\n", "at = clock.now()\n"),
    ("network", "heed/delivery/a.py", "import smtplib\n", "from heed.kernel import outbound\n"),
    (
        "network",
        "heed/delivery/a.py",
        "from urllib.request import urlopen\n",
        "from urllib.parse import quote\n",
    ),
    (
        "blind-except",
        "heed/intake/a.py",
        "try:\n    f()\nexcept Exception:\n    x = 1\n",
        "try:\n    f()\nexcept ValueError:\n    x = 1\n",
    ),
    (
        "blind-except",
        "heed/intake/a.py",
        "try:\n    f()\nexcept (OSError, BaseException):\n    x = 1\n",
        "try:\n    f()\nexcept BaseException:\n    undo()\n    raise\n",
    ),
    (
        "words-inside",
        "heed/intake/a.py",
        "from django.utils.translation import gettext as _\n",
        "from django.utils.translation import override\n",
    ),
    (
        "migration-import",
        "heed/intake/migrations/0001_a.py",
        "from heed.kernel import x\n",
        "from django.db import x\n",
    ),
    ("raw-sql", "heed/intake/a.py", "cursor.execute('select 1')\n", "rows = waiting()\n"),
    ("count-compared", "heed/intake/a.py", "if rows.count() > 0: pass\n", "if rows.exists(): pass\n"),
    ("slow-search", "heed/people/queries.py", "q(name__icontains='x')\n", "q(name='x')\n"),
    ("bare-timedelta", "heed/intake/a.py", "x = timedelta(30)\n", "x = timedelta(minutes=30)\n"),
    ("script-injects", "heed/ui/static/a.js", "box.innerHTML = mail;\n", "box.textContent = mail;\n"),
    ("script-injects", "heed/ui/static/a.js", "x.insertAdjacentHTML('a', b);\n", "x.append(b);\n"),
    ("foreign-word", "heed/intake/a.py", "def close_ticket(): ...\n", "def close_conversation(): ...\n"),
    ("foreign-word", "heed/intake/a.py", "class SupportCase: ...\n", "text = subject.casefold()\n"),
    ("foreign-word", "heed/intake/tickets.py", "x = 1\n", "y = 1\n"),
    ("kind-spelled-twice", "heed/intake/a.py", "k = 'planted.happened'\n", "k = Planted.name\n"),
    ("inline-code", "heed/web/x/templates/x/_a.html", "<p style='x'></p>\n", "<p class='x'></p>\n"),
    ("inline-code", "heed/web/x/templates/x/_a.html", "<style>p{}</style>\n", "<p>style = calm</p>\n"),
    (
        "inline-code",
        "heed/web/x/templates/x/_a.html",
        "<script>go()</script>\n",
        "<script type='module' src='{% static 'x.js' %}'></script>\n",
    ),
    ("inline-code", "heed/web/x/templates/x/_a.html", "<a onclick='x()'>a</a>\n", "<a href='/on=1'>a</a>\n"),
    (
        "inline-code",
        "heed/web/x/templates/x/_a.html",
        "<a hx-on:click='x()'>a</a>\n",
        "<a hx-get='/x'>a</a>\n",
    ),
    (
        "fragment-name",
        "heed/web/x/templates/x/_a.html",
        "{% include 'x/b.html' %}\n",
        "{% include 'x/_b.html' %}\n",
    ),
    (
        "untranslated",
        "heed/web/x/templates/x/_a.html",
        "<p>{{ name }} wrote this</p>\n",
        "<p>{% blocktranslate %}{{ name }} wrote this{% endblocktranslate %}</p>\n",
    ),
    (
        "untranslated",
        "heed/web/x/templates/x/_a.html",
        "<button aria-label='Close'></button>\n",
        "<button aria-label='{% translate \"Close\" %}'></button>\n",
    ),
    ("fragment-name", "heed/web/x/templates/x/a.html", "<p></p>\n", "{% extends 'heed/base.html' %}\n"),
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with a glossary, one event kind and nothing else."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/glossary.md").write_text((ROOT / "docs/glossary.md").read_text())
    kinds = tmp_path / "heed/eventlog/kinds.py"
    kinds.parent.mkdir(parents=True)
    kinds.write_text('class Planted:\n    name: ClassVar[str] = "planted.happened"\n')
    return tmp_path


def found(house: Path, path: str, code: str) -> list[Finding]:
    target = house / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(dedent(code))
    return list(lint(house, [path]))


@pytest.mark.parametrize(("rule", "path", "broken", "mended"), PLANTED)
def test_a_rule_finds_what_breaks_it_and_only_that(
    house: Path, rule: str, path: str, broken: str, mended: str
) -> None:
    assert rule in {finding.rule for finding in found(house, path, broken)}
    mended_path = path.replace("tickets", "conversations")
    assert rule not in {finding.rule for finding in found(house, mended_path, mended)}


def test_every_rule_has_a_planted_violation() -> None:
    rules = {rule.__name__.replace("_", "-") for rule in [*PYTHON_RULES, *TEMPLATE_RULES, *SCRIPT_RULES]}
    assert rules - {rule for rule, *_ in PLANTED} == set()


def test_a_path_of_this_machine_is_found_in_any_text(house: Path) -> None:
    assert "machine-path" in {f.rule for f in found(house, "README.md", f"See {house}/notes.\n")}
    assert found(house, "README.md", "See docs/notes.\n") == []


def test_a_package_source_is_found_in_any_text(house: Path) -> None:
    assert "machine-path" in {f.rule for f in found(house, "a.lock", "--extra-index-url https://x/simple\n")}


def test_tests_may_name_a_ticket_and_stop_the_clock(house: Path) -> None:
    code = "def test_old_ticket():\n    import json\n    datetime.now()\n"
    assert found(house, "heed/intake/tests/test_a.py", code) == []


@pytest.mark.parametrize("place", [*BORDERS, *NETWORK, *ENVIRONMENT, CLOCK])
def test_every_exception_is_still_needed(place: str) -> None:
    assert list(ROOT.glob(place)), f"{place} is gone: take it out of tools/lint/places.py"
