"""Servers that tests of this room share, started when the first one asks for them."""

from collections.abc import Iterator

import pytest

from heed.mailboxes.tests.dovecot import Dovecot, dovecot


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One for all tests of a process."""
    with dovecot() as server:
        yield server


@pytest.fixture
def post(dovecot_server: Dovecot) -> Dovecot:
    """The same, with empty mailboxes."""
    dovecot_server.empty()
    return dovecot_server


@pytest.fixture
def full_post() -> Iterator[Dovecot]:
    """A server whose mailboxes hold 100 KB."""
    with dovecot(quota="100K") as server:
        yield server
