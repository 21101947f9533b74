"""A real Exim of the tests' own: takes mail by SMTP on a free port and delivers it into a Dovecot's mailboxes.

It can ask for a name and password, and hand one domain's mail on by LMTP.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from heed.mailboxes.tests.dovecot import PASSWORD, USERS, Dovecot, free_port
from tools.machine import find_exim

CONFIG = """
primary_hostname = post.linden.example
spool_directory = {folder}/spool
log_file_path = {folder}/log-%slog
pid_file_path = {folder}/pid
exim_user = {user}
exim_group = {group}
never_users =
keep_environment =
deliver_drop_privilege = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
{tls}
acl_smtp_rcpt = {recipients}
acl_smtp_data = accept
domainlist local_domains = linden.example : example.org : kestrel.example
begin acl
accept:
  accept
known:
  accept authenticated = *
  deny message = authenticate first
begin routers
{handing_on}
local:
  driver = accept
  domains = +local_domains
  local_parts = lsearch;{folder}/names
  local_part_suffix = +*
  local_part_suffix_optional
  transport = maildir
begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = {mail}/$local_part_data/Maildir
  create_directory
  delivery_date_add
  envelope_to_add
  return_path_add
  mode = 0600
by_lmtp:
  driver = smtp
  protocol = lmtp
  port = {lmtp}
  allow_localhost
begin retry
* * F,2h,1s
"""
BARE = "tls_advertise_hosts ="
TLS = """tls_advertise_hosts = *
tls_certificate = {certificate}
tls_privatekey = {key}"""
LOG_IN = """begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{{password}}}}}
  server_set_id = $auth2
  server_advertise_condition = {where}
"""
UNDER_TLS = "${if def:tls_in_cipher}"
HANDED_ON = """
heed:
  driver = manualroute
  domains = linden.example
  transport = by_lmtp
  route_list = * 127.0.0.1
  self = send
"""


@contextmanager
def exim(
    post: Dovecot, *, tls: tuple[Path, Path] | None = None, password: str = "", lmtp: int = 0
) -> Iterator[int]:
    """Start one, and stop it; gives its port. It delivers into the Dovecot, to the name before @.

    With a certificate and its key it has STARTTLS, and then a log-in by PASSWORD. With a password of its own nobody may
    send without it, and it is asked for in the clear. With a port of LMTP, mail to linden.example is handed on there.
    """
    program = find_exim()
    assert program is not None, "tests need exim4-daemon-light"
    folder = Path(tempfile.mkdtemp(prefix="heed-exim-"))
    folder.chmod(0o755)
    (folder / "spool").mkdir()
    for path in (folder, folder / "spool"):
        os.chown(path, *post.owner)
    (folder / "names").write_text(
        "".join(f"{name}: {name}\n" for name in USERS), encoding="utf-8"
    )  # names it trusts
    port = free_port()
    (folder / "exim.conf").write_text(
        CONFIG.format(
            folder=folder,
            user=post.owner[0],
            group=post.owner[1],
            port=port,
            mail=post.folder / "mail",
            tls=_secured(folder, tls, post.owner) if tls else BARE,
            recipients="known" if password else "accept",
            handing_on=HANDED_ON if lmtp else "",
            lmtp=lmtp or 24,
        )
        + (LOG_IN.format(password=PASSWORD, where=UNDER_TLS) if tls else "")
        + (LOG_IN.format(password=password, where="yes") if password else ""),
        encoding="utf-8",
    )
    command = [program, "-C", str(folder / "exim.conf"), "-bdf", "-q1s"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _secured(folder: Path, tls: tuple[Path, Path], owner: tuple[int, int]) -> str:
    """Its certificate, where it may read it."""
    own = []
    for number, path in enumerate(tls):
        copy = folder / f"tls-{number}.pem"
        copy.write_bytes(path.read_bytes())
        os.chown(copy, *owner)
        own.append(copy)
    return TLS.format(certificate=own[0], key=own[1])


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
        if process.poll() is not None:
            break
    raise AssertionError(f"Exim does not start: {process.stderr and process.stderr.read()!r}")
