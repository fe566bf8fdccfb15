"""One sentence of the bot, as the code knows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence staff may change. `where` says when people read it; `variables` are its {blanks}."""

    key: str
    default: str
    where: str
    variables: tuple[str, ...] = ()
