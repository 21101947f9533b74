"""In French: Northwind Wallet with vous, Playfield with tu."""

from typing import Final

from heed.demo.files import pdf, screen
from heed.demo.story import Assigns, Door, Notes, Replies, Sorts, Stands, Story, Who, Writes, story
from heed.kernel.words import Priority, Status

# data table: conversations
STORIES: Final[tuple[Story, ...]] = (
    story(
        "paiement-refuse",
        Door.HELP,
        "Élodie Marchand <elodie.marchand@example.fr>",
        "Paiement refusé à la caisse",
        Writes(
            "47m",
            """
            Bonjour,

            ma carte vient d’être refusée à la caisse du supermarché, devant tout le monde, alors que j’ai 430 € sur
            mon compte. J’ai dû laisser mes courses. Que s’est-il passé ?

            Élodie Marchand
            """,
        ),
        language="fr",
    ),
    story(
        "musique",
        Door.PLAYFIELD,
        "Théo Garnier <theo.garnier@example.fr>",
        "La musique du jardin d’hiver",
        Writes(
            "20m",
            """
            Salut ! J’adore la musique du jardin d’hiver, surtout le piano. Est-ce qu’on peut l’acheter quelque part ?
            Je voudrais l’offrir à ma sœur pour Noël.

            Théo
            """,
        ),
        language="fr",
    ),
    story(
        "compte-bloque",
        Door.ACCOUNTS,
        "Nadia Benali <nadia.benali@example.fr>",
        "Compte bloqué sans explication",
        Writes(
            "1d 16:05",
            """
            Bonjour, mon compte est bloqué depuis ce matin. Personne ne m’a prévenue et l’application dit seulement
            « contactez-nous ». Mon salaire est dessus !

            Nadia Benali
            """,
        ),
        Replies(
            "1d 16:31",
            Who.TOMAS,
            """
            Bonjour Madame Benali,

            Je suis désolé de cette surprise. Un virement inhabituel a déclenché une vérification ; votre argent est
            là et reste à vous. J’ai besoin d’un justificatif de ce virement, un contrat ou une facture suffit.

            Tomás Ruiz
            """,
        ),
        Writes(
            "1h33m",
            """
            Voici le contrat de vente de ma voiture. Est-ce que cela suffit ? Je dois payer la crèche aujourd’hui.

            Nadia Benali
            """,
            files=(
                pdf("contrat-de-vente.pdf", "Contrat de vente", "Véhicule d'occasion", "Prix : 4 200,00 EUR"),
            ),
            quotes=True,
        ),
        Sorts("1h30m", Who.TOMAS, Priority.HIGH, ("compte bloqué",)),
        language="fr",
    ),
    story(
        "remboursement-partiel",
        Door.PLAYFIELD,
        "Hélène Roux <helene.roux@example.fr>",
        "Remboursement partiel",
        Writes(
            "7d 10:44",
            """
            Bonjour, j’ai acheté le grand pack à 24 €, mais il me manque la serre. Vous me remboursez la différence ?

            Hélène
            """,
        ),
        Replies(
            "7d 11:30",
            Who.INES,
            """
            Bonjour Hélène,

            La serre manque vraiment, pardon ! Deux possibilités : je te l’ajoute tout de suite, ou je te rembourse 8
            €. Qu’est-ce qui te ferait plaisir ?

            Inés de Playfield
            """,
        ),
        language="fr",
    ),
    story(
        "virement-lent",
        Door.HELP,
        "Bastien Lefèvre <bastien.lefevre@example.fr>",
        "Virement toujours en attente",
        Writes(
            "2d 09:02",
            """
            Bonjour, mon virement de vendredi est toujours « en attente ». La référence est NW-77120.

            Bastien Lefèvre
            """,
        ),
        Replies(
            "2d 09:40",
            Who.MARA,
            """
            Bonjour Monsieur Lefèvre,

            Le virement NW-77120 a quitté notre banque ce matin à 9 h 15. Comptez un jour ouvré jusqu’au compte du
            destinataire. Pourriez-vous me dire demain s’il est bien arrivé ?

            Mara Oduya
            """,
        ),
        language="fr",
    ),
    story(
        "facture-association",
        Door.BILLING,
        "Chantal Dubreuil <chantal@asso-lecture.example>",
        "Facture pour notre association",
        Writes(
            "3d 10:12",
            """
            Bonjour,

            notre association a besoin d’une facture au nom de « Lire ensemble ». Je mets notre comptable en copie.

            Bien à vous,|
            Chantal Dubreuil
            """,
            cc="Comptabilité <compta@asso-lecture.example>, Yves Morin <yves.morin@example.fr>",
        ),
        Replies(
            "3d 10:50",
            Who.TOMAS,
            """
            Bonjour Madame Dubreuil,

            Bien volontiers. Il me manque seulement l’adresse du siège et, si vous en avez un, votre numéro SIREN. La
            facture part dans l’heure qui suit.

            Tomás Ruiz
            """,
        ),
        language="fr",
    ),
    story(
        "nouvelle-adresse",
        Door.ACCOUNTS,
        "Camille Perrin <camille.perrin@example.fr>",
        "Changement d’adresse refusé",
        Writes(
            "1d 13:26",
            """
            Bonjour, j’ai déménagé à Lausanne et votre application refuse ma nouvelle adresse parce que le code postal
            n’a que quatre chiffres.

            Camille Perrin
            """,
            files=(screen("erreur.png", bar=(32, 52, 79), rows=3, alert=True),),
        ),
        Replies(
            "1d 14:02",
            Who.TOMAS,
            """
            Bonjour Camille Perrin,

            Un code postal suisse a bien quatre chiffres, c’est notre formulaire qui se trompe. J’ai enregistré votre
            adresse à la main. Pouvez-vous vérifier dans « Profil » que tout est juste ?

            Tomás Ruiz
            """,
        ),
        language="fr",
    ),
    story(
        "sauvegarde",
        Door.PLAYFIELD,
        "Jules Fontaine <jules.fontaine@example.fr>",
        "Récupérer mon jardin sur une tablette",
        Writes(
            "1d 15:11",
            """
            Salut, j’aurai une tablette pour mon anniversaire, samedi. Comment je fais pour retrouver mon jardin
            dessus ?
            """,
        ),
        Replies(
            "1d 15:40",
            Who.MARA,
            """
            Salut Jules,

            Ouvre « Réglages, Mon jardin » sur ton téléphone et note les six lettres. Sur la tablette, écris-les au
            démarrage, et ton jardin arrive avec toi. Je te réécris après ton anniversaire pour savoir si ça a marché.

            Mara de Playfield
            """,
        ),
        Stands("1d 15:41", Who.MARA, Status.SNOOZED, "+3d 10:00"),
        language="fr",
    ),
    story(
        "carte-avalee",
        Door.HELP,
        "Gérard Simon <gerard.simon@example.fr>",
        "Carte avalée par le distributeur",
        Writes(
            "4d 17:05",
            """
            Bonsoir. Le distributeur de la gare a avalé ma carte et je n’ai plus un sou. Je suis en déplacement
            jusqu’à vendredi.

            Gérard Simon
            """,
        ),
        Sorts("4d 17:09", Who.INES, Priority.HIGH, ("carte",)),
        Replies(
            "4d 17:14",
            Who.MARA,
            """
            Bonsoir Monsieur Simon,

            La carte est bloquée. Dans l’application, touchez « Carte, Payer avec le téléphone » : elle y fonctionne
            dès maintenant, et vous pouvez retirer de l’argent sans carte dans les agences de notre banque partenaire.
            Une nouvelle carte part demain chez vous.

            Mara Oduya
            """,
        ),
        Writes(
            "4d 17:40",
            """
            J’ai pu retirer 100 €. Vous m’avez sauvé la semaine, merci infiniment.
            """,
            quotes=True,
        ),
        Stands("3d 09:00", Who.MARA, Status.SOLVED),
        language="fr",
    ),
    story(
        "frais-change",
        Door.HELP,
        "Margaux Petit <margaux.petit@example.fr>",
        "Frais de change à Londres",
        Writes(
            "11d 09:50",
            """
            Bonjour, vous annoncez « sans frais à l’étranger » et j’ai payé 3,20 € de frais à Londres. Pourquoi ?

            Margaux Petit
            """,
        ),
        Notes(
            "11d 10:05",
            Who.MARA,
            "Paiement converti par le commerçant, pas par nous. Geste commercial : oui, sous 5 €.",
        ),
        Replies(
            "11d 10:12",
            Who.MARA,
            """
            Bonjour Madame Petit,

            Ces frais viennent du magasin : son terminal a proposé de payer en euros et a pris sa commission.
            Choisissez toujours la monnaie du pays. Pour cette fois, je vous rends les 3,20 €.

            Mara Oduya
            """,
            then=Status.SOLVED,
        ),
        language="fr",
    ),
    story(
        "limite-jeu",
        Door.PLAYFIELD,
        "Aurélie Caron <aurelie.caron@example.fr>",
        "Limiter le temps de jeu",
        Writes(
            "8d 12:22",
            """
            Bonjour, mes deux enfants ne lâchent plus votre jeu. Peut-on limiter à une heure par jour ?

            Aurélie Caron
            """,
        ),
        Assigns("8d 12:40", Who.INES, Who.MARA),
        Replies(
            "8d 13:01",
            Who.MARA,
            """
            Bonjour Aurélie,

            Oui, dans « Réglages, Famille, Temps ». À la fin de l’heure, le jardin s’endort doucement et se réveille
            le lendemain. Les enfants protestent deux jours, ensuite ça va : nous parlons d’expérience.

            Mara de Playfield
            """,
            then=Status.SOLVED,
        ),
        language="fr",
    ),
)
