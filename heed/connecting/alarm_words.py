"""The words of alarms by mail, in a reader's language: what does not work, since when, what it means, what to do.

The words themselves stand in this room's templates, as those of pages do in theirs.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from heed.connecting.models import Outage

BLANK = re.compile(r"\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class AlarmContext:
    """connecting/alarm.txt and connecting/alarm_subject.txt. kind, reason: as of Outage; words: a server's."""

    kind: str
    reason: str
    words: str
    address: str  # the inbox's; empty for what concerns the whole desk
    is_over: bool
    began: str
    ended: str
    url: str  # of the desk, without a slash at the end


def subject_of(outage: Outage, *, language: str) -> str:
    """One line that says it all."""
    return _rendered("connecting/alarm_subject.txt", outage, language=language, url="").strip()


def body_of(outage: Outage, *, language: str, url: str) -> str:
    """What happened, what is safe, what to do."""
    return BLANK.sub("\n\n", _rendered("connecting/alarm.txt", outage, language=language, url=url)).strip()


def _rendered(template: str, outage: Outage, *, language: str, url: str) -> str:
    alarm = AlarmContext(
        kind=outage.kind,
        reason=outage.reason,
        words=outage.words,
        address=outage.inbox.address if outage.inbox else "",
        is_over=outage.told_at is not None,
        began=_time(outage.started_at),
        ended=_time(outage.ended_at) if outage.ended_at else "",
        url=url,
    )
    with translation.override(language):
        return render_to_string(template, {"alarm": alarm})


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
