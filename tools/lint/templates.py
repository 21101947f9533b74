"""Rules for templates. What the strict content security policy would block at run time fails here first."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lint.source import Finding, Source

COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.DOTALL)
STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)", re.IGNORECASE)
HANDLER = re.compile(r"<[^<>]*\s(on[a-z]+|hx-on[\w:-]*)\s*=|javascript:", re.IGNORECASE)
INJECTION = re.compile(
    r"\beval\(|new Function\(|document\.write|\.(inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML"
    r"|createContextualFragment|setAttribute\(\s*[\"'`](style|on\w+)"
)
TRANSLATED = re.compile(r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}", re.DOTALL)
CODE = re.compile(r"<(code|kbd)\b.*?</\1>|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SAID = re.compile(r"\s(?:aria-label|title|placeholder|alt|data-words)=(\"[^\"]*\"|'[^']*')|>([^<>]+)<")
PLAIN = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}|\b[A-Z][a-z]+\b")
NAMES = {"Heed", "Re", "Alarm"}  # the same in every language, or an example
INCLUDE = re.compile(r"\{% include [\"']([^\"']+)[\"']")
WHOLE = re.compile(r"\{% extends |<!doctype", re.IGNORECASE)


def is_template(source: Source) -> bool:
    """Whether a file is a page or fragment; mail templates bring their styles with them and are none."""
    inside = source.parts[0] == "heed" and "templates" in source.parts
    return inside and source.name.endswith(".html") and "mail" not in source.parts


def is_script(source: Source) -> bool:
    """Whether a file is a browser module of ours."""
    return source.parts[0] == "heed" and "static" in source.parts and source.name.endswith(".js")


def script_injects(source: Source) -> Iterator[Finding]:
    """Scripts build no markup or code from text: what a stranger wrote would run with an agent's rights."""
    for line, match in source.find(INJECTION):
        advice = f"{match[0].strip()}: use textContent, a <template> or a fragment from the server"
        yield Finding(source.path, line, "script-injects", advice)


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


def untranslated(source: Source) -> Iterator[Finding]:
    """What a person sees of a template is within a tag for translation, or a value."""
    visible = COMMENT.sub(_blank, source.text)
    for pattern in (TRANSLATED, CODE):
        visible = pattern.sub(_blank, visible)
    for line, match in Source(source.path, visible).find(SAID):
        words = (match[1] or match[2]).strip()
        plain = [found for found in PLAIN.findall(words) if found not in NAMES]
        if plain:
            yield Finding(source.path, line, "untranslated", f"{plain[0]!r}: put it into a translate tag")
