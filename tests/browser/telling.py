"""What a screen reader has to go by: Chromium's accessibility tree, asked for over its debugging protocol.

A Teller presses keys and notes after each what has the focus (role, name, states) and what live regions say that they
did not say before. What changes with the clock is replaced, so that the same desk tells the same.
"""

import calendar
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Error, Page, Request

PATIENCE_SECONDS = 20.0
CALM_SECONDS = 0.4  # nothing was asked of the desk, and nothing changed, for so long
CLOCK = re.compile(rf"\b\d{{1,2}}:\d\d\b|\b({'|'.join(calendar.month_name[1:])}) \d{{4}}\b")
STATES = (
    "checked",
    "pressed",
    "expanded",
    "selected",
    "required",
    "invalid",
    "disabled",
    "multiline",
    "level",
)
CONTROLS = (
    "link",
    "button",
    "textbox",
    "combobox",
    "checkbox",
    "radio",
    "option",
    "searchbox",
    "DisclosureTriangle",
)
ENDLESS = ("/events", "/presence/")  # requests that nobody waits for
NOWHERE = "The focus is on the page as a whole."
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"
TIMES = "() => [...document.querySelectorAll('time')].map((one) => one.textContent.trim())"
Node = Mapping[str, Any]


def _said(node: Node, part: str) -> str:
    value = node.get(part, {}).get("value", "")
    return value if isinstance(value, str) else str(value)


class Tree:
    """One look at the accessibility tree."""

    def __init__(self, nodes: list[Node], times: list[str], began: float) -> None:
        self.began = began  # another one: another page was opened
        self._nodes = {one["nodeId"]: one for one in nodes}
        self._root = nodes[0]
        self._times = sorted({one for one in times if len(one) > 2}, key=len, reverse=True)

    def same_always(self, text: str) -> str:
        """A text without what changes with the clock."""
        for one in self._times:
            text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "(time)", text)
        return CLOCK.sub("(time)", " ".join(text.split()))

    def below(self, node: Node) -> Iterator[Node]:
        """A node and all below it, in reading order."""
        yield node
        for child in node.get("childIds", ()):
            if child in self._nodes:
                yield from self.below(self._nodes[child])

    def words(self, node: Node) -> str:
        """All that stands in a node."""
        texts = (_said(one, "name") for one in self.below(node) if _said(one, "role") == "StaticText")
        return self.same_always(" ".join(texts))

    def focused(self) -> Node:
        """What has the focus; or what is chosen in it, where it says so."""
        held = [one for one in self._nodes.values() if _states(one).get("focused")]
        node = held[-1] if held else self._root
        chosen = next((one for one in node.get("properties", ()) if one["name"] == "activedescendant"), None)
        related = chosen["value"].get("relatedNodes", ()) if chosen else ()
        for one in related:
            for other in self._nodes.values():
                if other.get("backendDOMNodeId") == one.get("backendDOMNodeId"):
                    return other
        return node

    def live(self) -> dict[str, str]:
        """What each live region says now."""
        regions = [
            one
            for one in self._nodes.values()
            if not one.get("ignored") and _said(one, "role") in ("status", "alert", "log")
        ]
        return {str(one.get("backendDOMNodeId")): self.words(one) for one in regions}

    def reads(self, backend: int) -> list[str]:
        """What is read from an element on, a line for each thing."""
        start = next((one for one in self._nodes.values() if one.get("backendDOMNodeId") == backend), None)
        lines = list(self._lines(start)) if start else []
        return [
            one
            for one, before, after in zip(lines, ["", *lines], [*lines[1:], ""], strict=False)
            if one not in before and one not in after
        ]

    def _lines(self, node: Node) -> Iterator[str]:
        role = _said(node, "role")
        if not node.get("ignored") and (role in CONTROLS or role == "heading"):
            yield self.told(node)
            return
        if role == "StaticText":
            if text := self.same_always(_said(node, "name")):
                yield f"“{text}”"
            return
        for child in node.get("childIds", ()):
            if child in self._nodes:
                yield from self._lines(self._nodes[child])

    def told(self, node: Node) -> str:
        """A node's role, name, value and states, as words."""
        role = _said(node, "role")
        parts = [f"{role} “{self.same_always(_said(node, 'name'))}”"]
        value = self.same_always(_said(node, "value"))
        if value and value != self.same_always(_said(node, "name")):
            parts.append(f"value “{value}”")
        parts += _state_words(_states(node))
        if description := self.same_always(_said(node, "description")):
            parts.append(f"described “{description}”")
        return ", ".join(parts)

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.same_always(_said(self._root, "name"))


def _states(node: Node) -> dict[str, Any]:
    return {one["name"]: one["value"].get("value") for one in node.get("properties", ())}


def _state_words(states: Mapping[str, Any]) -> Iterator[str]:
    for name in STATES:
        value = states.get(name)
        if name == "level" and value:
            yield f"level {value}"
        elif name in ("checked", "pressed", "expanded") and value is not None:
            yield name if value in (True, "true") else f"not {name}"
        elif value not in (None, False, "false"):
            yield name


@dataclass
class Teller:
    """Presses keys on a page and notes what is told."""

    page: Page
    lines: list[str] = field(default_factory=list)
    _asked: set[Request] = field(default_factory=set)
    _heard: dict[str, str] = field(default_factory=dict)  # what live regions said last

    def __post_init__(self) -> None:
        self._session = self.page.context.new_cdp_session(self.page)
        self._session.send("Accessibility.enable")
        self.page.on("request", self._begins)
        self.page.on("requestfinished", self._ends)
        self.page.on("requestfailed", self._ends)

    def _begins(self, request: Request) -> None:
        if not any(part in request.url for part in ENDLESS):
            self._asked.add(request)

    def _ends(self, request: Request) -> None:
        self._asked.discard(request)

    def look(self) -> Tree:
        """The tree as it is now."""
        nodes = self._session.send("Accessibility.getFullAXTree")["nodes"]
        return Tree(nodes, self.page.evaluate(TIMES), self.page.evaluate("performance.timeOrigin"))

    def settled(self) -> Tree:
        """The tree once the desk has answered and nothing changes any more."""
        until = time.monotonic() + PATIENCE_SECONDS
        before, since = "", time.monotonic()
        while time.monotonic() < until:
            self.page.wait_for_load_state()
            try:
                self.page.evaluate(
                    DRAWN
                )  # what waits for the next frame has happened, however slowly they come
                tree = self.look()
            except Error as gone:  # the page went while it was looked at: the one that comes is looked at
                if "navigation" not in gone.message:
                    raise
                continue
            now = f"{self.page.url} {tree.told(tree.focused())} {tree.live()}"
            if now != before or self._asked:
                before, since = now, time.monotonic()
            elif time.monotonic() - since > CALM_SECONDS:
                return tree
            self.page.wait_for_timeout(80)
        raise AssertionError(f"the page finds no rest: {before}, {[one.url for one in self._asked]}")

    def opens(self, path: str) -> None:
        """Begin on a page."""
        self.page.goto(path)
        tree = self.settled()
        self._heard |= tree.live()
        self.lines.append(f"- The page opens: “{tree.title}”. {self._focus(tree)}")

    def press(self, keys: str, *, times: int = 1) -> None:
        """Press keys, so many times, and note what is told afterwards."""
        before = self.settled()
        for _ in range(times):
            self.page.keyboard.press(keys)
        again = f", {times} times" if times > 1 else ""
        self._note(f"- `{keys}`{again}.", before, self.settled())

    def types(self, text: str, *, awaits: str = "") -> None:
        """Type a text; what it brings, if it brings anything, is awaited before it is told."""
        before = self.settled()
        self.page.keyboard.type(text)
        if awaits:
            self.page.wait_for_selector(awaits)
        self._note(f"- Typed: “{text}”.", before, self.settled())

    def tab_to(self, name: str, *, key: str = "Tab") -> None:
        """Press Tab until what has the focus is called so; note only that."""
        before = self.settled()
        for _ in range(120):
            self.page.keyboard.press(key)
            tree = self.look()
            if tree.told(tree.focused()).find(f"“{name}") >= 0:
                self._note(f"- `{key}`, as often as it takes.", before, self.settled())
                return
        raise AssertionError(f"no {key} leads to {name!r}")

    def reads(self, css: str, *, at_most: int = 40) -> None:
        """Note what is read from an element on."""
        tree = self.settled()
        found = self._session.send("Runtime.evaluate", {"expression": f"document.querySelector({css!r})"})
        node = self._session.send("DOM.describeNode", {"objectId": found["result"]["objectId"]})["node"]
        lines = tree.reads(node["backendNodeId"])
        self.lines += ["- Read on from there:", *(f"  - {line}" for line in lines[:at_most])]
        if len(lines) > at_most:
            self.lines.append("  - and so on")

    def _note(self, said: str, before: Tree, after: Tree) -> None:
        page = "" if after.began == before.began else " A new page opens."
        if after.title != before.title:
            page += f" The page is called “{after.title}”."
        self.lines.append(f"{said}{page} {self._focus(after)}")
        for region, words in after.live().items():
            # what stands on a new page is read with it; what was covered by a dialog is not said again
            if words and words != self._heard.get(region, "") and after.began == before.began:
                self.lines.append(f"  - Announced: “{words}”")
        self._heard |= after.live()

    def _focus(self, tree: Tree) -> str:
        node = tree.focused()
        if _said(node, "role") == "RootWebArea":
            return NOWHERE
        return f"Focus: {tree.told(node)}."
