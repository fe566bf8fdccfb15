"""`manage.py restore FILE`: have the installation be what a copy says."""

import secrets
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from backoffice.common.errors import DomainError
from backoffice.safekeeping.backups import folder, restoring
from backoffice.safekeeping.backups.status import Restoration, ended, write
from backoffice.safekeeping.services.backups import WORD
from backoffice.safekeeping.tasks.backups import put_back


class Command(BaseCommand):
    help = "Restaura una copia de seguridad. Si ya hay datos, los reemplaza sólo con --replace o si lo confirmás."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="ARCHIVO", type=Path, help="la copia: mostrador-….tar")
        parser.add_argument("--replace", action="store_true", help="reemplaza lo que haya, sin preguntar")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"No existe el archivo {file}.")
        self.said = ""
        try:
            if restoring.has_data() and not replace:
                self.confirm()
            done = self.restore(file)
        except DomainError as error:
            raise CommandError(f"{error.message}\nLos datos de ahora quedaron como estaban.") from None
        self.stdout.write(
            f"\nListo: se restauró la copia del {timezone.localtime(done.manifest.made_at):%d/%m/%Y %H:%M}."
        )
        for line in done.lines:
            self.stdout.write(f"  {line}")
        if done.safety:
            self.stdout.write(f"  Lo que había antes está en {folder.folder() / done.safety}.")

    def restore(self, file: Path) -> restoring.Restored:
        copy = folder.look(file.resolve())
        if copy is None:
            raise CommandError(f"No existe el archivo {file}.")
        asked = write(Restoration(secrets.token_urlsafe(12), copy.name, "el servidor", timezone.now()))
        try:
            return put_back(copy, asked, beat=self.tell)
        except DomainError as error:
            ended(asked, "failed", error=error.message)
            raise

    def confirm(self) -> None:
        """Raises: CommandError unless somebody at the keyboard types the word."""
        warning = "Este sistema ya tiene datos, y restaurar los reemplaza por los de la copia."
        if not sys.stdin.isatty():
            raise CommandError(f"{warning}\nSi es lo que querés, repetí el comando con --replace.")
        self.stdout.write(f"{warning}\nAntes se guarda una copia de lo que hay ahora.")
        if input(f"Escribí {WORD} para seguir: ").strip().upper() != WORD:
            raise CommandError("No se cambió nada.")

    def tell(self, text: str, done: int, total: int) -> None:
        if text != self.said:
            self.said = text
            self.stdout.write(f"{text}…")
