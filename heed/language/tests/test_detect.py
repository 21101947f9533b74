import gzip
import json
import os
import timeit
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.language.detect import detect

MAILS = {
    "en": "Hello, my order has not arrived yet and I would like to know where it is. Thanks, Ann",
    "de": "Guten Tag, meine Bestellung ist noch nicht angekommen. Können Sie mir sagen, wo sie bleibt?",
    "fr": "Bonjour, je n'ai pas encore reçu ma commande. Pouvez-vous me dire où elle est ? Merci",
    "es": "Hola, todavía no he recibido mi pedido. ¿Me pueden decir dónde está? Gracias",
    "it": "Buongiorno, non ho ancora ricevuto il mio ordine. Potete dirmi dove si trova? Grazie",
    "pt": "Olá, ainda não recebi o meu pedido. Podem dizer onde ele está? Obrigado",
    "nl": "Hallo, mijn bestelling is nog niet aangekomen. Kunt u mij vertellen waar hij is? Bedankt",
    "sv": "Hej, min beställning har inte kommit fram ännu. Kan ni säga var den är? Tack",
    "da": "Hej, min ordre er ikke kommet endnu. Kan I sige mig, hvor den bliver af? Tak for hjælpen",
    "nb": "Hei, bestillingen min har ikke kommet ennå. Kan dere si meg hvor den er? Takk for hjelpen",
    "fi": "Hei, tilaukseni ei ole vielä saapunut. Voitteko kertoa missä se on? Kiitos",
    "pl": "Dzień dobry, moje zamówienie jeszcze nie dotarło. Czy mogą Państwo powiedzieć, gdzie jest?",
    "cs": "Dobrý den, moje objednávka ještě nedorazila. Můžete mi říct, kde je? Děkuji",
    "sk": "Dobrý deň, moja objednávka ešte neprišla. Môžete mi povedať, kde je? Ďakujem",
    "hu": "Jó napot, a rendelésem még nem érkezett meg. Meg tudják mondani, hogy hol van? Köszönöm",
    "ro": "Bună ziua, comanda mea nu a ajuns încă. Îmi puteți spune unde este? Mulțumesc",
    "tr": "Merhaba, siparişim henüz gelmedi. Nerede olduğunu söyler misiniz? Teşekkürler",
    "id": "Halo, pesanan saya belum sampai. Bisakah Anda memberi tahu di mana? Terima kasih",
    "vi": "Xin chào, đơn hàng của tôi vẫn chưa đến. Bạn có thể cho tôi biết nó ở đâu không?",
    "ca": "Bon dia, encara no he rebut la meva comanda. Em podeu dir on és? Gràcies",
    "hr": "Dobar dan, moja narudžba još nije stigla. Možete li mi reći gdje je? Hvala",
    "ru": "Здравствуйте, мой заказ ещё не пришёл. Скажите, пожалуйста, где он?",
    "uk": "Вітаю, моє замовлення ще не надійшло. Скажіть, будь ласка, де воно?",
    "bg": "Здравейте, поръчката ми още не е пристигнала. Можете ли да ми кажете къде е?",
    "el": "Γεια σας, η παραγγελία μου δεν έχει φτάσει ακόμα. Μπορείτε να μου πείτε πού είναι;",
    "ar": "مرحبا، لم يصل طلبي بعد. هل يمكنكم أن تقولوا لي أين هو؟ شكرا",
    "fa": "سلام، سفارش من هنوز نرسیده است. می توانید بگویید کجاست؟ ممنون",
    "he": "שלום, ההזמנה שלי עדיין לא הגיעה. תוכלו לומר לי איפה היא? תודה",
    "hi": "नमस्ते, मेरा ऑर्डर अभी तक नहीं आया है। क्या आप बता सकते हैं कि वह कहाँ है?",
    "th": "สวัสดี คำสั่งซื้อของฉันยังมาไม่ถึง ช่วยบอกได้ไหมว่าอยู่ที่ไหน",
    "ja": "こんにちは。注文した商品がまだ届いていません。今どこにあるか教えてください。",
    "zh": "您好，我的订单还没有到。请告诉我它在哪里。谢谢",
    "ko": "안녕하세요, 주문한 상품이 아직 도착하지 않았습니다. 어디에 있는지 알려 주세요.",
}


@pytest.mark.parametrize("language", sorted(MAILS))
def test_an_ordinary_mail_is_understood(language: str) -> None:
    assert detect(MAILS[language]) == language
    assert detect(f"{MAILS[language]}\nhttps://www.example.org/the/and/of ana@example.org") == language


@pytest.mark.parametrize(
    "text", ["", "   ", "4711", "OK", "Ana Ruiz", "https://example.org/the/and", "ok 👍", "x" * 5_000]
)
def test_it_is_silent_when_unsure(text: str) -> None:
    assert detect(text) is None


def test_a_mail_in_two_languages_equally_is_nobodys() -> None:
    assert detect("the and with this that from they und nicht auch eine wird sich oder") is None


@given(st.text(max_size=300))
def test_it_takes_anything(text: str) -> None:
    assert detect(text) is None or detect(text) in MAILS


def test_it_is_quick_whatever_the_text() -> None:
    def microseconds(text: str) -> float:
        return min(timeit.repeat(lambda: detect(text), number=50, repeat=5)) / 50 * 1e6

    assert microseconds(MAILS["de"]) < 150  # about 30 alone on a slow core
    for text in (MAILS["de"] * 40_000, "a" * 10**6, "@" * 10**6, "ه " * 10**6, "'" * 10**6):
        assert microseconds(text) < 5_000


def test_sentences_of_a_public_set() -> None:
    folder = os.environ.get("HEED_TEST_DATA")
    if not folder:
        pytest.skip("HEED_TEST_DATA names no folder with third-party material")
    with gzip.open(Path(folder) / "language-id/lingua.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    answers = [
        (detect(row["text"]), row["lang"])
        for row in rows
        if row["kind"] == "sentences" and row["lang"] in MAILS
    ]
    right = sum(said == language for said, language in answers) / len(answers)
    wrong = sum(said not in (None, language) for said, language in answers) / len(answers)
    assert right > 0.85
    assert wrong < 0.03
