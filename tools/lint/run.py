"""Apply every rule to every file of the project that git knows, or that is new and not ignored."""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tools.lint import house, shape, templates
from tools.lint.source import Finding, Source
from tools.lint.words import ForeignWord, KindSpelledTwice, MachinePath

Rule = Callable[[Source], Iterable[Finding]]

PYTHON_RULES: list[Rule] = [
    shape.long_file,
    shape.long_function,
    shape.inline_import,
    shape.bare_suppression,
    shape.verb_shape,
    house.objects_in_door,
    house.signal,
    house.save_override,
    house.plain_save,
    house.slow_verb,
    house.environment,
    house.present,
    house.network,
    house.blind_except,
    house.words_inside,
    house.migration_import,
    house.raw_sql,
    house.count_compared,
    house.slow_search,
    house.bare_timedelta,
]
TEMPLATE_RULES: list[Rule] = [templates.inline_code, templates.fragment_name, templates.untranslated]
SCRIPT_RULES: list[Rule] = [templates.script_injects]
TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".lock",
    ".txt",
    ".sh",
    ".yml",
    ".yaml",
    ".json",
    ".svg",
    "",
}


def files(root: Path) -> list[str]:
    """The paths of all files that are or would be committed. Outside a git folder: all files."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = sorted(set(filter(None, listed.stdout.split("\0"))))
        return [name for name in names if (root / name).is_file()]
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def lint(root: Path, paths: Iterable[str]) -> Iterator[Finding]:
    """Give every finding in these files; `root` also says where glossary and event kinds stand."""
    everywhere: list[Rule] = [MachinePath.of(root)]
    python: list[Rule] = [*PYTHON_RULES, ForeignWord.of(root), KindSpelledTwice.of(root)]
    for path in paths:
        if Path(path).suffix not in TEXT:
            continue
        source = Source.read(root, path)
        rules = list(everywhere)
        if path.endswith(".py"):
            rules += python
        elif templates.is_template(source):
            rules += TEMPLATE_RULES
        elif templates.is_script(source):
            rules += SCRIPT_RULES
        for rule in rules:
            yield from rule(source)
