# ruff: noqa: E501 - a table of other programs' HTML, a line each
"""How mail programs mark what they quote in HTML: our own corpus, as patterns that the tests fill.

``{reply}`` and ``{history}`` are HTML; ``{on}`` is the announcement in some language, ``{from_}`` to ``{subject}``
are the words of Outlook's header lines in that language.
"""

from typing import Final

from heed.channels.email.tests.dialects import ADDRESS, NAME

_HEADERS: Final = (
    f"<b>{{from_}}:</b> {NAME} &lt;{ADDRESS}&gt;<br><b>{{sent}}:</b> 2026-11-02 10:15<br>"
    "<b>{to}:</b> Dalia &lt;dalia@example.org&gt;<br><b>{subject}:</b> Your parcel"
)

ANNOUNCED: Final = {
    "gmail": '<div dir="ltr">{reply}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
    'class="gmail_attr">{on}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid '
    'rgb(204,204,204);padding-left:1ex">{history}</blockquote></div>',
    "gmail-phone": '<div dir="auto">{reply}</div><div class="gmail_extra"><br><div class="gmail_quote">{on}<br type='
    '"attribution"><blockquote class="quote" style="margin:0 0 0 .8ex">{history}</blockquote></div></div>',
    "apple": '<html><body style="overflow-wrap: break-word;">{reply}<br><div><br><blockquote type="cite"><div>{on}</div>'
    '<br class="Apple-interchange-newline"><div>{history}</div></blockquote></div></body></html>',
    "iphone": '<html><body dir="auto">{reply}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone'
    '</div><div dir="ltr"><br><blockquote type="cite">{on}<br><br></blockquote></div><blockquote type="cite"><div dir='
    '"ltr">{history}</div></blockquote></body></html>',
    "thunderbird": '<html><body>{reply}<br><div class="moz-cite-prefix">{on}<br></div><blockquote type="cite" cite='
    '"mid:1@desk.example">{history}</blockquote></body></html>',
    "yahoo": '<html><body><div class="ydp1yahoo-style-wrap"><div dir="ltr">{reply}</div></div><div id="yahoo_quoted_1" '
    'class="yahoo_quoted"><div>{on}</div><div>{history}</div></div></body></html>',
    "proton": '<div>{reply}</div><div class="protonmail_signature_block"><div>Sent with Proton Mail secure email.</div>'
    '</div><div class="protonmail_quote">{on}<br><blockquote class="protonmail_quote" type="cite">{history}</blockquote>'
    "</div>",
    "tuta": '{reply}<br><br><div class="tutanota_quote">{on}<br><blockquote class="tutanota_quote">{history}</blockquote>'
    "</div>",
    "roundcube": '<p>{reply}</p><p id="reply-intro">{on}</p><blockquote type="cite" style="padding: 0 0.4em; border-left:'
    ' #1010ff 2px solid">{history}</blockquote>',
    "zoho": '<div>{reply}</div><div class="zmail_extra_hr"></div><div class="zmail_extra"><div>---- {on} ---<br></div>'
    "<blockquote><div>{history}</div></blockquote></div>",
    "fastmail": '<div>{reply}</div><div><br></div><div>{on}</div><blockquote type="cite" id="qt">{history}</blockquote>',
    "mail-ru": '<div>{reply}</div><div><br></div><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0'
    ' 0 0 10px;">{on}<br><div>{history}</div></blockquote>',
    "yandex": "<div>{reply}</div><div><br></div><div>{on}</div><blockquote><div>{history}</div></blockquote>",
    "spark": '<div name="messageBodySection">{reply}</div><div name="messageSignatureSection"><br>Dalia Haddad</div>'
    '<div name="messageReplySection">{on}<br><blockquote type="cite">{history}</blockquote></div>',
    "gmx": '<html><body><div style="font-family: Verdana">{reply}<div>&nbsp;<div name="quote" style="margin:10px 5px 5px '
    '10px; border-left:2px solid #C3D9E5;">{on}<div name="quoted-content">{history}</div></div></div></div></body></html>',
    "signed": '<div>{reply}</div>-- <br><div class="gmail_signature"><div>Dalia Haddad<br>Example Street 1</div></div>'
    '<br><div class="gmail_quote"><div class="gmail_attr">{on}</div><blockquote class="gmail_quote">{history}'
    "</blockquote></div>",
}

HEADED: Final = {
    "outlook": '<div class="WordSection1"><p class="MsoNormal">{reply}</p><div><div style="border:none;border-top:solid '
    f'#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{_HEADERS}</p></div></div>{{history}}</div>',
    "outlook-2010": '<div class="WordSection1"><p class="MsoNormal">{reply}</p><div style="border:none;border-top:solid '
    f'#B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{_HEADERS}</p></div>{{history}}</div>',
    "outlook-web": '<div class="elementToProof">{reply}</div><div id="appendonsend"></div><hr style="display:inline-block;'
    f'width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">{_HEADERS}</div><div>{{history}}</div>',
    "outlook-phone": '<div dir="ltr">{reply}</div><div id="ms-outlook-mobile-signature"><div>Get Outlook for iOS</div>'
    '</div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
    f"{_HEADERS}</div>{{history}}",
    "outlook-new-phone": '<div dir="ltr">{reply}</div><div id="mail-editor-reference-message-container" class='
    f'"ms-outlook-mobile-reference-message"><div>{_HEADERS}</div>{{history}}</div>',
    "outlook-mac": f'<div>{{reply}}</div><span id="OLK_SRC_BODY_SECTION"><div>{_HEADERS}</div>{{history}}</span>',
    "windows-mail": '<div class="WordSection1"><p>{reply}</p><div style="mso-element:para-border-div;border:none;'
    f'border-top:solid #E1E1E1 1.0pt"><p style="border:none;padding:0cm">{_HEADERS}</p></div>{{history}}</div>',
    "zimbra": '<div>{reply}</div><div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">'
    f'<blockquote style="border-left:2px solid #1010FF">{_HEADERS}<br></blockquote></div><div data-marker='
    '"__QUOTED_TEXT__"><blockquote>{history}</blockquote></div>',
    "notes": '<font size=2 face="sans-serif">{reply}</font><br><br><br>'
    f"<font size=1 color=#5f5f5f>{_HEADERS}</font><br><hr noshade>{{history}}",
    "samsung": "<html><body>{reply}<div><br></div><div>-------- Original message --------</div><div>"
    f"{_HEADERS}</div><div>{{history}}</div></body></html>",
    "qq": '<div>{reply}</div><div><br></div><div style="font-size: 12px;">------------------&nbsp;原始邮件&nbsp;'
    f'------------------</div><div style="background:#efefef">{_HEADERS}</div><div>{{history}}</div>',
    "netease": '<div>{reply}</div><br><div id="isReplyContent" style="PADDING-LEFT: 1ex; BORDER-LEFT: #ccc 1px solid">'
    f"{_HEADERS}<br>{{history}}</div>",
    "naver": f"<p>{{reply}}</p><p>-----Original Message-----</p><p>{_HEADERS}</p><p>{{history}}</p>",
    "aol": f"<div>{{reply}}</div><div><br></div><div>-----Original Message-----<br>{_HEADERS}</div><div>{{history}}</div>",
}
