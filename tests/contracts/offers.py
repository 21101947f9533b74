"""What a page offers: its links, and its forms, button by button, as a browser without scripts would send them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

TYPED: Final = {"email": "new@example.org", "date": "2099-01-01", "datetime-local": "2099-01-01T09:00"}
NUMBER: Final = re.compile(r"[0-9a-f]{32,}|\d+")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Offer:
    """Something to do or to go to. One of each sort stands for all that differ from it in numbers alone."""

    sort: tuple[str, ...]
    method: str = field(compare=False)
    address: str = field(compare=False)
    data: Pairs = field(compare=False, default=())

    def __str__(self) -> str:
        return " ".join(self.sort)


def _offer(method: str, address: str, pressed: Pairs = (), data: Pairs = ()) -> Offer:
    path = address.partition("?")[0]
    told = (f"{name}={NUMBER.sub('#', value)}" for name, value in pressed)
    return Offer((method, NUMBER.sub("#", path), *told), method, address, data)


def offers_of(html: str, *, here: str) -> Iterator[Offer]:
    """All that stands on a page; here: its own address."""
    tree = LexborHTMLParser(html)
    for link in tree.css("a[href^='/']"):
        yield _offer("GET", (link.attributes["href"] or "").partition("#")[0])
    for form in tree.css("form"):
        if form.attributes.get("method") == "dialog" or form.css("fieldset[disabled]"):
            continue  # it sends nothing
        yield from _of_form(tree, form, here)


def _of_form(tree: LexborHTMLParser, form: LexborNode, here: str) -> Iterator[Offer]:
    method = (form.attributes.get("method") or "get").upper()
    action = form.attributes.get("action") or here
    sent = _as_filled(form)
    buttons = [one for one in form.css("button") if one.attributes.get("type", "submit") == "submit"]
    for choice in _choices(form):
        yield _offer(method, action, (choice,), (*_without(sent, choice[0]), choice))
    for button in buttons:
        marks = button.attributes
        pressed = ((marks["name"] or "", marks.get("value") or ""),) if marks.get("name") else ()
        told = sent
        for kind in ("reply", "note"):
            if f"for-{kind}" in (marks.get("class") or ""):
                pressed, told = (*pressed, ("kind", kind)), _without(sent, "kind")
        to = (marks.get("formaction") or action).partition("#")[0]
        yield _offer((marks.get("formmethod") or method).upper(), to, pressed, (*told, *pressed))


def _choices(form: LexborNode) -> Iterator[tuple[str, str]]:
    """The other choices of a form that is one select and no more: each is sent as soon as it is chosen."""
    selects = form.css("select")
    if form.attributes.get("hx-trigger") != "change" or len(selects) != 1:
        return
    for option in selects[0].css("option"):
        if "selected" not in option.attributes:
            yield selects[0].attributes["name"] or "", option.attributes.get("value") or ""


def _as_filled(form: LexborNode) -> Pairs:
    return tuple(pair for node in form.css("input, textarea, select") for pair in _filled(node))


def _filled(node: LexborNode) -> Iterator[tuple[str, str]]:
    marks = node.attributes
    name, kind = marks.get("name"), marks.get("type") or "text"
    if not name or kind in ("file", "submit"):
        return
    if node.tag == "select":
        options = node.css("option")
        chosen = [one for one in options if "selected" in one.attributes] or options[:1]
        for one in chosen:
            value = one.attributes["value"] if "value" in one.attributes else one.text()
            yield name, value or ""
    elif node.tag == "textarea":
        yield name, node.text() or "x"
    elif kind in ("checkbox", "radio"):
        if "checked" in marks or name == "number":
            yield name, marks.get("value") or "on"
    elif kind == "hidden":
        yield name, marks.get("value") or ""
    else:
        yield name, marks.get("value") or TYPED.get(kind, "x" if "required" in marks else "")


def _without(sent: Pairs, name: str) -> Pairs:
    return tuple(pair for pair in sent if pair[0] != name)
