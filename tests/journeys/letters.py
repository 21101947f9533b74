"""Mails that the journey makes: five hundred, in small stories whose end is known beforehand.

Each story says which of its letters end in one conversation and how many acknowledgements leave. In whatever order
and through whatever door its letters arrive, that is how it ends.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.journeys.company import HELLO, HELP, WORKSHOP
from tests.journeys.sameness import on_the_wire

ALPHABET = "bcdfghjklmnpqrstvwxz"
TEXTS = (
    "The chain slips when I climb, and only in the smallest gear.",
    "Bonjour, la carte que j'ai reçue est déchirée au milieu. Que faire ?",
    "Guten Tag, seit dem Regen quietscht die Bremse hinten. Können Sie helfen?",
    "Hola, el pedido llegó ayer, pero falta una de las dos ruedas. Gracias.",
    "Привет, в заказе не хватает одной карты.",
    ".\n..\n.a line that begins with a dot\nFrom here on it is quiet.",
    "A long line follows. " + "and on " * 400,
)


@dataclass(frozen=True)
class Letter:
    """One mail to be sent: its bytes as they go over the wire, its envelope and its door."""

    name: str
    raw: bytes
    mail_from: str
    to: tuple[str, ...]
    door: str = ""


@dataclass
class Story:
    """Letters and their end: sets of letter names that are one conversation of the inbox, and acknowledgements."""

    name: str
    sender: str
    letters: list[Letter]
    ends: list[tuple[str, frozenset[str]]]  # (inbox, letters)
    least_acknowledgements: int = 1
    most_acknowledgements: int = 1
    parked: frozenset[str] = frozenset()


@dataclass
class Writer:
    """Writes letters. Names and domains have no digits, so that nobody is taken for somebody else."""

    chance: random.Random
    number: int = 0
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def person(self) -> str:
        """An address that nobody else has, in a domain that nobody else has."""
        self.number += 1
        word, rest = "", self.number
        while rest:
            rest, letter = divmod(rest, len(ALPHABET))
            word += ALPHABET[letter] + "a"
        return f"{word}@{word}.example"

    def id(self, sender: str) -> str:
        """A new Message-ID, without angle brackets."""
        self.number += 1
        return f"{self.number}.{self.chance.getrandbits(40):x}@{sender.partition('@')[2]}"

    def letter(
        self,
        name: str,
        sender: str,
        *,
        id: str | None = None,
        to: Sequence[str] = (HELP,),
        envelope: Sequence[str] = (),
        more: Sequence[str] = (),
        text: str | None = None,
        subject: str = "",
        headers: Sequence[str] | None = None,
        mail_from: str | None = None,
    ) -> Letter:
        """A plain mail with these and `more` header lines, or with `headers` alone."""
        own = id or self.id(sender)
        lines = headers if headers is not None else (
            f"From: {sender.partition('@')[0].title()} <{sender}>",
            f"To: {', '.join(to)}",
            f"Subject: {subject or f'About my order {own[:6]}'}",
            f"Date: {format_datetime(self.now - timedelta(minutes=self.chance.randrange(1, 300)))}",
            f"Message-ID: <{own}>",
        )  # fmt: skip
        body = text if text is not None else f"{self.chance.choice(TEXTS)}\n\n{own}"
        head = (*more, *lines, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8")
        raw = ("\n".join((*head, "Content-Transfer-Encoding: 8bit")) + f"\n\n{body}\n").encode()
        return Letter(
            name, on_the_wire(raw), sender if mail_from is None else mail_from, tuple(envelope or to)
        )


def stories(chance: random.Random) -> list[Story]:
    """All stories that can be told without what the desk answers: 462 mails."""
    writer = Writer(chance)
    told: list[Story] = []
    plan = (
        (_single, 150), (_thread, 40), (_only_in_reply_to, 12), (_colleague_in_copy, 10), (_sent_twice, 15),
        (_two_inboxes_at_once, 8), (_two_inboxes_apart, 8), (_two_brands_at_once, 8), (_two_brands_apart, 6),
        (_reused_id, 5), (_nothing_sets_it_apart, 5), (_alike_but_for_a_word, 4), (_out_of_office, 8),
        (_mailing_list, 8), (_no_sender, 4), (_late, 6), (_unreadable, 2), (_many_from_one, 1),
    )  # fmt: skip
    for tell, times in plan:
        for number in range(times):
            told.append(tell(writer, f"{tell.__name__[1:]} {number}"))
    return told


def _one(name: str, sender: str, letter: Letter, *, acknowledged: int = 1) -> Story:
    ends = [(letter.to[0], frozenset({letter.name}))]
    return Story(name, sender, [letter], ends, acknowledged, acknowledged)


def _single(writer: Writer, name: str) -> Story:
    sender = writer.person()
    inbox = writer.chance.choice((HELP, HELP, WORKSHOP, HELLO))
    big = "\n".join("x" * 70 for _ in range(40_000)) if name.endswith("7") else None
    return _one(name, sender, writer.letter(name, sender, to=[inbox], text=big))


def _thread(writer: Writer, name: str) -> Story:
    sender, inbox = writer.person(), writer.chance.choice((HELP, WORKSHOP, HELLO))
    ids = [writer.id(sender) for _ in range(3)]
    letters = []
    for number, own in enumerate(ids):
        refers = " ".join(f"<{ref}>" for ref in ids[:number])
        more = [f"References: {refers}", f"In-Reply-To: <{ids[number - 1]}>"] if number else []
        subject = f"{'Re: ' if number else ''}Thread of {sender}"
        letters.append(
            writer.letter(f"{name}.{number}", sender, id=own, to=[inbox], more=more, subject=subject)
        )
    return Story(name, sender, letters, [(inbox, frozenset(one.name for one in letters))])


def _only_in_reply_to(writer: Writer, name: str) -> Story:
    """Only the mail before is named: the last read before the second makes two conversations that become one."""
    sender = writer.person()
    ids = [writer.id(sender) for _ in range(3)]
    letters = [
        writer.letter(
            f"{name}.{number}",
            sender,
            id=own,
            more=[f"In-Reply-To: <{ids[number - 1]}>"] if number else [],
            subject=f"AW: Chain of {sender}",
        )
        for number, own in enumerate(ids)
    ]
    return Story(name, sender, letters, [(HELP, frozenset(one.name for one in letters))], 1, 2)


def _colleague_in_copy(writer: Writer, name: str) -> Story:
    sender, colleague = writer.person(), writer.person()
    root = writer.id(sender)
    first = writer.letter(
        f"{name}.0", sender, id=root, more=[f"Cc: {colleague}"], subject=f"For two {sender}"
    )
    more = [f"Cc: {sender}", f"In-Reply-To: <{root}>", f"References: <{root}>"]
    second = writer.letter(f"{name}.1", colleague, more=more, subject=f"RE: For two {sender}")
    return Story(name, sender, [first, second], [(HELP, frozenset({first.name, second.name}))])


def _copy(letter: Letter, name: str, *, to: tuple[str, ...] = ()) -> Letter:
    """The same mail as another server hands it on: with one more header."""
    trace = b"Received: from relay.example by mx.example; Mon, 2 Nov 2026 10:00:00 +0000\r\n"
    return Letter(name, trace + letter.raw, letter.mail_from, to or letter.to)


def _sent_twice(writer: Writer, name: str) -> Story:
    sender = writer.person()
    letter = writer.letter(f"{name}.0", sender)
    return Story(
        name, sender, [letter, _copy(letter, f"{name}.1")], [(HELP, frozenset({letter.name, f"{name}.1"}))]
    )


def _two_inboxes_at_once(writer: Writer, name: str) -> Story:
    sender = writer.person()
    first = writer.letter(name, sender, to=[WORKSHOP, HELP], envelope=[HELP, WORKSHOP])
    return Story(name, sender, [first], [(WORKSHOP, frozenset({name}))])


def _two_inboxes_apart(writer: Writer, name: str) -> Story:
    sender = writer.person()
    first = writer.letter(f"{name}.0", sender, to=[WORKSHOP, HELP], envelope=[WORKSHOP])
    other = _copy(first, f"{name}.1", to=(HELP,))
    return Story(name, sender, [first, other], [(WORKSHOP, frozenset({first.name, other.name}))])


def _two_brands_at_once(writer: Writer, name: str) -> Story:
    sender = writer.person()
    letter = writer.letter(name, sender, to=[HELP, HELLO])
    return Story(name, sender, [letter], [(HELP, frozenset({name})), (HELLO, frozenset({name}))], 2, 2)


def _two_brands_apart(writer: Writer, name: str) -> Story:
    sender = writer.person()
    first = writer.letter(f"{name}.0", sender, to=[HELP, HELLO], envelope=[HELP])
    other = _copy(first, f"{name}.1", to=(HELLO,))
    ends = [(HELP, frozenset({first.name})), (HELLO, frozenset({other.name}))]
    return Story(name, sender, [first, other], ends, 2, 2)


def _reused_id(writer: Writer, name: str) -> Story:
    sender = writer.person()
    own = writer.id(sender)
    letters = [
        writer.letter(f"{name}.{n}", sender, id=own, text=f"Other words {n}", subject=f"Once {n}")
        for n in range(2)
    ]
    ends = [(HELP, frozenset({letter.name})) for letter in letters]
    return Story(name, sender, letters, ends, 2, 2)


def _nothing_sets_it_apart(writer: Writer, name: str) -> Story:
    sender = writer.person()
    headers = [f"From: {sender}", f"To: {HELP}", "Subject: your question"]
    letters = [
        writer.letter(f"{name}.{n}", sender, headers=headers, text=f"yes, please. {sender}") for n in range(2)
    ]
    return Story(name, sender, letters, [(HELP, frozenset(letter.name for letter in letters))])


def _alike_but_for_a_word(writer: Writer, name: str) -> Story:
    sender = writer.person()
    headers = [f"From: {sender}", f"To: {HELP}", "Subject: your question"]
    letters = [
        writer.letter(f"{name}.{n}", sender, headers=headers, text=f"{word}, please.")
        for n, word in enumerate(("yes", "no"))
    ]
    return Story(name, sender, letters, [(HELP, frozenset({letter.name})) for letter in letters], 2, 2)


def _out_of_office(writer: Writer, name: str) -> Story:
    sender = writer.person()
    letter = writer.letter(name, sender, more=["Auto-Submitted: auto-replied"], mail_from="")
    return _one(name, sender, letter, acknowledged=0)


def _mailing_list(writer: Writer, name: str) -> Story:
    sender = writer.person()
    letter = writer.letter(name, sender, more=["List-Id: <cyclists.example>", "Precedence: list"])
    return _one(name, sender, letter, acknowledged=0)


def _no_sender(writer: Writer, name: str) -> Story:
    sender = writer.person()
    headers = [f"To: {HELP}", f"Subject: nobody {name}", f"Message-ID: <{writer.id(sender)}>"]
    return _one(name, sender, writer.letter(name, sender, headers=headers), acknowledged=0)


def _late(writer: Writer, name: str) -> Story:
    sender = writer.person()
    past = format_datetime(writer.now - timedelta(days=3))
    headers = [f"From: {sender}", f"To: {HELP}", f"Date: {past}", f"Message-ID: <{writer.id(sender)}>"]
    return _one(name, sender, writer.letter(name, sender, headers=headers), acknowledged=0)


def _unreadable(writer: Writer, name: str) -> Story:
    sender = writer.person()
    deep = [f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(40)]
    raw = on_the_wire(f"From: {sender}\r\nSubject: {name}\r\n{''.join(deep)}".encode())
    return Story(name, sender, [Letter(name, raw, sender, (HELP,))], [], 0, 0, frozenset({name}))


def _many_from_one(writer: Writer, name: str) -> Story:
    """Six mails from one person: at most two acknowledgements a day."""
    sender = writer.person()
    letters = [writer.letter(f"{name}.{n}", sender) for n in range(6)]
    return Story(name, sender, letters, [(HELP, frozenset({one.name})) for one in letters], 2, 2)


def dealt(letters: Sequence[Letter], chance: random.Random) -> Iterator[Letter]:
    """The letters in any order, a third through each door."""
    order = list(letters)
    chance.shuffle(order)
    for number, letter in enumerate(order):
        door = ("smtp", "lmtp", "pipe")[number % 3]
        yield Letter(letter.name, letter.raw, letter.mail_from, letter.to, door)
