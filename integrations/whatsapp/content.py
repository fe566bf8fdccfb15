"""Who is written to, and what is said: the same words for every transport. Standard library only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

AddrKind = Literal["phone", "lid", "bsuid", "group"]
MediaKind = Literal["image", "audio", "video", "document"]

_LETTERS: dict[str, AddrKind] = {"p": "phone", "l": "lid", "b": "bsuid", "g": "group"}


@dataclass(frozen=True, slots=True)
class Addr:
    """One way to reach a person or a group, as the network writes it: digits only, with no device part.

    Two addresses of one person are two `Addr`s; that they are one person is known by the contact, not here.
    """

    kind: AddrKind
    value: str

    @classmethod
    def phone(cls, number: str) -> "Addr":
        """A phone, E.164 without the plus. Raises: ValueError when it has no digit."""
        digits = "".join(character for character in number if character in "0123456789")
        if not digits:
            raise ValueError(f"not a phone: {number!r}")
        return cls("phone", digits)

    @classmethod
    def lid(cls, value: str) -> "Addr":
        """A person whose number may be unknown."""
        return cls("lid", value)

    @classmethod
    def bsuid(cls, value: str) -> "Addr":
        """A person by the official API's id for our business (`AR.123…`): their number may be hidden."""
        return cls("bsuid", value)

    @classmethod
    def group(cls, value: str) -> "Addr":
        """A group, by the network's id."""
        return cls("group", value)

    @property
    def key(self) -> str:
        """How rows keep it: `p:5492612345678`, `l:…`, `b:…`, `g:…`."""
        return f"{self.kind[0]}:{self.value}"

    @property
    def is_group(self) -> bool:
        return self.kind == "group"

    @classmethod
    def parse(cls, key: str) -> "Addr":
        """The inverse of `key`. Raises: ValueError."""
        letter, separator, value = key.partition(":")
        if not separator or not value or letter not in _LETTERS:
            raise ValueError(f"not an address: {key!r}")
        return cls(_LETTERS[letter], value)

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True)
class Text:
    """A plain message, with WhatsApp's own marks (*bold*, _italics_)."""

    body: str


@dataclass(frozen=True, slots=True)
class Media:
    """A file, from `path` or from `data` (one of them). `voice` asks for a voice note where the transport can."""

    kind: MediaKind
    filename: str
    mimetype: str
    data: bytes | None = None
    path: Path | None = None
    caption: str = ""
    voice: bool = False

    def read(self) -> bytes:
        """The bytes. Raises: ValueError with neither data nor path, OSError."""
        if self.data is not None:
            return self.data
        if self.path is None:
            raise ValueError("media needs data or path")
        return self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class Location:
    """A point, in degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu. `id` comes back in `MessageIn.choice_id` where the transport has buttons."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A question with options. Buttons or a list where the transport has them, numbered text elsewhere.

    `hint` is the caller's last line for numbered text («Respondé con el número…»).
    """

    body: str
    options: tuple[Option, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text that Meta approved beforehand, the only thing the official API sends to who has not written for 24 hours.

    `params` fill its body's holes in order. `body` is the whole text as it will be read: for the timeline, and what
    leaves where there are no templates.
    """

    name: str
    language: str
    params: tuple[str, ...] = ()
    body: str = ""


Content = Text | Media | Location | Menu | Template


def menu_text(menu: Menu) -> str:
    """A menu for transports without buttons: body, one numbered line an option, hint; parts apart by an empty line."""
    lines = []
    for number, option in enumerate(menu.options, start=1):
        lines.append(f"*{number}.* {option.title}")
        if option.description:
            lines.append(f"    _{option.description}_")
    return "\n\n".join(part for part in (menu.body, "\n".join(lines), menu.hint) if part)
