"""SC-37 and SC-38 on the screens: a fresh install, its first password, what is typed wrong, and the count."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts import prepare as accounts
from backoffice.catalog import prepare as catalog
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.company.models import Company
from backoffice.connections.models import Connection
from backoffice.panel.setup.registry import STEPS
from backoffice.safekeeping.services import plan_backup
from tests.backoffice.company.test_logo import picture
from tests.backoffice.connections.conftest import FINE, TOKEN
from tests.backoffice.panel.conftest import PASSWORD
from tests.backoffice.sheets import imported
from tests.outside import Outside

MB = 1024 * 1024


@pytest.fixture
def owner(db: None) -> Client:
    """Whoever installed it, at the door with admin / admin."""
    accounts.prepare()
    catalog.prepare()
    client = Client()
    client.post(reverse("admin:login"), {"username": "admin", "password": "admin"})
    return client


def _done(owner: Client) -> int:
    return int(owner.get(reverse("admin:panel_setup")).context["progress"].done)


def _company(owner: Client, size: int) -> Any:
    """The form sent with a logo of that size."""
    url = reverse("admin:company_company_change", args=[Company.load().pk])
    initial = owner.get(url).context["adminform"].form.initial
    data = {name: value for name, value in initial.items() if value not in (None, False, "") and name != "logo"}
    logo = SimpleUploadedFile("logo.png", picture("PNG", padding=size), content_type="image/png")
    return owner.post(url, data | {"name": "FibraSur", "phone": "261 555-0100", "logo": logo})


def _mikrowisp(owner: Client, outside: Outside) -> None:
    """«Probar conexión» with a key that is refused, and with the good one, which is kept."""
    done, tries = _done(owner), reverse("admin:panel_try_connection")
    typed = {"name": "MikroWisp", "enabled": "on", "base_url": outside.url, "token": "no-es-esta", "timeout": "5"}
    outside.answers({"estado": "error", "mensaje": "Token incorrecto"})
    asked = {"kind": "isp", "provider": "mikrowisp"}
    assert "no acepta la clave" in owner.post(tries, asked | typed).text
    outside.answers(FINE)
    assert "acepta la clave" in owner.post(tries, asked | typed | {"token": TOKEN}).text
    assert _done(owner) == done
    owner.post(reverse("admin:panel_add_connection", args=["isp", "mikrowisp"]), typed | {"token": TOKEN})
    owner.post(reverse("admin:panel_test_connection", args=[Connection.objects.get().pk]))
    assert _done(owner) == done + 1


def test_from_admin_admin_to_ready_with_what_was_typed_wrong_refused_on_the_way(
    owner: Client, outside: Outside
) -> None:
    assert "Elegí tu contraseña" in owner.get(reverse("admin:panel_setup")).text
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    arrived = owner.post(reverse("admin:forced_password_change"), chosen, follow=True)
    assert f"Listo para operar: 1/{len(STEPS)}" in arrived.text

    refused = _company(owner, 6 * MB)
    assert "máximo 5MB" in refused.text
    assert 'value="261 555-0100"' in refused.text
    assert _done(owner) == 1
    assert _company(owner, 4 * MB).status_code == 302
    assert _done(owner) == 2

    hours = reverse("admin:panel_hours")
    assert "no es una hora válida" in owner.post(hours, {"abre-0": ["8:0"], "cierra-0": ["12:00"]}).text
    pairs = {"abre-0": ["08:00", "11:00"], "cierra-0": ["12:00", "18:00"]}
    assert "se superponen" in owner.post(hours, pairs).text
    owner.post(hours, pairs | {"abre-0": ["08:00", "14:00"]})
    assert _done(owner) == 3

    add = reverse("admin:company_holiday_add")
    assert "no hay un mes 13" in owner.post(add, {"date": "2024-13-01", "name": "Nada"}).text
    national = reverse("admin:panel_national_holidays")
    next_year = owner.get(national, {"anio": owner.get(national).context["years"][1]})
    owner.post(national, {"dia": [day.date.isoformat() for day in next_year.context["days"]]})
    assert _done(owner) == 4

    imported(owner, "catalog_zone", "nombre;cobertura\nCentro;con cobertura\n")
    plan = {"name": "Fibra 100", "price": "18500", "download": "100", "upload": "50", "active": "on"}
    assert owner.post(reverse("admin:catalog_plan_add"), plan).status_code == 302
    assert _done(owner) == 6

    assert "el costo de instalación, que una respuesta nombra" in owner.get(reverse("admin:panel_setup")).text
    sales = reverse("admin:catalog_salessettings_change", args=[1])
    owner.get(reverse("admin:catalog_salessettings_changelist"))
    typed = {"installation_cost": "5000", "no_coverage_message": "Por ahora no llegamos a {zona}."}
    assert owner.post(sales, typed).status_code == 302
    _mikrowisp(owner, outside)
    plan_backup(now=timezone.now())  # as the worker does in its first minute
    for key in ("team", "customers"):  # attended from the panel, with no customer yet
        owner.post(reverse("admin:panel_setup_skip", args=[key]))
    assert "Falta un solo paso" in owner.get(reverse("admin:panel_setup")).text

    number = Channel.objects.create(name="Atención", kind=Channel.Kind.SIMULATOR)
    ChannelStatus.objects.create(channel=number, state="connected", number="5492615550000")
    assert "¡Todo listo!" in owner.get(reverse("admin:panel_setup")).text
