from heed.channels.email.parse import parse


def test_a_plain_mail_is_read():
    mail = parse(
        b"From: Dalia <dalia@example.org>\r\nTo: help@shop.example\r\nSubject: Re: Where is my parcel\r\n"
        b"Message-ID: <1@example.org>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\n\r\nHello\r\n"
    )
    assert str(mail.sender) == "Dalia <dalia@example.org>"
    assert mail.message_id == "1@example.org"
    assert mail.base_subject == "where is my parcel"
    assert mail.text.strip() == "Hello"
    assert mail.date is not None
    assert mail.date.isoformat() == "2026-11-02T09:00:00+00:00"
