"""Whatever intake may decide about a mail has words."""

import pytest

from heed.channels.email.errors import Unreadable
from heed.channels.email.parse import parse
from heed.intake.explain import Place, in_words, places
from heed.intake.limits import LIMITS
from heed.intake.tests.letters import letter, received
from heed.kernel.config import config
from heed.kernel.words import Because, Confidence, Flag, JoinedBy, LinkReason
from heed.testing.world import World


def test_a_mail_that_joins_by_its_number_is_explained(world: World) -> None:
    first = received(world, letter("a@x"))
    [place] = places(letter("b@x", subject=f"Still broken, #{first.conversation_id}"))
    assert (place.conversation, place.joined_by) == (first.conversation_id, JoinedBy.NUMBER)
    assert "takes part" in in_words([place])[0].why


@pytest.mark.parametrize("way", JoinedBy)
def test_every_way_to_join_has_words(way: JoinedBy) -> None:
    assert in_words([Place("Linden", 1, way)])[0].why


@pytest.mark.parametrize("reason", LinkReason)
@pytest.mark.parametrize("flag", Flag)
def test_every_link_and_flag_has_words(reason: LinkReason, flag: Flag) -> None:
    place = Place("Linden", None, JoinedBy.NEW, flag, linked=1, link_reason=reason)
    assert all(sight.sees for sight in in_words([place]))


def test_a_mail_is_read_within_the_limits_of_the_settings() -> None:
    assert (LIMITS.parts, LIMITS.depth) == (config.mail_parts, config.mail_depth)
    parts = b"--b\r\n\r\nx\r\n" * (config.mail_parts + 1)
    with pytest.raises(Unreadable):
        parse(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--\r\n", LIMITS)


@pytest.mark.parametrize("because", Because)
@pytest.mark.parametrize("confidence", [one for one in Confidence if one])
def test_every_confidence_and_reason_has_words(confidence: Confidence, because: Because) -> None:
    place = Place("Linden", 1, JoinedBy.NEW, confidence=confidence, because=because, writer="a@example.org")
    [said] = [sight for sight in in_words([place]) if sight.about == "identity"]
    assert "{" not in said.sees
    assert said.why or because is Because.NONE


def test_a_mail_is_explained_with_how_sure_the_desk_would_be(world: World) -> None:
    received(world, letter("a@x"))
    [place] = places(letter("b@x", refers=["a@x"]))
    assert (place.confidence, place.because) == (Confidence.LIKELY, Because.THREAD)
    assert place.writer == "Dalia Haddad <dalia@example.org>"
    [stranger] = places(letter("c@x", sender="amara@desk.example"))
    assert stranger.confidence == Confidence.FORGED_OURS
