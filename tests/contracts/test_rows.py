"""Tables keep the house's habits: names that say what a column is. Constraints: see test_constraints."""

import re

from django.apps import apps
from django.db import models

MODELS = [model for model in apps.get_models() if model.__module__.startswith("heed.")]
DJANGOS_OWN = {"last_login"}
CONSTRAINTS = sorted(constraint.name for model in MODELS for constraint in model._meta.constraints)


def columns(kind: type[models.Field]) -> list[tuple[str, str]]:  # type: ignore[type-arg]  # any field
    return [
        (model._meta.label, field.name)
        for model in MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, kind) and field.name not in DJANGOS_OWN
    ]


def test_an_instant_is_called_at_or_until() -> None:
    dates = columns(models.DateField)
    instants = columns(models.DateTimeField)
    assert instants
    assert [column for column in instants if not re.search(r"(^|_)(at|until)$", column[1])] == []
    assert [column for column in dates if column not in instants and not column[1].endswith("_on")] == []


def test_a_duration_is_a_number_of_seconds_and_says_so() -> None:
    assert columns(models.DurationField) == []
    vague = re.compile(r"(_(time|duration|interval|timeout|age|delay|minutes|hours|ms))$")
    assert [column for column in columns(models.IntegerField) if vague.search(column[1])] == []


def test_a_yes_or_no_reads_as_one() -> None:
    asks = re.compile(r"^(is|has|can|may|was|wants)_|^[a-z]+s$")
    assert [column for column in columns(models.BooleanField) if not asks.match(column[1])] == []


def test_nothing_is_stored_twice_as_json_and_text() -> None:
    assert [column for column in columns(models.JSONField) if column[1].endswith("_json")] == []


def test_constraint_names_are_unique() -> None:
    assert len(CONSTRAINTS) == len(set(CONSTRAINTS))
