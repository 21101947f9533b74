"""The desk as an app: what it calls itself, and the one page that a browser keeps, which knows nobody."""

import json
import re
import struct
import zlib
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from heed.people.actions import join_team
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World
from tools.icons import ICONS, Icon, pixels


def manifest(world: World, who: str) -> dict[str, Any]:
    answer = world.colleague(who).client.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    said: dict[str, Any] = json.loads(answer.content)
    return said


def test_the_app_has_the_name_of_its_readers_brand(world: World) -> None:
    assert manifest(world, "amara")["name"] == "Linden Bikes · Heed"
    assert manifest(world, "gita")["name"] == "Kestrel Maps · Heed"


def test_with_several_brands_it_has_its_own_name(world: World) -> None:
    join_team(world.charts, agent=world.amara.row, by=SYSTEM)
    assert manifest(world, "amara")["name"] == "Heed"


def test_its_icons_are_files_of_the_desk_and_its_shortcuts_are_pages(world: World) -> None:
    world.amara.may_log_in()
    said = manifest(world, "amara")
    purposes = {icon["purpose"] for icon in said["icons"]}
    assert purposes == {"any", "maskable", "monochrome"}
    for icon in said["icons"]:
        found = finders.find(re.sub(r"\.[0-9a-f]{12}\.png$", ".png", icon["src"]).removeprefix("/static/"))
        assert found, icon["src"]
        with open(found, "rb") as file:
            assert struct.unpack(">II", file.read(24)[16:]) == tuple(map(int, icon["sizes"].split("x")))
    for place in (said["start_url"], *(one["url"] for one in said["shortcuts"])):
        assert world.amara.client.get(place).status_code == 200, place


def test_what_a_page_needs_of_the_manifest_is_two_reads(world: World) -> None:
    world.amara.client.get("/inbox/my-turn/")
    with assert_queries(at_most=4):
        world.amara.client.get("/manifest.webmanifest")


def test_the_kept_page_knows_nobody(world: World) -> None:
    stranger = Client().get("/offline/").content
    assert "The desk can’t be reached" in stranger.decode()
    assert world.amara.client.get("/offline/").content == stranger
    assert world.amara.client.get("/sw.js").content == Client().get("/sw.js").content


def test_the_worker_keeps_that_page_and_what_it_loads_and_nothing_else(world: World) -> None:
    script = Client().get("/sw.js").content.decode()
    said = re.search(r"^const KEPT = (\{.*\});$", script, re.MULTILINE)
    assert said
    kept = json.loads(said[1])
    page = Client().get(kept["page"]).content.decode()
    loaded = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert loaded - set(kept["files"]) <= {one for one in loaded if "icon-touch" in one}


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.name)
def test_an_icon_is_what_its_tool_draws(icon: Icon) -> None:
    found = finders.find(f"heed/{icon.name}")
    assert found
    with open(found, "rb") as file:
        body = file.read()
    begin = body.index(b"IDAT") + 4
    packed = body[begin : begin + struct.unpack(">I", body[begin - 8 : begin - 4])[0]]
    assert zlib.decompress(packed) == pixels(icon)
