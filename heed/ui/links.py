"""What stands beside a link that is not what it seems, in the reader's language."""

from django.utils.translation import gettext

from heed.kernel.html.links import Doubt, Doubtful


def link_words(link: Doubtful) -> str:
    """The words for one link: where it leads, and why that is said."""
    facts = {"host": link.host, "known": link.known}
    if link.doubt is Doubt.RESEMBLES:
        return gettext("careful: leads to %(host)s, which is not %(known)s") % facts
    if link.doubt is Doubt.ALPHABETS:
        return gettext("careful: leads to %(host)s, written with letters that only look Latin") % facts
    if link.doubt is Doubt.NUMBER:
        return gettext("careful: leads to a bare machine address, %(host)s") % facts
    if link.doubt in (Doubt.NAMED, Doubt.TURNED):
        return gettext("careful: leads to %(host)s") % facts
    return gettext("leads to %(host)s") % facts
