"""Loading that is cut off, called twice, disturbed or refused."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from heed.conversations import fold
from heed.conversations.models import Conversation, Message
from heed.demo import company, load, logins
from heed.demo.content import PLAYED
from heed.demo.play import Disturbed, turns
from heed.intake.models import Receipt
from heed.kernel import clock
from heed.people.actions import add_brand
from heed.people.policy import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_home")]
NOW = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)
KEYS = ("data-export", "factura-autonoma", "card-address", "broken-form", "unusual-payment", "falscher-name")
FEW = tuple(story for story in PLAYED if story.key in KEYS)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short play: what fails, bounces, sleeps, breaks, begins and is sorted. What furnishes the desk is about all."""
    assert len(FEW) == len(KEYS)
    monkeypatch.setattr(load, "PLAYED", FEW)
    monkeypatch.setattr(load, "furnish", lambda: None)


class PowerCut(BaseException):
    """Nothing runs after it."""


@pytest.mark.parametrize("is_noted", [True, False], ids=["after the note", "before the note"])
def test_cut_off_after_every_single_step_it_goes_on_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch, is_noted: bool
):
    """Before the note: a step was committed, but not yet noted as done, so it is played again."""
    keep, seen = load.Progress.keep, set()

    def until_the_cut(progress: load.Progress) -> None:
        is_first = progress.done not in seen
        seen.add(progress.done)
        if is_noted or not is_first or not progress.done:
            keep(progress)
        if is_first and progress.done:
            raise PowerCut

    monkeypatch.setattr(load.Progress, "keep", until_the_cut)
    steps = len(turns(FEW, NOW))
    for cut in range(steps):
        with pytest.raises(PowerCut), clock.at(NOW + timedelta(minutes=cut)):
            load.load()
    with clock.at(NOW + timedelta(hours=1)):
        assert load.load() is True
        assert load.load() is False
    assert Conversation.objects.count() == len(FEW) - 1  # one is a mail that can't be read
    written = list(chain.from_iterable(Message.objects.exclude(sent_once="").values_list("sent_once")))
    assert len(written) == len(set(written))
    keys = list(Message.objects.exclude(message_id="").values_list("message_id", flat=True))
    assert len(keys) == len(set(keys))
    hashes = list(Receipt.objects.values_list("sha256", flat=True))
    assert len(hashes) == len(set(hashes))
    assert list(fold.findings()) == []


def test_a_cut_before_the_first_brand_begins_anew(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as broken, pytest.raises(PowerCut), clock.at(NOW):
        broken.setattr(company, "found", _cut)
        load.load()
    assert logins.logins() == []
    with clock.at(NOW):
        assert load.load() is True


def _cut(*_: object) -> None:
    raise PowerCut


def test_a_desk_in_use_is_left_alone():
    add_brand("Linden Bikes", slug="linden", language="en", time_zone="UTC", by=SYSTEM)
    with pytest.raises(load.NotEmpty):
        load.load()
    assert Conversation.objects.count() == 0
    assert logins.logins() == []


def test_work_that_another_process_took_is_said_not_guessed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("heed.demo.play.work", lambda: None)  # somebody else has the mail
    with pytest.raises(Disturbed), clock.at(NOW):
        load.load()
    monkeypatch.undo()
