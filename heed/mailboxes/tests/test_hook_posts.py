"""Forms of providers, taken apart byte for byte."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.kernel.mail_words import HookProvider
from heed.mailboxes.hook_posts import Post, UnusablePost, arrived, fields_of
from heed.mailboxes.hook_reports import WrongSignature, check_signature, reported

BOUNDARY = "xYzZY"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def multipart(fields: dict[str, bytes]) -> Post:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in fields.items()
    ]
    return Post(MULTIPART, b"".join(parts) + f"--{BOUNDARY}--\r\n".encode())


@given(st.binary(), st.binary())
def test_a_field_of_a_form_is_read_as_it_was_sent(one: bytes, two: bytes) -> None:
    fields = {"email": one, "sender": two}
    if BOUNDARY.encode() not in one + two:
        assert fields_of(multipart(fields)) == fields
    pairs = [
        f"{name}=".encode() + b"".join(b"%%%02X" % byte for byte in value) for name, value in fields.items()
    ]
    assert fields_of(Post("application/x-www-form-urlencoded", b"&".join(pairs))) == fields


@given(
    st.sampled_from(
        [MULTIPART, "application/x-www-form-urlencoded", "application/json", "", "multipart/form-data"]
    ),
    st.binary() | st.text().map(str.encode),
    st.sampled_from(HookProvider),
)
def test_whatever_is_posted_is_read_or_refused_in_words(
    content_type: str, body: bytes, provider: HookProvider
) -> None:
    try:
        arrived(provider, Post(content_type, body))
    except UnusablePost as refused:
        words = refused.words
    else:
        words = "read"
    assert words


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["RecordType", "Type", "MessageID", "Recipient", "event-data", "event", "message", "headers", "message-id",
         "recipient", "timestamp", "delivery-status", "msys",
         "message_event", "type", "email", "anymail_id", "items",
         "signature", "token", "Metadata", "RawEmail", "Headers"]
    ), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(JSON, st.sampled_from(HookProvider))
def test_a_report_of_any_shape_is_read_or_refused_in_words(told: object, provider: HookProvider) -> None:
    post = Post("application/json", json.dumps(told).encode())
    for read in (lambda: reported(provider, post), lambda: arrived(provider, post)):
        try:
            read()
        except UnusablePost as refused:
            words = refused.words
        else:
            words = "read"
        assert words
    with pytest.raises(WrongSignature):
        check_signature(post, key="key")


@pytest.mark.parametrize(
    "post",
    [
        Post(
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=email\r\n\r\nhalf",
        ),
        Post("multipart/form-data", b""),
        Post("multipart/form-data; boundary=x", b"--x\r\n\r\n" * 2000 + b"\r\n--x--"),
        Post("application/x-www-form-urlencoded", b"a=1&" * 2000),
        Post("text/plain", b"Hello"),
    ],
)
def test_a_form_that_is_cut_off_or_endless_is_refused(post: Post) -> None:
    with pytest.raises(UnusablePost):
        arrived(HookProvider.SENDGRID, post)
