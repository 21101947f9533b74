"""Rows about who looks at a conversation: how far somebody read, who is there now, whom a note calls to it."""

from django.db import models
from django.db.models import Q

from heed.kernel.words import PresenceKind
from heed.people.models import Agent, Team


class Seen(models.Model):
    """How far an agent has read a conversation. Never in the log."""

    id = models.BigAutoField(primary_key=True)
    # The constraint's index serves it as well; beside an index of its own PostgreSQL read all that an agent ever saw.
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, db_index=False)
    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE)
    message_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="seen_once_an_agent", fields=["agent", "conversation"])]

    def __str__(self) -> str:
        return f"{self.agent_id} saw {self.conversation_id}"


class Presence(models.Model):
    """An agent has a conversation open, or writes in it, as said at this instant. Never logged, gone in a minute."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="presence_once_a_kind", fields=["agent", "conversation", "kind"]),
            models.CheckConstraint(name="presence_kind_known", condition=Q(kind__in=list(PresenceKind))),
        ]
        indexes = [models.Index(name="presence_by_time", fields=["said_at"])]  # the live stream's look

    def __str__(self) -> str:
        return f"{self.agent_id} {self.kind} {self.conversation_id}"


class Mention(models.Model):
    """A note calls an agent or a team."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey("conversations.Message", on_delete=models.CASCADE, related_name="mentions")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    words = models.CharField(max_length=130)  # as they stand in the note, without @: names change

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agent_mentioned_once_a_note", fields=["message", "agent"]),
            models.UniqueConstraint(name="team_mentioned_once_a_note", fields=["message", "team"]),
            models.CheckConstraint(
                name="mention_of_agent_or_team",
                condition=Q(agent__isnull=True, team__isnull=False)
                | Q(agent__isnull=False, team__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="mention_of_agent", fields=["agent", "-id"]),
            models.Index(name="mention_of_team", fields=["team", "-id"]),
        ]

    def __str__(self) -> str:
        return f"mention {self.pk}"
