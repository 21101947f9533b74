"""Scenario 20: whatever the label says, the text equals what was written."""

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.charsets import codec_of, decode
from heed.channels.email.parse import parse

# (what was written, the charset that its bytes are in, what the mail says they are in)
WRITTEN = {
    "windows-1258": ("Xin chào, đơn hàng của tôi chưa đến. Cảm ơn nhiều!", "cp1258", "windows-1258"),
    "GBK labelled gb2312": ("您好，我的包裹还没有到。镕、囍、喆这些字也要。", "gbk", "gb2312"),
    "GB18030 labelled gb2312": ("您好，这个字是𠮷。", "gb18030", "gb2312"),
    "ISO-2022-JP": ("荷物がまだ届いていません。よろしくお願いします。", "iso2022_jp", "iso-2022-jp"),
    "ISO-2022-JP with half-width letters": ("ﾆﾓﾂが届きません。", "iso2022_jp_ext", "iso-2022-jp"),
    "ISO-2022-JP without a label": ("荷物がまだ届いていません。", "iso2022_jp", ""),
    "KOI8-R": ("Здравствуйте, моя посылка ещё не пришла.", "koi8_r", "koi8-r"),
    "KOI8-U": ("Доброго дня, де моя посилка? Її ще немає.", "koi8_u", "koi8-u"),
    "UTF-8, declared right": ("Où est mon colis ? Ça fait déjà 3 semaines… Ünïcödé 日本語", "utf-8", "utf-8"),
    "UTF-8, short, declared right": ("naïve", "utf-8", "UTF-8"),
    "UTF-8 labelled iso-8859-1": ("Wo ist mein Päckchen? Größe falsch.", "utf-8", "iso-8859-1"),
    "UTF-8 without a label": ("Wo ist mein Päckchen?", "utf-8", ""),
    "UTF-8 labelled us-ascii": ("Où est mon colis ?", "utf-8", "us-ascii"),
    "windows-1252 labelled iso-8859-1": ("It’s “broken” – 20 €", "cp1252", "iso-8859-1"),
    "windows-1252 labelled us-ascii": ("Das Päckchen ist nicht da.", "cp1252", "us-ascii"),
    "windows-1251": ("Где моя посылка?", "cp1251", "windows-1251"),
    "windows-1253": ("Πού είναι το δέμα μου;", "cp1253", "windows-1253"),
    "windows-1254 labelled iso-8859-9": ("Paketim nerede? Şimdi ğ ı İ €", "cp1254", "iso-8859-9"),
    "windows-1255": ("איפה החבילה שלי?", "cp1255", "windows-1255"),
    "ISO-8859-8-I": ("איפה החבילה שלי", "iso8859_8", "iso-8859-8-i"),
    "windows-1256": ("أين الطرد الخاص بي؟", "cp1256", "windows-1256"),
    "windows-1250": ("Kde je můj balíček? Žluťoučký kůň", "cp1250", "windows-1250"),
    "ISO-8859-2": ("Gdzie jest moja paczka? Zażółć gęślą jaźń", "iso8859_2", "iso-8859-2"),
    "ISO-8859-15": ("Prix : 20 € à payer", "iso8859_15", "iso-8859-15"),
    "TIS-620": ("พัสดุของฉันอยู่ที่ไหน", "cp874", "tis-620"),
    "Big5": ("您好，我的包裹還沒有到。", "big5", "big5"),
    "EUC-KR": ("제 소포가 아직 오지 않았습니다.", "euc_kr", "euc-kr"),
    "CP949 labelled ks_c_5601-1987": ("똠방각하 소포", "cp949", "ks_c_5601-1987"),
    "Shift_JIS with circled numbers": ("①荷物②番号", "cp932", "shift_jis"),
    "EUC-JP": ("荷物がまだ届いていません。", "euc_jp", "euc-jp"),
    "UTF-16 with its mark": ("Où est mon colis ?", "utf-16", "utf-16"),
    "UTF-7": ("Où est mon colis ?", "utf-7", "utf-7"),
    "HZ": ("您好，包裹没有到。", "hz", "hz-gb-2312"),
}


@pytest.mark.parametrize(("text", "codec", "label"), WRITTEN.values(), ids=WRITTEN)
def test_the_text_equals_what_was_written(text: str, codec: str, label: str):
    data = _in_vietnamese(text) if codec == "cp1258" else text.encode(codec)
    assert decode(data, label) == text
    declared = f"; charset={label}" if label else ""
    head = f"From: a@example.org\nContent-Transfer-Encoding: 8bit\nContent-Type: text/plain{declared}\n\n"
    assert parse(head.encode() + data).text.strip() == text


def _in_vietnamese(text: str) -> bytes:
    """Letters and tones apart, as that charset has them."""
    marks = {
        "à": "a\u0300",
        "ơ": "ơ",
        "ủ": "u\u0309",
        "ư": "ư",
        "ế": "ê\u0301",
        "ả": "a\u0309",
        "ề": "ê\u0300",
    }
    return "".join(marks.get(letter, letter) for letter in text).encode("cp1258")


@pytest.mark.parametrize(
    "label",
    [
        "unicode_escape",
        "unicode-escape",
        "raw-unicode-escape",
        "idna",
        "punycode",
        "rot13",
        "base64",
        "charmap",
    ],
)
def test_what_is_no_character_set_is_not_used_as_one(label: str):
    assert codec_of(label) == ""
    assert decode(rb"C:\new\table \x41", label) == r"C:\new\table \x41"


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "gb2312", "iso-2022-jp", "utf-7", "hz", "cp1258", "utf-16"]),
)
def test_any_bytes_become_text_that_can_be_stored(data: bytes, label: str):
    text = decode(data, label)
    text.encode("utf-8")
    assert "\0" not in text
    assert "\r" not in text


@given(st.text(max_size=200).filter(lambda text: "\ufeff" not in text))
def test_what_is_declared_right_is_never_guessed_at(text: str):
    clean = decode(codecs.BOM_UTF8 + text.encode("utf-8", "replace"), "utf-8")
    assert decode(text.encode("utf-8", "replace"), "utf-8") == clean


@pytest.mark.parametrize("label", ["", "utf-8", "gb2312", "iso-2022-jp", "hz", "utf-7", "iso-8859-1"])
@pytest.mark.parametrize(
    "pattern", [b"\xff", b"\x1b$B\xff", b"\xc3\xa4\xff", b"~{", b"+A", b"\xe4\xb8"], ids=repr
)
def test_twice_the_bytes_cost_about_twice_the_time(label: str, pattern: bytes):
    def cost(size: int) -> float:
        data = pattern * (size // len(pattern))
        started = time.process_time()
        decode(data, label)
        return time.process_time() - started

    cost(10_000)
    small, large = min(cost(300_000) for _ in range(3)), min(cost(1_200_000) for _ in range(2))
    assert large < 10 * small + 0.2
