"""From a round trip to what pages say about it; one query."""

from heed.brands.models import Inbox
from heed.connecting.round_trips import newest_trip
from heed.kernel.config import config
from heed.people.policy import Actor
from heed.web.round_trips.contexts import RoundTripContext

HERE = "/settings/mail-health/round-trips/"


def round_trip(actor: Actor, inbox: Inbox) -> RoundTripContext:
    """How the last one of an inbox went, for one who may set up. Raises NotFound for others."""
    found = newest_trip(actor, inbox)
    address = inbox.address
    href, domain_href = f"{HERE}{inbox.pk}/", f"/settings/domains/{address.rpartition('@')[2]}/"
    minutes = config.round_trip_seconds // 60
    if found is None:
        return RoundTripContext(address=address, href=href, domain_href=domain_href, patience_minutes=minutes)
    return RoundTripContext(
        address=address,
        href=href,
        domain_href=domain_href,
        patience_minutes=minutes,
        state=found.state,
        is_under_way=found.is_under_way,
        began_at=found.began_at,
        seconds=found.seconds,
        code=found.code,
        words=found.words,
        host=found.host,
        strayed_to=found.strayed_to,
    )
