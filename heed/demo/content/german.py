"""In German: Northwind Wallet with Sie, Playfield with du."""

from typing import Final

from heed.demo.content import pages
from heed.demo.files import pdf, screen
from heed.demo.story import Assigns, Door, Notes, Reads, Replies, Sorts, Stands, Story, Who, Writes, story
from heed.kernel.words import Priority, Status

# data table: conversations
STORIES: Final[tuple[Story, ...]] = (
    story(
        "handywechsel",
        Door.ACCOUNTS,
        "Gisela Brandt <gisela.brandt@example.de>",
        "Konto gesperrt nach Handywechsel",
        Writes(
            "25m",
            """
            Guten Tag,

            ich habe ein neues Handy bekommen und jetzt ist mein Konto gesperrt. Ich bin 74 und mein Enkel, der mir
            sonst hilft, ist im Urlaub. Auf dem Bildschirm steht das, was Sie auf dem Foto sehen. Was muss ich tun?

            Mit freundlichen Grüßen|
            Gisela Brandt
            """,
            files=(screen("foto.png", bar=(32, 52, 79), rows=2, alert=True),),
        ),
        language="de",
    ),
    story(
        "spielstand",
        Door.PLAYFIELD,
        "Finn Petersen <finn.petersen@example.de>",
        "Spielstand weg!!",
        Writes(
            "1h30m",
            """
            Hallo,

            seit dem Update ist mein Garten leer. Ich habe zwei Jahre daran gearbeitet und alles ist weg, auch die
            gekauften Samen. Bitte sagt mir, dass ihr eine Kopie habt.

            Finn
            """,
        ),
        Sorts("1h12m", Who.INES, Priority.HIGH, ("spielstand",)),
        language="de",
    ),
    story(
        "fehlende-buchung",
        Door.BILLING,
        "Ulrike Sommer <ulrike@tischlerei-sommer.example>",
        "Buchung fehlt auf dem Auszug",
        Writes(
            "1d 09:15",
            """
            Guten Tag,

            hier ist die Aufstellung unserer drei Buchungen, wie besprochen. Die letzte fehlt auf Ihrem Auszug.

            Mit freundlichen Grüßen|
            Ulrike Sommer|
            Tischlerei Sommer
            """,
            html=pages.BOOKING,
            cc="Steuerbüro Lenz <buero@steuer-lenz.example>",
        ),
        Replies(
            "1d 10:20",
            Who.TOMAS,
            """
            Guten Tag Frau Sommer,

            danke für die Aufstellung. Die Zahlung an das Sägewerk ist am 9. hinausgegangen, auf dem Auszug fehlt sie
            tatsächlich. Ich lasse ihn neu erstellen und melde mich heute noch.

            Tomás Ruiz
            """,
            then=Status.OPEN,
        ),
        Writes(
            "1h50m",
            """
            Guten Tag Herr Ruiz, gestern kam leider nichts mehr. Unser Steuerbüro braucht den Auszug bis morgen früh.

            Ulrike Sommer
            """,
            quotes=True,
        ),
        language="de",
    ),
    story(
        "falscher-name",
        Door.ACCOUNTS,
        "Thorsten Weiß <thorsten.weiss@example.de>",
        "Mein Name ist falsch geschrieben",
        Writes(
            "48m",
            """
            Hallo, auf der Karte steht „Weiss“, im Ausweis „Weiß“. Im Hotel wollte man sie deshalb nicht annehmen.
            Kann man das ändern?

            Thorsten Weiß
            """,
        ),
        Assigns("30m", Who.TOMAS, Who.TOMAS),
        language="de",
    ),
    story(
        "lastschrift",
        Door.HELP,
        "Anke Hoffmann <anke.hoffmann@example.de>",
        "Lastschrift trotz Kündigung",
        Writes(
            "4d 11:03",
            """
            Guten Tag,

            ich habe mein Fitnessstudio zum 31. gekündigt, trotzdem wurden mir gestern 39,90 € abgebucht. Können Sie
            das zurückholen?

            Freundliche Grüße|
            Anke Hoffmann
            """,
        ),
        Replies(
            "4d 11:45",
            Who.MARA,
            """
            Guten Tag Frau Hoffmann,

            ja, eine Lastschrift können Sie acht Wochen lang ohne Begründung zurückgeben. Soll ich das für Sie tun?
            Das Studio erfährt davon und kann Sie anschreiben; mit Ihrer Kündigung sind Sie im Recht.

            Antworten Sie einfach mit „ja“, dann ist das Geld am selben Tag wieder da.

            Mara Oduya
            """,
        ),
        language="de",
    ),
    story(
        "urlaub",
        Door.BILLING,
        "Jens Albrecht <jens.albrecht@albrecht-bau.example>",
        "Rechnung doppelt bezahlt",
        Writes(
            "3d 15:32",
            """
            Hallo zusammen,

            unsere Buchhaltung hat die Rechnung 2177 zweimal überwiesen, am 3. und am 5. Bitte schreiben Sie uns den
            zweiten Betrag gut oder überweisen Sie ihn zurück.

            Viele Grüße|
            Jens Albrecht
            """,
        ),
        Replies(
            "3d 16:10",
            Who.TOMAS,
            """
            Guten Tag Herr Albrecht,

            beide Zahlungen sind da, 184,00 € also einmal zu viel. Was ist Ihnen lieber: eine Gutschrift auf die
            nächste Rechnung oder das Geld zurück? Für die Überweisung brauche ich Ihre Bestätigung der
            Kontoverbindung.

            Tomás Ruiz
            """,
        ),
        Writes(
            "3d 16:11",
            """
            Vielen Dank für Ihre Nachricht. Ich bin bis einschließlich nächsten Mittwoch nicht im Büro. In dringenden
            Fällen wenden Sie sich bitte an buero@albrecht-bau.example. Ihre Mail wird nicht weitergeleitet.
            """,
            subject="Automatische Antwort: Rechnung doppelt bezahlt",
            headers=(("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")),
        ),
        language="de",
    ),
    story(
        "gemeinsames-konto",
        Door.HELP,
        "Katrin Vogel <katrin.vogel@example.de>",
        "Gemeinsames Konto mit meinem Mann",
        Writes(
            "6d 17:25",
            """
            Guten Abend, wir möchten ein gemeinsames Konto führen. Geht das bei Ihnen, und was kostet es? Mein Mann
            liest mit.

            Katrin Vogel
            """,
            cc="Matthias Vogel <matthias.vogel@example.de>",
        ),
        Replies(
            "6d 17:58",
            Who.MARA,
            """
            Guten Abend Frau Vogel, guten Abend Herr Vogel,

            das geht und kostet nichts extra. Einer von Ihnen lädt den anderen unter „Konto, Personen“ ein; danach
            sehen beide alles und haben je eine eigene Karte.

            Mara Oduya
            """,
        ),
        Writes(
            "5d 08:10",
            """
            Vielen Dank! Eine Frage noch von mir: Können wir ein gemeinsames Limit festlegen?

            Matthias Vogel
            """,
            sender="Matthias Vogel <matthias.vogel@example.de>",
            cc="Katrin Vogel <katrin.vogel@example.de>",
            quotes=True,
        ),
        Replies(
            "5d 08:52",
            Who.MARA,
            """
            Guten Morgen Herr Vogel,

            ja, unter „Limits, Gemeinsam“. Wenn beide zustimmen, gilt es sofort. Passt das so für Sie beide, oder
            bleibt noch etwas offen?

            Mara Oduya
            """,
        ),
        language="de",
    ),
    story(
        "ton-fehlt",
        Door.PLAYFIELD,
        "Lisa Kramer <lisa.kramer@example.de>",
        "Kein Ton seit gestern",
        Writes(
            "2d 13:20",
            """
            Hey, seit gestern ist das Spiel bei mir stumm. Andere Apps haben Ton. Woran kann das liegen?

            LG Lisa
            """,
        ),
        Replies(
            "2d 14:02",
            Who.MARA,
            """
            Hallo Lisa,

            seit Version 4.2 hört das Spiel auf den Stummschalter an der Seite des Telefons, auch wenn Musik sonst
            läuft. Magst du einmal nachsehen, ob er an ist? Wenn es das nicht war, schick mir bitte dein Modell, dann
            suchen wir weiter.

            Mara von Playfield
            """,
        ),
        language="de",
    ),
    story(
        "auslandskarte",
        Door.ACCOUNTS,
        "Rainer Schuster <rainer.schuster@example.de>",
        "Karte für meine Reise nach Japan",
        Writes(
            "1d 11:40",
            """
            Guten Tag, ich fliege übermorgen nach Tokio. Muss ich die Karte vorher freischalten lassen? Auf Ihrer
            Seite finde ich nur etwas zu Europa.

            Rainer Schuster
            """,
        ),
        Replies(
            "1d 12:15",
            Who.TOMAS,
            """
            Guten Tag Herr Schuster,

            Japan ist jetzt für vier Wochen freigeschaltet. Ich sehe am Tag Ihrer Ankunft nach, ob die erste Zahlung
            geklappt hat, und melde mich, falls nicht. Gute Reise!

            Tomás Ruiz
            """,
        ),
        Notes("1d 12:16", Who.TOMAS, "Am Ankunftstag nachsehen, ob die Karte in Tokio geht."),
        Stands("1d 12:17", Who.TOMAS, Status.SNOOZED, "+1d 09:00"),
        language="de",
    ),
    story(
        "zweite-karte",
        Door.HELP,
        "Sabine Krüger <sabine.krueger@example.de>",
        "Zweite Karte für meine Tochter",
        Writes(
            "3d 09:40",
            """
            Guten Tag, meine Tochter wird nächste Woche 14. Kann sie eine eigene Karte zu meinem Konto bekommen, mit
            der sie höchstens 50 € im Monat ausgibt?

            Sabine Krüger
            """,
        ),
        Replies(
            "3d 10:15",
            Who.MARA,
            """
            Guten Tag Frau Krüger,

            ja, ab 12 Jahren. Unter „Karten, Für Kinder“ legen Sie die Karte an und stellen das Limit ein; sie kommt
            in drei bis vier Tagen, also noch vor dem Geburtstag.

            Mara Oduya
            """,
        ),
        Writes(
            "3d 19:30",
            """
            Hat wunderbar geklappt, die Karte ist bestellt. Danke!
            """,
            quotes=True,
        ),
        Stands("2d 08:30", Who.MARA, Status.SOLVED),
        language="de",
    ),
    story(
        "rechnung-september",
        Door.BILLING,
        "Dörte Claasen <doerte.claasen@example.de>",
        "Rechnung vom September",
        Writes(
            "13d 14:11",
            """
            Sehr geehrte Damen und Herren, ich finde die Rechnung vom September nicht mehr. Bitte schicken Sie sie mir
            noch einmal zu. Mit freundlichen Grüßen, Dörte Claasen
            """,
        ),
        Replies(
            "13d 14:35",
            Who.TOMAS,
            """
            Sehr geehrte Frau Claasen,

            gerne, sie hängt an. Alle Rechnungen finden Sie auch unter „Konto, Belege“.

            Tomás Ruiz
            """,
            then=Status.SOLVED,
            files=(pdf("rechnung-2031.pdf", "Rechnung 2031", "Monatsbeitrag September       4,90 EUR"),),
        ),
        language="de",
    ),
    story(
        "konto-loeschen",
        Door.PLAYFIELD,
        "Emre Aydın <emre.aydin@example.de>",
        "Konto löschen",
        Writes(
            "10d 12:30",
            """
            Hallo, bitte löscht mein Konto und alle Daten von mir. Das Spiel ist super, aber ich komme zu nichts
            anderem mehr.

            Emre
            """,
        ),
        Notes("9d 10:05", Who.MARA, "Keine offenen Käufe. Löschung ist für heute Nacht eingetragen."),
        Reads("9d 10:10", Who.INES),
        Replies(
            "9d 10:12",
            Who.MARA,
            """
            Hallo Emre,

            das verstehen wir gut. Dein Konto wird heute Nacht gelöscht, mit allem, was dazugehört. Bis Mitternacht
            kannst du es dir noch anders überlegen: Antworte einfach.

            Alles Gute, Mara von Playfield
            """,
            then=Status.SOLVED,
        ),
        language="de",
    ),
)
