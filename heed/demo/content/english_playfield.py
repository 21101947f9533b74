"""In English, Playfield."""

from typing import Final

from heed.demo.files import screen, txt
from heed.demo.story import Assigns, Door, Notes, Replies, Sorts, Stands, Story, Who, Writes, story
from heed.kernel.words import Status

# data table: conversations
STORIES: Final[tuple[Story, ...]] = (
    story(
        "password-reset",
        Door.PLAYFIELD,
        "Ben Adler <ben.adler@example.org>",
        "Password reset",
        Writes(
            "2d 10:20",
            """
            The link in the reset mail says “expired”, three times now. I requested it five minutes ago.

            Ben
            """,
        ),
        Replies(
            "2d 11:02",
            Who.INES,
            """
            Hi Ben,

            each new mail makes the older links void, and they came in the wrong order. I deleted all of them and sent
            a single new one. Use that one, it lives for an hour.

            Inés from Playfield
            """,
        ),
        Writes(
            "2d 11:09",
            """
            Worked. Thanks!
            """,
            quotes=True,
        ),
        Stands("2d 11:15", Who.INES, Status.SOLVED),
        language="en",
    ),
    story(
        "crash-level-nine",
        Door.PLAYFIELD,
        "Zoë Lambert <zoe.lambert@example.net>",
        "Crash in the greenhouse, every time",
        Writes(
            "11d 16:12",
            """
            Hello garden people!

            When I water the third orchid in the greenhouse the game closes. Every time. I tried starting again, and
            starting the phone again. Picture and the log from your debug menu attached.

            Zoë (412 hours played, please hurry)
            """,
            files=(
                screen("greenhouse.png", bar=(54, 110, 70), rows=3, alert=True),
                txt(
                    "playfield.log",
                    "16:04:11 scene greenhouse",
                    "16:04:40 water orchid #3",
                    "16:04:40 ERROR no texture 'petal_rare_b'",
                    "16:04:40 closed",
                ),
            ),
        ),
        Sorts("11d 16:30", Who.MARA, tags=("bug", "greenhouse")),
        Notes(
            "11d 16:34", Who.MARA, "Missing texture of the rare orchid. Forwarded to the studio with the log."
        ),
        Replies(
            "11d 16:41",
            Who.MARA,
            """
            Hi Zoë,

            thank you, your log shows it exactly: a picture of the rare orchid is missing in the last version. Until
            it is corrected, leave orchid three dry; it won’t wither, I promise.

            I’ll write to you when the new version is out.

            Mara from Playfield
            """,
        ),
        Replies(
            "8d 15:20",
            Who.MARA,
            """
            Hi Zoë,

            version 4.2.1 is out and your orchid is safe to water. It has waited nicely.

            Mara from Playfield
            """,
        ),
        Writes(
            "8d 18:40",
            """
            It bloomed!! You people are the best. Case closed :)
            """,
            quotes=True,
        ),
        Stands("7d 10:02", Who.MARA, Status.SOLVED),
        language="en",
    ),
    story(
        "child-purchase",
        Door.PLAYFIELD,
        "Marcus Reed <marcus.reed@example.com>",
        "My son bought 60 € of seeds",
        Writes(
            "9d 19:04",
            """
            My seven-year-old bought “golden seeds” for 59.99 on my tablet while I was cooking. He thought they were
            free. I would like that money back and I would like to know how this is possible without a password.

            Marcus Reed
            """,
        ),
        Assigns("8d 10:11", Who.INES, Who.INES),
        Replies(
            "8d 10:26",
            Who.INES,
            """
            Hello Marcus,

            you get all of it back: 59.99 €, on your card within three days. Please don’t be hard on him, the button
            looks like all the others. That is on us.

            So that it doesn’t happen again: Settings, Family, “Ask before every purchase”. I switched it on for your
            account already.

            Inés from Playfield
            """,
            then=Status.SOLVED,
        ),
        language="en",
    ),
)
