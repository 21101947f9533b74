"""What a mail may hold: elements, attributes, style properties. Nothing here runs, loads or submits."""

from typing import Final


def _names(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


VOID: Final = _names("br hr img wbr col")
FORMATTING: Final = _names("a b big code em font i s small strike strong tt u")
TABLE: Final = _names("table caption colgroup thead tbody tfoot tr td th")
BLOCK: Final = _names(
    "address article aside blockquote center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header"
    " hr li main nav ol p pre section table ul"
)
"""Elements that end an open paragraph."""

TAGS: Final = (
    FORMATTING
    | TABLE
    | BLOCK
    | VOID
    | _names("abbr bdi cite del dfn ins kbd mark q ruby rb rp rt rtc samp span sub sup time var")
)

SAFE_ATTRIBUTES: Final = _names(
    "abbr align alt bgcolor border cellpadding cellspacing char charoff clear color cols colspan"
    " datetime dir face height hspace lang noshade nowrap rowspan scope size span start style summary"
    " title valign value vspace width"
)
"""Harmless on any element."""

ATTRIBUTES: Final = SAFE_ATTRIBUTES | _names("class href id name src type data-remote")
"""Those, and the ones that the sanitiser judges by their element and value."""

STYLES: Final = _names(
    "background background-color background-image border border-bottom border-bottom-color border-bottom-style"
    " border-bottom-width border-collapse border-color border-left border-left-color border-left-style"
    " border-left-width border-radius border-right border-right-color border-right-style border-right-width"
    " border-spacing border-style border-top border-top-color border-top-style border-top-width border-width"
    " box-sizing caption-side clear color direction display empty-cells float font font-family font-size"
    " font-stretch font-style font-variant font-weight height letter-spacing line-height list-style-position"
    " list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width"
    " min-height min-width opacity overflow padding padding-bottom padding-left padding-right padding-top"
    " table-layout text-align text-decoration text-indent text-transform unicode-bidi vertical-align"
    " visibility white-space width word-break word-spacing word-wrap"
)
"""Style properties: how words look, never where they lie above others or what is fetched."""

# What mail programs call the history below an answer: these names survive so that it can be folded.
QUOTE_CLASSES: Final = _names(
    "gmail_quote gmail_quote_container gmail_attr gmail_extra moz-cite-prefix protonmail_quote yahoo_quoted"
    " zmail_extra tutanota_quote heed_quote"
)
QUOTE_IDS: Final = _names(
    "divRplyFwdMsg appendonsend OLK_SRC_BODY_SECTION mail-editor-reference-message-container reply-intro"
)
