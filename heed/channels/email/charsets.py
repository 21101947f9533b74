"""From bytes to text, whatever the label says."""

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from heed.kernel.later import later

if TYPE_CHECKING:
    import charset_normalizer
else:
    charset_normalizer = later("charset_normalizer")

# Labels that senders use for a superset, or that Python knows by another name.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "chinesesimplified": "gb18030",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-user-defined": "",
    "x-unknown": "",
    "unknown-8bit": "",
    "8bit": "",
    "binary": "",
    "default": "",
    "us-ascii": "",
    "ascii": "",
    "ansi_x3.4-1968": "",
}
# Python codecs that are no character sets of mail: they do other things, slowly or with surprises.
_NOT_CHARSETS = frozenset(
    {
        "idna",
        "punycode",
        "undefined",
        "unicode_escape",
        "raw_unicode_escape",
        "charmap",
        "mbcs",
        "oem",
        "palmos",
    }
)
_MULTI_BYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Everything below a space but tab and newline, and DEL: never meant, and PostgreSQL refuses NUL.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029")
_DETECT_FROM_BYTES = 60  # under this many, detection guesses worse than cp1252


@lru_cache(maxsize=256)
def codec_of(label: str) -> str:
    """Return Python's codec name for a charset label, or '' for labels that mean nothing."""
    name = label.strip().strip("'\"").lower()
    name = name.partition("*")[0]  # RFC 2231 language suffix
    if not name or len(name) > 40 or "\0" in name:
        return ""
    name = _SUPERSETS.get(name, name)
    if not name:
        return ""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return codec_of(name[2:]) if name.startswith("x-") else ""
    if info.name.replace("-", "_") in _NOT_CHARSETS or not getattr(info, "_is_text_encoding", True):
        return ""
    return info.name


def clean(text: str) -> str:
    """Return ``text`` without control characters and lone surrogates, line ends as ``\\n``."""
    if not text.isascii():
        if _SURROGATE.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = text.replace("\ufeff", "")
    if "\r" in text or not text.isascii():
        text = _LINE_BREAKS.sub("\n", text)
    return _CONTROLS.sub("", text) if not text.isprintable() else text


def decode(data: bytes, label: str = "") -> str:
    """Decode body bytes: as declared where that works, else UTF-8, else the likeliest. Never fails."""
    if data.isascii() and b"\x1b" not in data:
        codec = codec_of(label) if label else ""
        if not codec.startswith(("utf-7", "utf-16", "utf-32", "hz", "iso2022")):
            return clean(data.decode("ascii"))
    return clean(_decode(data, codec_of(label) if label else ""))


def _decode(data: bytes, codec: str) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return data[3:].decode("utf-8", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and codec in ("", "utf-16", "utf-8"):
        return data.decode("utf-16", "replace")
    if codec and codec != "utf-8" and not _is_mislabelled_utf8(data, codec):
        text = _try(data, codec)
        if text is not None:
            # Vietnamese in cp1258 is letters and combining marks: compose them as readers type them.
            return unicodedata.normalize("NFC", text) if codec == "cp1258" else text
    text = _try(data, "utf-8")
    if text is not None and not (codec == "" and b"\x1b$" in data):
        return text
    return _guess(data, codec)


def _is_mislabelled_utf8(data: bytes, codec: str) -> bool:
    """Say whether bytes labelled with a one-byte charset are UTF-8 in truth."""
    if codec.startswith(("utf", "iso2022", "gb", "big5", "cp9", "euc", "hz", "johab", "shift")):
        return False
    found = len(_MULTI_BYTE.findall(data))
    # Western text never looks like UTF-8 by chance; Cyrillic or Greek might in a word or two.
    if found < (1 if codec == "cp1252" else 4):
        return False
    return _try(data, "utf-8") is not None


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None


def _guess(data: bytes, codec: str) -> str:
    if b"\x1b$" in data or b"\x1b(" in data:
        text = _try(data, "iso2022_jp_ext") or _try(data, "iso2022_kr")
        if text is not None:
            return text
    if codec:  # the label is right but for some broken bytes: by far the likeliest
        text = data.decode(codec, "replace")
        if text.count("\ufffd") * 50 <= len(text) + 50:
            return text
    if len(data) >= _DETECT_FROM_BYTES:
        best = charset_normalizer.from_bytes(data[:8192]).best()
        if best is not None and codec_of(best.encoding):
            return data.decode(codec_of(best.encoding), "replace")
    return _try(data, "cp1252") or data.decode("cp1252", "replace")
