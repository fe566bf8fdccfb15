"""Django's `migrate` with the search's triggers out of its way, and back when the tables are made."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor

from backoffice.common.search import entries, triggers


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        looks = options["plan"] or options["check_unapplied"] or options["database"] != DEFAULT_DB_ALIAS
        changes = not looks and (bool(options["app_label"]) or _is_behind())
        if changes:
            triggers.uninstall()
        super().handle(*args, **options)
        if not looks and not _is_behind() and triggers.install():
            entries.everything_changed()


def _is_behind() -> bool:
    """Whether a table is not yet, or not any more, as the models say."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
