"""In Spanish: Northwind Wallet with usted, Playfield with tú."""

from typing import Final

from heed.demo.files import pdf, screen, txt
from heed.demo.story import Assigns, Bounces, Door, Notes, Replies, Sorts, Stands, Story, Who, Writes, story
from heed.kernel.words import Priority, Status

# data table: conversations
STORIES: Final[tuple[Story, ...]] = (
    story(
        "no-puedo-entrar",
        Door.HELP,
        "Lucía Paredes <lucia.paredes@example.es>",
        "No puedo entrar en mi cuenta",
        Writes(
            "1h19m",
            """
            Hola, desde esta mañana la aplicación me dice que mi contraseña no es correcta. Es la misma de siempre.
            Tengo que pagar el alquiler hoy.

            Lucía Paredes
            """,
        ),
        Assigns("1h10m", Who.INES, Who.MARA),
        Writes(
            "40m",
            """
            He pedido una contraseña nueva y el correo no llega. He mirado también en la carpeta de correo no deseado.
            """,
        ),
        Writes(
            "14m",
            """
            Perdone que insista, pero ahora pone «cuenta bloqueada durante 24 horas». ¡No puedo esperar tanto! Le
            mando una captura.
            """,
            files=(screen("captura.png", bar=(32, 52, 79), rows=1, alert=True),),
        ),
        language="es",
    ),
    story(
        "bosque-congelado",
        Door.PLAYFIELD,
        "Álvaro Jiménez <alvaro.jimenez@example.es>",
        "El juego se congela en el bosque",
        Writes(
            "50m",
            """
            Buenas,

            cuando entro en el bosque de noche la pantalla se queda parada y el móvil se calienta mucho. Antes de la
            última actualización no pasaba. Adjunto el registro por si os sirve.

            Un saludo,|
            Álvaro
            """,
            files=(
                txt(
                    "registro.txt",
                    "22:14:02 escena bosque (noche)",
                    "22:14:03 luces: 4096",
                    "22:14:09 AVISO fotogramas por segundo: 2",
                ),
            ),
        ),
        language="es",
    ),
    story(
        "bizum-equivocado",
        Door.HELP,
        "Carmen Ortega <carmen.ortega@example.es>",
        "He enviado dinero a la persona equivocada",
        Writes(
            "1h42m",
            """
            Buenos días. He enviado 350 € a un número que no era. Era para mi hermana y me equivoqué en la última
            cifra. No conozco a esa persona. ¿Pueden anularlo, por favor? Estoy muy preocupada.

            Carmen Ortega
            """,
        ),
        Sorts("1h36m", Who.INES, Priority.HIGH, ("dinero equivocado",)),
        Assigns("1h35m", Who.INES, Who.INES),
        Notes(
            "1h20m",
            Who.INES,
            "El destinatario aún no lo ha retirado. He pedido que lo retengan; contestan en una hora.",
        ),
        language="es",
    ),
    story(
        "tarjeta-no-llega",
        Door.ACCOUNTS,
        "Rosa Iglesias <rosa.iglesias@example.es>",
        "Mi tarjeta no llega",
        Writes(
            "4d 09:22",
            """
            Buenos días, pedí la tarjeta hace tres semanas y todavía no ha llegado. ¿Se ha perdido?

            Rosa Iglesias
            """,
        ),
        Replies(
            "4d 10:05",
            Who.TOMAS,
            """
            Buenos días, Rosa:

            La carta salió el día 3 y debería haber llegado hace una semana, así que la doy por perdida. He anulado
            esa tarjeta. Antes de enviar otra, ¿me confirma que vive todavía en la calle del Olivo?

            Tomás Ruiz
            """,
        ),
        language="es",
    ),
    story(
        "cobro-desconocido",
        Door.HELP,
        "Javier Molina <javier.molina@example.es>",
        "No reconozco este cobro",
        Writes(
            "3d 16:50",
            """
            Hola, ayer aparece un cobro de 12,90 € de «PXL Media». No sé qué es.

            Javier
            """,
        ),
        Replies(
            "3d 17:21",
            Who.MARA,
            """
            Hola, Javier:

            «PXL Media» es el nombre con el que cobran varias revistas digitales. ¿Puede ser que alguien en su casa
            haya contratado una prueba gratuita hace un mes? Si no lo reconoce de ninguna manera, dígamelo y lo
            reclamo.

            Mara Oduya
            """,
        ),
        language="es",
    ),
    story(
        "semillas",
        Door.PLAYFIELD,
        "Nuria Campos <nuria.campos@example.es>",
        "No recibí las semillas del evento",
        Writes(
            "2d 12:08",
            """
            ¡Hola! Terminé el evento de otoño el domingo y no me dieron las semillas de calabaza. Mi usuario es
            nuria_verde.
            """,
        ),
        Replies(
            "2d 12:55",
            Who.INES,
            """
            Hola, Nuria:

            Tienes razón, el evento consta como terminado y las semillas no salieron. Te las acabo de poner en el
            cobertizo, con tres de regalo. ¿Me dices si ya las ves?

            Inés, de Playfield
            """,
        ),
        language="es",
    ),
    story(
        "documento",
        Door.ACCOUNTS,
        "Pablo Serrano <pablo.serrano@example.es>",
        "Me piden el DNI otra vez",
        Writes(
            "1d 08:40",
            """
            Buenas. Ya envié mi DNI en marzo y ahora me lo piden otra vez. ¿Es un correo falso?

            Pablo Serrano
            """,
        ),
        Replies(
            "1d 09:11",
            Who.TOMAS,
            """
            Buenos días, Pablo:

            Hace bien en preguntar. Esta vez el correo es nuestro: su documento caducó el mes pasado. Hágalo siempre
            desde la aplicación, en «Perfil, Documento», nunca por correo. Cuando lo tenga, avíseme y lo reviso el
            mismo día.

            Tomás Ruiz
            """,
        ),
        language="es",
    ),
    story(
        "factura-autonoma",
        Door.BILLING,
        "Beatriz Soler <beatriz@soler-diseno.example>",
        "Factura a nombre de mi empresa",
        Writes(
            "6d 10:30",
            """
            Hola, necesito la factura de este trimestre a nombre de «Soler Diseño S. L.». Gracias.

            Beatriz Soler
            """,
        ),
        Replies(
            "6d 11:00",
            Who.TOMAS,
            """
            Hola, Beatriz:

            Aquí la tiene, con los datos de la empresa. Las próximas saldrán ya así.

            Tomás Ruiz
            """,
            files=(
                pdf(
                    "factura-2188.pdf", "Factura 2188", "Soler Diseño S. L.", "Cuota trimestral     14,70 EUR"
                ),
            ),
            then=Status.SOLVED,
        ),
        Bounces("6d 11:01", "beatriz@soler-diseno.example", "5.2.2", "The recipient's mailbox is full"),
        Notes("6d 11:20", Who.TOMAS, "Su buzón está lleno. La he llamado, lo vacía ahora mismo."),
        Replies(
            "6d 12:10",
            Who.TOMAS,
            """
            Hola, Beatriz:

            Se la envío de nuevo, como hemos hablado por teléfono.

            Tomás Ruiz
            """,
            files=(
                pdf(
                    "factura-2188.pdf", "Factura 2188", "Soler Diseño S. L.", "Cuota trimestral     14,70 EUR"
                ),
            ),
            then=Status.WAITING,
        ),
        Writes(
            "6d 12:31",
            """
            Ahora sí. ¡Muchas gracias por llamar!
            """,
            quotes=True,
        ),
        Stands("4d 12:40", Who.TOMAS, Status.SOLVED),
        language="es",
    ),
    story(
        "recibo-agosto",
        Door.BILLING,
        "Ignacio Prieto <ignacio.prieto@example.es>",
        "Recibo de agosto",
        Writes(
            "14d 12:02",
            """
            Buenos días, ¿me pueden enviar el recibo de agosto? No lo encuentro en la aplicación.

            Ignacio Prieto
            """,
        ),
        Replies(
            "14d 12:30",
            Who.TOMAS,
            """
            Buenos días, Ignacio:

            Va adjunto. En la aplicación está en «Actividad, Recibos», pero solo si cambia el año arriba a la derecha;
            ya he dicho que eso no se ve bien.

            Tomás Ruiz
            """,
            files=(pdf("recibo-agosto.pdf", "Recibo", "Agosto       4,90 EUR"),),
            then=Status.SOLVED,
        ),
        language="es",
    ),
    story(
        "recibo-otra-vez",
        Door.BILLING,
        "Ignacio Prieto <ignacio.prieto@example.es>",
        "Re: Recibo de agosto",
        Writes(
            "3d 11:15",
            """
            Buenos días, perdone que vuelva sobre esto: ¿el de septiembre también lo podría enviar? Sigo sin verlo.
            """,
            continues="recibo-agosto",
            quotes=True,
        ),
        Replies(
            "3d 11:48",
            Who.MARA,
            """
            Buenos días, Ignacio:

            Claro, aquí está el de septiembre. Desde ayer los recibos de todo el año aparecen juntos, así que el
            próximo debería verlo sin buscar.

            Mara Oduya
            """,
            files=(pdf("recibo-septiembre.pdf", "Recibo", "Septiembre   4,90 EUR"),),
            then=Status.SOLVED,
        ),
        language="es",
    ),
    story(
        "codigo-amigo",
        Door.PLAYFIELD,
        "Teresa Vidal <teresa.vidal@example.es>",
        "¿Cómo invito a una amiga?",
        Writes(
            "12d 17:16",
            """
            Hola, quiero invitar a una amiga y que las dos tengamos la regadera azul. ¿Dónde está el código?
            """,
        ),
        Replies(
            "11d 10:20",
            Who.MARA,
            """
            Hola, Teresa:

            Toca el buzón rojo de la entrada de tu jardín: ahí está tu código. Tu amiga lo escribe al empezar y la
            regadera os llega a las dos.

            Mara, de Playfield
            """,
            then=Status.SOLVED,
        ),
        language="es",
    ),
)
