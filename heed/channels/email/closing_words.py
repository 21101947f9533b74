"""The words that stand below what somebody wrote: sign-offs, what devices add, and legal notices, in many languages."""

import re

SENT_FROM = re.compile(
    r"""[\s>*_(\[<]{0,4}(?:
    (?:sent|gesendet|verzonden)\s(?:from|via|with|von|vanaf|using|mit|met)\s.{1,60}|
    sent\sfrom\smy\s.{1,50}|get\soutlook\sfor\s.{1,60}|
    von\smeinem\s.{1,40}gesendet|diese\snachricht\swurde\svon\smeinem.{1,80}|
    outlook\sfür\s.{1,20}beziehen|holen\ssie\ssich\soutlook.{1,30}|
    envoy[ée]\s(?:de|depuis|à\spartir\sde|avec)\s(?:mon|ma|l.|un)?.{1,50}|(?:enviado|
    enviada)\s(?:desde|do|de|a\spartir\sdo|via|com)\s.{1,50}|
    inviato\s(?:da|dal|con)\s.{1,40}|skickat\sfrån\s.{1,40}|sendt\sfra\s.{1,40}|lähetetty\s.{1,40}|
    wysłane\s(?:z|przez)\s.{1,40}|wysłano\sz\s.{1,40}|
    odesl[aá]no\sz\s.{1,40}|odoslané\sz\s.{1,40}|отправлено\s(?:с|из|от)\s.{1,40}|
    надіслано\sз\s.{1,40}|trimis\sde\spe\s.{1,40}|
    .{1,20}(?:dan|ımdan|cihazımdan|den)\sgönderildi|(?:my\s)?iphone\s?から送信|.{1,20}から送信|发自我的.{1,30}|
    從我的.{1,20}傳送|나의\s.{1,20}에서\s보냄|
    στάλθηκε\sαπό\s.{1,40}|küldve\s.{1,40}|yahoo\smail\son\s.{1,30}|sendt\sfrån\s.{1,30}|
    mailed\sfrom\s.{1,30}|typed\son\smy\s.{1,30}|
    được\sgửi\stừ\s.{1,30}|dikirim\sdari\s.{1,30}|ส่งจาก.{1,30}|أ[ُ]?رسلت\sمن\s.{1,30}|תם\sנשלח.{1,30}|נשלח\sמה.{1,30}|
    poslano\s(?:s|z|sa)\s.{1,30}|изпратено\sот\s.{1,30}|išsiųsta\siš\s.{1,30}|nosūtīts\sno\s.{1,30}|
    saadetud\sminu\s.{1,30}|enviat\sdes\sde\s.{1,30}|
    (?:obtenir|obtener|obter\so|scarica|téléchargez|hämta|hent|hanki|pobierz(?:\saplikację)?|получить|отримати|
    获取|取得|descarga|descarregue\so)\s?outlook\s?.{1,30}|outlook\s(?:voor|til|für|for|pour)\s.{1,20}(?:downloaden|beziehen|を入手)?|
    ios용\soutlook.{1,20}|sent\swith\s(?:proton|spark|shortwave|superhuman).{1,40}
    )[\s.>*_)\]]*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
# First words of those lines, to ask quickly; what is not ASCII is always asked.
_SENT_WORDS = frozenset(
    re.findall(
        r"\w+",
        "sent gesendet verzonden get von diese outlook holen envoye enviado enviada inviato skickat sendt odeslano "
        "trimis yahoo mailed typed my iphone obtenir obtener obter scarica hent hanki pobierz descarga descarregue "
        "outlook dikirim poslano saadetud enviat",
    )
)
SIGN_OFF = re.compile(
    r"""\s{0,4}(?:(?:best|kind|warm|with\s(?:best|kind))?\s?(?:regards|wishes)|sincerely(?:\syours)?|yours\s(?:sincerely|faithfully|truly)|
    (?:mit\s)?(?:freundlichen?|besten?|herzlichen?|viele[nr]?|liebe[nr]?|schöne[nr]?)\s(?:grüßen?|
    gruß|grüssen?)|cordialement|bien\sà\svous|
    (?:meilleures\s)?salutations|saludos(?:\scordiales)?|un\ssaludo|atentamente|cordiali\ssaluti|
    distinti\ssaluti|saluti|
    atenciosamente|cumprimentos|met\svriendelijke\sgroet(?:en)?|groet(?:en|jes)?|
    vänliga\shälsningar|med\svänlig\shälsning|
    (?:med\s)?venlig\shilsen|med\svennlig\shilsen|ystävällisin\sterveisin|pozdrawiam|z\spoważaniem|
    s\spozdravem|с\sуважением|üdvözlettel|saygılarımla|
    (?:all\sthe\s)?best|many\sthanks|cheers|kind(?:est)?\sregards|respectfully|
    (?:bien\s)?cordialement(?:\svôtre)?|bonne\sjournée|sinc[eè]res\ssalutations|
    (?:un\s)?cordial\ssaludo|saludos\scordiales|muchas\sgracias|cordialmente|un\scordiale\ssaluto|grazie\smille|
    com\sos\smelhores\scumprimentos|melhores\scumprimentos|abraços|hartelijke\sgroet(?:en)?|
    mvh|vh|hälsningar|hilsen|med\sbeste\shilsener|vennlig\shilsen|terveisin|ystävällisesti|
    pozdrawiam\sserdecznie|serdecznie\spozdrawiam|s\súctou|s\spozdravom|srdačan\spozdrav|lijep\spozdrav|
    lep\spozdrav|lp|cu\s(?:stimă|respect)|с\sнаилучшими\sпожеланиями|з\sповагою|с\sуважение|с\sпоштовањем|
    iyi\s(?:günler|çalışmalar)(?:\sdilerim)?|με\sεκτίμηση|με\sτιμή|pagarbiai|ar\scieņu|lugupidamisega|
    よろしくお願い(?:いた)?します|以上|敬具|此致|祝好|顺祝商祺|顺颂商祺|감사합니다|드림|trân\strọng|
    (?:hormat|salam)(?:\ssaya)?|ขอแสดงความนับถือ|مع\s(?:أطيب\s)?(?:التحيات|التحية)|تحياتي|בברכה|با\sاحترام|atentament|salutacions)
    \s*[,.!،。]?\s*\Z""",
    re.IGNORECASE | re.VERBOSE,
)

# First lines of notices that lawyers and virus scanners put below mail, and of pleas not to print it.
DISCLAIMER = re.compile(
    r"""[\s*_|>]{0,6}(?:
    (?:confidentiality|legal|privacy|important|security)\s(?:notice|note|statement|information|disclaimer)\b|disclaimer\b|
    (?:this|the\s(?:information|contents?)\s(?:contained\s)?(?:in|of)\sthis)\s(?:electronic\s)?(?:e-?mail|message|communication|transmission)
        .{0,120}(?:confidential|privileged|intended\s|proprietary)|
    if\syou\s(?:are\snot|have\sreceived\sthis).{0,40}(?:intended|in\serror)|
    this\s(?:e-?mail|message)\s(?:has\sbeen|was)\s(?:checked|scanned)\s|virus-free\b|
    please\s(?:consider|think\sof)\sthe\senvironment|
    (?:diese|die\sin\sdieser|der\sinhalt\sdieser)\s(?:e-?mail|nachricht|mitteilung|mail)
        .{0,120}(?:vertraulich|geschützt|ausschlie(?:ß|ss)lich|bestimmt|auf\sviren)|
    (?:vertraulichkeits|datenschutz|rechtlicher\s|wichtiger\s)hinweis|haftungsausschluss|virenfrei\b|
    bitte\s(?:denken|prüfen)\ssie.{0,60}(?:umwelt|druck)|
    (?:ce|le\sprésent|les\sinformations\scontenues\sdans\sce)\s(?:message|courriel|mail|e-?mail)
        .{0,120}(?:confidentiel|destinataire|exclusi)|
    avis\s(?:de\sconfidentialité|important|légal)|sans\svirus\b|(?:pensez\sà\sl|n.imprimez)|
    (?:este|el\spresente|la\sinformación\s(?:contenida\s)?en\seste)\s(?:mensaje|correo|e-?mail)
        .{0,120}(?:confidencial|destinatari|exclusiv)|
    aviso\s(?:legal|de\sconfidenciali)|(?:antes\sde\simprimir)|(?:libre|livre)\sde\sv[ií]rus|
    (?:questo|il\spresente|la\spresente|le\sinformazioni\scontenute\sin\squest[oa])\s(?:messaggio|e-?mail|comunicazione)
        .{0,120}(?:riservat|confidenzial|destinatari)|
    avviso\sdi\sriservatezza|prima\sdi\sstampare|privo\sdi\svirus|
    (?:esta|este|a\spresente)\s(?:mensagem|e-?mail|comunicação).{0,120}(?:confidencia|destinat|exclusiv)|
    (?:dit|deze|de\sinformatie\sin\s(?:dit|deze))\s(?:e-?mail(?:bericht)?|bericht).{0,120}(?:vertrouwelijk|bestemd|uitsluitend)|
    denk\saan\shet\smilieu|virusvrij\b|
    (?:detta|denna|det\shär)\s(?:meddelande|e-?post|mejl|mail).{0,120}(?:konfidentiell|avse|sekretess)|
    denne\s(?:e-?mail|mail|e-?post|meddelelse|melding(?:en)?).{0,120}(?:fortrolig|konfidensiell|tiltænkt|bestemt|beregnet)|
    (?:tämä|tässä)\s(?:viesti|sähköposti).{0,120}(?:luottamukselli|tarkoitettu)|
    (?:ta|niniejsza|treść\s(?:tej|niniejszej))\s(?:wiadomoś|korespondencj).{0,120}(?:poufn|przeznaczon)|
    (?:tato|tento|táto)\s(?:zpráva|správa|e-?mail).{0,120}(?:důvěrn|dôvern|určen)|
    (?:ez|jelen)\s(?:az\s)?(?:üzenet|e-?mail|levél).{0,120}(?:bizalmas|címzett)|
    acest\s(?:mesaj|e-?mail).{0,120}confiden|
    (?:это|данное|настоящее|этот)\s(?:сообщение|электронное|письмо).{0,120}(?:конфиденциал|предназнач)|
    (?:це|дане|цей)\s(?:повідомлення|лист).{0,120}(?:конфіденц|призначен)|
    bu\s(?:e-?posta|ileti|mesaj|elektronik).{0,120}(?:gizli|alıcı|kişi)|
    (?:το|αυτό\sτο|το\sπαρόν)\s(?:μήνυμα|e-?mail).{0,120}(?:εμπιστευτ|απόρρητ|προορίζ)|
    (?:この|本)(?:メール|電子メール|e-?mail).{0,60}(?:機密|秘密|宛先|受信者)|
    (?:本|此)(?:邮件|郵件|电子邮件|電子郵件).{0,60}(?:机密|保密|機密|收件人|专供)|
    (?:본|이)\s(?:메일|이메일|전자우편).{0,60}(?:기밀|비밀|수신)|
    (?:هذه\sالرسالة|هذا\sالبريد).{0,80}(?:سري|المرسل\sإليه)|(?:הודעה\sזו|המידע\sבהודעה).{0,80}(?:חסוי|סודי|מיועד)
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def is_sent_from(line: str) -> bool:
    """Say whether a line is what devices and programs add of themselves: "Sent from my phone"."""
    if len(line) > 120 or not line:
        return False
    word = line.lstrip(" >*_([<\t").partition(" ")[0].lower()
    return (word in _SENT_WORDS or not line.isascii()) and SENT_FROM.match(line) is not None
