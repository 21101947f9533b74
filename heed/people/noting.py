"""For verbs that change a setting: it stands in the log who did it, as what and where; never what it says now."""

from heed.brands.models import Inbox
from heed.eventlog.kinds import SettingChanged
from heed.eventlog.unit import record
from heed.kernel.words import BrandId, Deed, Setting


def note_setting(
    setting: Setting, deed: Deed = Deed.CHANGED, *, number: int | None, brand: int | None = None
) -> None:
    """Record setting.changed. Number: of the row; brand: whose leads may know of it, None: admins alone."""
    of = None if brand is None else BrandId(brand)
    record(SettingChanged(setting=setting, deed=deed, number=number, brand=of))


def note_inbox(setting: Setting, inbox: Inbox, deed: Deed = Deed.CHANGED) -> None:
    """The same of something that belongs to an inbox."""
    note_setting(setting, deed, number=inbox.pk, brand=inbox.brand_id)
