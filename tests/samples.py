"""The sample sheets of the manual, out of the columns of each table: `make samples` writes them again."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def folder() -> Path:
    from django.conf import settings

    return Path(settings.MANUAL_DIR) / "muestras"


def importable() -> Iterator[Any]:
    """An instance of the columns of each table of the panel that can be imported."""
    from django.contrib.admin.sites import site
    from django.test import RequestFactory

    from backoffice.accounts.models import User
    from backoffice.common.tables.screens import WithTemplate

    request = RequestFactory().get("/")
    request.user = User(is_active=True, is_superuser=True)
    for screen in site._registry.values():
        if isinstance(screen, WithTemplate) and screen.has_import_permission(request):  # type: ignore[attr-defined]
            yield screen.resource_classes[0]()


def sheets() -> dict[str, str]:
    """What each file says, by its name."""
    from backoffice.common.tables import samples

    return {f"{samples.name_of(one)}.csv": samples.csv_text(*samples.sample(one)) for one in importable()}


def main() -> None:
    """Write every file, and remove those of tables that are no more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
    import django

    django.setup()
    wanted = sheets()
    folder().mkdir(exist_ok=True)
    for path in folder().glob("*.csv"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder() / name).write_text(text, encoding="utf-8", newline="")
    sys.stdout.write(f"{len(wanted)} planillas en {folder()}\n")


if __name__ == "__main__":
    main()
