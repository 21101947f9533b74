"""Who wrote it: what proves a sender, and what becomes of mail that claims somebody and can't prove it."""

from dataclasses import replace

import dkim
import pytest

from heed.channels.email.address import sign
from heed.channels.email.authentication.tests.test_own import PRIVATE, PUBLIC
from heed.channels.email.listener_types import Accepted
from heed.conversations.actions.admitting import admit, reject
from heed.conversations.models import ConversationLink, Message
from heed.eventlog.kinds import ConversationCustomerChanged, MessageAdmitted
from heed.intake import arrival, checking, judging, work
from heed.intake.checking import Checker
from heed.intake.receipts import keep
from heed.intake.tests.letters import HELP, letter, received
from heed.kernel import clock
from heed.kernel.config import Config, WrongSetting, config
from heed.kernel.words import (
    Because,
    Confidence,
    Direction,
    Flag,
    Hold,
    JoinedBy,
    LinkReason,
    Origin,
    Status,
)
from heed.people.models import Customer, Identity
from heed.people.policy import SYSTEM
from heed.testing.dns import name_server
from heed.testing.world import World

MX = "mx.linden.example"
MALLORY = "Mallory <mallory@elsewhere.example>"


def told(result: str) -> str:
    return f"Authentication-Results: {MX}; {result}"


PASSED = told("dmarc=pass header.from=example.org")
FAILED = told("dmarc=fail (p=REJECT) header.from=example.org")
AGENT_PASSED = told("dmarc=pass header.from=desk.example")


@pytest.fixture(autouse=True)
def trusted(monkeypatch) -> None:
    set_to(monkeypatch, trusted_authserv=MX)


def set_to(monkeypatch, **settings: object) -> None:
    for module in (arrival, checking, judging):
        changed = replace(module.config, **settings)
        monkeypatch.setattr(module, "config", changed)
    arrival._relays.cache_clear()


def signed(message: Message) -> str:
    return sign(HELP, conversation=message.conversation_id, message=message.pk, secret=config.secret_bytes())


def handed_over(world: World, raw: bytes, *, peer: str, mail_from: str = "dalia@example.org") -> Message:
    mail = Accepted("smtp", peer, "mail.example.org", mail_from, (HELP,), raw, clock.now())
    keep([mail], origin=Origin.LIVE, by=SYSTEM)
    world.settle()
    return Message.objects.filter(direction=Direction.IN).order_by("-pk")[0]


def standing(message: Message) -> tuple[str, str]:
    return message.confidence, message.because


# --- how sure we are -------------------------------------------------------------------------------------------


def test_a_trusted_servers_pass_is_a_proof(world: World) -> None:
    message = received(world, letter("a@x", more=PASSED))
    assert standing(message) == (Confidence.PROVEN, Because.DMARC)
    assert (message.flag, message.hold) == ("", "")
    assert message.conversation.participants.get().confidence == Confidence.PROVEN


def test_without_any_word_nothing_is_known(world: World) -> None:
    assert standing(received(world, letter("a@x"))) == (Confidence.UNKNOWN, Because.NOT_CHECKED)


def test_headers_of_a_mail_that_strangers_handed_over_are_theirs(world: World, monkeypatch) -> None:
    set_to(monkeypatch, sender_checks=0)
    raw = letter("a@x", more=PASSED)
    assert handed_over(world, raw, peer="8.8.8.8").confidence == Confidence.UNKNOWN
    inside = handed_over(world, raw.replace(b"a@x", b"b@x"), peer="10.0.0.7")
    assert inside.confidence == Confidence.PROVEN
    set_to(monkeypatch, trusted_relays="8.8.8.0/24, 2001:4860::/32")
    relayed = handed_over(world, raw.replace(b"a@x", b"c@x"), peer="8.8.8.8")
    assert relayed.confidence == Confidence.PROVEN


def test_two_senders_are_none_that_could_be_proven(world: World) -> None:
    raw = letter("a@x", more=f"From: ines@example.net\r\n{PASSED}")
    assert standing(received(world, raw)) == (Confidence.UNKNOWN, Because.UNCLEAR_SENDER)


def test_a_participant_who_answers_to_the_signed_address_is_likely(world: World) -> None:
    first = received(world, letter("a@x"))
    answer = world.answered(first.conversation)
    address = signed(answer)
    assert standing(received(world, letter("b@x", to=address), to=[address])) == (
        Confidence.LIKELY,
        Because.REPLY_ADDRESS,
    )
    assert standing(received(world, letter("c@x", refers=["a@x"]))) == (Confidence.LIKELY, Because.THREAD)


def test_a_customers_usual_path_is_learned_from_mail_that_knew_our_answers(world: World) -> None:
    hosted = told("dkim=pass header.d=hosting.example")
    first = received(world, letter("a@x", more=hosted))
    assert standing(first) == (Confidence.UNKNOWN, Because.OTHER_DOMAIN)
    assert (
        standing(received(world, letter("b@x", more=hosted)))[0] == Confidence.UNKNOWN
    )  # nothing learned yet
    received(world, letter("c@x", refers=["a@x"], more=hosted))
    assert standing(received(world, letter("d@x", more=hosted))) == (Confidence.LIKELY, Because.USUAL_PATH)
    elsewhere = told("dkim=pass header.d=evil.example")
    assert standing(received(world, letter("e@x", more=elsewhere)))[0] == Confidence.UNKNOWN
    other = letter("f@x", sender="ines@example.net", more=hosted)
    assert standing(received(world, other, mail_from="ines@example.net"))[0] == Confidence.UNKNOWN


# --- claiming a customer (scenario 13) -------------------------------------------------------------------------


def test_a_mail_that_fails_and_claims_a_customer_stands_alone_and_speaks_for_nobody(world: World) -> None:
    first = received(world, letter("a@x", more=PASSED))
    world.answered(first.conversation, then=Status.SOLVED)
    before = (list(Customer.objects.values()), list(Identity.objects.values()))
    sent = Message.objects.filter(direction=Direction.OUT).count()
    raw = letter(
        "b@x",
        sender="Dalia, new name <dalia@example.org>",
        subject=f"Re: The chain slips #{first.conversation_id}",
        text="Bitte schließen Sie das und schicken Sie mir alles, was Sie über mich haben.",
        refers=["a@x"],
        cc="mallory@elsewhere.example",
        more=FAILED,
    )
    forged = received(world, raw)
    assert standing(forged) == (Confidence.FAILED, Because.DMARC_FAILED)
    assert (forged.flag, forged.hold) == (Flag.UNPROVEN, Hold.HELD)
    assert forged.conversation_id != first.conversation_id
    link = ConversationLink.objects.get(conversation=forged.conversation)
    assert (link.other_id, link.reason) == (first.conversation_id, LinkReason.UNPROVEN)
    assert (forged.customer_id, forged.conversation.customer_id) == (None, None)
    assert all(person.is_flagged for person in forged.conversation.participants.all())
    assert world.reload(first.conversation).status == Status.SOLVED
    assert (list(Customer.objects.values()), list(Identity.objects.values())) == before
    assert Message.objects.filter(direction=Direction.OUT).count() == sent  # not even an acknowledgement


def test_the_same_mail_with_proof_joins_and_opens_again(world: World) -> None:
    first = received(world, letter("a@x", more=PASSED))
    world.answered(first.conversation, then=Status.SOLVED)
    message = received(world, letter("b@x", refers=["a@x"], more=PASSED))
    assert message.conversation_id == first.conversation_id
    assert world.reload(first.conversation).status == Status.OPEN


def test_whoever_has_our_mail_joins_with_it_flagged_and_is_quoted_to_nobody(world: World) -> None:
    first = received(world, letter("a@x", more=PASSED))
    address = signed(world.answered(first.conversation))
    raw = letter("b@x", to=address, cc="mallory@elsewhere.example", text="A forged word", more=FAILED)
    forged = received(world, raw, to=[address])
    assert (forged.conversation_id, forged.flag) == (first.conversation_id, Flag.UNPROVEN)
    assert forged.joined_by == JoinedBy.REPLY_ADDRESS
    people = {one.address: one.is_flagged for one in first.conversation.participants.all()}
    assert people == {"dalia@example.org": False, "mallory@elsewhere.example": True}
    answer = world.answered(first.conversation)
    assert answer.answers_id == first.pk
    assert answer.answers_id != forged.pk


def test_somebody_in_copy_who_never_wrote_can_be_claimed_as_little(world: World) -> None:
    first = received(world, letter("a@x", cc="ben@example.org"))
    raw = letter("b@x", sender="ben@example.org", refers=["a@x"], more=FAILED)
    forged = received(world, raw, mail_from="ben@example.org")
    assert forged.flag == Flag.UNPROVEN
    assert forged.conversation_id != first.conversation_id


def test_a_mail_that_fails_and_claims_nobody_we_know_is_an_ordinary_first_mail(world: World) -> None:
    raw = letter("a@x", sender="new@example.org", more=FAILED)
    message = received(world, raw, mail_from="new@example.org")
    assert (message.confidence, message.flag) == (Confidence.FAILED, "")


def test_imported_history_is_never_held(world: World) -> None:
    received(world, letter("a@x", more=PASSED))
    message = received(world, letter("b@x", refers=["a@x"], more=FAILED), origin=Origin.IMPORT)
    assert (message.confidence, message.flag, message.hold) == (Confidence.FAILED, "", "")


# --- claiming to be of this desk -------------------------------------------------------------------------------


def test_an_agent_is_an_agent_only_with_proof(world: World) -> None:
    first = received(world, letter("a@x"))
    raw = letter("b@x", sender="Amara <amara@desk.example>", refers=["a@x"])
    forged = received(world, raw, mail_from="amara@desk.example")
    assert standing(forged) == (Confidence.FORGED_OURS, Because.NOT_CHECKED)
    assert (forged.flag, forged.hold, forged.agent_id, forged.customer_id) == (
        Flag.FORGED,
        Hold.HELD,
        None,
        None,
    )
    assert forged.conversation_id != first.conversation_id
    raw = letter("c@x", sender="Amara <amara@desk.example>", refers=["a@x"], more=AGENT_PASSED)
    real = received(world, raw, mail_from="amara@desk.example")
    assert (real.conversation_id, real.agent_id) == (first.conversation_id, world.amara.row.pk)
    assert (real.confidence, real.flag) == (Confidence.PROVEN, "")


def test_who_claims_to_be_an_inbox_of_ours_is_marked(world: World) -> None:
    raw = letter(
        "a@x", sender="Linden <workshop@linden.example>", more=told("spf=fail smtp.mailfrom=linden.example")
    )
    forged = received(world, raw, mail_from="x@evil.example")
    assert standing(forged) == (Confidence.FORGED_OURS, Because.SPF_FAILED)
    assert forged.flag == Flag.FORGED


# --- forms and lists -------------------------------------------------------------------------------------------


def test_the_customer_of_a_website_form_stands_in_reply_to(world: World) -> None:
    raw = letter(
        "a@x", sender="Website <workshop@linden.example>", more="Reply-To: Petra Novák <petra@example.org>"
    )
    message = received(world, raw, mail_from="www-data@web.linden.example")
    assert standing(message) == (Confidence.UNKNOWN, Because.FORM)
    assert (message.from_name, message.from_address) == ("Petra Novák", "petra@example.org")
    assert message.customer is not None
    assert message.customer.name == "Petra Novák"
    assert message.conversation.participants.get().address == "petra@example.org"
    acknowledgement = Message.objects.get(direction=Direction.OUT)
    assert acknowledgement.to == [["Petra Novák", "petra@example.org"]]


def test_a_form_of_a_service_counts_where_it_is_named(world: World, monkeypatch) -> None:
    raw = letter("a@x", sender="forms@service.example", more="Reply-To: petra@example.org")
    message = received(world, raw, mail_from="forms@service.example")
    assert message.from_address == "forms@service.example"
    assert message.reply_to == [["", "petra@example.org"]]
    set_to(monkeypatch, form_senders="@service.example")
    message = received(world, raw.replace(b"a@x", b"b@x"), mail_from="forms@service.example")
    assert (message.from_address, message.because) == ("petra@example.org", Because.FORM)


@pytest.mark.parametrize(
    "more",
    [
        "X-Original-From: Ben Osei <ben@example.com>\r\nList-Id: <riders.lists.example>",
        "Reply-To: Ben Osei <ben@example.com>",
    ],
)
def test_the_person_behind_a_list_is_read_with_less_confidence(world: World, more: str) -> None:
    proof = told("dmarc=pass header.from=lists.example")
    raw = letter("a@x", sender='"Ben Osei via Riders" <riders@lists.example>', more=f"{more}\r\n{proof}")
    message = received(world, raw, mail_from="riders-bounces@lists.example")
    assert (message.from_name, message.from_address) == ("Ben Osei", "ben@example.com")
    assert standing(message) == (Confidence.UNKNOWN, Because.LIST)


@pytest.mark.parametrize("subject", ["Re: The chain slips", "#{number}"])
def test_a_name_that_a_form_or_list_gives_opens_no_conversation_of_theirs(world: World, subject: str) -> None:
    first = received(world, letter("a@x", more=PASSED))
    subject = subject.format(number=first.conversation_id)
    refers = ["a@x"] if subject.startswith("Re:") else []
    sender = '"Dalia via Riders" <riders@evil.example>'
    more = f"Reply-To: dalia@example.org\r\n{told('dmarc=pass header.from=evil.example')}"
    raw = letter("b@x", sender=sender, subject=subject, refers=refers, cc="eve@evil.example", more=more)
    message = received(world, raw, mail_from="riders@evil.example")
    assert message.because == Because.LIST
    if refers:
        assert (message.conversation_id, message.hold) == (first.conversation_id, Hold.HELD)
        assert first.conversation.participants.get(address="eve@evil.example").is_flagged
    else:
        assert message.conversation_id != first.conversation_id
    assert not first.conversation.participants.filter(address="eve@evil.example", is_flagged=False).exists()


def test_with_the_signed_address_a_list_may_pass_their_answer_on(world: World) -> None:
    first = received(world, letter("a@x", more=PASSED))
    address = signed(world.answered(first.conversation))
    sender = '"Dalia via Help" <group@linden-groups.example>'
    raw = letter("b@x", sender=sender, to=address, more="Reply-To: dalia@example.org")
    message = received(world, raw, to=[address], mail_from="group@linden-groups.example")
    assert (message.conversation_id, message.hold) == (first.conversation_id, Hold.NONE)
    assert message.customer_id == world.dalia.id


def test_another_address_for_answers_is_noted_and_changes_nothing(world: World) -> None:
    message = received(world, letter("a@x", more="Reply-To: dalia@example.org, Other <other@evil.example>"))
    assert message.from_address == "dalia@example.org"
    assert message.reply_to == [["Other", "other@evil.example"]]


# --- strangers and robots --------------------------------------------------------------------------------------


def a_stranger_writes(world: World, *, more: str = "") -> tuple[Message, Message]:
    first = received(world, letter("a@x", more=PASSED))
    address = signed(world.answered(first.conversation))
    raw = letter("b@x", sender=MALLORY, to=address, cc="eve@elsewhere.example", text="Let me in", more=more)
    return first, received(world, raw, to=[address], mail_from="mallory@elsewhere.example")


@pytest.mark.parametrize("more", ["", "Auto-Submitted: auto-replied", "Precedence: bulk"])
def test_mail_of_a_stranger_or_robot_is_held(world: World, more: str) -> None:
    first, held = a_stranger_writes(world, more=more)
    assert (held.conversation_id, held.flag, held.hold) == (first.conversation_id, Flag.STRANGER, Hold.HELD)
    flagged = {one.address for one in first.conversation.participants.filter(is_flagged=True)}
    assert flagged == {"mallory@elsewhere.example", "eve@elsewhere.example"}
    assert world.answered(first.conversation).answers_id == first.pk


def test_admitting_lets_message_and_people_in(world: World) -> None:
    first, held = a_stranger_writes(world)
    admit(held, by=world.amara.actor)
    held.refresh_from_db()
    assert held.hold == Hold.ADMITTED
    assert not first.conversation.participants.filter(is_flagged=True).exists()
    assert world.answered(first.conversation).answers_id == held.pk
    size = world.log_size()
    admit(held, by=world.amara.actor)
    assert world.log_size() == size


def test_rejecting_keeps_them_out_and_admitting_brings_them_back(world: World) -> None:
    first, held = a_stranger_writes(world)
    reject(held, by=world.amara.actor)
    assert not first.conversation.participants.filter(is_flagged=True, left_at=None).exists()
    assert world.answered(first.conversation).answers_id == first.pk
    size = world.log_size()
    reject(held, by=world.amara.actor)
    assert world.log_size() == size
    admit(held, by=world.amara.actor)
    assert first.conversation.participants.filter(left_at=None).count() == 3
    reject(held, by=world.amara.actor)
    assert first.conversation.participants.filter(left_at=None).count() == 1


def test_an_agent_may_vouch_for_a_customer_whose_mail_failed(world: World) -> None:
    forged = received(world, letter("b@x", more=FAILED))
    assert forged.conversation.customer_id is None
    admit(forged, by=world.amara.actor)
    forged.refresh_from_db()
    assert forged.customer_id == world.dalia.id
    assert world.reload(forged.conversation).customer_id == world.dalia.id
    assert world.kinds(forged.conversation)[-2:] == [MessageAdmitted.name, ConversationCustomerChanged.name]


# --- our own checks --------------------------------------------------------------------------------------------


def test_what_a_server_of_the_network_hands_over_is_checked_by_ourselves(world: World, monkeypatch) -> None:
    with name_server() as names:
        names.add("example.org", "TXT", "v=spf1 ip4:8.8.8.0/24 -all")
        names.add("_dmarc.example.org", "TXT", "v=DMARC1; p=reject")
        names.add("s._domainkey.example.org", "TXT", f"v=DKIM1; k=rsa; p={PUBLIC}")
        monkeypatch.setattr(work, "CHECKER", Checker(lambda: names.asker(timeout_seconds=1)))
        assert standing(handed_over(world, letter("a@x"), peer="8.8.8.8")) == (Confidence.PROVEN, Because.SPF)
        forged = handed_over(world, letter("b@x", refers=["a@x"]), peer="9.9.9.9")
        assert standing(forged) == (Confidence.FAILED, Because.DMARC_FAILED)
        raw = letter("c@x")
        raw = dkim.sign(raw, b"s", b"example.org", PRIVATE) + raw
        assert standing(received(world, raw)) == (Confidence.PROVEN, Because.DKIM)
        asked = len(names.asked)
        received(world, letter("d@x"))
        handed_over(world, letter("e@x"), peer="127.0.0.1")
        assert len(names.asked) == asked  # nothing to check, nobody is asked


def test_name_servers_that_are_down_delay_no_mail_for_long_and_claim_nothing(
    world: World, monkeypatch
) -> None:
    with name_server() as names:
        names.silent |= {"example.org", "_dmarc.example.org", "example.net"}
        checker = Checker(lambda: names.asker(timeout_seconds=30))
        monkeypatch.setattr(work, "CHECKER", checker)
        set_to(monkeypatch, sender_checks_seconds=1)
        first = handed_over(world, letter("a@x"), peer="8.8.8.8")
        assert standing(first) == (Confidence.UNKNOWN, Because.TEMPORARY)
        second = handed_over(world, letter("b@x", sender="ines@example.net"), peer="8.8.8.8")
        assert standing(second) == (Confidence.UNKNOWN, Because.TEMPORARY)
        assert all(name != "example.net" for name, _ in names.asked)  # it rests for a minute


def test_our_own_checks_can_be_switched_off(world: World, monkeypatch) -> None:
    with name_server() as names:
        monkeypatch.setattr(work, "CHECKER", Checker(names.asker))
        set_to(monkeypatch, sender_checks=0)
        message = handed_over(world, letter("a@x"), peer="8.8.8.8")
        assert standing(message) == (Confidence.UNKNOWN, Because.NOT_CHECKED)
        assert names.asked == []


@pytest.mark.parametrize("value", ["mail.example", "10.0.0.0/99"])
def test_a_relay_is_an_address_or_a_network(value: str) -> None:
    assert len(Config.read({"HEED_TRUSTED_RELAYS": "10.0.0.0/8, ::1"}).relay_networks()) == 2
    with pytest.raises(WrongSetting, match="HEED_TRUSTED_RELAYS"):
        Config.read({"HEED_TRUSTED_RELAYS": value})
