"""Agents and their teams; customers and the addresses that identify them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from heed.brands.models import Brand, Inbox
from heed.kernel.customer_words import PreferredChannel
from heed.kernel.making import QuicklyMade
from heed.kernel.words import (
    Availability,
    Density,
    MoveKind,
    Role,
)
from heed.people.customer_models import Company as Company  # models of this room as well
from heed.people.customer_models import CustomerDocument as CustomerDocument
from heed.people.customer_models import CustomerNote as CustomerNote


class AgentManager(BaseUserManager["Agent"]):
    """Finds and makes agents by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **values: Any) -> "Agent":
        """Make an agent who can log in. Django's management calls this; verbs live in actions."""
        agent = self.model(email=email.strip().lower(), **values)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent


class CustomRole(models.Model):
    """A role that this desk made: a name, and which permissions those who have it hold."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    permissions = (
        models.TextField()
    )  # codes with a space before and after each, so that one can be looked for

    def __str__(self) -> str:
        return self.name


class Agent(QuicklyMade, AbstractBaseUser):
    """A person who answers. The only kind of user there is; customers never are."""

    id = models.BigAutoField(primary_key=True)
    email = models.CharField(max_length=254, unique=True)  # lower case
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Role], default=Role.AGENT)
    custom_role = models.ForeignKey(CustomRole, null=True, on_delete=models.PROTECT)
    language = models.CharField(max_length=12, blank=True)  # of pages; empty: as their browser says
    time_zone = models.CharField(max_length=60, default="UTC")
    undo_seconds = models.PositiveSmallIntegerField(
        null=True
    )  # to take an answer back; null: HEED_UNDO_SECONDS
    density = models.CharField(max_length=11, default=Density.COMFORTABLE)  # of lists
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)
    # From then on they see nothing until they have a second factor; null: they have one, or nobody demands it.
    second_factor_due_at = models.DateTimeField(null=True)
    # what they say of themselves, and since when
    availability = models.CharField(max_length=10, default=Availability.AVAILABLE)
    availability_at = models.DateTimeField(null=True)
    # {"0": [[540, 1020]]}: minutes of each weekday by the clock of their zone; empty: they have not said
    shift = models.JSONField(default=dict)
    leave = models.JSONField(default=list)  # [["2026-12-24", "2026-12-31"]]: first and last day
    languages = models.JSONField(default=list)  # codes of those they answer in

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AgentManager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="agent_density_known", condition=models.Q(density__in=list(Density))),
            models.CheckConstraint(
                name="custom_role_where_role_is_custom",
                condition=models.Q(role=Role.CUSTOM, custom_role__isnull=False)
                | (~models.Q(role=Role.CUSTOM) & models.Q(custom_role__isnull=True)),
            ),
            models.CheckConstraint(
                name="availability_known", condition=models.Q(availability__in=list(Availability))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgentSession(models.Model):
    """A browser in which an agent is logged in. Its key is that of Django's session, which is what lets them in."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=20, blank=True)  # empty: not known
    system = models.CharField(max_length=20, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"session {self.pk} of {self.agent_id}"


class FactorRule(models.Model):
    """Who has to have a second factor, and how long they may take to get one; there is one row, or none."""

    ONLY = 1

    id = models.BigAutoField(primary_key=True)
    roles = models.JSONField(default=list)  # those of whom it is demanded
    grace_days = models.PositiveSmallIntegerField(default=7)

    def __str__(self) -> str:
        return "who needs a second factor"


class FirstHour(models.Model):
    """How far the first admin of a new desk has got; there is one row, or none on a desk that began otherwise."""

    ONLY = 1

    id = models.BigAutoField(primary_key=True)
    steps = models.JSONField(default=dict)  # step -> done or skipped
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"first hour since {self.begun_at:%Y-%m-%d}"


def name_of_role(agent: Agent) -> str:
    """What somebody's role is called: the code of one that every desk has, the name of one that was made here."""
    return agent.role if agent.custom_role is None else agent.custom_role.name


class Team(QuicklyMade):
    """People of one brand who answer the same conversations."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(name="team_name_once_a_brand", fields=["brand", "name"])]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """An agent belongs to a team."""

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(name="agent_once_a_team", fields=["team", "agent"])]

    def __str__(self) -> str:
        return f"{self.agent_id} in {self.team_id}"


class Skill(models.Model):
    """Something that some agents know more of than others."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class AgentSkill(models.Model):
    """An agent has a skill."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(name="skill_once_an_agent", fields=["agent", "skill"])]

    def __str__(self) -> str:
        return f"{self.skill_id} of {self.agent_id}"


class Circle(models.Model):
    """The people and teams who alone see what is restricted to them. It never changes: other people, another circle."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(
        max_length=64, unique=True
    )  # a hash of who is in it: the same people, the same circle

    def __str__(self) -> str:
        return f"circle {self.pk}"


class CircleMember(models.Model):
    """An agent, or whoever is of a team, is in a circle."""

    id = models.BigAutoField(primary_key=True)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="members")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE)
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="circle_member_is_agent_or_team",
                condition=models.Q(agent__isnull=False, team__isnull=True)
                | models.Q(agent__isnull=True, team__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"member {self.pk} of circle {self.circle_id}"


class InboxTeam(models.Model):
    """Which team gets an inbox's conversations."""

    inbox = models.OneToOneField(Inbox, primary_key=True, on_delete=models.CASCADE)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return f"{self.inbox_id} to {self.team_id}"


class Customer(QuicklyMade):
    """A person who asks, desk-wide; known by identities."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=12, blank=True)
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="customers")
    time_zone = models.CharField(max_length=60, blank=True)  # IANA
    addressed_as = models.CharField(max_length=120, blank=True)  # how they want to be spoken to
    preferred_channel = models.CharField(max_length=10, blank=True)  # empty: they did not say
    wants_no_automatic_mail = models.BooleanField(default=False)  # of any brand
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customer_not_merged_into_itself", condition=~models.Q(merged_into=models.F("id"))
            ),
            models.CheckConstraint(
                name="preferred_channel_known",
                condition=models.Q(preferred_channel__in=["", *PreferredChannel]),
            ),
        ]
        indexes = [models.Index(name="customer_by_name", fields=["name"])]  # files that name somebody else

    def __str__(self) -> str:
        return f"customer {self.pk}"


class IdentityKind(models.TextChoices):
    """What sort of address identifies a customer."""

    EMAIL = "email"


class Identity(models.Model):
    """An address that belongs to one customer."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=254)  # normalised

    class Meta:
        constraints = [
            models.UniqueConstraint(name="identity_belongs_to_one_customer", fields=["kind", "value"])
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.customer_id}"


class Tries(models.Model):
    """What limits of logging in remember, the same for all processes: Django's cache keeps it here and reads it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_column="expires")

    class Meta:
        db_table = "people_tries"
        indexes = [models.Index(name="tries_expired", fields=["expires_at"])]  # what is thrown away first

    def __str__(self) -> str:
        return self.cache_key


class Tally(models.Model):
    """How often something was done in the present stretch of time, for limits of ours that hold across processes."""

    key = models.CharField(max_length=64, primary_key=True)  # a hash of what is counted
    number = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="tally_over", fields=["ends_at"])]  # what is thrown away

    def __str__(self) -> str:
        return f"tally {self.key[:8]}"


class NameKey(models.Model):
    """A word of some customer's name under one of its keys: the word, and what is left without each letter."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=20)
    word = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(name="name_key_once_a_word", fields=["key", "word"])]

    def __str__(self) -> str:
        return f"name key {self.pk}"


class NameMark(models.Model):
    """Up to which customer names were learnt; there is one row."""

    ONLY = 1

    id = models.BigAutoField(primary_key=True)
    customer = models.BigIntegerField()

    def __str__(self) -> str:
        return f"names up to customer {self.customer}"


class CustomerMove(models.Model):
    """What went from one customer to another, when two turned out to be one person or one to be two. Can be undone."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=5)
    source = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="moves_from")
    target = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="moves_to")
    identities = models.JSONField()  # ids of those that moved
    conversations = models.JSONField()  # ids of those that followed them
    notes = models.JSONField(default=list)  # ids of the notes about them that went along
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="customer_moves")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="move_between_two_customers", condition=~models.Q(source=models.F("target"))
            ),
            models.CheckConstraint(name="move_kind_known", condition=models.Q(kind__in=list(MoveKind))),
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"


class AddressStanding(models.Model):
    """What became of our mail to an address. There is a row only where something went wrong, or was asked for, once."""

    id = models.BigAutoField(primary_key=True)
    address = models.CharField(max_length=254, unique=True)  # normalised
    soft_failures = models.PositiveIntegerField(default=0)  # passing ones, since the last mail that arrived
    failed_at = models.DateTimeField(null=True)  # the last failure of either sort
    suppressed_at = models.DateTimeField(null=True)  # nothing is sent to it since
    complained_at = models.DateTimeField(null=True)  # nothing automatic is sent to it since
    reason = models.CharField(max_length=20, blank=True)  # of being suppressed
    report = models.BigIntegerField(null=True)  # the message that reported it, where one did
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)
    lifted_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suppressed_for_a_reason",
                condition=models.Q(suppressed_at__isnull=True) | ~models.Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"standing {self.pk}"


class Unsubscription(models.Model):
    """Whoever has this address asked for no more automatic mail of a brand."""

    id = models.BigAutoField(primary_key=True)
    standing = models.ForeignKey(AddressStanding, on_delete=models.CASCADE, related_name="unsubscriptions")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="unsubscribed_once_a_brand", fields=["standing", "brand"])
        ]

    def __str__(self) -> str:
        return f"unsubscription {self.pk}"
