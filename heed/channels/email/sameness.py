"""When two mails are one: the key that finds copies of a mail, whichever way they came."""

import hashlib

from heed.channels.email.structure import Entity
from heed.channels.email.words import unfold


def same_key(mail: Entity) -> str:
    """Return the hex SHA-256 that copies of one mail share.

    Copies agree in Message-ID, From, Date, Subject (as sent, unfolded) and in the body: all bytes after the
    headers, with every kind of line end as LF and without the line ends at its very end. The last because
    the ways differ there: SMTP ends every mail with CRLF, mbox files add an empty line, pipes may cut it.
    All other headers may differ, since every server adds its own.

    A mail with neither Message-ID nor Date has nothing that sets it apart from the next one with the same
    words ("yes, please"), so only equal bytes are the same mail.
    """
    message_id, date = mail.first("message-id"), mail.first("date")
    if not (message_id or b"").strip() and not (date or b"").strip():
        return hashlib.sha256(mail.raw).hexdigest()
    digest = hashlib.sha256()
    for value in (message_id, mail.first("from"), date, mail.first("subject")):
        field = unfold(value or b"")
        digest.update(b"%d:%b\n" % (len(field), field))
    body = mail.body
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    digest.update(body.rstrip(b"\n"))
    return digest.hexdigest()
