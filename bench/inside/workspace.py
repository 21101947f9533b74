"""Fifty agents on a desk that is full: who they are, and the cookies of their browsers."""

from django.conf import settings
from django.db import connection
from django.test import Client

from heed.eventlog.unit import unit
from heed.kernel.words import Role
from heed.people.actions import add_agent, join_team
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM

IN_TEAMS = 3  # of six: an agent sees half of the desk


def staff(*, number: int) -> list[str]:
    """Add so many agents, each in three teams, unless they are there, and log them in. Gives each one's cookies."""
    teams = list(Team.objects.order_by("pk"))
    emails = [f"agent{place}@staff.example" for place in range(number)]
    there = set(Agent.objects.filter(email__in=emails).values_list("email", flat=True))
    for place, email in enumerate(emails):
        if email in there:
            continue
        with unit():
            agent = add_agent(
                f"Agent {place}",
                email=email,
                password=None,
                role=Role.AGENT,
                by=SYSTEM,
            )
            for step in range(IN_TEAMS):
                join_team(teams[(place + step) % len(teams)], agent=agent, by=SYSTEM)
    cookies = [_log_in(agent) for agent in Agent.objects.filter(email__in=emails).order_by("pk")]
    connection.close()
    return cookies


def _log_in(agent: Agent) -> str:
    client = Client(HTTP_HOST="localhost")
    client.force_login(agent, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
