"""Templates, faster: half of the time of a page went into asking Django's template engine the same things anew.

A page looks up some two thousand variables and writes as many values. Django tries each lookup as that of a dictionary
first and raises an error where it is an object's attribute, passes each text through three wrappers that look for lazy
texts, and takes a lock whenever it asks for the reader's language or time zone. What is plain goes a short way here;
everything else goes Django's own. This replaces functions inside Django, so it is for the versions that it was read
in: elsewhere nothing changes but time.
"""

from collections.abc import Callable
from contextvars import ContextVar
from html import escape
from typing import Any, Final, cast

import django
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.template import base, defaulttags
from django.templatetags import i18n
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import trans_real

READ_IN: Final = ((5, 2),)

NEVER: Final = object()  # in what a tag said: it says something else each time

_base: Any = base  # with what its types don't tell of
_look_up_as_django: Final[Callable[[base.Variable, Any], Any]] = _base.Variable._resolve_lookup
_resolve_as_django: Final[Callable[[base.FilterExpression, Any, bool], Any]] = _base.FilterExpression.resolve
_write_nodes_as_django: Final[Callable[[base.NodeList, Any], SafeString]] = _base.NodeList.render
_write_as_django: Final[Callable[[Any, Any], str]] = base.render_value_in_context
_translate_as_django: Final[Callable[[i18n.TranslateNode, Any], str]] = i18n.TranslateNode.render


def install() -> None:
    """Let templates take the short ways from now on. Without effect the second time."""
    if django.VERSION[:2] not in READ_IN:
        return
    vars(base)["render_value_in_context"] = _write
    for module in (i18n, defaulttags):
        vars(module)["render_value_in_context"] = _write_to_keep
    _base.Variable._resolve_lookup = _look_up
    _base.FilterExpression.resolve = _resolve
    if not settings.DEBUG:  # else Django notes where in a template an error came from
        _base.NodeList.render = _write_nodes
    tag: Any = i18n.TranslateNode
    tag.render = _translate
    for module in (trans_real, timezone):
        if not isinstance(vars(module)["_active"], Active):
            vars(module)["_active"] = Active(module.__name__)


class Active:
    """What is active where the code runs, as `value`: by thread and by task, as Django's own, without its lock."""

    __slots__ = ("_kept",)

    def __init__(self, name: str) -> None:
        self._kept: ContextVar[Any] = ContextVar(name)

    @property
    def value(self) -> Any:
        """What is active. Raises AttributeError where nothing is."""
        kept = self._kept.get(None)
        if kept is None:
            raise AttributeError("value")
        return kept

    @value.setter
    def value(self, value: Any) -> None:
        self._kept.set(value)

    @value.deleter
    def value(self) -> None:
        self._kept.set(None)


class _Kinds(dict[type, bool]):
    """By type: whether a name can only be an attribute of its objects."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = not hasattr(kind, "__getitem__")
        return self[kind]


_has_attributes_alone = _Kinds()


def _look_up(self: base.Variable, context: Any) -> Any:
    """The value of a.b.c, of entries and attributes that are there and aren't called. All else is Django's to say."""
    lookups = cast(tuple[str, ...], self.lookups)
    try:
        current = context[lookups[0]]
        for bit in lookups[1:]:
            kind = type(current)
            if kind is dict:
                current = current[bit]
            elif _has_attributes_alone[kind] and not callable(current):
                current = getattr(current, bit)
            else:
                return _look_up_as_django(self, context)
    except (KeyError, AttributeError, ObjectDoesNotExist):
        return _look_up_as_django(self, context)
    return _look_up_as_django(self, context) if callable(current) else current


def _resolve(self: Any, context: Any, ignore_failures: bool = False) -> Any:  # noqa: FBT001, FBT002 - as Django's
    """What an expression says. One that is a name alone is looked up without the steps between."""
    if self.is_var and not self.filters and self.var.lookups is not None and not self.var.translate:
        try:
            return _look_up(self.var, context)
        except base.VariableDoesNotExist:
            pass  # Django's way to say it
    return _resolve_as_django(self, context, ignore_failures)


def _write_nodes(self: "base.NodeList", context: Any) -> SafeString:
    return SafeString("".join([node.render(context) for node in self]))


def _write(value: Any, context: Any) -> str:
    """The value as text, escaped where that is due."""
    kind = type(value)
    if kind is SafeString:
        return cast(SafeString, value)
    if kind is str and context.autoescape:
        return escape(value)
    return _write_as_django(value, context)


def _write_to_keep(value: Any, context: Any) -> str:
    """The same as text that says that it is escaped: some tags keep it under a name, and it is written from there."""
    written = _write(value, context)
    return SafeString(written) if context.autoescape else written


def _translate(self: i18n.TranslateNode, context: Any) -> str:
    """What {% translate "..." %} says, looked up once for each language."""
    said: dict[Any, str] | None = self.__dict__.get("said")
    if said is None:
        is_plain = not (self.noop or self.asvar or self.message_context or self.filter_expression.filters)
        is_plain = is_plain and getattr(self.filter_expression.var, "lookups", ()) is None
        said = self.__dict__["said"] = {} if is_plain else {NEVER: ""}
    language = getattr(vars(trans_real)["_active"], "value", None)
    if NEVER in said or language is None or not context.autoescape:
        return _translate_as_django(self, context)
    try:
        return said[language]
    except KeyError:
        said[language] = _translate_as_django(self, context)
        return said[language]
