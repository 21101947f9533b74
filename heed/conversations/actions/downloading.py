"""A verb for whoever takes the exact bytes of a mail off the desk."""

from heed.conversations.models import Message
from heed.conversations.scope import scope_of
from heed.eventlog.kinds import MailDownloaded
from heed.eventlog.unit import record, verb
from heed.kernel.errors import require_visible
from heed.kernel.words import MessageId
from heed.people.policy import Actor, may_download_raw


@verb
def note_download(message: Message, *, by: Actor) -> None:
    """Afterwards the log says that `by` took a mail's exact bytes off the desk. Records mail.downloaded, each time.

    Raises NotFound for a message that `by` may not see, and for one who is no lead or admin.
    """
    require_visible(may_download_raw(by, scope_of(message.conversation)))
    record(MailDownloaded(message=MessageId(message.pk), receipt=None), on=message.conversation_id)
