"""Every page and fragment is drawn from the gallery, in every state, without a request or database."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string

from heed.testing import gallery
from heed.ui.respond import variables

NOW = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "template", "context"),
    [*gallery.pages(NOW), *gallery.fragments(NOW)],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_every_page_is_drawn_in_every_state(name, template, context):
    drawn = render_to_string(template, variables(context))

    assert drawn.strip(), name
