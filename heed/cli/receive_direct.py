"""Keeps a mail from a pipe when no desk listens: slower, since it loads the desk for this one mail."""

import importlib
import os


def store(raw: bytes, *, to: str, sender: str) -> int:
    """Keep the mail durably; a worker reads it once the desk runs. The answer is an exit code of sysexits.h."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heed.project.settings")
    importlib.import_module("django").setup()
    receipts = importlib.import_module("heed.intake.receipts")  # its models need the apps to be ready
    keeper = receipts.InboxKeeper()
    if not keeper.accepts(to):
        return os.EX_NOUSER
    keeper.keep(receipts.accepted_now(raw, mail_from=sender, recipients=[to]))
    return os.EX_OK
