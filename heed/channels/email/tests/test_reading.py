"""Addresses, subjects, dates and explanations, one at a time."""

from pathlib import Path

import pytest

from heed.channels.email.dates import read_date
from heed.channels.email.explain import as_text, explain
from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.mailboxes import Address, read_addresses
from heed.channels.email.subjects import base_subject
from heed.channels.email.words import decode_words

CORPUS = Path(__file__).parent / "corpus"


def addresses(value: str) -> list[tuple[str, str]]:
    return [(who.name, who.address) for who in read_addresses(value.encode(), DEFAULT_LIMITS)[0]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@example.org", [("", "a@example.org")]),
        ('"Haddad, Dalia" <a@example.org>', [("Haddad, Dalia", "a@example.org")]),
        ("a@example.org (Dalia)", [("Dalia", "a@example.org")]),
        ("Ünal <ünal@müller.example>", [("Ünal", "ünal@müller.example")]),
        ('"very odd"@example.org', [("", '"very odd"@example.org')]),
        ('"plain"@example.org', [("", "plain@example.org")]),
        ("undisclosed-recipients:;", []),
        ("<>", []),
        ("a@example.org, , b@example.org", [("", "a@example.org"), ("", "b@example.org")]),
        ("a@example.org)b@example.com", []),
        ("<a@example.org> <b@example.com>", []),
        ("a@example.org <b@example.com> c@example.net", []),
        ("a@b@example.org", []),
        ("nobody", []),
    ],
)
def test_an_address_is_read_in_one_way_or_not_at_all(value: str, expected: list[tuple[str, str]]):
    assert addresses(value) == expected


def test_an_address_that_is_none_leaves_a_defect():
    assert read_addresses(b"a@example.org)b@example.com", DEFAULT_LIMITS)[1] == ["unclear-address"]


def test_identity_ignores_case_and_the_form_of_the_domain():
    assert Address("", "Dalia@MÜLLER.example").key == Address("x", "dalia@xn--mller-kva.example").key
    assert Address("", "dalia@example.org").key != Address("", "dalia2@example.org").key


@pytest.mark.parametrize(
    "subject",
    ["Parcel", "Re: Parcel", "AW: WG: Parcel", "RE[2]: Parcel", "Fwd: SV: parcel", "回复：Parcel", "Odp: Re: PARCEL",
     "Antw:  Parcel", "Re:Re:Re: Parcel (fwd)", "Ynt: Parcel"],
)  # fmt: skip
def test_marks_of_mail_programs_are_no_part_of_a_subject(subject: str):
    assert base_subject(subject) == "parcel"


def test_words_before_a_colon_that_are_no_marks_stay():
    assert base_subject("Invoice: 12") == "invoice: 12"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"Mon, 2 Nov 2026 10:00:00 +0100", "2026-11-02T09:00:00+00:00"),
        (b"2 Nov 2026 10:00:00 -0330 (Newfoundland)", "2026-11-02T13:30:00+00:00"),
        (b"Mon, 02 Nov 26 10:00 GMT", "2026-11-02T10:00:00+00:00"),
        (b"Mon, 2 Nov 2026 23:59:60 +0000", "2026-11-02T23:59:59+00:00"),
        (b"Mon, 32 Nov 2026 10:00:00 +0000", None),
        (b"Fri, 31 Dec 9999 23:59:59 -9999", None),
        (b"yesterday", None),
        (b"", None),
    ],
)
def test_a_date_is_an_instant_or_nothing(value: bytes, expected: str | None):
    found = read_date(value)
    assert (found.isoformat() if found else None) == expected


def test_words_that_are_no_words_stay_readable():
    assert (
        decode_words(b"=?utf-8?q?caf=C3=A9?= and =?nope?x?y?= =?utf-8?b?4pyT!?=") == "café and =?nope?x?y?= ✓"
    )


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.eml")), ids=lambda path: path.stem)
def test_every_mail_can_be_explained(path: Path):
    assert "sameness" in as_text(explain(path.read_bytes()))
