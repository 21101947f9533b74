"""How log-in behaves: agents are made by an admin, nobody signs up; where somebody is logged in is known."""

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from heed.people.actions.sessions import forget_session, note_password
from heed.people.models import Agent
from heed.people.policy import SYSTEM
from heed.people.queries import actor_for
from heed.web import sittings
from heed.web.doors import SECURITY
from heed.web.first_hour.progress import HERE as FIRST_HOUR
from heed.web.first_hour.progress import is_greeted

NOWHERE: Final = frozenset({None, "", "/", "/inbox/", settings.LOGIN_REDIRECT_URL})
"""Where a log-in leads for one who asked for no page in particular."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Log-in without sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an admin makes agents."""
        return False

    def post_login(
        self, request: HttpRequest, user: Agent, *, redirect_url: str | None, **more: Any
    ) -> HttpResponse:
        """Lead on: to where they get the second factor that is asked of them, else where they wanted to go.

        With nothing in mind, an admin of a new desk is led to its first steps.
        """
        if user.second_factor_due_at is not None:
            redirect_url = SECURITY
        elif redirect_url in NOWHERE and is_greeted(actor_for(user)):
            redirect_url = FIRST_HOUR
        answer: HttpResponse = super().post_login(request, user, redirect_url=redirect_url, **more)
        return answer

    def login(self, request: HttpRequest, user: Agent) -> None:
        """Let them in, and note where; not one who was switched off between password and second factor."""
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)
        sittings.begin(request, actor_for(user))

    def logout(self, request: HttpRequest) -> None:
        """Let them out, and forget where they were."""
        if isinstance(request.user, Agent) and request.user.is_active:
            forget_session(request.session.session_key or "", by=actor_for(request.user))
        super().logout(request)

    def set_password(self, user: Agent, password: str) -> None:
        """Set it, and end every session but the one where it was set."""
        super().set_password(user, password)
        request = self.request
        is_theirs = request is not None and request.user.pk == user.pk
        note_password(
            Agent(pk=user.pk), keep=(request.session.session_key or "") if is_theirs else "", by=SYSTEM
        )
