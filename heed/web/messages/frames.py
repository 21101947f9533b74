"""A message's HTML as a document, with its own images by our addresses."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext, ngettext

from heed.conversations.models import Attachment, Message
from heed.kernel.html import Frame, Images, Words, frame
from heed.ui.links import link_words


class Numbered:
    """Remote images by their place in the mail: the proxy fetches what stands there and nothing else."""

    def __init__(self, message_id: int) -> None:
        self.message_id = message_id
        self.places: dict[str, int] = {}

    def __call__(self, url: str) -> str:
        """Where the proxy shows this image."""
        place = self.places.setdefault(url, len(self.places))
        return f"/messages/{self.message_id}/images/{place}/"


def _careful(count: int) -> str:
    return ngettext(
        "Careful: one link here is not what it seems; where it leads stands beside it.",
        "Careful: %(count)s links here are not what they seem; where they lead stands beside them.",
        count,
    ) % {"count": count}


def _tracking(count: int) -> str:
    return ngettext(
        "%(count)s tracking image was removed.", "%(count)s tracking images were removed.", count
    ) % {"count": count}


def words() -> Words:
    """What a frame says itself, in the reader's language."""
    return Words(quoted=gettext("Earlier messages"), link=link_words, careful=_careful, tracking=_tracking)


def frame_of(
    message: Message, files: Sequence[Attachment], images: Images, *, known_sites: Collection[str] = ()
) -> Frame:
    """The document; `files` are the message's, of which those with a content id are shown in their places.

    `known_sites`: what links may be made to look like.
    """
    return frame(
        message.html,
        images=images,
        cid_urls={file.content_id: f"/attachments/{file.pk}/?inline=1" for file in files if file.content_id},
        proxy_url=Numbered(message.pk),
        known_sites=known_sites,
        words=words(),
    )


def remote_images(message: Message) -> Sequence[str]:
    """The addresses of images elsewhere, in the order of their places."""
    return frame_of(message, (), Images.BLOCKED).remote_images
