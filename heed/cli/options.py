"""Options of a command that stand for a setting: the option wins over the variable."""

import os
from collections.abc import Mapping, Sequence

LISTENING = {"--http": "HEED_HTTP", "--smtp": "HEED_SMTP", "--lmtp": "HEED_LMTP"}
SERVING = {**LISTENING, "--pages": "HEED_PAGES"}


def apply(argv: Sequence[str], names: Mapping[str, str]) -> None:
    """Put the values of these options into the environment, before the settings are read from it.

    Takes `--http X` and `--http=X`. What is malformed is left for the command itself to explain.
    """
    for position, word in enumerate(argv):
        option, equals, value = word.partition("=")
        if option not in names:
            continue
        if not equals and position + 1 < len(argv):
            value = argv[position + 1]
        if value:
            os.environ[names[option]] = value


def secret(variable: str) -> str | None:
    """A secret that a command takes from the environment, where no list of processes shows it; None when unset."""
    return os.environ.get(variable) or None
