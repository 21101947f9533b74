# ruff: noqa: E501 - a line for each program's manner
"""Mail that is passed on: the original comes out, whoever's program forwarded it."""

import html
from datetime import UTC, datetime

import pytest

from heed.channels.email.explain import as_text, explain
from heed.channels.email.parse import parse
from heed.channels.email.spoken_dates import read_spoken_date
from heed.channels.email.tests.dialects import OUTLOOK

FROM = "Dalia Haddad <dalia@example.org>"
WORDS = "Where is my parcel?\n\nIt was sent on Friday."

# How the mark, the opening line and the lines of headers read: {0} from, {1} date, {2} subject, {3} to.
MANNERS = {
    "gmail-en": ("Fwd", ("---------- Forwarded message ---------\nFrom: {0}\nDate: Mon, Nov 2, 2026 at 9:15 AM\n"
                 "Subject: {2}\nTo: {3}\n")),
    "gmail-de": ("Fwd", ("---------- Forwarded message ---------\nVon: {0}\nDate: Mo., 2. Nov. 2026 um 09:15 Uhr\n"
                 "Subject: {2}\nTo: {3}\n")),
    "gmail-fr": ("Fwd", ("---------- Forwarded message ---------\nDe : {0}\nDate: lun. 2 nov. 2026 à 09:15\n"
                 "Subject: {2}\nTo: {3}\n")),
    "gmail-ja": ("Fwd", ("---------- Forwarded message ---------\nFrom: {0}\nDate: 2026年11月2日(月) 9:15\nSubject: {2}\n"
                 "To: {3}\n")),
    "apple-en": ("Fwd", ("Begin forwarded message:\n\nFrom: {0}\nSubject: {2}\nDate: 2 November 2026 at 09:15:00 GMT\n"
                 "To: {3}\n")),
    "apple-de": ("Fwd", ("Anfang der weitergeleiteten Nachricht:\n\nVon: {0}\nBetreff: {2}\nDatum: 2. November 2026 um "
                 "09:15:00 UTC\nAn: {3}\n")),
    "apple-fr": ("Tr", ("Début du message réexpédié :\n\nDe: {0}\nObjet: {2}\nDate: 2 novembre 2026 à 09:15:00 UTC\n"
                 "À: {3}\n")),
    "apple-es": ("Fwd", ("Inicio del mensaje reenviado:\n\nDe: {0}\nAsunto: {2}\nFecha: 2 de noviembre de 2026, "
                 "09:15:00 UTC\nPara: {3}\n")),
    "outlook-en": ("FW", "From: {0}\nSent: Monday, November 2, 2026 9:15 AM\nTo: {3}\nSubject: {2}\n"),
    "outlook-de": ("WG", "Von: {0}\nGesendet: Montag, 2. November 2026 09:15\nAn: {3}\nBetreff: {2}\n"),
    "outlook-fr": ("TR", "De : {0}\nEnvoyé : lundi 2 novembre 2026 09:15\nÀ : {3}\nObjet : {2}\n"),
    "outlook-es": ("RV", "De: {0}\nEnviado el: lunes, 2 de noviembre de 2026 9:15\nPara: {3}\nAsunto: {2}\n"),
    "outlook-it": ("I", "Da: {0}\nInviato: lunedì 2 novembre 2026 09:15\nA: {3}\nOggetto: {2}\n"),
    "outlook-pt": ("ENC", "De: {0}\nEnviada em: segunda-feira, 2 de novembro de 2026 09:15\nPara: {3}\nAssunto: {2}\n"),
    "outlook-nl": ("FW", "Van: {0}\nVerzonden: maandag 2 november 2026 09:15\nAan: {3}\nOnderwerp: {2}\n"),
    "outlook-sv": ("VB", "Från: {0}\nSkickat: den 2 november 2026 09:15\nTill: {3}\nÄmne: {2}\n"),
    "outlook-da": ("VS", "Fra: {0}\nSendt: 2. november 2026 09:15\nTil: {3}\nEmne: {2}\n"),
    "outlook-fi": ("VL", "Lähettäjä: {0}\nLähetetty: maanantai 2. marraskuuta 2026 9.15\nVastaanottaja: {3}\nAihe: {2}\n"),
    "outlook-pl": ("PD", "Od: {0}\nWysłano: poniedziałek, 2 listopada 2026 09:15\nDo: {3}\nTemat: {2}\n"),
    "outlook-cs": ("FW", "From: {0}\nSent: 2. listopadu 2026 9:15\nTo: {3}\nSubject: {2}\n"),
    "outlook-tr": ("İLT", "Kimden: {0}\nGönderildi: 2 Kasım 2026 Pazartesi 09:15\nKime: {3}\nKonu: {2}\n"),
    "outlook-ru": ("FW", "От: {0}\nОтправлено: 2 ноября 2026 г. 9:15\nКому: {3}\nТема: {2}\n"),
    "outlook-el": ("ΠΡΘ", "Από: {0}\nΣτάλθηκε: Δευτέρα, 2 Νοεμβρίου 2026 9:15 πμ\nΠρος: {3}\nΘέμα: {2}\n"),
    "outlook-ja": ("転送", "差出人: {0}\n送信日時: 2026年11月2日 9:15\n宛先: {3}\n件名: {2}\n"),
    "outlook-zh": ("转发", "发件人: {0}\n发送时间: 2026年11月2日 9:15\n收件人: {3}\n主题: {2}\n"),
    "outlook-ko": ("전달", "보낸 사람: {0}\n보낸 날짜: 2026년 11월 2일 월요일 오전 9:15\n받는 사람: {3}\n제목: {2}\n"),
    "thunderbird": ("Fwd", ("-------- Forwarded Message --------\nSubject: \t{2}\nDate: \tMon, 2 Nov 2026 09:15:00 +0000\n"
                    "From: \t{0}\nTo: \t{3}\n")),
    "thunderbird-de": ("Fwd", ("-------- Weitergeleitete Nachricht --------\nBetreff: \t{2}\nDatum: \tMon, 2 Nov 2026 "
                       "09:15:00 +0000\nVon: \t{0}\nAn: \t{3}\n")),
    "yahoo": ("Fw", ("----- Forwarded Message -----\nFrom: {0}\nTo: {3}\nSent: Monday, November 2, 2026, 09:15:00 AM GMT\n"
              "Subject: {2}\n")),
    "samsung": ("Fwd", ("-------- Original message --------\nFrom: {0}\nDate: 02/11/2026 09:15 (GMT+00:00)\nTo: {3}\n"
                "Subject: {2}\n")),
    "gmx": ("Fwd", "Gesendet: Montag, 02. November 2026 um 09:15 Uhr\nVon: {0}\nAn: {3}\nBetreff: {2}\n"),
    "notes": ("Fw", ("----- Forwarded by Amara/Desk on 02.11.2026 10:00 -----\n\nFrom: {0}\nTo: {3}\nDate: 02.11.2026 09:15\n"
              "Subject: {2}\n")),
    "qq": ("Fwd", ("------------------ 原始邮件 ------------------\n发件人: {0}\n发送时间: 2026年11月2日(星期一) 上午9:15\n"
           "收件人: {3}\n主题: {2}\n")),
    "mail-ru": ("Fwd", ("-------- Пересылаемое сообщение --------\nОт: {0}\nКому: {3}\nДата: Понедельник, 2 ноября 2026, "
                "9:15 +00:00\nТема: {2}\n")),
    "bold": ("FW", "*From:* {0}\n*Sent:* Monday, November 2, 2026 9:15 AM\n*To:* {3}\n*Subject:* {2}\n"),
}  # fmt: skip
TO = "Amara <amara@brightloaf.example>"
AT = datetime(2026, 11, 2, 9, 15, tzinfo=UTC)


def mail(body: str, *, subject: str, kind: str = "text/plain") -> bytes:
    return (
        f"From: {TO}\nTo: help@brightloaf.example\nSubject: {subject}\nDate: Tue, 3 Nov 2026 10:00:00 +0000\n"
        f"Message-ID: <fw@brightloaf.example>\nContent-Type: {kind}; charset=utf-8\n\n{body}\n"
    ).encode()


def head_of(manner: str) -> tuple[str, str]:
    mark, lines = MANNERS[manner]
    return f"{mark}: Parcel 12", lines.format(FROM, "", "Parcel 12", TO)


@pytest.mark.parametrize("note", ["", "Please look after this one."], ids=["without-note", "with-note"])
@pytest.mark.parametrize("manner", MANNERS)
def test_the_original_of_a_forwarded_mail_is_read(manner: str, note: str):
    subject, head = head_of(manner)
    found = parse(mail(f"{note}\n\n{head}\n{WORDS}", subject=subject)).forwarded
    assert found is not None
    assert str(found.sender) == FROM
    assert found.subject == "Parcel 12"
    assert found.date == AT
    assert found.visible == WORDS
    assert found.note == note


@pytest.mark.parametrize("manner", ["gmail-en", "outlook-de", "apple-fr", "outlook-ja"])
def test_the_original_of_a_forward_in_html_alone_is_read(manner: str):
    subject, head = head_of(manner)
    words = html.escape(f"{head}\n{WORDS}").replace("\n", "<br>")
    body = f'<div>For you.</div><div class="gmail_quote">{words}</div>'
    found = parse(mail(body, subject=subject, kind="text/html")).forwarded
    assert found is not None
    assert str(found.sender) == FROM
    assert found.note == "For you."
    assert found.visible.split() == WORDS.split()
    assert "Where is my parcel?" in found.html
    assert "For you." not in found.html


@pytest.mark.parametrize("language", OUTLOOK)
def test_headers_in_any_language_name_the_sender(language: str):
    sender, sent, to, subject = (word.replace("|", " ") for word in OUTLOOK[language].split(" "))
    body = f"{sender}: {FROM}\n{sent}: 2026-11-02 09:15\n{to}: {TO}\n{subject}: Parcel 12\n\n{WORDS}"
    found = parse(mail(body, subject="FW: Parcel 12")).forwarded
    assert found is not None
    assert (str(found.sender), found.subject, found.date) == (FROM, "Parcel 12", AT)


def attached(*, subject: str, note: str) -> bytes:
    return (
        f"From: {TO}\nTo: help@brightloaf.example\nSubject: {subject}\nDate: Tue, 3 Nov 2026 10:00:00 +0000\n"
        "Message-ID: <fw@brightloaf.example>\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{note}\n--b\nContent-Type: message/rfc822\n\n"
        f"From: {FROM}\nTo: amara@brightloaf.example\nSubject: Parcel 12\nDate: Mon, 2 Nov 2026 10:15:00 +0100\n"
        "Message-ID: <first@example.org>\nContent-Type: multipart/mixed; boundary=c\n\n"
        f"--c\nContent-Type: text/plain\n\n{WORDS}\n--c\nContent-Type: image/png; name=label.png\n"
        "Content-Transfer-Encoding: base64\n\niVBORw==\n--c--\n--b--\n"
    ).encode()


def test_an_attached_original_is_read_with_its_files_and_its_message_id():
    found = parse(attached(subject="Parcel 12", note="For you.")).forwarded
    assert found is not None
    assert str(found.sender) == FROM
    assert (found.subject, found.date, found.message_id) == ("Parcel 12", AT, "first@example.org")
    assert (found.note, found.visible) == ("For you.", WORDS)
    assert [part.filename for part in found.attachments] == ["label.png"]


def test_who_asks_is_told_what_a_mail_forwards():
    told = as_text(explain(attached(subject="Parcel 12", note="For you.")))
    assert f"It forwards a mail of {FROM}: Parcel 12." in told


def test_a_mail_attached_to_a_long_letter_is_an_attachment():
    assert parse(attached(subject="Complaint", note="I want to tell you a story. " * 40)).forwarded is None


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Re: Parcel 12",
            "Thanks!\n\nFrom: Ana <ana@example.org>\nSent: Monday\nTo: x@example.org\nSubject: y\n\nz",
        ),
        ("Fwd: Parcel 12", "I wrote: nothing to see here."),
        ("Fwd: Parcel 12", "---------- Forwarded message ---------\nFrom: Dalia\nSubject: no address\n\nz"),
        ("Internal: 3", "From: Ana <ana@example.org>\nSubject: y\n\nz"),
    ],
    ids=["an answer", "no headers", "no address", "not a mark"],
)
def test_what_names_no_original_is_no_forward(subject: str, body: str):
    assert parse(mail(body, subject=subject)).forwarded is None


def test_a_date_is_never_later_than_the_forward_and_an_unclear_one_is_the_latest_possible():
    passed_on = datetime(2026, 11, 3, 10, tzinfo=UTC)
    assert read_spoken_date("2/11/2026 9:15", not_after=passed_on) == AT
    assert read_spoken_date("11/2/2026 9:15", not_after=passed_on) == AT
    assert read_spoken_date("2 November 2026 09:15 GMT+02:00", not_after=passed_on) == AT.replace(hour=7)
    assert read_spoken_date("2 December 2026 09:15", not_after=passed_on) is None
    assert read_spoken_date("٢ نوفمبر ٢٠٢٦ 9:15", not_after=passed_on) == AT
    assert read_spoken_date("soon", not_after=passed_on) is None
    assert read_spoken_date("99/99/2026 99:99", not_after=None) is None
