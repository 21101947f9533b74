"""Twenty layouts as mail programs and newsletters write them, each in few lines. All words and names are ours."""

from typing import Final

_DOC: Final = "<!doctype html><html><head>{head}</head><body{attributes}>{body}</body></html>"


def _page(body: str, *, head: str = "", attributes: str = "") -> str:
    return _DOC.format(head=head, attributes=attributes, body=body)


LAYOUTS: Final = {
    "tables": _page(
        "<table width=600 align=center cellpadding=8><tr><td bgcolor='#f4f4f1'>Left</td><td bgcolor=navy>"
        "<font color=white>Right</font></td></tr><tr><td colspan=2>Below both</td></tr></table>"
    ),
    "inline colours": _page(
        "<p style='color:#b00020'>Red <span style='color:rgb(0,90,160)'>blue</span> <b style='background:#ffef9e'>"
        "marked</b></p><h2 style='color:hsl(120,60%,25%)'>Green</h2>"
    ),
    "style with classes": _page(
        "<div class=card><h1 class='title big'>Hello</h1><p>Words <a href='https://linden.example/'>link</a></p></div>",
        head="<style>.card{background:#eef3fb;color:#223} .card .title{color:#0b5fa5} .big{font-size:28px}"
        " a:link{color:#c2410c} p:first-child{color:red} .card p{color:#445566 !important}</style>",
    ),
    "media queries": _page(
        "<p class=a>One</p><p class=b>Two</p><p class=c>Three</p>",
        head="<style>.a{color:#111188}@media screen{.a{color:#118811}}@media only screen and (max-width:400px)"
        "{.b{color:red}}.b{color:#884411}@media print{.c{color:lime}}@media (prefers-color-scheme:dark)"
        "{.c{color:#fff;background:#000}}</style>",
    ),
    "right to left": (
        "<!doctype html><html dir=rtl lang=ar><head></head><body style='color:#333'><p>شكرا جزيلا "
        "<span dir=ltr style='color:#0a6'>Linden 42</span></p><table>"
        "<tr><td style='background:#eee'>السعر</td><td>٤٢</td></tr></table></body>"
        "</html>"
    ),
    "pictures of the mail": _page(
        "<table><tr><td><img src='cid:logo@x' alt='Linden' width=120 height=40></td><td style='color:#555'>Beside</td>"
        "</tr></table><p style='color:#0b5fa5'>Under <img src='cid:bell@x' alt='bell' width=16 height=16> it</p>"
    ),
    "written for the dark": _page(
        "<div style='background:#121212;padding:12px'><p style='color:#eeeeee'>Bright on dark <a style='color:#8ab4f8'"
        " href='https://linden.example/'>link</a></p></div>",
        head="<meta name=color-scheme content='light dark'><style>:root{color-scheme:light dark}</style>",
    ),
    "conditional comments and VML": _page(
        "<!--[if mso]><table><tr><td bgcolor=red>Outlook only</td></tr></table><![endif]--><!--[if !mso]><!-->"
        "<p style='color:#164e63'>Everybody else</p><!--<![endif]--><![if !mso]><p style='color:#14532d'>Again</p>"
        "<![endif]><!--[if gte vml 1]><v:roundrect fillcolor='#f00'><center>VML</center></v:roundrect><![endif]-->"
        "<p class=MsoNormal style='mso-margin-top-alt:auto;color:#1f497d'>Word<o:p></o:p></p>"
    ),
    "fixed newsletter": _page(
        "<center><table width=600 bgcolor=white><tr><td height=40 bgcolor='#0b5fa5' align=center style='color:#fff'>"
        "<b>News</b></td></tr><tr><td><table><tr><td width=290 valign=top>First column</td><td width=20></td>"
        "<td width=290 style='color:#666'>Second column</td></tr></table></td></tr></table></center>",
        attributes=" bgcolor='#e8e8e2' text='#202020'",
    ),
    "lists": _page(
        "<ul type=square style='color:#444'><li>One<li style='color:#b45309'>Two<ol type=a><li>Two a</ol></ul>"
        "<dl><dt style='color:#1d4ed8'>Word</dt><dd>Meaning</dd></dl>"
    ),
    "tables in tables": _page(
        "<table border=1><tr><td><table bgcolor='#fef3c7'><tr><td rowspan=2>A</td><td>B</td></tr><tr><td>"
        "<table><tr><th style='color:#7c2d12'>C</th></tr></table></td></tr></table></td><td>D</td></tr></table>"
    ),
    "backgrounds": _page(
        "<table><tr><td background='https://linden.example/b.png' bgcolor='#113355' style='color:#fff'>A picture</td>"
        "<td style=\"background:#553311 url('https://linden.example/b;c.png') no-repeat;color:#ffe\">Shorthand</td>"
        "<td style='background-color:#335511;background-image:url(https://linden.example/c.png);color:#efe'>Long</td>"
        "<td style='background-color:#222;background-image:linear-gradient(90deg,#222,rgba(40,40,40,.9));color:#ddd'>"
        "Gradient</td></tr></table>"
    ),
    "attributes for colours": _page(
        "<table bgcolor='#dcfce7' width='100%'><tr bgcolor='#fee2e2'><td>Row</td><td bgcolor=yellow><font color='#00f'"
        " size=4 face=Georgia>Cell</font></td></tr></table><hr color='#999999'>"
    ),
    "fonts": _page(
        "<font face='Courier New' color='#7f1d1d'>Mono</font> <tt style='color:#365314'>tt</tt> <small>small</small>"
        "<p style='font:italic 700 18px/1.2 Georgia;color:#4c1d95'>Shorthand</p>"
    ),
    "buttons": _page(
        "<table><tr><td bgcolor='#0b5fa5' style='border-radius:6px;padding:12px 24px'><a href='https://linden.example/'"
        " style='color:#ffffff;text-decoration:none;font-weight:bold'>Pay now</a></td></tr></table>"
        "<a class=btn href='https://linden.example/b'>Second</a>",
        head="<style>a.btn{display:inline-block;background:#166534;color:#fff !important;padding:8px}"
        " a.btn:hover{background:red}</style>",
    ),
    "hidden preheader": _page(
        "<div style='display:none;max-height:0;overflow:hidden;mso-hide:all;color:#fff'>Only in the list</div>"
        "<p style='color:#27272a'>What stands in the mail</p>"
    ),
    "signature with logo": _page(
        "<p>Best,</p><table style='border-left:3px solid #0b5fa5'><tr><td><img src='cid:sig@x' alt='Linden' width=80>"
        "</td><td style='color:#0b5fa5'>Dalia Haddad<br><span style='color:#71717a;font-size:11px'>Baker</span></td>"
        "</tr></table>"
    ),
    "answer from Outlook": _page(
        "<div class=WordSection1><p class=MsoNormal><span style='color:#1F497D'>My answer</span></p><div><div"
        " style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt 0 0 0'><p class=MsoNormal><b>From:</b> A"
        "<br><b>Subject:</b> Chain</p></div></div><p class=MsoNormal style='color:#0b5fa5'>What was written</p></div>",
        head="<style>p.MsoNormal{margin:0;color:#222222}a:link,span.x{color:#0563C1}@page x{size:A4}</style>",
    ),
    "answers from Gmail and Apple Mail": _page(
        "<div dir=ltr style='color:#202124'>My answer</div><div class=gmail_quote><div class=gmail_attr>Amara"
        " wrote:</div><blockquote class=gmail_quote style='border-left:1px solid #ccc;color:#500050'>Old words"
        "</blockquote></div><blockquote type=cite style='color:#4b5563'>Older words</blockquote>"
    ),
    "invoice": _page(
        "<table border=1 cellspacing=0 style='border-collapse:collapse;border:1px solid #d4d4d8'><thead><tr"
        " style='background:#18181b;color:#fafafa'><th align=left>Item</th><th align=right>Price</th></tr></thead>"
        "<tbody><tr><td>Chain</td><td align=right style='color:#15803d'>19.90</td></tr><tr><td colspan=2 align=right>"
        "<b>Total 19.90</b></td></tr></tbody><tfoot><tr><td colspan=2>Thank you</td></tr></tfoot></table>"
    ),
}
