"""What the bot says to customers in their private chat: warm, short, one thing at a time."""

from . import customer_account, customer_requests, customer_sales
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
    Sentence("hours.list", "Atendemos en estos horarios 🕐\n\n{horarios}", "Si preguntan el horario.", ("horarios",)),
    Sentence("hours.always", "Atendemos las 24 horas 🙌", "Si preguntan el horario y se atiende siempre."),
    Sentence(
        "hours.unknown",
        "Escribinos cuando quieras: te respondemos por acá en cuanto podamos 🙂",
        "Si preguntan el horario y no hay ninguno cargado.",
    ),
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
    Sentence(
        "ticket.given_back",
        "Sigo yo por acá 🙂 Escribí *menú* para ver las opciones, o *persona* si necesitás a alguien del equipo.",
        "Cuando quien atiende devuelve la charla al bot.",
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
        ("plans", "📋 Ver planes"),
        ("coverage", "📍 Decir mi zona"),
        ("plan_change", "⬆️ Cambiar de plan"),
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
    *_MEDIA,
    *_REST,
    *_OFFERS,
    *customer_account.SENTENCES,
    *customer_requests.SENTENCES,
    *customer_sales.SENTENCES,
)
