"""Setting up the desk: admins only, each thing once, nothing half."""

from collections.abc import Callable

import pytest

from heed.brands.models import Acknowledgement, Brand, Inbox
from heed.conversations import queries
from heed.eventlog.unit import change, lock, unit
from heed.kernel import secrets
from heed.kernel.errors import Refused, Unusable
from heed.kernel.words import BUILT_IN, Role
from heed.people.actions import (
    AlreadyThere,
    add_agent,
    add_brand,
    add_inbox,
    add_team,
    join_team,
    leave_team,
    route_inbox,
    set_mail_server,
)
from heed.people.actions.agents import change_role, switch_off
from heed.people.actions.brands import change_hours, change_signature, set_acknowledgement
from heed.people.models import Agent, InboxTeam, Team, TeamMember
from heed.people.policy import Actor
from heed.people.queries import team_of
from heed.testing.world import World

SERVER = "smtp://desk:hunter2@mail.linden.example"
WEEK = {"0": [[540, 720], [780, 1080]]}


def steps(world: World, by: Actor) -> list[Callable[[], object]]:
    """Every verb of setting up, ready to be done by someone."""
    return [
        lambda: add_brand("Tern", slug="tern", language="en", time_zone="UTC", by=by),
        lambda: change_hours(world.linden, hours=WEEK, holidays=[], first_reply_seconds=60, by=by),
        lambda: change_signature(world.linden, signature="Yours", by=by),
        lambda: set_acknowledgement(world.linden, language="en", text="Thanks.", by=by),
        lambda: add_inbox(world.linden, name="More", address="more@linden.example", by=by),
        lambda: route_inbox(world.help, team=world.repairs, by=by),
        lambda: set_mail_server(world.help, url=SERVER, by=by),
        lambda: add_team(world.linden, name="Sales", by=by),
        lambda: add_agent("Ivo", email="ivo@desk.example", password=None, role=Role.AGENT, by=by),
        lambda: change_role(world.bruno.row, to=Role.LEAD, by=by),
        lambda: join_team(world.payments, agent=world.bruno.row, by=by),
        lambda: leave_team(world.repairs, agent=world.bruno.row, by=by),
        lambda: switch_off(world.gita.row, by=by),
    ]


@pytest.mark.parametrize("who", ["amara", "edda", "farid", "hugo", "nobody"])
def test_only_admins_set_up(world: World, who: str) -> None:
    models = (Brand, Inbox, Team, TeamMember, Agent, InboxTeam, Acknowledgement)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    for step in steps(world, world.colleague(who).actor):
        with pytest.raises(Refused):
            step()
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_an_admin_sets_up_everything(world: World) -> None:
    for step in steps(world, world.chen.actor):
        step()
    linden = Brand.objects.get(pk=world.linden.pk)
    assert (linden.signature, linden.hours, linden.first_reply_seconds) == ("Yours", WEEK, 60)
    assert team_of(world.help) == world.repairs.pk
    assert Agent.objects.get(email="ivo@desk.example").is_active
    assert world.bruno.actor.teams == {world.payments.pk}
    assert Brand.objects.get(slug="tern").hours["4"] == [[540, 1020]]


def test_there_is_one_of_each_name_and_address(world: World) -> None:
    chen = world.chen.actor
    agent = {"password": None, "role": Role.AGENT, "by": chen}
    for again in (
        lambda: add_brand("Other", slug="linden", language="en", time_zone="UTC", by=chen),
        lambda: add_team(world.linden, name=" Payments ", by=chen),
        lambda: add_inbox(world.kestrel, name="Help", address="HELP@linden.example", by=chen),
        lambda: add_inbox(world.kestrel, name="Amara", address="amara@desk.example", by=chen),
        lambda: add_agent("Amara", email="Amara@desk.example", **agent),  # type: ignore[arg-type]  # as given above
        lambda: add_agent("Help", email="help@linden.example", **agent),  # type: ignore[arg-type]  # as above
    ):
        with pytest.raises(AlreadyThere):
            again()
    assert add_team(world.kestrel, name="Payments", by=chen).brand == world.kestrel


@pytest.mark.parametrize(
    "address", ["", "no at", "@x.example", "a@", "a b@x.example", "<a@x.example>", f"{'a' * 250}@x.example"]
)
def test_an_address_must_be_one(world: World, address: str) -> None:
    with pytest.raises(Unusable):
        add_inbox(world.linden, name="More", address=address, by=world.chen.actor)
    with pytest.raises(Unusable):
        add_agent("Ivo", email=address, password=None, role=Role.AGENT, by=world.chen.actor)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_name_is_needed(world: World, name: str) -> None:
    chen = world.chen.actor
    with pytest.raises(Unusable):
        add_team(world.linden, name=name, by=chen)
    with pytest.raises(Unusable):
        add_brand(name, slug="fresh", language="en", time_zone="UTC", by=chen)


@pytest.mark.parametrize("slug", ["", "Tern", "a b", "-a", "a--b", "ä", "a" * 61])
def test_a_slug_is_short_and_plain(world: World, slug: str) -> None:
    with pytest.raises(Unusable):
        add_brand("Tern", slug=slug, language="en", time_zone="UTC", by=world.chen.actor)


def test_a_time_zone_must_be_known(world: World) -> None:
    with pytest.raises(Unusable):
        add_brand("Tern", slug="tern", language="en", time_zone="Mars/Olympus", by=world.chen.actor)


@pytest.mark.parametrize("language", ["", "english", "EN", "en_GB", "en-abcdefgh-xy"])
def test_a_language_is_a_code(world: World, language: str) -> None:
    with pytest.raises(Unusable):
        add_brand("Tern", slug="tern", language=language, time_zone="UTC", by=world.chen.actor)
    tern = add_brand("Tern", slug="tern", language="pt-br", time_zone="UTC", by=world.chen.actor)
    assert tern.language == "pt-br"


@pytest.mark.parametrize(
    "hours",
    [
        {"7": []},
        {"0": [[1]]},
        {"0": [[60, 30]]},
        {"0": [[0, 60], [30, 90]]},
        {"0": [[-1, 5]]},
        {"0": [[0, 1441]]},
    ],
)
def test_hours_that_can_not_be_are_unusable(world: World, hours: dict[str, list[list[int]]]) -> None:
    with pytest.raises(Unusable):
        change_hours(world.linden, hours=hours, holidays=[], first_reply_seconds=60, by=world.chen.actor)


def test_holidays_are_dates_each_once(world: World) -> None:
    chen = world.chen.actor
    days = ["2026-12-26", "2026-12-25", "2026-12-25"]
    changed = change_hours(world.linden, hours=WEEK, holidays=days, first_reply_seconds=60, by=chen)
    assert changed.holidays == ["2026-12-25", "2026-12-26"]
    with pytest.raises(Unusable):
        change_hours(world.linden, hours=WEEK, holidays=["Christmas"], first_reply_seconds=60, by=chen)


def test_words_of_an_acknowledgement_are_one_a_language_and_can_be_taken_back(world: World) -> None:
    chen = world.chen.actor
    for text in ("Thanks.", "Thank you."):
        set_acknowledgement(world.linden, language="en", text=text, by=chen)
    set_acknowledgement(world.linden, language="fr", text="Merci.", by=chen)
    set_acknowledgement(world.kestrel, language="fr", text="", by=chen)
    assert sorted(Acknowledgement.objects.values_list("text", flat=True)) == ["Merci.", "Thank you."]
    set_acknowledgement(world.linden, language="fr", text=" ", by=chen)
    assert Acknowledgement.objects.get().language == "en"


def test_an_inbox_goes_to_a_team_of_its_own_brand(world: World) -> None:
    with pytest.raises(Refused):
        route_inbox(world.help, team=world.charts, by=world.chen.actor)
    for _ in range(2):
        route_inbox(world.help, team=world.repairs, by=world.chen.actor)
    assert InboxTeam.objects.get(inbox=world.help).team == world.repairs


def test_a_new_inbox_is_of_no_team_until_it_is_routed(world: World) -> None:
    inbox = add_inbox(world.linden, name="More", address="more@linden.example", by=world.chen.actor)
    assert team_of(inbox) is None
    route_inbox(inbox, team=world.payments, by=world.chen.actor)
    assert team_of(inbox) == world.payments.pk


def test_one_is_of_a_team_once(world: World) -> None:
    for _ in range(2):
        join_team(world.repairs, agent=world.amara.row, by=world.chen.actor)
    assert world.amara.actor.teams == {world.payments.pk, world.repairs.pk}
    for _ in range(2):
        leave_team(world.repairs, agent=world.amara.row, by=world.chen.actor)
    assert world.amara.actor.teams == {world.payments.pk}


def test_joining_a_team_shows_its_conversations(world: World) -> None:
    row = world.conversation(inbox=world.workshop)
    join_team(world.repairs, agent=world.amara.row, by=world.chen.actor)
    assert queries.unassigned(world.amara.actor).rows == [row]


def test_a_lead_sees_every_team_of_the_brand(world: World) -> None:
    row = world.conversation(inbox=world.workshop)
    assert not queries.can_see(world.amara.actor, row.pk)
    change_role(world.amara.row, to=Role.LEAD, by=world.chen.actor)
    assert queries.unassigned(world.amara.actor).rows == [row]
    change_role(world.amara.row, to=Role.AGENT, by=world.chen.actor)
    assert not queries.can_see(world.amara.actor, row.pk)


def test_nobody_locks_themselves_out(world: World) -> None:
    chen = world.chen
    with pytest.raises(Refused):
        change_role(chen.row, to=Role.AGENT, by=chen.actor)
    with pytest.raises(Refused):
        switch_off(chen.row, by=chen.actor)
    assert change_role(chen.row, to=Role.ADMIN, by=chen.actor).role == Role.ADMIN


def test_a_password_is_kept_hashed_and_one_without_can_not_log_in(world: World) -> None:
    chen = world.chen.actor
    ivo = add_agent("Ivo", email="ivo@desk.example", password="a long walk", role=Role.AGENT, by=chen)
    assert "long" not in ivo.password
    assert Agent.objects.get(pk=ivo.pk).check_password("a long walk")
    assert not world.amara.row.has_usable_password()


def test_a_signature_is_tidied_and_replaced(world: World) -> None:
    for text in ("Yours,\nLinden\n", "Linden"):
        change_signature(world.linden, signature=text, by=world.chen.actor)
    assert Brand.objects.get(pk=world.linden.pk).signature == "Linden"
    assert change_signature(world.linden, signature="", by=world.chen.actor).signature == ""
    assert Brand.objects.get(pk=world.kestrel.pk).signature == ""


def test_signatures_of_brands_are_apart(world: World) -> None:
    change_signature(world.kestrel, signature="Kestrel", by=world.chen.actor)
    assert Brand.objects.get(pk=world.linden.pk).signature == ""


def test_switched_off_is_for_good_until_someone_says_otherwise(world: World) -> None:
    for _ in range(2):
        switch_off(world.gita.row, by=world.chen.actor)
    assert not Agent.objects.get(pk=world.gita.row.pk).is_active


def test_agents_of_any_role_can_be_added(world: World) -> None:
    for role in BUILT_IN:
        added = add_agent(role, email=f"{role}@desk.example", password=None, role=role, by=world.chen.actor)
        assert Agent.objects.get(pk=added.pk).role == role


def test_a_lead_adds_nobody_and_nothing(world: World) -> None:
    edda = world.edda.actor
    with pytest.raises(Refused):
        add_team(world.linden, name="Sales", by=edda)
    with pytest.raises(Refused):
        add_inbox(world.linden, name="More", address="more@linden.example", by=edda)
    with pytest.raises(Refused):
        change_role(world.edda.row, to=Role.ADMIN, by=edda)
    with pytest.raises(Refused):
        route_inbox(world.hello, team=world.payments, by=edda)
    with pytest.raises(Refused):
        change_hours(world.linden, hours={}, holidays=[], first_reply_seconds=60, by=edda)
    with pytest.raises(Refused):
        change_signature(world.linden, signature="Edda", by=edda)
    with pytest.raises(Refused):
        set_acknowledgement(world.linden, language="en", text="Hi", by=edda)


def test_a_brand_is_closed_all_week_when_it_says_so(world: World) -> None:
    changed = change_hours(world.linden, hours={}, holidays=[], first_reply_seconds=60, by=world.chen.actor)
    assert Brand.objects.get(pk=changed.pk).hours == {}
    with pytest.raises(Unusable):
        change_hours(world.linden, hours={}, holidays=[], first_reply_seconds=0, by=world.chen.actor)


def test_a_role_is_changed_for_one_person_only(world: World) -> None:
    change_role(world.amara.row, to=Role.VIEWER, by=world.chen.actor)
    roles = dict(Agent.objects.values_list("name", "role"))
    assert (roles["Amara"], roles["Bruno"]) == (Role.VIEWER, Role.AGENT)


def test_what_is_set_up_twice_stands_once(world: World) -> None:
    chen = world.chen.actor
    sales = add_team(world.linden, name="Sales", by=chen)
    for _ in range(2):
        route_inbox(world.help, team=sales, by=chen)
        change_signature(world.linden, signature="Yours", by=chen)
        set_acknowledgement(world.linden, language="de", text="Danke.", by=chen)
        change_hours(world.linden, hours=WEEK, holidays=[], first_reply_seconds=60, by=chen)
    assert team_of(world.help) == sales.pk
    assert Acknowledgement.objects.get().text == "Danke."


def server_in_the_row(inbox: Inbox) -> str:
    return Inbox.objects.get(pk=inbox.pk).smtp_url


def test_a_mail_server_is_kept_sealed_until_the_desk_s_own_is_wanted_again(world: World) -> None:
    set_mail_server(world.help, url=f" {SERVER}\n", by=world.chen.actor)
    sealed = server_in_the_row(world.help)
    assert "hunter2" not in sealed
    assert "linden" not in sealed
    assert secrets.unseal(sealed) == SERVER
    assert server_in_the_row(world.hello) == ""
    set_mail_server(world.help, url="", by=world.chen.actor)
    assert server_in_the_row(world.help) == ""


def test_only_who_may_set_up_chooses_a_mail_server(world: World) -> None:
    set_mail_server(world.help, url=SERVER, by=world.chen.actor)
    before = server_in_the_row(world.help)
    for who in ("edda", "amara", "farid", "nobody"):
        for url in ("smtp://elsewhere.example", "", SERVER):
            with pytest.raises(Refused):
                set_mail_server(world.help, url=url, by=world.colleague(who).actor)
    assert server_in_the_row(world.help) == before


@pytest.mark.parametrize(
    "url",
    ["mail.example", "imap://mail.example", "smtp://", "smtp://u:hunter2@h:99999", "smtp://u:hunter2#@h"],
)
def test_a_mail_server_must_be_one_and_its_password_is_not_repeated(world: World, url: str) -> None:
    with pytest.raises(Unusable) as refused:
        set_mail_server(world.help, url=url, by=world.chen.actor)
    assert (refused.value.field, refused.value.reason) == ("url", "malformed")
    assert "hunter2" not in str(refused.value)
    assert server_in_the_row(world.help) == ""


def test_the_same_mail_server_twice_changes_nothing(world: World) -> None:
    chen = world.chen.actor
    set_mail_server(world.help, url="", by=chen)
    assert server_in_the_row(world.help) == ""
    set_mail_server(world.help, url=SERVER, by=chen)
    before = server_in_the_row(world.help)
    set_mail_server(world.help, url=SERVER, by=chen)
    assert server_in_the_row(world.help) == before
    set_mail_server(world.help, url="smtp://other.example", by=chen)
    assert secrets.unseal(server_in_the_row(world.help)) == "smtp://other.example"


def test_a_mail_server_sealed_with_a_lost_secret_is_entered_again(world: World) -> None:
    with unit():
        change(lock(world.help), smtp_url="gAAAA of another secret")
    set_mail_server(world.help, url=SERVER, by=world.chen.actor)
    assert secrets.unseal(server_in_the_row(world.help)) == SERVER
