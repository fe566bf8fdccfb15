"""Trying the menus without anybody at the other end: what the panel asks of the bot's dialogue core.

The panel does not know the bot (design 1): it names what it needs here, and the module in the setting `REHEARSAL` does
it with the very rules that customers meet. Nothing is written and nothing leaves; the dialogue travels with the page,
signed.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.core import signing

from backoffice.common.errors import DomainError
from backoffice.dialogs.tree import MenuTree

SALT = "menus.rehearsal"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the customer would read: `text` exactly as it is sent, `options` as (key, title).

    `notes` is what would happen besides, told to staff: a ticket, a file.
    """

    text: str
    options: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


class Stage(Protocol):
    """The bot's side."""

    def look(self, tree: MenuTree, key: str) -> Reply:
        """The menu `key` of `tree` as it is shown."""
        ...

    def choose(self, tree: MenuTree, menu: str, option: str) -> Reply:
        """What somebody whom nobody knows gets for choosing that option (both by key)."""
        ...

    def answer(self, tree: MenuTree, dialogue: dict[str, Any], text: str, choice: str) -> tuple[Reply, dict[str, Any]]:
        """What the bot says to `text`, or to the option `choice`, and how the dialogue stands afterwards.

        A dialogue begins as {"customer": id or None}; what else it holds is the stage's own.
        """
        ...


def stage() -> Stage:
    """Raises: DomainError when the bot is not installed here."""
    try:
        return cast(Stage, import_module(settings.REHEARSAL))
    except ModuleNotFoundError as error:
        raise DomainError("La prueba necesita el bot, que no está instalado en este servidor.") from error


def packed(dialogue: dict[str, Any]) -> str:
    """A dialogue as the page carries it."""
    return signing.dumps(dialogue, salt=SALT, compress=True)


def unpacked(text: str) -> dict[str, Any]:
    """Raises: DomainError when it is not one of ours, or is from yesterday."""
    try:
        return cast(dict[str, Any], signing.loads(text, salt=SALT, max_age=24 * 3600))
    except signing.BadSignature as error:
        raise DomainError("La prueba se venció. Empezá de nuevo.") from error
