"""From a message's row to the mail that leaves: the same rows give the same bytes at every attempt."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

from heed.brands.models import Brand
from heed.channels.email.address import InboxAddressTooLong, sign, unsubscribe_token
from heed.channels.email.compose import (
    Forwarded,
    Outgoing,
    OutgoingAttachment,
    Person,
    Quoted,
    apart,
    compose,
    written,
)
from heed.channels.email.signing_off import fill, sender_name, sign_off
from heed.conversations.models import Message, Participant
from heed.conversations.richtext import files_in, form_of
from heed.conversations.sides import FORWARDED_CHARACTERS
from heed.delivery.actions import recipients_of
from heed.delivery.models import AgentSignature, Delivery
from heed.kernel import blobs
from heed.kernel.config import config
from heed.kernel.html import for_mail, text_to_html
from heed.kernel.outbound import ProviderFile, ProviderMail
from heed.kernel.words import SPOKEN, Automatic, Direction, Hold, PlusAddresses, SenderName

REFERENCES = 10  # Message-IDs of earlier mails that a mail of ours names
QUOTED_CHARACTERS = 50_000

# The line above the message answered, as mail programs of that language write it: when, and who.
ATTRIBUTIONS = {
    "cs": "Dne {at:%d.%m.%Y} v {at:%H:%M} {who} napsal(a):",
    "da": "Den {at:%d.%m.%Y} kl. {at:%H:%M} skrev {who}:",
    "de": "Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {who}:",
    "en": "On {at:%Y-%m-%d} at {at:%H:%M}, {who} wrote:",
    "es": "El {at:%d/%m/%Y} a las {at:%H:%M}, {who} escribió:",
    "fi": "{who} kirjoitti {at:%d.%m.%Y} klo {at:%H:%M}:",
    "fr": "Le {at:%d/%m/%Y} à {at:%H:%M}, {who} a écrit :",
    "it": "Il {at:%d/%m/%Y} alle {at:%H:%M}, {who} ha scritto:",
    "nl": "Op {at:%d-%m-%Y} om {at:%H:%M} schreef {who}:",
    "no": "Den {at:%d.%m.%Y} kl. {at:%H:%M} skrev {who}:",
    "pl": "W dniu {at:%d.%m.%Y} o {at:%H:%M} {who} pisze:",
    "pt": "Em {at:%d/%m/%Y} às {at:%H:%M}, {who} escreveu:",
    "sv": "Den {at:%Y-%m-%d} kl. {at:%H:%M} skrev {who}:",
}


# What stands above a message that is passed on: the heading, then who wrote it, when, and about what.
FORWARDING = {
    "cs": ("Přeposlaná zpráva", "Od", "Datum", "Předmět"),
    "da": ("Videresendt meddelelse", "Fra", "Dato", "Emne"),
    "de": ("Weitergeleitete Nachricht", "Von", "Datum", "Betreff"),
    "en": ("Forwarded message", "From", "Date", "Subject"),
    "es": ("Mensaje reenviado", "De", "Fecha", "Asunto"),
    "fi": ("Välitetty viesti", "Lähettäjä", "Päivämäärä", "Aihe"),
    "fr": ("Message transféré", "De", "Date", "Objet"),
    "it": ("Messaggio inoltrato", "Da", "Data", "Oggetto"),
    "nl": ("Doorgestuurd bericht", "Van", "Datum", "Onderwerp"),
    "no": ("Videresendt melding", "Fra", "Dato", "Emne"),
    "pl": ("Wiadomość przekazana", "Od", "Data", "Temat"),
    "pt": ("Mensagem encaminhada", "De", "Data", "Assunto"),
    "sv": ("Vidarebefordrat meddelande", "Från", "Datum", "Ämne"),
}


@dataclass(frozen=True, slots=True)
class Built:
    """A mail ready to leave, and the address that bounces come back to."""

    raw: bytes
    sender: str
    domain: str  # of the From line, whose DKIM key signs
    outgoing: Outgoing


def build(delivery: Delivery) -> Built:
    """The mail of a claimed delivery. Raises Unusable for what can't be sent, OSError when a file can't be read."""
    message = delivery.message
    sender = message.from_address or message.conversation.inbox.address
    signed = _signed(message, sender)
    plus = PlusAddresses(message.conversation.inbox.plus_addresses)
    reply_to = sender if plus is PlusAddresses.NOWHERE else signed
    envelope = signed if plus is PlusAddresses.EVERYWHERE else sender
    outgoing = _outgoing(message, sender, reply_to)
    return Built(compose(outgoing), envelope, sender.rpartition("@")[2], outgoing)


def provider_mail(mail: Built, recipients: Sequence[str]) -> tuple[ProviderMail, Mapping[str, str]]:
    """The same mail as a provider's API takes it, for those who don't have it yet; and how each of them is written."""
    parts = apart(mail.outgoing)
    left = set(recipients)

    def line(people: Iterable[Person]) -> tuple[str, ...]:
        return tuple(written(person) for person in people if person.address in left)

    out = mail.outgoing
    files = tuple(
        ProviderFile(file.name, file.content, file.content_type, file.content_id) for file in out.attachments
    )
    return ProviderMail(
        sender=written(Person(out.from_name, out.from_address)),
        to=line(out.to),
        cc=line(out.cc),
        bcc=line(out.bcc),
        reply_to=out.reply_to,
        subject=out.subject,
        text=parts.text,
        html=parts.html,
        headers=parts.headers,
        files=files,
        envelope=mail.sender,
        message_id=out.message_id,
    ), {address: address for address in recipients}


def _outgoing(message: Message, sender: str, reply_to: str) -> Outgoing:
    conversation = message.conversation
    inbox, answered = conversation.inbox, message.answers
    automatic = Automatic(message.automatic)
    return Outgoing(
        from_name=_from_name(message),
        from_address=sender,
        to=_people(message.to),
        cc=_people(message.cc),
        bcc=_people(message.bcc),
        subject=_subject(message),
        message_id=message.message_id,
        date=message.at,
        text=_text(message),
        html=_html(message),
        reply_to=reply_to,
        in_reply_to=answered.message_id if answered else "",
        references=_references(message),
        quoted=_quoted(message),
        forwarded=_forwarded(message),
        attachments=tuple(_files(message)),
        automatic=automatic,
        language=conversation.language or inbox.brand.language,
        loop="" if automatic is Automatic.NO else desk_name(),
        unsubscribe="" if automatic is Automatic.NO else unsubscribe_address(message),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail before it is sent: its From line, subject and bodies."""

    sender: str
    subject: str
    text: str
    html: str


def seen_before_sending(message: Message) -> Seen:
    """What an answer that no row holds yet would say if it left now, signature and quote included."""
    sender, brand = message.from_address, message.conversation.inbox.brand
    outgoing = Outgoing(
        from_name=_from_name(message),
        from_address=sender,
        to=_people(message.to),
        subject=_subject(message),
        message_id="not-sent@heed",
        date=message.at,
        text=_text(message),
        html=_html(message),
        quoted=_quoted(message),
        language=message.conversation.language or brand.language,
    )
    parts = apart(outgoing)
    return Seen(f"{outgoing.from_name} <{sender}>", outgoing.subject, parts.text, parts.html)


def unsubscribe_address(message: Message) -> str:
    """Where whoever got an automatic message asks for no more of them; '' where nobody could reach that by https.

    A message to several has none: it could not tell who asks.
    """
    if not config.public_url.startswith("https://") or len(recipients_of(message)) != 1:
        return ""
    return f"{config.public_url}/unsubscribe/{unsubscribe_token(message.pk, secret=config.secret_bytes())}/"


def desk_name() -> str:
    """What this desk is called in its automatic mail: the same always, and nobody else's."""
    return hmac.new(config.secret_bytes(), b"heed loop", sha256).hexdigest()[:16]


def _signed(message: Message, sender: str) -> str:
    """The signed address; for an inbox whose name leaves no room for a signature, the inbox itself."""
    try:
        return sign(
            sender,
            conversation=message.conversation_id,
            message=message.pk,
            secret=config.secret_bytes(),
        )
    except InboxAddressTooLong:
        return sender


def _from_name(message: Message) -> str:
    """The brand's name; an agent's with it where the brand wishes so."""
    brand = message.conversation.inbox.brand
    if message.agent is None or brand.sender_name != SenderName.AGENT_AND_BRAND:
        return brand.name
    return sender_name(message.agent.name, brand.name, message.conversation.language or brand.language)


def _people(line: Iterable[Sequence[str]]) -> tuple[Person, ...]:
    return tuple(Person(name, address) for name, address in line if address)


def _subject(message: Message) -> str:
    """An answer's subject begins with Re:, so that programs which go by subjects keep the thread."""
    if message.direction == Direction.ASIDE_OUT:
        return message.subject  # as its writer saw it
    is_answer = message.answers is not None and not message.subject.lower().startswith("re:")
    return f"Re: {message.subject}" if is_answer else message.subject


def _text(message: Message) -> str:
    if message.automatic != Automatic.NO:
        return message.text
    brand = message.conversation.inbox.brand
    return sign_off(message.text, _own_signature(message, brand), brand.signature)


def _html(message: Message) -> str:
    """What was written with a form, and what stands below it; '' for words alone, of which the HTML is made."""
    form = form_of(message.html)
    if not form:
        return ""
    below = _text(message).removeprefix(message.text.rstrip())
    return f"{for_mail(form)}\n{text_to_html(below)}"


def _own_signature(message: Message, brand: Brand) -> str:
    if message.agent is None:
        return ""
    found = AgentSignature.objects.filter(agent=message.agent, brand=brand).first()
    return fill(found.text, name=message.agent.name, brand=brand.name) if found else ""


def _references(message: Message) -> tuple[str, ...]:
    """Earlier mails of the conversation that people wrote or got, oldest first, the one answered last.

    Of an aside only those that were said aside before it: others are nothing to whoever gets it.
    """
    if message.direction == Direction.ASIDE_OUT:
        return _aside_references(message)
    earlier = Message.objects.filter(
        conversation_id=message.conversation_id,
        pk__lt=message.pk,
        direction__in=SPOKEN,
    )
    spoken = earlier.filter(automatic__in=(Automatic.NO, Automatic.ACKNOWLEDGEMENT)).exclude(message_id="")
    newest = list(spoken.order_by("-at", "-id").values_list("message_id", flat=True)[:REFERENCES])
    answered = message.answers.message_id if message.answers else ""
    ids = [known for known in reversed(newest) if known != answered]
    return (*ids, answered) if answered else tuple(ids)


def _aside_references(message: Message) -> tuple[str, ...]:
    found: list[str] = []
    answered = message.answers
    while answered is not None and len(found) < REFERENCES:
        found.append(answered.message_id)
        answered = answered.answers if answered.answers_id is not None else None
    return tuple(known for known in reversed(found) if known)


def _forwarded(message: Message) -> Forwarded | None:
    """The message passed on, with its signature and without what it quoted; who else got it is nobody's business."""
    source = message.forwards
    if source is None:
        return None
    brand = message.conversation.inbox.brand
    heading, *words = FORWARDING.get(brand.language[:2], FORWARDING["en"])
    name = source.from_name if source.direction == Direction.IN else brand.name
    address = source.from_address or message.conversation.inbox.address
    at = source.at.astimezone(ZoneInfo(brand.time_zone))
    values = (f"{name} <{address}>".strip(), f"{at:%Y-%m-%d %H:%M %Z}", source.subject)
    text = "\n\n".join(part for part in (source.text, source.signature) if part.strip())
    return Forwarded(heading, tuple(zip(words, values, strict=True)), text[:FORWARDED_CHARACTERS])


def _quoted(message: Message) -> Quoted | None:
    """The message answered and no other. Nothing for a stranger among the recipients, who sees no history, and nothing
    in automatic mail, which could be made to carry any words to anybody.
    """
    answered = message.answers
    if answered is None or not answered.text.strip() or message.automatic != Automatic.NO:
        return None
    if answered.automatic in (
        Automatic.BOUNCE,
        Automatic.REPORT,
    ):  # a server's words, perhaps about somebody else
        return None
    if is_kept_out(message):
        return None
    conversation = message.conversation
    words = ATTRIBUTIONS.get((conversation.language or conversation.brand.language)[:2], ATTRIBUTIONS["en"])
    at = answered.at.astimezone(ZoneInfo(conversation.inbox.brand.time_zone))
    attribution = words.format(at=at, who=answered.from_name or answered.from_address)
    return Quoted(attribution, answered.text[:QUOTED_CHARACTERS])


def is_kept_out(message: Message) -> bool:
    """Whether what a message answers is nothing for its recipients, though it was when the answer was written."""
    answered = message.answers
    if answered is not None and answered.hold in (Hold.HELD, Hold.REJECTED):
        return True
    return message.direction == Direction.OUT and _has_stranger(message)


def _has_stranger(message: Message) -> bool:
    flagged = Participant.objects.filter(conversation_id=message.conversation_id, is_flagged=True)
    strangers = {address.casefold() for address in flagged.values_list("address", flat=True)}
    return not strangers.isdisjoint(address.casefold() for address in recipients_of(message))


def _files(message: Message) -> Iterable[OutgoingAttachment]:
    shown = set(files_in(form_of(message.html)))
    for row in message.attachments.order_by("pk"):
        shown_as = row.content_id if row.is_inline and row.pk in shown else ""
        yield OutgoingAttachment(row.filename, row.content_type, blobs.read(row.blob_id), shown_as)
