"""What the two brands say in their own words: the first automatic answer, and the lines below every answer."""

from collections.abc import Mapping
from typing import Final

ACKNOWLEDGEMENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "northwind-wallet": {
        "en": (
            "Hello {name?},\n\nyour message has reached us under {reference}. It is about your money, so a person reads"
            " it: you hear from us {when}.\n\nYour balance is safe while you wait. To add something, answer this"
            " mail. Please never send us card numbers or passwords.\n\n{brand}"
        ),
        "de": (
            "Guten Tag {name?},\n\nIhre Nachricht ist unter {reference} bei uns angekommen. Es geht um Ihr Geld,"
            " deshalb liest sie ein Mensch: Sie hören {when} von uns.\n\nIhr Guthaben ist in der Zwischenzeit sicher."
            " Wenn Sie etwas ergänzen möchten, antworten Sie auf diese Mail. Bitte schicken Sie uns nie"
            " Kartennummern oder Passwörter.\n\n{brand}"
        ),
        "es": (
            "Hola {name?}:\n\nHemos recibido su mensaje con la referencia {reference}. Se trata de su dinero, así que"
            " lo lee una persona: tendrá noticias nuestras {when}.\n\nMientras tanto, su saldo está a salvo. Si"
            " quiere añadir algo, responda a este correo. Por favor, no nos envíe nunca números de tarjeta ni"
            " contraseñas.\n\n{brand}"
        ),
        "fr": (
            "Bonjour {name?},\n\nVotre message nous est bien parvenu sous la référence {reference}. Il s’agit de votre"
            " argent, c’est donc une personne qui le lit : vous aurez de nos nouvelles {when}.\n\nVotre solde est en"
            " sécurité en attendant. Pour ajouter quelque chose, répondez à ce message. Ne nous envoyez jamais de"
            " numéro de carte ni de mot de passe.\n\n{brand}"
        ),
    },
    "playfield": {
        "en": (
            "Hi {name?},\n\nthanks for telling us. We’ve kept your message as {reference} and one of us answers"
            " {when}.\n\nIf you find out more in the meantime, just answer this mail.\n\nThe people at {brand}"
        ),
        "de": (
            "Hallo {name?},\n\ndanke für deine Nachricht. Sie liegt unter {reference} bei uns, und jemand von uns"
            " antwortet {when}.\n\nWenn dir inzwischen noch etwas auffällt, antworte einfach auf diese Mail.\n\n"
            "Die Leute von {brand}"
        ),
        "es": (
            "Hola {name?}:\n\nGracias por escribirnos. Hemos guardado tu mensaje como {reference} y alguien del equipo"
            " te responde {when}.\n\nSi mientras tanto descubres algo más, responde a este correo.\n\n"
            "El equipo de {brand}"
        ),
        "fr": (
            "Bonjour {name?},\n\nMerci de nous avoir écrit. Ton message porte la référence {reference} et l’un de nous"
            " te répondra {when}.\n\nSi tu remarques autre chose d’ici là, réponds simplement à ce message.\n\n"
            "L’équipe {brand}"
        ),
    },
}

SIGNATURES: Final[Mapping[str, str]] = {
    "northwind-wallet": "Northwind Wallet\nhelp@northwind.example · northwind.example/help",
    "playfield": "Playfield, the studio with the garden\nhello@playfield.example",
}
