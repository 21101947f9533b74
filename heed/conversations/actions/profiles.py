"""Verbs that write down what is known of a customer: who they are, what they prefer, and notes about them.

Here and not in people, since only who may open a conversation of a customer knows them.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError

from heed.brands.models import Brand
from heed.conversations.queries.access import brands_of_customer, knows_customer
from heed.eventlog.kinds import CustomerChanged
from heed.eventlog.unit import add, change, lock, record, remove, savepoint, verb
from heed.kernel import clock
from heed.kernel.customer_words import CustomerPart, PreferredChannel
from heed.kernel.errors import NotFound, Unusable, require, require_visible
from heed.kernel.words import ActorKind, AgentId, CustomerId
from heed.people.actions.documents import learn_again
from heed.people.checked import company_key, language_of, name_of, zone_of
from heed.people.models import Company, Customer, CustomerNote
from heed.people.policy import Actor, agent_of, may_change_customers, may_erase_note, may_rewrite_note

NOTE_CHARACTERS: Final = 10_000
NOTES: Final = 500  # about one customer
ADDRESSED_CHARACTERS: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that an agent may say of a customer at once. Empty: not known, or not asked for."""

    name: str = ""
    company: str = ""
    language: str = ""
    time_zone: str = ""
    addressed_as: str = ""
    preferred_channel: str = ""
    wants_no_automatic_mail: bool = False


@verb
def describe_customer(customer: Customer, *, profile: Profile, by: Actor) -> Customer:
    """Afterwards all of this is known of the customer, and what is empty is forgotten.

    Search finds them by their new name and company. Records customer.changed for each part that differs. Raises
    NotFound for one who knows no conversation of theirs, Refused, and Unusable for the first field that can't be used.
    """
    _require(by, customer)
    row = _held(customer)
    wanted = _checked(profile)
    company = _company(profile.company)
    parts: dict[CustomerPart, dict[str, Any]] = {
        CustomerPart.NAME: {"name": wanted.name},
        CustomerPart.LANGUAGE: {"language": wanted.language},
        CustomerPart.COMPANY: {"company": company},
        CustomerPart.TIME_ZONE: {"time_zone": wanted.time_zone},
        CustomerPart.ADDRESSED_AS: {"addressed_as": wanted.addressed_as},
        CustomerPart.PREFERRED_CHANNEL: {"preferred_channel": wanted.preferred_channel},
        CustomerPart.AUTOMATIC_MAIL: {"wants_no_automatic_mail": wanted.wants_no_automatic_mail},
    }
    differing = {
        part: values
        for part, values in parts.items()
        if any(getattr(row, name) != value for name, value in values.items())
    }
    for part, values in differing.items():
        change(row, **values)
        record(CustomerChanged(CustomerId(row.pk), part))
    if {CustomerPart.NAME, CustomerPart.COMPANY} & differing.keys():
        learn_again([row])
    return row


def _checked(profile: Profile) -> Profile:
    if profile.preferred_channel not in ("", *PreferredChannel):
        raise Unusable("preferred_channel", "unknown_choice")
    return Profile(
        name=name_of(profile.name) if profile.name.strip() else "",
        language=language_of(profile.language) if profile.language else "",
        time_zone=zone_of(profile.time_zone) if profile.time_zone else "",
        addressed_as=_line("addressed_as", profile.addressed_as),
        preferred_channel=profile.preferred_channel,
        wants_no_automatic_mail=profile.wants_no_automatic_mail,
    )


def _line(field: str, text: str) -> str:
    """A line as one would say it, or nothing. What is wrong with it is told of its own field."""
    if not text.strip():
        return ""
    try:
        return name_of(text)
    except Unusable as error:
        raise Unusable(field, error.reason) from None


def _company(name: str) -> Company | None:
    """The company of this name, made if new: names that differ in case, accents or signs alone are one."""
    tidy = _line("company", name)
    key = company_key(tidy)
    if not key:
        return None
    found = Company.objects.filter(key=key).first()
    if found is None:
        try:
            with savepoint():
                return add(Company(name=tidy, key=key))
        except IntegrityError:  # somebody else was faster
            return Company.objects.get(key=key)
    return found


@verb
def write_customer_note(customer: Customer, *, brand: Brand, text: str, by: Actor) -> CustomerNote:
    """Afterwards those who know the customer in this brand read the note, with its author.

    Records customer.changed. Raises NotFound for one who knows them in no conversation of the brand, Refused, and
    Unusable for an empty text, one that is too long, or too many notes.
    """
    require_visible(by.kind is ActorKind.SYSTEM or brand in brands_of_customer(by, customer.pk))
    require(may_change_customers(by))
    said = _said(text)
    row = _held(customer)
    if CustomerNote.objects.filter(customer_id=row.pk)[:NOTES].count() == NOTES:
        raise Unusable("note", "too_many")
    note = add(
        CustomerNote(
            customer_id=row.pk, brand=brand, author_id=agent_of(by), text=said, written_at=clock.now()
        )
    )
    record(CustomerChanged(CustomerId(row.pk), CustomerPart.NOTES))
    return note


@verb
def change_customer_note(note: CustomerNote, *, text: str, by: Actor) -> CustomerNote:
    """Afterwards the note says this. Records customer.changed; nothing when it said so before.

    Raises NotFound, also for a note that was erased, Refused for everybody but its author, Unusable.
    """
    held = _held_note(note, by)
    require(may_rewrite_note(by, AgentId(held.author_id)))
    said = _said(text)
    if held.text != said:
        change(held, text=said, changed_at=clock.now())
        record(CustomerChanged(CustomerId(held.customer_id), CustomerPart.NOTES))
    return held


@verb
def erase_customer_note(note: CustomerNote, *, by: Actor) -> None:
    """Afterwards nothing of the note is kept. Records customer.changed, which holds no words.

    Raises NotFound, also for a note that was erased before, and Refused for all but its author and those who lead.
    """
    held = _held_note(note, by)
    require(may_erase_note(by, AgentId(held.author_id)))
    remove(held)
    record(CustomerChanged(CustomerId(held.customer_id), CustomerPart.NOTES))


def _said(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if not said or len(said) > NOTE_CHARACTERS:
        raise Unusable("note", "too_long" if said else "missing")
    return said


def _require(by: Actor, customer: Customer) -> None:
    if by.kind is not ActorKind.SYSTEM:
        require_visible(knows_customer(by, customer.pk))
        require(may_change_customers(by))


def _held(customer: Customer) -> Customer:
    row = lock(customer)
    if row.merged_into_id is not None:
        raise Unusable("customer", "merged_before")
    return row


def _held_note(note: CustomerNote, by: Actor) -> CustomerNote:
    try:
        held = lock(note)
    except CustomerNote.DoesNotExist:
        raise NotFound from None
    if by.kind is not ActorKind.SYSTEM:
        known = brands_of_customer(by, held.customer_id)
        require_visible(any(brand.pk == held.brand_id for brand in known))
    return held
