"""Out-of-office mail is known by its headers, and by its subject in the languages that programs write it in."""

import pytest

from heed.channels.email.mail import Automatic
from heed.channels.email.parse import parse

SUBJECTS = {
    "en": "Automatic reply: Your order",
    "en-2": "Out of Office: Re: The chain slips",
    "de": "Abwesenheitsnotiz: Ihre Anfrage",
    "de-2": "Automatische Antwort: Ihre Anfrage",
    "fr": "Réponse automatique : Votre commande",
    "fr-2": "Absence du bureau",
    "es": "Respuesta automática: Su pedido",
    "es-2": "Fuera de la oficina",
    "pt": "Resposta automática: O seu pedido",
    "it": "Risposta automatica: Il suo ordine",
    "it-2": "Fuori sede",
    "nl": "Automatisch antwoord: Uw bestelling",
    "nl-2": "Afwezig tot maandag",
    "sv": "Autosvar: Din beställning",
    "da": "Automatisk svar: Din ordre",
    "fi": "Automaattinen vastaus: Tilauksesi",
    "pl": "Odpowiedź automatyczna: Zamówienie",
    "cs": "Automatická odpověď: Vaše objednávka",
    "hu": "Automatikus válasz: Rendelés",
    "ro": "Răspuns automat: Comanda",
    "tr": "Otomatik yanıt: Siparişiniz",
    "el": "Αυτόματη απάντηση: Παραγγελία",
    "ru": "Автоматический ответ: Ваш заказ",
    "uk": "Автоматична відповідь: Замовлення",
    "ja": "自動応答: ご注文",
    "zh": "自动回复: 您的订单",
    "ko": "자동 회신: 주문",
    "ar": "رد تلقائي: طلبك",
    "he": "תשובה אוטומטית: הזמנה",
    "vi": "Trả lời tự động: đơn hàng",
}
HEADERS = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-replied (vacation)",
    "X-Autoreply: yes",
    "X-Autorespond: vacation",
    "X-Mail-Autoreply: 1",
    "Precedence: auto_reply",
    "X-Post-MessageClass: 9; Autoresponder",
]


def mail(subject: str, header: str = "X-Nothing: 1") -> bytes:
    lines = [
        "From: Dalia <dalia@example.org>",
        "To: help@linden.example",
        f"Subject: {subject}",
        "Message-ID: <a@example.org>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        header,
        "",
        "Back on Monday.",
    ]
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize("language", SUBJECTS)
def test_an_absence_is_known_by_its_subject(language: str) -> None:
    found = parse(mail(SUBJECTS[language]))
    assert (found.automatic, found.may_acknowledge) == (Automatic.AUTO_REPLY, False)


@pytest.mark.parametrize("header", HEADERS)
def test_an_absence_is_known_by_its_headers_whatever_its_subject(header: str) -> None:
    assert parse(mail("Re: The chain slips")).automatic is Automatic.NO
    found = parse(mail("Re: The chain slips", header))
    assert (found.automatic, found.may_acknowledge) == (Automatic.AUTO_REPLY, False)


@pytest.mark.parametrize(
    "subject", ["The automatic gate is broken", "I was out of milk", "Question about my answer"]
)
def test_a_person_who_uses_such_words_is_a_person(subject: str) -> None:
    assert parse(mail(subject)).automatic is Automatic.NO


def test_there_are_fifteen_languages_and_more() -> None:
    assert len({code.partition("-")[0] for code in SUBJECTS}) >= 15
