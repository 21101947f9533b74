"""The subject without what mail programs put before it."""

import re
import unicodedata

# Reply and forward marks of mail programs in their languages, as they write them. Compared in folded form.
_MARKS = """
re r fw fwd tr rép rep réf ref aw wg antw antwort betr sv vs vb vl vd vá fs
rv enc res rif i inoltra odp pd atb na doorst doorsturen ynt ilt i̇lt cevap σχετ απ πρθ
відп ответ отв пересл 回复 答复 转发 回覆 轉寄 轉發 回信 返信 転送 답장 회신 전달 전송 הועבר תשובה
رد إعادة تحويل tl bls trs továbbítás válasz ms yanıt nl
""".split()  # noqa: SIM905 - a table of words
_FOLDED = {unicodedata.normalize("NFKC", mark).casefold().rstrip(":") for mark in _MARKS}
_PREFIX = re.compile(
    r"\s*(\w{1,12})\s*(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4}|\*\d{1,4})?\s*[:：]\s*", re.UNICODE
)
_SPACES = re.compile(r"\s+")
_FORWARD_TAIL = re.compile(r"\s*\(fwd\)\s*$")


def base_subject(subject: str) -> str:
    """Return the subject for comparing conversations: no Re:, Fwd: and the like, case and spaces folded."""
    text = unicodedata.normalize("NFKC", subject).casefold()
    position = 0
    while match := _PREFIX.match(text, position):
        if match[1] not in _FOLDED:
            break
        position = match.end()
    text = _FORWARD_TAIL.sub("", text[position:])
    return _SPACES.sub(" ", text).strip()
