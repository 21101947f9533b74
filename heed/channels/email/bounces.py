"""Mail that came back: delivery reports by the standard (RFC 3464), and the many that keep to none."""

import re

from heed.channels.email.automatic import has_null_sender, is_answer, is_from_daemon
from heed.channels.email.bounce_reasons import HARD, reason_of
from heed.channels.email.charsets import decode
from heed.channels.email.limits import Limits
from heed.channels.email.mail import Automatic, Bounce
from heed.channels.email.mailboxes import Address
from heed.channels.email.structure import Entity
from heed.channels.email.transfer import content_of

_SUBJECT = re.compile(
    r"""(?:undeliver(?:able|ed)|\bbounce\s(?:notification|notice|message|report)|delivery\s(?:status|failure|has\sfailed|notification|report|delayed|problem|unsuccessful)|
    mail\s(?:delivery|system\serror|failure|failed|error)|failed\s(?:delivery|mail)|
    failure\s(?:notice|delivery)|returned\smail|
    return(?:ed|ing)\s(?:mail|message|to\ssender)|delivery.{0,20}(?:fail|delay)|non\s?remis|
    unzustellbar|nicht\szugestellt|
    could\snot\s(?:be\s)?(?:deliver|send)|(?:message|mail).{0,40}delayed|delayed\smail|
    postfix\ssmtp\sserver:\serrors|
    permanent\sdelivery|no\sse\s(?:puede|pudo)\sentregar|mancata\s(?:consegna|recapito)|
    impossibile\srecapitare|
    niet\s(?:worden\s)?(?:bezorgd|afgeleverd)|onbestelbaar|n[aã]o\sentreg|не\s(?:доставлен|удалось)|
    недоставлен|
    kunde\sinte\slevereras|niedostarczon|配信(?:でき|エラー|不能)|送信エラー|配送.{0,4}エラー|退信|投递失败|无法投递|loop\salert|반송)""",
    re.IGNORECASE | re.VERBOSE,
)
_FAILED = re.compile(
    r"""(?:\b[45]\d\d[\s-][45]\.\d{1,3}\.\d{1,3}\b|\b5[05]\d[\s-]|undeliver|could\snot\s(?:be\s)?deliver|delivery\s.{0,40}fail|
    unable\sto\sdeliver|not\sdelivered|user\sunknown|unknown\suser|permanent\s(?:fatal\s)?(?:error|
    failure)|does\snot\sexist|
    did\snot\sreach|returned\sto\ssender|following\saddress(?:es)?|following\srecipient|
    transcript\sof\ssession|mailbox\s.{0,20}full|
    не\sдоставлен|配信できません|送信できません|delayed|deferred|couldn't\sbe\sdelivered)""",
    re.IGNORECASE | re.VERBOSE,
)
# Where the report ends and the returned mail begins.
_ORIGINAL = re.compile(
    r"""^[ \t>]*(?:-{2,}[ \t]*(?:below\sthis\sline|(?:this\sis\sa\s)?copy\sof|
    the\s(?:header|original|message)|original\s|
    unsent\smessage|message\s(?:header|follows)|returned\smessage|forwarded|begin\smessage|included\sis)|
    (?:original|unsent|returned)\smessage\s(?:follows|headers?|below)|message\sheaders?\sfollow|
    received:[ ](?:from|by)|return-path:[ ]?<|-{3,}[ ]?message\sbody)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_QUOTED_STATUS = re.compile(
    r"\b[45]\d\d[ -]'([45]\.\d{1,3}\.\d{1,3})\b"
)  # one server's words within another's
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ \-:#])")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@[A-Za-z0-9.-]{1,255}[A-Za-z0-9]")
_LINE = re.compile(
    r"^[ \t*]{0,12}(?:To:|Recipient:|Failed Recipient:|Original-Recipient:|rfc822;)?[ \t]*"
    r"<?([^\s<>()\[\],;:\"'@]{1,64}@[A-Za-z0-9.-]{1,255}[A-Za-z0-9])>?[ \t]*(?:$|:|\.\.\.|"
    r"[ \t]+\(?[A-Za-z0-9])",
    re.MULTILINE,
)
_HEADER_ID = re.compile(
    rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?<([^<>\r\n]{1,500})>", re.IGNORECASE | re.MULTILINE
)
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:[ \t]*(.*)")
_OWN_REFUSAL = re.compile(r"^[ \t]{0,4}Out: ([45]\d\d[^\n]{0,500})$", re.MULTILINE)
# Amazon's notice of a mail that was sent through it.
_DELIVERED_NOTICE = re.compile(r'"(?:notificationType|eventType)"\s{0,4}:\s{0,4}"Delivery"')
_ARRIVED = frozenset({"delivered", "relayed", "expanded"})
_DELAYED = re.compile(r"delay|warning|still being retried|will be retried", re.IGNORECASE)


def read_bounces(
    mail: Entity, found: Automatic, subject: str, sender: Address | None, text: str, limits: Limits
) -> tuple[Automatic, tuple[Bounce, ...]]:
    """Return what kind of mail it is after looking for reports, and the recipients that it names.

    A report that only confirms delivery is ``Automatic.DELIVERY``. Ordinary mail costs two comparisons here.
    """
    if "x-amz-sns-message-id" in mail.headers and _DELIVERED_NOTICE.search(text[: limits.report_bytes]):
        return Automatic.DELIVERY, ()
    reports = (
        [leaf for leaf in mail.leaves() if leaf.type.sub.endswith("delivery-status")] if mail.children else []
    )
    if found is not Automatic.BOUNCE and not reports and not _smells(mail, found, subject, sender, text):
        return found, ()
    rows: list[Bounce] = []
    original = original_id(mail, limits)
    head = _head(text, limits)
    for report in reports:
        told = decode(content_of(report)[: limits.report_bytes], "utf-8")
        rows.extend(_standard(told, head, original, limits))
    if not rows and "inal-recipient:" in text[: limits.report_bytes].lower():
        rows = _standard(text[: limits.report_bytes], head, original, limits)
    if rows and all(row.action in _ARRIVED for row in rows):
        return Automatic.DELIVERY, tuple(rows[: limits.bounces])
    rows = [row for row in rows if row.action not in _ARRIVED]
    if not rows:
        rows = _from_text(head, subject, sender, original)
    return Automatic.BOUNCE, tuple(rows[: limits.bounces])


def _smells(mail: Entity, found: Automatic, subject: str, sender: Address | None, text: str) -> bool:
    """Say whether a mail without the standard's form is a bounce all the same."""
    if found in (Automatic.COMPLAINT, Automatic.READ_RECEIPT):
        return False
    daemon = is_from_daemon(sender) or _names_daemon(mail)
    null = has_null_sender(mail)
    if not (daemon or null) and (mail.first("in-reply-to") or not _may_return(mail, text)):
        return False
    named = bool(_SUBJECT.search(subject))
    if not (named or daemon or null):
        return False
    if is_answer(mail, subject) and not named:
        return False
    fails = bool(_FAILED.search(text[:20_000]))
    if daemon:
        return named or fails
    returned = any(leaf.type.main == "message" for leaf in mail.leaves()) or bool(
        _ORIGINAL.search(text[:20_000])
    )
    return (null and fails and (named or returned)) or (
        named and fails and returned and not mail.first("in-reply-to")
    )


def _may_return(mail: Entity, text: str) -> bool:
    """Say whether a mail may hold another one: cheap, since every ordinary mail is asked."""
    if any(child.type.main == "message" for child in mail.children):
        return True
    return "-----" in text or "eceived: " in text or "eturn-path:" in text or "essage follows" in text


def _names_daemon(mail: Entity) -> bool:
    for name in ("from", "return-path"):
        value = (mail.first(name) or b"")[:300].lower()
        if b"mailer-daemon" in value or b"mail delivery s" in value or b"mail.delivery.system" in value:
            return True
    return False


def _head(text: str, limits: Limits) -> str:
    """Return the report's own words, without the mail it returns."""
    text = text[: limits.report_bytes]
    match = _ORIGINAL.search(text)
    if match is not None and text[: match.start()].strip():
        return text[: match.start()]
    return text


def original_id(mail: Entity, limits: Limits) -> str | None:
    """Return the Message-ID of the mail that came back, as far as the report holds its headers."""
    for leaf in mail.leaves():
        if leaf is not mail and (leaf.type.main == "message" or leaf.type.sub == "rfc822-headers"):
            if leaf.type.sub.endswith("delivery-status"):
                continue
            match = _HEADER_ID.search(content_of(leaf)[: limits.report_bytes])
            if match is not None:
                return decode(match[1])
    body = mail.raw[mail.start : mail.start + limits.report_bytes]
    match = _HEADER_ID.search(body)
    return decode(match[1]) if match is not None else None


def _standard(report: str, head: str, original: str | None, limits: Limits) -> list[Bounce]:
    """Return one row a recipient of an RFC 3464 report; of more than are kept the reasons are not looked for."""
    rows: list[Bounce] = []
    kept = {True: 0, False: 0}  # by whether it arrived
    for block in re.split(r"\n[ \t]*\n", report):
        fields = _fields(block)
        if not ("final-recipient" in fields or "original-recipient" in fields or "status" in fields):
            continue
        action = fields.get("action", "failed").split(" ")[0].strip().lower() or "failed"
        arrived = action in _ARRIVED
        if kept[arrived] == limits.bounces:
            continue
        kept[arrived] += 1
        recipient = _recipient(fields)
        sentence = fields.get("diagnostic-code", "")
        kind, separator, rest = sentence.partition(";")
        sentence = rest.strip() if separator and " " not in kind.strip() else sentence
        around = _around(head, recipient)
        status = _status(fields.get("status", ""), sentence, around)
        reason = _reason(sentence, around, status)
        rows.append(Bounce(status, reason, reason in HARD, recipient, original, action))
    return rows


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    last = ""
    for line in block.split("\n"):
        if line[:1] in " \t" and last:
            fields[last] += " " + line.strip()
            continue
        match = _FIELD.match(line)
        if match is not None:
            last = match[1].lower()
            fields.setdefault(last, match[2].strip())
    return fields


def _recipient(fields: dict[str, str]) -> str:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        match = _ADDRESS.search(fields.get(name, ""))
        if match is not None:
            return match[0]
    return ""


def _around(head: str, recipient: str) -> str:
    """Return what the report's text says about one recipient, else all of it."""
    place = head.find(recipient) if recipient else -1
    return head[place + len(recipient) : place + 1500] if place != -1 else head[:3000]


def _status(stated: str, sentence: str, around: str) -> str:
    """Return the most telling status code: the refusing server's words stand above the reporter's."""
    quoted = [match[1] for match in _QUOTED_STATUS.finditer(sentence)]
    codes = quoted + [match[1] for text in (sentence, stated) for match in _STATUS.finditer(text)]
    codes.extend(match[1] for match in _STATUS.finditer(around) if match[1][0] != "2")
    telling = [code for code in codes if not code.endswith(".0.0")]
    if not telling:
        return codes[0] if codes else ""
    if telling[0].endswith(".4.7") and len(telling) > 1:  # "gave up": the trouble itself stands elsewhere
        return next((code for code in telling if not code.endswith(".4.7")), telling[0])
    return telling[0]


def _reason(sentence: str, around: str, status: str) -> str:
    if sentence:
        reason = reason_of(sentence, status, around)
        if reason not in ("undefined", "onhold"):
            return reason
    return reason_of(around, status)


def _from_text(head: str, subject: str, sender: Address | None, original: str | None) -> list[Bounce]:
    """Return rows from the words of a report that keeps to no standard."""
    rows: list[Bounce] = []
    own = sender.key if sender is not None else ""
    places = [match for match in _LINE.finditer(head) if match[1].lower() != own]
    action = "delayed" if _DELAYED.search(subject) else "failed"
    for number, match in enumerate(places[:100]):
        recipient = match[1].lower()
        if any(row.recipient.lower() == recipient for row in rows):
            continue
        others = (place.start() for place in places[number + 1 :] if place[1].lower() != recipient)
        about = head[match.end(1) : next(others, len(head))]
        rows.append(_row(match[1], about, head, original, action))
    if not rows:
        address = next((found for found in _ADDRESS.findall(head) if found.lower() != own), "")
        rows.append(_row(address, f"{head}\n{subject}", head, original, action))
    return rows


def _row(recipient: str, about: str, head: str, original: str | None, action: str) -> Bounce:
    refusals = _OWN_REFUSAL.findall(about)
    if refusals:  # a protocol that our side kept: what it answered is the reason, not what was said before
        about = "\n".join(refusals)
    status = _status("", about, head)
    reason = _reason(about, head, status)
    return Bounce(status, reason, reason in HARD, recipient, original, action)
