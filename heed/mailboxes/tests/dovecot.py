"""A real Dovecot of the tests' own: on free ports of this machine, in a folder that goes away with it."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from heed.kernel import clock
from heed.kernel.mail_words import MailSecurity
from heed.mailboxes.account import Account
from tools.machine import find_dovecot

PASSWORD = "the owl at noon"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_location = maildir:~/Maildir
first_valid_uid = 1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_max_userip_connections = 50
imap_idle_notify_interval = 30 s
mail_plugins = quota
plugin {{
  quota = maildir:User quota
  quota_rule = *:storage={quota}
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = {folder}/users
}}
{oauth}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2
}}
"""


@dataclass
class Dovecot:
    """A running server. Every name logs in with PASSWORD."""

    folder: Path
    imap: int
    pop3: int
    owner: tuple[int, int]
    line: IMAPClient | None = field(default=None)

    def account(self, user: str = "help", **more: object) -> Account:
        """An account here, by IMAP, in the clear."""
        given = {"security": MailSecurity.PLAIN, "port": self.imap, **more}
        return Account("127.0.0.1", user, **given)  # type: ignore[arg-type]  # as told

    def maildir(self, user: str = "help") -> Path:
        """Where the mail of a user lies."""
        return self.folder / "mail" / user / "Maildir"

    @contextmanager
    def looked_into(self, user: str = "help", folder: str = "INBOX") -> Iterator[IMAPClient]:
        """What a person sees who opens the mailbox with another program."""
        with IMAPClient("127.0.0.1", self.imap, ssl=False, timeout=20) as line:
            line.login(user, PASSWORD)
            if folder:
                line.select_folder(folder)
            yield line

    def put(
        self,
        *raws: bytes,
        user: str = "help",
        folder: str = "INBOX",
        at: datetime | None = None,
        seen: bool = False,
    ) -> None:
        """Mails arrive."""
        with self.looked_into(user, "") as line:
            for raw in raws:
                line.append(folder, raw, flags=[b"\\Seen"] if seen else [], msg_time=at or clock.now())

    def new_mails(self, user: str = "help") -> Path:
        """Where a mail server puts files for this user."""
        folder = self.maildir(user) / "new"
        if not folder.exists():
            with self.looked_into(user):
                pass  # its first log-in makes the folders
            for part in ("cur", "new", "tmp"):
                (folder.parent / part).mkdir(exist_ok=True)
                os.chown(folder.parent / part, *self.owner)
        return folder

    def deliver(self, folder: Path, raw: bytes) -> None:
        """Deliver a mail as mail servers do, by a file."""
        seconds, rest = divmod(time.time_ns(), 1_000_000_000)
        name = f"{seconds}.M{rest // 1000:06}P{os.getpid()}.here"  # it numbers them in the order of this
        path = folder.parent / "tmp" / name
        path.write_bytes(raw)
        os.chown(path, *self.owner)
        path.rename(folder / f"{name},S={len(raw)}")

    def count(self, user: str = "help", folder: str = "INBOX") -> int:
        """How many mails stand in a folder."""
        with self.looked_into(user, "") as line:
            return int(line.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def unseen(self, user: str = "help", folder: str = "INBOX") -> int:
        """How many of them nobody has read."""
        with self.looked_into(user, "") as line:
            return int(line.folder_status(folder, ["UNSEEN"])[b"UNSEEN"])

    def empty(self) -> None:
        """Forget all mail."""
        for path in (self.folder / "mail").iterdir():
            shutil.rmtree(path)

    def new_validity(self, user: str = "help") -> None:
        """Let the INBOX lose its numbers, as after a restored backup."""
        for path in self.maildir(user).glob("dovecot*"):
            path.unlink()
        (self.maildir(user) / "dovecot-uidlist").write_text("3 V4242 N1 G0123456789abcdef0123456789abcdef\n")
        os.chown(self.maildir(user) / "dovecot-uidlist", *self.owner)


@contextmanager
def dovecot(
    *, quota: str = "1G", introspection: str = "", tls: tuple[Path, Path] | None = None
) -> Iterator[Dovecot]:
    """Start one, and stop it. Introspection: the URL that says whether an OAuth token is good."""
    program = find_dovecot()
    assert program is not None, "tests need dovecot-imapd and dovecot-pop3d"
    folder = Path(tempfile.mkdtemp(prefix="heed-dovecot-"))
    folder.chmod(0o755)
    is_root = os.geteuid() == 0
    owner = mail_owner()
    server = Dovecot(folder, free_port(), free_port(), owner)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", *owner)
    (folder / "users").write_text(
        "".join(f"{name}:{{PLAIN}}{PASSWORD}\n" for name in USERS), encoding="utf-8"
    )
    (folder / "oauth2").write_text(
        f"introspection_mode = auth\nintrospection_url = {introspection}\nusername_attribute = username\n"
        "active_attribute = active\nactive_value = true\ntokeninfo_url = \n"
    )
    me = getpass.getuser()
    (folder / "dovecot.conf").write_text(
        CONFIG.format(
            folder=folder,
            ssl="yes" if tls else "no",
            certificate=f"ssl_cert = <{tls[0]}\nssl_key = <{tls[1]}" if tls else "",
            internal="dovecot" if is_root else me,
            login="dovenull" if is_root else me,
            group="dovecot" if is_root else os.getegid(),
            quota=quota,
            oauth=OAUTH.format(folder=folder) if introspection else "",
            uid=owner[0],
            gid=owner[1],
            imap=server.imap,
            pop3=server.pop3,
        ),
        encoding="utf-8",
    )
    process = subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"], stderr=subprocess.PIPE)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def mail_owner() -> tuple[int, int]:
    """Who owns mails: us, or, since mail servers refuse to work for root, the user that Debian's Exim brings."""
    if os.geteuid():
        return os.geteuid(), os.getegid()
    try:
        found = pwd.getpwnam("Debian-exim")
    except KeyError:
        found = pwd.getpwnam("nobody")
    return found.pw_uid, found.pw_gid


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


USERS = ("help", "workshop", "hello", "other", "dalia")


def _wait(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        try:
            with server.looked_into():
                return
        except OSError:
            time.sleep(0.05)
        if process.poll() is not None:
            break
    said = (server.folder / "log").read_text() if (server.folder / "log").exists() else ""
    raise AssertionError(
        f"Dovecot does not start: {said[-2000:]} {process.stderr and process.stderr.read()!r}"
    )
