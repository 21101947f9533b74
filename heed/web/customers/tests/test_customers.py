"""The page of a customer: addresses, conversations, who is who, and the way back."""

from heed.conversations.models import Conversation
from heed.people.models import CustomerMove, Identity
from heed.testing.queries import assert_queries
from heed.testing.world import Asker, Colleague, World


def page(who: Colleague, customer: Asker, query: str = "") -> str:
    answer = who.get(f"/customers/{customer.id}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_panel_leads_to_the_customer(world: World) -> None:
    row = world.conversation()
    html = world.amara.get(f"/inbox/all-open/{row.pk}/").content.decode()
    assert f'href="/customers/{world.dalia.id}/"' in html
    html = page(world.amara, world.dalia)
    assert world.dalia.address in html
    assert row.subject in html


def test_two_customers_become_one_after_a_look_and_two_again(world: World) -> None:
    world.conversation()
    other = world.conversation(customer=world.ines)
    look = page(world.amara, world.dalia, f"?merge={world.ines.address}")
    assert "Make Inès Moreau and Dalia Haddad one customer?" in look
    assert "1 conversation that you see follows" in look
    assert world.reload(other).customer_id == world.ines.id  # nothing was done by looking
    done = world.amara.post(f"/customers/{world.dalia.id}/merge/", {"other": str(world.ines.id)})
    assert done.status_code == 303
    html = page(world.amara, world.dalia)
    assert "Inès Moreau became this customer" in html
    assert world.ines.address in html
    assert world.reload(other).customer_id == world.dalia.id
    move = CustomerMove.objects.get()
    assert world.amara.post(f"/customers/moves/{move.pk}/undo/").status_code == 303
    html = page(world.amara, world.dalia)
    assert "Undone" in html
    assert world.ines.address not in html.partition('id="customer-moves"')[0]
    assert world.reload(other).customer_id == world.ines.id


def test_what_moved_is_counted_as_far_as_its_reader_sees_it(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines)
    world.conversation(customer=world.ines, inbox=world.workshop)
    world.chen.post(f"/customers/{world.dalia.id}/merge/", {"other": str(world.ines.id)})
    assert "(2 conversations)" in page(world.chen, world.dalia)
    assert "(1 conversation)" in page(world.amara, world.dalia)


def test_an_address_is_split_off_after_a_look(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines)
    world.amara.post(f"/customers/{world.dalia.id}/merge/", {"other": str(world.ines.id)})
    identity = Identity.objects.get(value=world.ines.address)
    assert f"Is {world.ines.address} somebody else?" in page(
        world.amara, world.dalia, f"?split={identity.pk}"
    )
    world.amara.post(f"/customers/{world.dalia.id}/split/", {"identity": str(identity.pk)})
    assert Identity.objects.get(pk=identity.pk).customer_id not in (world.dalia.id, world.ines.id)
    assert "was split off" in page(world.amara, world.dalia)


def test_an_address_of_nobody_known_reveals_nothing(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines, inbox=world.workshop)
    unseen = page(world.amara, world.dalia, f"?merge={world.ines.address}")
    never = page(world.amara, world.dalia, "?merge=never@example.net")
    assert "No customer whom you know has the address" in unseen
    assert "No customer whom you know has the address" in never
    assert "is this customer already" in page(world.amara, world.dalia, f"?merge={world.dalia.address}")
    refused = world.amara.post(f"/customers/{world.dalia.id}/merge/", {"other": str(world.ines.id)})
    assert refused.status_code == 404


def test_a_viewer_looks_and_changes_nothing(world: World) -> None:
    world.conversation()
    assert "The same person as" not in page(world.farid, world.dalia)
    assert "The same person as" in page(world.amara, world.dalia)


def test_many_conversations_come_in_pages_with_few_queries(world: World) -> None:
    rows = [world.conversation(subject=f"Matter {number}") for number in range(33)]
    page(world.amara, world.dalia)  # logs in
    with assert_queries(at_most=12):
        first = page(world.amara, world.dalia)
    assert "Matter 32" in first
    assert "Matter 2<" not in first
    assert f"?after={rows[3].pk}" in first
    assert "Matter 2<" in page(world.amara, world.dalia, f"?after={rows[3].pk}")
    assert Conversation.objects.count() == 33


def test_the_panel_says_whose_a_conversation_is(world: World) -> None:
    row = world.conversation()
    world.conversation(customer=world.ines)
    here = f"/inbox/all-open/{row.pk}/customer/"
    assert world.amara.post(here, {"address": world.ines.address}).status_code == 303
    assert world.reload(row).customer_id == world.ines.id
    assert world.amara.post(here, {"address": "new@example.org"}).status_code == 303
    assert Identity.objects.get(value="new@example.org").customer_id == world.reload(row).customer_id
    assert world.amara.post(here, {"address": "no address"}).status_code == 422
    assert world.amara.post(here, {"address": "help@linden.example"}).status_code == 422
    assert world.amara.post(here, {"address": ""}).status_code == 303
    assert world.reload(row).customer_id is None
    assert "No customer" in world.amara.get(f"/inbox/all-open/{row.pk}/").content.decode()
