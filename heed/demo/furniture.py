"""What a desk that has been used for a while holds beside its mail: topics, fields, saved replies, views, asides."""

from heed.answering.actions.saved_replies import Wanted as WantedReply
from heed.answering.actions.saved_replies import add_saved_reply
from heed.brands.models import Brand, CustomField, Topic
from heed.conversations.actions.answering import Answer, add_note
from heed.conversations.actions.sides import forward
from heed.conversations.actions.topics import change_topic, note_down
from heed.conversations.actions.trashing import trash
from heed.conversations.models import Message
from heed.demo import company
from heed.demo.content.furniture import (
    ABOUT,
    ASIDE,
    FIELDS,
    MENTIONS,
    REPLIES,
    TOPICS,
    TRASHED,
    Tree,
)
from heed.demo.play import conversation_of
from heed.demo.story import Who
from heed.eventlog.unit import unit
from heed.kernel.words import Direction
from heed.lists.actions.views import Wanted, add_view
from heed.lists.codes import RowFact, ViewOrder
from heed.people.actions.topics import add_field, add_topic
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM, Actor
from heed.people.queries import actor_for


def furnish() -> None:
    """Afterwards all of it is there, once: it is set up in one piece, or not at all."""
    if Topic.objects.exists():
        return
    agents = company.agents()
    brands = {brand.slug: brand for brand in Brand.objects.all()}
    with unit():
        for slug, tree in TOPICS.items():
            _topics(brands[slug], tree, None)
        _fields(brands)
        _about()
        _replies(brands, actor_for(agents[Who.GRETA]))
        _views(agents)
        _said_aside(actor_for(agents[Who.TOMAS]))
        for story, who, text in MENTIONS:
            conversation, by = conversation_of(story), actor_for(agents[Who(who)])
            add_note(conversation, text=text, sent_once=f"demo mention {story}", files=(), by=by)
        trash(conversation_of(TRASHED), by=actor_for(agents[Who.TOMAS]))


def _topics(brand: Brand, tree: Tree, parent: Topic | None) -> None:
    for name, below in tree.items():
        _topics(brand, below, add_topic(brand, name=name, parent=parent, by=SYSTEM))


def _fields(brands: dict[str, Brand]) -> None:
    for slug, about, name, kind, choices in FIELDS:
        topic = Topic.objects.get(brand=brands[slug], name=about) if about else None
        add_field(brands[slug], topic=topic, name=name, kind=kind, choices=choices, by=SYSTEM)


def _about() -> None:
    for story, about, noted in ABOUT:
        conversation = conversation_of(story)
        topic = Topic.objects.get(brand_id=conversation.brand_id, name=about)
        conversation = change_topic(conversation, to=topic, by=SYSTEM)
        for name, value in noted.items():
            field = CustomField.objects.get(brand_id=conversation.brand_id, name=name)
            note_down(conversation, field=field, value=value, by=SYSTEM)


def _replies(brands: dict[str, Brand], by: Actor) -> None:
    for slug, folder, name, texts in REPLIES:
        add_saved_reply(brands[slug], wanted=WantedReply(name=name, folder=folder, texts=texts), by=by)


def _views(agents: dict[Who, Agent]) -> None:
    teams = {team.name: team for team in Team.objects.all()}
    care = Wanted(
        "Needs extra care",
        'is:open,waiting,snoozed field:"Needs extra care=yes"',
        ViewOrder.PRIORITY,
        [RowFact.ASSIGNEE, RowFact.TAGS],
        teams[company.PAYMENTS],
    )
    games = Wanted("Payments of players", "is:open,waiting topic:Payments", team=teams[company.PLAYERS])
    own = Wanted("Mine, silent for two days", "assignee:me is:open,waiting updated:>2d", ViewOrder.OLDEST)
    lead, mara = actor_for(agents[Who.INES]), actor_for(agents[Who.MARA])
    for wanted, by in ((care, lead), (games, lead), (own, mara)):
        add_view(wanted, by=by)


def _said_aside(by: Actor) -> None:
    story, partner, text = ASIDE
    name, _, address = partner.rstrip(">").partition(" <")
    asked = Message.objects.filter(conversation=conversation_of(story), direction=Direction.IN)
    answer = Answer(text=text, to=((name, address),), sent_once=f"demo aside {story}")
    forward(asked.order_by("at", "pk")[0], answer=answer, keeping=(), by=by)
