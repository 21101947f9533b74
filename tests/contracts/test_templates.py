"""Every template can be read, so that a slip in a rare page is found before a person meets it."""

import re
from pathlib import Path

import pytest
from django.template.base import TextNode
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
COMMA = re.compile(r"(^|>), (<|$)")
TEMPLATES = sorted(
    path.as_posix().split("/templates/", 1)[1]
    for path in ROOT.glob("heed/**/templates/**/*")
    if path.is_file()
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_can_be_read(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith(".html")])
def test_a_comma_between_values_is_the_languages_own(name: str) -> None:
    nodes = get_template(name).template.nodelist  # type: ignore[attr-defined]  # Django's own engine has it
    texts = [node.s for node in nodes.get_nodes_by_type(TextNode)]
    assert not any(map(COMMA.search, texts)), "write {% comma %}: Arabic has another"


def test_no_two_rooms_have_a_template_of_the_same_name() -> None:
    assert sorted(set(TEMPLATES)) == TEMPLATES
