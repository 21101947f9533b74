"""The words by which mail programs announce what they quote, in the languages they speak."""

import re

# What stands before the colon of "On Monday Dalia wrote:". Programs, not people, choose these words.
VERBS = re.compile(
    r"wrote|writes|has written|said|a écrit|a ecrit|schrieb|hat (?:am|geschrieben)|geschrieben|"
    r"escribi[óo]|ha escrito|"
    r"ha scritto|scrisse|escreveu|escreveu-me|schreef|geschreven|skrev|skrifaði|kirjoitti|"
    r"napisał|pisze|napsal|"
    r"napísal|írta|a scris|napisao|je napisa|написал|пишет|писал|написав|писав|пише|написа|yazdı|tarihinde|"
    r"έγραψε|parašė|rakstīja|kirjutas|が書きました|書きました|のメッセージ|写道|寫道|编写|"
    r"님이 작성|작성|đã viết|menulis|"
    r"tulis|napisala|napisana|rašė|missatge|تمت كتابة|מאת|のメール|เขียนว่า|เขียน|كتب|כתב|کتب|نوشت|\bот\b|ಬರೆದರು|लिखा",
    re.IGNORECASE,
)
# The commonest, to ask quickly.
ENDINGS = (
    "wrote:",
    "écrit :",
    "schrieb:",
    "escribió:",
    "scritto:",
    "schreef:",
    "escreveu:",
    "skrev:",
    "написал:",
)
_LEADS = (
    r"on|le|am|el|il|op|em|no dia|den|dne|dňa|dnia|w dniu|dana|la data de|în data de|pe|în|kl\.|"
    r"ons|tor|fre|lør|lör|"
    r"a|on\W|на|в|во|у|в\W|στις|la|el dia|il giorno|il giorno|kuupäeval|pe\W|vào|pada|tarihinde|"
    r"在|于|於|بتاريخ|ב|"
    r"à la date|at|from|begin|v v|missatge|wiadomość|vào|في|در|пн|вт|ср|чт|пт|сб|вс|dnia\W"
)
_WEEKDAYS = (
    r"mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"lundi|mardi|mercredi|"
    r"jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"понедельник|вторник|среда|"
    r"среду|четверг|пятница|пятницу|суббота|субботу|воскресенье|poniedział|wtorek|środa|"
    r"czwartek|piątek|sobota|niedziela"
)
_SHORT_DAY = r"[^\W\d_]{2,4}\.?,?\s{1,2}\d{1,2}[.\s,/]"  # "ср, 30 апр.", "pe 20. lokakuuta"
# How the first line of an announcement may begin.
START = re.compile(
    rf"[\s*_\"'>-]{{0,8}}(?:(?:{_LEADS})\b[\s,]*|\d{{1,4}}[./\-年년\s,]|(?:{_WEEKDAYS})|"
    rf"{_SHORT_DAY}|[^<>]{{0,80}}<[^<>\s]{{1,200}}@)",
    re.IGNORECASE,
)
DATE_START = re.compile(
    rf"[\s*_\"'>-]{{0,8}}(?:\d{{1,4}}[./\-年년\s]|(?:{_WEEKDAYS})|{_SHORT_DAY})", re.IGNORECASE
)
# What makes an announcement credible: an address, a time, or a year.
STRONG = re.compile(
    r"@[A-Za-z0-9-]{1,63}\.|\b\d{1,2}[:.h]\d\d\b|\b(?:19|20)\d\d\b|(?:19|20)\d\d[年년]|\d{1,2}月|\d{1,2}월"
)
ADDRESS = re.compile(r"[^\s<>@]{1,64}@[A-Za-z0-9-]{1,63}\.")
# Announcements without a colon.
BARE_ANNOUNCEMENT = re.compile(
    r"\s{0,8}(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d\d)? (?:GMT[+-]\d\d:?\d\d .{1,100}|"
    r".{1,80}<[^<>\s]{3,200}@[^<>\s]{3,200}>)"
    r"|-{2,10} ?(?:On|Le|Am|El) .{5,200}-{2,10}"
    r"|-{2,10} ?[^\n]{2,150} (?:wrote|schrieb|écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał|napsal|написал|"
    r"のメール|写道)\(?a?\)? ?[:：] ?-{2,10})\s*\Z",
    re.IGNORECASE,
)
# Lines after which everything is history.
DELIMITER = re.compile(
    r"""[\s>*_]{0,6}(?:
    [-_*=~]{2,}\s*(?:original\s?(?:message|appointment|mail)|original(?=\s?-{2})|mail\soriginal|forwarded\sby|forwarded\smessage|reply\smessage|
        urspr[üu]ngliche\s(?:nachricht|mail|e-mail)|weitergeleitete\snachricht|message\s(?:d.origine|
        original|transféré|transmis)|
        mensaje\s(?:original|reenviado)|messaggio\s(?:originale|inoltrato)|mensagem\s(?:original|
        encaminhada|reencaminhada)|
        oorspronkelijk\s?(?:bericht|e-mail)|doorgestuurd\sbericht|originalmeddelande|ursprungligt\smeddelande|
        vidarebefordrat\smeddelande|oprindelig\smeddelelse|videresendt|
        opprinnelig\smelding|original\se-?post|alkuperäinen\sviesti|wiadomo[śs][ćc]\s(?:oryginalna|
        przekazana)|oryginalna\swiadomo|
        původní\s(?:zpráva|e-mail)|pôvodná\sspráva|eredeti\süzenet|mesaj\soriginal|iletilen|
        [öo]zg[üu]n\s(?:ileti|mesaj)|orijinal\s(?:mesaj|ileti)|
        исходное\sсообщение|пересылаемое\sсообщение|переслан|оригинал|вихідне\sповідомлення|
        αρχικό\sμήνυμα|原始邮件|原始郵件|邮件原件|转发邮件|原邮件|回复的原邮件|
        元のメッセージ|転送メッセージ|original\sメッセージ|원본\s?메[시세]지|thư\sgốc|הודעה\sמקורית|
        الرسالة\sالأصلية)[^\n]{0,40}[-_*=~]{2,}|
    begin\sforwarded\smessage\s?:|anfang\sder\sweitergeleiteten\s(?:nachricht|e-mail)\s?:|
    début\sdu\s(?:message\s(?:réexpédié|transféré)|courriel)|
    inicio\sdel\smensaje\sreenviado\s?:|inizio\smessaggio\sinoltrato\s?:|
    begin\sdoorgestuurd\sbericht\s?:|início\sda\smensagem\s|
    vidarebefordrat\sbrev\s?:|начало\sпереадресованного|rozpocz[ęe]cie\sprzekazywanej|転送されたメッセージ|
    下面是被转发的邮件)""",
    re.IGNORECASE | re.VERBOSE,
)
_HEADERS = {
    "from": "from|von|de|da|van|från|fra|lähettäjä|od|от|від|kimden|gönderen|από|发件人|寄件者|寄件人|"
    "差出人|보낸 사람|보낸사람|feladó|"
    "de la|expéditeur|expediteur|absender|mittente|remitente|afzender|avsändare|afsender|"
    "avsender|nadawca|odesílatel|odosielateľ|отправитель|מאת|من|từ|"
    "šalje|nuo|no|saatja|dari|จาก|از|寄件人|从|pošiljatelj",
    "sent": "sent|gesendet|gesendet am|envoyé|enviado|inviato|verzonden|skickat|sendt|"
    "lähetetty|wysłano|odesláno|отправлено|"
    "надіслано|gönderildi|στάλθηκε|发送时间|送信日時|寄件日期|傳送時間|보낸 날짜|elküldve|trimis|đã gửi|"
    "изпратено|poslano|išsiųsta|nosūtīts|saadetud|enviat|enviada em|dikirim|"
    "ส่ง|ارسال شده|تاريخ الإرسال|发送日期|寄件日期|傳送日期",
    "date": "date|datum|envoyé le|date d'envoi|enviado|enviado el|fecha|inviato|data|enviada em|enviado em|"
    "verzonden|skickat|sendt|dato|lähetetty|päiväys|päivämäärä|wysłano|wysłane|odesláno|"
    "odoslané|dátum|отправлено|дата|надіслано|"
    "gönderildi|gönderme tarihi|tarih|ημερομηνία|στάλθηκε|日期|时间|日時|날짜|"
    "날짜|elküldve|trimis|received|נשלח|تاريخ|đã gửi|"
    "изпратено на|datums|kuupäev|tanggal|วันที่|تاریخ|התאריך|ngày|時間|日付",
    "to": "to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|кому|alıcı|kime|προς|收件人|宛先|받는 사람|"
    "받는사람|címzett|către|destinataire|"
    "destinatario|destinatário|empfänger|pre|po|אל|إلى|đến|"
    "до|prima|za|kam|adressaat|per a|kepada|ถึง|به|收件者|收件箱|받는 이",
    "cc": "cc|bcc|kopie|copie|copia|kopia|kopi|копия|копія|bilgi|抄送|副本|참조|másolat|"
    "cópia|kópia|สำเนา|نسخة|עותק|đồng gửi|tembusan|kopija",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|otsikko|"
    "temat|předmět|predmet|тема|konu|θέμα|主题|主旨|件名|제목|"
    "tárgy|subiect|הנדון|נושא|الموضوع|chủ đề|"
    "относно|zadeva|tēma|teema|assumpte|perihal|subjek|เรื่อง|موضوع|標題|标题|主題",
    "other": "reply-to|importance|priority|attachments?|organization|message-id|antwort an|"
    "répondre à|responder a|rispondi a|anlagen|wichtigkeit",
}
_NAMES = {word: kind for kind, words in reversed(_HEADERS.items()) for word in words.split("|")}
_HEADER = re.compile(r"[\s*_|>]{0,6}([^\W\d_][^:：*<>@\n]{0,24}?)\s*[*_]{0,2}\s{0,2}[:：]\s*[*_]{0,2}\s*(.*)")


def header_of(line: str) -> str:
    """Return which header of a quoted mail a line looks like (from, date, to, cc, subject, other), or ''."""
    return header_and_value(line)[0]


def header_and_value(line: str) -> tuple[str, str]:
    """Return which header of a quoted mail a line looks like, and what stands there."""
    match = _HEADER.match(line)
    if match is None:
        return "", ""
    return _NAMES.get(match[1].strip().lower(), ""), match[2].strip(" *_")
