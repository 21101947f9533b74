"""Hosts of addresses as a browser reads them, and which look like others on purpose. Pure."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote, urlsplit

_SCHEME = re.compile(r"\A\s*(https?):[/\\]*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?")
_SHORT_SUFFIX = frozenset(
    {"ac", "co", "com", "edu", "gob", "gouv", "gov", "gv", "ne", "net", "nom", "or", "org"}
)
LEAST_NEAR: Final = 5  # letters of a name; shorter ones differ by one letter all the time

# Letters of other alphabets that are drawn like Latin ones, in small letters as hosts are written.
_DRAWN_ALIKE: Final = dict(
    zip(
        "аеорсухіјѕһԁԛԝьнкгпмтвӏӕ" + "αορνυικτεηωχγβσ" + "օսհոցյզ" + "ıɑɡłøđħŧœæþƅƙɩɪʏ",
        "aeopcyxijshdqwbhkrnmtbla" + "aopvuikteuwxybo" + "ouhngjq" + "iaglodhtoapbkiiy",
        strict=True,
    )
)
_SHAPES: Final = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("3", "e"), ("5", "s"))
_TOGETHER: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)


def visible(text: str) -> str:
    """Text as the eye reads it: compatible forms made one, without marks that have no width or turn the direction."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def host_of(url: str) -> str:
    """The host that a browser goes to, in Unicode and small letters; '' for no address of a page."""
    found = _SCHEME.match(url)
    if found is None:
        return ""
    rest = re.split(r"[/\\?#]", url[found.end() :], maxsplit=1)[0]
    try:
        host = urlsplit(f"//{rest.rpartition('@')[2]}").hostname or ""
    except ValueError:
        return rest.rpartition("@")[2].lower()
    return _in_unicode(visible(unquote(host)).replace("。", ".").lower().rstrip("."))


def names_somebody(url: str) -> bool:
    """Whether the address begins with a name before an "@", which many take for the host."""
    found = _SCHEME.match(url)
    return found is not None and "@" in re.split(r"[/\\?#]", url[found.end() :], maxsplit=1)[0]


def _in_unicode(host: str) -> str:
    return ".".join(_label(label) for label in host.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def in_ascii(host: str) -> str:
    """The host as it is looked up, so that letters of other alphabets show; as it is where that is not possible."""
    try:
        return ".".join(
            label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
            for label in host.split(".")
        )
    except UnicodeError:
        return host


def is_number(host: str) -> bool:
    """Whether it is a bare machine address, in any way that browsers read one."""
    return ":" in host or _NUMBER.fullmatch(host) is not None


def has_letters_drawn_alike(host: str) -> bool:
    """Whether a label mixes alphabets, or is written in another one with nothing but letters drawn like Latin."""
    return any(_is_drawn_alike(label) for label in host.split(".")[:-1])


def _is_drawn_alike(label: str) -> bool:
    letters = [c for c in label if c.isalpha() and not c.isascii()]
    if not letters:
        return False
    scripts = {unicodedata.name(c, "?").split()[0].partition("-")[0] for c in label if c.isalpha()}
    if len(scripts) > 1:
        return not any(scripts <= together for together in _TOGETHER)
    return scripts != {"LATIN"} and all(c in _DRAWN_ALIKE for c in label if c.isalpha())


def site_of(host: str) -> str:
    """What somebody registered: the last two labels, or three below a suffix like co.uk. No list is asked."""
    labels = host.split(".")
    is_short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHORT_SUFFIX
    return ".".join(labels[-3 if is_short else -2 :])


def resembled(host: str, known: Collection[str]) -> str:
    """Of these known sites the one that this host is made to look like; '' when it is one of them, or like none."""
    site = site_of(host)
    if site in known:
        return ""
    return next((one for one in sorted(known) if _is_like(host, site, one)), "")


def _is_like(host: str, site: str, known: str) -> bool:
    if f".{known}." in f".{host}.":
        return True  # linden.example.evil.example
    name, other = site.partition(".")[0], known.partition(".")[0]
    if name == other or len(other) < LEAST_NEAR:
        return name != other and _drawn(name) == _drawn(other)
    parts = name.split("-")
    return (
        _drawn(name) == _drawn(other)
        or other in parts[:-1] + parts[1:]
        or _is_near(_drawn(name), _drawn(other))
    )


def _drawn(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = "".join(_DRAWN_ALIKE.get(c, c) for c in plain)
    for written, drawn in _SHAPES:
        plain = plain.replace(written, drawn)
    return plain


def _is_near(one: str, other: str) -> bool:
    """One letter more, less or other, or two neighbours changed."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]
