"""The sidebar's search (Ctrl+K): pages by any name people know them by, customers, tickets, orders and the manual."""

import unicodedata

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from unfold.dataclasses import SearchResult

from backoffice.customers.models import Customer
from backoffice.look import NAVIGATION
from backoffice.panel.manual.searching import find as find_in_manual
from backoffice.sales.models import SalesOrder
from backoffice.tickets.models import Ticket
from integrations.understanding.phones import phone_key

LIMIT = 8
OF_THE_MANUAL = 4
# How other systems, and people, call each page (AMB-04).
ALIASES: dict[str, str] = {
    "Puesta en marcha": "asistente primeros pasos configurar instalacion empezar que falta",
    "Tablero": "dashboard inicio principal",
    "Tickets": "historial de tickets casos reclamos",
    "Conversaciones": "chats mensajes bandeja omnichat responder",
    "Contactos": "personas celulares agenda exportar borrar anonimizar ley 25326",
    "Etiquetas": "labels tags marcas de contactos",
    "Grupos y agentes": "grupos whatsapp ajustes operadores",
    "Herramientas del bot": "modo emergencia parado reiniciar estados de operacion",
    "Editor de menús": "ajustes bot soporte opciones menu",
    "Textos del bot": "prompts frases mensajes respuestas",
    "Preguntas frecuentes": "faqs de ventas faqs de soporte",
    "Datos de la empresa": "datos empresa configuracion ajustes generales logo cbu alias",
    "Promociones": "descuentos ofertas promos",
    "Ajustes de ventas": "ajustes bot de ventas bienvenida costo de instalacion despedida",
    "Importaciones": "importar planilla excel csv carga masiva deshacer subir",
    "Puntos de venta": "facturacion arca afip cuit",
    "Feriados": "feriados nacionales dias especiales puentes",
    "Zonas de cobertura": "barrios localidades",
    "Usuarios": "gestion de usuarios ajustes generales roles permisos contraseña turnos planes de trabajo",
    "Seguridad y acceso": "dos pasos totp un equipo sesion vence contraseña",
    "Sesiones del personal": "quien esta conectado equipos cerrar sesion",
    "Copias de seguridad": "backup respaldo restaurar resguardo copia de seguridad disco",
    "Auditoría": "registro quien hizo que ingresos cambios exportar",
    "Papelera": "borrado borrados recuperar restaurar eliminado deshacer",
    "WhatsApp y canales": "conectar whatsapp qr numero",
    "Facturas": "cobranzas deuda",
    "Pedidos": "ordenes ventas operaciones incompleto completo facturado vencido",
    "Sucursales": "oficinas locales",
    "Avisos del sistema": "notificaciones gateway mikrowisp cortes masivos mensajes automaticos",
    "Mapa de la red": "nap cto cajas factibilidad cobertura cerca",
    "Cajas NAP": "cto cajas de fibra bocas puertos",
    "Puertos": "bocas nap cto ocupados libres",
    "Equipos": "stock inventario onu ont router antena serie mac",
    "Insumos": "stock inventario cable conectores materiales",
    "Precintos": "sellos ftth",
    "Artículos": "modelos de equipos materiales stock",
    "Conexiones": "mikrowisp mercado pago mercadopago access token api isp integraciones pagos cobros probar",
    "Gateways de avisos": "pasarela mikrowisp ispcube wispro token clave integraciones isp",
}


def find(request: HttpRequest, term: str) -> list[SearchResult]:
    """Called by unfold with the term in lower case; only what the person may see."""
    term = term.replace("\x00", "")  # PostgreSQL refuses it, and nobody types it
    rows = _customers(request, term) + _tickets(request, term) + _orders(request, term)
    return _pages(request, term) + rows + _manual(term)


def _pages(request: HttpRequest, term: str) -> list[SearchResult]:
    wanted = _plain(term)
    return [
        SearchResult(title=item["title"], description=group["title"], link=str(item["link"]), icon=item["icon"])
        for group in NAVIGATION
        for item in group["items"]
        if item["permission"](request) and wanted in _plain(f"{item['title']} {ALIASES.get(item['title'], '')}")
    ][:LIMIT]


def _customers(request: HttpRequest, term: str) -> list[SearchResult]:
    if not request.user.has_perm("customers.view_customer") or len(term) < 3:
        return []
    wanted = Q(name__icontains=term) | Q(code=term) | Q(document=term)
    key = phone_key(term)
    if key:
        wanted |= Q(pk__in=Customer.objects.filter(phones__key=key).values("pk"))
    return [
        SearchResult(
            title=row.name,
            description=f"Cliente {row.code}",
            link=reverse("admin:customers_customer_change", args=[row.pk]),
            icon="person",
        )
        for row in Customer.objects.filter(wanted).order_by("name")[:LIMIT]
    ]


def _tickets(request: HttpRequest, term: str) -> list[SearchResult]:
    number = term.lstrip("#")
    if not request.user.has_perm("tickets.view_ticket") or not number.isdecimal():
        return []
    return [
        SearchResult(
            title=str(row),
            description="Ticket",
            link=reverse("admin:panel_ticket", args=[row.pk]),
            icon="confirmation_number",
        )
        for row in Ticket.objects.filter(number=int(number[:18]))[:LIMIT]
    ]


def _manual(term: str) -> list[SearchResult]:
    """How it is done, for everybody; after what somebody may want to open."""
    if len(term) < 3:
        return []
    return [
        SearchResult(
            title=hit.title,
            description=f"Manual · {hit.page}" if hit.section else "Manual",
            link=hit.url,
            icon="menu_book",
        )
        for hit in find_in_manual(term, OF_THE_MANUAL)
    ]


def _orders(request: HttpRequest, term: str) -> list[SearchResult]:
    number = term.removeprefix("pedido").lstrip(" #n°")
    if not request.user.has_perm("sales.view_salesorder") or not (number.isascii() and number.isdecimal()):
        return []
    wanted = Q(number=int(number[:18]))
    if key := phone_key(number):
        wanted |= Q(contact__phone_key=key)
    return [
        SearchResult(
            title=f"{row}, {row.contact}",
            description=str(row.get_state_display()),
            link=reverse("admin:sales_salesorder_change", args=[row.pk]),
            icon="shopping_bag",
        )
        for row in SalesOrder.objects.filter(wanted).select_related("contact")[:LIMIT]
    ]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
