"""What the bot says on its own account, whatever the dialogue: when something failed, and what «/info» shows."""

from .sentence import Sentence

SENTENCES: tuple[Sentence, ...] = (
    Sentence(
        "rescue.handed_over",
        "Perdón, no pude procesar tu mensaje. Ya se lo pasé a una persona del equipo, que te responde por acá.",
        "Cuando el bot falla tres veces con el mismo mensaje",
    ),
    Sentence("info.title", "ℹ️ *Ticket #{ticket}*", "Grupo personal: encabezado de /info", ("ticket",)),
    Sentence("info.fact", "*{dato}:* {valor}", "Grupo personal: cada dato de /info", ("dato", "valor")),
)
