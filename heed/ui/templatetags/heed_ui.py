"""Tags and filters of all pages: icons, times, sizes, initials, written text."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import number_format
from django.utils.html import escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, gettext, gettext_lazy

from heed.kernel import clock
from heed.kernel.html.links import with_doubts_told
from heed.ui import codes, parts, permission_words, reasons, times
from heed.ui.contexts import Why
from heed.ui.keys import KEYS, Key
from heed.ui.links import link_words

register = template.Library()

KILO = 1024
LINKED_LENGTH = 20_000
"""A paragraph longer than this is shown without links: looking for them takes longer than reading allows."""
LANGUAGES_BESIDE = {
    "zh": gettext_lazy("Chinese"),
    "no": gettext_lazy("Norwegian"),
    "nb": gettext_lazy("Norwegian (Bokmål)"),
    "af": gettext_lazy("Afrikaans"),
    "lb": gettext_lazy("Luxembourgish"),
    "tk": gettext_lazy("Turkmen"),
    "ckb": gettext_lazy("Central Kurdish (Sorani)"),
    "ms": gettext_lazy("Malay"),
    "ug": gettext_lazy("Uyghur"),
}
"""Languages that Django's own catalogues don't name, or name wrongly ("Africano")."""
PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
TAGS = re.compile(r"(<[^>]*>)")
BULLETS = re.compile(r"(?<!•)(?:•{3,}(?: •{3,})*)(?!•)")
"""What stands where digits or a password were hidden on arrival."""


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite, without a name of its own: a word stands beside it, or a hidden one."""
    classes, sprite = f"icon {css}" if css else "icon", static("heed/icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, sprite, name)


@register.simple_tag
def unchanging(template: str) -> SafeString:
    """A part of the page that says the same to everybody who reads this language: made once."""
    return _unchanging(template, get_language())


register.simple_tag(parts.part)


@lru_cache(maxsize=64)
def _unchanging(template: str, _language: str | None) -> SafeString:
    return render_to_string(template)


@register.simple_tag
def all_keys() -> Sequence[Key]:
    """Every key of the workspace, for the help that keys.js learns them from."""
    return KEYS


def _time(at: datetime | None, words: Callable[[datetime], str], kind: str) -> SafeString:
    """An element that says a time, exact in its title; kind tells the script how to keep it fresh."""
    if at is None:
        return SafeString("")
    opening = _opening(at, kind, timezone.get_current_timezone_name(), get_language())
    return mark_safe(f"{opening}{escape(words(at))}</time>")  # noqa: S308 - both parts were escaped


@lru_cache(maxsize=1024)
def _opening(at: datetime, kind: str, zone: str, language: str | None) -> SafeString:
    """The element's beginning. Zone and language are the reader's: part of the key because the words depend on them."""
    exact = times.local(at).isoformat(timespec="seconds"), times.exact(at)
    return format_html('<time datetime="{}" title="{}" data-when="{}">', *exact, kind)


@register.filter
def when(at: datetime | None) -> SafeString:
    """09:47, Mon 16:40, tomorrow 09:30, 13 Nov 16:40; nothing for None."""
    return _time(at, times.when, "when")


@register.filter
def ago(at: datetime | None) -> SafeString:
    """24 min, 2 h, Mon, 13 Nov; nothing for None."""
    return _time(at, times.ago, "ago")


@register.filter
def until(at: datetime | None) -> SafeString:
    """Due times: in 16 min, 11:11, tomorrow 09:30; what is past says how long, 49 min; nothing for None."""
    return _time(at, times.until, "until" if at and at >= clock.now() else "late")


@register.filter
def because(why: Why) -> SafeString:
    """Why a row stands in its list: Reply due in 16 min."""
    return reasons.because(why, TELL, first_name)


@register.filter
def day(at: datetime | None) -> SafeString:
    """Today, Yesterday, Mon 16 Nov; nothing for None."""
    return _time(at, times.day_line, "day")


@register.filter
def day_only(at: datetime | None) -> SafeString:
    """today, yesterday, Mon, 16 Nov; nothing for None."""
    return _time(at, lambda moment: times.day_name(times.local(moment).date()), "name")


TELL = {"when": when, "until": until, "day": day_only}


@register.simple_tag
def reader_zone() -> str:
    """The IANA name of the reader's zone, for the script that keeps times fresh."""
    return timezone.get_current_timezone_name()


register.simple_tag(times.comma)
register.filter(times.full_day)
register.filter(times.full_time)


@register.filter
def filesize(size: int) -> str:
    """A size in bytes as people say it: 3 KB, 1.2 MB. Never less than 1 KB."""
    kilobytes = max(1, round(size / KILO))
    if kilobytes < 1000:
        return gettext("%(count)d KB") % {"count": kilobytes}
    megabytes = size / KILO / KILO
    if megabytes < 1000:
        return gettext("%(count)s MB") % {"count": number_format(round(megabytes, 1), 1)}
    return gettext("%(count)s GB") % {"count": number_format(round(megabytes / KILO, 1), 1)}


@register.filter
def initials(name: str) -> str:
    """Up to two letters for an avatar: first and last word of a name, or the first letter of an address."""
    words = [word for word in re.split(r"[\s._-]+", name.partition("@")[0]) if word and word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]).upper()


@register.filter
def first_name(name: str) -> str:
    """What one calls somebody in a button: the first word of a name, or the whole address."""
    return name if "@" in name else (name.split() or [name])[0]


@register.filter
def extension(name: str) -> str:
    """The ending of a file's name in capitals, when it has a short one: PDF."""
    stem, dot, ending = name.rpartition(".")
    return ending.upper() if dot and stem and 1 <= len(ending) <= 5 and ending.isalnum() else ""


@register.filter
def language_words(code: str) -> str:
    """A language in the reader's language: German. A code nobody knows stays as it is.

    Not called language_name: Django has a filter of that name, which fails for what it does not know.
    """
    if code in LANGUAGES_BESIDE:
        return str(LANGUAGES_BESIDE[code])
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@register.filter
def local_time(zone: str) -> str:
    """The time of day in a zone, with its city: 09:29, Berlin. Empty for an unknown zone."""
    return times.time_in(zone)


@register.filter
def written(text: str) -> SafeString:
    """A message's plain text as paragraphs: everything escaped, addresses made links that open elsewhere."""
    blocks = [block for block in PARAGRAPHS.split(text.strip("\n").replace("\r\n", "\n")) if block.strip()]
    return mark_safe("".join(f"<p>{_lines(block)}</p>" for block in blocks))  # noqa: S308 - every part was escaped


@register.filter
def calling(html: SafeString, mentions: Sequence[str]) -> SafeString:
    """What `written` or an editor made of a note, with each "@Name" that calls somebody marked."""
    if not mentions:
        return html
    names = sorted({escape(one) for one in mentions}, key=len, reverse=True)
    calls = re.compile(f"(?<![\\w@.+/-])@(?:{'|'.join(map(re.escape, names))})(?![\\w-])")
    parts = TAGS.split(html)  # tags stand at the odd places
    parts[::2] = [
        calls.sub(lambda found: f'<span class="mention">{found[0]}</span>', one) for one in parts[::2]
    ]
    return mark_safe("".join(parts))  # noqa: S308 - only marks were added to what was safe


def _lines(block: str) -> str:
    if len(block) < LINKED_LENGTH and ("://" in block or "www." in block or "@" in block):
        linked = str(urlize(block, nofollow=True, autoescape=True))
        linked = linked.replace(' rel="nofollow"', ' rel="nofollow noopener noreferrer" target="_blank"')
        linked = with_doubts_told(linked, link_words)
    else:
        linked = escape(block)
    hidden = BULLETS.sub(lambda found: f'<span class="hidden-digits">{found[0]}</span>', linked)
    return hidden.strip("\n").replace("\n", "<br>")


class _Piece(Protocol):
    """Some text, marked or not, as searches find it."""

    @property
    def text(self) -> str: ...
    @property
    def is_marked(self) -> bool: ...


@register.filter
def with_marks(pieces: Iterable[_Piece]) -> SafeString:
    """A text in pieces, everything escaped, what was looked for marked."""
    texts = ((escape(piece.text), piece.is_marked) for piece in pieces)
    return mark_safe("".join(f"<mark>{text}</mark>" if marked else text for text, marked in texts))  # noqa: S308 - escaped


@register.filter
def view_name(code: str) -> str:
    """A view's or page's name: My turn. A code nobody knows stays as it is."""
    return str(codes.VIEWS.get(code, code))


@register.filter
def section_name(code: str) -> str:
    """A settings section's name; without a section the name of them all."""
    return str(codes.SECTIONS[code][0] if code in codes.SECTIONS else codes.VIEWS["settings"])


@register.filter
def section_about(code: str) -> str:
    """What a person does in a settings section."""
    return str(codes.SECTIONS[code][1] if code in codes.SECTIONS else "")


@register.filter
def weekday_name(number: int) -> str:
    """A day of the week, 0 for Monday: Monday."""
    return str(WEEKDAYS[number])


@register.filter
def weekday_short(number: int) -> str:
    """A day of the week, 0 for Monday: Mon."""
    return str(WEEKDAYS_ABBR[number])


@register.filter
def role_name(code: str) -> str:
    """A role: Lead."""
    return str(codes.ROLES.get(code, code))


@register.filter
def availability_name(code: str) -> str:
    """What somebody says of themselves: Away."""
    return str(permission_words.AVAILABILITIES.get(code, code))


@register.filter
def permission_name(code: str) -> str:
    """What somebody may do: Merge, split and link."""
    return str(permission_words.PERMISSIONS.get(code, code))


@register.filter
def permission_group(code: str) -> str:
    """What some permissions are about: What they see."""
    return str(permission_words.GROUPS.get(code, code))


@register.filter
def field_kind_name(code: str) -> str:
    """What a custom field holds: Number."""
    return str(codes.FIELD_KINDS.get(code, code))


@register.filter
def status_name(code: str) -> str:
    """A status: Open."""
    return str(codes.STATUSES.get(code, code))


@register.filter
def variable_name(code: str) -> str:
    """What a variable of saved replies stands for: the customer's first name."""
    return codes.variable_words(code)


@register.filter
def priority_name(code: str) -> str:
    """A priority: High."""
    return str(codes.PRIORITIES.get(code, code))


@register.filter
def as_json(value: object) -> str:
    """What a script reads from an attribute."""
    return json.dumps(value)
