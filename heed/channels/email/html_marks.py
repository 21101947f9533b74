"""HTML bodies as lines, with marks where mail programs say what is quoted and what is a signature.

A program that marks its quotations knows better than any guess from words: what it marked becomes ``>`` lines,
signatures get a mark of their own, and the cutter then reads lines, as for plain text. Marks are private
characters, which never come out of here.
"""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from heed.kernel.html import to_text

HERE: Final = "\ue002"  # put where HTML says that history begins
RULER: Final = "\ue003"  # put where HTML has a ruler
SOFT: Final = "\ue004"  # begins the lines of a blockquote that may be a mere indentation
SIGNED: Final = "\ue005"  # begins the lines of what a program put there as signature
_MARKED = re.compile(f"[{HERE}{RULER}{SOFT}{SIGNED}]")

# Elements by which mail programs mark what they quote: Gmail, Yahoo, Thunderbird, Proton, Tuta, Zoho, Outlook for
# Mac, GMX and Web.de, Apple and Fastmail (blockquote), Spark, Airmail, Missive, Front, Freshdesk, Zimbra, Nylas.
_QUOTES: Final = (
    "blockquote, .gmail_quote, .gmail_quote_container, .yahoo_quoted, .moz-cite-prefix, .moz-forward-container, "
    ".protonmail_quote, .tutanota_quote, .zmail_extra, #OLK_SRC_BODY_SECTION, div[name=quote], .quoted-text, "
    ".tmail-quote, .skymail-quote, [name=messageReplySection], .airmail_on, .missive_quote, .front-blockquote, "
    ".freshdesk_quote, .nylas-quote, .mail-quote-collapse, .WordSection1 > .gmail_quote, .sh-quoted-content, "
    "[data-marker=__QUOTED_TEXT__], .ox-quote, .reply-quote, .mailcontainer-quote, .zendesk_quote"
)
# Elements after which everything is history: Outlook on the web and its kin, NetEase, Roundcube, QQ.
_BEGINS: Final = (
    "#divRplyFwdMsg, #appendonsend, #stopSpelling, #mail-editor-reference-message-container, #isForwardContent, "
    "#isReplyContent, #reply-intro, #x_divRplyFwdMsg, #ms-outlook-mobile-body-separator-line, #qmQuote, "
    "#original-content, [data-marker=__HEADERS__]"
)
# Outlook draws a line above the headers of what it quotes; other programs do, too. It counts only with headers below.
_RULERS: Final = (
    'hr, div[style*="border-top:solid"], div[style*="border-top: solid"], div[style*="border-top:1"], '
    'div[style*="border-top: 1"], div[style*="border:none;border-top"]'
)
_SIGNATURES: Final = (
    ".gmail_signature, [data-smartmail=gmail_signature], .moz-signature, #Signature, #x_Signature, "
    "#ms-outlook-mobile-signature, #AppleMailSignature, #composer_signature, .protonmail_signature_block, "
    "[name=messageSignatureSection], [id^=bloop_sign], .missive_signature, .front-signature, .nylas-signature, "
    "[data-marker=__SIG_PRE__], [data-marker=__SIG_POST__], #mail-app-auto-default-signature, .ymail_signature, "
    ".tutanota_signature, .email-signature, .elementToProof > #Signature, .js-signature"
)
_SIGNS: Final = (
    "quote",
    "id=",
    "moz-",
    "<hr",
    "extra",
    "border-top",
    "signature",
    "data-marker",
    "name=",
    "airmail",
)
_PRIVATE = re.compile("[\ue000-\ue005]")
_PLACE = re.compile("\ue000(\\d+)\ue001")


def unmarked(text: str) -> str:
    """Return text without marks."""
    return text if text.isascii() or _MARKED.search(text) is None else _MARKED.sub("", text)


def marked_text(html: str) -> str:
    """Return HTML as text with quoted elements as ``>`` lines and marks where history and signatures begin."""
    lower = html.lower()
    if not any(sign in lower for sign in _SIGNS):
        return to_text(html)
    tree = LexborHTMLParser(_PRIVATE.sub("", html))
    for begin in tree.css(_BEGINS):
        begin.insert_before(f"\n{HERE}\n")
    for ruler in tree.css(_RULERS):
        if ruler.tag == "hr":
            ruler.replace_with(RULER)
        else:
            ruler.insert_before(RULER)
    taken: list[tuple[str, str]] = []
    _take(tree, _QUOTES, taken)
    _take(tree, _SIGNATURES, taken)
    text = to_text(tree.html or "")
    text = text.replace(HERE, f"\n{HERE}\n").replace(RULER, f"\n{RULER}\n")
    return _PLACE.sub(lambda match: _as_lines(*taken[int(match[1])]), text) if taken else text


def _take(tree: LexborHTMLParser, selector: str, taken: list[tuple[str, str]]) -> None:
    """Replace these elements by places, and note their HTML with the mark of their lines."""
    for element in tree.css(selector):
        if _is_inside_quote(element) or not element.html:
            continue
        if selector == _SIGNATURES:
            mark = SIGNED
        else:
            mark = SOFT if element.tag == "blockquote" and not _is_cited(element) else "> "
        taken.append((element.html, mark))
        element.replace_with(f" \ue000{len(taken) - 1}\ue001 ")


def _is_cited(element: LexborNode) -> bool:
    """Say whether a blockquote is a mail program's, not a writer's indentation."""
    attributes = element.attributes
    return any(attributes.get(name) for name in ("type", "cite", "class", "id")) or "border" in (
        attributes.get("style") or ""
    )


def _is_inside_quote(element: LexborNode) -> bool:
    parent = element.parent
    while parent is not None:
        if parent.tag == "blockquote" or "gmail_quote" in ((parent.attributes or {}).get("class") or ""):
            return True
        parent = parent.parent
    return False


def _as_lines(html: str, mark: str) -> str:
    lines = to_text(html).strip("\n").split("\n")
    if mark == SIGNED and not any(lines):
        return ""
    return "\n" + "\n".join(f"{mark}{line.rstrip()}" for line in lines) + "\n"
