"""`manage.py prepare`: everything an installation needs before its processes start, safe to repeat.

Tables, each app's first rows (`<app>/prepare.py`, function `prepare()`), the demo company in an empty demo
database, and the static files when their sources changed. `make up` and every upgrade run it.
"""

import hashlib
import json
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import module_has_submodule

OURS = "backoffice."
CUSTOMER = ("customers", "Customer")  # by name: `common` is below every app


class Command(BaseCommand):
    help = "Deja lista la instalación: tablas, datos iniciales, demostración y archivos estáticos."
    requires_system_checks = ()  # the first run has no tables for them to look at

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="sólo dice algo si hay un problema")

    def handle(self, *args: Any, quiet: bool, **options: Any) -> None:
        self.quiet = quiet
        self.reach_database()
        self.migrate()
        self.run_hooks()
        self.load_demo()
        self.collect_static()

    def tell(self, text: str) -> None:
        if not self.quiet:
            self.stdout.write(text)

    def reach_database(self) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(unreachable(connection.settings_dict, str(error))) from None

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.tell("Preparando la base de datos…")
            call_command("migrate", interactive=False, verbosity=0)

    def run_hooks(self) -> None:
        for config in apps.get_app_configs():
            if config.name.startswith(OURS) and module_has_submodule(config.module, "prepare"):
                import_module(f"{config.name}.prepare").prepare()

    def load_demo(self) -> None:
        if settings.DEMO and not apps.get_model(*CUSTOMER)._default_manager.exists():
            self.tell("Cargando la empresa de demostración (FibraSur)…")
            call_command("demo", verbosity=0)

    def collect_static(self) -> None:
        seal = Path(settings.STATIC_ROOT) / ".sources"
        sources = fingerprint()
        if seal.exists() and seal.read_text(encoding="ascii") == sources:
            return
        self.tell("Preparando los archivos estáticos…")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        seal.write_text(sources, encoding="ascii")


def fingerprint() -> str:
    """One hash of every static source's name, size and date: any change, removal included, is seen."""
    seen = []
    for finder in get_finders():
        for name, storage in finder.list(None):
            status = Path(storage.path(name)).stat()
            seen.append((name, status.st_size, status.st_mtime_ns))
    return hashlib.sha256(json.dumps(sorted(seen)).encode()).hexdigest()


def unreachable(database: dict[str, Any], reason: str) -> str:
    """Where the database should be and why it is not there, never its password."""
    name = database["NAME"]
    where = f"{database['HOST']}:{database['PORT'] or 5432}/{name}" if database["HOST"] else str(name)
    kind = database["ENGINE"].rsplit(".", 1)[-1]
    return (
        f"No me pude conectar a la base de datos {where} ({kind}).\n"
        f"  Motivo: {reason.strip()}\n"
        "  Revisá la variable DATABASE_URL y que el servidor esté encendido."
    )
