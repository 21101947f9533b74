"""How log-in behaves: agents are made by an admin, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Log-in without sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an admin makes agents."""
        return False
