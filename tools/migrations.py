"""Write migrations that import no code of ours: `python -m tools.migrations conversations --name add_tone`.

Takes what Django's makemigrations takes. Enum members become their plain values, since a migration must stay
true when the enum changes.
"""

import enum
import os
import sys

import django
from django.core.management import execute_from_command_line
from django.db.migrations.serializer import BaseSerializer, serializer_factory
from django.db.migrations.writer import MigrationWriter


class PlainValue(BaseSerializer):
    """Writes an enum member as its value."""

    def serialize(self) -> tuple[str, set[str]]:
        """Give the source text and the imports it needs."""
        text, imports = serializer_factory(self.value.value).serialize()
        return str(text), set(imports)


def main() -> None:
    """Run makemigrations with our way of writing enums."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heed.project.settings")
    django.setup()
    MigrationWriter.register_serializer(enum.Enum, PlainValue)
    execute_from_command_line(["heed", "makemigrations", *sys.argv[1:]])


if __name__ == "__main__":
    main()
