"""Why a mail can't be read."""

from enum import StrEnum


class UnreadableCode(StrEnum):
    """Every reason for which ``parse`` refuses a mail. Stored, so never renamed."""

    TOO_LARGE = "too_large"
    HEADERS_TOO_LARGE = "headers_too_large"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_DEEP = "too_deep"


class Unreadable(Exception):
    """This mail can't be read safely. ``detail`` holds figures only, nothing of the mail itself."""

    def __init__(self, code: UnreadableCode, detail: str) -> None:
        super().__init__(f"{code.value}: {detail}")
        self.code = code
        self.detail = detail
