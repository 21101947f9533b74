"""Commands about mailboxes, on a real Dovecot; and what `heed import mail` takes in."""

import json
import mailbox as standard
from pathlib import Path

import pytest

from heed.cli.main import main
from heed.conversations.models import Conversation
from heed.intake.models import Receipt
from heed.mailboxes.models import Mailbox
from heed.mailboxes.tests.conftest import dovecot_server as dovecot_server
from heed.mailboxes.tests.conftest import post as post
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.post_office import letter
from heed.testing.world import World

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def connected(world: World, post: Dovecot, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Dovecot:
    monkeypatch.setenv("HEED_MAILBOX_PASSWORD", PASSWORD)
    words = (
        f"mailbox add 127.0.0.1 --port {post.imap} --security plain --user help --inbox help@linden.example"
    )
    assert main([*words.split(), "--work-from", "2020-01-01"]) == 0
    assert PASSWORD not in capsys.readouterr().out
    return post


def said(capsys: Capture, line: str, code: int = 0) -> str:
    assert main(line.split()) == code
    printed = capsys.readouterr()
    assert PASSWORD not in printed.out + printed.err
    return printed.err if code and not printed.out else printed.out


def test_a_mailbox_is_connected_tried_listed_paused_and_removed(
    world: World, connected: Dovecot, capsys: Capture
) -> None:
    connected.put(letter(1))
    number = Mailbox.objects.get().pk
    assert "1 mails" in said(capsys, f"mailbox test {number}")
    assert "not looked at yet" in said(capsys, "mailbox list")
    world.settle()
    assert "well at" in said(capsys, "mailbox list")
    said(capsys, f"mailbox pause {number}")
    assert "paused" in said(capsys, "mailbox list")
    said(capsys, f"mailbox resume {number}")
    said(capsys, f"mailbox remove {number}")
    assert "No mailbox" in said(capsys, "mailbox list")
    assert said(capsys, f"mailbox test {number}", code=1)


def test_who_checks_senders_is_proposed_and_confirmed(
    world: World, connected: Dovecot, capsys: Capture
) -> None:
    number = Mailbox.objects.get().pk
    assert "a forged one is not noticed" in said(capsys, f"mailbox test {number}")
    assert "name it yourself" in said(capsys, f"mailbox trust {number}", code=1)
    connected.put(b"Authentication-Results: mx.post.example; dkim=none\r\n" + letter(1))
    assert f"`heed mailbox trust {number}` believes it" in said(capsys, f"mailbox test {number}")
    assert "mx.post.example" in said(capsys, f"mailbox trust {number}")
    assert Mailbox.objects.get().checked_by == "mx.post.example"
    assert "Senders are checked by mx.post.example." in said(capsys, f"mailbox test {number}")
    said(capsys, f"mailbox trust {number} mx.other.example *.post.example")
    assert Mailbox.objects.get().checked_by == "mx.other.example *.post.example"
    assert "checked_by" in said(capsys, f"mailbox trust {number} mx;forged", code=1)


def test_a_wrong_password_is_said_in_words(
    world: World, connected: Dovecot, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_MAILBOX_PASSWORD", "wrong")
    words = f"mailbox add 127.0.0.1 --port {connected.imap} --security plain --user other"
    assert main([*words.split(), "--inbox", "help@linden.example"]) == 0
    capsys.readouterr()
    number = Mailbox.objects.get(user_name="other").pk
    assert "refuses user name or password" in said(capsys, f"mailbox test {number}", code=1)
    world.settle()
    assert "FAILING" in said(capsys, "mailbox list")


def test_mailboxes_are_compared_on_demand(world: World, connected: Dovecot, capsys: Capture) -> None:
    connected.put(letter(1), letter(2))
    assert "never compared" in said(capsys, "mail reconcile --last", code=1)
    world.settle()
    assert "They agree." in said(capsys, "mail reconcile")
    with connected.looked_into() as line:
        line.delete_messages([1])
        line.expunge()
    found = json.loads(said(capsys, "mail reconcile --json", code=1))
    assert (found["there"], found["here"], found["differing"]) == (1, 1, 1)
    assert [one["reason"] for one in found["mails"]] == ["gone_there"]
    assert "somebody deleted or moved it there" in said(capsys, "mail reconcile --last", code=1)


def test_mails_of_maildir_and_mbox_come_in_once_beside_eml_files(
    world: World, tmp_path: Path, capsys: Capture
) -> None:
    box = standard.mbox(tmp_path / "Archive")
    for number in (1, 2):
        box.add(letter(number, text="From here on it squeaks."))
    box.close()
    folder = standard.Maildir(tmp_path / "Maildir")
    folder.add(letter(3))
    for flags in ("D", "ST"):
        message = standard.MaildirMessage(letter(9))
        message.set_flags(flags)
        folder.add(message)
    (tmp_path / "four.eml").write_bytes(letter(4))
    (tmp_path / "notes.txt").write_text("nothing")
    line = ["import", "mail", str(tmp_path), "--inbox", "help@linden.example"]
    assert main(line) == 0
    printed = capsys.readouterr()
    assert "4 mails were brought in" in printed.out
    assert printed.err.count("skipped:") == 3
    assert main(line) == 0
    assert "0 mails were brought in, 4 were here already" in capsys.readouterr().out
    assert Receipt.objects.count() == Conversation.objects.count() == 4
    squeaks = Conversation.objects.get(subject="Order 1").messages.get()
    assert squeaks.text == "From here on it squeaks."


def test_a_mail_of_an_mbox_that_is_too_large_is_parked(world: World, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "box"
    with path.open("wb") as file:
        file.write(b"From a@example.org Fri Nov 27 17:00:00 2026\nSubject: film\n\n")
        for _ in range(53):
            file.write((b"x" * 999 + b"\n") * 1_000)
        file.write(b"\nFrom a@example.org Fri Nov 27 17:00:00 2026\n" + letter(2).replace(b"\r\n", b"\n"))
    assert main(["import", "mail", str(path), "--inbox", "help@linden.example"]) == 0
    assert "2 mails were brought in" in capsys.readouterr().out
    assert sorted(Receipt.objects.values_list("state", flat=True)) == ["parked", "read"]
