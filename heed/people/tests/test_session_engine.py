"""A browser's session: found by one read, over when its time is over."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from heed.kernel import clock
from heed.people.session_engine import SessionStore
from heed.testing.queries import assert_queries

pytestmark = pytest.mark.django_db


def kept(**values: str) -> str:
    store = SessionStore()
    store.update(values)
    store.save()
    assert store.session_key
    return store.session_key


def test_what_was_kept_is_found_again_by_one_read() -> None:
    key = kept(place="inbox")
    with assert_queries(at_most=1) as asked:
        assert SessionStore(key)["place"] == "inbox"
    assert len(asked) == 1


def test_a_session_is_over_when_its_time_is_over() -> None:
    key = kept(place="inbox")
    assert Session.objects.get(pk=key).expire_date > clock.now()
    with clock.at(clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 60)):
        assert "place" not in SessionStore(key)


@pytest.mark.parametrize("key", ["0123456789abcdefghij0123456789ab", "", None, "x" * 60])
def test_a_key_that_nobody_has_names_nothing_and_what_is_saved_gets_another(key: str | None) -> None:
    store = SessionStore(key)
    assert "place" not in store
    store["place"] = "inbox"
    store.save()
    assert store.session_key not in (key, None)
    assert SessionStore(store.session_key)["place"] == "inbox"
