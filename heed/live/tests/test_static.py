"""Static files come from memory: compressed, and kept by browsers for as long as their name holds."""

import asyncio
import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

from heed.live.static import Message, Static

STATIC = Path(__file__).resolve().parents[2] / "ui/static"
FILES = (
    ("heed/a.css", b"p{}" * 400, False),
    ("heed/a.0123.css", b"p{}" * 400, True),
    ("heed/dot.png", b"x" * 900, True),
)


def ask(name: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asked = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    asyncio.run(Static(FILES)(name, {"method": method, "headers": asked}, send))
    start, body = sent
    return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body["body"]


def test_a_hashed_name_is_kept_for_ever_and_a_plain_one_is_asked_for_again() -> None:
    status, headers, body = ask("heed/a.0123.css")
    assert (status, body) == (200, b"p{}" * 400)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert ask("heed/a.css")[1]["cache-control"] == "no-cache"


def test_text_is_sent_compressed_to_those_who_take_it() -> None:
    _, headers, body = ask("heed/a.css", accept_encoding="br, gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == b"p{}" * 400
    assert int(headers["content-length"]) == len(body) < 200
    assert "content-encoding" not in ask("heed/a.css")[1]
    assert "content-encoding" not in ask("heed/dot.png", accept_encoding="gzip")[1]


def test_what_has_not_changed_is_not_sent_again() -> None:
    _, headers, _ = ask("heed/a.css")
    status, _, body = ask("heed/a.css", if_none_match=f'W/{headers["etag"]}, "other"')
    assert (status, body) == (304, b"")
    assert ask("heed/a.css", if_none_match='"other"')[0] == 200


def test_head_has_the_length_without_the_bytes() -> None:
    status, headers, body = ask("heed/a.css", method="HEAD")
    assert (status, headers["content-length"], body) == (200, "1200", b"")


@pytest.mark.parametrize(("name", "method", "status"), [
    ("heed/none.css", "GET", 404), ("../settings.py", "GET", 404), ("", "GET", 404), ("heed/a.css", "POST", 405),
])  # fmt: skip
def test_anything_else_is_refused(name: str, method: str, status: int) -> None:
    assert ask(name, method=method)[0] == status


def test_pages_link_to_hashed_names_and_modules_import_them() -> None:
    assert re.fullmatch(r"/static/heed/tokens\.[0-9a-f]{12}\.css", static("heed/tokens.css"))
    storage = staticfiles_storage
    given = storage.handed_over()  # type: ignore[attr-defined]  # our own storage, chosen in the settings
    files = {one: content for one, content, _ in given}
    name = static("heed/desk.js").removeprefix("/static/")
    imported = re.findall(rb'from\s*"\./([^"]+)"', files[name])
    assert imported
    for module in imported:
        assert f"heed/{module.decode()}" in files
        assert re.search(rb"\.[0-9a-f]{12}\.js$", module)


def test_scripts_go_out_without_remarks_and_with_every_line_of_code() -> None:
    given = staticfiles_storage.handed_over()  # type: ignore[attr-defined]  # our own storage, chosen in the settings
    ours = {name: content for name, content, is_hashed in given if not is_hashed and name.startswith("heed/")}
    served = {name: content.decode() for name, content in ours.items() if name.endswith(".js")}
    assert len(served) > 10
    for name in served:
        written = (STATIC / name).read_text(encoding="utf-8")
        assert "`" not in re.sub(r"`[^`\n]*`", "", written), (
            f"{name}: a text of several lines loses its indentation"
        )
        lines = [line.strip() for line in written.splitlines()]
        code = [line for line in lines if line and not line.startswith("//")]
        sent = [line for line in served[name].splitlines() if line]
        assert len(sent) == len(code), name
        for before, after in zip(code, sent, strict=True):
            cut = before.split("   //")[0]
            assert after in (before, cut) or "import" in before, name  # their names are the hashed ones
