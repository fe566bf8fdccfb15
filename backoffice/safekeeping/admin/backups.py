"""When copies are made and how many stay. The copies have a page of their own (`panel/pages/backups.py`)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backoffice.accounts.models import User
from backoffice.common.admin import SingletonAdmin
from backoffice.safekeeping import services
from backoffice.safekeeping.models import BackupSettings


@admin.register(BackupSettings)
class BackupSettingsAdmin(SingletonAdmin):
    fieldsets = (
        (
            "Copias automáticas",
            {
                "fields": (("frequency", "at"), "keep", "include_media"),
                "description": "La carpeta donde quedan es del servidor (BACKUP_DIR): conviene que esté en otro disco.",
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: BackupSettings, form: Any, change: bool) -> None:
        by = request.user if isinstance(request.user, User) else None
        services.save_backup_settings(settings=obj, by=by)
