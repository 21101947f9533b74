"""What building a wheel does beside copying files: the interface's catalogues go along compiled."""

import importlib
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[misc]  # hatchling is there only while a wheel is built
    """Compiles each catalogue that changed, beside it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before files are collected; the project is no installed package here."""
        sys.path.insert(0, self.root)
        catalogues = importlib.import_module("heed.kernel.catalogues")
        catalogues.compile_missing(catalogues.catalogues(), own=Path(self.directory) / "locale")
