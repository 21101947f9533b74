"""Errors that callers can rely on: a class each, with a code and an HTTP status. Doors hold the words."""

import traceback
from typing import ClassVar


class HeedError(Exception):
    """Something was refused for a reason that has a name."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400


class NotFound(HeedError):
    """It does not exist, or the one who asks may not see it: the same answer for both."""

    code, status = "not_found", 404


class Refused(HeedError):
    """The one who asks sees it but may not do this."""

    code, status = "refused", 403


class NotAllowedNow(HeedError):
    """The state of the thing does not allow this change."""

    code, status = "not_allowed_now", 409


class Unusable(HeedError):
    """What was given can't be used; the field and the reason say what to change."""

    code, status = "unusable", 422

    def __init__(self, field: str, reason: str) -> None:
        """Say which field, and a code for what is wrong with it."""
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def require(allowed: bool) -> None:  # noqa: FBT001 - reads as a sentence: require(may_assign(by, conversation))
    """Do nothing when allowed; raise Refused otherwise."""
    if not allowed:
        raise Refused


def require_visible(visible: bool) -> None:  # noqa: FBT001 - reads as a sentence
    """Do nothing when visible; raise NotFound otherwise, as for a number that never existed."""
    if not visible:
        raise NotFound


def describe(error: BaseException) -> str:
    """Where it went wrong and what kind of error, for a log or a parked row: no values, since they may be personal."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(
        f"{frame.filename.rsplit('/heed/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    detail = f" ({error.code}: {error})" if isinstance(error, HeedError) else ""
    return f"{type(error).__name__}{detail} at {places}"
