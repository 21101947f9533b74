"""The acknowledgement of a brand as a customer gets it who writes at this moment, from settings not kept yet."""

from collections.abc import Sequence

from heed.brands.hours import calendar_from
from heed.kernel import clock
from heed.people.actions.brands import Settings
from heed.promises.wording import Moment, Voice, acknowledgement_text, reply_by
from heed.ui.contexts import FieldError
from heed.web.brands.contexts import MailPreview, PreviewContext

NAME, REFERENCE = "Dana Novak", "#4821"
NEEDED = ("reference", "when")


def preview_of(asked: Settings | Sequence[FieldError], *, address: str) -> PreviewContext:
    """One mail for each language with a field; the time is counted from now in the hours that were typed."""
    if not isinstance(asked, Settings):
        return PreviewContext(trouble="errors")
    if not asked.acknowledges:
        return PreviewContext(trouble="off")
    now = clock.now()
    calendar = calendar_from(time_zone=asked.time_zone, hours=asked.hours, holidays=asked.holidays)
    due = reply_by(calendar, now, first_reply_seconds=asked.first_reply_seconds)
    if due is None:
        return PreviewContext(trouble="never_open")
    own = {code: text.strip() for code, text in asked.words.items() if text.strip()}
    voice = Voice(asked.name, asked.language, asked.time_zone, own)
    return PreviewContext(
        sender=asked.name,
        address=address,
        mails=[
            MailPreview(
                language=code,
                text=acknowledgement_text(
                    voice, language=code, name=NAME, reference=REFERENCE, at=Moment(now, due)
                ),
                is_own=code in own,
                lacks=[name for name in NEEDED if f"{{{name}}}" not in voice.template(code)[1]],
            )
            for code in dict.fromkeys((asked.language, *asked.words))
        ],
    )
