"""What the bot says about an account: whose it is, what is owed, how to pay it."""

from .sentence import Sentence

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
        "Anoté el aviso de tu pago ✅",
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


SENTENCES: tuple[Sentence, ...] = (*_IDENTIFY, *_MONEY)
