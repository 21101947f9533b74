"""How whoever is logged in is read for each page: with the role that this desk made, where theirs is one."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from heed.people.models import Agent
from heed.people.role_queries import agent_with_role


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which also spares every page of a custom role a query for what that role allows."""

    def get_user(self, user_id: Any) -> Agent | None:
        """Who this is now; None for one who was switched off since."""
        agent = agent_with_role(user_id)
        return agent if agent is not None and self.user_can_authenticate(agent) else None
