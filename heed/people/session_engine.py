"""Django's sessions in the database, found by a prepared read: every request begins with one."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from heed.kernel import clock
from heed.kernel.prepared import prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet


@prepared
def _alive(*, key: str, now: datetime) -> "QuerySet[Session]":
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """The sessions of `django_session`."""

    def _get_session_from_db(self) -> Session | None:
        for session in _alive(key=self.session_key or "", now=clock.now()):
            return session
        self._session_key = None  # as Django's: what is saved under it later gets a key of its own
        return None
