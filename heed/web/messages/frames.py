"""A message's HTML as a document, with its own images by our addresses."""

from collections.abc import Sequence

from heed.conversations.models import Attachment, Message
from heed.kernel.html import Frame, Images, frame


class Numbered:
    """Remote images by their place in the mail: the proxy fetches what stands there and nothing else."""

    def __init__(self, message_id: int) -> None:
        self.message_id = message_id
        self.places: dict[str, int] = {}

    def __call__(self, url: str) -> str:
        """Where the proxy shows this image."""
        place = self.places.setdefault(url, len(self.places))
        return f"/messages/{self.message_id}/images/{place}/"


def frame_of(message: Message, files: Sequence[Attachment], images: Images) -> Frame:
    """The document; `files` are the message's, of which those with a content id are shown in their places."""
    return frame(
        message.html,
        images=images,
        cid_urls={file.content_id: f"/attachments/{file.pk}/?inline=1" for file in files if file.content_id},
        proxy_url=Numbered(message.pk),
    )


def remote_images(message: Message) -> Sequence[str]:
    """The addresses of images elsewhere, in the order of their places."""
    return frame_of(message, (), Images.BLOCKED).remote_images
