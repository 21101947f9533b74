"""Every template can be read, so that a slip in a rare page is found before a person meets it."""

from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path.as_posix().split("/templates/", 1)[1]
    for path in ROOT.glob("heed/**/templates/**/*")
    if path.is_file()
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_can_be_read(name: str) -> None:
    get_template(name)


def test_no_two_rooms_have_a_template_of_the_same_name() -> None:
    assert sorted(set(TEMPLATES)) == TEMPLATES
