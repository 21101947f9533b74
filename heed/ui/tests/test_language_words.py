"""The names of languages, in the reader's."""

import pytest
from django.utils import translation

from heed.ui.templatetags.heed_ui import language_words


@pytest.mark.parametrize(
    ("code", "reader", "words"),
    [
        ("no", "de", "Norwegisch"),
        ("nb", "es", "Noruego (bokmål)"),
        ("af", "es", "Afrikáans"),
        ("pt-br", "de", "Brasilianisches Portugiesisch"),
        ("zh", "en", "Chinese"),
        ("ckb", "ar", "الكردية الوسطى (السورانية)"),
        ("tlh", "de", "tlh"),
    ],
)
def test_a_language_is_named_in_the_readers_own(code: str, reader: str, words: str) -> None:
    with translation.override(reader):
        assert language_words(code) == words
