"""What the bot says to customers in their private chat: warm, short, one thing at a time."""

from .sentence import Sentence

_HELLO = (
    Sentence(
        "greeting.known", "Hola {nombre} 👋", "Al empezar a charlar con alguien cuyo nombre sabemos.", ("nombre",)
    ),
    Sentence(
        "greeting.stranger",
        "¡Hola! 👋 Soy el asistente virtual de {empresa}.",
        "Al empezar a charlar con alguien que no conocemos.",
    ),
    Sentence("greeting.again", "¡Acá estoy! 😊", "Cuando vuelven a saludar en la misma charla."),
    Sentence("talk.thanks", "¡De nada! 😊 Cualquier cosa, escribime.", "Cuando agradecen."),
    Sentence("talk.bye", "¡Que andes bien! 👋 Cualquier cosa, acá estoy.", "Cuando se despiden."),
    Sentence(
        "talk.glad", "¡Qué bueno! 🙌 Cualquier cosa, escribime.", "Cuando dicen que se solucionó o que les sirvió."
    ),
    Sentence("talk.ok", "👍 Cualquier cosa, escribime.", "Cuando dicen «ok» y no había nada que confirmar."),
    Sentence(
        "talk.fine", "Dale, sin problema. Si necesitás algo más, escribime.", "Cuando contestan que no quieren nada."
    ),
    Sentence(
        "talk.sticker", "😊 Contame con palabras en qué te ayudo, o escribí *menú*.", "Ante un sticker o solo emojis."
    ),
)

_MENUS = (
    Sentence(
        "menu.empty",
        "Contame qué necesitás y te ayudo. Si preferís hablar con alguien, escribí *persona*.",
        "Si el menú no tiene opciones.",
    ),
    Sentence("menu.which", "¿Cuál de estas querés? 🙂", "Cuando lo que escribieron puede ser más de una opción."),
    Sentence(
        "menu.out_of_range", "Ese número no está en la lista 🙈. Estas son las opciones:", "Ante un número de más."
    ),
)

_LADDER = (
    Sentence(
        "lost.rephrase",
        "Perdón, no te entendí bien 🙈. ¿Me lo decís con otras palabras? También podés escribir *menú*.",
        "La primera vez que no entiende.",
    ),
    Sentence(
        "lost.options",
        "Sigo sin entenderte, disculpá. Elegí una opción de acá o escribí *persona* y te paso con alguien.",
        "La segunda vez que no entiende: muestra el menú.",
    ),
    Sentence(
        "lost.person",
        "Mejor te paso con una persona, así te ayuda bien 🙌",
        "La tercera vez que no entiende: pasa con una persona.",
    ),
    Sentence(
        "lost.late",
        "Pasó un rato y se venció lo que estábamos haciendo. Arranquemos de nuevo 🙂",
        "Cuando contestan tarde a una pregunta.",
    ),
)

_PEOPLE = (
    Sentence(
        "human.open",
        "Listo{nombre} 🙌 Ya le avisé al equipo de {area}. En cuanto se libere alguien te escribe por este mismo chat. "
        "Si querés, andá contándome más detalles y se los paso.",
        "Al pasar con una persona dentro del horario.",
        ("nombre", "area"),
    ),
    Sentence(
        "human.urgent",
        "Te pido disculpas{nombre}, tenés razón en reclamar. Ya pasé tu caso como *urgente* al equipo de {area}: "
        "te escribe una persona por acá, sin más vueltas.",
        "Al pasar con una persona a alguien enojado, dentro del horario.",
        ("nombre", "area"),
    ),
    Sentence(
        "human.closed",
        "En este momento no estamos atendiendo. Volvemos {apertura} y una persona te responde por acá.",
        "Fuera de horario, si la empresa no escribió su propio mensaje.",
        ("apertura",),
    ),
    Sentence(
        "human.holiday",
        "Hoy es feriado ({feriado}). Volvemos {apertura}.",
        "En un feriado, si no hay otro mensaje escrito.",
        ("feriado", "apertura"),
    ),
    Sentence(
        "human.sorry",
        "Te pido disculpas, tenés razón en reclamar. Lo dejé anotado como *urgente*.",
        "Antes del aviso de horario o feriado, si quien pide una persona está enojado.",
    ),
    Sentence("human.noted", "Ya quedó anotado 👍", "Si vuelven a pedir una persona y ya se les avisó del horario."),
    Sentence("human.no_date", "en cuanto podamos", "En lugar de la apertura, si no hay horarios cargados."),
    Sentence(
        "human.offer",
        "Si querés, te paso con una persona.",
        "Al ofrecer una persona.",
    ),
    Sentence(
        "human.angry_offer",
        "Lamento mucho lo que estás pasando 😔. ¿Querés que te pase ya con una persona?",
        "Cuando alguien está enojado y no pidió una persona.",
    ),
    Sentence("area.support", "Soporte", "Nombre del área en los mensajes."),
    Sentence("area.billing", "Administración", "Nombre del área en los mensajes."),
    Sentence("area.sales", "Ventas", "Nombre del área en los mensajes."),
)

_WAITING = (
    Sentence(
        "waiting.added",
        "Sumé tu mensaje al caso #{numero} 📝. Apenas lo tome alguien, te responde por acá.",
        "Cuando escriben mientras su caso espera (una vez cada 10 minutos).",
        ("numero",),
    ),
    Sentence(
        "waiting.already",
        "Tu pedido ya está anotado: es el caso #{numero} 👍. Apenas lo tome alguien te escribe por acá. "
        "Mientras tanto podés seguir usando el *menú*.",
        "Si piden una persona y su caso ya espera.",
        ("numero",),
    ),
    Sentence(
        "waiting.status",
        "Tu caso #{numero} está esperando que lo tome una persona de {area}. Apenas pase, te escribe por acá.",
        "Si preguntan cómo va su caso.",
        ("numero", "area"),
    ),
    Sentence("waiting.none", "No veo ningún caso abierto tuyo.", "Si preguntan por un caso y no hay ninguno abierto."),
)

_IDENTIFY = (
    Sentence(
        "identify.ask",
        "Para ver tu cuenta necesito saber quién sos 🔎. Pasame el *DNI* del titular o tu *número de cliente* "
        "(está en la factura).",
        "Cuando piden algo personal desde un número que no conocemos.",
    ),
    Sentence(
        "identify.proof_document",
        "Gracias. Para cuidar tus datos decime algo más: tu *número de cliente*, el *celular* que dejaste registrado "
        "o la *dirección* del servicio con el número.",
        "Segundo dato, si el primero fue el DNI.",
    ),
    Sentence(
        "identify.proof_code",
        "Gracias. Para cuidar tus datos decime algo más: el *DNI* del titular, el *celular* que dejaste registrado "
        "o la *dirección* del servicio con el número.",
        "Segundo dato, si el primero fue el número de cliente.",
    ),
    Sentence(
        "identify.ask_again",
        "Ahí no veo un DNI ni un número de cliente 🙈. Escribilo solo con números, por ejemplo 30111222.",
        "Si en la respuesta no hay ningún dato.",
    ),
    Sentence(
        "identify.wrong",
        "Esos datos no coinciden con los que tenemos. Probemos otra vez: pasame tu *DNI* o *número de cliente*.",
        "Cuando los datos no coinciden.",
    ),
    Sentence(
        "identify.gave_up",
        "No pude confirmar tus datos. No te preocupes, lo vemos con una persona 🙌",
        "Después de tres intentos sin coincidencia.",
    ),
    Sentence("identify.done", "¡Listo, {nombre}! Ya te encontré ✅", "Cuando se confirmó quién es.", ("nombre",)),
)

_MONEY = (
    Sentence(
        "balance.nothing_owed",
        "¡Estás al día, {nombre}! 🎉 No tenés facturas pendientes.",
        "Estado de cuenta sin deuda.",
        ("nombre",),
    ),
    Sentence(
        "balance.owed",
        "Esto es lo que tenés pendiente 💳\n\n{facturas}\n\n*Total: {total}*",
        "Estado de cuenta con deuda.",
        ("nombre", "facturas", "total"),
    ),
    Sentence(
        "balance.line",
        "• {concepto} (N.º {numero}): *{importe}*, vence {vence}",
        "Cada factura pendiente.",
        ("concepto", "numero", "importe", "vence"),
    ),
    Sentence(
        "balance.line_overdue",
        "• {concepto} (N.º {numero}): *{importe}*, venció {vence}",
        "Cada factura vencida.",
        ("concepto", "numero", "importe", "vence"),
    ),
    Sentence(
        "pay.owed",
        "Tu deuda es de *{total}* 💰",
        "Al pedir pagar, si debe.",
        ("total",),
    ),
    Sentence(
        "pay.bank",
        "Podés pagar por transferencia:\n\n{datos}\n\nCuando la hagas, avisame con *Ya pagué* y lo registramos.",
        "Los datos para transferir.",
        ("datos",),
    ),
    Sentence("pay.alias", "Alias: *{alias}*", "Datos para transferir.", ("alias",)),
    Sentence("pay.cbu", "CBU: *{cbu}*", "Datos para transferir.", ("cbu",)),
    Sentence("pay.holder", "Titular: *{titular}*", "Datos para transferir.", ("titular",)),
    Sentence(
        "pay.no_bank",
        "Todavía no tengo cargados los datos para transferir.",
        "Al pedir pagar, si la empresa no cargó alias ni CBU.",
    ),
    Sentence(
        "paid.ask",
        "¡Gracias por avisar! 🙌 ¿De cuánto fue el pago, qué día y por qué medio?",
        "Cuando dicen que ya pagaron.",
    ),
    Sentence(
        "paid.intro",
        "Anoté tu pago ✅",
        "Al anotar un pago informado.",
    ),
    Sentence("paid.subject", "Pago informado", "Asunto del ticket de un pago informado."),
    Sentence("paid.field", "Pago informado", "Cómo figura el dato en el ticket."),
    Sentence("invoice.here", "Acá va tu factura de {mes} 📄", "Al mandar una factura.", ("mes",)),
    Sentence("invoice.latest", "Acá va tu última factura 📄", "Al mandar la última factura."),
    Sentence(
        "invoice.not_that_month",
        "No encuentro una factura de {mes}. ¿Querés que te mande la última?",
        "Cuando piden un mes que no está.",
        ("mes",),
    ),
    Sentence("invoice.none", "Todavía no tenés facturas emitidas.", "Cuando no hay ninguna factura."),
    Sentence(
        "suspended.owes",
        "Tu servicio está *suspendido* por falta de pago. Debés *{total}* y venció {vence}. "
        "Apenas se registre el pago se reactiva.",
        "Cuando alguien suspendido por deuda dice que no tiene Internet.",
        ("nombre", "total", "vence"),
    ),
    Sentence(
        "suspended.no_debt",
        "Tu servicio figura *suspendido*, pero no veo deuda. Mejor que lo revise una persona.",
        "Cuando alguien suspendido no tiene deuda.",
        ("nombre",),
    ),
)

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
    Sentence("subject.plan_change", "Quiere cambiar de plan", "Asunto del ticket."),
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
    Sentence("request.plan_change", "¡Dale! El cambio de plan lo vemos con una persona.", "Cuando quieren otro plan."),
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

_MEDIA = (
    Sentence(
        "media.file",
        "Recibí tu archivo 📎. Todavía no puedo leerlos, pero una persona sí. ¿Se lo paso?",
        "Ante una imagen, un video o un documento sin contexto.",
    ),
    Sentence(
        "media.audio",
        "Recibí tu audio 🎧, pero todavía no puedo escucharlos. ¿Me lo escribís, porfa?",
        "Ante un audio.",
    ),
    Sentence("media.location", "¡Gracias por la ubicación! 📍 ¿En qué te ayudo?", "Ante una ubicación sin contexto."),
)

_REST = (
    Sentence("faq.helped", "¿Te sirvió?", "Después de una respuesta de soporte."),
    Sentence(
        "optout.out",
        "Listo, no te mandamos más promociones ni novedades ✅. Los avisos de tu servicio (facturas, cortes) siguen "
        "llegando. Si cambiás de idea, escribí *ALTA*. ¿Querías dar de baja el servicio? Escribí *persona*.",
        "Cuando escriben BAJA.",
    ),
    Sentence(
        "optout.in",
        "¡Listo! Volvés a recibir nuestras novedades 🎉. Para dejar de recibirlas, escribí *BAJA*.",
        "Cuando escriben ALTA.",
    ),
    Sentence(
        "rating.ask",
        "{agente} cerró tu caso #{numero}. ¿Cómo te atendimos? Contestá del *1* (mal) al *5* (excelente) ⭐",
        "Al cerrar un caso que atendió una persona.",
        ("agente", "numero"),
    ),
    Sentence("rating.someone", "Nuestro equipo", "En lugar del nombre del agente, si no se sabe."),
    Sentence("rating.thanks", "¡Gracias por tu respuesta! 🙌 Nos alegra haberte ayudado.", "Nota de 4 o 5."),
    Sentence("rating.fair", "¡Gracias por tu respuesta! Vamos a mejorar 💪", "Nota de 3."),
    Sentence(
        "rating.sorry",
        "Gracias por decírnoslo, lamento que no haya salido bien 😔. Si querés, te paso con una persona.",
        "Nota de 1 o 2.",
    ),
    Sentence(
        "ticket.closed_unattended",
        "Cerramos tu caso #{numero}. Si todavía necesitás algo, escribime por acá 🙂",
        "Al cerrar desde el panel un caso que no llegó a atender nadie.",
        ("numero",),
    ),
)

_OFFERS = tuple(
    Sentence(f"offer.{code}", title, "Texto de una opción que ofrece el bot.")
    for code, title in (
        ("pay", "💰 Pagar"),
        ("invoice", "📄 Factura"),
        ("last_invoice", "📄 Sí, mandame la última"),
        ("already_paid", "✅ Ya pagué"),
        ("balance", "💳 Estado de cuenta"),
        ("human", "📞 Hablar con una persona"),
        ("menu", "🏠 Menú principal"),
        ("back", "↩️ Volver"),
        ("glad", "👍 Sí"),
        ("fixed", "👍 Sí, ya anda"),
        ("still_same", "👎 No, sigue igual"),
        ("not_helped", "👎 No"),
        ("fine", "No, gracias"),
        ("show_file", "👍 Sí, pasáselo"),
        ("sales", "🚀 Quiero contratar"),
        ("yes", "Sí"),
        ("no", "No"),
        ("skip", "Saltar"),
        ("cancel", "Cancelar"),
    )
)

SENTENCES: tuple[Sentence, ...] = (
    *_HELLO,
    *_MENUS,
    *_LADDER,
    *_PEOPLE,
    *_WAITING,
    *_IDENTIFY,
    *_MONEY,
    *_PROBLEMS,
    *_SUBJECTS,
    *_COLLECT,
    *_MEDIA,
    *_REST,
    *_OFFERS,
)
