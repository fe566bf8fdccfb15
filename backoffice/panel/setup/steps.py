"""The steps, in the order of `registry.py`: who we are, when we attend, what we sell, who attends, by which number."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, Q, QuerySet, Subquery
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.catalog.models import Faq, Plan, SalesSettings, Zone
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.company.models import Company, Holiday, OpeningHours
from backoffice.connections.models import Connection
from backoffice.connections.selectors import answering
from backoffice.customers.models import Customer
from backoffice.panel.setup.base import Facts, HowMany, Step, Verdict, Way, told
from backoffice.safekeeping.services.backups import MAKE, PLANNED

YEAR = timedelta(days=365)
_FACTORY_NAME = Company._meta.get_field("name").default


class OwnPassword(Step):
    key = "password"
    title = "Tu contraseña"
    icon = "key"
    why = "La de fábrica la conoce cualquiera: con la tuya, solo vos configurás el sistema."
    ways = (Way("Mi cuenta", "panel_account"),)

    def asks(self) -> dict[str, Any]:
        return {"factory": Subquery(User.objects.order_by("pk").values("must_change_password")[:1])}

    def judge(self, facts: Facts) -> Verdict:
        if facts["factory"]:
            return Verdict(missing=("cambiar la contraseña con la que se instaló",))
        return Verdict(has="La de fábrica ya no sirve.")


class CompanyData(Step):
    key = "company"
    title = "Datos de la empresa"
    icon = "domain"
    why = "Es como el bot se presenta, y adonde les dice a tus clientes que transfieran."
    ways = (Way("Cargar los datos", "company_company_changelist", "company.view_company"),)

    def asks(self) -> dict[str, Any]:
        return {name: _of_company(name) for name in ("name", "phone", "logo", "bank_alias", "bank_cbu")}

    def judge(self, facts: Facts) -> Verdict:
        named = facts["name"] and facts["name"] != _FACTORY_NAME
        missing = (*(() if named else ("el nombre",)), *(() if facts["phone"] else ("el teléfono",)))
        better = (
            *(() if facts["logo"] else ("el logo",)),
            *(() if facts["bank_alias"] or facts["bank_cbu"] else ("el alias o el CBU, para que te transfieran",)),
        )
        advice = f"Si querés, agregá {' y '.join(better)}." if better else ""
        return Verdict(missing, f"{facts['name']}, {facts['phone']}.", advice)


class Hours(Step):
    key = "hours"
    title = "Horarios de atención"
    icon = "schedule"
    why = "Así el bot sabe cuándo hay personas y, si no hay, dice cuándo vuelven."
    ways = (Way("Cargar los horarios", "panel_hours", "company.view_openinghours"),)

    def asks(self) -> dict[str, Any]:
        days = OpeningHours.objects.order_by().values("weekday").distinct()
        return {"days": HowMany(days), "always": _of_company("always_open")}

    def judge(self, facts: Facts) -> Verdict:
        if facts["always"]:
            return Verdict(has="Atienden las 24 horas.")
        missing = () if facts["days"] else ("decir qué días y a qué hora atienden",)
        return Verdict(missing, f"Atienden {told(facts['days'], 'día', 'días')} por semana.")


class Holidays(Step):
    key = "holidays"
    title = "Feriados"
    icon = "event_busy"
    why = "Un feriado sin cargar es un día en que el bot promete una persona que no está."
    ways = (
        Way("Cargar los nacionales", "panel_national_holidays", "company.view_holiday"),
        Way("Agregar uno", "company_holiday_add", "company.add_holiday"),
    )
    optional = True

    def asks(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"ahead": HowMany(Holiday.objects.filter(date__gte=today, date__lt=today + YEAR).values("pk"))}

    def judge(self, facts: Facts) -> Verdict:
        missing = () if facts["ahead"] else ("cargar los que vienen",)
        return Verdict(missing, f"{told(facts['ahead'], 'feriado cargado', 'feriados cargados')} de acá a un año.")


class Zones(Step):
    key = "zones"
    title = "Zonas de cobertura"
    icon = "location_on"
    why = "Con ellas el bot contesta solo «¿llegan a mi barrio?», lo primero que pregunta quien quiere contratar."
    ways = (
        Way("Agregar una zona", "catalog_zone_add", "catalog.add_zone"),
        Way("Importar una planilla", "catalog_zone_import", "catalog.add_zone"),
    )
    optional = True

    def asks(self) -> dict[str, Any]:
        return {"served": HowMany(Zone.objects.exclude(coverage=Zone.Coverage.NO).values("pk"))}

    def judge(self, facts: Facts) -> Verdict:
        missing = () if facts["served"] else ("cargar adónde llega tu servicio",)
        return Verdict(missing, f"{told(facts['served'], 'zona', 'zonas')} con servicio.")


class Plans(Step):
    key = "plans"
    title = "Planes de Internet"
    icon = "speed"
    why = "Es lo que vendés: el bot los cuenta con su precio y su velocidad a cualquier hora."
    ways = (
        Way("Agregar un plan", "catalog_plan_add", "catalog.add_plan"),
        Way("Importar una planilla", "catalog_plan_import", "catalog.add_plan"),
    )

    def asks(self) -> dict[str, Any]:
        return {"active": HowMany(Plan.objects.filter(active=True).values("pk"))}

    def judge(self, facts: Facts) -> Verdict:
        missing = () if facts["active"] else ("cargar al menos un plan activo",)
        return Verdict(missing, f"{told(facts['active'], 'plan', 'planes')} a la venta.")


class Questions(Step):
    """They come with the product, so what is looked at is whether what they name is loaded."""

    key = "faqs"
    title = "Preguntas frecuentes"
    icon = "quiz"
    why = "Cada una que el bot sabe contestar es un mensaje menos para tu equipo."
    ways = (
        Way("Revisar las preguntas", "panel_faqs", "catalog.view_faq"),
        Way("Costo de instalación", "catalog_salessettings_changelist", "catalog.view_salessettings"),
    )
    optional = True

    def asks(self) -> dict[str, Any]:
        active = Faq.objects.filter(active=True)
        return {
            "active": HowMany(active.values("pk")),
            "say_cost": Exists(active.filter(answer__contains="{costo_instalacion}")),
            "say_address": Exists(active.filter(answer__contains="{direccion}")),
            "cost": Subquery(SalesSettings.objects.filter(pk=1).values("installation_cost")[:1]),
            "address": _of_company("address"),
        }

    def judge(self, facts: Facts) -> Verdict:
        missing: tuple[str, ...] = () if facts["active"] else ("cargar lo que más te preguntan",)
        if facts["say_cost"] and facts["cost"] is None:
            missing += ("el costo de instalación, que una respuesta nombra",)
        if facts["say_address"] and not facts["address"]:
            missing += ("la dirección de la empresa, que una respuesta nombra",)
        return Verdict(missing, f"El bot contesta {told(facts['active'], 'pregunta', 'preguntas')}.")


class Team(Step):
    key = "team"
    title = "Agentes y grupos"
    icon = "support_agent"
    why = "Cuando alguien pide una persona, el caso se avisa en el grupo y lo toma el primero que contesta."
    ways = (Way("Crear grupos y agentes", "panel_groups", "agents.view_agent"),)
    optional = True  # a company may attend from the panel alone

    def asks(self) -> dict[str, Any]:
        kinds = WhatsAppGroup.Kind
        ready = WhatsAppGroup.objects.filter(state=WhatsAppGroup.State.READY)
        return {
            "support": Exists(ready.filter(kind=kinds.SUPPORT)),
            "sales": Exists(ready.filter(kind=kinds.SALES)),
            "agents": HowMany(Agent.objects.filter(active=True).values("pk")),
            "registered": HowMany(Agent.objects.filter(active=True, registered_at__isnull=False).values("pk")),
        }

    def judge(self, facts: Facts) -> Verdict:
        missing: tuple[str, ...] = () if facts["support"] else ("crear el grupo de Soporte",)
        if not facts["agents"]:
            missing += ("sumar a alguien que atienda",)
        elif not facts["registered"]:
            missing += ("que un agente conteste LISTO",)
        advice = "" if facts["sales"] else "Si querés, creá también el grupo de Ventas."
        return Verdict(missing, f"{told(facts['registered'], 'agente listo', 'agentes listos')} para atender.", advice)


class Connections(Step):
    """Each system that the company linked was tried with what it has now, and let us in."""

    key = "connections"
    title = "Tus otros sistemas"
    icon = "cable"
    why = "Si usás MikroWisp o Mercado Pago, acá se prueba que contesten antes de que alguien dependa de eso."
    ways = (Way("Ver las conexiones", "panel_connections", "connections.view_connection"),)
    optional = True

    def asks(self) -> dict[str, Any]:
        used, good = Connection.objects.filter(enabled=True), answering()
        return {"linked": HowMany(used.values("pk")), "answering": HowMany(good.values("pk"))}

    def judge(self, facts: Facts) -> Verdict:
        silent = facts["linked"] - facts["answering"]
        missing = () if facts["linked"] else ("conectar el primero y probarlo",)
        if silent:
            missing = (f"que {told(silent, 'conexión conteste', 'conexiones contesten')} a «Probar conexión»",)
        return Verdict(missing, f"{told(facts['answering'], 'conexión contesta', 'conexiones contestan')}.")


class Customers(Step):
    """The company's own data in our tables. Whoever has another system links it instead (`connections`)."""

    key = "customers"
    title = "Tus clientes"
    icon = "groups"
    why = "Para que el bot reconozca a quien escribe, le diga cuánto debe y le mande su factura."
    ways = (
        Way("Ver los clientes", "customers_customer_changelist", "customers.view_customer"),
        Way("Agregar uno", "customers_customer_add", "customers.add_customer"),
    )
    optional = True

    def asks(self) -> dict[str, Any]:
        return {"loaded": HowMany(Customer.objects.values("pk"))}

    def judge(self, facts: Facts) -> Verdict:
        missing = () if facts["loaded"] else ("cargar el primero, con su teléfono y su servicio",)
        return Verdict(missing, f"{told(facts['loaded'], 'cliente', 'clientes')}.")


class Backups(Step):
    """Done by a copy that the worker made, which is verified as it is made, or by one that waits for its hour."""

    key = "backups"
    title = "Copias de seguridad"
    icon = "backup"
    why = "Si se rompe el disco, con una copia volvés a tener clientes, charlas y ajustes como estaban."
    ways = (
        Way("Ver las copias", "panel_backups", "safekeeping.view_backupsettings"),
        Way("Elegir cuándo se hacen", "safekeeping_backupsettings_changelist", "safekeeping.change_backupsettings"),
    )
    optional = True

    def asks(self) -> dict[str, Any]:
        copies = Job.objects.filter(kind=MAKE)
        return {
            "made": Exists(copies.filter(state=Job.State.DONE)),
            "planned": Exists(copies.filter(subject=PLANNED, state__in=jobs.OPEN)),
        }

    def judge(self, facts: Facts) -> Verdict:
        if facts["planned"]:
            return Verdict(has="Se hacen solas." if facts["made"] else "Se hacen solas: la primera está programada.")
        if facts["made"]:
            return Verdict(has="Hay una copia.", advice="Las automáticas están apagadas: dependés de acordarte.")
        return Verdict(("hacer la primera, o elegir cuándo se hacen solas",))


class WhatsApp(Step):
    """Done once a number was linked: that it is silent today is for the dashboard to tell."""

    key = "whatsapp"
    title = "Conectar WhatsApp"
    icon = "qr_code_2"
    why = "Es el número en el que tus clientes escriben: sin él, el bot no escucha a nadie."
    ways = (Way("Ver los canales", "channels_channel_changelist", "channels.view_channel"),)

    def asks(self) -> dict[str, Any]:
        channels = _for_customers()
        statuses = ChannelStatus.objects.filter(channel__in=channels)
        states = ChannelStatus.State
        linked = statuses.filter(Q(state=states.CONNECTED) | (~Q(state=states.WAITING_QR) & ~Q(number="")))
        return {
            "numbers": Exists(channels),
            "linked": Exists(linked),
            "real": Exists(linked.exclude(channel__kind=Channel.Kind.SIMULATOR)),
            "waiting": Exists(statuses.filter(state=states.WAITING_QR)),
        }

    def judge(self, facts: Facts) -> Verdict:
        if facts["linked"]:
            toy = "" if facts["real"] else "Es el simulador: alcanza para probar todo, y todavía no es tu número."
            return Verdict(has="Hay un número conectado.", advice=toy)
        if facts["waiting"]:
            return Verdict(("escanear el código QR con el teléfono del bot",))
        return Verdict(("que el bot se conecte con el número",) if facts["numbers"] else ("agregar tu número",))


def _for_customers() -> QuerySet[Channel]:
    return Channel.objects.filter(enabled=True, for_customers=True).exclude(kind=Channel.Kind.PREVIEW)


def _of_company(field: str) -> Subquery:
    """A datum of the company; None while nobody opened its screen."""
    return Subquery(Company.objects.filter(pk=1).values(field)[:1])
