"""Texts are found where they stand, catalogues follow them, and what a page could not show is told."""

import gettext
from pathlib import Path

import polib
import pytest
from django.utils import translation

from heed.kernel import catalogues
from heed.kernel.catalogues import compile_missing
from heed.ui.templatetags.heed_ui import unchanging
from tools.translations import check
from tools.translations.catalogue import UnknownLanguage, begin, forms, path_of, update, write
from tools.translations.extract import CannotExtract, Found, Key, Texts, extract, of_python, of_template

PYTHON = """
from django.utils.translation import gettext as say, ngettext, pgettext_lazy as _p
# Translators: what a door says
GREETING = say("Come in")
COUNT = ngettext("%(count)d mail", "%(count)d mails", 3)
KIND = _p("a field", "Number")
PASSED_ON = say(GREETING)
OTHER = print("not this")
"""
TEMPLATE = """{% load i18n %}{# Translators: on a button #}
<b title="{% translate 'Leave' %}">{% blocktranslate trimmed count n=n with who=name %}
  {{ n }} mail of {{ who }}{% plural %}{{ n }} mails (all) of {{ who }}{% endblocktranslate %}</b>
{{ name|default:_("nobody") }} {% include "a.html" with b=_("it") %}{% translate "Number" context "a field" %}
"""


def test_texts_of_python_are_found_by_whatever_name_they_go() -> None:
    assert list(of_python(PYTHON, "a.py")) == [
        (Key("Come in"), "what a door says"),
        (Key("%(count)d mail", "%(count)d mails"), ""),
        (Key("Number", context="a field"), ""),
    ]


def test_texts_of_templates_are_found_in_every_tag() -> None:
    found = dict(of_template(TEMPLATE, "a.html"))
    assert set(found) == {
        Key("Leave"),
        Key("%(n)s mail of %(who)s", "%(n)s mails (all) of %(who)s"),
        Key("nobody"),
        Key("it"),
        Key("Number", context="a field"),
    }
    assert found[Key("Leave")] == "on a button"


@pytest.mark.parametrize("text", ['f"{name} left"', '"a" + name', 'name, "s", 3'])
def test_a_text_that_is_put_together_is_refused(text: str) -> None:
    function = "ngettext" if ", 3" in text else "gettext"
    with pytest.raises(CannotExtract, match=r"a\.py:2"):
        list(of_python(f"from django.utils.translation import {function}\n{function}({text})\n", "a.py"))


def _texts(*keys: Key) -> Texts:
    return {key: Found(places=["heed/a.html"]) for key in keys}


def test_a_catalogue_keeps_what_was_translated_and_drops_what_is_gone(tmp_path: Path) -> None:
    first = update(begin(tmp_path, "ar"), _texts(Key("Old"), Key("Kept"), Key("one", "many")))
    assert forms(first) == 6
    for entry in first:
        entry.msgstr = "" if entry.msgid_plural else "قديم"
    path = path_of(tmp_path, "ar")
    assert write(first, path)
    again = update(polib.pofile(str(path)), _texts(Key("Kept"), Key("New"), Key("one", "many")))
    assert [(one.msgid, one.msgstr) for one in again] == [("Kept", "قديم"), ("New", ""), ("one", "")]
    assert again.find("one").msgstr_plural == dict.fromkeys(range(6), "")
    assert write(again, path)
    assert not write(again, path)
    assert "#: heed/a.html\n" in path.read_text(encoding="utf-8")  # no line numbers: they change all the time
    assert check.missing(again, _texts(Key("Kept"), Key("New"))) == ["New"]


def test_a_language_that_django_does_not_know_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(UnknownLanguage):
        begin(tmp_path, "tlh")


@pytest.mark.parametrize(
    ("original", "said"),
    [
        ("%(name)s left", "ging"),
        ("{0} of {1}", "{0} von {2}"),
        ("<b>now</b>", "jetzt"),
        ("now", "<b>jetzt</b>"),
        ("Say it", 'Sagen Sie "es"'),
        ("this", "dies & das"),
        (" and", "und"),
    ],
)
def test_what_a_page_could_not_show_is_told(original: str, said: str) -> None:
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid=original, msgstr=original))
    assert not list(check.broken(catalogue))
    catalogue[0].msgstr = said
    assert list(check.broken(catalogue))


def test_forms_of_a_count_may_leave_the_number_out_but_for_the_last() -> None:
    catalogue = polib.POFile()
    catalogue.append(
        polib.POEntry(
            msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "ein Tag", 1: "%(n)s Tage"}
        )
    )
    assert not list(check.broken(catalogue))
    catalogue[0].msgstr_plural[1] = "Tage"
    assert list(check.broken(catalogue))
    catalogue[0].msgstr_plural = {0: "%(n)s"}
    assert list(check.broken(catalogue))


def _shipped(folder: Path, said: str, header: str = "") -> Path:
    path = folder / "tlh" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    path.write_text(f'{head}{header}\nmsgid "Yes"\nmsgstr "{said}"\n', encoding="utf-8")
    return path.with_suffix(".mo")


def _says(compiled: Path) -> str:
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file).gettext("Yes")


def test_a_catalogue_is_compiled_when_its_text_changed_and_only_then(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    compiled = _shipped(shipped, "HIja’")
    compile_missing(catalogues.catalogues(shipped), shipped=shipped, own=own)
    assert _says(compiled) == "HIja’"
    before = compiled.stat().st_mtime_ns
    compile_missing(catalogues.catalogues(shipped), shipped=shipped, own=own)
    assert compiled.stat().st_mtime_ns == before
    _shipped(shipped, "HISlaH")
    compile_missing(catalogues.catalogues(shipped), shipped=shipped, own=own)
    assert _says(compiled) == "HISlaH"
    assert not own.exists()
    assert [file.name for file in compiled.parent.iterdir() if file.name.startswith(".")] == []


def test_where_nothing_can_be_written_the_desks_own_folder_takes_it(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    blocked = _shipped(shipped, "HIja’")
    blocked.mkdir()  # nobody writes there now, not even root
    (blocked / "x").touch()
    compile_missing(catalogues.catalogues(shipped), shipped=shipped, own=own)
    ours = own / "tlh" / "LC_MESSAGES" / "django.mo"
    assert _says(ours) == "HIja’"
    (blocked / "x").unlink()
    blocked.rmdir()
    _shipped(shipped, "HISlaH")
    compile_missing(catalogues.catalogues(shipped), shipped=shipped, own=own)
    assert _says(blocked) == "HISlaH"
    assert not ours.exists()  # it would count before what is shipped, and it is old


def test_a_catalogue_says_what_its_language_is_called_and_how_it_runs(tmp_path: Path) -> None:
    _shipped(tmp_path, "HIja’", '"X-Language-Name: tlhIngan Hol\\n"\n"X-Direction: rtl\\n"\n')
    [one] = catalogues.catalogues(tmp_path)
    assert (one.code, one.name, one.is_rtl) == ("tlh", "tlhIngan Hol", True)


def test_parts_that_never_change_are_kept_by_language() -> None:
    said: dict[str, str] = {}
    for language in ("en", "de", "es", "en"):
        with translation.override(language):
            said.setdefault(language, unchanging("heed/_words.html"))
            assert unchanging("heed/_words.html") == said[language]
    assert "today" in said["en"]
    assert "heute" in said["de"]
    assert len(set(said.values())) == 3


def test_every_text_of_the_desk_is_found() -> None:
    texts = extract(Path(__file__).resolve().parents[2])
    assert Key("My turn") in texts
    assert Key("Number", context="what a custom field holds") in texts
    assert len(texts) > 2_000
