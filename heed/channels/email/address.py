"""Signed reply addresses, and who counts as one counterpart of automatic mail.

Each message of ours that asks for an answer carries its own Reply-To, ``help+h4821.7f3.k3jq2mzr5tva@…``:
the inbox, then the conversation, the message and a signature. So an answer finds its conversation although a
provider rewrote the Message-ID or a colleague in copy answers, and nobody gets in by guessing a number.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from typing import Final

MAX_LOCAL_PART: Final = 64  # octets, RFC 5321
SIGNATURE_CHARACTERS: Final = 12  # of five bits: a guess has one chance in 10^18, and each costs a mail

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_SIGNED = re.compile(
    rf"(?P<inbox>[^\s@]+)\+h(?P<conversation>[0-9]{{1,18}})\.(?P<message>[0-9a-z]{{1,12}})"
    rf"\.(?P<signature>[a-z2-7]{{{SIGNATURE_CHARACTERS}}})@(?P<domain>[^\s@]+)"
)
_UNSUBSCRIBE = re.compile(
    rf"(?P<message>[0-9a-z]{{1,12}})\.(?P<signature>[a-z2-7]{{{SIGNATURE_CHARACTERS}}})"
)
_NUMBERS = re.compile(r"\d+")


class InboxAddressTooLong(ValueError):
    """The local part of an inbox leaves no room for a signed reply address."""


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """What a signed address says: an answer to this message of this conversation, sent from this inbox."""

    inbox_address: str
    conversation: int
    message: int


def sign(inbox_address: str, *, conversation: int, message: int, secret: bytes) -> str:
    """The address that answers to one outgoing message go to; the same for the same arguments.

    Lower case, and read in any case, since some servers change it. Raises InboxAddressTooLong when the local
    part would exceed 64 octets; an inbox name of 30 octets leaves room for any number we can have.
    """
    local, _, domain = inbox_address.lower().rpartition("@")
    proof = _signature(f"{local}@{domain}", conversation, message, secret)
    tagged = f"{local}+h{conversation}.{base36(message)}.{proof}"
    if len(tagged.encode()) > MAX_LOCAL_PART:
        raise InboxAddressTooLong(inbox_address)
    return f"{tagged}@{domain}"


def read(address: str, *, secret: bytes) -> ReplyAddress | None:
    """What a signed address says, or None if it is none of ours or not genuine."""
    found = _SIGNED.fullmatch(address.strip().strip("<>").lower()) if len(address) <= 320 else None
    if found is None:
        return None
    inbox = f"{found['inbox']}@{found['domain']}"
    conversation, message = int(found["conversation"]), int(found["message"], 36)
    expected = _signature(inbox, conversation, message, secret)
    if not hmac.compare_digest(expected, found["signature"]):
        return None
    return ReplyAddress(inbox, conversation, message)


def message_id_for(inbox_address: str, *, conversation: int, message: int, secret: bytes) -> str:
    """The Message-ID, without angle brackets, of an outgoing message: always the same, and not to be guessed."""
    domain = inbox_address.rpartition("@")[2].lower()
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    proof = _proof(f"heed message id\0{domain}\0{conversation}\0{message}", secret)
    return f"h{conversation}.{base36(message)}.{proof}@{domain}"


def unsubscribe_token(message: int, *, secret: bytes) -> str:
    """What stands in the address at which whoever got this automatic message asks for no more; not to be guessed."""
    return f"{base36(message)}.{_proof(f'heed unsubscribe{chr(0)}{message}', secret)}"


def read_unsubscribe_token(token: str, *, secret: bytes) -> int | None:
    """The message of a genuine token, or None."""
    found = _UNSUBSCRIBE.fullmatch(token.lower()) if len(token) <= 40 else None
    if found is None:
        return None
    message = int(found["message"], 36)
    genuine = unsubscribe_token(message, secret=secret).partition(".")[2]
    return message if hmac.compare_digest(genuine, found["signature"]) else None


def counterpart(address: str) -> str:
    """Whom an address stands for when automatic mail is counted: without ``+tag`` and digits, lower case.

    A desk that changes its address with each answer stays one counterpart that way. A local part of digits
    alone is a person's number and stays.
    """
    local, _, domain = address.strip().strip("<>").lower().rpartition("@")
    untagged = local.partition("+")[0]
    return f"{_NUMBERS.sub('', untagged) or untagged}@{domain.rstrip('.')}"


def base36(number: int) -> str:
    """A number in as few lower-case characters as an address can tell apart; int(…, 36) reads it."""
    out = ""
    while True:
        number, digit = divmod(number, 36)
        out = _DIGITS[digit] + out
        if not number:
            return out


def _signature(inbox: str, conversation: int, message: int, secret: bytes) -> str:
    # The first words keep this use of the secret apart from every other one.
    return _proof(f"heed reply address\0{inbox}\0{conversation}\0{message}", secret)


def _proof(claim: str, secret: bytes) -> str:
    digest = hmac.new(secret, claim.encode(), hashlib.sha256).digest()
    return b32encode(digest).decode("ascii")[:SIGNATURE_CHARACTERS].lower()


def _names(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


def _spread(names: str, *, over: str) -> frozenset[str]:
    return frozenset(f"{name}.{ending}" for name in names.split() for ending in over.split())


PUBLIC_PROVIDERS: Final = (
    _names(
        "126.com 139.com 163.com aliyun.com aol.com arcor.de att.net bell.net bigpond.com bluewin.ch "
        "bol.com.br btinternet.com centrum.cz charter.net comcast.net cox.net daum.net disroot.org "
        "docomo.ne.jp duck.com earthlink.net email.cz email.de ezweb.ne.jp fastmail.com fastmail.fm "
        "foxmail.com free.fr freenet.de gmail.com googlemail.com hanmail.net hey.com hotmail.com "
        "hushmail.com icloud.com inbox.lv inbox.ru interia.pl kakao.com kpnmail.nl laposte.net libero.it "
        "list.ru live.com mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com naver.com neuf.fr "
        "o2.pl onet.pl op.pl optonline.net optusnet.com.au orange.fr outlook.com passport.com pm.me "
        "posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com "
        "riseup.net rogers.com rocketmail.com runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca "
        "sina.com skynet.be sky.com softbank.ne.jp sohu.com t-online.de talktalk.net telenet.be telia.com "
        "telus.net terra.com.br tiscali.it tuta.com tuta.io tutanota.com tutanota.de ukr.net uol.com.br "
        "verizon.net virgilio.it virginmedia.com wanadoo.fr web.de wp.pl xs4all.nl xtra.co.nz yandex.com "
        "yandex.ru yeah.net ymail.com zonnet.nl ziggo.nl zoho.com zohomail.com"
    )
    | _spread("gmx", over="at ch com de es fr net")
    | _spread("hotmail", over="be ca ch co.jp co.uk com.ar com.br com.tr de dk es fi fr it nl no se")
    | _spread(
        "live", over="at be ca cl cn co.uk com.ar com.au com.mx com.pt de dk fi fr ie it jp nl no ru se"
    )
    | _spread(
        "outlook", over="at be cl co.id com.ar com.au com.br com.tr cz de dk es fr gr ie it jp kr pt sa"
    )
    | _spread(
        "yahoo",
        over="at ca co.id co.in co.jp co.kr co.nz co.uk com com.ar com.au com.br com.cn com.hk com.mx",
    )
    | _spread(
        "yahoo", over="com.ph com.sg com.tr com.tw com.vn cz de dk es fi fr gr ie in it nl no pl pt ro se"
    )
)
"""Domains whose addresses belong to people who have nothing to do with each other."""
