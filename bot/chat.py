"""`make chat`: talk to the bot in the terminal, as any phone, with the real engine and nobody at the other end.

It works on a copy of the database that is thrown away: menus and customers are the real ones, but no ticket is
opened for anybody and no message leaves (`Channel(kind=preview)`). `--save` keeps the talk as a transcript test.
"""

import argparse
import logging
import re
import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from backoffice.billing.selectors import accounts
from backoffice.channels.models import Channel
from backoffice.company.selectors import local_now
from backoffice.conversations.lanes import lane_key
from backoffice.conversations.models import Contact, DialogState, Lane, Message
from backoffice.conversations.services import receive
from backoffice.customers.selectors import by_phone_keys
from backoffice.dialogs.services import synchronise_actions
from backoffice.tickets.models import Ticket
from bot.actions import listed_actions
from bot.dispatcher import Dispatcher
from integrations.understanding.money import format_ars
from integrations.understanding.phones import PhoneKey, parse_phone
from integrations.whatsapp.base import Addr, Menu, MessageIn, Option, menu_text, to_json

MARIA = "5492612345678"
TRANSCRIPTS = Path("tests") / "transcripts"
MOST_TURNS = 50
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


@dataclass
class Talk:
    """A chat between one phone and the bot. `lines` is what was said: (">" or "<", text)."""

    phone: PhoneKey
    name: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = local_now()
        self.channel = preview_channel()
        self._addr = Addr.phone(self.phone.e164)
        self._dispatcher = Dispatcher()
        self._last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def says(self, text: str) -> list[str]:
        """Write a line, let the bot work, and read what it answers."""
        self.lines.append((">", text))
        wire_id = uuid.uuid4().hex
        said = MessageIn(
            event_id=wire_id,
            message_id=wire_id,
            chat=self._addr,
            sender=self._addr,
            sender_name=self.name,
            at=timezone.now(),
            text=text,
        )
        receive(
            lane=lane_key(self.channel.pk, self._addr),
            source=f"channel:{self.channel.pk}",
            external_id=wire_id,
            kind=said.kind,
            payload=to_json(said),
        )
        for _ in range(MOST_TURNS):
            if not self._dispatcher.run_once():
                break
        return self._hears()

    def _hears(self) -> list[str]:
        """The new messages for this phone, taken out of the outbox as if they had been sent."""
        rows = Message.objects.filter(
            pk__gt=self._last,
            channel=self.channel,
            conversation__contact__phone_key=self.phone.key,
            direction=Message.Direction.OUT,
        )
        found = list(rows.select_related("media").order_by("pk"))
        Message.objects.filter(pk__in=[row.pk for row in found]).update(
            status=Message.Status.SENT, status_at=timezone.now()
        )
        if found:
            self._last = found[-1].pk
        heard = [shown(row) for row in found]
        self.lines.extend(("<", text) for text in heard)
        return heard

    def transcript(self) -> str:
        """The talk as a golden file: `# who`, `# when`, `> said`, `< answered`, the lines that follow indented."""
        body = [f"{mark} {text}".replace("\n", "\n  ") for mark, text in self.lines]
        head = [f"# {introduce(self.phone)}", f"# hora: {self.began:%Y-%m-%d %H:%M}"]
        text = "\n".join([*head, *body])
        return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def shown(message: Message) -> str:
    """A message as plain text: a menu numbered, a file by its name."""
    if message.media is not None:
        kind = message.media.get_kind_display().lower()
        return f"[{kind}: {message.media.filename}]" + (f" {message.text}" if message.text else "")
    if message.location:
        return f"[ubicación: {message.location['latitude']}, {message.location['longitude']}]"
    if message.menu:
        options = tuple(Option(option["key"], option["title"]) for option in message.menu)
        return menu_text(Menu(message.text, options))
    return message.text


def introduce(phone: PhoneKey) -> str:
    """Who writes, for the head of a transcript: the phone, and what the customer is like."""
    number = phone.e164.lstrip("+")
    found = by_phone_keys([phone.key])[phone.key]
    if not found:
        return f"{number}: no es cliente"
    customer = found[0]
    account = accounts([customer.pk])[customer.pk]
    plans = ", ".join(service.plan for service in account.services) or "sin servicio"
    owes = f"debe {format_ars(account.debt)}" if account.debt else "al día"
    return f"{number}: {customer.name}, {customer.get_status_display().lower()}; {plans}; {owes}"


def preview_channel() -> Channel:
    """The channel whose outbox never leaves."""
    channel = Channel.objects.filter(kind=Channel.Kind.PREVIEW).first()
    return channel or Channel.objects.create(name="Prueba", kind=Channel.Kind.PREVIEW, for_staff=False)


def start_afresh(phone: PhoneKey) -> None:
    """Forget, in the copy, what waits in every lane and where this person's dialogue stood."""
    Lane.objects.update(ready_at=None, lease_until=None)
    mine = Contact.objects.filter(phone_key=phone.key)
    DialogState.objects.filter(contact__in=mine).delete()
    Ticket.objects.filter(contact__in=mine).exclude(state=Ticket.State.CLOSED).update(state=Ticket.State.CLOSED)


@contextmanager
def throwaway_database() -> Iterator[None]:
    """Work on a copy of the database in a folder that is deleted at the end; elsewhere than SQLite, on a new one."""
    current = connections["default"]
    before = connections.settings["default"], settings.MEDIA_ROOT
    with tempfile.TemporaryDirectory(prefix="mostrador-chat-") as folder:
        target = Path(folder) / "chat.sqlite3"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20}
        if current.vendor == "sqlite":
            _copy(Path(current.settings_dict["NAME"]), target)
        _use({**before[0], "ENGINE": "django.db.backends.sqlite3", "NAME": str(target), "OPTIONS": options})
        settings.MEDIA_ROOT = folder
        try:
            if current.vendor != "sqlite":
                call_command("prepare", quiet=True)
            yield
        finally:
            _use(before[0])
            settings.MEDIA_ROOT = before[1]


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _use(database: dict[str, object]) -> None:
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = database


def converse(talk: Talk, read: Callable[[], str], out: TextIO) -> None:
    """Read lines until they end, and write what the bot answers to each."""
    while True:
        try:
            text = read().strip()
        except (EOFError, KeyboardInterrupt):
            out.write("\n")
            return
        if not text:
            continue
        for answer in talk.says(text) or ["(el bot no contesta)"]:
            out.write("\n" + "\n".join(f"  │ {line}".rstrip() for line in answer.splitlines()) + "\n")
        out.write("\n")


def save(talk: Talk, name: str, folder: Path | None = None) -> Path:
    """Write the talk as a transcript; one of that name is replaced."""
    path = (folder or Path(settings.BASE_DIR) / TRANSCRIPTS) / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(talk.transcript(), encoding="utf-8")
    return path


def main(arguments: Sequence[str], *, read: Callable[[], str] | None = None, out: TextIO | None = None) -> int:
    """`python -m bot chat`. Returns the exit code: 2 when what was asked makes no sense."""
    out = out or sys.stdout
    options = _parser().parse_args(arguments)
    phone = parse_phone(options.phone)
    if phone is None:
        out.write(f"«{options.phone}» no parece un teléfono. Probá con {MARIA}.\n")
        return 2
    if options.save and not _NAME.fullmatch(options.save):
        out.write("El nombre de la conversación lleva minúsculas, números y guiones. Por ejemplo: pide-factura.\n")
        return 2
    logging.getLogger("bot").setLevel(logging.ERROR)
    with throwaway_database():
        _talk(phone, options, read or _typed, out)
    return 0


def _talk(phone: PhoneKey, options: argparse.Namespace, read: Callable[[], str], out: TextIO) -> None:
    synchronise_actions(listed_actions())
    start_afresh(phone)
    talk = Talk(phone, options.name)
    out.write(f"Hablás con el bot como {introduce(phone)}.\nCtrl-D termina. Nada de esto le llega a nadie.\n\n")
    converse(talk, read, out)
    if options.save and talk.lines:
        out.write(f"La conversación quedó en {save(talk, options.save)}\n")


def _typed() -> str:
    """A line of the terminal; when it comes from a file it is shown, since nobody saw it typed."""
    text = input("> ")
    if not sys.stdin.isatty():
        sys.stdout.write(f"{text}\n")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make chat", description="Conversar con el bot en la terminal.")
    parser.add_argument("--as", dest="phone", default=MARIA, help="el teléfono de quien escribe (por defecto, María)")
    parser.add_argument("--name", default="", help="el nombre de su perfil de WhatsApp")
    parser.add_argument("--save", default="", metavar="NOMBRE", help="guarda la conversación como prueba")
    return parser
