"""What the desk must be able to read again is kept so that nobody else can."""

from dataclasses import replace

import pytest

from heed.kernel import secrets
from heed.kernel.config import config

URL = "smtps://desk:Straße?%2F@mail.example.org"


def test_what_was_sealed_is_read_again() -> None:
    assert secrets.unseal(secrets.seal(URL)) == URL
    assert secrets.unseal(secrets.seal("")) == ""


def test_nothing_of_it_shows_and_twice_the_same_looks_different() -> None:
    one, two = secrets.seal(URL), secrets.seal(URL)
    assert one != two
    assert one.isascii()
    assert "desk" not in one
    assert "example" not in one


@pytest.mark.parametrize("damaged", ["", "smtp://plain.example", "gAAAAA", "é"])
def test_what_was_not_sealed_here_is_refused(damaged: str) -> None:
    with pytest.raises(secrets.Unsealable):
        secrets.unseal(damaged)


def test_a_changed_letter_is_noticed() -> None:
    sealed = secrets.seal(URL)
    other = "A" if sealed[40] != "A" else "B"
    with pytest.raises(secrets.Unsealable):
        secrets.unseal(sealed[:40] + other + sealed[41:])


def test_another_secret_can_not_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = secrets.seal(URL)
    monkeypatch.setattr(secrets, "config", replace(config, secret="another secret of another desk"))
    with pytest.raises(secrets.Unsealable):
        secrets.unseal(sealed)
