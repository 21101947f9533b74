"""What strangers' servers say or fail to say is no line in the desk's own log."""

import logging

import dkim


def test_a_senders_missing_key_is_not_logged_as_trouble_of_the_desk(capfd):
    name = dkim.get_default_logger().name
    assert logging.getLogger("heed.worker").isEnabledFor(logging.ERROR)
    assert not logging.getLogger(name).isEnabledFor(logging.ERROR)
    raw = (
        b"DKIM-Signature: v=1; a=rsa-sha256; d=nokey.example; s=one; h=from; bh=YQ==; b=YQ==\r\n"
        b"From: a@nokey.example\r\n\r\na\r\n"
    )
    assert not dkim.verify(raw, dnsfunc=lambda *args, **more: None)
    assert "dkimpy" not in capfd.readouterr().err
