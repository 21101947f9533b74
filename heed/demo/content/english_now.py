"""In English, today: what is Mara's turn, and what nobody has taken yet."""

from typing import Final

from heed.demo.content import pages
from heed.demo.files import pdf, screen
from heed.demo.story import (
    Assigns,
    Breaks,
    Door,
    Notes,
    Reads,
    Replies,
    Sorts,
    Stands,
    Story,
    Who,
    Writes,
    story,
)
from heed.kernel.words import Priority, Status

# data table: conversations
STORIES: Final[tuple[Story, ...]] = (
    story(
        "stuck-transfer",
        Door.HELP,
        "Daniel Kessler <daniel.kessler@example.org>",
        "Transfer stuck since this morning",
        Writes(
            "2h42m",
            """
            Hello,

            I sent 240 € to a shop more than half an hour ago and it still says “pending”. The money has left my
            balance. Where is it?

            Daniel Kessler
            """,
        ),
        Assigns("2h24m", Who.INES, Who.MARA),
        Sorts("2h23m", Who.INES, Priority.HIGH, ("bank partner",)),
        Replies(
            "2h9m",
            Who.MARA,
            """
            Hello Daniel,

            your 240 € is safe: our bank partner still has to confirm it. I’m asking them now and will write to you
            within two hours, whatever they say.

            Mara Oduya
            """,
        ),
        Notes(
            "1h49m",
            Who.TOMAS,
            """
            @Mara the bank partner is slow today; 38 people wait for the same thing. They promise to be done by noon.
            Please don’t offer a refund before.
            """,
        ),
        Writes(
            "1h44m",
            """
            Thank you for the quick answer, Mara. I really need this today, the shop only holds my order until six.
            The order is attached, perhaps it helps.

            Daniel
            """,
            files=(
                pdf(
                    "order-7781.pdf",
                    "Order 7781",
                    "1 keyboard, split, German layout          189.00 EUR",
                    "1 wrist rest                               51.00 EUR",
                    "",
                    "Total                                     240.00 EUR",
                    "Held until 18:00 today. Payment by Northwind Wallet.",
                ),
            ),
            quotes=True,
        ),
        Reads("1h30m", Who.MARA),
        language="en",
    ),
    story(
        "old-account",
        Door.HELP,
        "Jonas Wirth <jonas.wirth@example.com>",
        "Refund went to my old account",
        Writes(
            "2d 09:12",
            """
            Hi,

            the shop refunded me 312.50 € last week. In your app it says “paid out to •• 4410”. That account is
            closed, I changed banks in September! What happens to my money now?

            Jonas Wirth
            """,
        ),
        Replies(
            "2d 10:31",
            Who.MARA,
            """
            Hello Jonas,

            money that reaches a closed account comes back to us, usually within five working days. It isn’t lost. As
            soon as it is here I’ll put it on your balance, and you choose where it goes.

            Could you add your new account under Settings, Payouts in the meantime?

            Mara Oduya
            """,
        ),
        Writes(
            "2h49m",
            """
            New account is in there since yesterday. But now your app shows the refund as “completed” and my balance
            is still zero. That can’t be right, can it? Rent is due on Wednesday and I’m getting nervous.
            """,
            quotes=True,
            files=(screen("balance.png", bar=(32, 52, 79), rows=4, alert=True),),
        ),
        Sorts("2h30m", Who.INES, Priority.HIGH, ("refund",)),
        Reads("2h15m", Who.MARA),
        language="en",
    ),
    story(
        "data-export",
        Door.HELP,
        "Ebele Dike <ebele.dike@example.net>",
        "Export of my data",
        Writes(
            "1d 15:20",
            """
            Dear Northwind,

            please send me a copy of all data that you keep about me, as the law gives me the right to. A file that I
            can open in a spreadsheet would be best.

            Kind regards,|
            Ebele Dike
            """,
        ),
        Assigns("1d 15:44", Who.TOMAS, Who.MARA),
        Notes("1d 15:45", Who.TOMAS, "@Mara identity was checked in March, you can send it straight away."),
        Replies(
            "24m",
            Who.MARA,
            """
            Dear Ebele,

            here is everything that we hold about you: your profile, your payments, and what we wrote to each other.
            If something in it is wrong, tell me and I’ll correct it.

            Mara Oduya
            """,
            files=(
                pdf(
                    "your-data.pdf",
                    "What we hold about you",
                    "Profile",
                    "Payments, 2023 to today",
                    "Messages",
                ),
            ),
            refused="ebele.dike@example.net",
        ),
        language="en",
    ),
    story(
        "receipt-name",
        Door.BILLING,
        "佐藤 花 <hana.sato@example.jp>",
        "領収書の宛名を変更したい",
        Writes(
            "2h12m",
            """
            お世話になっております。佐藤と申します。

            先月分の領収書ですが、宛名が個人名になっています。会社名「佐藤デザイン事務所」に変更していただくことは可能でしょうか。
            確定申告の準備のため、今週中にいただけると助かります。

            どうぞよろしくお願いいたします。|
            佐藤 花
            """,
        ),
        Assigns("2h5m", Who.INES, Who.MARA),
        language="ja",
    ),
    story(
        "company-invoice",
        Door.BILLING,
        "Oskar Lind <oskar@lind-byggen.example>",
        "Invoice with our company name",
        Writes(
            "18m",
            """
            Hello,

            the October invoice is made out to me in person. Our accountant needs “Lind Byggen AB” and our VAT number
            on it, otherwise she can’t book it. Can you issue it again? The month closes on Friday.

            Oskar Lind
            """,
            cc="Karin Ek <karin@lind-byggen.example>",
        ),
        Assigns("11m", Who.INES, Who.MARA),
        language="en",
    ),
    story(
        "rent-limit",
        Door.HELP,
        "Tom Becker <tom.becker@example.com>",
        "Limit too low for the rent",
        Writes(
            "55m",
            """
            Good day,

            my monthly limit is 1,000 €. My new rent is 1,180 €, so I can’t pay it from the wallet any more. I have
            been with you for three years and never had a problem. Can you raise it?

            Tom Becker
            """,
        ),
        Assigns("43m", Who.INES, Who.MARA),
        Notes(
            "20m",
            Who.TOMAS,
            "@Mara I can raise it to 2,500 if his proof of income is newer than 2024. Will you ask him, or shall I?",
        ),
        Reads("15m", Who.MARA),
        language="en",
    ),
    story(
        "card-address",
        Door.HELP,
        "Sofia Nyberg <sofia.nyberg@example.org>",
        "Wrong address on my card",
        Writes(
            "3d 14:37",
            """
            Hi! I moved in August. The card you sent me went to my old flat, and the people there say it never came.
            Can you block it and send a new one?

            Sofia
            """,
        ),
        Replies(
            "3d 15:02",
            Who.MARA,
            """
            Hello Sofia,

            the old card is blocked, nobody can use it. A new one goes to the address that stands in your profile now;
            it takes three working days. I’ll check that it has left the printer and tell you.

            Mara Oduya
            """,
        ),
        Stands("3d 15:03", Who.MARA, Status.SNOOZED, "35m"),
        language="en",
    ),
    story(
        "two-phones",
        Door.PLAYFIELD,
        "Peter Okafor <peter.okafor@example.com>",
        "One account on two phones?",
        Writes(
            "1d 17:50",
            """
            Hello, quick question before I buy the big garden pack: my daughter and I both want to play, each on our
            own phone. Does that work with one account, or do we need to pay twice?

            Thanks, Peter
            """,
        ),
        Assigns("1h2m", Who.INES, Who.MARA),
        Reads("40m", Who.MARA),
        language="en",
    ),
    story(
        "charged-twice",
        Door.PLAYFIELD,
        "Amira Thabet <amira.thabet@example.org>",
        "Charged twice for one month",
        Writes(
            "2h55m",
            """
            Hi Playfield,

            you took 4.99 from my card on the 1st and again on the 3rd, both for this month. I only have one account.
            Please give me one of them back.

            Amira
            """,
        ),
        Assigns("2h20m", Who.MARA, Who.MARA),
        Sorts("2h19m", Who.MARA, tags=("refund", "subscription")),
        language="en",
    ),
    story(
        "nour-refund",
        Door.PLAYFIELD,
        "نور حداد <nour.haddad@example.org>",
        "طلب استرجاع المبلغ",
        Writes(
            "17m",
            """
            مرحبًا،

            دفعتُ 24 € مرتين للطلب نفسه PF-20418. ظهرت رسالة خطأ في المرة الأولى فأعدتُ المحاولة. هل يمكنكم إرجاع
            المبلغ الثاني إلى بطاقتي؟

            شكرًا لكم،|
            نور حداد
            """,
        ),
        Assigns("15m", Who.INES, Who.MARA),
        Notes(
            "9m",
            Who.INES,
            "The bank confirms both payments. You can give the second one back.",
        ),
        Reads("5m", Who.MARA),
        language="ar",
    ),
    story(
        "safe-during-move",
        Door.HELP,
        "Grace Mbeki <grace.mbeki@example.com>",
        "Is my money safe during the move?",
        Writes(
            "1h34m",
            """
            I read that you are moving to another bank this weekend and that “some functions may be limited”. I have
            all my savings with you. Is my money safe? Can I still pay with my card on Saturday? Please answer, I
            don’t sleep well over this.

            Grace Mbeki
            """,
        ),
        Sorts("1h20m", Who.INES, Priority.HIGH, ("bank move",)),
        language="en",
    ),
    story(
        "invoice-2209",
        Door.BILLING,
        "billing@acme.example",
        "Re: Invoice 2209",
        Writes(
            "1h3m",
            """
            Invoice 2209 lists 14 cards. We have 11. Please send a corrected invoice, we will pay as soon as it is
            here.

            Accounts payable, Acme
            """,
            cc="Lena Ortmann <lena.ortmann@acme.example>, cfo@acme.example",
        ),
        language="en",
    ),
    story(
        "card-abroad",
        Door.ACCOUNTS,
        "Ahmet Yılmaz <ahmet.yilmaz@example.org>",
        "Card does not work abroad",
        Writes(
            "31m",
            """
            I am in Izmir and my card is refused everywhere since yesterday, although there is enough on it. At home
            it works. I have 40 lira in my pocket. What can I do?

            Ahmet
            """,
        ),
        language="en",
    ),
    story(
        "long-subject",
        Door.HELP,
        "Beatrix Vandenbroucke <b.vandenbroucke@example.net>",
        "Question about the monthly fee, the new terms from October, whether the second card for my husband costs"
        " extra, and if so since when, because I can’t find it in the price list that you sent in September",
        Writes(
            "12m",
            """
            Hello,

            sorry for the long subject, but that is really all I want to know. I would like to have it in writing
            before I agree to the new terms.

            Best wishes,|
            Beatrix Vandenbroucke
            """,
        ),
        language="en",
    ),
    story(
        "newsletter",
        Door.ACCOUNTS,
        "Fintech Weekly <news@fintechweekly.example>",
        "Fintech Weekly: what changes for wallets in January",
        Writes(
            "4h10m",
            """
            Fintech Weekly

            What changes for wallets in January. Five things to prepare for before the year ends.

            Unsubscribe: https://fintechweekly.example/leave
            """,
            html=pages.NEWSLETTER,
            headers=(
                ("List-Id", "Fintech Weekly <weekly.fintechweekly.example>"),
                ("List-Unsubscribe", "<https://fintechweekly.example/leave>"),
                ("Precedence", "bulk"),
            ),
        ),
        language="en",
    ),
    story(
        "two-amounts",
        Door.BILLING,
        "Petra Lang <petra@lang.example>",
        "Fwd: Your monthly statement",
        Writes(
            "1h15m",
            """
            Hello,

            below is what I got from you. Which of the two amounts is right?

            Best wishes|
            Petra Lang
            """,
            html=pages.STATEMENT,
            cc="office@lang.example",
        ),
        language="en",
    ),
)

PARKED: Final[Story] = story(
    "broken-form",
    Door.HELP,
    "Contact form <form@partner-shop.example>",
    "New request from your partner page",
    Breaks("3h5m"),
    language="en",
)
"""A mail that no program can read: it waits in Settings, and is no conversation."""
