"""Rules for templates. What the strict content security policy would block at run time fails here first."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lint.source import Finding, Source

COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)
STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)", re.IGNORECASE)
HANDLER = re.compile(r"<[^<>]*\s(on[a-z]+|hx-on[\w:-]*)\s*=|javascript:", re.IGNORECASE)
INCLUDE = re.compile(r"\{% include [\"']([^\"']+)[\"']")
WHOLE = re.compile(r"\{% extends |<!doctype", re.IGNORECASE)


def is_template(source: Source) -> bool:
    """Whether a file is a page or fragment; mail templates bring their styles with them and are none."""
    inside = source.parts[0] == "heed" and "templates" in source.parts
    return inside and source.name.endswith(".html") and "mail" not in source.parts


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def inline_code(source: Source) -> Iterator[Finding]:
    """No inline style, script or handler."""
    visible = Source(source.path, COMMENT.sub(_blank, source.text))
    for pattern, advice in (
        (STYLE, "no inline style: give it a class"),
        (SCRIPT, "no inline script: a module in static/ with src="),
        (HANDLER, "no inline handler: listen for the event in a module"),
    ):
        for line, _ in visible.find(pattern):
            yield Finding(source.path, line, "inline-code", advice)


def fragment_name(source: Source) -> Iterator[Finding]:
    """A fragment is included by its page and its name starts with an underscore; a page is a whole page."""
    for line, match in source.find(INCLUDE):
        if not PurePosixPath(match[1]).name.startswith("_"):
            advice = f"{match[1]} is included, so its name starts with an underscore"
            yield Finding(source.path, line, "fragment-name", advice)
    if not source.name.startswith("_") and not WHOLE.search(source.text):
        advice = "neither extends a base nor is a whole page: a fragment's name starts with an underscore"
        yield Finding(source.path, 1, "fragment-name", advice)
