"""Remote images come from the public internet or not at all."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.kernel.outbound import Fetched, ImageFetcher, NotFetched, WhyNot, fetch_image
from heed.kernel.outbound.image import image_type
from heed.kernel.outbound.inside import is_inside_name, is_public
from heed.kernel.tests.test_outbound_smtp import certificate, server_tls  # noqa: F401 - fixtures

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
LOOPBACK = frozenset({ip_address("127.0.0.1")})


@dataclass
class Site:
    """A web server whose pages are written by the test: path to status, headers, body."""

    tls: ssl.SSLContext | None = None
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                status, headers, body = site.pages.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def page(self, path: str, body: bytes = PNG, content_type: str = "image/png") -> str:
        return self.with_headers(path, {"Content-Type": content_type}, body)

    def with_headers(self, path: str, headers: dict[str, str], body: bytes = PNG) -> str:
        self.pages[path] = (200, {"Content-Type": "image/png"} | headers, body)
        return f"http://images.example:{self.port}{path}"

    def redirect(self, path: str, to: str) -> str:
        self.pages[path] = (302, {"Location": to}, b"")
        return f"http://images.example:{self.port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


def fetcher(*ports: int, **names: str) -> ImageFetcher:
    """Knows images.example and what is given; this machine counts as public at these ports."""

    def resolver(host: str, _port: int) -> list[str]:
        known = {"images_example": "127.0.0.1"} | names
        try:
            return [str(ip_address(host))]
        except ValueError:
            if host.replace(".", "_") not in known:
                raise OSError("no such name") from None
            return known[host.replace(".", "_")].split()

    return ImageFetcher(ports=frozenset(ports), counted_as_public=LOOPBACK, resolver=resolver)


def fetch(
    site: Site, url: str, *, max_bytes: int = 1_000, timeout_seconds: float = 5, **names: str
) -> Fetched:
    return fetcher(site.port, **names).fetch(url, max_bytes=max_bytes, timeout_seconds=timeout_seconds)


def why_not(
    site: Site, url: str, *, max_bytes: int = 1_000, timeout_seconds: float = 5, **names: str
) -> WhyNot:
    with pytest.raises(NotFetched) as refused:
        fetch(site, url, max_bytes=max_bytes, timeout_seconds=timeout_seconds, **names)
    return refused.value.why


def test_an_image_is_fetched_and_its_sender_learns_nothing(site: Site) -> None:
    url = site.page("/a%20b.png?id=1&x=%41")
    assert fetch(site, url) == Fetched("image/png", PNG)
    [(path, headers)] = site.asked
    assert path == "/a%20b.png?id=1&x=%41"
    assert headers["host"] == f"images.example:{site.port}"
    assert not {"cookie", "referer", "authorization", "accept-language"} & set(headers)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (PNG, "image/svg+xml"),
        (b"<svg/>", "image/png"),
        (b"<html><script>", "image/png"),
        (PNG, "text/html"),
        (PNG, "application/octet-stream"),
        (b"", "image/gif"),
    ],
)
def test_what_is_no_image_by_word_and_by_bytes_is_refused(site: Site, body: bytes, content_type: str) -> None:
    assert why_not(site, site.page("/x", body, content_type)) is WhyNot.NOT_AN_IMAGE


def test_the_bytes_say_the_type() -> None:
    assert image_type(b"GIF89a..") == "image/gif"
    assert image_type(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert image_type(b"RIFF1234WEBPVP8 ") == "image/webp"
    assert image_type(b"\0\0\0\x20ftypavif") == "image/avif"
    assert image_type(b"RIFF1234WAVE") is None
    assert image_type(b"%PDF-1.7") is None


def test_packed_answers_are_refused(site: Site) -> None:
    packed = site.with_headers("/x", {"Content-Encoding": "gzip"})
    assert why_not(site, packed) is WhyNot.NOT_AN_IMAGE


def test_size_is_limited_announced_or_not(site: Site) -> None:
    body = PNG + b"x" * 5_000
    announced = site.with_headers("/announced", {"Content-Length": str(len(body))}, body)
    assert why_not(site, announced) is WhyNot.TOO_LARGE
    assert why_not(site, site.page("/silent", body)) is WhyNot.TOO_LARGE
    assert fetch(site, announced, max_bytes=len(body)).content == body


def test_half_an_image_is_none(site: Site) -> None:
    assert why_not(site, site.with_headers("/x", {"Content-Length": "500"})) is WhyNot.UNREACHABLE


def test_errors_are_no_images(site: Site) -> None:
    site.pages["/x"] = (404, {"Content-Type": "image/png"}, PNG)
    assert why_not(site, f"http://images.example:{site.port}/x") is WhyNot.WRONG_STATUS
    assert why_not(site, f"http://unknown.example:{site.port}/x") is WhyNot.UNREACHABLE
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NotFetched) as refused:
        fetcher(port).fetch(f"http://images.example:{port}/", max_bytes=1, timeout_seconds=1)
    assert refused.value.why is WhyNot.UNREACHABLE


def test_three_redirects_are_followed_and_no_more(site: Site) -> None:
    site.page("/end")
    site.redirect("/3", "/end")
    site.redirect("/2", f"//images.example:{site.port}/3")
    third = site.redirect("/1", "2")
    assert fetch(site, third).content == PNG
    assert why_not(site, site.redirect("/0", "/1")) is WhyNot.TOO_MANY_REDIRECTS
    assert why_not(site, site.redirect("/loop", "/loop")) is WhyNot.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("http://10.0.0.1:{port}/x", WhyNot.INSIDE),
        ("http://[::1]:{port}/x", WhyNot.INSIDE),
        ("http://printer.local:{port}/x", WhyNot.INSIDE),
        ("http://rebound.example:{port}/x", WhyNot.INSIDE),
        ("http://images.example:22/x", WhyNot.INSIDE),
        ("file:///etc/passwd", WhyNot.BAD_URL),
        ("ftp://images.example/x", WhyNot.BAD_URL),
        ("http://user:word@images.example:{port}/x", WhyNot.BAD_URL),
        ("http://:80/x", WhyNot.BAD_URL),
    ],
)
def test_every_hop_is_checked(site: Site, to: str, why: WhyNot) -> None:
    direct = to.format(port=site.port)
    assert why_not(site, direct, rebound_example="192.168.1.1") is why
    assert why_not(site, site.redirect("/hop", direct), rebound_example="192.168.1.1") is why
    assert [path for path, _ in site.asked] == ["/hop"]


def test_a_name_that_is_inside_too_is_refused(site: Site) -> None:
    url = site.page("/x").replace("images.example", "mixed.example")
    assert why_not(site, url, mixed_example="127.0.0.1 10.1.2.3") is WhyNot.INSIDE
    assert fetch(site, url, mixed_example="127.0.0.1").content == PNG


def test_a_name_that_changes_its_mind_is_not_asked_twice(site: Site) -> None:
    answers = iter(["127.0.0.1", "10.0.0.1"])
    pinned = ImageFetcher(
        ports=frozenset({site.port}),
        counted_as_public=LOOPBACK,
        resolver=lambda _host, _port: [next(answers)],
    )
    assert pinned.fetch(site.page("/x"), max_bytes=1_000, timeout_seconds=5).content == PNG
    assert next(answers) == "10.0.0.1"


def test_an_address_that_does_not_answer_gives_way_to_the_next(site: Site) -> None:
    other = frozenset({ip_address("127.0.0.1"), ip_address("127.0.0.2")})
    two = ImageFetcher(
        ports=frozenset({site.port}),
        counted_as_public=other,
        resolver=lambda _host, _port: ["127.0.0.2", "127.0.0.1"],
    )
    assert two.fetch(site.page("/x"), max_bytes=1_000, timeout_seconds=5).content == PNG


@pytest.fixture
def dripping() -> Iterator[int]:
    """A server that sends its answer byte by byte, for ever."""
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with contextlib.suppress(OSError):
            client, _ = server.accept()
            with client:
                client.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: image/png\r\n\r\n" + PNG)
                while True:
                    client.sendall(b"x")
                    time.sleep(0.02)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    server.close()
    thread.join(2)


def test_time_is_limited_for_the_whole(dripping: int) -> None:
    began = time.monotonic()
    with pytest.raises(NotFetched) as refused:
        fetcher(dripping).fetch(f"http://images.example:{dripping}/", max_bytes=10**9, timeout_seconds=0.3)
    assert refused.value.why is WhyNot.TOO_SLOW
    assert time.monotonic() - began < 1


def test_a_slow_name_and_a_silent_server_are_limited_too() -> None:
    def sleepy(_host: str, _port: int) -> list[str]:
        time.sleep(0.5)
        return ["127.0.0.1"]

    slow = ImageFetcher(resolver=sleepy)
    with pytest.raises(NotFetched) as refused:
        slow.fetch("http://images.example/", max_bytes=1, timeout_seconds=0.1)
    assert refused.value.why is WhyNot.TOO_SLOW
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(NotFetched) as refused:
            fetcher(port).fetch(f"http://images.example:{port}/", max_bytes=1, timeout_seconds=0.1)
    assert refused.value.why is WhyNot.TOO_SLOW


def test_https_is_checked_against_the_name(server_tls: ssl.SSLContext, certificate: Path) -> None:  # noqa: F811 - fixtures
    site = Site(tls=server_tls)
    trusting = ssl.create_default_context(cafile=str(certificate))
    site.page("/x")

    def get(name: str, tls: ssl.SSLContext | None) -> Fetched:
        secure = ImageFetcher(
            ports=frozenset({site.port}),
            counted_as_public=LOOPBACK,
            resolver=lambda _host, _port: ["127.0.0.1"],
            tls=tls,
        )
        return secure.fetch(f"https://{name}:{site.port}/x", max_bytes=1_000, timeout_seconds=5)

    for name, tls in (("images.example", None), ("other.example", trusting)):
        with pytest.raises(NotFetched) as refused:
            get(name, tls)
        assert refused.value.why is WhyNot.UNREACHABLE
    assert site.asked == []
    assert get("images.example", trusting).content == PNG
    site.server.shutdown()
    site.server.server_close()


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2001:4860::1%1",
        "5f00::1",
    ],
)
def test_inside_addresses(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::200e"]
)
def test_public_addresses(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_inner_address_stays_inside_in_any_clothes(address: IPv4Address) -> None:
    number = int(address)
    for prefix in ("::ffff:0:0", "::", "64:ff9b::", "::ffff:0:0:0"):
        assert not is_public(IPv6Address(int(IPv6Address(prefix)) + number))
    assert not is_public(IPv6Address(int(IPv6Address("2002::")) + (number << 80)))


def test_inside_names() -> None:
    for name in (
        "localhost",
        "LOCALHOST.",
        "a.local",
        "x.internal",
        "db.corp",
        "router.home.arpa",
        "a.localhost",
    ):
        assert is_inside_name(name)
    for name in ("example.org", "local.example.org", "mylocal", "notlocalhost.example"):
        assert not is_inside_name(name)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/",
        "http://[::ffff:127.0.0.1]/", "http://[::]/", "http://127.1/", "http://①②⑦.⓪.⓪.①/", "http://127.0.0.1./",
    ],
)  # fmt: skip
def test_this_machine_cannot_be_reached_under_any_spelling(url: str) -> None:
    with pytest.raises(NotFetched) as refused:
        fetch_image(url, max_bytes=1_000, timeout_seconds=2)
    assert refused.value.why in (WhyNot.INSIDE, WhyNot.BAD_URL, WhyNot.UNREACHABLE)


@given(st.text(max_size=80))
def test_no_url_breaks_the_fetcher(text: str) -> None:
    nowhere = ImageFetcher(resolver=lambda _host, _port: ["10.0.0.1"])
    with pytest.raises(NotFetched):
        nowhere.fetch(f"http://{text}", max_bytes=1, timeout_seconds=2)
