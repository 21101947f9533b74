"""HTML of strangers made safe, readable and bounded; words made HTML. Pure: needs no settings.

clean_mail   once, at intake: style sheets applied, sanitised, history marked; the result is stored
frame        at each view: the stored HTML as a whole document for its own frame
sanitize     any HTML, made inert
to_text      its words
text_to_html words as paragraphs with links
"""

from heed.kernel.html.clean import clean_mail, sanitize
from heed.kernel.html.frame import FRAME_POLICY, Frame, Images, Words, frame
from heed.kernel.html.plain import text_to_html, to_text

__all__ = [
    "FRAME_POLICY",
    "Frame",
    "Images",
    "Words",
    "clean_mail",
    "frame",
    "sanitize",
    "text_to_html",
    "to_text",
]
