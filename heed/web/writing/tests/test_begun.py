"""What is begun in a form of its own comes back from the desk, whole, and only for its writer."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile

from heed.conversations.actions.labels import DRAFT_CHARACTERS
from heed.conversations.models import SheetDraft
from heed.kernel import clock
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.web.files import keep_upload

HERE = "/writing/begun/"
FIELDS = {"kind": ["team"], "team": ["7"], "may_read": ["1"], "quote": ["3", "4"], "subject": ["A bell"]}


def test_what_was_begun_comes_back_whole(world: World) -> None:
    row = world.conversation()
    place = f"side-of-{row.pk}"
    file = keep_upload(SimpleUploadedFile("bell.txt", b"a bell"), by=world.amara.actor)
    posted = {
        "place": place,
        "text": "So loud",
        "html": "<p>So <strong>loud</strong></p>",
        "fields": json.dumps(FIELDS),
        "kept": [str(file.pk)],
    }
    assert world.amara.post(HERE, posted).status_code == 204
    with assert_queries(at_most=12):
        answer = world.amara.get(f"{HERE}?place={place}")
    told = json.loads(answer.content)
    assert (told["text"], told["fields"]) == ("So loud", FIELDS)
    assert told["html"] == "<p>So <strong>loud</strong></p>"
    assert told["files"] == [{"id": file.pk, "name": "bell.txt", "size": 6}]
    assert abs(told["at"] / 1000 - clock.now().timestamp()) < 60
    assert world.chen.get(f"{HERE}?place={place}").status_code == 204  # Chen's is another
    assert world.amara.get(f"{HERE}?place=new").status_code == 204


def test_what_cannot_be_kept_says_why(world: World) -> None:
    long = {"place": "new", "text": "x" * (DRAFT_CHARACTERS + 1)}
    answer = world.amara.post(HERE, long)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (422, "too_long")
    for wrong in ("{", "[]", '{"key": ["x"]}', '{"to": "x"}', "[" * 100_000):
        assert world.amara.post(HERE, {"place": "new", "fields": wrong}).status_code == 422
    assert world.amara.get(f"{HERE}?place=elsewhere").status_code == 422
    assert not SheetDraft.objects.exists()


def test_a_new_conversation_that_is_sent_leaves_no_draft(world: World) -> None:
    world.amara.post(HERE, {"place": "new", "text": "Dear Dalia", "key": "form"})
    sent = {
        "direction": "out",
        "inbox": str(world.help.pk),
        "to": world.dalia.address,
        "subject": "A bell",
        "text": "Dear Dalia, it rings.",
        "then": "waiting",
        "key": "form",
        "sheet": "new",
        "send": "1",
    }
    assert world.amara.post("/new/", sent).status_code == 303
    assert not SheetDraft.objects.exists()
    world.amara.post(HERE, {"place": "new", "text": "Dear Dalia", "key": "form"})  # overtaken by sending
    assert not SheetDraft.objects.exists()
