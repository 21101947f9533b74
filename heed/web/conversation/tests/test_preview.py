"""The mail as it would leave, before anything is sent."""

from heed.brands.models import Brand
from heed.conversations.models import Draft, Message
from heed.eventlog.unit import change, lock, unit
from heed.testing.queries import assert_queries
from heed.testing.world import World


def test_what_would_leave_is_shown_and_nothing_is_kept(world: World) -> None:
    row = world.conversation(text="Where is my bell?")
    with unit():
        change(lock(Brand(pk=row.brand_id)), signature="Linden Bikes, since 1902")
    before = Message.objects.count()
    world.amara.get("/inbox/my-turn/")  # logged in
    with assert_queries(at_most=12):
        answer = world.amara.post(
            f"/inbox/unassigned/{row.pk}/preview/",
            {
                "html": "<p>It is <b>here</b>.</p><script>alert(1)</script>",
                "text": "x",
                "to": "dalia@example.org",
            },
        )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for words in ("<strong>here</strong>", "since 1902", "Where is my bell?", "dalia@example.org", "Re: "):
        assert words in page, words
    assert "&gt; Where is my bell?" in page  # as plain text too
    assert "alert(1)" not in page
    assert (Message.objects.count(), Draft.objects.count()) == (before, 0)


def test_who_may_not_answer_sees_no_preview(world: World) -> None:
    row = world.conversation()
    assert world.farid.post(f"/inbox/unassigned/{row.pk}/preview/", {"text": "Hi"}).status_code == 403
    assert world.bruno.post(f"/inbox/unassigned/{row.pk}/preview/", {"text": "Hi"}).status_code == 404


def test_a_draft_with_a_form_keeps_it_without_the_editor(world: World) -> None:
    row = world.conversation()
    world.amara.post(
        "/drafts/", {"conversation": row.pk, "kind": "reply", "text": "x", "html": "<ul><li>one</li></ul>"}
    )
    page = world.amara.get(f"/inbox/unassigned/{row.pk}/").content.decode()
    assert 'data-html="&lt;ul&gt;&lt;li&gt;one&lt;/li&gt;&lt;/ul&gt;"' in page
    send = {"kind": "reply", "to": "dalia@example.org", "send": "1", "key": "k"}
    world.amara.post(f"/inbox/unassigned/{row.pk}/reply/", {**send, "text": "- one"})
    page = world.amara.get(f"/inbox/unassigned/{row.pk}/").content.decode()
    assert '<div class="text formed" dir="auto"><ul><li dir="auto">one</li></ul></div>' in page
