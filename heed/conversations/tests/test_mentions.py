"""Names and addresses are found in file names and texts, and never more than a fixed number of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.conversations.mentions import (
    ADDRESSES,
    FILE_WORDS,
    NAMES,
    addresses_in,
    names_in_file_name,
    names_in_text,
)


@pytest.mark.parametrize(
    "file",
    [
        "Petra Lang.pdf",
        "invoice_petra_lang_2026.pdf",
        "LANG, PETRA - contract.docx",
        "PetraLang.pdf",
        "petra-lang",
        "2026-11-03 Petra.Lang.signed.pdf",
    ],
)
def test_a_name_is_found_however_a_file_spells_it(file: str) -> None:
    assert "Petra Lang" in names_in_file_name(file)


def test_names_that_are_written_in_their_own_way_stay_as_they_are() -> None:
    assert "Ana de Souza" in names_in_file_name("Ana de Souza.pdf")
    assert "Ian McDonald" in names_in_file_name("Ian_McDonald.pdf")
    assert "Inès Moreau" in names_in_file_name("moreau_inès.pdf")


def test_one_word_is_no_name() -> None:
    assert names_in_file_name("petra.pdf") == []
    assert names_in_text("Petra wrote") == []


def test_names_and_addresses_are_found_in_a_text() -> None:
    text = "number;name;mail\n7;Petra Lang;Petra.Lang@Example.org\n8;Jo Brandt;<jo@example.net>"
    assert addresses_in(text) == ["petra.lang@example.org", "jo@example.net"]
    assert {"Petra Lang", "Jo Brandt"} <= set(names_in_text(text))


def test_very_many_are_cut() -> None:
    text = "\n".join(f"a{n}@example.org Ab{chr(97 + n % 26)}c{chr(97 + n // 26)} Lang" for n in range(600))
    assert len(addresses_in(text)) == ADDRESSES
    assert len(names_in_text(text)) == NAMES
    assert len(names_in_file_name("ab " * 500)) <= 10 * FILE_WORDS


@given(st.text(max_size=2_000))
def test_no_text_is_too_odd(text: str) -> None:
    assert len(names_in_text(text)) <= NAMES
    assert len(addresses_in(text)) <= ADDRESSES
    assert all(len(one.split()) in (2, 3) for one in names_in_file_name(text))
