"""All keys of the workspace, in one place: the help shows them, and keys.js learns from the help what each does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does.

    does: the name of it in keys.js; empty where the browser or the field that has the focus sees to it. typed: what
    the palette begins with.
    """

    shown: "Sequence[StrPromise | str]"  # as they are printed on keys
    words: "StrPromise"
    does: str = ""
    key: str = ""  # as the browser calls it
    typed: "StrPromise | str" = ""


CTRL, SHIFT = pgettext_lazy("printed on a key", "Ctrl"), pgettext_lazy("printed on a key", "Shift")
ENTER, TAB = pgettext_lazy("printed on a key", "Enter"), pgettext_lazy("printed on a key", "Tab")
ESC = pgettext_lazy("printed on a key", "Esc")

KEYS: Sequence[Key] = (
    Key(
        (CTRL, "K"),
        _("Go anywhere, do anything; in a text that you write it makes a link"),
        "palette",
        "mod+k",
    ),
    Key(("J",), _("Next conversation"), "next", "j"),
    Key(("K",), _("Previous conversation"), "previous", "k"),
    Key((ENTER,), _("Open it")),
    Key(("X",), _("Select for many at once; with Shift from the last one to here"), "pick", "x"),
    Key(("*",), _("Select all on this page"), "pick_all", "*"),
    Key(("B",), _("What to do with those selected"), "bulk", "b"),
    Key(("Z",), _("Undo that"), "undo", "z"),
    Key(("R",), _("Reply"), "reply", "r"),
    Key(("N",), _("Write a note"), "note", "n"),
    Key(("Q",), _("Quote what you have selected, or the last message"), "quote", "q"),
    Key(("C",), _("Begin a side conversation"), "side", "c"),
    Key(("O",), _("Open the side conversation, or close it"), "aside", "o"),
    Key(("E",), _("Solve; of a side conversation: done"), "solve", "e"),
    Key(("#",), _("Delete it: it goes to the trash"), "trash", "#"),
    Key(("A",), _("Assign it to somebody"), "palette", "a", _("Assign")),
    Key(("S",), _("Snooze it"), "palette", "s", _("Snooze")),
    Key(("T",), _("Put a tag on, or take one off"), "palette", "t", _("Tag")),
    Key(("/",), _("While writing: a saved reply, by a few letters")),
    Key(("@",), _("In a note: call a colleague or a team")),
    Key((TAB,), _("While writing: to the next gap that is to be filled")),
    Key((CTRL, ENTER), _("Send what you wrote")),
    Key((CTRL, SHIFT, ENTER), _("Send the reply and solve")),
    Key(("/",), _("Search"), "search", "/"),
    Key((ESC,), _("Close a drawer, leave a field")),
    Key(("?",), _("These keys"), "keys", "?"),
)
