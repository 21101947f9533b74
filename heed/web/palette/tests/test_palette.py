"""The palette: what it offers to whom, what it finds, and that its keys are those of the help."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from heed.conversations.actions.labels import tag
from heed.kernel import clock
from heed.people import naming
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World
from heed.ui.keys import KEYS

ASKED = {"HX-Request": "true"}
SCRIPT = Path(__file__).resolve().parents[3] / "ui/static/heed/keys.js"


def opened(who: Colleague, query: str = "") -> str:
    answer = who.get(f"/palette/?{query}", **ASKED)
    assert answer.status_code == 200
    return answer.content.decode()


def found(who: Colleague, text: str) -> str:
    return who.get(f"/palette/found/?q={text}", **ASKED).content.decode()


def test_it_offers_what_one_may_do_with_the_open_conversation(world: World) -> None:
    row = world.conversation()
    tag(row, name="vip", by=world.amara.actor)
    html = opened(world.amara, f"at=/inbox/all-open/{row.pk}/")
    for words in (
        "Reply",
        "Solve",
        "Assign to me",
        "Assign to <bdi>Edda</bdi>",
        "Snooze until tomorrow",
        "vip",
    ):
        assert words in html, words
    assert f'data-action="/inbox/all-open/{row.pk}/status/"' in html
    looking = opened(world.farid, f"at=/inbox/all-open/{row.pk}/")
    assert f"With #{row.pk}" in looking
    assert "<span>Solve</span>" not in looking
    hidden = opened(world.bruno, f"at=/inbox/all-open/{row.pk}/")
    assert f"#{row.pk}" not in hidden
    assert "data-action" not in hidden


@pytest.mark.parametrize(
    "at", ["", "/nowhere/", "/inbox/my-turn/", "/inbox/all-open/999999999/", "//x", "/[/"]
)
def test_a_page_without_a_conversation_offers_lists_pages_and_settings(world: World, at: str) -> None:
    html = opened(world.amara, f"at={at}")
    assert 'data-href="/inbox/my-turn/"' in html
    assert 'data-href="/customers/"' in html
    assert 'data-href="/settings/you/"' in html
    assert 'data-href="/settings/roles/"' not in html
    assert "data-action" not in html


def test_what_was_open_lately_is_offered_as_far_as_one_may_still_see_it(world: World) -> None:
    row = world.conversation(subject="The bent wheel")
    asked = f"conversation={row.pk}&conversation=x&customer={world.dalia.id}&customer=999999999"
    html = opened(world.amara, asked)
    assert "The bent wheel" in html
    assert world.dalia.name in html
    hidden = opened(world.bruno, asked)
    assert "The bent wheel" not in hidden
    assert world.dalia.name not in hidden


def test_conversations_and_customers_are_found_by_number_words_and_names(world: World) -> None:
    row = world.conversation(subject="The bent wheel")
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        naming.step()
    for text in (str(row.pk), f"%23{row.pk}", "bent whe"):
        assert "The bent wheel" in found(world.amara, text), text
    assert f'data-href="/customers/{world.dalia.id}/"' in found(world.amara, "haddad")
    for text in (str(row.pk), "bent", "haddad"):
        hidden = found(world.bruno, text)
        assert "bent wheel" not in hidden
        assert "/customers/" not in hidden
    assert found(world.amara, "").strip() == ""


def test_it_asks_few_queries(world: World) -> None:
    row = world.conversation(text="A bent wheel")
    world.amara.get("/search/")
    with assert_queries(at_most=12):
        opened(world.amara, f"at=/inbox/all-open/{row.pk}/&conversation={row.pk}&customer={world.dalia.id}")
    with assert_queries(at_most=12):
        found(world.amara, "wheel")


def test_without_scripts_its_addresses_lead_to_search(world: World) -> None:
    assert world.amara.get("/palette/").headers["Location"] == "/search/"
    assert world.amara.get("/palette/found/?q=a").headers["Location"] == "/search/?q=a"


def test_the_help_lists_each_key_once_and_the_script_does_each(world: World) -> None:
    bound = [key.key for key in KEYS if key.does]
    assert len(bound) == len(set(bound))
    script = SCRIPT.read_text(encoding="utf-8")
    acts = re.search(r"const acts = {\n(.*?)\n};", script, re.DOTALL)
    assert acts is not None
    named = set(re.findall(r"^  (\w+)(?:,|:)", acts[1], re.MULTILINE))
    assert named == {key.does for key in KEYS if key.does}
    html = world.amara.get("/search/").content.decode()
    for key in KEYS:
        if key.does:
            assert f'data-does="{key.does}" data-key="{key.key}"' in html
