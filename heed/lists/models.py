"""Views that people make, and changes to many conversations at once, kept so that they can be taken back."""

from django.db import models
from django.db.models import Q

from heed.conversations.models import Conversation
from heed.lists.codes import BulkKind, PartState, ViewOrder
from heed.people.models import Agent, Team

KEPT = Q(deleted_at__isnull=True)


class View(models.Model):
    """A list by a filter, in an order, that an agent made for themselves or for a team."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Agent, on_delete=models.CASCADE)
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE)  # null: nobody else's
    name = models.CharField(max_length=80)
    filter = models.TextField(blank=True)  # as the filter language writes it
    order = models.CharField(max_length=10, default=ViewOrder.DUE)
    shown = models.JSONField(default=list)  # what each row tells beside the rest: heed.lists.codes.RowFact
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)  # can be brought back for a while

    class Meta:
        constraints = [
            models.CheckConstraint(name="view_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="view_order_known", condition=Q(order__in=list(ViewOrder))),
        ]
        indexes = [
            models.Index(name="view_of_owner", fields=["owner", "name"], condition=KEPT),
            models.Index(name="view_of_team", fields=["team", "name"], condition=KEPT),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"


class ViewName(models.Model):
    """A row that a view names: a team, tag, person, topic or the like. Where it is renamed, the view says so too."""

    id = models.BigAutoField(primary_key=True)
    view = models.ForeignKey(View, on_delete=models.CASCADE, related_name="names")
    field = models.CharField(max_length=20)  # heed.conversations.filters.Field
    row = models.BigIntegerField()  # the key of what is named
    value = models.CharField(max_length=1_000)  # as the filter writes it

    class Meta:
        constraints = [
            models.UniqueConstraint(name="view_names_once", fields=["view", "field", "row", "value"])
        ]
        indexes = [models.Index(name="view_naming_row", fields=["field", "row"])]

    def __str__(self) -> str:
        return f"{self.field} {self.row} in view {self.view_id}"


class BulkChange(models.Model):
    """One thing that an agent does to many conversations, step by step; see its parts."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=600, blank=True)  # what to: a key, a code, an instant, a tag's name
    key = models.CharField(max_length=64)  # the form's: a retried request begins nothing anew
    begun_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)  # when taking back began; no step forward follows

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bulk_begun_once", fields=["agent", "key"]),
            models.CheckConstraint(name="bulk_kind_known", condition=Q(kind__in=list(BulkKind))),
        ]

    def __str__(self) -> str:
        return f"bulk change {self.pk}"


class BulkPart(models.Model):
    """What became of one conversation in a bulk change, and how it stood before."""

    id = models.BigAutoField(primary_key=True)
    bulk = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="parts")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, default=PartState.WAITING)
    reason = models.CharField(max_length=40, blank=True)  # of one that was left: the error's code
    before = models.JSONField(default=dict)  # the fields that were changed, as they were
    after_event = models.BigIntegerField(default=0)  # the newest event when it was held
    changes = models.PositiveSmallIntegerField(default=0)  # events of ours that followed it

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bulk_part_once", fields=["bulk", "conversation"]),
            models.CheckConstraint(name="bulk_part_state_known", condition=Q(state__in=list(PartState))),
        ]
        indexes = [models.Index(name="bulk_part_next", fields=["bulk", "state", "id"])]

    def __str__(self) -> str:
        return f"part {self.pk} of {self.bulk_id}"
