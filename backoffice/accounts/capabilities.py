"""Permissions as people read them: by screen, in words, never by Django's names.

What a screen is called and which tables are its own is here; a table that nobody lists here is its own screen once it
is in the panel, and a permission with a name of its own is always shown.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

# Screen → the tables whose permissions open it, in the order of the sidebar.
SCREENS: dict[str, tuple[str, ...]] = {
    "Tablero": ("accounts.view_full_dashboard", "accounts.view_basic_dashboard"),
    "Conversaciones": ("conversations.contact", "conversations.conversation", "conversations.message"),
    "Contactos": ("conversations.export_contact", "conversations.anonymise_contact"),
    "Tickets": ("tickets.ticket",),
    "Avisos del sistema": ("notices.gatewaynotice",),
    "Sesiones activas del bot": ("conversations.dialogstate",),
    "Clientes": ("customers.customer", "customers.customerphone", "customers.service", "common.export_people"),
    "Facturas": ("billing.invoice",),
    "Pedidos": ("sales.salesorder",),
    "Sucursales": ("sales.branch",),
    "Planes de Internet": ("catalog.plan",),
    "Zonas de cobertura": ("catalog.zone",),
    "Preguntas frecuentes": ("catalog.faq",),
    "Herramientas del bot": ("operations.botcontrol",),
    "Editor de menús": ("dialogs.menu", "dialogs.menuoption", "dialogs.collectfield"),
    "Textos del bot": ("dialogs.bottext",),
    "Grupos y agentes": ("agents.agent", "agents.whatsappgroup"),
    "Ajustes de atención": ("agents.attentionsettings",),
    "Datos de la empresa": ("company.company",),
    "Horarios de atención": ("company.openinghours",),
    "Feriados": ("company.holiday",),
    "WhatsApp y canales": ("channels.channel",),
    "Conexiones": ("connections.connection", "connections.calllog"),
    "Correos enviados": ("mail.outgoingmail",),
    "Gateways de avisos": ("notices.gateway",),
    "Usuarios": ("accounts.user",),
    "Sesiones del personal": ("accounts.staffsession",),
    "Seguridad y acceso": ("accounts.accesspolicy",),
    "Papelera": ("safekeeping.trashitem",),
    "Auditoría": ("accounts.auditevent",),
    "Salud del sistema": ("operations.metric",),
    "Tareas en curso": ("common.job",),
    "Copias de seguridad": ("safekeeping.backupsettings",),
}
VERBS = {"view": "Ver", "add": "Agregar", "change": "Cambiar", "delete": "Borrar"}
_SCREEN_OF = {table: screen for screen, tables in SCREENS.items() for table in tables}
_SINGLE = {
    "accounts.accesspolicy", "agents.attentionsettings", "company.company", "operations.botcontrol",
    "safekeeping.backupsettings",
}  # fmt: skip
# Of these tables people do no more than this; what else Django would allow opens nothing.
_ONLY: dict[str, tuple[str, ...]] = dict.fromkeys(_SINGLE, ("view", "change")) | {
    "conversations.contact": ("view", "change", "delete"),
    "conversations.conversation": ("view",),
    "conversations.message": ("view",),
    "conversations.dialogstate": ("view",),
    "tickets.ticket": ("view", "change"),
    "sales.salesorder": ("view", "change"),
    "notices.gatewaynotice": ("view",),
    "connections.calllog": ("view",),
    "mail.outgoingmail": ("view",),
    "common.job": ("view",),
}


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing that a permission allows."""

    pk: int
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Screen:
    title: str
    capabilities: list[Capability] = field(default_factory=list)


def screens() -> list[Screen]:
    """Everything that can be allowed, by screen, in the order of the sidebar; then what has no place there. A query."""
    found: dict[str, Screen] = {title: Screen(title) for title in SCREENS}
    for one in sorted(filter(_opens_something, shown_permissions()), key=_order):
        title = _screen(one)
        found.setdefault(title, Screen(title)).capabilities.append(Capability(one.pk, code_of(one), label_of(one)))
    return [screen for screen in found.values() if screen.capabilities]


def shown_permissions() -> QuerySet[Permission]:
    """The permissions that mean something on a screen: of listed tables, of tables in the panel, and named ones."""
    tables = set(_SCREEN_OF) | {model._meta.label_lower for model in admin.site._registry}
    of_a_screen = Q()
    for app in {table.split(".")[0] for table in tables}:
        models = [table.split(".")[1] for table in tables if table.split(".")[0] == app]
        of_a_screen |= Q(content_type__app_label=app, content_type__model__in=models)
    named = ~Q(codename__regex=r"^(view|add|change|delete)_")
    rows = Permission.objects.filter(of_a_screen | named, content_type__app_label__in=_apps())
    return rows.select_related("content_type").order_by("content_type__app_label", "content_type__model", "pk")


def _opens_something(permission: Permission) -> bool:
    verb = permission.codename.partition("_")[0]
    table = f"{permission.content_type.app_label}.{permission.content_type.model}"
    plain = permission.codename == f"{verb}_{permission.content_type.model}" and verb in VERBS
    return not plain or verb in _ONLY.get(table, tuple(VERBS))


def _order(permission: Permission) -> tuple[str, str, int, int]:
    """By table, looking before touching, what has its own name at the end."""
    kind, verb = permission.content_type, permission.codename.partition("_")[0]
    return kind.app_label, kind.model, [*VERBS, verb].index(verb), permission.pk


def code_of(permission: Permission) -> str:
    """«app.codename»; of a row with its content type."""
    return f"{permission.content_type.app_label}.{permission.codename}"


def label_of(permission: Permission) -> str:
    """«Cambiar clientes», or the name that its table gives it."""
    verb, _, table = permission.codename.partition("_")
    model = permission.content_type.model_class()
    if verb not in VERBS or model is None or table != model._meta.model_name:
        return permission.name
    meta = model._meta
    one_only = meta.label_lower in _SINGLE
    return f"{VERBS[verb]} {meta.verbose_name if one_only else meta.verbose_name_plural}"


def _screen(permission: Permission) -> str:
    kind = permission.content_type
    table = f"{kind.app_label}.{kind.model}"
    known = _SCREEN_OF.get(code_of(permission)) or _SCREEN_OF.get(table)
    model = kind.model_class()
    return known or (str(model._meta.verbose_name_plural).capitalize() if model else kind.name)


def _apps() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith("backoffice.")}
