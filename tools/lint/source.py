"""What a rule gets to see: one file with its place in the house, its tree and its comments."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

DOORS = frozenset({"web", "portal", "api", "live", "cli"})


@dataclass(frozen=True, order=True)
class Finding:
    """One place that breaks one rule. Prints as path:line: rule: what to do."""

    path: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


@dataclass(frozen=True)
class Source:
    """A text file and where it stands; `path` is relative to the project, with slashes."""

    path: str
    text: str

    @classmethod
    def read(cls, root: Path, path: str) -> "Source":
        """Read a file of the project; bytes that are no UTF-8 are shown as replacement characters."""
        return cls(path, (root / path).read_text(encoding="utf-8", errors="replace"))

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises SyntaxError for a file that is no Python."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree."""
        return list(ast.walk(self.tree))

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file without their ends."""
        return self.text.splitlines()

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The folders and the file name of the path."""
        return PurePosixPath(self.path).parts

    @property
    def name(self) -> str:
        """The file name."""
        return self.parts[-1]

    @property
    def room(self) -> str | None:
        """The room in heed/ that the file belongs to; None outside and for files directly in heed/."""
        return self.parts[1] if self.parts[0] == "heed" and len(self.parts) > 2 else None

    @property
    def is_test(self) -> bool:
        """Whether the file serves tests only."""
        return "tests" in self.parts or self.name == "conftest.py" or self.room == "testing"

    @property
    def is_migration(self) -> bool:
        """Whether the file is a migration."""
        return "migrations" in self.parts

    @property
    def is_product(self) -> bool:
        """Whether the file is code that people run: in heed/, neither test nor migration."""
        return self.parts[0] == "heed" and not self.is_test and not self.is_migration

    @property
    def is_verbs(self) -> bool:
        """Whether the file holds verbs."""
        return self.is_product and ("actions" in self.parts or self.name == "actions.py")

    @property
    def is_consumer(self) -> bool:
        """Whether the file hears events."""
        return self.is_product and self.name == "consumer.py"

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
        """Give line number and match of a pattern, wherever it stands in the text."""
        for match in pattern.finditer(self.text):
            yield self.text.count("\n", 0, match.start()) + 1, match

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        """Line number and text of each comment."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Line number and dotted name of everything imported; `from a import b` gives a.b."""
        found = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        return found

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    @cached_property
    def calls(self) -> list[tuple[str, ast.Call]]:
        """The dotted name as written, and the node, of every call whose function is a plain dotted name."""
        return [(dotted(node.func), node) for node in self.nodes if isinstance(node, ast.Call)]


def dotted(node: ast.expr) -> str:
    """Spell a.b.c as it is written; what stands before the first dot may be any expression, then "…"."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "…"
