"""Where mail providers post: no session and no form token, since the address itself is the secret."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.mailboxes.hook_posts import Post, UnusablePost
from heed.mailboxes.hooks import hook_at, take_in
from heed.web.respond import plain


class PostTooLarge(HeedError):
    """The request is larger than config.hook_max_bytes."""

    code, status = "post_too_large", 413


@csrf_exempt
@require_POST
def posted(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """Answer 200 only when what was posted is durably kept; trouble of ours answers 5xx, and the provider tries again.

    An unknown provider and an unknown token answer alike. Nothing is read of a request without a hook.
    """
    try:
        hook = hook_at(provider, token)
        take_in(hook, Post(request.headers.get("Content-Type", ""), _body(request)))
    except HeedError as error:
        return _said(error.words if isinstance(error, UnusablePost) else error.code, status=error.status)
    return _said("ok", status=200)


def _body(request: HttpRequest) -> bytes:
    """All of it, up to our own limit; Django's is for forms that people fill in."""
    body = request.read(config.hook_max_bytes + 1)
    if len(body) > config.hook_max_bytes:
        raise PostTooLarge
    return body


def _said(words: str, *, status: int) -> HttpResponse:
    answer = plain(f"{words}\n")
    answer.status_code = status
    return answer
