"""What an agent types with «/» in their group. Pure.

The rule that pays: what begins with a slash never reaches the customer, however it was typed.
"""

import re
import unicodedata
from dataclasses import dataclass

from integrations.understanding.words import fold

CLOSE, INFO, CLIENT, NOTE, HELP, TRANSFER = "fin", "info", "cliente", "nota", "ayuda", "transferir"
_WORDS = {
    CLOSE: ("fin", "cerrar", "finalizar", "terminar"),
    INFO: ("info", "informacion", "datos"),
    CLIENT: ("cliente", "clientes"),
    NOTE: ("nota", "notas"),
    HELP: ("ayuda", "help", "comandos"),
    TRANSFER: ("transferir", "transferencia", "pasar", "derivar"),
}
_NAMES = {word: name for name, words in _WORDS.items() for word in words}

_SLASHES = r"/\\／⁄∕╱⧸⟋＼"
_MARKS = r"[\s*_~`>•·\-]*"  # bullets, quotes and WhatsApp's own formatting before the slash
_COMMAND = re.compile(
    rf"{_MARKS}[{_SLASHES}]+{_MARKS}(?P<word>[^\s:,;.!{_SLASHES}]*)[:,;.!]*\s*(?P<rest>.*)", re.DOTALL
)
_INVISIBLE = {"Cf", "Cc", "Mn", "Me"}


@dataclass(frozen=True, slots=True)
class Command:
    """`name` is one of ours, or empty when there is no such command; `word` is what was typed."""

    name: str
    word: str
    text: str


def parse(text: str) -> Command | None:
    """The command that a message is, known or not; None when it begins as plain text."""
    match = _COMMAND.match(_visible(text))
    if match is None:
        return None
    word = match["word"].strip("*_~`")
    return Command(_NAMES.get(fold(word), ""), word[:30], match["rest"].strip())


def hidden(text: str) -> bool:
    """Whether a later line of a message is one of our commands: somebody pressed Enter where they meant to send."""
    commands = (parse(line) for line in text.splitlines()[1:])
    return any(command is not None and command.name for command in commands)


def _visible(text: str) -> str:
    """Without marks of direction, joiners and controls, which phones and copied texts leave before the slash."""
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in _INVISIBLE)
