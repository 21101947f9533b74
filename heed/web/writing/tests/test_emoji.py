"""Emoji: every agent may look them up, each once, in their own language too."""

from django.test import Client

from heed.testing.world import World
from heed.web.writing.emoji import named


def test_each_symbol_stands_once_with_its_short_names() -> None:
    rows = dict(named("en"))
    assert len(rows) == len(named("en"))
    assert rows["\N{THUMBS UP SIGN}"] == ["thumbs_up", "thumbsup", "+1"]
    assert not [symbol for symbol in rows if "\N{EMOJI MODIFIER FITZPATRICK TYPE-3}" in symbol]


def test_a_language_that_is_known_adds_its_names() -> None:
    assert "daumen_hoch" in dict(named("de"))["\N{THUMBS UP SIGN}"]
    assert named("xx") == named("en")


def test_an_agent_gets_them_and_a_stranger_does_not(world: World) -> None:
    answer = world.amara.client.get("/writing/emoji/")
    assert answer.status_code == 200
    assert ["\N{PARTY POPPER}", ["party_popper", "tada"]] in answer.json()
    assert "max-age" in answer.headers["Cache-Control"]
    assert Client().get("/writing/emoji/").status_code == 302
