"""Where a saved reply stands, for policy."""

from heed.answering.models import SavedReply
from heed.kernel.words import AgentId, BrandId, TeamId
from heed.people.policy import Shelf


def shelf_of(reply: SavedReply) -> Shelf:
    """Private, of a team, or of the whole brand."""
    team = None if reply.team_id is None else TeamId(reply.team_id)
    owner = None if reply.owner_id is None else AgentId(reply.owner_id)
    return Shelf(BrandId(reply.brand_id), team, owner)
