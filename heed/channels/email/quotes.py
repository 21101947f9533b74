"""What was written now, and what is history: a cutter that reads each line a bounded number of times.

Nothing is thrown away: every line ends in exactly one of ``visible``, ``quoted`` and ``signature``. Lines
are judged by their first characters only (``Limits.cutter_line_chars``), announcements span at most four
lines, and all patterns have bounded gaps, so hostile text costs no more than ordinary text of its length.
"""

import re
from dataclasses import dataclass

from heed.channels.email.charsets import clean
from heed.channels.email.closing_words import DISCLAIMER, SIGN_OFF, is_sent_from
from heed.channels.email.html_marks import HERE, RULER, SIGNED, SOFT, marked_text, unmarked
from heed.channels.email.limits import Limits
from heed.channels.email.quote_words import (
    ADDRESS,
    BARE_ANNOUNCEMENT,
    DATE_START,
    DELIMITER,
    ENDINGS,
    START,
    STRONG,
    VERBS,
    header_of,
)
from heed.kernel.html import to_text

_QUOTED = re.compile(rf"\s{{0,3}}(?:[A-Za-z]{{0,3}}>|\|(?:\s|\Z)|{SOFT})")
_RULE = re.compile(r"[\s*]{0,6}(?:[-_=~*#+—]{2,}|ᐧ)[\s*]*\Z")
_LONG_RULE = re.compile(r"\s{0,6}(?:-{8,}|_{8,}|\*{8,}|={8,})\s*\Z")
_DASHES = re.compile(r"\s?(?:--|__)\s*\Z")
_NAME_DASH = re.compile(r"\s?-{1,2}\s?[^\W\d_][\w.'-]{1,20}(?:\s[^\W\d_][\w.'-]{0,20}){0,2}\s*\Z")
_ENDS = (":", "：", ":*", ":_", ": *")
_MARKS = frozenset(f"-_*=~#+—>ᐧ{RULER}")  # what rules and delimiters begin with
_SPAN = 4  # lines that one announcement may take
_HEADER_LINES = 12  # lines in which the headers of a quoted mail must stand
_NOTICE_LINES = 60  # so far up from the end a legal notice is looked for
_SIGNATURE_LINES = 14  # a longer "signature" is text
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Cut:
    """A body and its three parts; each line of ``text`` stands in one of them."""

    text: str
    visible: str
    quoted: str
    signature: str


def cut_text(text: str, limits: Limits) -> Cut:
    """Split a plain body into what was written now, the quoted history and the signature."""
    return _Cutter(unmarked(text), limits).cut()


def cut_html(html: str, limits: Limits) -> Cut:
    """Split an HTML body: what its mail program marked as quoted becomes ``>`` lines, then as plain text."""
    marked = clean(marked_text(html))
    cut = _Cutter(marked, limits).cut()
    if cut.visible and all(not line or line[0] == ">" for line in cut.visible.split("\n")):
        plain = clean(
            to_text(html)
        )  # everything is a quotation: then that is the message, and no mark is its own
        return Cut(plain, plain.strip("\n \t\u200b"), "", "")
    return cut


class _Cutter:
    """One pass from the top finds where history begins, one from there upwards finds the signature."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = unmarked(text)
        self.lines = text.split("\n")
        seen = limits.cutter_line_chars
        self.heads = [line[:seen].rstrip() for line in self.lines[: limits.cutter_lines]]
        if not text.isascii():
            self.heads = [_INVISIBLE.sub("", head) for head in self.heads]
        self.wrapped: set[int] = set()
        # Announcements end in a colon: whether one of the next lines does is asked for every line.
        self.ends = {number for number, head in enumerate(self.heads) if head.endswith(_ENDS)}
        self.marks = ["V"] * len(self.lines)
        if SIGNED in text:
            self._note_signed()

    def _note_signed(self) -> None:
        """Mark what a program marked as signature, with the dashes above it; what is written below stays."""
        is_signed = False
        for number in range(len(self.lines) - 1, -1, -1):
            line = self.lines[number]
            if line.startswith(SIGNED) or (is_signed and _DASHES.match(line[:80])):
                self.marks[number] = "S"
            is_signed = line.startswith(SIGNED) or (is_signed and not line.strip())

    def cut(self) -> Cut:
        end = self._history()
        end = self._trailing(end)
        self._signature(end)
        if not any(mark == "V" and self._is_word(number) for number, mark in enumerate(self.marks)):
            self.marks = ["V"] * len(self.lines)  # all history or signature: then that is the message
        return Cut(self.text, self._part("V"), self._part("Q"), self._part("S"))

    def _is_word(self, number: int) -> bool:
        line = self.lines[number]
        return bool(line.strip(" \t\u200b\u00a0" + HERE + RULER)) and line[0] != SIGNED

    def _part(self, mark: str) -> str:
        kept = [line for line, own in zip(self.lines, self.marks, strict=True) if own == mark]
        return unmarked("\n".join(kept)).strip("\n \t\u200b")

    def _history(self) -> int:
        """Mark quoted history; return the line from which all that follows is history (or the end)."""
        heads, number, has_own, in_code = self.heads, 0, False, False
        while number < len(heads):
            head = heads[number]
            if head.startswith("```"):
                in_code = not in_code
            if not head or in_code or head[0] == SIGNED:
                number += 1
                continue
            if _QUOTED.match(head):
                number = self._quoted_block(number, has_own=has_own, is_announced=False)
                has_own = has_own or self.marks[number - 1] == "V"
                continue
            size, is_final = self._announcement(number)
            if size:
                after = self._next_word(number + size)
                if after < len(heads) and not is_final and _QUOTED.match(heads[after]):
                    self._mark(number, after, "Q")
                    number = self._quoted_block(after, has_own=has_own, is_announced=True)
                    continue
                if has_own:
                    self._mark(number, len(self.lines), "Q")
                    return number
                self._mark(number, number + size, "Q")
                number += size
                continue
            has_own = has_own or (self.marks[number] == "V" and not _RULE.match(head))
            number += 1
        return len(self.lines)

    def _quoted_block(self, start: int, *, has_own: bool, is_announced: bool) -> int:
        """Mark the quoted lines from ``start`` and return the line after them.

        Quoted lines between somebody's own are what they answer to, and stay. They are history when nothing
        of one's own follows, or when one announced block stands above everything.
        """
        end = start
        while end < len(self.heads):
            head = self.heads[end]
            is_lazy = bool(head) and end + 1 < len(self.heads) and bool(_QUOTED.match(self.heads[end + 1]))
            if is_lazy and self._is_wrapped(end):
                self.wrapped.add(end)
            elif not (_QUOTED.match(head) or (not head and self._continues(end))):
                break
            end += 1
        if is_announced and not has_own and not self._has_more_quotes(end):
            self._mark(start, end, "Q")
        return end

    def _continues(self, number: int) -> bool:
        after = self._next_word(number)
        return after < len(self.heads) and after - number <= 3 and bool(_QUOTED.match(self.heads[after]))

    def _is_wrapped(self, number: int) -> bool:
        """Say whether a line within a quoted block only lost its mark when the line before was wrapped."""
        return (
            number > 0 and len(self.heads[number - 1]) >= 60 and bool(_QUOTED.match(self.heads[number - 1]))
        )

    def _has_more_quotes(self, start: int) -> bool:
        return any(_QUOTED.match(head) for head in self.heads[start : start + 2000] if head)

    def _next_word(self, number: int) -> int:
        while number < len(self.heads) and not self.heads[number].strip():
            number += 1
        return number

    def _mark(self, start: int, end: int, mark: str) -> None:
        self.marks[start:end] = [mark] * (min(end, len(self.marks)) - start)

    def _announcement(self, number: int) -> tuple[int, bool]:
        """Return how many lines from ``number`` announce history, and whether all after them is."""
        head = self.heads[number]
        size = 0
        if HERE in head:
            return 1 + self._header_block(number + 1, at_least=2), True
        is_marked = ":" in head or "：" in head
        starts_marked = head.lstrip()[0] in _MARKS
        if (is_marked or starts_marked) and DELIMITER.match(head):
            return 1 + self._header_block(number + 1, at_least=1), True
        if starts_marked and (_RULE.match(head) or head.strip() == RULER):
            size = self._header_block(number + 1, at_least=3)
            return (1 + size if size else 0), True
        size = self._header_block(number, at_least=3) if is_marked else 0
        if size:
            return size, True
        if (starts_marked or head.lstrip()[0].isdigit()) and BARE_ANNOUNCEMENT.match(head):
            return 1, False
        return self._written_by(number), False

    def _written_by(self, number: int) -> int:
        """Return the number of lines of "On … wrote:" that begin at ``number``, 0 when there is none."""
        if self.ends.isdisjoint(range(number, number + _SPAN)):
            return 0
        if number not in self.ends and not START.match(self.heads[number]):
            return 0
        window = ""
        for size in range(1, _SPAN + 1):
            place = number + size - 1
            if place >= len(self.heads) or not self.heads[place].strip():
                return 0
            head = self.heads[place]
            if size > 1 and (
                _QUOTED.match(head) or (not STRONG.search(window) and self._is_better_start(place))
            ):
                return 0
            window = f"{window} {head.strip()}"
            if place in self.ends:
                return size if self._is_credible(window) else 0
        return 0

    def _is_better_start(self, place: int) -> bool:
        head = self.heads[place]
        return (
            head[-1] in ":："
            and bool(VERBS.search(head))
            and bool(STRONG.search(head))
            and bool(START.match(head))
        )

    @staticmethod
    def _is_credible(window: str) -> bool:
        if not STRONG.search(window):
            return False
        if window.endswith(ENDINGS) or VERBS.search(window):
            return True
        return bool(DATE_START.match(window)) and bool(ADDRESS.search(window))

    def _header_block(self, start: int, *, at_least: int) -> int:
        """Return how many lines a quoted mail's headers take from ``start``, 0 when too few."""
        start_at = self._next_word(start)
        if start_at - start > 3 or start_at >= len(self.heads):
            return 0
        first = header_of(self.heads[start_at])
        if first not in ("from", "date", "sent", "to", "subject"):
            return 0
        kinds: dict[str, int] = {}
        last, has_address = start_at, False
        for place in range(start_at, min(start_at + _HEADER_LINES, len(self.heads))):
            head = self.heads[place]
            kind = header_of(head) if head else ""
            if kind:
                kinds.setdefault(kind, place)
                last = place
                has_address = has_address or "@" in head
            elif place - last > (1 if head else 2):
                break
        if len(kinds) < at_least or "from" not in kinds:
            return 0
        if at_least >= 3 and not ("subject" in kinds or "sent" in kinds or has_address):
            return 0  # "From: Berlin, To: Paris, Date: May" is a journey
        return last - start + 1

    def _trailing(self, end: int) -> int:
        """Mark quoted lines at the end of what is left as history, and return where they begin."""
        bottom = self._own_end(end)
        place = bottom
        while place > 0 and (not self._is_word(place - 1) or self._is_quoted(place - 1)):
            place -= 1
        has_quoted = any(self._is_quoted(number) for number in range(place, bottom))
        if not has_quoted or not any(
            self._is_word(number) and self.marks[number] == "V" for number in range(place)
        ):
            return end
        self._mark(place, bottom, "Q")
        return end

    def _own_end(self, end: int) -> int:
        """Return where a signature at the very end begins, so that quotes above it are trailing."""
        end = min(end, len(self.heads))
        for place in range(end - 1, max(end - _SIGNATURE_LINES, 0) - 1, -1):
            if self._is_quoted(place):
                break
            if _DASHES.match(self.heads[place]) or _LONG_RULE.match(self.heads[place]):
                return place
        return end

    def _is_quoted(self, place: int) -> bool:
        if place >= len(self.heads):
            return False
        return self.marks[place] == "Q" or place in self.wrapped or bool(_QUOTED.match(self.heads[place]))

    def _signature(self, end: int) -> None:
        """Mark the signature at the end of what was written."""
        own = [
            place
            for place in range(min(end, len(self.heads)))
            if self.marks[place] == "V" and self.heads[place]
        ]
        self._notice(own)
        while own and _RULE.match(self.heads[own[-1]]):
            self.marks[own.pop()] = "S"
        start = self._signature_start(own)
        if start is not None and any(place < start for place in own):
            for place in range(start, len(self.marks)):
                if self.marks[place] == "V":
                    self.marks[place] = "S"
            while own and own[-1] >= start:
                own.pop()
            while own and _RULE.match(self.heads[own[-1]]):
                self.marks[own.pop()] = "S"
        if len(own) > 1 and _NAME_DASH.match(self.heads[own[-1]]) and not self._is_list(own):
            self.marks[own[-1]] = "S"

    def _notice(self, own: list[int]) -> None:
        """Mark the legal notice at the end of one's own lines, and take it from them."""
        for index in range(max(len(own) - _NOTICE_LINES, 1), len(own)):
            place = own[index]
            if self.heads[place - 1] and not _RULE.match(self.heads[place - 1]):
                continue
            following = self.heads[place + 1] if place + 1 < len(self.heads) else ""
            if DISCLAIMER.match(f"{self.heads[place]} {following}"):
                for number in own[index:]:
                    self.marks[number] = "S"
                del own[index:]
                return

    def _signature_start(self, own: list[int]) -> int | None:
        """Return the first line of the signature among the lines of one's own, None when there is none."""
        dashes = None
        in_code = False
        for index, place in enumerate(own):
            head = self.heads[place]
            in_code = in_code != head.startswith("```")
            if in_code:
                continue
            left = len(own) - index
            if head.lstrip()[:1] in "-_" and left <= 4 * _SIGNATURE_LINES and _DASHES.match(head):
                dashes = place
                break
            if left <= _SIGNATURE_LINES and (
                is_sent_from(head) or (index and head.lstrip()[0] in _MARKS and _LONG_RULE.match(head))
            ):
                dashes = place
                break
        own = [place for place in own if dashes is None or place < dashes]
        for index in range(max(len(own) - 12, 0), len(own) - 2):
            if len(self.heads[own[index]]) > 40 or not SIGN_OFF.match(self.heads[own[index]]):
                continue
            if all(len(self.heads[place]) <= 60 for place in own[index:]):
                return own[index]
        return dashes

    def _is_list(self, own: list[int]) -> bool:
        return len(own) > 1 and self.heads[own[-2]].lstrip().startswith("-")
