"""docs/events.md says what the code does."""

from pathlib import Path

import pytest

from heed import flow
from heed.cli import explain
from heed.cli.main import main
from heed.eventlog.kinds import (
    KINDS,
    BrandChanged,
    ConversationAssigned,
    ConversationDueChanged,
    Kind,
    MailDownloaded,
    MessageReceived,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "events.md"


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == explain.markdown(), (
        "heed explain --markdown > docs/events.md"
    )


def test_each_kind_is_explained_with_its_fields_and_hearers(capsys: pytest.CaptureFixture[str]) -> None:
    for name, kind in KINDS.items():
        assert main(["explain", name]) == 0
        words = capsys.readouterr().out
        assert words.startswith(f"{name}: ")
        assert all(f"  {field}: " in words for field, _, _ in explain.payload(kind))
        assert [c.name for c in flow.CONSUMERS if c.name in words.splitlines()[-1]] == explain.hearers(kind)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ConversationAssigned, "The timeline of its conversation says it to everybody who sees that."),
        (MailDownloaded, "The timeline of its conversation says it to leads and admins alone."),
        (ConversationDueChanged, "No timeline says it."),
        (BrandChanged, "No timeline says it."),
    ],
)
def test_who_reads_of_a_kind_is_said_as_timelines_have_it(
    kind: type[Kind], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["explain", kind.name])
    assert said in capsys.readouterr().out.splitlines()


def test_an_unknown_kind_is_said_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "message.lost"]) == 1
    assert "no kind 'message.lost'" in capsys.readouterr().err
    assert main(["explain"]) == 0
    assert MessageReceived.name in capsys.readouterr().out
