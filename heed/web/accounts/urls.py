"""Addresses of logging in: of allauth's only those that have a page of ours. An admin makes agents."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from heed.kernel.later import later

if TYPE_CHECKING:
    from heed.web.accounts import proving
else:
    proving = later("heed.web.accounts.proving")


def _proving(name: str) -> Callable[[HttpRequest], HttpResponse]:
    """A view that is loaded, with all that passkeys need, when somebody asks for it."""

    def view(request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = getattr(proving, name)(request)
        return answer

    return view


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", _proving("reauthenticate"), name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        _proving("reauthenticate_by_passkey"),
        name="mfa_reauthenticate_webauthn",
    ),
    path("second-factor/", _proving("authenticate"), name="mfa_authenticate"),
    path("passkey/", _proving("log_in_by_passkey"), name="mfa_login_webauthn"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
