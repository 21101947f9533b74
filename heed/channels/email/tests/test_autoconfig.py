"""What a domain publishes for mail programs is read strictly: nothing in it is believed, and nothing in it harms."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.channels.email.autoconfig import ELEMENTS, addresses_of, read_autoconfig
from heed.channels.email.finding import NOTHING, Found
from heed.channels.email.providers import Place

HEAD = '<?xml version="1.0"?>'
SERVER = {
    "type": "imap",
    "hostname": "mail.linden.example",
    "port": "993",
    "socketType": "SSL",
    "username": "help",
}


def server(**more: str) -> str:
    told = SERVER | more
    name = "outgoingServer" if told["type"] == "smtp" else "incomingServer"
    fields = "".join(f"<{key}>{value}</{key}>" for key, value in told.items() if key != "type" and value)
    return f'<{name} type="{told["type"]}">{fields}</{name}>'


def read(*servers: str, head: str = HEAD) -> Found:
    whole = (
        f'{head}<clientConfig version="1.1"><emailProvider>{"".join(servers)}</emailProvider></clientConfig>'
    )
    return read_autoconfig(whole.encode(), address="help@linden.example")


def test_the_first_of_each_service_is_the_best_and_imap_comes_before_pop3() -> None:
    found = read(
        server(type="pop3", port="995"),
        server(hostname="one.linden.example"),
        server(hostname="two.linden.example"),
        server(type="smtp", port="465", username="%EMAILADDRESS%"),
    )
    assert found.receiving == Place("imap", "one.linden.example", 993, "tls")
    assert found.pop3 == Place("pop3", "mail.linden.example", 995, "tls")
    assert found.sending == Place("smtp", "mail.linden.example", 465, "tls")
    assert (found.user_name, found.send_user_name) == ("help", "help@linden.example")


def test_one_without_tls_is_never_proposed() -> None:
    assert read(server(socketType="plain", port="143")) == NOTHING
    found = read(server(socketType="plain", port="143"), server(socketType="STARTTLS", port="143"))
    assert found.receiving == Place("imap", "mail.linden.example", 143, "starttls")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hostname", ""),
        ("hostname", "127.0.0.1"),
        ("hostname", "[::1]"),
        ("hostname", "localhost"),
        ("hostname", "mail.linden.example/../x"),
        ("hostname", "a b.example"),
        ("port", "0"),
        ("port", "70000"),
        ("port", "９９３"),
        ("type", "exchange"),
    ],
)
def test_what_is_no_server_of_the_public_network_is_left_out(field: str, value: str) -> None:
    assert read(server()) != NOTHING
    assert read(server(**{field: value})) == NOTHING


@pytest.mark.parametrize("user", ["%REALNAME%", "a\u0007b", "x" * 255])
def test_a_user_name_that_can_not_be_one_is_as_good_as_none(user: str) -> None:
    assert read(server(username=user.replace("\u0007", "&#x85;"))).user_name == ""


def test_a_document_type_is_refused_and_with_it_every_entity() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    began = time.monotonic()
    for inside in (laughs, '<!ENTITY l9 SYSTEM "file:///etc/passwd">', ""):
        doctype = f"{HEAD}<!DOCTYPE clientConfig [{inside}]>"
        assert read(server(), head=doctype) == NOTHING
    assert read(server(hostname="&l9;")) == NOTHING
    assert time.monotonic() - began < 1


def test_what_never_ends_is_not_read_to_its_end() -> None:
    assert read(server(), "<a/>" * ELEMENTS) == NOTHING
    assert read(server(), "<a>" * 50 + "</a>" * 50) == NOTHING
    assert read(server()) != NOTHING


@pytest.mark.parametrize(
    "document", [b"", b"<html>Not found</html>", b"\xff\xfe", b'<?xml version="1.0" encoding="x"?><a/>']
)
def test_what_is_no_such_document_says_nothing(document: bytes) -> None:
    assert read_autoconfig(document, address="help@linden.example") == NOTHING


@given(st.binary(max_size=2_000))
def test_no_bytes_are_an_error(document: bytes) -> None:
    assert isinstance(read_autoconfig(document, address="help@linden.example"), Found)


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=40))
def test_whatever_a_server_says_its_host_is_a_name_and_its_line_protected(
    host: str, port: str, user: str
) -> None:
    def safe(text: str) -> str:
        return "".join(one for one in text if one.isprintable() and one not in "<&>")

    place = read(server(hostname=safe(host), port=safe(port) or "993", username=safe(user))).receiving
    if place is not None:
        assert place.security in ("tls", "starttls")
        assert not place.host.replace(".", "").isdigit()
        assert 0 < place.port < 65_536


def test_it_is_looked_for_by_https_at_two_places_of_the_domain_alone() -> None:
    assert addresses_of("help@Linden.Example") == (
        "https://autoconfig.linden.example/mail/config-v1.1.xml",
        "https://linden.example/.well-known/autoconfig/mail/config-v1.1.xml",
    )
    assert addresses_of("no address") == ()
