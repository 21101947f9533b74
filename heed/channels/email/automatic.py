"""Who wrote a mail, a person or machine, and whether a machine may answer: RFC 3834, RFC 5230, practice."""

import re

from heed.channels.email.mail import Automatic
from heed.channels.email.mailboxes import Address
from heed.channels.email.parameters import parameters
from heed.channels.email.structure import Entity

# Headers that only answering machines set; present is enough.
_ANSWERING = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-auto-response",
    "x-autoreply-from",
    "x-autoresponse",
    "x-mail-autoreply",
    "x-mdautoresponder",
    "x-fc-machinegenerated-reply",
    "x-ebay-autoreply",
    "x-vacation",
    "x-cron-env",
    "x-amazon-auto-reply",
)
# Subjects that out-of-office programs write, at the very start, in the languages they come in.
_OUT_OF_OFFICE = re.compile(
    r"""\s*(?:(?:re|aw|fwd?|sv|r):\s*)*[\[(]?\s*(?:
    auto(?:matic|mated)?[ -]?(?:reply|response|answer)|autoreply|autoresponse|auto:|
    out\sof\s(?:the\s)?office|
    away\sfrom\s(?:my\s)?(?:mail|the\soffice|office)|on\svacation|vacation\s(?:message|reply|notice|
    response)|
    i\s?(?:am|'m)\s(?:away|on\sleave)|
    automatische\s(?:antwort|e-?mail|reactie)|abwesenheits(?:notiz|nachricht|assistent|meldung)|
    automatische\sabwesenheit|abwesend\b|
    r[ée]ponse\sautomatique|absence\sdu\sbureau|absent[e]?\sdu\sbureau|message\sd.absence|
    notification\sd.absence|
    respuesta\sautom[aá]tica|fuera\sde\s(?:la\s)?oficina|ausente|resposta\sautom[aá]tica|
    fora\sdo\sescrit[oó]rio|aus[eê]ncia\stempor|
    risposta\sautomatica|fuori\ssede|fuori\sufficio|assenza\sdall|automatisch\santwoord|afwezig|autosvar|
    automatisk\ssvar|automatsvar|
    automaattinen\svastaus|poissa|odpowied[zź]\sautomatyczna|autoodpowied|automatyczna\sodpowied|
    poza\sbiurem|automatick[aá]\sodpov[eě][dď]|
    automatikus\sv[aá]lasz|h[aá]zon\sk[ií]v[uü]l|r[aă]spuns\sautomat|otomatik\s(?:yan[ıi]t|cevap)|
    ofis\sd[ıi][sş][ıi]nda|αυτόματη\sαπάντηση|
    автоответ|автоматический\sответ|автоматична\sвідповідь|自動応答|自動返信|自动答复|自动回复|自動回覆|자동\s?(?:회신|응답)|부재\s?중|
    trả\slời\stự\sđộng|ส่งอัตโนมัติ|رد\sتلقائي|תשובה\sאוטומטית
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_MACHINE_LOCAL = re.compile(
    r"""(?:mailer-?daemon|postmaster|mail-?(?:er|system|delivery)|(?:do)?[._-]?no[t]?[._-]?reply|
    donotreply|do[._-]not[._-]reply|
    bounces?|(?:auto|noreply|no-reply)[a-z._-]*reply|listserv|majordomo|nobody|root|daemon|www-data|
    abuse|owner-.*|.*-owner|.*-request|
    .*-bounces?|bounces?[+=_-].*|prvs=.*|(?:.*[._+-])?no[._-]?reply(?:[._+-].*)?|nepasrepondre|
    noresponder|keineantwort|nichtantworten)\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_DAEMON = re.compile(
    r"(?:mailer-?daemon|postmaster|mail-?daemon|maildelivery|mail-delivery|mdaemon)", re.IGNORECASE
)
_NULL = re.compile(rb"\s*<\s*>\s*\Z")


def report_type(mail: Entity) -> str:
    """Return the kind of an RFC 6522 report in lower case, '' for other mail."""
    if mail.type.main != "multipart" or mail.type.sub != "report":
        return ""
    value = mail.first("content-type") or b""
    named = parameters(value[:4096]).get("report-type", "").lower()
    if named:
        return named
    for child in mail.children:  # some reporters leave the parameter out
        if child.type.main == "message" and child.type.sub != "rfc822":
            return child.type.sub
    return ""


def is_from_daemon(sender: Address | None) -> bool:
    """Say whether the sender is the mail system itself."""
    return sender is not None and bool(
        _DAEMON.match(sender.address) or "mailer-daemon" in sender.name.lower()
    )


def has_null_sender(mail: Entity) -> bool:
    """Say whether the envelope sender, as the last server noted it, was empty: never answer such mail."""
    value = mail.first("return-path")
    return value is not None and bool(_NULL.match(value))


def classify(mail: Entity, subject: str, sender: Address | None, *, calendar_reply: bool) -> Automatic:
    """Return who wrote the mail, going by structure and headers; other bounces are found elsewhere."""
    report = report_type(mail)
    if report:
        if "feedback" in report:
            return Automatic.COMPLAINT
        if "disposition" in report:
            return Automatic.READ_RECEIPT
        if "delivery" in report:
            return Automatic.BOUNCE
    headers = mail.headers
    if "x-apple-unsubscribe" in headers or subject.lower().startswith("complaint about message from "):
        return Automatic.COMPLAINT
    submitted = _word(mail, "auto-submitted")
    if submitted == "auto-replied" or is_answer(mail, subject):
        return Automatic.AUTO_REPLY
    if calendar_reply:
        return Automatic.CALENDAR
    precedence = _word(mail, "precedence")
    if "list-id" in headers or "list-post" in headers or precedence == "list":
        return Automatic.LIST
    if submitted not in ("", "no") or precedence in ("bulk", "junk"):
        return Automatic.BULK
    if "list-unsubscribe" in headers or "feedback-id" in headers or "x-campaign-id" in headers:
        return Automatic.BULK
    return Automatic.NO


def may_acknowledge(
    mail: Entity, automatic: Automatic, sender: Address | None, reply_to: tuple[Address, ...]
) -> bool:
    """Say whether a mail like this may get an automatic answer at all."""
    if automatic is not Automatic.NO or sender is None or has_null_sender(mail):
        return False
    if any(_MACHINE_LOCAL.match(who.address.rpartition("@")[0]) for who in (reply_to or (sender,))):
        return False
    suppress = (mail.first("x-auto-response-suppress") or b"").lower()
    if any(word in suppress for word in (b"all", b"autoreply", b"oof")):
        return False
    return "x-loop" not in mail.headers and "x-heed-loop" not in mail.headers


def is_answer(mail: Entity, subject: str) -> bool:
    """Say whether an answering machine says so, in headers or subject."""
    headers = mail.headers
    if any(name in headers for name in _ANSWERING):
        return True
    if _word(mail, "precedence") in ("auto_reply", "auto-reply", "autoreply"):
        return True
    if b"autoresponder" in (mail.first("x-post-messageclass") or b"").lower():
        return True
    return bool(_OUT_OF_OFFICE.match(subject))


def _word(mail: Entity, name: str) -> str:
    value = mail.first(name)
    if value is None:
        return ""
    return value.partition(b";")[0].partition(b"(")[0].strip().lower().decode("latin-1")
