"""A row that is made quickly is the one that Django would have made."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from heed.conversations.models import Conversation, Message
from heed.kernel import clock
from heed.kernel.making import QuicklyMade

QUICK = [model for model in apps.get_models() if issubclass(model, QuicklyMade)]


def django_made(model: type[models.Model], **values: Any) -> models.Model:
    """What it is without our part in it."""
    row = model.__new__(model)
    models.Model.__init__(row, **values)
    return row


def state(row: models.Model) -> dict[str, Any]:
    """All that stands in it."""
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    return {**own, "_state": {**vars(row._state), "fields_cache": dict(row._state.fields_cache)}}


@pytest.mark.parametrize("model", QUICK, ids=lambda model: model.__name__)
def test_what_is_not_given_is_what_django_would_take(model: type[models.Model]) -> None:
    assert state(model(pk=5)) == state(django_made(model, pk=5))
    assert vars(model())["_state"].adding


def test_what_is_given_is_set_rows_and_their_numbers_alike() -> None:
    now, conversation = clock.now(), Conversation(pk=7, subject="Owl")
    given: dict[str, Any] = {
        "conversation": conversation,
        "at": now,
        "customer_id": 3,
        "to": [["", "a@b.example"]],
    }
    made = Message(**given)
    assert state(made) == state(django_made(Message, **given))
    assert (made.conversation, made.conversation_id, made.customer_id) == (conversation, 7, 3)
    assert Message(conversation_id=7, agent=None).agent is None


def test_rows_share_no_list() -> None:
    one, two = Message(subject="one"), Message(subject="two")
    one.to.append(["", "a@b.example"])
    assert list(two.to) == []


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="sender"):
        Message(sender="a@b.example")  # type: ignore[misc]  # what this is about


@pytest.mark.parametrize("model", QUICK, ids=lambda model: model.__name__)
def test_a_row_that_was_read_is_the_one_that_django_reads(model: type[models.Model]) -> None:
    names = [field.attname for field in model._meta.concrete_fields]
    for some in (names, names[:3]):  # all of it; a part, and the rest when somebody asks
        values = list(range(len(some)))
        django: models.Model = models.Model.from_db.__func__(model, "default", some, values)  # type: ignore[attr-defined]  # a class method's function
        read = model.from_db("default", some, values)
        assert state(read) == state(django)
        assert read.get_deferred_fields() == django.get_deferred_fields()
