"""Who may do what others may not: each exception with its reason. A new entry needs a good one."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

# Places where anything that goes wrong is caught, kept and shown, so that one bad mail stops nobody else's.
BORDERS = {
    "heed/eventlog/reader.py": "a consumer that raises has its event parked; the others go on",
    "heed/cli/worker.py": "the worker loop: work that raises is tried again later, then parked",
    "heed/delivery/work.py": "a mail that can't be sent is tried again later, then shown as failed",
    "heed/live/tail.py": "the thread that follows the log for every stream; it rests a second and goes on",
    "heed/intake/work.py": "a mail that can't be read is parked with its reason",
    "heed/mailboxes/visiting.py": "a mailbox that can't be read is reported with its reason; the others go on",
    "heed/cli/main.py": "the outermost command: what is known is said in one sentence, the rest raised again",
    "heed/cli/processes.py": "a child process ends here, whatever happened in it",
    "heed/cli/receive.py": "the pipe of a mail server: it keeps the mail and tries again later",
    "heed/channels/email/listener_*.py": "the outermost command of a mail server: it tries again later",
    "heed/channels/email/authentication/own.py": "libraries that check signatures raise anything on hostile mail",
    "heed/files/*child.py": "a process of its own for one file of a stranger: libraries raise anything on it",
    "heed/paper/child.py": "a process of its own that draws one PDF: libraries raise anything on images",
    "heed/kernel/html/*.py": "parsers panic on hostile mail, some not even with an Exception",
}

# Modules that may reach the network.
NETWORK = {
    "heed/kernel/outbound/*.py": "the only way out: refuses to work inside a verb or a consumer",
    "heed/channels/email/listener*.py": "takes mail in",
    "heed/channels/email/pipe.py": "hands a mail over to the listener of a running desk",
    "heed/cli/sockets.py": "opens the ports that `heed serve` listens on",
}
NETWORK_MODULES = (
    "socket", "smtplib", "imaplib", "poplib", "ftplib", "http.client", "urllib.request",
    "dns", "httpx2", "httpx", "requests", "urllib3", "aiosmtpd", "imapclient",
)  # fmt: skip

# Modules that may read the environment of the process.
ENVIRONMENT = {
    "heed/kernel/config.py": "reads every setting, once",
    "heed/cli/receive.py": "starts once a mail, and a wrong setting of the desk may bounce none: HEED_LMTP",
    "heed/cli/options.py": "an option of the command line is a setting for this run",
}

# The one place that asks the machine what time it is.
CLOCK = "heed/kernel/clock.py"

# Rooms whose files may hold SQL beside queries.py: they are the ground that queries stand on.
SQL_ROOMS = frozenset({"kernel", "eventlog"})
SQL_FILES = frozenset({"queries.py", "sql.py", "search.py"})


def granted(path: str, places: Iterable[str]) -> bool:
    """Whether a file is among these places, which may hold wildcards."""
    return any(fnmatchcase(path, place) for place in places)
