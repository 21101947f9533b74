"""What stands behind a message: who sees it, and that nothing in it runs."""

import hashlib
import http.server
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from typing import ClassVar

import pytest

from heed.conversations.actions.answering import reply
from heed.conversations.actions.sending import mark_failed
from heed.conversations.actions.uploads import upload
from heed.conversations.incoming import StoredFile
from heed.conversations.models import Attachment, Draft, Message, RawMail
from heed.eventlog.kinds import MailDownloaded
from heed.eventlog.models import EventRow
from heed.intake.work import step as read_mails
from heed.kernel import blobs
from heed.kernel.config import config
from heed.kernel.html import clean_mail
from heed.kernel.outbound import ImageFetcher
from heed.kernel.words import DeliveryState, Direction, ParkReason
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.web.messages import proxy, views

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
LOOKERS = [
    ("amara", 200),
    ("farid", 200),
    ("edda", 200),
    ("chen", 200),
    ("bruno", 404),
    ("gita", 404),
    ("hugo", 404),
    ("nobody", 302),
]


def html_mail(world: World, html: str, *files: StoredFile) -> Message:
    row = world.conversation()
    return world.writes(row, html=clean_mail(html), files=files)


def stored(content: bytes, name: str, kind: str, content_id: str = "") -> StoredFile:
    return StoredFile(blobs.put(content), len(content), name, kind, content_id, is_inline=bool(content_id))


# HTML in its frame ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), LOOKERS)
def test_who_sees_a_conversation_sees_what_stands_behind_its_messages(
    world: World, who: str, status: int
) -> None:
    message = html_mail(world, "<p>Hello</p>")
    for part in ("html", "text"):
        assert world.colleague(who).get(f"/messages/{message.pk}/{part}/").status_code == status


def test_the_frame_runs_and_loads_nothing(world: World) -> None:
    message = html_mail(world, "<p onclick=x()>Hello<script>alert(1)</script></p>")
    answer = world.amara.get(f"/messages/{message.pk}/html/")
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["sandbox"] == "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    assert "script-src" not in policy
    page = answer.content.decode()
    assert "Hello" in page
    assert "script" not in page.replace("noscript", "")
    assert "onclick" not in page


def test_a_message_without_html_has_no_frame(world: World) -> None:
    row = world.conversation()
    assert world.amara.get(f"/messages/{world.newest_message(row)}/html/").status_code == 404


def test_its_own_images_are_shown_and_images_elsewhere_only_when_asked_for(world: World) -> None:
    html = '<img src="cid:logo@x" alt="Logo"><img src="https://images.example/a.png?u=7" alt="Offer">'
    message = html_mail(world, html, stored(PNG, "logo.png", "image/png", "logo@x"))
    own = message.attachments.get()
    page = world.amara.get(f"/messages/{message.pk}/html/").content.decode()
    assert f'src="/attachments/{own.pk}/?inline=1"' in page
    assert "images.example" not in page
    shown = world.amara.get(f"/messages/{message.pk}/html/?images=1").content.decode()
    assert f'src="/messages/{message.pk}/images/0/"' in shown
    assert "images.example" not in shown


# images from elsewhere ------------------------------------------------------------------------------------------


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A server of somebody else's images, which counts who asks."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = b"<svg/>" if "svg" in self.path else PNG
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml" if "svg" in self.path else "image/png")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of that server; the proxy may reach it, although it is on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Elsewhere.asked.clear()
    public = frozenset({ip_address("127.0.0.1")})
    fetcher = ImageFetcher(ports=frozenset({server.server_port}), counted_as_public=public)
    monkeypatch.setattr(proxy, "fetcher", fetcher)
    monkeypatch.setattr(views, "proxy", proxy.Images())
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_image_from_elsewhere_is_fetched_once_by_us(world: World, elsewhere: str) -> None:
    message = html_mail(world, f'<img src="{elsewhere}/a.png">')
    for who in (world.amara, world.edda):
        answer = who.get(f"/messages/{message.pk}/images/0/")
        assert (answer.status_code, answer.content) == (200, PNG)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert Elsewhere.asked == ["/a.png"]


def test_only_images_of_that_mail_are_fetched_and_only_for_who_sees_it(world: World, elsewhere: str) -> None:
    message = html_mail(world, f'<img src="{elsewhere}/a.png">')
    assert world.amara.get(f"/messages/{message.pk}/images/1/").status_code == 404
    for who, status in ((world.bruno, 404), (world.nobody, 302)):
        assert who.get(f"/messages/{message.pk}/images/0/").status_code == status
    assert Elsewhere.asked == []


def test_what_is_no_harmless_image_is_not_passed_on(world: World, elsewhere: str) -> None:
    message = html_mail(world, f'<img src="{elsewhere}/svg">')
    assert world.amara.get(f"/messages/{message.pk}/images/0/").status_code == 424


def test_inside_addresses_are_never_asked(
    world: World, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "fetcher", ImageFetcher())
    message = html_mail(world, f'<img src="{elsewhere}/a.png"><img src="http://169.254.169.254/latest">')
    for place in (0, 1):
        assert world.amara.get(f"/messages/{message.pk}/images/{place}/").status_code == 424
    assert Elsewhere.asked == []


def test_one_agent_looks_at_so_many_images_a_minute(
    world: World, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "PORTION", 1)
    monkeypatch.setattr(proxy, "PORTIONS", 2)
    message = html_mail(world, f'<img src="{elsewhere}/a.png">')
    path = f"/messages/{message.pk}/images/0/"
    assert [world.amara.get(path).status_code for _ in range(3)] == [200, 200, 429]
    assert world.edda.get(path).status_code == 200


def test_the_images_of_a_minute_are_counted_for_all_processes_together(
    world: World, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "PORTION", 2)
    monkeypatch.setattr(proxy, "PORTIONS", 2)
    one, other = proxy.Images(), proxy.Images()  # as two processes have them
    for images in (one, other, one, other):
        images.get(f"{elsewhere}/a", agent_id=1)
    for images in (one, other):
        with pytest.raises(proxy.TooManyImages):
            images.get(f"{elsewhere}/a", agent_id=1)


def test_not_every_image_is_a_write(world: World, elsewhere: str) -> None:
    images = proxy.Images()
    images.get(f"{elsewhere}/a", agent_id=1)
    with assert_queries(at_most=0):
        for _ in range(proxy.PORTION - 1):
            images.get(f"{elsewhere}/a", agent_id=1)


def test_memory_for_images_is_bounded(world: World, elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "KEPT_BYTES", 2 * len(PNG))
    images = proxy.Images()
    for name in "abcca":
        images.get(f"{elsewhere}/{name}", agent_id=1)
    assert Elsewhere.asked == ["/a", "/b", "/c", "/a"]


# text, raw, another attempt -------------------------------------------------------------------------------------


def test_the_words_of_a_message_are_plain_text_whatever_they_say(world: World) -> None:
    message = world.writes(world.conversation(), text="<script>alert(1)</script>", quoted="> before")
    answer = world.amara.get(f"/messages/{message.pk}/text/")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>alert(1)</script>\n\n> before" in answer.content.decode()


@pytest.mark.parametrize("is_moved", [False, True])
def test_a_lead_gets_a_mail_exactly_as_it_came_and_that_is_on_record(world: World, is_moved: bool) -> None:
    receipt = world.mail_from(world.dalia)
    raw = b"".join(bytes(part.content) for part in receipt.parts.order_by("number"))
    if is_moved:
        world.settle()
    else:
        read_mails()
    message = Message.objects.get(direction="in")
    answer = world.edda.get(f"/messages/{message.pk}/raw/{hashlib.sha256(raw).hexdigest()}/")
    assert b"".join(answer.streaming_content) == raw  # type: ignore[attr-defined]  # a file
    assert answer.headers["Content-Type"] == "message/rfc822"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    told = EventRow.objects.get(kind=MailDownloaded.name)
    assert (told.actor_id, told.data["message"]) == (world.edda.row.pk, message.pk)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("edda", 200),
        ("chen", 200),
        ("amara", 404),
        ("farid", 404),
        ("bruno", 404),
        ("hugo", 404),
        ("nobody", 302),
    ],
)
def test_leads_of_the_team_and_admins_alone_get_raw_mails(world: World, who: str, status: int) -> None:
    world.mail_from(world.dalia)
    world.settle()
    raw = RawMail.objects.get(message__direction=Direction.IN)
    assert world.colleague(who).get(f"/messages/{raw.message_id}/raw/{raw.sha256}/").status_code == status
    assert EventRow.objects.filter(kind=MailDownloaded.name).exists() is (status == 200)


def test_a_raw_of_another_message_is_not_given(world: World) -> None:
    world.mail_from(world.dalia)
    world.mail_from(world.ines)
    world.settle()
    one, other = RawMail.objects.filter(message__direction=Direction.IN).order_by("pk")
    assert world.edda.get(f"/messages/{one.message_id}/raw/{other.sha256}/").status_code == 404
    assert world.edda.get(f"/messages/{one.message_id}/raw/../../x/").status_code == 404


def failed(world: World) -> Message:
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.read_log()
    return mark_failed(message, reason=ParkReason.REFUSED, smtp_code=550, words="no such user", by=SYSTEM)


def test_a_message_that_failed_is_sent_again_and_the_agent_stays_where_they_were(world: World) -> None:
    message = failed(world)
    here = f"/inbox/my-turn/{message.conversation_id}/"
    answer = world.amara.post(f"/messages/{message.pk}/retry/", Referer=f"http://localhost{here}?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, here)
    message.refresh_from_db()
    assert message.state == DeliveryState.QUEUED
    for foreign in ("http://evil.example" + here, "http://localhost/inbox/x/9999/", ""):
        again = world.amara.post(f"/messages/{message.pk}/retry/", Referer=foreign)
        assert again.headers["Location"] == f"/conversations/{message.conversation_id}/"


@pytest.mark.parametrize(("who", "status"), [("farid", 403), ("bruno", 404), ("nobody", 302)])
def test_who_may_not_change_a_conversation_sends_nothing_again(world: World, who: str, status: int) -> None:
    message = failed(world)
    assert world.colleague(who).post(f"/messages/{message.pk}/retry/").status_code == status
    message.refresh_from_db()
    assert message.state == DeliveryState.FAILED


# files ----------------------------------------------------------------------------------------------------------


def file_of(world: World, content: bytes, name: str, kind: str, content_id: str = "") -> Attachment:
    message = world.writes(world.conversation(), files=(stored(content, name, kind, content_id),))
    return message.attachments.get()


@pytest.mark.parametrize(("who", "status"), LOOKERS)
def test_who_sees_a_conversation_gets_its_files(world: World, who: str, status: int) -> None:
    file = file_of(world, b"%PDF-1.7 x", "bill.pdf", "application/pdf")
    assert world.colleague(who).get(f"/attachments/{file.pk}/").status_code == status


@pytest.mark.parametrize(
    ("content", "name", "kind", "told"),
    [
        (b"%PDF-1.7 x", "Rechnung März.pdf", "application/pdf", "application/pdf"),
        (b"<html><script>1</script>", "a.html", "text/html", "application/octet-stream"),
        (b"<svg onload=x>", "a.svg", "image/svg+xml", "application/octet-stream"),
        (b"<html>", "a.png", "image/png", "application/octet-stream"),
        (b"<?xml?>", "a.xhtml", "application/xhtml+xml", "application/octet-stream"),
        (PNG, "a.html", "text/html", "image/png"),
    ],
)
def test_a_file_is_to_be_kept_never_to_be_run(
    world: World, content: bytes, name: str, kind: str, told: str
) -> None:
    file = file_of(world, content, name, kind)
    for query in ("", "?inline=1"):
        answer = world.amara.get(f"/attachments/{file.pk}/{query}")
        is_shown = query and content == PNG
        assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]  # a file
        assert answer.headers["Content-Type"] == told
        assert answer.headers["Content-Disposition"].startswith("inline" if is_shown else "attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_an_upload_is_its_writers_alone_until_it_is_sent(world: World) -> None:
    file = Attachment(blob_id=blobs.put(b"x"), filename="x.txt", content_type="text/plain", size=1)
    kept = upload(file, by=world.amara.actor)
    assert world.amara.get(f"/attachments/{kept.pk}/").status_code == 200
    for who in (world.edda, world.chen):
        assert who.get(f"/attachments/{kept.pk}/").status_code == 404


def test_a_file_whose_bytes_are_gone_answers_404(world: World) -> None:
    file = file_of(world, b"once here", "x.txt", "text/plain")
    blobs.delete(file.blob_id)
    assert world.amara.get(f"/attachments/{file.pk}/").status_code == 404


# drafts and menu ------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_for_each_kind_and_its_writer_and_an_empty_one_is_forgotten(world: World) -> None:
    row = world.conversation()
    for kind in ("reply", "note"):
        assert (
            world.amara.post("/drafts/", {"conversation": row.pk, "kind": kind, "text": kind}).status_code
            == 204
        )
    assert set(Draft.objects.values_list("agent_id", "kind", "text")) == {
        (world.amara.row.pk, "out", "reply"),
        (world.amara.row.pk, "note", "note"),
    }
    world.amara.post("/drafts/", {"conversation": row.pk, "kind": "note", "text": " "})
    assert Draft.objects.get().text == "reply"


@pytest.mark.parametrize(("who", "status"), [("farid", 403), ("bruno", 404), ("gita", 404), ("nobody", 302)])
def test_who_may_not_answer_keeps_no_draft(world: World, who: str, status: int) -> None:
    row = world.conversation()
    posted = {"conversation": row.pk, "kind": "reply", "text": "x"}
    assert world.colleague(who).post("/drafts/", posted).status_code == status
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "posted", [{}, {"conversation": "x", "kind": "reply"}, {"conversation": "1", "kind": "x"}]
)
def test_a_draft_of_nothing_is_refused(world: World, posted: dict[str, str]) -> None:
    assert world.amara.post("/drafts/", posted).status_code == 422


def test_the_menu_knows_where_the_agent_is_and_leads_back(world: World) -> None:
    world.conversation()
    world.read_log()
    page = world.amara.get("/menu/?back=/inbox/unassigned/").content.decode()
    assert 'href="/inbox/unassigned/" data-close="menu"' in page
    counts = world.amara.get(
        "/menu/", **{"HX-Request": "true", "HX-Current-URL": "http://localhost/inbox/unassigned/7/"}
    )
    fragment = counts.content.decode()
    assert "<html" not in fragment
    current = fragment.partition('aria-current="page"')[0].rpartition("<a ")[2]
    assert "/inbox/unassigned/" in current


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_menu_leads_nowhere_else(world: World, back: str) -> None:
    page = world.amara.get(f"/menu/?back={back}").content.decode()
    assert "evil" not in page
    assert "alert(1)" not in page


def test_each_answer_needs_few_queries(world: World) -> None:
    message = html_mail(world, '<img src="cid:a"><p>x</p>', stored(PNG, "a.png", "image/png", "a"))
    file = message.attachments.get()
    amara = world.amara.client
    for path, most in (
        (f"/messages/{message.pk}/html/", 6),
        (f"/messages/{message.pk}/text/", 4),
        (f"/attachments/{file.pk}/?inline=1", 4),
        ("/menu/", 6),
    ):
        with assert_queries(at_most=most):
            amara.get(path)


@pytest.mark.parametrize(
    ("kind", "size", "shown"),
    [
        ("image/png", len(PNG), True),
        ("IMAGE/PNG", len(PNG), True),
        ("image/png", config.preview_max_bytes + 1, False),
        ("image/svg+xml", 300, False),
        ("application/pdf", 300, False),
    ],
)
def test_an_image_is_shown_small_where_it_hangs(world: World, kind: str, size: int, shown: bool) -> None:
    file = file_of(world, PNG, "screen.png", kind)
    Attachment.objects.filter(pk=file.pk).update(size=size)
    assert file.message is not None
    page = world.amara.get(f"/inbox/all-open/{file.message.conversation_id}/").content.decode()
    assert f'href="/attachments/{file.pk}/"' in page
    assert (f'<img src="/attachments/{file.pk}/?inline=1"' in page) is shown


def test_a_link_that_resembles_the_brand_or_the_customer_is_marked_in_the_frame(world: World) -> None:
    html = '<a href="https://lindem.example/">Pay</a> <a href="https://linden.example/">Home</a>'
    message = html_mail(world, html)
    page = world.amara.get(f"/messages/{message.pk}/html/").content.decode()
    assert "careful: leads to lindem.example, which is not linden.example" in page
    assert page.count('class="leads"') == 1
    assert "one link here is not what it seems" in page
