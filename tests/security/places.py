"""Every address of the product, read from its URLconf, and who may open it according to their permissions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.sites import site
from django.db.models import Model
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from backoffice.accounts.models import User
from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.common.importing.table import importable
from backoffice.common.models import Export, Import
from backoffice.connections.models import Connection
from backoffice.conversations.models import Contact, Conversation, InboxEvent, Media, Message
from backoffice.dialogs.models import Menu, MenuOption, MenuVersion
from backoffice.look import DASHBOARDS
from backoffice.mail.models import OutgoingMail
from backoffice.network.models import NapPort, Seal
from backoffice.panel.pages.base import ALL_STAFF
from backoffice.safekeeping.models import TrashItem
from backoffice.sales.models import SalesOrder
from backoffice.tickets.models import Ticket
from tests.security import house

# Nobody has to sign in for these: the doors themselves, what watches the machine, and the ISP's system (with its key).
PUBLIC = """login forgotten_password choose_password second_step logout forced_password_change forced_second_factor home
health-live health-ready health-ready-part health-metrics gateway_send gateway_send_by_path"""
# What any signed-in person may open: their own account, and what answers by itself according to who asks.
STAFF = "password_change password_change_done jsi18n search app_list autocomplete view_on_site"
_OF_AN_IMPORT = [f"panel_import{what}" for what in ("", "_live", "_apply", "_undo", "_cancel", "_wrong")]
OWN_RULES: dict[str, tuple[str, ...]] = {
    "index": DASHBOARDS,
    "chat-media": ("conversations.view_message",),
    "panel_changes": ("dialogs.view_menu",),  # of the menus, which is the one that is asked for
    "auth_user_password_change": ("accounts.change_user",),
    "panel_what_they_may": ("accounts.view_user",),  # of another person; one's own is for everybody
    **dict.fromkeys(_OF_AN_IMPORT, ("catalog.add_plan",)),  # the house's import is of plans
}
_ROWS: list[tuple[str, type[Model]]] = [
    ("/conversaciones/", Contact),
    ("/contactos/", Contact),
    ("/sin-responder/", Conversation),
    ("/mensajes-por-revisar/", Message),
    ("/mensajes-que-fallaron/", InboxEvent),
    ("/ticket/", Ticket),
    ("/menus/opcion/", MenuOption),
    ("/menus/versiones/", MenuVersion),
    ("/menus/", Menu),
    ("/grupos/", WhatsAppGroup),
    ("/agentes/", Agent),
    ("/canales/", Channel),
    ("/conexiones/", Connection),
    ("/correos/", OutgoingMail),
    ("/pedidos/", SalesOrder),
    ("/red/puertos/", NapPort),
    ("/red/precintos/", Seal),
    ("/descargas/", Export),
    ("archivos/", Media),
    ("/accounts/user/", User),
    ("/usuarios/", User),
    ("/papelera/", TrashItem),
    ("/importaciones/", Import),
]
_ADMIN = re.compile(
    r"(?P<label>[a-z]+_[a-z]+)_(?P<what>changelist|add|change|delete|history|simple_history|import|export|template)"
)
_NEEDS = {"add": ("add",), "delete": ("delete",)}


@dataclass(frozen=True)
class Place:
    """One address. `rule` says who may open it: None is anybody, and () anybody signed in."""

    name: str
    url: str
    rule: Callable[[User], bool] | tuple[()] | None

    def admits(self, user: User | None) -> bool:
        if self.rule is None:
            return True
        if user is None:
            return False
        return self.rule == () or bool(self.rule(user))  # type: ignore[operator]


def every_place() -> list[Place]:
    """All but the simulator, whose doors have their own guard. Raises: LookupError for one that nobody classified."""
    found = []
    for name, route, view in _under(get_resolver(), ""):
        if not route.startswith("simulator/"):
            model = _model_of(name)
            found.append(Place(name, "/" + _filled(route, model), _rule(name, view, model)))
    return found


def is_of_a_list(place: Place) -> bool:
    """One of the addresses that Django's admin makes for each table."""
    return _ADMIN.fullmatch(place.name) is not None


def _under(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str, Any]]:
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _under(one, route)
        elif isinstance(one, URLPattern):
            yield one.name or "", route, one.callback


def _rule(name: str, view: Any, model: type[Model] | None) -> Callable[[User], bool] | tuple[()] | None:
    if name in PUBLIC.split():
        return None
    if name in STAFF.split() or not name:  # without a name: a redirect to a row, and the page that says there is none
        return ()
    if name == "panel_imports":
        return _imports_something
    permissions = OWN_RULES.get(name) or getattr(view, "permissions", None)
    if permissions == (ALL_STAFF,):
        return ()
    if permissions:
        return lambda user: any(user.has_perm(permission) for permission in permissions)
    if model is None:
        raise LookupError(f"nobody said who may open {name!r}: add it to tests/security/places.py")
    what = _ADMIN.fullmatch(name)
    assert what is not None
    row = house.row_of(model)
    return lambda user: _admin_admits(model, row, what["what"], user)


def _imports_something(user: User) -> bool:
    """Whether they may bring rows into any table."""
    request = RequestFactory().get("/")
    request.user = user
    return any(importable(request))


def _admin_admits(model: type[Model], row: Model, what: str, user: User) -> bool:
    """What the role says, and then what the screen allows (nobody adds what machines write)."""
    needed = _NEEDS.get(what, ("view", "change"))
    meta = model._meta
    if not any(user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}") for verb in needed):
        return False
    request = RequestFactory().get("/")
    request.user = user
    screen = site._registry[model]
    if what in ("import", "template"):
        return bool(screen.has_import_permission(request))
    if what == "export":
        return bool(screen.has_export_permission(request))
    if what == "add":
        return screen.has_add_permission(request)
    if what == "delete":
        return screen.has_delete_permission(request, row)
    return screen.has_view_or_change_permission(request, row)


def _model_of(name: str) -> type[Model] | None:
    found = _ADMIN.fullmatch(name)
    models = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in site._registry}
    return models.get(found["label"]) if found else None


def _filled(route: str, model: type[Model] | None) -> str:
    row = house.row_of(model) if model is not None else None
    if row is None:
        row = next((house.row_of(one) for part, one in _ROWS if part in f"/{route}"), None)
    key = str(row.pk) if row is not None else "1"
    version = (
        str(row.history.first().pk) if row is not None and hasattr(row, "history") and row.history.exists() else "1"
    )
    route = route.replace("^([^/]+)/history/([^/]+)/$", f"{key}/history/{version}/")
    route = re.sub(r"\^?\(\?P<app_label>([^|)]+)[^)]*\)/\$", r"\1/", route)
    route = (
        route.replace("(?P<url>.*)$", "no-existe/")
        .replace("<slug:what>", "menus")
        .replace("<int:agent_pk>", _pk(Agent))
    )
    route = re.sub(r"<(?:slug|str|path):(?!object_id)\w+>", "1", route)
    return re.sub(r"<(?:[a-z]+:)?(?:pk|menu_pk|number|object_id|id)>", key, route)


def _pk(model: type[Model]) -> str:
    row = house.row_of(model)
    return str(row.pk) if row is not None else "1"
