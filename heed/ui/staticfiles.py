"""Static files in memory: hashed names, made from the files as they are when they are first asked for.

Nothing is collected into a folder, so there is no step to forget and nothing that two processes could write at
once. `heed serve` asks before it starts its children, and they share what it found.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

OURS: Final = "heed/"
# The files of others that pages use; packages bring more.
LIBRARIES: Final = frozenset({"django_htmx/htmx-2.min.js", "django_prose_editor/editor.js"})
_SOURCE_MAP: Final = re.compile(rb"^//# sourceMappingURL=.*$", re.MULTILINE)

# What a browser need not fetch of a script of ours: lines of comment, comments behind three blanks, indentation.
_REMARKS: Final = re.compile(rb"^[ \t]*//.*\n|^[ \t]+|[ \t]{3}//[^\n'\"`]*$", re.MULTILINE)


class StaticFiles(ManifestFilesMixin, InMemoryStorage):  # type: ignore[misc]  # both are storages; the mixin's stubs say another one
    """Finds every static file, and gives each a name that changes with its content."""

    support_js_module_import_aggregation = True
    keep_intermediate_files = False

    def __init__(self, **options: Any) -> None:
        super().__init__(base_url="/static/", **options)
        self._found = self._is_handed_over = False

    def stored_name(self, name: str) -> str:
        """The hashed name of a file."""
        self.find()
        return str(super().stored_name(name))

    def find(self) -> None:
        """Read all files, once."""
        if self._found:
            return
        self._found = True
        paths = {}
        for finder in get_finders():
            for path, storage in finder.list(["tests", ".*", "*~"]):
                if path not in paths and (path.startswith(OURS) or path in LIBRARIES):
                    paths[path] = (self, path)
                    with storage.open(path) as file:
                        content = file.read()
                    if path in LIBRARIES:  # their sources are not ours to serve
                        content = _SOURCE_MAP.sub(b"", content)
                    elif path.endswith(".js"):
                        content = _REMARKS.sub(b"", content)
                    self.save(path, ContentFile(content))
        for _, _, processed in self.post_process(paths):
            if isinstance(processed, Exception):
                raise processed

    def handed_over(self) -> Iterator[tuple[str, bytes, bool]]:
        """Every file under its own name and under its hashed one: name, bytes, whether the name is hashed.

        They are held here no longer: who answers requests keeps them. Names stay known; once more, all is read again.
        """
        self._found = self._found and not self._is_handed_over
        self.find()
        self._is_handed_over = True
        for plain, hashed in self.hashed_files.items():
            with self.open(hashed) as file:
                content = file.read()
            for name in {plain, hashed}:
                self.delete(name)
            yield plain, content, False
            yield hashed, content, True
