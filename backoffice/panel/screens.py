"""Every screen and every setting by any name that people know it by (AMB-04). Held in memory: none of it is a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from backoffice.common.models import Singleton
from backoffice.common.search.words import Query, as_text, words_of
from backoffice.look import NAVIGATION, Item

# How other systems, and people, call each page (AMB-04).
ALIASES: dict[str, str] = {
    "Puesta en marcha": "asistente primeros pasos configurar instalacion empezar que falta",
    "Importaciones": "importar planilla excel csv carga masiva deshacer subir",
    "Copias de seguridad": "backup respaldo restaurar resguardo disco",
    "Papelera": "borrado borrados recuperar restaurar eliminado deshacer",
    "Tablero": "dashboard inicio principal",
    "Tickets": "historial de tickets casos reclamos",
    "Conversaciones": "chats mensajes bandeja omnichat responder",
    "Contactos": "personas celulares agenda exportar borrar anonimizar ley 25326",
    "Etiquetas": "labels tags marcas de contactos",
    "Grupos y agentes": "grupos whatsapp ajustes operadores",
    "Herramientas del bot": "modo emergencia parado reiniciar estados de operacion",
    "Editor de menús": "ajustes bot soporte opciones menu",
    "Textos del bot": "prompts frases mensajes respuestas burbujas ajustes bot",
    "Preguntas frecuentes": "faqs de ventas faqs de soporte",
    "Datos de la empresa": "datos empresa configuracion ajustes generales logo",
    "Promociones": "descuentos ofertas promos",
    "Ajustes de atención": "ajustes supervisor sla demora minutos escalamiento",
    "Ajustes de ventas": "ajustes bot de ventas bienvenida costo de instalacion despedida",
    "Puntos de venta": "facturacion arca afip cuit",
    "Horarios de atención": "horario turnos abierto cerrado fuera de hora ajustes generales",
    "Feriados": "feriados nacionales dias especiales puentes",
    "Zonas de cobertura": "barrios localidades",
    "Usuarios": "gestion de usuarios ajustes generales roles permisos contraseña turnos planes de trabajo",
    "Seguridad y acceso": "dos pasos totp un equipo sesion vence contraseña",
    "Sesiones del personal": "quien esta conectado equipos cerrar sesion",
    "Auditoría": "registro quien hizo que ingresos cambios exportar",
    "WhatsApp y canales": "conectar whatsapp qr numero demora lote pausa ajustes",
    "Facturas": "cobranzas deuda mora morosos impagas vencidas comprobantes",
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


_SMALL = frozenset(words_of("a al con de del el en la las lo los o para por que se un una y"))


@dataclass(frozen=True)
class Screen:
    """A page of the sidebar, or a `setting` that is on it; `own` are the words of its title, `all` those around too."""

    item: Item
    group: str
    setting: str
    own: str
    all: str

    @property
    def title(self) -> str:
        return self.setting or str(self.item["title"])

    @property
    def description(self) -> str:
        return f"{self.group} › {self.item['title']}" if self.setting else self.group


def find_screens(request: HttpRequest, query: Query, most: int) -> list[Screen]:
    """Those this person may open: what is called so first, then what is on a screen or used to be called so."""
    wanted = Query(tuple(group for group in query.groups if group[0][0] not in _SMALL)) or query
    found = [one for one in _screens() if wanted.meets(one.all) and one.item["permission"](request)]
    found.sort(key=lambda one: (bool(one.setting), not wanted.meets(one.own)))
    return found[:most]


@cache
def _screens() -> list[Screen]:
    return [*_pages(), *_settings()]


def _pages() -> Iterator[Screen]:
    for group in NAVIGATION:
        for item in group["items"]:
            title = str(item["title"])
            own = as_text(words_of(title))
            yield Screen(item, group["title"], "", own, own + as_text(words_of(ALIASES.get(title, ""), group["title"])))


def _settings() -> Iterator[Screen]:
    """Each field of the screens that are one row: «CBU o CVU» is on «Datos de la empresa»."""
    screens = {item.get("screen"): (group, item) for group in NAVIGATION for item in group["items"]}
    for model in admin.site._registry:
        place = screens.get(f"{model._meta.app_label}_{model._meta.model_name}_changelist")
        if place is None or not issubclass(model, Singleton):
            continue
        group, item = place
        for label, help_text in _fields(model):
            own = as_text(words_of(label))
            yield Screen(item, group["title"], label[:1].upper() + label[1:], own, own + as_text(words_of(help_text)))


def _fields(model: type[Model]) -> Iterator[tuple[str, str]]:
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if field.editable and not field.primary_key:
            yield str(field.verbose_name), str(field.help_text)
