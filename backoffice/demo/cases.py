"""What people asked in the last month, as small talks. Each line is (who, text): c customer, b bot, a agent."""

from dataclasses import dataclass

from backoffice.tickets.models import Ticket

MOODS = Ticket.Sentiment
Talk = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Case:
    subject: str
    sentiment: str
    talk: Talk
    reason: str
    area: str = "support"
    rating: int | None = None
    note: str = ""


CASES = (
    Case(
        "Sin internet", MOODS.FRUSTRATED,
        (("c", "no tengo internet desde anoche"), ("b", "Te paso con una persona del equipo. Tu ticket quedó anotado."),
         ("a", "Hola {nombre}, ¿me decís qué luces tiene prendidas el equipo?"), ("c", "la LOS está en rojo"),
         ("a", "Gracias. Tenemos un corte en tu caja, ya sale la cuadrilla."), ("c", "ok espero"),
         ("a", "Listo {nombre}, ya lo repararon. ¿Te volvió el servicio?"), ("c", "sí, anda perfecto. gracias!")),
        "Corte en la caja, reparado por la cuadrilla", rating=5,
    ),
    Case(
        "Internet lento", MOODS.NEUTRAL,
        (("c", "anda re lento el wifi"), ("b", "Te paso con una persona del equipo. Tu ticket quedó anotado."),
         ("a", "Hola {nombre}, ¿probaste apagar el equipo 10 segundos?"), ("c", "sí y sigue igual"),
         ("a", "Te cambié el canal del WiFi, probá ahora."), ("c", "mucho mejor")),
        "Cambio de canal WiFi", rating=4, note="Está en un edificio con muchas redes.",
    ),
    Case(
        "Consulta por la factura", MOODS.NEUTRAL,
        (("c", "me vino más caro este mes, por qué?"), ("b", "Te paso con una persona del equipo."),
         ("a", "Hola {nombre}, este mes terminó la promoción de bienvenida."), ("c", "ah no sabía. bueno gracias")),
        "Se explicó el fin de la promoción", rating=3,
    ),
    Case(
        "Cambio de clave del WiFi", MOODS.HAPPY,
        (("c", "quiero cambiar la clave del wifi y no me sale"), ("b", "Te paso con una persona del equipo."),
         ("a", "Hola {nombre}, ¿qué clave querés poner?"), ("c", "Mate2026"), ("a", "Listo, ya quedó."),
         ("c", "genial, muchas gracias!!")),
        "Clave cambiada", rating=5,
    ),
    Case(
        "Reclamo por cortes", MOODS.ANGRY,
        (("c", "son un desastre, todos los días se corta a la misma hora"), ("b", "Te paso con una persona ahora."),
         ("a", "Hola {nombre}, lamento las molestias. Estoy viendo tu conexión."), ("c", "hace una semana que reclamo"),
         ("a", "Encontré la falla: tu equipo se reinicia. Mañana a la mañana te lo cambian."), ("c", "espero que sí")),
        "Cambio de equipo programado", rating=2, note="Llamar después de la visita.",
    ),
    Case(
        "Quiere más velocidad", MOODS.HAPPY,
        (("c", "hola, quiero pasarme a un plan más rápido"), ("b", "Te paso con el área de Ventas."),
         ("a", "¡Hola {nombre}! Tenemos Fibra 300MB a $ 24.900."), ("c", "dale, quiero ese"),
         ("a", "Listo, desde mañana lo tenés activo.")),
        "Pasa a Fibra 300MB", area="sales", rating=5,
    ),
    Case(
        "Mudanza", MOODS.NEUTRAL,
        (("c", "me mudo a Godoy Cruz, puedo llevar el servicio?"), ("b", "Te paso con el área de Ventas."),
         ("a", "Hola {nombre}, sí: pasame la dirección nueva."), ("c", "Beltrán 920"),
         ("a", "Tenemos cobertura ahí. Te coordino la visita para el jueves."), ("c", "perfecto")),
        "Mudanza coordinada", area="sales", rating=4,
    ),
    Case(
        "Ya pagué y sigo sin servicio", MOODS.ANGRY,
        (("c", "YA PAGUE y sigo sin internet!!"), ("b", "Te paso con una persona ahora."),
         ("a", "Hola {nombre}, recibimos tu pago. Te lo activo en este momento."), ("c", "y?"),
         ("a", "Listo, apagá y prendé el equipo."), ("c", "ahora sí, gracias")),
        "Servicio reactivado", rating=3,
    ),
    Case(
        "Consulta por cobertura", MOODS.HAPPY,
        (("c", "llegan a la calle Carrodilla 800? es para mi mamá"), ("b", "Te paso con el área de Ventas."),
         ("a", "Hola {nombre}, sí, tenemos fibra en esa cuadra."), ("c", "qué bueno!! después los llamo")),
        "Se informó cobertura", area="sales",
    ),
    Case(
        "No puede ver la tele por WiFi", MOODS.FRUSTRATED,
        (("c", "la tele se corta todo el tiempo"), ("b", "Te paso con una persona del equipo."),
         ("a", "Hola {nombre}, ¿la tele está lejos del equipo?"), ("c", "en la pieza del fondo"),
         ("a", "Te conviene un repetidor; te paso las opciones."), ("c", "bueno, lo pienso")),
        "Se recomendó un repetidor", rating=3,
    ),
)  # fmt: skip
