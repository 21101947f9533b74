"""How mail programs announce what they quote, in the languages they speak: our own corpus, as a table.

Every entry is one program's manner in one language, as seen in its settings and in mail of our own. The tests build
whole mails from it: somebody's words, an announcement, a history. What should be read is then known by construction.
"""

from typing import Final

NAME: Final = "Help Desk"
ADDRESS: Final = "help@desk.example"
WHO: Final = f"{NAME} <{ADDRESS}>"

GMAIL: Final = {
    "en": f"On Mon, Nov 2, 2026 at 10:15 AM {WHO} wrote:",
    "de": f"Am Mo., 2. Nov. 2026 um 10:15 Uhr schrieb {WHO}:",
    "fr": f"Le lun. 2 nov. 2026 à 10:15, {WHO} a écrit :",
    "es": f"El lun, 2 nov 2026 a las 10:15, {NAME} (<{ADDRESS}>) escribió:",
    "it": f"Il giorno lun 2 nov 2026 alle ore 10:15 {WHO} ha scritto:",
    "pt-br": f"Em seg., 2 de nov. de 2026 às 10:15, {WHO} escreveu:",
    "pt": f"{WHO} escreveu (segunda, 2/11/2026 à(s) 10:15):",
    "nl": f"Op ma 2 nov 2026 om 10:15 schreef {WHO}:",
    "sv": f"Den mån 2 nov. 2026 kl 10:15 skrev {WHO}:",
    "da": f"Den man. 2. nov. 2026 kl. 10.15 skrev {WHO}:",
    "no": f"man. 2. nov. 2026 kl. 10:15 skrev {WHO}:",
    "fi": f"ma 2. marrask. 2026 klo 10.15 {NAME} ({ADDRESS}) kirjoitti:",
    "pl": f"pon., 2 lis 2026 o 10:15 {WHO} napisał(a):",
    "cs": f"po 2. 11. 2026 v 10:15 odesílatel {WHO} napsal:",
    "sk": f"po 2. 11. 2026 o 10:15 {WHO} napísal(a):",
    "hu": f"{WHO} ezt írta (időpont: 2026. nov. 2., H, 10:15):",
    "ro": f"În lun., 2 nov. 2026 la 10:15, {WHO} a scris:",
    "ru": f"пн, 2 нояб. 2026 г. в 10:15, {WHO}:",
    "uk": f"пн, 2 лист. 2026 р. о 10:15 {WHO} пише:",
    "bg": f"На пн, 2.11.2026 г. в 10:15 {WHO} написа:",
    "sr": f"пон, 2. нов 2026. у 10:15 {WHO} је написао/ла:",
    "hr": f"pon, 2. stu 2026. u 10:15 {WHO} napisao je:",
    "sl": f"V V pon., 2. nov. 2026 ob 10:15 je oseba {WHO} napisala:",
    "tr": f"{WHO}, 2 Kas 2026 Pzt, 10:15 tarihinde şunu yazdı:",
    "el": f"Στις Δευ 2 Νοε 2026 στις 10:15 π.μ., ο/η {WHO} έγραψε:",
    "lt": f"2026-11-02, pr, 10:15 {WHO} rašė:",
    "lv": f"pirmd., 2026. g. 2. nov., plkst. 10:15 — lietotājs {NAME} (<{ADDRESS}>) rakstīja:",
    "et": f"Kuupäev E, 2. november 2026 kell 10:15 kirjutas {WHO}:",
    "ca": f"Missatge de {WHO} del dia dl., 2 de nov. 2026 a les 10:15:",
    "ja": f"2026年11月2日(月) 10:15 {WHO}:",
    "zh": f"{WHO} 于2026年11月2日周一 10:15写道：",
    "zh-tw": f"{WHO} 於 2026年11月2日 週一 上午10:15寫道：",
    "ko": f"2026년 11월 2일 (월) 오전 10:15, {WHO}님이 작성:",
    "vi": f"Vào Th 2, 2 thg 11, 2026 vào lúc 10:15 {WHO} đã viết:",
    "id": f"Pada tanggal Sen, 2 Nov 2026 pukul 10.15 {WHO} menulis:",
    "th": f"ในวันที่ จ. 2 พ.ย. 2026 เวลา 10:15 {WHO} เขียนว่า:",
    "hi": f"सोम, 2 नव॰ 2026 को 10:15 बजे को {WHO} ने लिखा:",
    "ar": f"في الاثنين، 2 نوفمبر 2026 في 10:15 ص تمت كتابة ما يلي بواسطة {WHO}:",
    "he": f"\u202bבתאריך יום ב׳, 2 בנוב׳ 2026 ב-10:15 מאת \u202a{NAME}\u202c\u200f "
    f"<\u202a{ADDRESS}\u202c\u200f>:\u202c",
    "fa": f"در تاریخ دوشنبه ۲ نوامبر ۲۰۲۶، ۱۰:۱۵ {WHO} نوشت:",
}

APPLE: Final = {
    "en": f"On 2 Nov 2026, at 10:15, {WHO} wrote:",
    "en-us": f"On Nov 2, 2026, at 10:15 AM, {WHO} wrote:",
    "de": f"Am 02.11.2026 um 10:15 schrieb {WHO}:",
    "fr": f"Le 2 nov. 2026 à 10:15, {WHO} a écrit :",
    "es": f"El 2 nov 2026, a las 10:15, {WHO} escribió:",
    "it": f"Il giorno 2 nov 2026, alle ore 10:15, {WHO} ha scritto:",
    "pt": f"Em 2 de nov. de 2026, à(s) 10:15, {WHO} escreveu:",
    "nl": f"Op 2 nov 2026 om 10:15 heeft {WHO} het volgende geschreven:",
    "sv": f"2 nov. 2026 kl. 10:15 skrev {WHO}:",
    "da": f"Den 2. nov. 2026 kl. 10.15 skrev {WHO}:",
    "no": f"2. nov. 2026 kl. 10:15 skrev {WHO}:",
    "fi": f"{WHO} kirjoitti 2.11.2026 kello 10.15:",
    "pl": f"Wiadomość napisana przez {WHO} w dniu 2 lis 2026, o godz. 10:15:",
    "cs": f"2. 11. 2026 v 10:15, {WHO}:",
    "hu": f"2026. nov. 2. dátummal, 10:15 időpontban {WHO} írta:",
    "ru": f"2 нояб. 2026 г., в 10:15, {WHO} написал(а):",
    "uk": f"2 лист. 2026 р. о 10:15 {WHO} написав(-ла):",
    "tr": f"{WHO} şunları yazdı (2 Kas 2026 10:15):",
    "el": f"Στις 2 Νοε 2026, στις 10:15, ο/η {WHO} έγραψε:",
    "ro": f"Pe 2 nov. 2026, la 10:15, {WHO} a scris:",
    "ja": f"2026/11/02 10:15、{WHO}のメール:",
    "zh": f"2026年11月2日 10:15，{WHO} 写道：",
    "zh-tw": f"{WHO} 於 2026年11月2日 上午10:15 寫道：",
    "ko": f"2026. 11. 2. 오전 10:15, {WHO} 작성:",
}

THUNDERBIRD: Final = {
    "en": f"On 11/2/26 10:15, {NAME} wrote:",
    "de": f"Am 02.11.26 um 10:15 schrieb {NAME}:",
    "fr": f"Le 02/11/2026 à 10:15, {NAME} a écrit :",
    "es": f"El 2/11/26 a las 10:15, {NAME} escribió:",
    "it": f"Il 02/11/26 10:15, {NAME} ha scritto:",
    "pt": f"Em 02/11/2026 10:15, {NAME} escreveu:",
    "nl": f"Op 2-11-2026 om 10:15 schreef {NAME}:",
    "sv": f"Den 2026-11-02 kl. 10:15, skrev {NAME}:",
    "da": f"Den 02.11.2026 kl. 10.15 skrev {NAME}:",
    "fi": f"{NAME} kirjoitti 2.11.2026 klo 10.15:",
    "pl": f"W dniu 2.11.2026 o 10:15, {NAME} pisze:",
    "cs": f"Dne 02. 11. 26 v 10:15 {NAME} napsal(a):",
    "hu": f"2026. 11. 02. 10:15 keltezéssel, {NAME} írta:",
    "ru": f"02.11.2026 10:15, {NAME} пишет:",
    "zh": f"在 2026/11/2 10:15, {NAME} 写道:",
}

# What the big programs write above an unmarked history: from, sent, to, subject.
OUTLOOK: Final = {
    "en": "From Sent To Subject",
    "de": "Von Gesendet An Betreff",
    "fr": "De Envoyé À Objet",
    "es": "De Enviado|el Para Asunto",
    "it": "Da Inviato A Oggetto",
    "pt": "De Enviado Para Assunto",
    "pt-br": "De Enviada|em Para Assunto",
    "nl": "Van Verzonden Aan Onderwerp",
    "sv": "Från Skickat Till Ämne",
    "da": "Fra Sendt Til Emne",
    "fi": "Lähettäjä Lähetetty Vastaanottaja Aihe",
    "pl": "Od Wysłano Do Temat",
    "cs": "Od Odesláno Komu Předmět",
    "sk": "Od Odoslané Komu Predmet",
    "hu": "Feladó Elküldve Címzett Tárgy",
    "ro": "De|la Trimis Către Subiect",
    "ru": "От Отправлено Кому Тема",
    "uk": "Від Надіслано Кому Тема",
    "bg": "От Изпратено До Относно",
    "hr": "Šalje Poslano Prima Predmet",
    "sl": "Od Poslano Za Zadeva",
    "tr": "Kimden Gönderildi Kime Konu",
    "el": "Από Στάλθηκε Προς Θέμα",
    "lt": "Nuo Išsiųsta Kam Tema",
    "lv": "No Nosūtīts Kam Tēma",
    "et": "Saatja Saadetud Adressaat Teema",
    "ca": "De Enviat Per|a Assumpte",
    "ja": "差出人 送信日時 宛先 件名",
    "zh": "发件人 发送时间 收件人 主题",
    "zh-tw": "寄件者 寄件日期 收件者 主旨",
    "ko": "보낸|사람 보낸|날짜 받는|사람 제목",
    "vi": "Từ Đã|gửi Đến Chủ|đề",
    "id": "Dari Dikirim Kepada Perihal",
    "th": "จาก ส่ง ถึง เรื่อง",
    "ar": "من تاريخ|الإرسال إلى الموضوع",
    "he": "מאת נשלח אל נושא",
    "fa": "از ارسال|شده به موضوع",
}

# Lines of other programs after which all is history.
DELIMITERS: Final = {
    "outlook-en": "-----Original Message-----",
    "outlook-de": "-----Ursprüngliche Nachricht-----",
    "outlook-fr": "-----Message d'origine-----",
    "outlook-es": "-----Mensaje original-----",
    "outlook-it": "-----Messaggio originale-----",
    "outlook-pt": "-----Mensagem original-----",
    "outlook-nl": "-----Oorspronkelijk bericht-----",
    "outlook-sv": "-----Ursprungligt meddelande-----",
    "outlook-da": "-----Oprindelig meddelelse-----",
    "outlook-no": "-----Opprinnelig melding-----",
    "outlook-fi": "-----Alkuperäinen viesti-----",
    "outlook-pl": "-----Wiadomość oryginalna-----",
    "outlook-cs": "-----Původní zpráva-----",
    "outlook-hu": "-----Eredeti üzenet-----",
    "outlook-ro": "-----Mesaj original-----",
    "outlook-ru": "-----Исходное сообщение-----",
    "outlook-tr": "-----Özgün İleti-----",
    "outlook-el": "-----Αρχικό μήνυμα-----",
    "outlook-ja": "-----元のメッセージ-----",
    "outlook-zh": "-----邮件原件-----",
    "outlook-ko": "-----원본 메시지-----",
    "samsung-en": "-------- Original message --------",
    "samsung-de": "-------- Ursprüngliche Nachricht --------",
    "samsung-fr": "-------- Message d'origine --------",
    "qq": "------------------ 原始邮件 ------------------",
    "qq-short": "---Original---",
    "netease": "---- 回复的原邮件 ----",
    "naver": "-----Original Message-----",
    "notes": "-----Help Desk <help@desk.example> wrote: -----",
    "notes-de": "-----Help Desk <help@desk.example> schrieb: -----",
    "mail-ru": "-------- Исходное сообщение --------",
    "proton": "------- Original Message -------",
    "zimbra": "----- Original Message -----",
    "zimbra-fr": "----- Mail original -----",
    "zimbra-de": "----- Ursprüngliche Mail -----",
    "yandex": "----------------",
}

REPLIES: Final = {
    "en": "Thank you, that helped.\nThe parcel is here now.",
    "de": "Danke, das hat geholfen.\nDas Paket ist jetzt da.",
    "fr": "Merci, cela m'a aidé.\nLe colis est arrivé.",
    "es": "Gracias, eso ayudó.\nEl paquete ya está aquí.",
    "it": "Grazie, è servito.\nIl pacco è arrivato.",
    "pt": "Obrigado, ajudou.\nA encomenda chegou.",
    "nl": "Bedankt, dat hielp.\nHet pakket is er.",
    "sv": "Tack, det hjälpte.\nPaketet är här nu.",
    "pl": "Dziękuję, pomogło.\nPaczka już jest.",
    "ru": "Спасибо, помогло.\nПосылка уже здесь.",
    "tr": "Teşekkürler, işe yaradı.\nPaket geldi.",
    "el": "Ευχαριστώ, βοήθησε.\nΤο δέμα ήρθε.",
    "ja": "ありがとうございます。\n荷物が届きました。",
    "zh": "谢谢，解决了。\n包裹已经到了。",
    "ko": "감사합니다. 해결됐어요.\n소포가 도착했습니다.",
    "ar": "شكرا، لقد ساعد ذلك.\nوصل الطرد.",
    "he": "תודה, זה עזר.\nהחבילה הגיעה.",
    "vi": "Cảm ơn, đã giải quyết.\nGói hàng đã đến.",
}


def reply_in(language: str) -> str:
    """Somebody's words in this language, or in English."""
    return REPLIES.get(language, REPLIES.get(language.partition("-")[0], REPLIES["en"]))


def outlook_block(language: str) -> str:
    """The four lines that Outlook writes above the history."""
    sender, sent, to, subject = (word.replace("|", " ") for word in OUTLOOK[language].split(" "))
    return (
        f"{sender}: {WHO}\n{sent}: 2026-11-02 10:15\n{to}: Dalia <dalia@example.org>\n{subject}: Your parcel"
    )
