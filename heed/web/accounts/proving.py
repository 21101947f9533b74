"""allauth's pages where somebody proves who they are beyond a password. Loaded when the first of them is asked for."""

from typing import Any
from urllib.parse import urlencode

from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


class _Again:
    """A passkey that can't be used leads back to where it was asked for, which says so."""

    request: Any
    back: str

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say so where it was tried."""
        told = {"refused": "1"}
        if leads_to := self.request.POST.get("next"):
            told["next"] = leads_to
        return HttpResponseRedirect(f"{reverse(self.back)}?{urlencode(told)}")


class _LogInByPasskey(_Again, LoginWebAuthnView):  # type: ignore[misc]  # allauth has no types
    back = "account_login"


class _ReauthenticateByPasskey(_Again, ReauthenticateWebAuthnView):  # type: ignore[misc]  # as above
    back = "mfa_reauthenticate_webauthn"


authenticate = AuthenticateView.as_view()
reauthenticate = ReauthenticateView.as_view()
reauthenticate_by_passkey = _ReauthenticateByPasskey.as_view()
log_in_by_passkey = _LogInByPasskey.as_view()
