"""Sentences that customers write, in four languages: material for made-up mails and conversations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """What people of one language are called and write."""

    code: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    subjects: tuple[str, ...]
    greeting: str
    sentences: tuple[str, ...]
    goodbye: str
    thanks: tuple[str, ...]
    wrote: str  # the line above quoted history


ENGLISH = Language(
    code="en",
    given=("Dalia", "Martin", "Priya", "Owen", "Grace", "Tunde", "Hannah", "Leo"),
    family=("Haddad", "Baker", "Shah", "Lewis", "Okoye", "Adams", "Novak", "Quinn"),
    subjects=(
        "Payment stuck for order",
        "Wrong size in parcel",
        "Question about invoice",
        "Broken on arrival: order",
    ),
    greeting="Hello,",
    sentences=(
        "I ordered two weeks ago and the parcel still has not arrived.",
        "The tracking page has said the same thing since Monday.",
        "My card was charged twice and I would like one payment back.",
        "Could you please tell me when somebody will look at this?",
        "The jacket is lovely, but it is one size too small for me.",
        "I have attached nothing so far, tell me what you need from me.",
        "We need it before the weekend because we are travelling.",
        "Is it possible to change the delivery address at this point?",
    ),
    goodbye="Kind regards,",
    thanks=("Thank you, that helps a lot already.", "I forgot to say: the number is on the second page."),
    wrote="On {date}, {name} wrote:",
)
GERMAN = Language(
    code="de",
    given=("Jonas", "Käthe", "Jürgen", "Sabine", "Lukas", "Anneliese", "Björn", "Mira"),
    family=("Müller", "Schröder", "Weiß", "Krämer", "Böhm", "Fischer", "Lorenz", "Jäger"),
    subjects=("Zahlung hängt, Bestellung", "Falsche Größe im Paket", "Frage zur Rechnung", "Rücksendung"),
    greeting="Guten Tag,",
    sentences=(
        "ich habe vor zwei Wochen bestellt und das Paket ist immer noch nicht angekommen.",
        "Die Sendungsverfolgung zeigt seit Montag dasselbe an.",
        "Der Betrag wurde zweimal von meinem Konto abgebucht.",
        "Können Sie mir bitte sagen, wann sich jemand darum kümmert?",
        "Die Jacke ist schön, aber leider eine Nummer zu klein.",
        "Bisher habe ich nichts angehängt, sagen Sie mir, was Sie brauchen.",
        "Wir brauchen es vor dem Wochenende, weil wir verreisen.",
        "Lässt sich die Lieferadresse jetzt noch ändern?",
    ),
    goodbye="Mit freundlichen Grüßen",
    thanks=("Vielen Dank, das hilft mir schon sehr.", "Ich vergaß: die Nummer steht auf der zweiten Seite."),
    wrote="Am {date} schrieb {name}:",
)
FRENCH = Language(
    code="fr",
    given=("Inès", "Chloé", "Étienne", "Noémie", "Baptiste", "Aurélie", "Gaël", "Zoé"),
    family=("Moreau", "Lefèvre", "Dubois", "Bérard", "Garnier", "Hébert", "Marchand", "Roy"),
    subjects=(
        "Paiement bloqué, commande",
        "Mauvaise taille, colis",
        "Question sur la facture",
        "Colis abîmé",
    ),
    greeting="Bonjour,",
    sentences=(
        "J'ai passé commande il y a deux semaines et le colis n'est toujours pas arrivé.",
        "La page de suivi affiche la même chose depuis lundi.",
        "Ma carte a été débitée deux fois et je voudrais être remboursée.",
        "Pourriez-vous me dire quand quelqu'un va s'en occuper ?",
        "La veste est très belle, mais une taille trop petite pour moi.",
        "Je n'ai rien joint pour l'instant, dites-moi ce qu'il vous faut.",
        "Nous en avons besoin avant le week-end car nous partons en voyage.",
        "Est-il encore possible de changer l'adresse de livraison ?",
    ),
    goodbye="Bien cordialement,",
    thanks=("Merci, cela m'aide déjà beaucoup.", "J'ai oublié : le numéro est à la deuxième page."),
    wrote="Le {date}, {name} a écrit :",
)
SPANISH = Language(
    code="es",
    given=("Lucía", "Andrés", "Begoña", "Íñigo", "Marta", "Ramón", "Sofía", "Tomás"),
    family=("García", "Muñoz", "Peña", "Ibáñez", "Castro", "Domínguez", "Vega", "Núñez"),
    subjects=(
        "Pago bloqueado, pedido",
        "Talla equivocada en el paquete",
        "Pregunta sobre la factura",
        "Devolución",
    ),
    greeting="Buenos días:",
    sentences=(
        "Hice el pedido hace dos semanas y el paquete todavía no ha llegado.",
        "La página de seguimiento muestra lo mismo desde el lunes.",
        "Me cobraron dos veces y quisiera que me devolvieran uno de los pagos.",
        "¿Podrían decirme cuándo lo va a revisar alguien?",
        "La chaqueta es preciosa, pero me queda una talla pequeña.",
        "Hasta ahora no he adjuntado nada, díganme qué necesitan.",
        "Lo necesitamos antes del fin de semana porque nos vamos de viaje.",
        "¿Todavía se puede cambiar la dirección de entrega?",
    ),
    goodbye="Un saludo,",
    thanks=("Gracias, eso ya me ayuda mucho.", "Se me olvidó: el número está en la segunda página."),
    wrote="El {date}, {name} escribió:",
)
LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH)
