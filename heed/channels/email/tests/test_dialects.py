"""What somebody wrote comes out whole, and nothing else, below whatever a mail program quoted."""

import html

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.quotes import cut_html, cut_text
from heed.channels.email.tests.dialects import (
    APPLE,
    DELIMITERS,
    GMAIL,
    OUTLOOK,
    THUNDERBIRD,
    outlook_block,
    reply_in,
)
from heed.channels.email.tests.html_dialects import ANNOUNCED, HEADED

HISTORY = "Hello Dalia,\n\nyour parcel left our house on Friday.\n\nHelp Desk"
LINES = [
    (f"{program}-{language}", language, announcement)
    for program, table in (("gmail", GMAIL), ("apple", APPLE), ("thunderbird", THUNDERBIRD))
    for language, announcement in table.items()
]
PARAGRAPHS = st.lists(
    st.text(st.characters(codec="utf-8", categories=("L", "Nd", "Zs", "Po")), min_size=1, max_size=60)
    .map(lambda text: " ".join(text.replace(":", "").replace("：", "").split()))
    .filter(lambda text: any(character.isalpha() for character in text)),
    min_size=1,
    max_size=6,
)


def visible(text: str) -> str:
    return cut_text(text, DEFAULT_LIMITS).visible


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def as_html(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def tight(text: str) -> str:
    return " ".join(text.split())


def headed(pattern: str, language: str, reply: str, history: str = HISTORY) -> str:
    from_, sent, to, subject = (word.replace("|", " ") for word in OUTLOOK[language].split(" "))
    return pattern.format(
        reply=as_html(reply), history=as_html(history), from_=from_, sent=sent, to=to, subject=subject
    )


def test_the_corpus_speaks_many_languages():
    assert len({*GMAIL, *OUTLOOK}) >= 35
    assert len({*ANNOUNCED, *HEADED}) >= 25


@pytest.mark.parametrize(
    ("language", "announcement"), [line[1:] for line in LINES], ids=[n[0] for n in LINES]
)
def test_what_was_written_above_an_announced_quotation_stands_alone(language: str, announcement: str):
    reply = reply_in(language)
    for history in (quoted(HISTORY), HISTORY):
        cut = cut_text(f"{reply}\n\n{announcement}\n\n{history}\n", DEFAULT_LIMITS)
        assert cut.visible == reply
        assert "parcel left our house" in cut.quoted


@pytest.mark.parametrize("language", OUTLOOK)
def test_what_was_written_above_headers_stands_alone(language: str):
    reply = reply_in(language)
    assert visible(f"{reply}\n\n{outlook_block(language)}\n\n{HISTORY}\n") == reply


@pytest.mark.parametrize("name", DELIMITERS)
def test_what_was_written_above_a_dividing_line_stands_alone(name: str):
    reply = reply_in(name.partition("-")[2] or "en")
    assert visible(f"{reply}\n\n{DELIMITERS[name]}\n{outlook_block('en')}\n\n{HISTORY}\n") == reply


@pytest.mark.parametrize("program", ANNOUNCED)
@pytest.mark.parametrize("language", ["en", "de", "fr", "ja", "ru", "ar", "he", "th"])
def test_html_of_a_program_that_announces_is_cut(program: str, language: str):
    reply = reply_in(language)
    on = html.escape(GMAIL[language])
    source = ANNOUNCED[program].format(reply=as_html(reply), history=as_html(HISTORY), on=on)
    cut = cut_html(source, DEFAULT_LIMITS)
    assert tight(cut.visible) == tight(reply)
    assert "parcel left our house" in cut.quoted


@pytest.mark.parametrize("program", HEADED)
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pl", "ru", "ja", "zh", "ko", "ar", "he"])
def test_html_of_a_program_that_writes_headers_is_cut(program: str, language: str):
    reply = reply_in(language)
    cut = cut_html(headed(HEADED[program], language, reply), DEFAULT_LIMITS)
    assert tight(cut.visible) == tight(reply)
    assert "parcel left our house" in cut.quoted


@settings(max_examples=150, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS, st.sampled_from([line[2] for line in LINES]))
def test_any_words_above_any_history_come_out_whole(reply: list[str], history: list[str], announcement: str):
    words = "\n\n".join(reply)
    assume(visible(words) == words)  # no sign-off or the like by chance
    assert visible(f"{words}\n\n{announcement}\n\n{quoted(chr(10).join(history))}\n") == words


@settings(max_examples=150, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS, st.sampled_from(sorted(OUTLOOK)))
def test_any_words_above_any_headers_come_out_whole(reply: list[str], history: list[str], language: str):
    words = "\n\n".join(reply)
    assume(visible(words) == words)
    assert visible(f"{words}\n\n{outlook_block(language)}\n\n{chr(10).join(history)}\n") == words


@settings(max_examples=150, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS, st.sampled_from(sorted(ANNOUNCED)), st.sampled_from(sorted(GMAIL)))
def test_any_words_in_any_programs_html_come_out_whole(
    reply: list[str], history: list[str], program: str, language: str
):
    words, old = "\n".join(reply), "\n".join(history)
    alone = cut_html(f"<div>{as_html(words)}</div>", DEFAULT_LIMITS).visible
    assume(tight(alone) == tight(words))
    source = ANNOUNCED[program].format(
        reply=as_html(words), history=as_html(old), on=html.escape(GMAIL[language])
    )
    assert tight(cut_html(source, DEFAULT_LIMITS).visible) == tight(words)


def test_words_below_a_marked_signature_are_read():
    cut = cut_html(
        '<div>Thanks!</div>-- <br><div class="gmail_signature">Dalia<br>Example Street 1</div>'
        "<div>One more thing: it was the blue one.</div>",
        DEFAULT_LIMITS,
    )
    assert tight(cut.visible) == "Thanks! One more thing: it was the blue one."
    assert "Example Street" in cut.signature


def test_a_mail_that_is_one_quotation_is_read_without_marks():
    cut = cut_html('<blockquote type="cite"><p>Please look at this.</p></blockquote>', DEFAULT_LIMITS)
    assert cut.visible == "Please look at this."
    assert cut.quoted == ""


NOTICES = [
    "This e-mail and any attachments are confidential and intended solely for the addressee.",
    "Diese E-Mail enthält vertrauliche und rechtlich geschützte Informationen.",
    "Ce message et toutes les pièces jointes sont confidentiels.",
    "Este mensaje y sus archivos adjuntos son confidenciales.",
    "Il presente messaggio è riservato esclusivamente al destinatario.",
    "Esta mensagem destina-se exclusivamente ao seu destinatário.",
    "Dit bericht is uitsluitend bestemd voor de geadresseerde.",
    "Detta meddelande är avsett endast för mottagaren.",
    "Denne e-mail er fortrolig.",
    "Tämä viesti on luottamuksellinen.",
    "Ta wiadomość jest poufna.",
    "Tato zpráva je důvěrná.",
    "Это сообщение конфиденциально.",
    "Bu e-posta gizli bilgiler içerir.",
    "この電子メールには機密情報が含まれています。",
    "本邮件包含保密信息。",
    "본 메일은 기밀 정보를 포함하고 있습니다.",
    "CONFIDENTIALITY NOTICE: for the addressee only.",
    "Virus-free. www.scanner.example",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_legal_notice_is_folded_away_and_kept(notice: str):
    cut = cut_text(
        f"Where is it?\n\n{notice}\nDelete it otherwise.\n\nRegistered office: Example\n", DEFAULT_LIMITS
    )
    assert cut.visible == "Where is it?"
    assert notice in cut.signature
    assert "Registered office" in cut.signature


def test_a_question_about_confidential_mail_is_no_notice():
    asked = "Hello,\nis this e-mail confidential? I was told the message is intended for me.\n\nDalia"
    assert visible(asked) == asked
