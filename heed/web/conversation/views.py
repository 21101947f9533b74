"""One conversation: its page, its answers, and every change that the page offers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from heed.channels.email.mailboxes import is_address, key_of
from heed.conversations import queries
from heed.conversations.actions import answering, labels, state
from heed.conversations.actions.beforehand import TakenBack
from heed.conversations.actions.customers import change_customer
from heed.conversations.actions.taking_part import SuppressedRecipients
from heed.conversations.actions.topics import change_topic, note_down
from heed.conversations.actions.trying import note_tried, settle_tried, withdraw_tried
from heed.conversations.models import Conversation, Message
from heed.conversations.queries.customers import tried_step
from heed.conversations.richtext import form_of, says_the_same
from heed.conversations.scope import require_change, right_to_write
from heed.eventlog.unit import Commit, unit
from heed.kernel.config import config
from heed.kernel.customer_words import Outcome
from heed.kernel.errors import Unusable
from heed.kernel.steps import together
from heed.kernel.words import BlockScope, Direction, EventId, Priority, Status
from heed.notifications.actions import mark_read_about
from heed.notifications.queries import is_unread_about
from heed.people.actions import customer_of
from heed.people.queries import own_inboxes
from heed.triage.actions.senders import unblock
from heed.triage.actions.spam import mark_spam
from heed.triage.actions.spam import not_spam as deny_spam
from heed.triage.queries import blocks_in
from heed.ui.contexts import FieldError
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.conversation.before_sending import before_sending, form_again, refuse_own
from heed.web.conversation.composer import Posted, read_post, rest_of, unshown, uploads
from heed.web.conversation.contexts import ConversationPage, ReadingFragment, TimelineFragment
from heed.web.conversation.drafts import keep_draft, keep_drafts
from heed.web.conversation.later import wait_of
from heed.web.conversation.reading import reading_context
from heed.web.doors import Visit, agents_only
from heed.web.files import keep_upload
from heed.web.inbox.views import list_context
from heed.web.nav import Place, Room, counted_anew, nav_context, room_of
from heed.web.typed import number as typed_number

PAGE, FRAGMENT = "conversation/page.html", "conversation/_reading.html"
WORDS = {
    "missing": "required",
    "unknown": "unknown_choice",
}  # codes of verbs that the form words in its own way


@agents_only("GET")
def conversation(visit: Visit, place: Place, number: int) -> HttpResponse:
    """The conversation beside its list."""
    return _look(visit, place, number)


@agents_only("GET")
def details(visit: Visit, place: Place, number: int) -> HttpResponse:
    """The same page, opened on the panel where there is room for one screen only."""
    return _look(visit, place, number, at="panel")


@agents_only("GET")
def menu(visit: Visit, place: Place, number: int) -> HttpResponse:
    """The same page with its menu open, where the menu is a drawer."""
    return _look(visit, place, number, at="menu")


@agents_only("GET")
def timeline(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Head and history alone, for live changes."""
    reading = reading_context(visit, place, queries.opened(visit.actor, number))
    if not wants_fragment(visit.request):
        return redirect(reading.conversation.href)
    fragment = TimelineFragment(conversation=reading.conversation)
    return page_or_fragment(visit.request, PAGE, "conversation/_timeline.html", fragment)


@agents_only("GET")
def by_number(visit: Visit, number: int) -> HttpResponse:
    """A conversation by its number alone: in the list that it stands in."""
    row = queries.conversation(visit.actor, number)
    if row.status == Status.WAITING:
        view = "waiting"
    elif row.status in (Status.SOLVED, Status.CLOSED):
        view = "solved"
    else:
        view = "my_turn" if row.assignee_id == visit.agent.pk else "all_open"
    query = visit.request.GET.urlencode()  # which message, or which part
    return redirect(f"{Place(view).href}{row.pk}/{'?' if query else ''}{query}")


def _look(visit: Visit, place: Place, number: int, *, at: str = "conversation") -> HttpResponse:
    here, room = queries.opened.later(visit.actor, number), room_of.later(visit)
    told = is_unread_about.later(visit.actor, number)
    if wants_fragment(visit.request):
        together(here, told)
        answer = _show(visit, place, here.value, at=at)
        return counted_anew(answer) if _read_about(here.value, is_news=told.value) else answer
    together(here, room, told)
    shown = replace(room.value, unread=room.value.unread.without(number)) if told.value else room.value
    answer = _show(visit, place, here.value, at=at, room=shown)
    _read_about(here.value, is_news=told.value)
    return answer


def _read_about(here: queries.Opened, *, is_news: bool) -> bool:
    """Who looks at a conversation has read what they were told of it; lazily, as how far they have read."""
    if is_news:
        with unit(Commit.LAZY):
            mark_read_about(here.row, by=here.actor)
    return is_news


def _show(
    visit: Visit,
    place: Place,
    here: queries.Opened,
    *,
    at: str = "conversation",
    posted: Posted | None = None,
    status: int = 200,
    room: Room | None = None,
) -> HttpResponse:
    screen = "conversation" if at == "menu" else at
    if room is None and not wants_fragment(visit.request):
        room = Room.of(visit)
    reading = reading_context.later(visit, place, here, at=screen, posted=posted)
    rows = None if room is None else list_context.later(visit, room, place, current=here.row.pk)
    together(reading, *([rows] if rows else []))
    if status == 200 and visit.request.method == "GET" and not reading.value.conversation.newest_href:
        _mark_seen(here)
    if room is None or rows is None:
        fragment = ReadingFragment(reading=reading.value)
        return page_or_fragment(visit.request, PAGE, FRAGMENT, fragment, status=status)
    href = reading.value.conversation.href
    page = ConversationPage(
        nav=nav_context(visit, room, here=href, place=place, is_open=at == "menu"),
        list=rows.value,
        reading=reading.value,
    )
    return page_or_fragment(visit.request, PAGE, FRAGMENT, page, status=status)


def _mark_seen(here: queries.Opened) -> None:
    """Only what is unread is written, and lazily: after a power cut it is unread once more."""
    if here.is_unread:
        with unit(Commit.LAZY):
            labels.mark_seen(here.row, up_to=here.row.last_message_at, by=here.actor)


def _changed(visit: Visit, place: Place, number: int) -> HttpResponse:
    """After a change: the fragment with how things stand now, or back to the page."""
    if wants_fragment(visit.request):
        return _show(visit, place, queries.opened(visit.actor, number))
    return HttpResponseRedirect(f"{place.href}{number}/", status=303)


@agents_only("POST")
def reply(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Send the answer or note, keep it as a draft, or give the form back with what was taken out."""
    here = queries.opened(visit.actor, number)
    row = here.row
    is_note = visit.request.POST.get("kind") == "note"
    require_change(visit.actor, row, right_to_write(Direction.NOTE if is_note else Direction.OUT))
    posted = read_post(visit.request)
    _keep_files(visit, posted)
    before = before_sending(visit, here, posted)
    form_again(posted, before.drafts)
    refuse_own(posted, before.ours)
    if posted.step == "draft" and not posted.is_too_long:
        keep_drafts(visit, row, posted)
        return _changed(visit, place, number)
    if posted.step == "again" or posted.errors:
        return _show(visit, place, here, posted=posted, status=422 if posted.errors else 200)
    posted.doubts = unshown(before.doubts, posted.sure)
    if posted.doubts:
        return _show(visit, place, here, posted=posted, status=409)
    try:
        sent = _send(visit, row, posted, before.names)
    except (Unusable, SuppressedRecipients) as error:
        posted.errors += _refused(posted, error)
        return _show(visit, place, here, posted=posted, status=422)
    except answering.FlaggedRecipients as error:
        return _show(visit, place, here, posted=replace(posted, to_vouch=list(error.addresses)), status=409)
    except answering.AnsweredElsewhere:
        return _show(visit, place, here, posted=replace(posted, is_stopped_by_elsewhere=True), status=409)
    except answering.AnsweredMeanwhile:
        return _show(visit, place, here, posted=posted, status=409)
    except TakenBack:
        return _changed(visit, place, number)
    if not says_the_same(
        sent.text, form_of(sent.html), posted.own, posted.own_html
    ):  # the same form again, but with other words: those were never sent
        posted.errors.append(
            FieldError(field="note" if posted.kind == "note" else "text", code="sent_already")
        )
        return _show(visit, place, here, posted=replace(posted, key="", seen=None), status=409)
    return _sent(visit, place, row, posted)


def _sent(visit: Visit, place: Place, row: Conversation, posted: Posted) -> HttpResponse:
    """After sending: what was begun of the other kind stays."""
    rest = rest_of(posted)
    if rest is None:
        return _changed(visit, place, row.pk)
    kind = Direction.NOTE if rest.kind == "note" else Direction.OUT
    files = rest.note_kept if rest.kind == "note" else rest.kept
    keep_draft(visit, row, kind, rest.own, labels.Beside(rest.own_html, files))
    if not (rest.kept or rest.note_kept):
        return _changed(visit, place, row.pk)
    return _show(visit, place, queries.opened(visit.actor, row.pk), posted=rest)


def _suppressed(posted: Posted, addresses: Sequence[str]) -> list[FieldError]:
    lines = {address: line for line, some in posted.lines.items() for address in some}
    return [FieldError(field=lines.get(a, "to"), code="suppressed", value=a) for a in addresses]


def _refused(posted: Posted, error: Unusable | SuppressedRecipients) -> list[FieldError]:
    if isinstance(error, SuppressedRecipients):
        return _suppressed(posted, error.addresses)
    if isinstance(error, answering.MailTooLarge):
        return [_too_large(error)]
    field = "note" if posted.kind == "note" and error.field == "text" else error.field
    return [_field_error(field, error.reason)]


def _too_large(error: answering.MailTooLarge) -> FieldError:
    size, limit = (f"{number / 1_000_000:.0f} MB" for number in (error.size, error.limit))
    return FieldError(field="files", code="mail_too_large", value=size, limit=limit)


def _field_error(field: str, reason: str) -> FieldError:
    if field == "to" and reason == "missing":
        return FieldError(field="to", code="no_recipient")
    value = str(answering.TEXT_CHARACTERS) if reason == "too_long" else ""
    return FieldError(field=field, code=WORDS.get(reason, reason), value=value)


def _keep_files(visit: Visit, posted: Posted) -> None:
    """Files are kept as they come, so that nothing has to be chosen twice when the form comes back."""
    for name, kept in (("files", posted.kept), ("note_files", posted.note_kept)):
        given = uploads(visit.request, name)
        if sum(file.size or 0 for file in given) > config.upload_max_bytes:
            limit = f"{config.upload_max_bytes // 1_000_000} MB"
            posted.errors.append(FieldError(field=name, code="too_large", value=limit))
            continue
        kept.extend(_kept(visit, given))


def _kept(visit: Visit, files: "Iterable[UploadedFile[bytes]]") -> list[int]:
    return [keep_upload(file, by=visit.actor).pk for file in files]


def _send(visit: Visit, row: Conversation, posted: Posted, names: Mapping[str, str]) -> Message:
    if posted.kind == "note":
        return answering.add_note(
            row,
            text=posted.note,
            html=posted.note_html,
            sent_once=posted.key,
            files=posted.note_kept,
            by=visit.actor,
        )
    lines = {
        line: tuple((names.get(address, ""), address) for address in addresses)
        for line, addresses in posted.lines.items()
    }
    answer = answering.Answer(
        text=posted.text,
        html=posted.html,
        to=lines["to"],
        cc=lines["cc"],
        bcc=lines["bcc"],
        files=posted.kept,
        then=posted.then,
        sent_once=posted.key,
        wait=wait_of(visit.agent, posted.later, posted.later_at),
        seen=None if posted.seen is None else EventId(posted.seen),
        seen_elsewhere=None if posted.seen_elsewhere is None else EventId(posted.seen_elsewhere),
        vouched=posted.vouched,
        sender=posted.sender,
    )
    return answering.reply(row, answer=answer, by=visit.actor)


@agents_only("POST")
def status(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Open, snooze or solve."""
    row = queries.conversation(visit.actor, number)
    given = visit.request.POST.get("status", "")
    if given not in set(Status):
        raise Unusable("status", "unknown_choice")
    state.change_status(row, to=Status(given), until=_until(visit), by=visit.actor)
    return _changed(visit, place, number)


def _until(visit: Visit) -> datetime | None:
    """The end of a snooze: an offered instant, or a wall time in the agent's zone."""
    given = visit.request.POST.get("until") or visit.request.POST.get("until_at")
    if not given:
        return None
    try:
        found = parse_datetime(given.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None:
        raise Unusable("until", "unknown_choice")
    return timezone.make_aware(found) if timezone.is_naive(found) else found


@agents_only("POST")
def assign(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Make an agent responsible, or nobody."""
    row = queries.conversation(visit.actor, number)
    given = visit.request.POST.get("assignee", "")
    agent = next((one for one in queries.takers(visit.actor, row) if str(one.pk) == given), None)
    if given and agent is None:
        raise Unusable("assignee", "unknown_choice")
    state.assign(row, to=agent, by=visit.actor)
    return _moved(visit, place, number)


@agents_only("POST")
def team(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Move the conversation into another team's lists."""
    here = queries.opened(visit.actor, number)
    given = visit.request.POST.get("team", "")
    found = next((one for one in queries.panel(here).teams if str(one.pk) == given), None)
    if found is None:
        raise Unusable("team", "unknown_choice")
    state.move(here.row, to=found, by=visit.actor)
    return _moved(visit, place, number)


def _moved(visit: Visit, place: Place, number: int) -> HttpResponse:
    """After a change that may put the conversation out of the agent's sight: back to the list then."""
    if queries.can_see(visit.actor, number):
        return _changed(visit, place, number)
    if not wants_fragment(visit.request):
        return HttpResponseRedirect(place.href, status=303)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = place.href
    return response


@agents_only("POST")
def priority(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Say how much it matters."""
    row = queries.conversation(visit.actor, number)
    given = visit.request.POST.get("priority", "")
    if given not in set(Priority):
        raise Unusable("priority", "unknown_choice")
    state.change_priority(row, to=Priority(given), by=visit.actor)
    return _changed(visit, place, number)


@agents_only("POST")
def customer(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Say whose conversation it is: the customer of an address, a new one if nobody has it; empty: nobody's."""
    row = queries.opened(visit.actor, number).row
    given = visit.request.POST.get("address", "").strip()
    if given and (not is_address(given) or own_inboxes([key_of(given)])):
        raise Unusable("address", "malformed")
    require_change(visit.actor, row)
    whose = customer_of(given, name="", by=visit.actor) if given else None
    change_customer(row, to=whose, by=visit.actor)
    return _changed(visit, place, number)


@agents_only("POST")
def topic(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Say what it is about; empty: nothing that has a name."""
    here = queries.opened(visit.actor, number)
    given = visit.request.POST.get("topic", "")
    offered = {str(branch.topic.pk): branch.topic for branch in queries.panel(here).topics}
    if given and given not in offered:
        raise Unusable("topic", "unknown_choice")
    change_topic(here.row, to=offered.get(given), by=visit.actor)
    return _changed(visit, place, number)


@agents_only("POST")
def noted(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Note something down in a custom field, or take it out."""
    here = queries.opened(visit.actor, number)
    given = visit.request.POST.get("field", "")
    found = next((one.field for one in queries.panel(here).noted if str(one.field.pk) == given), None)
    if found is None:
        raise Unusable("field", "unknown_choice")
    note_down(here.row, field=found, value=visit.request.POST.get("value", ""), by=visit.actor)
    return _changed(visit, place, number)


@agents_only("POST")
def tags(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Put a tag on, or take one off."""
    here = queries.opened(visit.actor, number)
    if "remove" in visit.request.POST:
        carried = queries.panel(here).tags
        found = next((tag for tag in carried if str(tag.pk) == visit.request.POST["remove"]), None)
        if found is not None:
            labels.untag(here.row, tag=found, by=visit.actor)
    else:
        labels.tag(here.row, name=visit.request.POST.get("add", ""), by=visit.actor)
    return _changed(visit, place, number)


@agents_only("POST")
def spam(visit: Visit, place: Place, number: int) -> HttpResponse:
    """It is spam; its sender, or everybody there, is blocked if wished."""
    row = queries.opened(visit.actor, number).row
    given = visit.request.POST.get("block", "")
    if given not in ("", *BlockScope):
        raise Unusable("block", "unknown")
    mark_spam(row, blocking=BlockScope(given) if given else None, by=visit.actor)
    return _changed(visit, place, number)


@agents_only("POST")
def not_spam(visit: Visit, place: Place, number: int) -> HttpResponse:
    """It is none: it stands in its lists again, and is owed what it would have got on arrival.

    With unblock its writers are no longer blocked either: that undoes "spam, and block".
    """
    row = queries.opened(visit.actor, number).row
    with unit():
        deny_spam(row, by=visit.actor)
        for blocked in blocks_in(visit.actor, row) if visit.request.POST.get("unblock") else ():
            unblock(blocked, by=visit.actor)
    return _changed(visit, place, number)


@agents_only("POST")
def tried(visit: Visit, place: Place, number: int) -> HttpResponse:
    """Note what was tried and how it went; say how it went after all; or that it was not tried."""
    row = queries.opened(visit.actor, number).row
    given = visit.request.POST
    outcome = given.get("outcome", "")
    if "withdraw" not in given and outcome not in set(Outcome):
        raise Unusable("outcome", "unknown_choice")
    if "step" not in given:
        note_tried(row, what=given.get("what", ""), outcome=Outcome(outcome), by=visit.actor)
        return _changed(visit, place, number)
    key = typed_number(given["step"])
    if key is None:
        raise Unusable("step", "malformed")
    step = tried_step(visit.actor, key)
    if "withdraw" in given:
        withdraw_tried(step, by=visit.actor)
    else:
        settle_tried(step, outcome=Outcome(outcome), by=visit.actor)
    return _changed(visit, place, number)
