"""The short ways through templates say what Django says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, Template, VariableDoesNotExist, base, defaulttags
from django.templatetags import i18n
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from heed.ui import quick

ENGINE = Engine(libraries={"i18n": "django.templatetags.i18n"})


@dataclass
class Person:
    name: Any = "Dalia <b> & 'Co'"
    items: Any = ()

    def greeting(self) -> str:
        return f"Hello {self.name}"

    def needs(self, word: str) -> str:
        return word

    @property
    def broken(self) -> str:
        raise AttributeError("inside")

    @property
    def gone(self) -> str:
        raise ObjectDoesNotExist("no such row")

    def erase(self) -> str:
        return "erased"

    erase.alters_data = True  # type: ignore[attr-defined]  # what Django looks for on a method


THINGS: dict[str, Any] = {
    "person": Person(),
    "people": [Person("Amara"), Person("Edda", items={"name": 7})],
    "entry": {"name": "Ö", "items": "its own", "0": "zero", "deep": {"person": Person(name=None)}},
    "safe": SafeString("<i>"),
    "lazy": lazystr("<u>"),
    "number": 12_345,
    "yes": True,
    "none": None,
    "day": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    "kind": Person,
}
PATHS = [
    "person.name",
    "person.greeting",
    "person.needs",
    "person.broken",
    "person.gone",
    "entry.deep.person.gone.name",
    "person.erase",
    "person.missing",
    "person.items.0",
    "people.0.name",
    "people.1.items.name",
    "people.9",
    "people.name",
    "entry.name",
    "entry.items",
    "entry.0",
    "entry.deep.person.name",
    "entry.missing",
    "safe",
    "lazy",
    "number",
    "yes",
    "none",
    "day",
    "missing",
    "missing.name",
    "kind.name",
    "number.real",
    "number.bit_length",
    "safe.upper",
]


@contextmanager
def as_django() -> Iterator[None]:
    inside: Any = base
    ways = (vars(base), vars(defaulttags), vars(i18n))
    short = [inside.Variable._resolve_lookup, *(way["render_value_in_context"] for way in ways)]
    resolve, write_nodes = inside.FilterExpression.resolve, inside.NodeList.render
    assert (resolve, write_nodes) == (quick._resolve, quick._write_nodes)
    inside.Variable._resolve_lookup = quick._look_up_as_django
    inside.FilterExpression.resolve = quick._resolve_as_django
    inside.NodeList.render = quick._write_nodes_as_django
    for way in ways:
        way["render_value_in_context"] = quick._write_as_django
    try:
        yield
    finally:
        inside.Variable._resolve_lookup = short[0]
        inside.FilterExpression.resolve, inside.NodeList.render = resolve, write_nodes
        for way, function in zip(ways, short[1:], strict=True):
            way["render_value_in_context"] = function


def said(source: str, things: dict[str, Any], *, autoescape: bool = True) -> str:
    try:
        return Template(source, engine=ENGINE).render(Context(things, autoescape=autoescape))
    except (AttributeError, TypeError, VariableDoesNotExist) as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("autoescape", [True, False])
@pytest.mark.parametrize("path", PATHS)
def test_what_a_path_says_is_what_django_says(path: str, autoescape: bool) -> None:
    source = f"{{{{ {path} }}}}|{{% if {path} %}}there{{% endif %}}|{{{{ {path}|default:'-' }}}}"
    mine = said(source, THINGS, autoescape=autoescape)
    with as_django():
        assert said(source, THINGS, autoescape=autoescape) == mine


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(st.text(), inner)))
def test_any_value_is_written_as_django_writes_it(value: Any) -> None:
    mine = said("{{ value }}{{ value.name }}", {"value": value})
    with as_django():
        assert said("{{ value }}{{ value.name }}", {"value": value}) == mine


CONSTRUCTS = [
    "{% firstof missing value as x %}{{ x }}|{{ x|upper }}|{{ x|safe }}",
    "{% firstof missing value %}",
    "{% cycle value 'b' as x %}{{ x }}{% cycle x %}",
    "{% translate value as x %}{{ x }}",
    "{% translate 'a&b'|upper as x %}{{ x }}",
    "{% translate value|upper noop as x %}{{ x }}",
    "{% blocktranslate with v=value %}<i>{{ v }}{% endblocktranslate %}",
    "{% blocktranslate asvar x %}{{ value }}%{% endblocktranslate %}{{ x }}",
    "{% blocktranslate count n=2 %}{{ value }}{% plural %}{{ n }} {{ value }}{% endblocktranslate %}",
    "{% for a in rows %}{% for b in a %}{{ forloop.parentloop.counter }}{{ b }}{% endfor %}{% endfor %}",
    "{% with x=value|safe %}{{ x }}{% autoescape off %}{{ value }}{% endautoescape %}{% endwith %}",
    "{% autoescape on %}{{ value }}{{ value|safe }}{{ value|force_escape }}{{ value|default:'<' }}{% endautoescape %}",
    "{% filter upper %}<{{ value }}>{% endfilter %}{{ lazy }}{{ rows }}{{ shown }}{{ shown|upper }}",
]


class Shown(str):
    """Text that says itself how it stands in a page."""

    def __html__(self) -> str:
        return f"<b>{len(self)}</b>"


@pytest.mark.parametrize("autoescape", [True, False])
@pytest.mark.parametrize("source", CONSTRUCTS)
@settings(max_examples=20)
@given(value=st.text() | st.sampled_from(["<b>", "&amp;", "%(x)s", "'\""]))
def test_any_construct_escapes_what_django_escapes(source: str, autoescape: bool, value: str) -> None:
    things = {"value": value, "lazy": lazystr(value), "rows": [[value], (value,)], "shown": Shown(value)}
    source = f"{{% load i18n %}}{source}"
    mine = said(source, things, autoescape=autoescape)
    with as_django():
        assert said(source, things, autoescape=autoescape) == mine


def test_a_translated_text_follows_the_reader() -> None:
    template = Template("{% load i18n %}{% translate 'Yes' %} {% translate word %}", engine=ENGINE)

    def read(language: str, word: str) -> str:
        with translation.override(language):
            return template.render(Context({"word": word}))

    assert read("de", "No") == "Ja Nein"
    assert read("es", "Yes") == "Sí Sí"
    assert read("de", "<b>") == "Ja &lt;b&gt;"


def test_what_is_active_in_one_thread_is_not_in_another() -> None:
    active = quick.Active("test")
    active.value = "here"
    elsewhere: list[object] = []
    thread = threading.Thread(target=lambda: elsewhere.append(getattr(active, "value", "nothing")))
    thread.start()
    thread.join()
    assert (active.value, elsewhere) == ("here", ["nothing"])
    del active.value
    assert not hasattr(active, "value")
