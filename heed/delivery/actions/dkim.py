"""Verbs about DKIM keys: made, found in DNS, switched, retired. The private half is kept sealed."""

from heed.brands.queries import sending_domains
from heed.delivery.dkim import KeyPair
from heed.delivery.models import DkimKey
from heed.eventlog.unit import add, change, lock, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable, require
from heed.kernel.mail_words import DkimSigning
from heed.kernel.secrets import seal
from heed.kernel.words import Deed, Setting
from heed.people.noting import note_setting
from heed.people.policy import Actor, may_set_up_mail


class KeyRetired(NotAllowedNow):
    """A retired key signs no more; make a new one."""

    code = "key_retired"


@verb
def add_dkim_key(domain: str, *, pair: KeyPair, by: Actor) -> DkimKey:
    """Afterwards the domain has one more key with a selector of its own, which signs once its record was found.

    Keys it had stay as they are: the one that signs goes on until the new record stands in DNS. Raises Refused, and
    Unusable for a domain from which no inbox sends.
    """
    require(may_set_up_mail(by))
    tidy = domain.strip().lower().rstrip(".")
    if tidy not in sending_domains():
        raise Unusable("domain", "unknown")
    month = f"heed{clock.now():%Y%m}"
    same = DkimKey.objects.filter(domain=tidy, selector__startswith=month).count()
    key = add(
        DkimKey(
            domain=tidy,
            selector=f"{month}-{same + 1}",
            private=seal(pair.private),
            public=pair.public,
            made_at=clock.now(),
        )
    )
    note_setting(Setting.DKIM_KEY, Deed.ADDED, number=key.pk)
    return key


@verb
def note_dkim_record(key: DkimKey, *, is_there: bool, by: Actor) -> DkimKey:
    """Afterwards the desk knows whether this key's record stands in DNS; mail is signed with the newest that does.

    For whoever looked: an answer, not a failure to ask. Nothing changes for a retired key.
    """
    held = lock(key)
    if held.retired_at is not None:
        return held
    now = clock.now()
    return change(held, looked_at=now, found_at=(held.found_at or now) if is_there else None)


@verb
def choose_dkim_signing(key: DkimKey, *, to: DkimSigning, by: Actor) -> DkimKey:
    """Afterwards this key signs when its record was found, always, or never. Raises Refused, KeyRetired."""
    require(may_set_up_mail(by))
    held = lock(key)
    if held.retired_at is not None:
        raise KeyRetired
    if held.signing == to:
        return held
    note_setting(Setting.DKIM_KEY, number=held.pk)
    return change(held, signing=to)


@verb
def retire_dkim_key(key: DkimKey, *, by: Actor) -> DkimKey:
    """Afterwards this key never signs again and its private half is gone; its record may be taken out of DNS.

    Do that some days later, since mail on its way is still checked against it. Nothing when it was retired before.
    Raises Refused.
    """
    require(may_set_up_mail(by))
    held = lock(key)
    if held.retired_at is not None:
        return held
    note_setting(Setting.DKIM_KEY, Deed.REMOVED, number=held.pk)
    return change(held, retired_at=clock.now(), private="", signing=DkimSigning.NEVER)
