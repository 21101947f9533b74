"""Test messages of other projects that we read otherwise than those projects, each with its reason.

Figures are those of the scorer that lies beside the messages; every other message must hold. Nothing here is read by
the desk: a test compares these lists with what is missed, so that one that holds again, or fails anew, is seen.
"""

from typing import Final

# reason -> figure -> ids
JUDGED: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "the server says that nobody of that name is there: that is userunknown, and final, whoever decided it": {
        "bounce.reason": (
            "sisimai/lhost-activehunter-02", "sisimai/lhost-amazonworkmail-02", "sisimai/lhost-exchange2003-04",
            "sisimai/lhost-messagingserver-03", "sisimai/lhost-messagingserver-06", "sisimai/lhost-messagingserver-08",
            "sisimai/lhost-mxlogic-03", "sisimai/lhost-receivingses-01", "sisimai/lhost-sendmail-27",
            "sisimai/lhost-surfcontrol-01", "sisimai/lhost-x1-01", "sisimai/lhost-x2-01", "sisimai/lhost-x2-02",
            "sisimai/lhost-yahoo-06", "sisimai/rfc3464-42",
        ),
        "bounce.hard": (
            "sisimai/lhost-activehunter-02", "sisimai/lhost-amazonworkmail-02", "sisimai/lhost-exchange2003-04",
            "sisimai/lhost-messagingserver-03", "sisimai/lhost-messagingserver-06", "sisimai/lhost-messagingserver-08",
            "sisimai/lhost-mxlogic-03", "sisimai/lhost-receivingses-01", "sisimai/lhost-sendmail-27",
            "sisimai/lhost-surfcontrol-01", "sisimai/lhost-x1-01", "sisimai/lhost-x2-01", "sisimai/lhost-x2-02",
            "sisimai/lhost-yahoo-06", "sisimai/rfc3464-42",
        ),
    },
    "the mail server itself says 5.1.1 beside the other server's 5.0.0; the more exact code counts": {
        "bounce.status": ("sisimai/lhost-sendmail-27",),
    },
    "said after the data, an unknown user is a rule of the recipient": {
        "bounce.reason": ("sisimai/rhost-nttdocomo-03",),
    },
    "a word for one refusal among several that fit: access denied, a reputation, a header, a local program": {
        "bounce.reason": (
            "sisimai/lhost-amazonses-01", "sisimai/lhost-gmail-03", "sisimai/lhost-postfix-43",
            "sisimai/rfc3464-39", "sisimai/rhost-franceptt-11", "sisimai/rhost-microsoft-05",
        ),
    },
    "a refused connection that was tried for hours and given up has expired": {
        "bounce.reason": ("sisimai/lhost-sendmail-21",),
    },
    "ours: number and sentence contradict each other, and the sentence (mail to oneself) is not known": {
        "bounce.reason": ("sisimai/lhost-v5sendmail-05",),
        "bounce.hard": ("sisimai/lhost-v5sendmail-05",),
    },
    "a list program warns its own admin of a loop: it comes from no mail system and returns no mail of ours": {
        "is_bounce": ("sisimai/lhost-fml-03",),
        "bounce.reason": ("sisimai/lhost-fml-03",),
        "bounce.hard": ("sisimai/lhost-fml-03",),
    },
    "it calls itself a bounce, has an empty sender, says that the mailbox is full and returns the mail: it is one": {
        "is_bounce": ("sisimai/rb-issue-368-bug",),
    },
    "a stray name stands within the history that is folded": {
        "visible_reply": ("nylas_mail/email_1", "talon/reply-separated-by-hr"),
    },
    "a sign-off of one dash is to be kept, which two other projects want cut": {
        "visible_reply": ("nylas_mail/email_13",),
    },
    "the text of a link names another address than it leads to: we write where it leads beside it": {
        "visible_reply": ("nylas_mail/email_16",),
    },
    "somebody writes below their own signature: the words are read, with the quotation between them": {
        "visible_reply": ("nylas_mail/email_21",),
    },
    "the reply is to begin with its tenth line": {"reply_startswith": ("crisp_email_reply_parser/email_reply_header",)},
    "the list's footer is to be part of nothing; we fold it away with the signature above it": {
        "signature": ("github_email_reply_parser/email_1_1",),
    },
    "the container is broken, and what the other parser calls a file is text that we show": {
        "n_attachments": (
            "stalwart_mail_parser/malformed_002", "stalwart_mail_parser/malformed_003",
            "stalwart_mail_parser/malformed_006", "stalwart_mail_parser/malformed_009",
            "stalwart_mail_parser/malformed_011", "stalwart_mail_parser/malformed_016",
        ),
    },
    "richtext and enriched are texts to us, not files": {
        "n_attachments": ("stalwart_mail_parser/rfc_000", "stalwart_mail_parser/rfc_003"),
    },
    "headers of a part are to stand in the text; we show the words beneath them": {
        "text_contains": ("stalwart_mail_parser/malformed_021",),
    },
    "a From without an address is nobody: guessing at names lets a sender pass for another": {
        "from_name": ("stalwart_mail_parser/rfc_001",),
    },
    "a name with a path loses it": {"attachments_include": ("stalwart_mail_parser/rfc_001",)},
    "it holds two files, and the list names one": {"attachments": ("mimekit_tnef/attachments",)},
    "the end of a picture is missing: two bytes may be read either way": {"binary_parts": ("james_mime4j/multi-frag",)},
    "markup is to be found in text": {
        "text_contains_any": ("james_mime4j/double-bound", "james_mime4j/ticket-60931"),
    },
    "a broken line among headers is skipped, and the next header counts": {
        "text_contains_any": ("james_mime4j/malformedHeaderStartsBody-nocrlfcrlf",),
    },
}  # fmt: skip
