"""What the desk made of the mails, judged by the documented rules and nothing else."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from heed.delivery.tests.sink import Sink
from tests.journeys.company import BRANDS
from tests.journeys.desk import Desk
from tests.journeys.letters import Letter, Story
from tests.journeys.sameness import but_for_line_ends, digest, same

ALARMS = 4  # mails could not be read, or could not leave; each of it may begin and end once

HONEST_REASONS = {"unreadable", "too_large"}


def brand_of(address: str) -> str:
    """The brand of an inbox, or of a signed reply address of it."""
    local, _, domain = address.partition("@")
    return BRANDS[f"{local.partition('+')[0]}@{domain}"]


@dataclass
class Verdict:
    """What was sent, what the desk tells, what arrived at its customers; and every complaint about it."""

    letters: Sequence[Letter]
    stories: Sequence[Story]
    sink: Sink
    conversations: list[dict[str, Any]]
    parked: list[dict[str, Any]]
    complaints: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk, sink: Sink, letters: Sequence[Letter], stories: Sequence[Story]) -> "Verdict":
        """Ask the desk, and judge."""
        lines = desk.heed("export", "conversations").splitlines()
        verdict = cls(letters, stories, sink, [json.loads(x) for x in lines], desk.tells("mail", "parked"))
        verdict.each_mail_is_there_once_or_parked()
        verdict.bytes_are_kept(desk)
        verdict.threads_are_right()
        verdict.acknowledgements_arrived()
        verdict.nothing_old_was_acknowledged()
        return verdict

    @cached_property
    def messages(self) -> dict[str, list[tuple[dict[str, Any], dict[str, Any]]]]:
        """(conversation, message) by the hash of each raw that it keeps."""
        found: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
        for conversation in self.conversations:
            for message in _of(conversation, "in"):
                for sha256 in message["raw_sha256"]:
                    found[sha256].append((conversation, message))
        return found

    @cached_property
    def digests(self) -> dict[str, str]:
        """The hash of each letter, by its name."""
        return {letter.name: digest(letter.raw) for letter in self.letters}

    def each_mail_is_there_once_or_parked(self) -> None:
        """Copies of a mail are one message a brand, which keeps every raw; nothing else is there."""
        copies: dict[tuple[str, str], set[str]] = defaultdict(set)
        for letter in self.letters:
            for brand in {brand_of(to) for to in letter.to}:
                copies[brand, same(letter.raw)].add(self.digests[letter.name])
        reasons = {row["sha256"]: row["reason"] for row in self.parked}
        expected = 0
        for (brand, _), hashes in copies.items():
            kept = hashes - set(reasons)
            expected += bool(kept)
            self._is_once(brand, kept)
        for row in self.parked:
            if row["reason"] not in HONEST_REASONS:
                self.complaints.append(f"parked as {row['reason']}: {row}")
        meant = {self.digests[name] for story in self.stories for name in story.parked}
        self.complaints += [f"{sha256} should have been parked" for sha256 in meant - set(reasons)]
        there = sum(1 for conversation in self.conversations for _ in _of(conversation, "in"))
        if there != expected:
            self.complaints.append(f"{there} messages came of {expected} different mails")
        self.figures |= {"different mails": expected, "parked": len(set(reasons))}

    def _is_once(self, brand: str, hashes: set[str]) -> None:
        found = {
            id(message): message
            for sha256 in hashes
            for conversation, message in self.messages.get(sha256, ())
            if conversation["brand"] == brand
        }
        names = [name for name, sha256 in self.digests.items() if sha256 in hashes]
        if hashes and len(found) != 1:
            self.complaints.append(f"{names} are {len(found)} messages of {brand}")
        for message in found.values():
            if sorted(message["raw_sha256"]) != sorted(hashes):
                self.complaints.append(f"{names}: raws {message['raw_sha256']}, sent were {hashes}")

    def bytes_are_kept(self, desk: Desk) -> None:
        """Each mail lies in the blob storage as it was sent, but for line ends."""
        blobs = desk.home / "blobs"
        for letter in self.letters:
            name = self.digests[letter.name]
            path = blobs / name[:2] / name[2:4] / name
            if not path.is_file():
                self.complaints.append(f"{letter.name}: its bytes are not kept")
            elif but_for_line_ends(path.read_bytes()) != but_for_line_ends(letter.raw):
                self.complaints.append(f"{letter.name}: its bytes were changed")

    def threads_are_right(self) -> None:
        """The letters of each story ended where it says, and nothing else is there."""
        for story in self.stories:
            for inbox, names in story.ends:
                hashes = {self.digests[name] for name in names}
                for conversation in self._conversations(hashes, BRANDS[inbox]):
                    there = {h for message in _of(conversation, "in") for h in message["raw_sha256"]}
                    if there != hashes or conversation["inbox"] != inbox:
                        others = [name for name, sha256 in self.digests.items() if sha256 in there]
                        self.complaints.append(
                            f"{story.name}: {conversation['reference']} of {conversation['inbox']} holds {others}, "
                            f"should be {sorted(names)} of {inbox}"
                        )

    def _conversations(self, hashes: set[str], brand: str) -> list[dict[str, Any]]:
        found = {
            conversation["reference"]: conversation
            for sha256 in hashes
            for conversation, _ in self.messages.get(sha256, ())
            if conversation["brand"] == brand
        }
        return list(found.values())

    def acknowledgements_arrived(self) -> None:
        """What the desk says it sent has arrived, and nothing else; each story got as many as it should."""
        copies = self.sink.copies()
        ours = {m["message_id"]: m for c in self.conversations for m in _of(c, "out")}
        alarms = {
            key for key in copies if key.startswith("outage.")
        }  # some letters are parked, and leads are told
        if len(alarms) > ALARMS:
            self.complaints.append(f"leads were told {len(alarms)} times: {sorted(alarms)}")
        for unknown in set(copies) - set(ours) - alarms:
            self.complaints.append(f"the desk sent {unknown} and knows nothing of it")
        told = {d for story in self.stories for d in (self.digests[one.name] for one in story.letters)}
        states: Counter[str] = Counter()
        for message_id, message in ours.items():
            states[message["state"]] += 1
            if message["state"] in ("sent", "bounced") and message_id not in copies:
                self.complaints.append(f"{message_id} is {message['state']} but never arrived")
            if message["state"] not in ("sent", "bounced", "failed"):
                self.complaints.append(f"{message_id} is still {message['state']}")
        for story in self.stories:
            self._story_was_acknowledged(story)
        self.figures |= {
            "messages of ours": dict(states),
            "arrived": len(copies),
            "alarms to leads": len(alarms),
            "repeats of a Message-ID": sum(copies.values()) - len(copies),
            "letters of stories": len(told),
        }

    def _story_was_acknowledged(self, story: Story) -> None:
        hashes = {self.digests[name] for _, names in story.ends for name in names}
        found = {c["reference"]: c for h in hashes for c, _ in self.messages.get(h, ())}
        outgoing = [message for c in found.values() for message in _of(c, "out")]
        if not story.least_acknowledgements <= len(outgoing) <= story.most_acknowledgements:
            self.complaints.append(f"{story.name}: {len(outgoing)} acknowledgements")
        wanted = "bounced" if any(one.name.endswith(" bounced") for one in story.letters) else "sent"
        for message in outgoing:
            if message["state"] != wanted:
                self.complaints.append(f"{story.name}: its acknowledgement is {message['state']}")

    def nothing_old_was_acknowledged(self) -> None:
        """Conversations of nothing but old mail got no answer."""
        old = {self.digests[letter.name] for letter in self.letters if _is_old(letter.raw)}
        for conversation in self.conversations:
            hashes = {h for message in _of(conversation, "in") for h in message["raw_sha256"]}
            if hashes <= old and any(_of(conversation, "out")):
                self.complaints.append(f"{conversation['reference']} is old mail and was acknowledged")


def _of(conversation: dict[str, Any], direction: str) -> Iterator[dict[str, Any]]:
    return (message for message in conversation["messages"] if message["direction"] == direction)


def _is_old(raw: bytes) -> bool:
    headers: Message = BytesHeaderParser().parsebytes(raw)
    try:
        at = parsedate_to_datetime(str(headers.get("Date")))
    except (ValueError, TypeError):
        return False
    return datetime.now(UTC) - (at if at.tzinfo else at.replace(tzinfo=UTC)) > timedelta(days=2)
