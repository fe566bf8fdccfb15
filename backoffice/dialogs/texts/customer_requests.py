"""What the bot says about problems with the service, requests that people attend, and the data it asks for."""

from .sentence import Sentence

_PROBLEMS = (
    Sentence(
        "problem.which", "Uh, veamos. ¿Qué te está pasando? 🔧", "Cuando dicen que tienen un problema, sin decir cuál."
    ),
    Sentence("problem.kind_no_internet", "No tengo internet", "Opción al preguntar qué problema tiene."),
    Sentence("problem.kind_slow", "Anda lento o se corta", "Opción al preguntar qué problema tiene."),
    Sentence("problem.kind_other", "Otro problema", "Opción al preguntar qué problema tiene."),
    Sentence(
        "problem.no_internet",
        "Fijate que todos los cables estén bien conectados y las luces del módem encendidas. Después desenchufalo "
        "10 segundos, volvé a enchufarlo y esperá 2 minutos.",
        "Primeros pasos sin Internet, si se borró esa pregunta frecuente.",
    ),
    Sentence(
        "problem.slow",
        "Probá reiniciar el módem: desenchufalo 10 segundos, volvé a enchufarlo y esperá 2 minutos.",
        "Primeros pasos con Internet lento, si se borró esa pregunta frecuente.",
    ),
    Sentence(
        "problem.second_no_internet",
        "Gracias por probar. Fijate ahora si hay alguna luz en *rojo* o apagada en el equipo, y que el cable finito de "
        "fibra no esté doblado ni suelto. Si podés, probá con otro dispositivo.",
        "Segundos pasos sin Internet.",
    ),
    Sentence(
        "problem.second_slow",
        "Gracias por probar. Ahora acercate al módem, dejá conectado un solo dispositivo y medí la velocidad en "
        "https://www.speedtest.net. Si te da un número, pasámelo.",
        "Segundos pasos con Internet lento.",
    ),
    Sentence("problem.solved", "¿Se solucionó?", "Después de los pasos."),
    Sentence(
        "problem.hand_off",
        "Gracias por hacer las pruebas. Le paso todo a Soporte para que no tengas que repetirlo.",
        "Al pasar con una persona después de las pruebas.",
    ),
    Sentence(
        "problem.ask_other", "Contame qué está pasando, con todo el detalle que puedas.", "Al elegir «Otro problema»."
    ),
    Sentence("problem.subject_no_internet", "Sin internet", "Asunto del ticket."),
    Sentence("problem.subject_slow", "Internet lento o con cortes", "Asunto del ticket."),
    Sentence("problem.subject_other", "Problema con el servicio", "Asunto del ticket."),
    Sentence("problem.field_tried", "Ya probó", "Cómo figura el dato en el ticket."),
    Sentence(
        "problem.tried", "reinicio del módem y revisión de cables y luces ({veces} intentos)", "Qué probó.", ("veces",)
    ),
    Sentence("problem.field_said", "Además dijo", "Cómo figura el dato en el ticket."),
    Sentence("problem.field_what", "Qué pasa", "Cómo figura el dato en el ticket."),
)


_SUBJECTS = (
    Sentence("subject.human", "Quiere hablar con una persona", "Asunto del ticket."),
    Sentence("subject.lost", "El bot no entendió el pedido", "Asunto del ticket."),
    Sentence("subject.identify", "No pudo confirmar sus datos", "Asunto del ticket."),
    Sentence("subject.move", "Mudanza del servicio", "Asunto del ticket."),
    Sentence("subject.cancel_service", "Pide la baja del servicio", "Asunto del ticket."),
    Sentence("subject.plan_change", "Consulta por planes o precios", "Asunto del ticket."),
    Sentence("subject.promise", "Pide acordar una fecha de pago", "Asunto del ticket."),
    Sentence("subject.visit", "Consulta por una visita técnica", "Asunto del ticket."),
    Sentence("subject.sales", "Quiere contratar el servicio", "Asunto del ticket."),
    Sentence("subject.media", "Mandó un archivo", "Asunto del ticket."),
    Sentence(
        "request.move",
        "¡Qué bueno, casa nueva! 🏠 Las mudanzas las coordina una persona.",
        "Cuando avisan que se mudan.",
    ),
    Sentence(
        "request.cancel_service",
        "Lamento que quieras irte 😔. La baja del servicio la ve una persona con vos.",
        "Cuando piden la baja del servicio.",
    ),
    Sentence(
        "request.plan_change",
        "¡Dale! Los planes y precios los ves con una persona de Ventas.",
        "Cuando quieren otro plan.",
    ),
    Sentence(
        "request.promise",
        "Gracias por avisar. La fecha de pago la acordás con una persona.",
        "Cuando piden pagar más adelante.",
    ),
    Sentence("request.visit", "Las visitas técnicas las coordina una persona.", "Cuando preguntan por una visita."),
    Sentence(
        "sales.intro",
        "¡Qué bueno que quieras sumarte a {empresa}! 🚀 Te hago dos preguntas y después te escribe alguien de Ventas.",
        "Cuando quieren contratar.",
    ),
    Sentence("sales.name", "¿Cómo es tu nombre y apellido?", "Al querer contratar."),
    Sentence(
        "sales.address",
        "¿Cuál es la dirección donde querés el servicio? (calle, número y barrio)",
        "Al querer contratar.",
    ),
    Sentence("sales.field_name", "Nombre", "Cómo figura el dato en el ticket."),
    Sentence("sales.field_address", "Dirección", "Cómo figura el dato en el ticket."),
)


_COLLECT = (
    Sentence(
        "collect.intro", "Te hago unas preguntas cortas para pasarle todo al equipo 📝", "Al empezar a pedir datos."
    ),
    Sentence("collect.optional", "{pregunta} (si no, escribí *saltar*)", "Al pedir un dato opcional.", ("pregunta",)),
    Sentence("collect.photo_here", "📷 Foto recibida", "Cómo figura una foto en el ticket."),
    Sentence("collect.skipped", "(no lo dio)", "Cómo figura en el ticket un dato que no se dio."),
    Sentence("collect.cancelled", "Listo, lo dejamos ahí 👍", "Cuando cancelan un pedido de datos."),
    Sentence("collect.bad_text", "No llegué a leer nada 🙈.", "Dato de texto vacío."),
    Sentence("collect.bad_number", "Necesito un número, por ejemplo 25.", "Dato que no es un número."),
    Sentence(
        "collect.bad_dni", "Eso no parece un DNI ni un CUIT. Escribilo solo con números.", "DNI o CUIT mal escrito."
    ),
    Sentence(
        "collect.bad_phone",
        "Eso no parece un teléfono. Ponelo con la característica, por ejemplo 261 234-5678.",
        "Teléfono mal escrito.",
    ),
    Sentence("collect.bad_yes_no", "Contestame *sí* o *no*, porfa.", "Cuando la respuesta no es sí ni no."),
    Sentence(
        "collect.bad_choice", "Elegí una de las opciones, con el número o el nombre.", "Cuando no eligen una opción."
    ),
    Sentence("collect.bad_photo", "Acá necesito una foto 📷.", "Cuando mandan otra cosa en lugar de una foto."),
    Sentence(
        "collect.bad_location", "Mandame tu ubicación 📍 o escribí la dirección.", "Cuando no mandan la ubicación."
    ),
    Sentence(
        "collect.gave_up",
        "No te preocupes, lo terminamos con una persona 🙌",
        "Después de tres respuestas que no sirven.",
    ),
)


SENTENCES: tuple[Sentence, ...] = (*_PROBLEMS, *_SUBJECTS, *_COLLECT)
