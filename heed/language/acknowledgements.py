"""The words of the first automatic answer, and of an honest time. Pure.

A brand may have words of its own; these serve until then. They promise nothing but what the desk has counted: when
a person answers at the latest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

PLACEHOLDERS: Final = ("name?", "reference", "brand", "when")

TEXTS: Final[Mapping[str, str]] = {
    "en": (
        "Hello {name?},\n\n"
        "thank you for writing to {brand}. Your message has arrived; its reference is {reference}.\n\n"
        "A person will answer you {when}. If you would like to add something, just reply to this mail.\n\n"
        "{brand}\n"
    ),
    "de": (
        "Guten Tag {name?},\n\n"
        "vielen Dank für Ihre Nachricht an {brand}. Sie ist angekommen und hat das Zeichen {reference}.\n\n"
        "Ein Mensch antwortet Ihnen {when}. Wenn Sie etwas ergänzen möchten, antworten Sie einfach auf diese"
        " E-Mail.\n\n"
        "{brand}\n"
    ),
    "es": (
        "Hola {name?}:\n\n"
        "Gracias por escribir a {brand}. Su mensaje ha llegado; su referencia es {reference}.\n\n"
        "Una persona le responderá {when}. Si quiere añadir algo, responda simplemente a este correo.\n\n"
        "{brand}\n"
    ),
    "fr": (
        "Bonjour {name?},\n\n"
        "Merci d’avoir écrit à {brand}. Votre message est bien arrivé ; sa référence est {reference}.\n\n"
        "Une personne vous répondra {when}. Pour ajouter quelque chose, répondez simplement à ce message.\n\n"
        "{brand}\n"
    ),
    "it": (
        "Buongiorno {name?},\n\n"
        "grazie per aver scritto a {brand}. Il suo messaggio è arrivato; il riferimento è {reference}.\n\n"
        "Una persona le risponderà {when}. Se desidera aggiungere qualcosa, risponda semplicemente a questa"
        " e-mail.\n\n"
        "{brand}\n"
    ),
    "pt": (
        "Olá {name?},\n\n"
        "obrigado por escrever para {brand}. A sua mensagem chegou; a referência é {reference}.\n\n"
        "Uma pessoa vai responder {when}. Se quiser acrescentar algo, basta responder a este e-mail.\n\n"
        "{brand}\n"
    ),
    "nl": (
        "Hallo {name?},\n\n"
        "bedankt voor uw bericht aan {brand}. Het is aangekomen; het kenmerk is {reference}.\n\n"
        "Een medewerker antwoordt u {when}. Wilt u iets toevoegen, beantwoord dan gewoon deze mail.\n\n"
        "{brand}\n"
    ),
    "pl": (
        "Dzień dobry {name?},\n\n"
        "dziękujemy za wiadomość do {brand}. Dotarła do nas; jej numer to {reference}.\n\n"
        "Odpowiemy osobiście {when}. Jeśli chcą Państwo coś dodać, wystarczy odpowiedzieć na tę wiadomość.\n\n"
        "{brand}\n"
    ),
    "ja": (
        "お問い合わせありがとうございます。{brand}です。\n\n"
        "メッセージを受け取りました。受付番号は{reference}です。\n\n"
        "担当者が{when}にお返事します。追加のご連絡は、このメールにそのままご返信ください。\n\n"
        "{brand}\n"
    ),
    "ar": (
        "مرحبًا {name?}،\n\n"
        "شكرًا لمراسلتكم {brand}. وصلت رسالتكم، ورقمها المرجعي {reference}.\n\n"
        "سيرد عليكم أحد موظفينا {when}. إذا أردتم إضافة شيء، فيكفي الرد على هذه الرسالة.\n\n"
        "{brand}\n"
    ),
}
"""By language (ISO 639-1). Placeholders: see ``fill``."""

_PLACEHOLDER = re.compile(r"( ?)\{(name\?|name|reference|brand|when)\}")
_NO_NAME = re.compile(r"https?:|www\.|[@/\\<>{}\[\]\r\n]|\.\w{2,}", re.IGNORECASE)
_LONGEST_NAME: Final = 60


_VARIABLE = re.compile(r"\{([^{}\n]{1,60})\}")
VARIABLES: Final = (*PLACEHOLDERS, "name")


def unknown_variables(text: str) -> list[str]:
    """What stands in braces and stands for nothing, in its order: customers would read it as it is."""
    return list(dict.fromkeys(one for one in _VARIABLE.findall(text) if one not in VARIABLES))


def fill(text: str, *, name: str, reference: str, brand: str, when: str) -> str:
    """The text with its placeholders filled; any other brace stays as it is, so a typing error breaks nothing.

    ``{name?}`` disappears with the space before it where there is no name, or one that is an address, an
    advertisement or too long to be one: automatic mail must not carry words of a stranger to a third.
    """
    called = " ".join(name.split())
    if _NO_NAME.search(called) or len(called) > _LONGEST_NAME:
        called = ""
    values = {"name?": called, "name": called, "reference": reference, "brand": brand, "when": when}

    def value(found: re.Match[str]) -> str:
        chosen = values[found[2]]
        return f"{found[1]}{chosen}" if chosen else ""

    return _PLACEHOLDER.sub(value, text)


@dataclass(frozen=True, slots=True)
class _Words:
    today: str
    tomorrow: str
    later: str
    soon: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    date: str = "{weekday} {day} {month}"
    with_year: str = "{date} {year}"
    time: str = "{hour:02}:{minute:02}"


def when_words(due: datetime, now: datetime, time_zone: str, language: str) -> str:
    """When something is due at the latest, in words that fit "A person will answer you …".

    The time is in the given zone and names it, since the reader may live in another; it is rounded up to five
    minutes. What was due already is "as soon as we can". Languages without words here get English.
    """
    words = _WORDS.get(language[:2].lower(), _WORDS["en"])
    if due <= now:
        return words.soon
    zone = ZoneInfo(time_zone)
    local, today = due.astimezone(zone), now.astimezone(zone).date()
    rounded = (due + timedelta(minutes=5) - timedelta(microseconds=1)).astimezone(zone)
    rounded = rounded.replace(minute=rounded.minute - rounded.minute % 5, second=0, microsecond=0)
    if rounded.date() == local.date():
        local = rounded
    date = words.date.format(
        weekday=words.weekdays[local.weekday()], day=local.day, month=words.months[local.month - 1]
    )
    if local.year != today.year:
        date = words.with_year.format(date=date, year=local.year)
    days = (local.date() - today).days
    pattern = words.today if days == 0 else words.tomorrow if days == 1 else words.later
    time = words.time.format(hour=local.hour, minute=local.minute)
    return f"{pattern.format(date=date, time=time)} ({time_zone})"


def _list(spaced: str) -> tuple[str, ...]:
    return tuple(spaced.split())


_WORDS: Final[Mapping[str, _Words]] = {
    "en": _Words(
        today="today by {time}",
        tomorrow="tomorrow, {date}, by {time}",
        later="on {date} by {time}",
        soon="as soon as we can",
        weekdays=_list("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        months=_list("January February March April May June July August September October November December"),
    ),
    "de": _Words(
        today="heute bis {time} Uhr",
        tomorrow="morgen, {date}, bis {time} Uhr",
        later="am {date}, bis {time} Uhr",
        soon="so bald wie möglich",
        weekdays=_list("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        months=_list("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        date="{weekday}, {day}. {month}",
    ),
    "es": _Words(
        today="hoy antes de las {time}",
        tomorrow="mañana, {date}, antes de las {time}",
        later="el {date} antes de las {time}",
        soon="lo antes posible",
        weekdays=_list("lunes martes miércoles jueves viernes sábado domingo"),
        months=_list(
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
        ),
        date="{weekday} {day} de {month}",
        with_year="{date} de {year}",
    ),
    "fr": _Words(
        today="aujourd’hui avant {time}",
        tomorrow="demain, {date}, avant {time}",
        later="le {date} avant {time}",
        soon="dès que possible",
        weekdays=_list("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        months=_list("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        time="{hour}h{minute:02}",
    ),
    "it": _Words(
        today="oggi entro le {time}",
        tomorrow="domani, {date}, entro le {time}",
        later="{date} entro le {time}",
        soon="appena possibile",
        weekdays=_list("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        months=_list(
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
        ),
    ),
    "pt": _Words(
        today="hoje até às {time}",
        tomorrow="amanhã, {date}, até às {time}",
        later="até às {time} de {date}",
        soon="assim que possível",
        weekdays=_list("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"),
        months=_list(
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
        ),
        date="{weekday}, {day} de {month}",
        with_year="{date} de {year}",
    ),
    "nl": _Words(
        today="vandaag vóór {time} uur",
        tomorrow="morgen, {date}, vóór {time} uur",
        later="op {date} vóór {time} uur",
        soon="zo snel mogelijk",
        weekdays=_list("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        months=_list(
            "januari februari maart april mei juni juli augustus september oktober november december"
        ),
    ),
    "pl": _Words(
        today="dzisiaj do godziny {time}",
        tomorrow="jutro, {date}, do godziny {time}",
        later="{date} do godziny {time}",
        soon="tak szybko, jak to możliwe",
        weekdays=(
            "w poniedziałek",
            "we wtorek",
            "w środę",
            "w czwartek",
            "w piątek",
            "w sobotę",
            "w niedzielę",
        ),
        months=_list(
            "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
        ),
        with_year="{date} {year} r.",
    ),
    "ja": _Words(
        today="本日{time}まで",
        tomorrow="明日{date}{time}まで",
        later="{date}{time}まで",
        soon="できるだけ早め",
        weekdays=_list("月 火 水 木 金 土 日"),
        months=_list("1 2 3 4 5 6 7 8 9 10 11 12"),
        date="{month}月{day}日（{weekday}）",
        with_year="{year}年{date}",
    ),
    "ar": _Words(
        today="اليوم قبل الساعة {time}",
        tomorrow="غدًا، {date}، قبل الساعة {time}",
        later="يوم {date} قبل الساعة {time}",
        soon="في أقرب وقت ممكن",
        weekdays=_list("الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"),
        months=_list("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
    ),
}
