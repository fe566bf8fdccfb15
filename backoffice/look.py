"""How the panel looks and where everything is: unfold's settings.

No models are imported here: the settings file reads this. The sidebar goes by job, as people think
of their day; each item carries the permission that shows it, and its page asks for it again.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

Item = dict[str, Any]


def needs(*permissions: str) -> Callable[[HttpRequest], bool]:
    """Shows an item to whoever has any of these permissions."""
    return lambda request: any(request.user.has_perm(permission) for permission in permissions)


def _item(title: str, icon: str, link: str, *permissions: str, badge: str = "", variant: str = "danger") -> Item:
    item: Item = {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{link}"),
        "screen": link,
        "permission": needs(*permissions),
    }
    if badge:
        item |= {"badge": f"backoffice.panel.badges.{badge}", "badge_variant": variant, "badge_style": "solid"}
    return item


DASHBOARDS = ("accounts.view_full_dashboard", "accounts.view_basic_dashboard")


def _setup_is_pending(request: HttpRequest) -> bool:
    from backoffice.panel.setup.progress import concerns

    return concerns(request)


def _may_import(request: HttpRequest) -> bool:
    from backoffice.common.importing.table import importable

    return any(importable(request))


NAVIGATION: list[dict[str, Any]] = [
    {
        "title": "Atención",
        "items": [
            _item("Puesta en marcha", "rocket_launch", "panel_setup")
            | {
                "permission": _setup_is_pending,
                "badge": "backoffice.panel.setup.progress.badge",
                "badge_variant": "quiet",
            },
            _item("Tablero", "space_dashboard", "index", *DASHBOARDS),
            _item("Conversaciones", "forum", "panel_chats", "conversations.view_contact", badge="unread"),
            _item("Contactos", "contacts", "conversations_contact_changelist", "conversations.view_contact"),
            _item(
                "Tickets", "confirmation_number", "tickets_ticket_changelist", "tickets.view_ticket", badge="pending"
            ),
            _item(
                "Sin responder",
                "mark_chat_unread",
                "panel_unanswered",
                "conversations.view_contact",
                badge="unanswered",
                variant="warning",
            ),
            _item("Avisos del sistema", "campaign", "notices_gatewaynotice_changelist", "notices.view_gatewaynotice"),
            _item("Sesiones activas", "sms", "panel_sessions", "conversations.view_dialogstate"),
        ],
    },
    {
        "title": "Clientes",
        "separator": True,
        "items": [
            _item("Clientes", "groups", "customers_customer_changelist", "customers.view_customer"),
            _item("Servicios", "lan", "customers_service_changelist", "customers.view_service"),
            _item("Facturas", "receipt_long", "billing_invoice_changelist", "billing.view_invoice"),
            _item("Etiquetas", "label", "conversations_label_changelist", "conversations.view_label"),
        ],
    },
    {
        "title": "Comercial",
        "separator": True,
        "items": [
            _item("Pedidos", "shopping_bag", "sales_salesorder_changelist", "sales.view_salesorder"),
            _item("Planes de Internet", "speed", "catalog_plan_changelist", "catalog.view_plan"),
            _item("Promociones", "sell", "catalog_promotion_changelist", "catalog.view_promotion"),
            _item("Zonas de cobertura", "location_on", "catalog_zone_changelist", "catalog.view_zone"),
            _item("Preguntas frecuentes", "quiz", "panel_faqs", "catalog.view_faq"),
            _item("Sucursales", "store", "sales_branch_changelist", "sales.view_branch"),
            _item("Ajustes de ventas", "storefront", "catalog_salessettings_changelist", "catalog.view_salessettings"),
        ],
    },
    {
        "title": "Red y stock",
        "separator": True,
        "items": [
            _item("Mapa de la red", "map", "panel_nap_map", "network.view_napbox"),
            _item("Cajas NAP", "hub", "network_napbox_changelist", "network.view_napbox"),
            _item("Puertos", "settings_input_component", "network_napport_changelist", "network.view_napport"),
            _item("OLT", "dns", "network_olt_changelist", "network.view_olt"),
            _item("Equipos", "router", "network_unit_changelist", "network.view_unit"),
            _item("Insumos", "cable", "network_supply_changelist", "network.view_supply"),
            _item("Precintos", "lock", "panel_seals", "network.view_seal"),
            _item("Artículos", "category", "network_item_changelist", "network.view_item"),
            _item("Depósitos", "warehouse", "network_deposit_changelist", "network.view_deposit"),
        ],
    },
    {
        "title": "Bot",
        "separator": True,
        "items": [
            _item("Herramientas del bot", "tune", "panel_tools", "operations.use_bot_tools"),
            _item("Editor de menús", "account_tree", "panel_menus", "dialogs.view_menu"),
            _item("Textos del bot", "chat", "panel_texts", "dialogs.view_bottext"),
            {
                "title": "Simulador de WhatsApp",
                "icon": "smartphone",
                "link": "/simulator/",
                "permission": lambda request: (
                    getattr(settings, "SIMULATOR", False) and request.user.has_perm("channels.view_channel")
                ),
            },
        ],
    },
    {
        "title": "Equipo",
        "separator": True,
        "items": [
            _item("Grupos y agentes", "support_agent", "panel_groups", "agents.view_agent"),
            _item(
                "Ajustes de atención", "timer", "agents_attentionsettings_changelist", "agents.view_attentionsettings"
            ),
        ],
    },
    {
        "title": "Configuración",
        "separator": True,
        "items": [
            _item("Datos de la empresa", "domain", "company_company_changelist", "company.view_company"),
            _item("Puntos de venta", "point_of_sale", "company_pointofsale_changelist", "company.view_pointofsale"),
            _item("Horarios de atención", "schedule", "panel_hours", "company.view_openinghours"),
            _item("Feriados", "event_busy", "company_holiday_changelist", "company.view_holiday"),
            _item("WhatsApp y canales", "phone_iphone", "channels_channel_changelist", "channels.view_channel"),
            _item("Conexiones", "electrical_services", "panel_connections", "connections.view_connection"),
            _item("Gateways de avisos", "sensor_door", "notices_gateway_changelist", "notices.view_gateway"),
            _item("Usuarios", "manage_accounts", "accounts_user_changelist", "accounts.view_user"),
            _item(
                "Seguridad y acceso", "shield_lock", "accounts_accesspolicy_changelist", "accounts.view_accesspolicy"
            ),
        ],
    },
    {
        "title": "Sistema",
        "separator": True,
        "items": [
            _item("Salud del sistema", "monitor_heart", "panel_health", "operations.view_health"),
            _item("Importaciones", "upload_file", "panel_imports") | {"permission": _may_import},
            _item("Tareas en curso", "task", "common_job_changelist", "common.view_job"),
            _item("Correos enviados", "outgoing_mail", "mail_outgoingmail_changelist", "mail.view_outgoingmail"),
            _item("Copias de seguridad", "backup", "panel_backups", "safekeeping.view_backupsettings"),
            _item("Sesiones del personal", "devices", "panel_staff_sessions", "accounts.view_staffsession"),
            _item("Papelera", "delete", "safekeeping_trashitem_changelist", "safekeeping.view_trashitem"),
            _item("Auditoría", "policy", "accounts_auditevent_changelist", "accounts.view_auditevent"),
        ],
    },
]

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Mostrador",
    "SITE_HEADER": "Mostrador",
    "SITE_SUBHEADER": "backoffice.panel.everywhere.company_name",
    "SITE_URL": None,
    "SITE_ICON": lambda request: static("panel/logo.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("panel/logo.svg")}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "STYLES": [lambda request: static("panel/panel.css"), lambda request: static("panel/network.css")],
    "SCRIPTS": [lambda request: static("panel/panel.js"), lambda request: static("panel/network.js")],
    "LOGIN": {"image": lambda request: static("panel/login.svg")},
    "GLOBAL_CALLBACK": "backoffice.panel.everywhere.context",
    "COLORS": {
        "base": {
            "50": "#f8fafa",
            "100": "#f0f4f4",
            "200": "#dfe7e7",
            "300": "#c5d1d1",
            "400": "#93a5a6",
            "500": "#5a6c6e",
            "600": "#4c5e60",
            "700": "#3a4a4c",
            "800": "#243234",
            "900": "#152022",
            "950": "#0c1415",
        },
        "primary": {
            "50": "#f0fdfa",
            "100": "#ccfbf1",
            "200": "#99f6e4",
            "300": "#5eead4",
            "400": "#2dd4bf",
            "500": "#14b8a6",
            "600": "#0f766e",
            "700": "#0d655e",
            "800": "#115e59",
            "900": "#134e4a",
            "950": "#042f2e",
        },
    },
    "ACCOUNT": {
        "navigation": [
            {"title": "Mi cuenta", "link": reverse_lazy("admin:panel_account")},
            {"title": "Mis descargas", "link": reverse_lazy("admin:panel_downloads")},
            {"title": "Manual", "link": reverse_lazy("admin:panel_manual")},
        ]
    },
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": NAVIGATION,
    },
}
