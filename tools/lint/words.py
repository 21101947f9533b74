"""Rules about words: the glossary's words in names, event kinds spelled once, no path of one machine."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.lint.source import Finding, Source

KINDS = Path("heed/eventlog/kinds.py")
GLOSSARY = Path("docs/glossary.md")
PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
# Where the world outside speaks: the word of a metric, and the other side of a connection.
AT_HOME = {"resolved": {"insight"}, "client": {"channels", "live"}, "clients": {"channels", "live"}}


@dataclass(frozen=True)
class ForeignWord:
    """Names use the words of docs/glossary.md; the words in its last column are not ours."""

    instead: dict[str, str]

    @classmethod
    def of(cls, root: Path) -> "ForeignWord":
        """Read the table of the glossary: | word | meaning | not these, separated by commas |."""
        instead = {}
        for line in (root / GLOSSARY).read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if line.startswith("| **") and len(cells) == 3:
                for word in filter(None, map(str.strip, cells[2].split(","))):
                    instead[word.lower()] = cells[0].strip("* ")
        return cls(instead)

    def __call__(self, source: Source) -> Iterator[Finding]:
        """Look at every name that the file gives to something; names of others are their own affair."""
        if source.is_test or source.is_migration or source.parts[0] != "heed":
            return
        for line, name in _given_names(source):
            for word in PARTS.findall(name):
                ours = self.instead.get(word.lower())
                if ours and source.room not in AT_HOME.get(word.lower(), set()):
                    yield Finding(source.path, line, "foreign-word", f"{name}: here it is called {ours}")


def _given_names(source: Source) -> Iterator[tuple[int, str]]:
    for folder in source.parts:
        yield 1, folder.removesuffix(".py")
    for node in source.nodes:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr
            case ast.alias(asname=str(name)):
                yield node.lineno, name


@dataclass(frozen=True)
class KindSpelledTwice:
    """The name of an event kind is written once, in eventlog/kinds.py; elsewhere it is Kind.name."""

    kinds: frozenset[str]

    @classmethod
    def of(cls, root: Path) -> "KindSpelledTwice":
        """Collect the names that kinds.py gives: `name: ClassVar = "conversation.assigned"`."""
        path = root / KINDS
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
        names = set()
        for node in ast.walk(tree):
            match node:
                case (
                    ast.AnnAssign(target=ast.Name(id="name"), value=ast.Constant(value=str(name)))
                    | ast.Assign(targets=[ast.Name(id="name")], value=ast.Constant(value=str(name)))
                ):
                    names.add(name)
        return cls(frozenset(names))

    def __call__(self, source: Source) -> Iterator[Finding]:
        """Look at every string of the product and its tests."""
        if source.parts[0] != "heed" or source.path == str(KINDS) or source.is_migration:
            return
        for node in source.nodes:
            if isinstance(node, ast.Constant) and node.value in self.kinds:
                yield Finding(source.path, node.lineno, "kind-spelled-twice", f"{node.value}: use its class")


@dataclass(frozen=True)
class MachinePath:
    """No committed file names a folder of the machine where it was written, or a package source."""

    folders: frozenset[str]

    SOURCE_OF_PACKAGES = re.compile(
        r"--(extra-)?index-url|--find-links|https?://\S+/simple\b|pythonhosted\.org"
    )

    @classmethod
    def of(cls, root: Path) -> "MachinePath":
        """Know this machine: the project's folder, its neighbours, the home of who runs the lint."""
        neighbours = {str(path) for path in root.parent.iterdir() if path.is_dir()}
        return cls(frozenset({str(root), *neighbours, f"{Path.home()}/"} - {"/", "//"}))

    def __call__(self, source: Source) -> Iterator[Finding]:
        """Look at the text as it is, whatever the language."""
        for number, line in enumerate(source.lines, start=1):
            if any(re.search(rf"(?<![\w.]){re.escape(folder)}(?![\w.])", line) for folder in self.folders):
                yield Finding(source.path, number, "machine-path", "a path of this machine")
            elif self.SOURCE_OF_PACKAGES.search(line) and source.parts[0] not in {"tools", "tests"}:
                yield Finding(
                    source.path, number, "machine-path", "a package source is the user's own affair"
                )
