"""In which language a page speaks: the reader's own choice, else what their browser asks for, else the desk's.

A choice is kept in a cookie too, so that pages which do not know their reader yet, such as the one to log in, speak it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

CHOSEN: Final = "heed_chosen_language"
COOKIE_SECONDS: Final = 365 * 86_400


class Speak:
    """The middleware: words of all that is made within are in the browser's language, until a door knows better."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the language that cookie or browser ask for; keep the cookie as its reader chose."""
        with translation.override(translation.get_language_from_request(request)):
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
            _keep(request, response)
            return response


@contextmanager
def speaking(request: HttpRequest, language: str) -> Iterator[None]:
    """Within, words are in the language that the reader chose; without a choice that there is, in the browser's."""
    request.META[CHOSEN] = language
    with translation.override(language if language in dict(settings.LANGUAGES) else _of_browser(request)):
        yield


def _of_browser(request: HttpRequest) -> str:
    """What the browser asks for, whoever sat before it: the cookie is not asked."""
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _keep(request: HttpRequest, response: HttpResponseBase) -> None:
    chosen, kept = request.META.get(CHOSEN), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen is None or chosen == kept:
        return
    if chosen:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
