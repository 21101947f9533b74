"""Find every text for people in code and templates. Needs no program of gettext.

A template becomes calls by Django's own `templatize`; Python is read as a tree. Both must give a text as it stands:
what is put together first is no text that a translator could find.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

MODULE = "django.utils.translation"
SHAPES: Mapping[str, tuple[str, ...]] = {  # what each function's first arguments are
    "gettext": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
LAZY = "_lazy"
FOR_TRANSLATORS = "Translators:"
CALL = re.compile(r" (_|n?p?gettext)\(")
TEMPLATES = {".html", ".txt"}
LEFT_OUT = {"tests", "testing", "migrations", "static", "locale"}


class CannotExtract(Exception):
    """A text can't be read as it stands; says where."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What tells one text from another."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(slots=True)
class Found:
    """Where a text stands, and what its writer tells translators."""

    places: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


Texts = dict[Key, Found]


def extract(root: Path) -> Texts:
    """Every text below `root`/heed, with its files in order."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    found: Texts = {}
    for path in sorted((root / "heed").rglob("*")):
        place = path.relative_to(root)
        if LEFT_OUT & set(place.parts) or not path.is_file():
            continue
        if path.suffix == ".py":
            _add(found, place.as_posix(), of_python(path.read_text(encoding="utf-8"), place.as_posix()))
        elif path.suffix in TEMPLATES and "templates" in place.parts:
            _add(found, place.as_posix(), of_template(path.read_text(encoding="utf-8"), place.as_posix()))
    return found


def _add(found: Texts, place: str, texts: Iterator[tuple[Key, str]]) -> None:
    for key, comment in texts:
        entry = found.setdefault(key, Found())
        if place not in entry.places:
            entry.places.append(place)
        if comment and comment not in entry.comments:
            entry.comments.append(comment)


def of_template(source: str, place: str) -> Iterator[tuple[Key, str]]:
    """The texts of a template, each with the comment for translators before it."""
    told = ""
    for line in templatize(source, place).splitlines():
        _, is_told, words = line.partition(f"# {FOR_TRANSLATORS}")
        if is_told:
            told = words.strip()
        for match in CALL.finditer(line):
            yield _key(_call_at(line, match, place), match[1].replace("_", "gettext"), place), told
            told = ""


def _call_at(line: str, match: re.Match[str], place: str) -> ast.Call:
    """The call that begins here: it ends at the first bracket with which it can be read."""
    for end in re.finditer(r"\)", line[match.end() :]):
        try:
            tree = ast.parse(line[match.start() : match.end() + end.end()].strip(), mode="eval")
        except SyntaxError:
            continue
        if isinstance(tree.body, ast.Call):
            return tree.body
    raise CannotExtract(f"{place}: {line[match.start() :][:80]}")


def of_python(source: str, place: str) -> Iterator[tuple[Key, str]]:
    """The texts of a module: arguments of Django's functions, by whatever name they were imported."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name: alias.name.removesuffix(LAZY)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == MODULE
        for alias in node.names
        if alias.name.removesuffix(LAZY) in SHAPES
    }
    if not names:
        return
    told = dict(_told(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            if _is_passed_on(node):
                continue
            yield _key(node, names[node.func.id], f"{place}:{node.lineno}"), told.get(node.lineno - 1, "")


def _is_passed_on(call: ast.Call) -> bool:
    """Whether one text comes from elsewhere, under a name; it is found where it was written."""
    return len(call.args) == 1 and isinstance(
        call.args[0], ast.Name | ast.Attribute | ast.Subscript | ast.Call
    )


def _told(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and FOR_TRANSLATORS in token.string:
            yield token.start[0], token.string.partition(FOR_TRANSLATORS)[2].strip()


def _key(call: ast.Call, function: str, place: str) -> Key:
    shape = SHAPES[function]
    given = [one.value if isinstance(one, ast.Constant) else None for one in call.args[: len(shape)]]
    texts = [one for one in given if isinstance(one, str)]
    if len(texts) != len(shape):
        raise CannotExtract(f"{place}: a text for translation must stand there whole, as one literal")
    return Key(**dict(zip(shape, texts, strict=True)))
