"""Secrets that a command needs: from the environment, else asked for in the terminal without showing them."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from heed.cli.options import secret
from heed.cli.problem import Problem


def hidden(question: str, *, variable: str) -> str:
    """What the variable holds, else what is typed. Raises Problem when there is neither."""
    found = secret(variable)
    if found is not None:
        return found
    _need_terminal(question, variable)
    return getpass.getpass(f"{question}: ")


def new_password(address: str, *, variable: str) -> str:
    """A password for who will log in with this address, typed twice. Raises Problem, also for a weak one."""
    password = secret(variable)
    if password is None:
        question = f"Password for {address}"
        _need_terminal(question, variable)
        password = getpass.getpass(f"{question}: ")
        if getpass.getpass("The same again: ") != password:
            raise Problem("the two were not the same; nothing was made.")
    try:
        validate_password(password)
    except ValidationError as weak:
        raise Problem(f"this password can't be used. {' '.join(weak.messages)}") from None
    return password


def _need_terminal(question: str, variable: str) -> None:
    if not sys.stdin.isatty():
        raise Problem(f"nobody can be asked here: {question}? Set {variable}, or run this in a terminal.")
