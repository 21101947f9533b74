"""Why a mail came back, in one word, from what the refusing server said.

The words are the ones that operators of mail servers use; a server's sentence is matched first, its status code
(RFC 3463) only when the sentence says nothing. First match wins, so special sentences stand before general ones.
"""

import re

# Trying again tomorrow does not help for these.
HARD = frozenset({"userunknown", "hostunknown", "hasmoved", "notaccept"})

_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        "mailboxfull",
        r"mailbox (?:is |has )?(?:full|exceeded)|mailbox .{0,60}(?:is full|over quota|exceed)|quota|storage limit|"
        r"insufficient (?:disk )?space.{0,40}(?:user|mailbox)|mailfolder is full|not enough (?:disk|storage) space|"
        r"user.{0,20}over.{0,10}limit|mailbox size|too much mail data|boite du destinataire pleine|is too full|"
        r"disk full.{0,20}mailbox|recipient.{0,30}out of space|account is full|user has too many messages|dd_over_quota|"
        r"full mailbox|inbox is full|out of storage|receiving mail at a rate.{0,40}full",
    ),
    (
        "mesgtoobig",
        r"message.{0,30}(?:too (?:big|large|long)|size exceed|exceeds)|exceeds? .{0,40}(?:message size|size limit)|"
        r"size (?:of )?(?:this )?message|message file too big|max(?:imum)? message size|mail too large|line limit exceeded",
    ),
    (
        "exceedlimit",
        r"too many recipients|delivery.{0,40}size limit|message header size.{0,40}exceeds|"
        r"(?:recipient|account).{0,30}exceeded.{0,30}(?:limit|count)|message length exceeds administrative",
    ),
    (
        "virusdetected",
        r"\bvirus\b|malware|infected|dangerous (?:attachment|content|header)|suspicious attachment|"
        r"potentially executable|your message was infected|blocked attachment",
    ),
    (
        "authfailure",
        r"\bspf\b|\bdkim\b|\bdmarc\b|authenticat(?:ion|ed).{0,40}(?:fail|require|check|pass).{0,60}(?:domain|sender|mail)|"
        r"unauthenticated (?:email|mail|sender|senders)|not pass(?:ed)? authentication|sender id \(pra\)|"
        r"doesn.t meet.{0,40}authentication|arc .{0,20}fail|domain.{0,40}authentication|5\.7\.(?:9|2[0-9])\b",
    ),
    (
        "requireptr",
        r"reverse (?:dns|hostname|lookup)|\bptr\b|\brdns\b|reverse.{0,20}(?:dns|resol|mapping|record)|"
        r"cannot (?:find|resolve) your (?:hostname|host name|ip)|client host rejected: cannot find|no matching hostname|"
        r"unresolvable.{0,30}relay|ip .{0,20}name possibly forged|5\.7\.25\b|does not resolve.{0,40}(?:ip|address)|"
        r"server access forbidden by your ip|hostname verification",
    ),
    (
        "suspend",
        r"(?:account|mailbox|user|recipient|address|domain).{0,60}(?:suspend|disabled|inactive|deactivated|not active|"
        r"is locked|frozen|discontinued|blocked for)|(?:suspended|inactive|disabled|deactivated) (?:account|mailbox|user|recipient)|"
        r"temporarily (?:disabled|unavailable).{0,20}account|mailbox currently suspended|vdelivermail: account is locked|"
        r"account (?:expired|has been (?:closed|disabled))|not using this account|unavailable user|invalid/inactive",
    ),
    (
        "hasmoved",
        r"has (?:been )?(?:moved|replaced|changed)|no longer (?:uses|at)|moved to another|user moved|5\.1\.6\b",
    ),
    (
        "norelaying",
        r"relay(?:ing)?[\s:]*(?:access )?(?:denied|not permitted|prohibited|not allowed|forbidden|disallowed)|"
        r"unable to relay|not (?:permitted|allowed|authorized) to relay|relay (?:is )?not|we do not relay|"
        r"(?:insecure|no|open) (?:mail )?relay|relaying blocked|rcpthosts|not a gateway|cannot relay|relay not permitted|"
        r"that domain isn.t in my list|will not relay|mail server requires authentication",
    ),
    (
        "toomanyconn",
        r"too many (?:connections|concurrent|simultaneous|smtp sessions|sessions|users logged)|"
        r"(?:maximum|max).{0,40}(?:connection|smtp session)|connection (?:rate )?limit|concurrent connection|4\.7\.(?:320)",
    ),
    (
        "speeding",
        r"rate[- ]limit|too (?:many|much) (?:mails?|messages?|mail).{0,60}(?:sent|hour|minute|per|from)|sending.{0,30}too (?:fast|quick|many)|"
        r"receiving mail at a rate|slow down|throttl|sent too many|exceeded the (?:rate|max|hourly)|try again.{0,20}slower|too frequent",
    ),
    (
        "badreputation",
        r"reputation|senderscore|low score|poor.{0,20}(?:score|standing)|very low .{0,20}(?:reputation)|"
        r"sending ip.{0,60}(?:history|behavio)",
    ),
    (
        "spamdetected",
        r"\bspam\b(?!haus|cop|hub|rats)|spam[- ]?(?:content|score|message|detect|like|filter|policy)|unsolicited|looks like spam|"
        r"bulk mail|junk|considered.{0,30}spam|classified as|spamassassin|gtube|appears? to be unsolicited|high probability of spam|ube",
    ),
    (
        "blocked",
        r"black ?list|block ?list|\bdnsbl\b|\brbl\b|spamhaus|spamcop|barracuda|sorbs|client host .{0,80}(?:blocked|rejected|denied)|"
        r"(?:your|this|sending) (?:ip|host|server|network|mail server).{0,80}(?:block|reject|deni|ban|not allowed|listed|refus)|"
        r"(?:ip|host|connection).{0,40}(?:is|was|has been) (?:block|ban|reject|refus|dropp)|access denied|denied by|go away|"
        r"banned sending ip|dynamic ip|dialup|bad dns|not accept(?:ed|ing)?.{0,30}from your (?:ip|host|server)|connection (?:refused|reset) by.{0,20}polic|"
        r"esmtp not accepting connections|domain does not exist:|no access from mail server|part of their network is on our block list|"
        r"you are not allowed to connect|we do not accept.{0,40}(?:ip|host|server)|bad helo|helo.{0,40}(?:reject|invalid|not accept)|"
        r"service refused|s3150|server refuse|\[s775|connected from.{0,40}refused|temporarily deferred due to user complaints",
    ),
    (
        "rejected",
        r"sender.{0,60}(?:reject|not allowed|denied|refused|not accept|invalid|unknown|verify|does ?n.t exist|not exist|block|no mx)|"
        r"(?:from|originator|return-path|envelope).{0,40}(?:reject|not allowed|denied|refused|does not exist|invalid)|"
        r"mail from .{0,60}(?:reject|not|refus|denied|block)|bad sender|domain of sender|sender verif|backscatter|"
        r"invalid domain.{0,20}sender|null sender|empty envelope sender|unverified (?:sender)|administrative prohibition|"
        r"by (?:the )?recipient.{0,20}owner|who are not on.{0,30}list",
    ),
    (
        "hostunknown",
        r"host (?:or domain name )?(?:not found|unknown|.{0,60}not found)|unknown host|no such (?:domain|host)|domain (?:name )?(?:not found|.{0,80}not (?:found|exist))|"
        r"(?:name or )?domain.{0,60}(?:does not exist|doesn.t exist|not exist|invalid|is not known|unknown)|nxdomain|unrouteable (?:mail )?(?:domain|address)|"
        r"name service error|host name is unknown|recipient address rejected: unknown domain|no mx.{0,40}(?:record|found)|all relevant mx records point to non-existent|"
        r"bad destination (?:host|system)|dns (?:error|.{0,30}no such|.{0,20}nxdomain)|couldn.t find any host|unresolvable|mail domain mentioned.{0,20}unknown|"
        r"address family mismatch|does not have an? mx|host does not exist|5\.1\.2\b|illegal host",
    ),
    (
        "notaccept",
        r"does not accept (?:mail|any mail|email|e-mail)|null ?mx|\bnull mx\b|smtp protocol returned a permanent error|"
        r"no mail.{0,20}accepted|host.{0,30}not accept.{0,20}mail|5\.3\.2\b|5\.1\.10\b|5\.5\.6\b|nullmx|mx points to",
    ),
    (
        "securityerror",
        r"starttls|\btls\b|\bssl\b|certificate|encryption|authentication (?:failed|fail|required|credentials|turned on)|"
        r"password|credentials|access restricted|must (?:log ?in|authenticate)|you are not authorized|unauthorized|authorization failed",
    ),
    (
        "filtered",
        r"filter(?:ed|ing)? (?:by|rule)|because the recipient is only accepting|due to.{0,30}(?:extended|inactivity)|"
        r"recipient.{0,30}(?:refus|block|reject)|user reject|user refuse|(?:mail|message) (?:was )?(?:refused|rejected) by (?:the )?(?:recipient|user|owner)|"
        r"has blocked|white ?list|not allowed to send.{0,30}(?:this|that) (?:user|recipient)|access has been denied to.{0,20}recipient|"
        r"this mailbox is protected|sorry.{0,20}i.ve been told to reject|mail filter|domain filter|tmda",
    ),
    (
        "userunknown",
        r"user.{0,60}(?:unknown|not (?:found|exist|known|local|here)|does ?n.?.t exist|does not exist|invalid|doesn.t have|no such)|"
        r"unknown (?:user|recipient|address|account|mailbox|local|login|email)|no such (?:user|mailbox|recipient|person|address|account|local|id|email|alias)|no mailbox|"
        r"(?:mailbox|recipient|account|address|mail address|email|destination|to).{0,80}(?:unknown|not (?:found|exist|known|listed|valid|recognized)|does ?n.t exist|does not (?:exist|have)|invalid|no longer (?:valid|available|exist|accept)|doesn.t)|"
        r"invalid (?:recipient|user|mailbox|address|final delivery)|mailbox (?:unavailable|not available|.{0,20}unavailable)|not a valid (?:recipient|mailbox|user|address)|"
        r"bad (?:destination|recipient|address)|recipient.{0,40}(?:rejected|refused|unknown|not ok)|requested action not taken: mailbox|user doesn.t|"
        r"address (?:rejected|unknown)|is not a (?:known|valid)|recipnotfound|couldn.t be found|could not be found|can.t find|cannot find|not our customer|"
        r"5\.1\.1\b|this (?:user|address|account) (?:doesn|does|is not|has)|delivery to the following recipients? failed|weiterleitungsadresse|no existe|nicht vorhanden|inconnu|undeliverable address|adresse d.*inexist|unbekannt|returned mail: user unknown|dosn.t exist|nosuchuser|no user",
    ),
    (
        "policyviolation",
        r"polic(?:y|ies)|prohibit|restrict|violat|5\.7\.1\b|not permitted|content reject|message (?:content )?reject|"
        r"blocked by.{0,20}(?:admin|rule)|dangerous|deny|security",
    ),
    (
        "contenterror",
        r"(?:8-?bit|8bit).{0,40}(?:mime|not)|mime|malformed|header.{0,40}(?:illegal|invalid|improper|error|duplicate)|"
        r"(?:duplicate|missing|bad) header|unencoded|body (?:type|contains)|html.{0,20}not accept|content.{0,30}(?:not|conver)",
    ),
    (
        "notcompliantrfc",
        r"rfc ?[0-9]{3,4}|5322|not compliant|multiple (?:addresses|headers)|message-?id.{0,20}(?:missing|invalid)",
    ),
    (
        "expired",
        r"(?:timed? ?out|expired|has been in the queue too long|retry time(?:out)?|too long in|delivery (?:time|attempts?)|"
        r"undeliverable for|queue.{0,20}(?:too long|expire)|gave up|giving up|still being|delayed|deferred|not (?:yet )?(?:been )?delivered (?:after|in|within|for)|"
        r"will (?:keep|continue|be) (?:trying|to try|retri)|4\.4\.7|5\.4\.7|exceeded.{0,30}(?:time|retr)|could not be delivered (?:for|within)|unable to deliver.{0,40}(?:days|hours)|hop count)",
    ),
    (
        "networkerror",
        r"connection (?:refused|reset|lost|closed|dropped|failed|was)|could(?: ?n.t| not) connect|network (?:is )?(?:unreachable|error)|no route|"
        r"too many hops|mail (?:loop|forwarding loop)|loops? back|loop detected|host name lookup failure|lookup fail|unreachable|dns (?:lookup|server|soft)|"
        r"establish (?:an )?smtp connection|temporary (?:lookup|name)|dns|no answer|message loop|routing loop|malformed server reply|maximum hop",
    ),
    (
        "systemfull",
        r"insufficient system (?:storage|resource)|disk full|no space left|system (?:is )?(?:full|out of)|4\.3\.1\b",
    ),
    (
        "mailererror",
        r"exit (?:code|status)|exited|command (?:failed|died|output|not found)|x-unix|procmail|pipe|mailer|returned (?:error|non-?zero)|"
        r"local delivery|/dev/|usr/",
    ),
    (
        "systemerror",
        r"system (?:error|config|failure|not)|local (?:configuration )?error|internal (?:server )?error|configuration error|lost connection|"
        r"service (?:un|not )available|server (?:error|not)|temporar(?:y|ily)|input/output|i/o error|can.t create|could not (?:be )?(?:processed|create|save)|"
        r"out of memory|resources? (?:temporarily )?unavailable|alias.{0,20}loop|can(?:no|')t open|timeout waiting|aliasing/forwarding loop|error writing|generic error|unable to (?:process|open)",
    ),
    (
        "syntaxerror",
        r"syntax|command (?:unrecognized|not (?:recognized|implemented))|unrecognized command|bad sequence|must issue|^50[0-4]\b",
    ),
)
_COMPILED = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in _SENTENCES)

_BY_STATUS = {
    "1.0": "userunknown",
    "1.1": "userunknown",
    "1.2": "hostunknown",
    "1.3": "userunknown",
    "1.4": "userunknown",
    "1.6": "hasmoved",
    "1.7": "rejected",
    "1.8": "rejected",
    "1.10": "notaccept",
    "2.0": "onhold",
    "2.1": "suspend",
    "2.2": "mailboxfull",
    "2.3": "mesgtoobig",
    "2.4": "filtered",
    "3.0": "systemerror",
    "3.1": "systemfull",
    "3.2": "notaccept",
    "3.3": "systemerror",
    "3.4": "mesgtoobig",
    "3.5": "systemerror",
    "4.0": "networkerror",
    "4.1": "expired",
    "4.2": "networkerror",
    "4.3": "systemerror",
    "4.4": "hostunknown",
    "4.5": "systemfull",
    "4.6": "networkerror",
    "4.7": "expired",
    "5.0": "mailererror",
    "5.1": "syntaxerror",
    "5.2": "syntaxerror",
    "5.3": "exceedlimit",
    "5.4": "systemerror",
    "6.0": "contenterror",
    "7.0": "securityerror",
    "7.1": "policyviolation",
    "7.9": "authfailure",
    "7.20": "authfailure",
    "7.21": "authfailure",
    "7.23": "authfailure",
    "7.25": "requireptr",
    "7.26": "authfailure",
}
_AFTER_DATA = re.compile(r"end of data|\bdata\b command|after data", re.IGNORECASE)
_SEEN = 1200  # characters of a server's answer that are looked at: the patterns hold bounded gaps


def reason_of(sentence: str, status: str) -> str:
    """Return the reason for a server's sentence and status code; ``onhold`` or ``undefined`` when neither says."""
    sentence = " ".join(sentence[:_SEEN].split())
    for word, pattern in _COMPILED:
        if pattern.search(sentence):
            if word == "userunknown" and _AFTER_DATA.search(sentence):
                return "filtered"  # the mailbox was accepted, then its owner's rule refused
            return word
    by_status = _BY_STATUS.get(status[2:])
    if by_status:
        return by_status
    if status[2:].startswith(("6.", "7.")):
        return "contenterror" if status[2] == "6" else "securityerror"
    return "onhold" if status else "undefined"
