"""Why a mail came back, in one word, from what the refusing server said.

The words are the ones that operators of mail servers use; a server's sentence is matched first, its status
code (RFC 3463) only when the sentence says nothing. First match wins: special sentences stand before general
ones.
"""

import re

# Trying again tomorrow does not help for these.
HARD = frozenset({"userunknown", "hostunknown", "hasmoved", "notaccept"})

_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        "mailboxfull",
        (
            r"mailbox (?:is |has )?(?:full|exceeded)|mailbox .{0,60}(?:is full|over quota|exceed)|quota|"
            r"storage limit|insufficient (?:disk )?space.{0,40}(?:user|mailbox)|mailfolder is full|"
            r"not enough (?:disk|storage) space|user.{0,20}over.{0,10}limit|mailbox size|"
            r"too much mail data|boite du destinataire pleine|is too full|disk full.{0,20}mailbox|"
            r"recipient.{0,30}out of space|account is full|user has too many messages|dd_over_quota|"
            r"full mailbox|inbox is full|out of storage|receiving mail at a rate.{0,40}full"
        ),
    ),
    (
        "mesgtoobig",
        (
            r"message (?:is |was )?(?:too (?:big|large|long)|size exceed|exceeds)|"
            r"exceeds? .{0,40}(?:message size|size limit)|size (?:of )?(?:this )?message|"
            r"message file too big|max(?:imum)? message size|mail too large|line limit exceeded"
        ),
    ),
    (
        "exceedlimit",
        (
            r"delivery.{0,40}size limit|message header size.{0,40}exceeds|(?:recipient|"
            r"account).{0,30}exceeded.{0,30}(?:limit|count)|message length exceeds administrative"
        ),
    ),
    (
        "virusdetected",
        (
            r"\bvirus\b|malware|infected|dangerous (?:attachment|content|header)|suspicious attachment|"
            r"potentially executable|your message was infected|blocked attachment"
        ),
    ),
    (
        "requireptr",
        (
            r"reverse (?:dns|hostname|lookup)|\bptr\b|\brdns\b|reverse.{0,20}(?:dns|resol|mapping|record)|"
            r"cannot (?:find|resolve) your (?:hostname|host name|ip)|client host rejected: cannot find|"
            r"no matching hostname|unresolvable.{0,30}relay|ip .{0,20}name possibly forged|5\.7\.25\b|"
            r"does not resolve.{0,40}(?:ip|address)|server access forbidden by your ip|"
            r"hostname verification|unverif\w{1,9} (?:sending )?ips?\b|mismatch.{0,20}client ip|"
            r"ip name lookup failed"
        ),
    ),
    (
        "authfailure",
        (
            r"\bspf\b|\bdkim\b|\bdmarc\b|authenticat(?:ion|ed).{0,40}(?:fail|require|check|"
            r"pass).{0,60}(?:domain|sender|mail)|unauthenticated (?:email|mail)|"
            r"not pass(?:ed)? authentication|sender id \(pra\)|doesn.t meet.{0,40}authentication|"
            r"arc .{0,20}fail|domain.{0,40}authentication|5\.7\.2[0-46-9]\b|authentication information|"
            r"fails to pass"
        ),
    ),
    (
        "suspend",
        (
            r"(?:account|mailbox|user|recipient|address|domain).{0,60}(?:suspend|temporar(?:il)?y locked|"
            r"disabled|inactive|deactivated|not active|is locked|frozen|discontinued|blocked for)|"
            r"(?:suspended|inactive|disabled|deactivated) (?:account|mailbox|user|recipient)|"
            r"temporarily (?:disabled|unavailable).{0,20}account|mailbox currently suspended|"
            r"vdelivermail: account is locked|account (?:expired|has been (?:closed|disabled))|"
            r"not using this account|unavailable user|invalid/inactive"
        ),
    ),
    (
        "hasmoved",
        (
            r"has (?:been )?(?:moved|replaced|changed)|no longer (?:uses|at)|moved to another|user moved|"
            r"5\.1\.6\b"
        ),
    ),
    (
        "norelaying",
        (
            r"relay(?:ing)?[\s:]*(?:access )?(?:denied|not permitted|prohibited|not allowed|forbidden|"
            r"disallowed)|unable to relay|not configured to relay|address is not verified|"
            r"not (?:permitted|allowed|authorized) to relay|relay (?:is )?not|we do not relay|(?:insecure|"
            r"no|open) (?:mail )?relay|relaying blocked|rcpthosts|not a gateway|cannot relay|"
            r"relay not permitted|that domain isn.t in my list|will not relay|"
            r"mail server requires authentication"
        ),
    ),
    (
        "badreputation",
        (
            r"reputation|senderscore|low score|poor.{0,20}(?:score|standing)|"
            r"very low .{0,20}(?:reputation)|sending ip.{0,60}(?:history|behavio)|"
            r"deferred due to.{0,40}(?:volume|complaints)"
        ),
    ),
    (
        "speeding",
        (
            r"rate[- ]limit|too (?:many|much) (?:mails?|messages?|mail).{0,60}(?:sent|hour|minute|per|"
            r"from)|sending.{0,30}too (?:fast|quick|many)|receiving mail at a rate|"
            r"too many recipients this|slow down|throttl|sent too many|exceeded the (?:rate|max|hourly)|"
            r"try again.{0,20}slower|too frequent"
        ),
    ),
    (
        "toomanyconn",
        (
            r"connection frequency|too many (?:connections|recipients|concurrent|simultaneous|"
            r"smtp sessions|sessions|users logged)|(?:maximum|max).{0,40}(?:connection|smtp session)|"
            r"connection (?:rate )?limit|concurrent connection|4\.7\.(?:320)"
        ),
    ),
    (
        "spamdetected",
        (
            r"\bspam\b(?!haus|cop|hub|rats)|spam[- ]?(?:content|score|message|detect|like|filter|policy)|"
            r"unsolicited|looks like spam|bulk mail|junk|considered.{0,30}spam|classified as|spamassassin|"
            r"gtube|appears? to be unsolicited|high probability of spam|ube"
        ),
    ),
    (
        "userunknown",
        (
            r"user unknown|unknown user|no such user|recipient ?not ?found|"
            r"recipient address rejected: access denied|user not found|unknown recipient|"
            r"no mailbox here by that name|no such (?:mailbox|recipient)|recipient unknown"
        ),
    ),
    ("rejected", r"sender (?:address )?(?:was |is )?rejected|(?:sender|mail from).{0,30}not accepted"),
    (
        "blocked",
        (
            r"black ?list|block ?list|\bdnsbl\b|\brbl\b|spamhaus|spamcop|barracuda|sorbs|"
            r"client host .{0,80}(?:blocked|rejected|denied)|(?:your|this|sending) (?:ip|host|server|"
            r"network|mail server).{0,80}(?:block|reject|deni|ban|not allowed|listed|refus)|(?:ip|host|"
            r"connection).{0,40}(?:is|was|has been) (?:block|ban|reject|refus|dropp)|access denied|"
            r"denied by|go away|banned sending ip|dynamic ip|dialup|bad dns|not accept(?:ed|"
            r"ing)?.{0,30}from your (?:ip|host|server)|connection (?:refused|reset) by.{0,20}polic|"
            r"esmtp not accepting connections|domain does not exist:|no access from mail server|"
            r"part of their network is on our block list|you are not allowed to connect|"
            r"we do not accept.{0,40}(?:ip|host|server)|bad helo|helo.{0,40}(?:reject|invalid|not accept)|"
            r"service refused|s3150|server refuse|\[s775|connected from.{0,40}refused|"
            r"use the smtp server of your isp"
        ),
    ),
    (
        "rejected",
        (
            r"sender.{0,60}(?:reject|not allowed|denied|refused|not accept|invalid|unknown|verify|"
            r"does ?n.t exist|not exist|block|no mx)|(?:from|originator|return-path|"
            r"envelope).{0,40}(?:reject|not allowed|denied|refused|does not exist|invalid)|"
            r"mail from .{0,60}(?:reject|not|refus|denied|block)|bad sender|domain of sender|sender verif|"
            r"backscatter|invalid domain.{0,20}sender|unroute?able sender|purported responsible|"
            r"null sender|empty envelope sender|unverified (?:sender)|administrative prohibition|"
            r"by (?:the )?recipient.{0,20}owner|who are not on.{0,30}list"
        ),
    ),
    (
        "hostunknown",
        (
            r"host (?:or domain name )?(?:not found|unknown|.{0,60}not found)|unknown host|"
            r"no such (?:domain|host)|domain (?:name )?(?:not found|.{0,80}not (?:found|exist))|"
            r"(?:name or )?domain.{0,60}(?:does not exist|doesn.t exist|not exist|invalid|is not known|"
            r"unknown)|nxdomain|unrouteable (?:mail )?(?:domain|address)|name service error|"
            r"host name is unknown|recipient address rejected: unknown domain|no mx.{0,40}(?:record|"
            r"found)|all relevant mx records point to non-existent|bad destination (?:host|system)|"
            r"dns (?:error|.{0,30}no such|.{0,20}nxdomain)|couldn.t find any host|unresolvable|"
            r"mail domain mentioned.{0,20}unknown|address family mismatch|does not have an? mx|"
            r"host does not exist|5\.1\.2\b|illegal host|domain is not reachable|(?:^|"
            r"\s)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5} does not exist"
        ),
    ),
    (
        "notaccept",
        (
            r"does not accept (?:mail|any mail|email|e-mail)|null ?mx|\bnull mx\b|"
            r"smtp protocol returned a permanent error|no mail.{0,20}accepted|"
            r"host.{0,30}not accept.{0,20}mail|5\.3\.2\b|5\.1\.10\b|5\.5\.6\b|nullmx|mx points to"
        ),
    ),
    (
        "notcompliantrfc",
        (
            r"rfc ?(?:5321|5322|2822)|not.{0,12}compliant|multiple addresses in from|"
            r"multiple.{0,12}from headers|message-?id.{0,20}(?:missing|invalid)"
        ),
    ),
    (
        "contenterror",
        (
            r"(?:8-?bit|8bit).{0,40}(?:mime|not)|mime|malformed|headers? too (?:large|long)|8-bit data|"
            r"header.{0,40}(?:illegal|invalid|improper|error|duplicate)|(?:duplicate|missing|bad) header|"
            r"unencoded|body (?:type|contains)|html.{0,20}not accept|content.{0,30}(?:not|conver)"
        ),
    ),
    (
        "securityerror",
        (
            r"starttls|\btls\b|\bssl\b|certificate|encryption|authentication (?:failed|fail|required|"
            r"credentials|turned on)|password|credentials|access restricted|must (?:log ?in|authenticate)|"
            r"you are not authorized|unauthorized|authorization failed"
        ),
    ),
    (
        "filtered",
        (
            r"filter(?:ed|ing)? (?:by|rule)|because the recipient is only accepting|"
            r"due to.{0,30}(?:extended|inactivity)|recipient.{0,30}(?:refuses|blocked you)|user reject|"
            r"user refuse|(?:mail|message) (?:was )?(?:refused|rejected) by (?:the )?(?:recipient|user|"
            r"owner)|has blocked|white ?list|not allowed to send.{0,30}(?:this|that) (?:user|recipient)|"
            r"access has been denied to.{0,20}recipient|this mailbox is protected|"
            r"sorry.{0,20}i.ve been told to reject|mail filter|domain filter|tmda"
        ),
    ),
    (
        "userunknown",
        (
            r"user.{0,60}(?:unknown|not (?:found|exist|known|local|here)|does ?n.?.t exist|does not exist|"
            r"invalid|doesn.t have|no such)|unknown (?:user|recipient|address|account|mailbox|local|login|"
            r"email)|no such (?:user|mailbox|recipient|person|address|account|local|id|email|alias)|"
            r"no mailbox|(?:mailbox|recipient|account|address|mail address|email|destination|"
            r"to).{0,80}(?:unknown|not (?:found|exist|known|listed|valid|recognized)|does ?n.t exist|"
            r"does not (?:exist|have)|invalid|no longer (?:valid|available|exist|accept)|doesn.t)|"
            r"invalid (?:recipient|user|mailbox|address|final delivery)|mailbox (?:unavailable|"
            r"not available|.{0,20}unavailable)|not a valid (?:recipient|mailbox|user|address)|"
            r"bad (?:destination|recipient|address)|recipient.{0,40}(?:unknown|not ok)|"
            r"requested action not taken: mailbox|user doesn.t|address unknown|is not a (?:known|valid)|"
            r"recipnotfound|couldn.t be found|could not be found|can.t find|cannot find|not our customer|"
            r"5\.1\.1\b|this (?:user|address|account) (?:doesn|does|is not|has)|"
            r"delivery to the following recipients? failed|weiterleitungsadresse|no existe|"
            r"nicht vorhanden|inconnu|undeliverable address|adresse d.*inexist|unbekannt|"
            r"returned mail: user unknown|dosn.t exist|nosuchuser|no user"
        ),
    ),
    (
        "policyviolation",
        (
            r"polic(?:y|ies)|prohibit|restrict|violat|5\.7\.1\b|not permitted|content reject|"
            r"message (?:content )?reject|blocked by.{0,20}(?:admin|rule)|dangerous|deny|security"
        ),
    ),
    (
        "systemfull",
        (
            r"insufficient system (?:storage|resource)|disk full|no space left|system (?:is )?(?:full|"
            r"out of)|4\.3\.1\b"
        ),
    ),
    (
        "expired",
        (
            r"(?:did not accept our requests|timed? ?out|expired|has been in the queue too long|"
            r"retry time(?:out)?|too long in|delivery (?:time|attempts?)|undeliverable for|"
            r"queue.{0,20}(?:too long|expire)|gave up|giving up|still being|delayed|deferred|"
            r"not (?:yet )?(?:been )?delivered (?:after|in|within|for)|will (?:keep|continue|"
            r"be) (?:trying|to try|retri)|4\.4\.7|5\.4\.7|exceeded.{0,30}(?:time|retr)|"
            r"could not be delivered (?:for|within)|unable to deliver.{0,40}(?:days|hours)|hop count)"
        ),
    ),
    (
        "networkerror",
        (
            r"connection (?:refused|reset|lost|closed|dropped|failed|was)|could(?: ?n.t| not) connect|"
            r"network (?:is )?(?:unreachable|error)|no route|too many hops|mail (?:loop|forwarding loop)|"
            r"loops? back|loop detected|host name lookup failure|lookup fail|unreachable|dns (?:lookup|"
            r"server|soft)|establish (?:an )?smtp connection|temporary (?:lookup|name)|dns|no answer|"
            r"message loop|routing loop|malformed server reply|maximum hop"
        ),
    ),
    (
        "mailererror",
        (
            r"exit (?:code|status)|exited|command (?:failed|died|output|not found)|x-unix|procmail|pipe|"
            r"mailer|returned (?:error|non-?zero)|local delivery|/dev/|usr/"
        ),
    ),
    (
        "systemerror",
        (
            r"system (?:error|config|failure|not)|currently unavailable|could not load|transaction failed|"
            r"local (?:configuration )?error|internal (?:server )?error|configuration error|"
            r"lost connection|service (?:un|not )available|server (?:error|not)|temporar(?:y|ily)|"
            r"input/output|i/o error|can.t create|could not (?:be )?(?:processed|create|save)|"
            r"out of memory|resources? (?:temporarily )?unavailable|alias.{0,20}loop|can(?:no|')t open|"
            r"timeout waiting|aliasing/forwarding loop|error writing|generic error|unable to (?:process|"
            r"open)"
        ),
    ),
    (
        "syntaxerror",
        (
            r"syntax|command (?:unrecognized|not (?:recognized|implemented))|unrecognized command|"
            r"bad sequence|must issue|^50[0-4]\b"
        ),
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
    "1.10": "userunknown",
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
    "6.1": "contenterror",
    "6.9": "contenterror",
    "7.0": "securityerror",
    "7.1": "policyviolation",
    "7.9": "policyviolation",
    "7.20": "authfailure",
    "7.21": "authfailure",
    "7.23": "authfailure",
    "7.25": "requireptr",
    "7.26": "authfailure",
}
_AFTER_DATA = re.compile(
    r"end of data|command data|after data|text command|>>> data\s{1,4}<<< (?!503|354)[45]\d\d", re.IGNORECASE
)
_AT_RECIPIENT = re.compile(r">>> rcpt to:[^\n]{1,200}\n\s{0,4}<<< [45]\d\d", re.IGNORECASE)
# What servers add when they stop trying, whatever the trouble was.
_GAVE_UP = re.compile(
    r"i.m not going to try again; this message has been in the queue too long|"
    r"message will be deleted from queue|"
    r"message could not be delivered for [a-z0-9 ]{1,20}",
    re.IGNORECASE,
)
# Too general to stand against a telling status code.
_WEAK = frozenset({"policyviolation", "systemerror", "mailererror", "filtered", "onhold", "undefined"})
_SEEN = 1200  # characters of a server's answer that are looked at: the patterns hold bounded gaps


def reason_of(sentence: str, status: str, transcript: str = "") -> str:
    """Return the reason for a server's sentence and status; ``onhold`` or ``undefined`` when neither says.

    ``transcript`` is what the report says around it: which command was refused.
    """
    seen = " ".join(sentence[:_SEEN].split())
    reason = _by_sentence(_GAVE_UP.sub("", seen))
    by_status = _BY_STATUS.get(status[2:], "")
    if reason == "userunknown" and ".2." in status[1:4]:
        return "filtered"
    if reason == "userunknown" and not status.endswith(".1.1") and _is_after_data(seen, transcript[:_SEEN]):
        return "filtered"  # the mailbox was accepted, then its owner's rule refused
    if reason == "userunknown" and by_status == "hasmoved":
        return by_status
    if reason == "mesgtoobig" and status.endswith(".2.3"):
        return "exceedlimit"
    if reason in _WEAK and by_status not in ("", "onhold", *_WEAK):
        return by_status
    if reason != "undefined":
        return reason
    if _GAVE_UP.search(seen):
        return "expired"
    if by_status:
        return by_status
    if status[2:].startswith(("6.", "7.")):
        return "contenterror" if status[2] == "6" else "securityerror"
    return "onhold" if status else "undefined"


def _is_after_data(sentence: str, transcript: str) -> bool:
    if _AFTER_DATA.search(sentence):
        return True
    return bool(_AFTER_DATA.search(transcript)) and not _AT_RECIPIENT.search(transcript)


def _by_sentence(sentence: str) -> str:
    for word, pattern in _COMPILED:
        if pattern.search(sentence):
            return word
    return "undefined"
