"""What the two brands set up for themselves: topics, fields, saved replies, views; and what was said on the side."""

from collections.abc import Mapping
from typing import Final

from heed.kernel.words import FieldKind

Tree = Mapping[str, "Tree"]

TOPICS: Final[Mapping[str, Tree]] = {
    "northwind-wallet": {
        "Money": {"Transfers": {"Late": {}, "Sent to the wrong person": {}}, "Refunds": {}, "Fees": {}},
        "Account": {"Identity": {}, "Limits": {}, "Closing": {}},
        "Card": {"Delivery": {}, "Abroad": {}},
    },
    "playfield": {
        "Payments": {"Charged twice": {}, "Bought by a child": {}, "Refunds": {}},
        "Game": {"Crash": {}, "Lost progress": {}},
        "Account": {"Devices": {}, "Closing": {}},
    },
}
# brand, topic (empty: every conversation of the brand), name, kind, choices
FIELDS: Final = (
    ("northwind-wallet", "Money", "Amount", FieldKind.NUMBER, ()),
    ("northwind-wallet", "Transfers", "Transfer reference", FieldKind.TEXT, ()),
    ("northwind-wallet", "Refunds", "Refund by", FieldKind.DATE, ()),
    ("northwind-wallet", "", "Needs extra care", FieldKind.YES_NO, ()),
    ("playfield", "Game", "Device", FieldKind.CHOICE, ("Phone", "Tablet", "Computer")),
)
# story, topic, and what is noted
ABOUT: Final[tuple[tuple[str, str, Mapping[str, str]], ...]] = (
    (
        "stuck-transfer",
        "Late",
        {"Amount": "640", "Transfer reference": "TR-88213", "Needs extra care": "yes"},
    ),
    ("salary-missing", "Late", {"Needs extra care": "yes"}),
    ("nour-refund", "Refunds", {}),
    ("fee-again", "Fees", {}),
    ("rent-limit", "Limits", {"Needs extra care": "no"}),
    ("two-phones", "Devices", {}),
    ("card-abroad", "Abroad", {}),
    ("tarjeta-no-llega", "Delivery", {}),
    ("konto-loeschen", "Closing", {}),
    ("charged-twice", "Charged twice", {}),
    ("child-purchase", "Bought by a child", {}),
    ("crash-level-nine", "Crash", {"Device": "Tablet"}),
    ("spielstand", "Lost progress", {"Device": "Phone"}),
)
# brand, folder, name, texts by language
REPLIES: Final = (
    (
        "northwind-wallet",
        "Transfers",
        "Transfer is late",
        {
            "en": "Hello {{ customer.first_name }},\n\nyour transfer has left us, and the bank of the receiver has not"
            " booked it yet. Your money is not lost. I look again tomorrow morning and write to you either way.",
            "de": "Guten Tag {{ customer.name }},\n\nIhre Überweisung ist bei uns abgegangen und von der Bank des"
            " Empfängers noch nicht gebucht. Ihr Geld ist nicht verloren. Ich sehe morgen früh noch einmal nach und"
            " schreibe Ihnen in jedem Fall.",
            "es": "Hola {{ customer.first_name }}:\n\nSu transferencia ha salido de nuestro lado y el banco del"
            " destinatario aún no la ha registrado. Su dinero no se ha perdido. Mañana temprano lo vuelvo a mirar y"
            " le escribo en cualquier caso.",
            "fr": "Bonjour {{ customer.first_name }},\n\nVotre virement est parti de chez nous et la banque du"
            " destinataire ne l’a pas encore enregistré. Votre argent n’est pas perdu. Je regarde de nouveau demain"
            " matin et je vous écris dans tous les cas.",
        },
    ),
    (
        "northwind-wallet",
        "Identity",
        "What we need to know who you are",
        {
            "en": "Hello {{ customer.first_name }},\n\nplease open the app, go to Account, then Identity, and"
            " photograph both sides of your document there. Please do not send it by mail.",
            "de": "Guten Tag {{ customer.name }},\n\nbitte öffnen Sie in der App Konto, dann Identität, und"
            " fotografieren Sie dort beide Seiten Ihres Ausweises. Bitte schicken Sie ihn nicht per Mail.",
        },
    ),
    (
        "playfield",
        "Payments",
        "Charged twice",
        {
            "en": "Hi {{ customer.first_name }},\n\nyou are right, and the second charge goes back to your card"
            " today. Banks take up to five days to show it.",
            "de": "Hallo {{ customer.first_name }},\n\ndu hast recht, und die zweite Abbuchung geht heute auf deine"
            " Karte zurück. Banken zeigen das nach bis zu fünf Tagen.",
        },
    ),
)
TRASHED: Final = "newsletter"
ASIDE: Final = (
    "stuck-transfer",
    "Clearing desk <clearing@bank-partner.example>",
    "Hello,\n\nthe transfer TR-88213 over 640 EUR left us two days ago. Do you have it? Our customer waits for it.",
)
# story, who writes, what: whom it calls finds it among what they are told of
MENTIONS: Final = (
    ("stuck-transfer", "tomas", "@Mara Oduya I have asked our bank partner aside. They answer before noon."),
    (
        "charged-twice",
        "ines",
        "@Players before you refund: is this the same as the double charge of last week?",
    ),
)
