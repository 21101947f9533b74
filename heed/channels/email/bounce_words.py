"""What servers say when they refuse mail: a reason, and how sentences that mean it read.

First match wins: special sentences stand before general ones. All gaps are bounded, so that a hostile report costs
no more than an honest one.
"""

from typing import Final

SENTENCES: Final[tuple[tuple[str, str], ...]] = (
    (
        "spamdetected",  # a link in the mail is listed, not the host that sent it
        (
            r"(?:black|block|deny) ?listed (?:url|link|uri|domain) (?:in|found)|\buribl\b|\bsurbl\b|"
            r"(?:url|link|uri)s?.{0,30}(?:in (?:the |your )?(?:message|body)).{0,30}(?:listed|block|reject)"
        ),
    ),
    (
        "networkerror",
        r"malformed or unexpected name server reply|dns query failed|too many hops|mail (?:forwarding )?loop",
    ),
    (
        "notaccept",
        (
            r"indicated no smtp service|couldn.t find a mail exchanger or ip|\bnull ?mx\b|"
            r"domain (?:does not|doesn.t) accept (?:any )?(?:e-?)?mail"
        ),
    ),
    (
        "syntaxerror",
        (
            r"malformed (?:recipient )?address|recipient address(?:es)?.{0,40}incorrectly constructed|"
            r"unbalanced [<>]|(?:recipient|address).{0,30}syntax(?: error)?|syntax error.{0,30}(?:address|mailbox)"
        ),
    ),
    (
        "mailboxfull",
        (
            r"mailbox (?:is |has )?(?:full|exceeded)|mailbox .{0,60}(?:is full|over quota|exceed)|quota|"
            r"storage limit|insufficient (?:disk )?space.{0,40}(?:user|mailbox)|mailfolder is full|"
            r"not enough (?:disk|storage) space|user.{0,20}over.{0,10}limit|mailbox size|"
            r"too much mail data|boite du destinataire pleine|is too full|disk full.{0,20}mailbox|"
            r"recipient.{0,30}out of space|account is full|user has too many messages|dd_over_quota|"
            r"full mailbox|inbox is full|out of storage|postfach.{0,30}voll|bo[iî]te.{0,40}pleine|"
            r"buz[oó]n.{0,30}lleno|"
            r"casella.{0,30}piena|caixa.{0,30}cheia|postvak.{0,20}vol\b|skrzynk.{0,20}(?:pełna|"
            r"przepełn)|ящик.{0,40}(?:переполн|заполн)|переполнен|"
            r"容量.{0,12}(?:超|不足|オーバー)|メールボックス.{0,16}(?:一杯|いっぱい|満杯)|"
            r"邮箱.{0,10}(?:已满|空间不足)|信箱.{0,10}已滿|사서함.{0,12}(?:가득|초과|용량)|"
            r"receiving mail at a rate.{0,40}full"
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
            r"ウイルス|病毒|вирус|바이러스|\bvirus\b|malware|infected|dangerous (?:attachment|"
            r"content|header)|suspicious attachment|"
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
            r"arc .{0,20}fail|domain.{0,40}authentication|5\.7\.2[0-4679]\b|authentication information|"
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
        "blocked",
        (
            r"client host.{0,20} blocked|adresse ip.{0,20} bloqu|banned sending ip|"
            r"(?:sending|your|source|client) ip(?: address)?.{0,80} (?:is|was|"
            r"has been) (?:temporarily )?(?:block|ban)"
        ),
    ),
    ("securityerror", r"unauthenticated senders?|sender.{0,20}must (?:be )?authenticate"),
    (
        "policyviolation",
        r"its content presents a potential|potential security (?:issue|risk)|content.{0,20}against.{0,20}policy",
    ),
    (
        "spamdetected",
        (
            r"\bspam\b(?!haus|cop|hub|rats)|スパム|迷惑メール|垃圾(?:邮件|郵件)|спам|스팸|"
            r"spam[- ]?(?:content|score|message|detect|like|filter|policy)|"
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
            r"weiterleitungsadresse|no existe|existiert nicht|nicht gefunden|n.existe pas|"
            r"introuvable|non esiste|inesistente|sconosciut|"
            r"non (?:[eè] stato )?trovat|n[aã]o existe|n[aã]o encontrad|desconhecid|desconocid|"
            r"no se encontr|bestaat niet|"
            r"niet gevonden|onbekend|finns inte|findes ikke|finnes ikke|ukendt|okänd|ei löydy|"
            r"tuntematon|nie istnieje|"
            r"nieznany|neexistuje|neznám|nem létezik|ismeretlen|nu există|inexistent|bulunamad|mevcut değil|"
            r"не существует|не найден|неизвестн|не існує|невідом|δεν υπάρχει|見つかりません|"
            r"ありません|存在しません|宛先.{0,12}(?:不明|誤)|"
            r"不存在|找不到|无法找到|查無|존재하지 않|찾을 수 없|없는 (?:사용자|주소)|لا يوجد|غير موجود|לא קיים|"
            r""
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
