"""What a browser and the desk tell each other about passkeys and apps, in allauth's words; loaded when it is needed."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from heed.kernel.later import later
from heed.kernel.secrets import seal, unseal
from heed.people.models import Agent

if TYPE_CHECKING:
    import qrcode
    from allauth.mfa.webauthn.internal import auth as passkeys
else:
    passkeys = later("allauth.mfa.webauthn.internal.auth")
    qrcode = later("qrcode")

_SECRET = "app_secret"  # noqa: S105 - where a session keeps it, sealed, until a code proved that the app has it


def passkey_options(agent: Agent) -> str:
    """What the browser needs to make a passkey, as JSON; the session remembers what was asked."""
    return json.dumps(dict(passkeys.begin_registration(agent, passwordless=True)))


def passkey_of(answer: str) -> Mapping[str, Any] | None:
    """What the browser made, if it is what was asked for; None for anything else."""
    try:
        credential = json.loads(answer)
        passkeys.parse_registration_response(credential)
        made = passkeys.complete_registration(credential)
    except (ValueError, ValidationError, KeyError):
        return None
    return credential if made.is_user_verified() else None


def app_secret(request: HttpRequest) -> str:
    """The secret that an app is to learn; the same until it has, or the session ends."""
    sealed = request.session.get(_SECRET)
    if sealed is None:
        sealed = request.session[_SECRET] = seal(generate_totp_secret())
    return unseal(sealed)


def is_code_of(secret: str, code: str) -> bool:
    """Whether an app that knows the secret shows this code now."""
    return bool(validate_totp_code(secret, "".join(code.split())))


def forget_secret(request: HttpRequest) -> None:
    """The app has it."""
    request.session.pop(_SECRET, None)


def picture(agent: Agent, secret: str) -> tuple[int, str]:
    """The QR code of a secret: the side in squares, quiet margin and all, and the path of what is dark."""
    code = qrcode.QRCode(border=4)
    code.add_data(get_adapter().build_totp_url(agent, secret))
    rows = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return len(rows), "".join(dark)


def in_groups(secret: str) -> str:
    """A secret as people copy it: four letters at a time."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
