"""HTML of strangers made safe, readable and bounded; words made HTML. Pure: needs no settings.

clean_mail   once, at intake: style sheets applied, sanitised, history marked; the result is stored
frame        at each view: the stored HTML as a whole document for its own frame
sanitize     any HTML, made inert
to_text      its words
text_to_html words as paragraphs with links
written      what people of the desk write with a form, in a small vocabulary (written.py)
for_page     the same in a page of ours; for_mail: in a mail
"""

from heed.kernel.html.clean import clean_mail, sanitize
from heed.kernel.html.frame import FRAME_POLICY, Frame, Images, Words, frame
from heed.kernel.html.plain import text_to_html, to_text
from heed.kernel.html.written import for_mail, for_page, written

__all__ = [
    "FRAME_POLICY",
    "Frame",
    "Images",
    "Words",
    "clean_mail",
    "for_mail",
    "for_page",
    "frame",
    "sanitize",
    "text_to_html",
    "to_text",
    "written",
]
