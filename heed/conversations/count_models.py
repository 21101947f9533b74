"""Count: how long the lists of the menu are, as the reader keeps it."""

from django.db import models

from heed.people.models import Agent, Circle, Team


class Count(models.Model):
    """How many conversations of a team and assignee have a status; kept by the reader, recounted by heed check."""

    key = models.CharField(
        max_length=60, primary_key=True
    )  # team:assignee:status, and :circle of what is restricted
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)
    assignee = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE)
    status = models.CharField(max_length=10)
    circle = models.ForeignKey(Circle, null=True, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(name="count_of_team", fields=["team", "status"]),
            models.Index(name="count_of_assignee", fields=["assignee", "status"]),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.number}"
