"""Authentication-Results (RFC 8601): a reader of hostile header values, linear in their length."""

import re
from dataclasses import dataclass
from typing import Final

from heed.channels.email.authentication.results import Verdict
from heed.channels.email.words import unfold

VALUE_BYTES: Final = 16_384  # of one header that is read
RESULTS: Final = 40  # of one header

_METHOD = re.compile(r"\s*([a-z0-9][a-z0-9-]*)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(
    r"([a-z]{2,20})\s{0,8}\.\s{0,8}([a-z0-9_-]{1,40})\s{0,8}=\s{0,8}(\"[^\"]{0,400}\"|[^\s;\"]{1,400})",
    re.IGNORECASE,
)
_WORDS = {
    "pass": Verdict.PASS,
    "bestguesspass": Verdict.NONE,  # a guess of some servers where the domain publishes nothing
    "fail": Verdict.FAIL,
    "hardfail": Verdict.FAIL,
    "softfail": Verdict.SOFTFAIL,
    "neutral": Verdict.NEUTRAL,
    "policy": Verdict.POLICY,
    "none": Verdict.NONE,
    "temperror": Verdict.TEMPERROR,
    "permerror": Verdict.PERMERROR,
}


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result, with the properties it was found from: header.d, smtp.mailfrom and so on, lower case."""

    method: str
    verdict: Verdict
    properties: dict[str, str]
    comment: str = ""  # what stood in brackets behind it, such as p=REJECT

    def domain(self, *names: str) -> str:
        """The domain of the first of these properties that is there; '' for none."""
        for name in names:
            value = self.properties.get(name, "")
            if value:
                return value.rpartition("@")[2].strip("<>").rstrip(".").lower()
        return ""


@dataclass(frozen=True, slots=True)
class Results:
    """One header: who wrote it, and what was found. An ARC one has an instance as well.

    Microsoft's servers leave their name out: then it is empty.
    """

    server: str
    results: tuple[Result, ...]
    instance: int = 0


def read_results(value: bytes) -> Results | None:
    """Read one value of Authentication-Results or ARC-Authentication-Results; None when it says nothing."""
    text = unfold(value[:VALUE_BYTES]).decode("utf-8", "replace")
    pieces = _pieces(text)
    instance = 0
    if pieces and (found := re.fullmatch(r"\s*i\s{0,8}=\s{0,8}(\d{1,3})\s*", pieces[0][0])):
        instance = int(found[1])
        pieces = pieces[1:]
    words = pieces[0][0].split() if pieces else []
    if not words:
        return None
    is_nameless = "=" in words[0]  # a result stands where the name should
    told = pieces[: RESULTS + 1] if is_nameless else pieces[1 : RESULTS + 1]
    return Results(
        server="" if is_nameless else words[0].strip('"').rstrip(".").lower(),
        results=tuple(result for text, comment in told if (result := _result(text, comment)) is not None),
        instance=instance,
    )


def _result(text: str, comment: str) -> Result | None:
    method = _METHOD.match(text)
    if method is None:
        return None
    properties: dict[str, str] = {}
    for kind, name, value in _PROPERTY.findall(text[method.end() :]):
        properties.setdefault(f"{kind}.{name}".lower(), value.strip('"').lower())
    verdict = _WORDS.get(method[2].lower(), Verdict.NONE)
    return Result(method[1].lower(), verdict, properties, comment.lower()[:200])


def _pieces(text: str) -> list[tuple[str, str]]:
    """The parts between semicolons, each without its comments, and these beside it. Quoted strings stay whole."""
    pieces: list[tuple[str, str]] = []
    kept: list[str] = []
    comments: list[str] = []
    depth, is_quoted, start, position = 0, False, 0, 0
    while position < len(text):
        char = text[position]
        if char == "\\" and (is_quoted or depth):
            position += 1
        elif char == '"' and not depth:
            is_quoted = not is_quoted
        elif not is_quoted and char == "(":
            if not depth:
                kept.append(text[start:position])
                start = position + 1
            depth += 1
        elif not is_quoted and char == ")" and depth:
            depth -= 1
            if not depth:
                comments.append(text[start:position])
                kept.append(" ")
                start = position + 1
        elif not is_quoted and not depth and char == ";":
            kept.append(text[start:position])
            pieces.append(("".join(kept), " ".join(comments)))
            kept, comments, start = [], [], position + 1
        position += 1
    if not depth:  # a comment that is never closed hides the rest
        kept.append(text[start:])
    pieces.append(("".join(kept), " ".join(comments)))
    return pieces
