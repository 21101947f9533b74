"""Servers that tests of this room share."""

import pytest

from heed.mailboxes.tests.conftest import dovecot_server
from heed.mailboxes.tests.dovecot import Dovecot

__all__ = ["dovecot_server"]


@pytest.fixture
def user() -> str:
    """Who has a mailbox there."""
    return "help"


@pytest.fixture
def post(dovecot_server: Dovecot) -> Dovecot:
    """The server, with whatever earlier tests left in it."""
    return dovecot_server


@pytest.fixture
def empty_post(dovecot_server: Dovecot) -> Dovecot:
    """The server, with empty mailboxes."""
    dovecot_server.empty()
    return dovecot_server
