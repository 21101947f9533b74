"""Mails that came as HTML, as their programs write it: tables, old markup, pictures from elsewhere."""

from typing import Final

STATEMENT: Final = """
    <html><body bgcolor="#ffffff" text="#222222"><font face="Helvetica, Arial, sans-serif" size="2">
    <p>Hello,<br>below is what I got from you. Which of the two amounts is right?</p>
    <table width="100%" border="0" cellpadding="14" cellspacing="0" bgcolor="#20344f"><tr>
    <td><font color="#ffffff" size="4"><b>Your monthly statement</b></font></td>
    <td width="120" align="right"><img src="https://img.statements.example/logo.png" width="96" height="32"
      alt="Northwind Wallet"></td></tr></table>
    <table width="100%" border="0" cellpadding="10" cellspacing="1" bgcolor="#d5dbe3">
    <tr bgcolor="#f2f5f9"><th align="left"><font size="2">Payment</font></th>
      <th align="right"><font size="2">Amount</font></th></tr>
    <tr bgcolor="#ffffff"><td>Monthly plan, October</td><td align="right">19.00 €</td></tr>
    <tr bgcolor="#ffffff"><td>Monthly plan, October</td><td align="right">24.00 €</td></tr>
    <tr bgcolor="#f2f5f9"><td><b>To pay</b></td><td align="right"><b>19.00 €</b></td></tr></table>
    <p><img src="https://img.statements.example/footer.png" width="320" height="24" alt="">
    <img src="https://open.statements.example/seen.gif?id=88213" width="1" height="1" alt=""></p>
    <p>Best wishes<br>Petra Lang</p></font></body></html>
"""

NEWSLETTER: Final = """
    <html><head><style>
    .wrap { width: 560px; margin: 0 auto; font-family: Georgia, serif; color: #333 }
    h1 { font-size: 24px } h2 { font-size: 17px; margin-bottom: 4px } .foot { font-size: 12px; color: #777 }
    </style></head><body><div class="wrap">
    <img src="https://cdn.fintechweekly.example/head.jpg" width="560" height="120" alt="Fintech Weekly">
    <h1>What changes for wallets in January</h1>
    <h2>1. Receipts in every language of the customer</h2><p>The new rules ask for it from the first of the month.</p>
    <h2>2. Refunds within ten days</h2><p>Ten calendar days, not working days. Set your reminders now.</p>
    <h2>3. A person to talk to</h2><p>A form alone will no longer do.</p>
    <p><a href="https://fintechweekly.example/january">Read all five</a></p>
    <p class="foot">You get this because you asked for it. <a href="https://fintechweekly.example/leave">Unsubscribe</a></p>
    </div></body></html>
"""

BOOKING: Final = """
    <html><body style="font-family: Verdana, sans-serif; font-size: 13px">
    <p>Guten Tag,</p>
    <p>hier ist die Aufstellung unserer drei Buchungen, wie besprochen. Die letzte fehlt auf Ihrem Auszug.</p>
    <table style="border-collapse: collapse" cellpadding="6">
    <tr style="background: #eef2ee"><th align="left">Datum</th><th align="left">Zweck</th>
      <th align="right">Betrag</th></tr>
    <tr><td>02.</td><td>Miete Werkstatt</td><td align="right">840,00 €</td></tr>
    <tr><td>05.</td><td>Strom</td><td align="right">112,40 €</td></tr>
    <tr style="background: #fbeeee"><td>09.</td><td>Holz, Sägewerk Pfeiffer</td><td align="right">1.260,00 €</td></tr>
    </table>
    <p>Mit freundlichen Grüßen<br>Ulrike Sommer<br><span style="color: #777">Tischlerei Sommer</span><br>
    <img src="https://www.tischlerei-sommer.example/logo.png" width="140" height="40" alt="Tischlerei Sommer"></p>
    </body></html>
"""
