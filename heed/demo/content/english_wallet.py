"""In English, Northwind Wallet: what waits, sleeps or is done."""

from typing import Final

from heed.demo.files import csv, pdf, screen
from heed.demo.story import (
    Begins,
    Door,
    Notes,
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
        "brother-answers",
        Door.ACCOUNTS,
        "Milan Novak <milan.novak@example.org>",
        "Locked out after my phone was stolen",
        Writes(
            "1d 10:05",
            """
            Hello, my phone was stolen on the train on Saturday. I have a new one, but your app wants a code from the
            old one. I can’t get in, and the thief has my phone! Please lock everything.

            Milan Novak
            """,
        ),
        Sorts("1d 10:09", Who.INES, Priority.URGENT, ("stolen phone", "locked out")),
        Replies(
            "1d 10:14",
            Who.INES,
            """
            Hello Milan,

            your account and your card are locked since 10:12, nothing can leave it. Nothing has left it since Friday
            either; I looked.

            To let you in again I need to know that you are you. Please answer from this address with the last four
            digits of the bank account that you top up from, nothing more.

            Inés Navarro
            """,
        ),
        Writes(
            "1h25m",
            """
            Hi, I’m Milan’s brother Petr. He can’t read his mail without the phone, so he forwarded your answer to me
            from the office. The digits are 2204. Can you send the new code to my number?
            """,
            sender="Petr Novak <petr.novak@example.com>",
            quotes=True,
        ),
        Notes(
            "1h10m",
            Who.INES,
            "Not from Milan’s address. I’ll call the number we have on file before I unlock anything.",
        ),
        language="en",
    ),
    story(
        "salary-missing",
        Door.HELP,
        "Hannah Whitfield <hannah.whitfield@example.com>",
        "My salary has not arrived",
        Writes(
            "8d 08:55",
            """
            Hi, my salary always comes on the 28th. It is not in my wallet. My employer says that they paid it on the
            26th. I have bills to pay today!

            Hannah
            """,
        ),
        Replies(
            "8d 09:24",
            Who.TOMAS,
            """
            Hello Hannah,

            I can see that this is urgent. There is no payment for you waiting anywhere on our side. Could you ask
            your employer for the reference of the transfer? With it I can ask the bank where it is.

            Tomás Ruiz
            """,
        ),
        Sorts("8d 09:25", Who.TOMAS, Priority.HIGH, ("salary",)),
        Writes(
            "8d 11:10",
            """
            They gave me this: SCT-2611-0098231. And a file, I don’t understand it.
            """,
            files=(
                csv(
                    "payments.csv",
                    "date,reference,iban,amount",
                    "26,SCT-2611-0098231,DE00 0000 0000 0000 4412,2310.00",
                ),
            ),
            quotes=True,
        ),
        Notes(
            "8d 11:32", Who.TOMAS, "Last four digits of the IBAN: 4412. Hers end in 4421. Two digits swapped."
        ),
        Replies(
            "8d 11:40",
            Who.TOMAS,
            """
            Hello Hannah,

            I found it: two digits of your account number are swapped in your employer’s file, …4412 instead of …4421.
            The other bank will send the money back to your employer, normally within two working days. Please tell
            them today, so that they can pay again with the right number.

            I know that doesn’t pay today’s bills. If it helps, I can write a note to your landlord that the delay is
            being sorted out.

            Tomás Ruiz
            """,
        ),
        Writes(
            "8d 12:02",
            """
            Oh no. Yes please, a note to my landlord would help a lot.
            """,
        ),
        Replies(
            "8d 13:15",
            Who.TOMAS,
            """
            Here it is, attached. I left the amount out, that is nobody’s business.

            Tomás Ruiz
            """,
            files=(
                pdf(
                    "confirmation.pdf",
                    "To whom it may concern",
                    "A transfer to Ms Whitfield was delayed by a wrong account number.",
                    "It is being corrected. Please allow five working days.",
                    "Northwind Wallet",
                ),
            ),
        ),
        Writes(
            "6d 09:30",
            """
            My employer has the money back and paid again this morning. Should be there tomorrow?
            """,
            quotes=True,
        ),
        Replies(
            "6d 09:52",
            Who.TOMAS,
            """
            Yes, tomorrow by noon. Please write to me if it isn’t there by then, and I’ll look at once.

            Tomás Ruiz
            """,
        ),
        language="en",
    ),
    story(
        "unusual-payment",
        Door.ACCOUNTS,
        "Kwame Asante <kwame.asante@example.org>",
        "Was this payment yours?",
        Begins(
            "2d 16:48",
            Who.TOMAS,
            """
            Hello Kwame,

            at 16:31 somebody tried to pay 890 € in a shop in Lisbon with your card. It looked unlike you, so we
            stopped it. Nothing was taken.

            Was it you? If yes, answer “yes” and pay again; it will work. If not, answer “no” and we send you a new
            card.

            Tomás Ruiz
            """,
        ),
        Sorts("2d 16:49", Who.TOMAS, tags=("card safety",)),
        language="en",
    ),
    story(
        "fee-again",
        Door.HELP,
        "Priya Raman <priya.raman@example.net>",
        "Fee for a payment that failed",
        Writes(
            "7d 13:05",
            """
            I was charged a fee of 1.50 for a payment that did not even work. That is not fair, is it?

            Priya
            """,
        ),
        Replies(
            "7d 13:50",
            Who.MARA,
            """
            Hello Priya,

            no, it isn’t. A payment that fails costs nothing. I gave the 1.50 € back to your balance just now and told
            the people who can repair it.

            Mara Oduya
            """,
            then=Status.SOLVED,
        ),
        Writes(
            "3d 08:20",
            """
            It happened again yesterday! Same shop, same fee. Did they repair it or not?
            """,
            quotes=True,
        ),
        Notes("3d 08:41", Who.MARA, "@Tomás second time. Is there a date for the correction?"),
        Notes(
            "3d 09:05",
            Who.TOMAS,
            "It goes out on Thursday. Give her both fees back and 5 € for the trouble, Inés says yes.",
        ),
        Replies(
            "3d 09:12",
            Who.MARA,
            """
            Hello Priya,

            I’m sorry, you were right to be annoyed. I was too early to say it was done: the correction goes out this
            Thursday. Both fees are back on your balance, and 5 € for the trouble.

            Would you tell me if you see the fee once more after Thursday? Then I’ll take it up myself.

            Mara Oduya
            """,
        ),
        language="en",
    ),
    story(
        "name-change",
        Door.ACCOUNTS,
        "Eleanor Price <eleanor.price@example.com>",
        "New surname after my wedding",
        Writes(
            "2d 11:18",
            """
            Hello! I got married and now carry my wife’s name. The registry office sends the certificate next week.
            Can you already change the name on my card?

            Eleanor Price (soon Hart)
            """,
        ),
        Replies(
            "2d 12:03",
            Who.TOMAS,
            """
            Congratulations to you both!

            I need the certificate before the name on the card may change, I’m afraid. I have put your conversation on
            my desk for next week; send the certificate as an answer to this mail and the new card leaves on the same
            day.

            Tomás Ruiz
            """,
        ),
        Stands("2d 12:04", Who.TOMAS, Status.SNOOZED, "+2d 09:00"),
        language="en",
    ),
    story(
        "card-delivery",
        Door.HELP,
        "Daniel Kessler <daniel.kessler@example.org>",
        "Card delivery to a new address",
        Writes(
            "14d 10:02",
            """
            Hello, I moved to Köpenick. Will the new card come to the new address by itself?

            Daniel Kessler
            """,
        ),
        Replies(
            "14d 10:40",
            Who.MARA,
            """
            Hello Daniel,

            it goes to the address in your profile, and there it already says Köpenick. You don’t have to do anything.

            Mara Oduya
            """,
            then=Status.SOLVED,
        ),
        language="en",
    ),
    story(
        "where-receipt",
        Door.BILLING,
        "Sam Doyle <sam.doyle@example.com>",
        "Where is my receipt?",
        Writes(
            "2h20m",
            """
            Where do I find the receipt for yesterday? I need it for my expenses.

            Sam
            """,
            files=(screen("activity.png", bar=(32, 52, 79)),),
        ),
        Replies(
            "2h2m",
            Who.MARA,
            """
            Hello Sam,

            it is under Activity, then the payment, then “Receipt”. I attached it too.

            Mara Oduya
            """,
            then=Status.SOLVED,
            files=(
                pdf(
                    "receipt-30417.pdf", "Receipt 30417", "Train ticket, Berlin to Leipzig", "Total 38.90 EUR"
                ),
            ),
        ),
        language="en",
    ),
)
