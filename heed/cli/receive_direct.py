"""Keeps a mail from a pipe when no desk listens: slower, since it loads the desk for this one mail."""

import importlib
import os
from pathlib import Path
from types import ModuleType


def store(raw: bytes, *, to: str, sender: str) -> int:
    """Keep the mail durably; a worker reads it once the desk runs. The answer is an exit code of sysexits.h."""
    receipts = _desk("heed.intake.receipts")
    keeper = receipts.InboxKeeper()
    if not keeper.accepts(to):
        return os.EX_NOUSER
    keeper.keep(receipts.accepted_now(raw, mail_from=sender, recipients=[to]))
    return os.EX_OK


def park_large(path: str, *, to: str, sender: str) -> int:
    """Keep a mail in a file that is too large to be read, and park it. The answer is an exit code of sysexits.h."""
    if not _desk("heed.intake.receipts").InboxKeeper().accepts(to):
        return os.EX_NOUSER
    _desk("heed.intake.history").park_large(Path(path), to=to, sender=sender)
    return os.EX_OK


def _desk(module: str) -> ModuleType:
    """A module of the desk; its models need the apps to be ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heed.project.settings")
    importlib.import_module("django").setup()
    return importlib.import_module(module)
