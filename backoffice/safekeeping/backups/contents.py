"""What is in a copy, as people count it (ISPBOT-BAK-06)."""

from django.contrib.auth.models import Group
from django.db import models

from backoffice.accounts.models import User
from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.billing.models import Invoice
from backoffice.catalog.models import Faq, Plan, Promotion, Zone
from backoffice.company.models import Company
from backoffice.connections.models import Connection
from backoffice.conversations.models import Contact, Message
from backoffice.customers.models import Customer
from backoffice.dialogs.models import BotText, Menu
from backoffice.safekeeping.backups.manifest import Manifest
from backoffice.sales.models import SalesOrder
from backoffice.tickets.models import Ticket

Tables = tuple[type[models.Model], ...]
SETTINGS: Tables = (Company, Menu, BotText, Faq, Plan, Promotion, Zone, Connection, Group)
COUNTED: tuple[tuple[str, Tables], ...] = (
    ("Configuraciones (empresa, menús, textos, planes, zonas, conexiones…)", SETTINGS),
    ("Tickets con su historial", (Ticket,)),
    ("Conversaciones: mensajes", (Message,)),
    ("Contactos", (Contact,)),
    ("Clientes", (Customer,)),
    ("Facturas", (Invoice,)),
    ("Pedidos", (SalesOrder,)),
    ("Agentes y grupos", (Agent, WhatsAppGroup)),
    ("Usuarios", (User,)),
)
LOSABLE: tuple[tuple[str, type[models.Model]], ...] = (
    ("Mensajes", Message),
    ("Tickets", Ticket),
    ("Contactos", Contact),
    ("Clientes", Customer),
    ("Pedidos", SalesOrder),
    ("Usuarios", User),
)


def contents(manifest: Manifest) -> list[tuple[str, str]]:
    """What a copy holds and how much of it."""
    counted = [(title, _figure(sum(manifest.rows(table) for table in tables))) for title, tables in COUNTED]
    media = manifest.media
    files = f"{_figure(media.count)} ({weight(media.size)})" if media.included else "no incluidos"
    return [*counted, ("Archivos: comprobantes, fotos, audios, documentos", files)]


def compared(manifest: Manifest) -> list[tuple[str, str, str]]:
    """What there is now against what the copy has: name, now, then. One query each."""
    return [(title, _figure(table._default_manager.count()), _figure(manifest.rows(table))) for title, table in LOSABLE]


def _figure(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def weight(size: int) -> str:
    """Bytes as people say them: «1,4 GB»."""
    amount, unit = float(size), "B"
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if amount < 1024 or unit == "TB":
            break
        amount /= 1024
    return (f"{amount:.1f}" if amount < 10 and unit != "B" else f"{amount:.0f}").replace(".", ",") + f" {unit}"
