"""How cases are shared out. Groups and agents have a page of their own (`panel/pages/groups.py`)."""

from django.contrib import admin

from backoffice.agents.models import AttentionSettings
from backoffice.common.admin import SingletonAdmin


@admin.register(AttentionSettings)
class AttentionSettingsAdmin(SingletonAdmin):
    fieldsets = (
        (
            "Aviso al supervisor",
            {
                "fields": (("sla_minutes", "sla_minutes_urgent"),),
                "description": "Si nadie toma un ticket en ese tiempo, se avisa en el grupo de supervisores.",
            },
        ),
        ("Grupos de WhatsApp", {"fields": ("make_admins",)}),
    )
