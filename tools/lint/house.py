"""Rules about who does what in the house: rows, time, settings, network, errors, words for people."""

import ast
import re
from collections.abc import Iterator

from tools.lint.places import (
    BORDERS,
    CLOCK,
    ENVIRONMENT,
    NETWORK,
    NETWORK_MODULES,
    SQL_FILES,
    SQL_ROOMS,
    granted,
)
from tools.lint.source import DOORS, Finding, Source, dotted

PRESENT = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|timezone\.now|time\.time(_ns)?)$")
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.db.backends.signals")
GETTEXT = re.compile(r"^django\.utils\.translation\.(u?n?p?n?gettext\w*)$")
WRITES = frozenset({"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"})
SQL = frozenset({"execute", "executemany", "raw", "extra"})


def objects_in_door(source: Source) -> Iterator[Finding]:
    """Doors and consumers read through queries.py, which begins with who is looking."""
    if not (source.is_product and (source.room in DOORS or source.is_consumer)):
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}:
            advice = "read through a function of queries.py, which begins with who is looking"
            yield Finding(source.path, node.lineno, "objects-in-door", advice)


def signal(source: Source) -> Iterator[Finding]:
    """No signals: what happens stands in a verb or in flow.py. Wiring sends those that Django expects."""
    if not source.is_product or source.room in {"kernel", "project"}:
        return
    for line, name in source.imports:
        if name.startswith(SIGNALS):
            advice = "no signals; write what happens into the verb, or a consumer in flow.py"
            yield Finding(source.path, line, "signal", advice)


def save_override(source: Source) -> Iterator[Finding]:
    """Models and managers hold data; nothing acts when they are saved or deleted."""
    if not source.is_product or source.room == "kernel":
        return
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and node.bases:
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name in {"save", "delete"}:
                    advice = f"{node.name}.{item.name}: effects stand in verbs, not in saving"
                    yield Finding(source.path, item.lineno, "save-override", advice)


def plain_save(source: Source) -> Iterator[Finding]:
    """Verbs and consumers buffer rows with add and change; the unit of work writes them."""
    if not (source.is_verbs or source.is_consumer):
        return
    for name, call in source.calls:
        if "." in name and name.rsplit(".", 1)[1] in WRITES:
            advice = f"{name}(): use add or change; the outermost unit of work writes"
            yield Finding(source.path, call.lineno, "plain-save", advice)


def slow_verb(source: Source) -> Iterator[Finding]:
    """Verbs and consumers never wait: slow work is a due row."""
    if not (source.is_verbs or source.is_consumer):
        return
    for name, call in source.calls:
        if name in {"sleep", "time.sleep"} or name.startswith(("outbound.", "subprocess.")):
            advice = f"{name}(): write a due row; a worker does it"
            yield Finding(source.path, call.lineno, "slow-verb", advice)


def environment(source: Source) -> Iterator[Finding]:
    """Settings are read once, in kernel/config.py."""
    if not source.is_product or granted(source.path, ENVIRONMENT):
        return
    chooses_settings = {
        id(call.func.value)
        for name, call in source.calls
        if name == "os.environ.setdefault" and isinstance(call.func, ast.Attribute)
        if isinstance(call.args[0], ast.Constant) and call.args[0].value == "DJANGO_SETTINGS_MODULE"
    }
    for node in source.nodes:
        if not isinstance(node, ast.Attribute) or id(node) in chooses_settings:
            continue
        if dotted(node) in {"os.environ", "os.getenv", "os.environb"}:
            yield Finding(source.path, node.lineno, "environment", "read it from heed.kernel.config")
    for name, call in source.calls:
        if name == "getattr" and call.args and dotted(call.args[0]) == "settings":
            yield Finding(source.path, call.lineno, "environment", "a setting is a typed field of config")


def present(source: Source) -> Iterator[Finding]:
    """The present comes from heed.kernel.clock; time.monotonic measures durations."""
    if not source.is_product or source.path == CLOCK:
        return
    for name, call in source.calls:
        if PRESENT.search(name):
            advice = f"{name}(): use heed.kernel.clock.now(); a duration is time.monotonic()"
            yield Finding(source.path, call.lineno, "present", advice)


def network(source: Source) -> Iterator[Finding]:
    """Only a few named modules reach the network; all else asks kernel/outbound.py or writes a due row."""
    if not source.is_product or granted(source.path, NETWORK):
        return
    for line, name in source.imports:
        if any(name == module or name.startswith(f"{module}.") for module in NETWORK_MODULES):
            advice = f"{name}: the way out is heed.kernel.outbound; exceptions stand in tools/lint/places.py"
            yield Finding(source.path, line, "network", advice)


def blind_except(source: Source) -> Iterator[Finding]:
    """Catching everything is for the named borders; elsewhere name the error, or raise again."""
    if not source.is_product or granted(source.path, BORDERS):
        return
    for node in source.nodes:
        if not isinstance(node, ast.ExceptHandler):
            continue
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        blind = any(kind is None or dotted(kind) in {"Exception", "BaseException"} for kind in kinds)
        raises_again = isinstance(node.body[-1], ast.Raise)
        if blind and not raises_again:
            advice = "name the errors you expect; the borders stand in tools/lint/places.py"
            yield Finding(source.path, node.lineno, "blind-except", advice)


def words_inside(source: Source) -> Iterator[Finding]:
    """Rooms store codes; words for people are made at the edge, in the reader's language."""
    if not source.is_product or source.room in {*DOORS, "ui"} or source.name == "forms.py":
        return
    for line, name in source.imports:
        if GETTEXT.match(name):
            advice = "store a code; words are made in doors, forms and message templates"
            yield Finding(source.path, line, "words-inside", advice)


def migration_import(source: Source) -> Iterator[Finding]:
    """A migration stays true when our code changes: it imports none of it."""
    if not source.is_migration:
        return
    for line, name in source.imports:
        if name.split(".")[0] == "heed":
            yield Finding(
                source.path, line, "migration-import", f"{name}: a migration imports no code of ours"
            )


def raw_sql(source: Source) -> Iterator[Finding]:
    """SQL by hand stands in queries.py, with parameters."""
    if not source.is_product or source.room in SQL_ROOMS or source.name in SQL_FILES:
        return
    if "queries" in source.parts:
        return
    for name, call in source.calls:
        if "." in name and name.rsplit(".", 1)[1] in SQL:
            yield Finding(source.path, call.lineno, "raw-sql", f"{name}(): SQL by hand stands in queries.py")


def slow_search(source: Source) -> Iterator[Finding]:
    """Texts are searched with full text, never by reading every row."""
    if not source.is_product:
        return
    for node in source.nodes:
        if isinstance(node, ast.keyword) and (node.arg or "").endswith(
            ("__icontains", "__iregex", "__regex")
        ):
            yield Finding(source.path, node.value.lineno, "slow-search", f"{node.arg}: use full text search")


def bare_timedelta(source: Source) -> Iterator[Finding]:
    """A duration names its unit: timedelta(minutes=30)."""
    for name, call in source.calls:
        if name in {"timedelta", "datetime.timedelta"} and call.args:
            yield Finding(source.path, call.lineno, "bare-timedelta", "name the unit: timedelta(minutes=30)")


def count_compared(source: Source) -> Iterator[Finding]:
    """Whether there is one is asked with exists()."""
    for node in source.nodes:
        if not (isinstance(node, ast.Compare) and isinstance(node.left, ast.Call)):
            continue
        counted = dotted(node.left.func).endswith(".count") and not node.left.args
        to_zero = any(isinstance(other, ast.Constant) and other.value == 0 for other in node.comparators)
        if counted and to_zero and not source.is_test:
            yield Finding(source.path, node.lineno, "count-compared", "ask exists()")
