"""`manage.py backup`: a copy of the whole installation in one file, while it runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from backoffice.common.errors import DomainError
from backoffice.safekeeping.backups.contents import contents, weight
from backoffice.safekeeping.backups.making import make
from backoffice.safekeeping.backups.manifest import NOTE, Kind


class Command(BaseCommand):
    help = "Hace una copia de seguridad: la base de datos y los archivos, en un solo archivo verificado."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", metavar="CARPETA", type=Path, help="dónde dejarla; si no, en BACKUP_DIR")
        parser.add_argument("--without-files", action="store_true", help="sólo la base de datos")

    def handle(self, *args: Any, to: Path | None, without_files: bool, **options: Any) -> None:
        if to is not None and not to.is_dir():
            raise CommandError(f"No existe la carpeta {to}.")
        self.said = ""
        try:
            copy = make(kind=Kind.MANUAL, by="el servidor", media=not without_files, place=to, beat=self.tell)
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"\nListo: {copy.path} ({weight(copy.size)}), verificada.")
        if copy.manifest is not None:
            for what, count in contents(copy.manifest):
                self.stdout.write(f"  {what}: {count}")
        self.stdout.write(f"\n{NOTE}")

    def tell(self, text: str, done: int, total: int) -> None:
        if text != self.said:
            self.said = text
            self.stdout.write(f"{text}…")
