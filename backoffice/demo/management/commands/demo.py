"""`manage.py demo`: FibraSur, an Internet provider to play with. Safe to repeat; refuses a real company's database."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from backoffice.common.errors import DomainError
from backoffice.common.search import entries
from backoffice.demo.services import load_demo


class Command(BaseCommand):
    help = "Carga la empresa de demostración (FibraSur) en una base vacía."

    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        try:
            loaded = load_demo()
        except DomainError as error:
            raise CommandError(error.message) from None
        entries.drain_all()  # found from the first moment on, also before the worker looks
        if verbosity:
            self.stdout.write("FibraSur está lista para probar." if loaded else "FibraSur ya estaba cargada.")
