"""Rules about the shape of code: length, imports, suppressions, verbs."""

import ast
import re
from collections.abc import Iterator

from tools.lint.source import Finding, Source

FILE_LINES = 500
FUNCTION_LINES = 40
VERB_PARAMETERS = 6

DATA_TABLE = re.compile(r"#\s*data table: \S.{10,}")
SUPPRESSION = re.compile(r"#\s*(type:\s*ignore|noqa|pyright:|nosec|fmt:\s*off)(?P<rest>.*)", re.IGNORECASE)
REASON = re.compile(r"^(\[[\w\-, ]+\]|:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)\s*[#:(–-]+\s*\S.{4,}")


def long_file(source: Source) -> Iterator[Finding]:
    """At most 500 lines; tables of data say so in a comment: `# data table: what it lists`."""
    if source.is_test or source.is_migration or len(source.lines) <= FILE_LINES:
        return
    if not any(DATA_TABLE.match(comment) for _, comment in source.comments):
        advice = f"{len(source.lines)} lines; split it at {FILE_LINES}, by what the parts are for"
        yield Finding(source.path, len(source.lines), "long-file", advice)


def long_function(source: Source) -> Iterator[Finding]:
    """At most 40 lines a function."""
    if source.is_test or source.is_migration:
        return
    for function in source.functions:
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            advice = f"{function.name} has {length} lines; name its parts, at most {FUNCTION_LINES} each"
            yield Finding(source.path, function.lineno, "long-function", advice)


def inline_import(source: Source) -> Iterator[Finding]:
    """Imports stand at the top of the file; a cycle is a fact that stands too high."""
    if source.is_test:
        return
    for function in source.functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                advice = f"import inside {function.name}; move it up, or the fact that it needs down"
                yield Finding(source.path, node.lineno, "inline-import", advice)


def bare_suppression(source: Source) -> Iterator[Finding]:
    """A suppressed check names its rule and says why: `# type: ignore[arg-type]  # the reason`."""
    for line, comment in source.comments:
        for match in SUPPRESSION.finditer(comment):
            if match[1].lower().startswith("fmt"):
                continue
            if not REASON.match(match["rest"].strip()):
                advice = f"{match[1]} names its rule and says why, in the same comment"
                yield Finding(source.path, line, "bare-suppression", advice)


def verb_shape(source: Source) -> Iterator[Finding]:
    """A verb: subject first, the rest by keyword, at most six parameters, and always who does it."""
    for function in source.functions:
        if not any(_named(decorator, "verb") for decorator in function.decorator_list):
            continue
        arguments = function.args
        places = len(arguments.posonlyargs) + len(arguments.args)
        faults = []
        if places > 1 or arguments.vararg or arguments.kwarg:
            faults.append("only its subject comes without keyword")
        if places + len(arguments.kwonlyargs) > VERB_PARAMETERS:
            faults.append(f"at most {VERB_PARAMETERS} parameters")
        if "by" not in {argument.arg for argument in arguments.kwonlyargs}:
            faults.append("it needs by=, who does it")
        if faults:
            advice = f"verb {function.name}: {'; '.join(faults)}"
            yield Finding(source.path, function.lineno, "verb-shape", advice)


def _named(decorator: ast.expr, name: str) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(target, ast.Name) and target.id == name
