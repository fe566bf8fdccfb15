"""The set-up assistant: what it says of a company is what its rows say (ISPBOT-END-01, END-02, SC-37, SC-38)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.catalog import prepare as catalog
from backoffice.catalog.models import Faq, Plan, SalesSettings, Zone
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.company.models import Company, Holiday
from backoffice.company.selectors import today
from backoffice.company.services import set_hours
from backoffice.connections.models import CallLog, Connection
from backoffice.connections.services import save_connection
from backoffice.customers.models import Customer
from backoffice.panel.services import skip_step
from backoffice.panel.setup.abilities import ABILITIES
from backoffice.panel.setup.progress import progress
from backoffice.panel.setup.registry import STEPS
from backoffice.safekeeping.models import BackupSettings
from backoffice.safekeeping.services import plan_backup, save_backup_settings
from tests.backoffice import desk
from tests.cast import COMPANY

SETUP = "admin:panel_setup"


def _own_password() -> None:
    User.objects.filter(username="admin").update(must_change_password=False)


def _company() -> None:
    row = Company.load()
    row.name, row.phone = COMPANY, "261 555-0100"
    row.save()


def _hours() -> None:
    set_hours(hours={0: ["08:00-12:00", "14:00-18:00"]})


def _holidays() -> None:
    Holiday.objects.create(date=today() + timedelta(days=30), name="Navidad")


def _zones() -> None:
    Zone.objects.create(name="Centro")


def _plans() -> None:
    Plan.objects.create(name="Fibra 100", price=Decimal(18500), download=100, upload=50)


def _questions() -> None:
    catalog.prepare()
    row = SalesSettings.load()
    row.installation_cost = Decimal(5000)
    row.save()


def _team() -> None:
    channel = Channel.objects.create(name="Grupos", kind=Channel.Kind.SIMULATOR, for_customers=False)
    desk.group(channel, "support", "Soporte")
    desk.agent(channel, groups=1)


def _customers() -> None:
    Customer.objects.create(code="1", name="María González")


def _connections() -> None:
    row = Connection(kind="isp", provider="mikrowisp", name="MikroWisp")
    settings = {"base_url": "https://mikrowisp.fibrasur.ar", "timeout": 15, "verify_tls": True}
    save_connection(connection=row, settings=settings, secrets={"token": "clave-secreta-1234"}, by=None)
    CallLog.objects.create(connection=row, name=row.name, provider=row.provider, what="Probar", ms=9, result="ok")


def _backups() -> None:
    plan_backup(now=timezone.now())


def _whatsapp() -> None:
    channel = Channel.objects.create(name="Atención", kind=Channel.Kind.SIMULATOR)
    ChannelStatus.objects.create(channel=channel, state="connected", number="5492615550000", seen_at=timezone.now())


DOING: dict[str, Callable[[], None]] = {
    "password": _own_password,
    "company": _company,
    "hours": _hours,
    "holidays": _holidays,
    "zones": _zones,
    "plans": _plans,
    "faqs": _questions,
    "team": _team,
    "customers": _customers,
    "connections": _connections,
    "backups": _backups,
    "whatsapp": _whatsapp,
}


def _done() -> set[str]:
    return {stand.step.key for stand in progress(fresh=True).stands if stand.done}


def _missing(key: str) -> str:
    return ", ".join(next(one for one in progress(fresh=True).stands if one.step.key == key).verdict.missing)


def test_an_empty_company_misses_everything_and_each_step_says_what_and_why(admin: Client) -> None:
    page = admin.get(reverse(SETUP)).text
    assert f"Listo para operar: 0/{len(STEPS)}" in page
    for stand in progress().stands:
        assert stand.step.why in page
        assert stand.verdict.missing
    assert "Seguir con «Tu contraseña»" in page


@pytest.mark.parametrize("key", [step.key for step in STEPS])
def test_a_step_is_done_by_its_rows_and_by_nothing_else(admin: Client, key: str) -> None:
    assert _done() == set()
    DOING[key]()
    assert _done() == {key}


def test_what_is_not_in_force_does_not_count(admin: Client) -> None:
    Plan.objects.create(name="Viejo", price=1, download=1, upload=1, active=False)
    Zone.objects.create(name="Lejos", coverage=Zone.Coverage.NO)
    Holiday.objects.create(date=today() - timedelta(days=1), name="Pasado")
    assert _done() == set()


def test_a_connection_that_does_not_answer_is_told(admin: Client) -> None:
    _connections()
    CallLog.objects.update(result="unreachable")
    assert _missing("connections") == "que 1 conexión conteste a «Probar conexión»"


def test_an_answer_that_names_what_nobody_loaded_is_told(admin: Client) -> None:
    Faq.objects.create(area="sales", category="Costos", question="¿Cuánto sale?", answer="Sale {costo_instalacion}.")
    assert "costo de instalación" in _missing("faqs")
    Faq.objects.update(answer="Estamos en {direccion}.")
    assert "dirección" in _missing("faqs")
    Faq.objects.update(answer="Poco.")
    assert _missing("faqs") == ""


def test_without_automatic_copies_one_has_to_be_made_and_it_says_that_they_are_off(admin: Client) -> None:
    _backups()
    save_backup_settings(settings=BackupSettings(frequency="apagado"), by=None)
    assert _missing("backups") == "hacer la primera, o elegir cuándo se hacen solas"
    admin.post(reverse("admin:panel_make_backup"))
    assert _missing("backups") != "", "it is not made yet"
    Job.objects.filter(kind="backup").update(state=Job.State.DONE)
    assert "backups" in _done()
    page = admin.get(reverse(SETUP)).text
    assert "Las automáticas están apagadas" in page
    assert reverse("admin:panel_backups") in page


def test_a_number_that_waits_shows_its_qr_and_is_done_when_it_is_linked(admin: Client) -> None:
    channel = Channel.objects.create(name="Atención", kind=Channel.Kind.SIMULATOR)
    status = ChannelStatus.objects.create(channel=channel, state="waiting_qr", qr="2@abc", seen_at=timezone.now())
    page = admin.get(reverse(SETUP))
    assert "escanear el código QR" in page.text
    assert "mo-qr" in page.text
    live = reverse("admin:panel_setup_live")
    assert admin.get(live, {"v": page.context["version"]}).status_code == 204
    status.state, status.number = "connected", "5492615550000"
    status.save()
    assert "Es el simulador" in admin.get(live, {"v": page.context["version"]}).text
    status.state = "disconnected"  # its telephone has no Internet today: that is for the dashboard to tell
    status.save()
    assert "whatsapp" in _done()


def test_an_optional_step_is_skipped_and_taken_back_and_doing_it_wins(admin: Client) -> None:
    admin.post(reverse("admin:panel_setup_skip", args=["zones"]))
    page = admin.get(reverse(SETUP)).text
    assert f"Listo para operar: 0/{len(STEPS) - 1}" in page
    assert "Volver a incluirlo" in page
    _zones()
    assert (progress(fresh=True).done, progress().total) == (1, len(STEPS))
    Zone.objects.all().delete()
    admin.post(reverse("admin:panel_setup_take_back", args=["zones"]))
    assert (progress(fresh=True).done, progress().total) == (0, len(STEPS))


def test_what_no_company_can_do_without_is_not_skipped(admin: Client) -> None:
    assert admin.post(reverse("admin:panel_setup_skip", args=["whatsapp"])).status_code == 404
    with pytest.raises(DomainError, match="no se puede saltear"):
        skip_step(key="whatsapp", by=None)
    assert progress(fresh=True).total == len(STEPS)


def test_all_of_it_is_one_query_however_much_there_is(admin: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        progress(fresh=True)
    assert len(queries) == 1


def test_the_sidebar_and_the_dashboard_tell_it_until_nothing_is_left(admin: Client) -> None:
    for key, do in DOING.items():
        if key != "customers":
            do()
    page = admin.get(reverse("admin:index")).text
    assert page.count(f"{len(STEPS) - 1}/{len(STEPS)}") == 2
    assert "Sigue «Tus clientes»" in page
    _customers()
    done = admin.get(reverse(SETUP)).text
    assert "¡Todo listo!" in done
    assert reverse(SETUP) not in admin.get(reverse("admin:index")).text


def test_only_who_configures_is_told(signed_in: Callable[..., Client]) -> None:
    supervisor = signed_in("Supervisor")
    assert "Listo para operar" not in supervisor.get(reverse("admin:index")).text
    assert supervisor.get(reverse(SETUP)).status_code == 403
    assert supervisor.get(reverse("admin:panel_start")).headers["Location"] == reverse("admin:index")


def test_what_the_bot_can_do_waits_for_its_steps_and_then_leads_to_where_it_is_tried(admin: Client) -> None:
    offers = admin.get(reverse(SETUP)).context["offers"]
    assert not any(offer.ready for offer in offers)
    _questions()
    asked = next(offer for offer in admin.get(reverse(SETUP)).context["offers"] if offer.ability.needs == ("faqs",))
    assert (asked.ready, asked.url) == (True, reverse("admin:panel_faqs"))
    assert {key for ability in ABILITIES for key in ability.needs} <= set(DOING)


def test_who_helps_is_shown_and_what_is_empty_is_not(admin: Client, settings) -> None:
    settings.SUPPORT = {"whatsapp": "5492615550100", "email": "", "docs": ""}
    page = admin.get(reverse(SETUP)).text
    assert "https://wa.me/5492615550100" in page
    assert "mailto:" not in page
    assert "Documentación" not in page
