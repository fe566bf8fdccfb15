"""Plans, zones, promotions and questions go to a spreadsheet and come back (CSV; XLSX where openpyxl is)."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.accounts.models import AuditEvent
from backoffice.catalog.models import Faq, Plan, Promotion, Zone
from backoffice.catalog.services import save_plan
from backoffice.catalog.tables import FaqResource, PlanResource, PromotionResource, ZoneResource
from backoffice.common.errors import DomainError
from backoffice.common.models import ConfigRevision
from backoffice.common.spreadsheets import neutral, plain
from tests.backoffice.sheets import applied, bring, counts, excel, imported, last
from tests.tables import exported, left

HEADER = "nombre;precio mensual;bajada Mbps;subida Mbps;ideal para;zonas;activo\n"


def sent(admin: Client, text: str, model: str = "plan", *, encoding: str = "utf-8"):
    """The page that shows what the file would do."""
    return bring(admin, f"catalog_{model}", text.encode(encoding))


def test_a_file_is_shown_first_and_kept_when_it_is_confirmed(admin: Client, centro, fibra):
    text = f"{HEADER}Fibra 100MB;$ 19.900,50;100;50;;;sí\nFibra 300MB;24900;300;150;Gaming;Centro;no\n"
    sent(admin, text)
    assert not Plan.objects.filter(name="Fibra 300MB").exists()
    applied(admin, last())
    fibra.refresh_from_db()
    new = Plan.objects.get(name="Fibra 300MB")
    assert fibra.price == Decimal("19900.50")
    assert (new.active, list(new.zones.all()), new.ideal_for) == (False, [centro], "Gaming")


def test_what_a_file_changes_goes_through_the_same_verbs_and_is_told(admin: Client, centro, norte, fibra):
    """One line of history a row with its zones and who did it, in force together, and audited; so is what leaves."""
    before = ConfigRevision.current()
    text = f"{HEADER}Fibra 100MB;19900;100;50;;Centro;sí\nFibra 300MB;24900;300;150;;Centro, Norte;sí\n"
    imported(admin, "catalog_plan", text)
    for name, kind, zones in (("Fibra 100MB", "~", 1), ("Fibra 300MB", "+", 2)):
        line = Plan.objects.get(name=name).history.latest("history_id")
        assert (line.history_type, str(line.history_user), line.zones.count()) == (kind, "Elena Soto", zones)
    assert Plan.objects.get(name="Fibra 300MB").history.count() == 1
    after = ConfigRevision.current()
    assert after > before
    sent(admin, f"{HEADER}Fibra 100MB;1;100;50;;;sí\n")  # looked at, and not confirmed
    assert ConfigRevision.current() == after
    left(admin, "catalog_plan")
    told = list(AuditEvent.objects.filter(kind="data").values_list("text", "who__username")[:2])
    assert told == [
        ("Exportó 2 filas de planes de Internet", "admin2"),
        ("Importó planes de Internet de «planilla.csv»: 1 filas nuevas y 1 cambiadas", "admin2"),
    ]


def test_what_a_verb_refuses_is_the_error_of_its_row(admin: Client, fibra, monkeypatch):
    def refuse(**_):
        raise DomainError("Ese plan no se toca.")

    monkeypatch.setattr("backoffice.catalog.services.save_plan", refuse)
    assert "Ese plan no se toca." in sent(admin, f"{HEADER}Fibra 100MB;1;100;50;;;sí\n").text


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Fibra 1GB;mucho;1000;500;;;sí", "«mucho» no es un importe"),
        ("Fibra 1GB;1000;1000;500;;Marte;sí", "No existe «Marte»"),
        ("Fibra 1GB;1000;1000;500;;;capaz", "tiene que ser sí o no"),
        ("Fibra 1GB;-5;1000;500;;;sí", "mayor o igual"),
        ("Fibra 1GB;1000;0;500;;;sí", "mayor o igual"),
    ],
)
def test_a_wrong_row_says_why_and_the_others_are_kept(admin: Client, fibra, line, reason):
    answer = sent(admin, f"{HEADER}Fibra 300MB;24900;300;150;;;sí\n{line}\n")
    assert reason in answer.text
    assert counts(applied(admin, last())) == (1, 0, 0, 1)
    assert {plan.name for plan in Plan.objects.all()} == {"Fibra 100MB", "Fibra 300MB"}


def test_a_file_that_is_no_table_of_plans_is_refused(admin: Client):
    assert "Falta la columna «nombre»" in sent(admin, "precio mensual;activo\n1;sí\n").text


def test_columns_are_known_with_commas_and_without_accents(admin: Client, db):
    imported(admin, "catalog_zone", "Nombre,COBERTURA\nCentro,sin cobertura\nNorte,\n")
    assert {zone.name: zone.coverage for zone in Zone.objects.all()} == {"Centro": "no", "Norte": "yes"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_leaves_comes_back_the_same(admin: Client, centro, norte, fibra, comercio, kind):
    save_plan(plan=comercio, zones=[centro, norte])
    Faq.objects.create(area="sales", category="Costos", question="¿Cuánto?", answer="=1+1\nsí", position=1)
    Promotion.objects.create(name="2x1", installation_discount=Decimal("10.50"), starts_on="2026-11-24")
    for resource in (ZoneResource, PlanResource, PromotionResource, FaqResource):
        table = exported(resource())
        data = excel([table.headers, *table]) if kind == "xlsx" else table.export("csv").encode()
        bring(admin, f"catalog_{resource._meta.model._meta.model_name}", data, name=f"x.{kind}")
        assert counts(last()) == (0, 0, len(table), 0), resource


def test_no_cell_is_run_by_a_spreadsheet(admin: Client, db):
    Plan.objects.create(name="=HYPERLINK(1)", price=1, download=1, upload=1, ideal_for="@cmd")
    assert left(admin, "catalog_plan")[1][:5] == ["'=HYPERLINK(1)", "1,00", "1", "1", "'@cmd"]
    assert plain(neutral("-x")) == "-x"


@pytest.mark.parametrize("role", ["Supervisor", "Operador", "Agente"])
def test_only_who_configures_imports_and_exports(signed_in, role):
    client = signed_in(role)
    for what in ("import", "export"):
        assert client.get(reverse(f"admin:catalog_plan_{what}")).status_code == 403


def test_questions_of_a_file_go_last_in_its_order(admin: Client, db):
    text = "área;categoría;pregunta;respuesta\nVentas;Costos;¿A?;Sí\nVentas;Costos;¿B?;No\n"
    imported(admin, "catalog_faq", text)
    assert [(faq.question, faq.position, faq.active) for faq in Faq.objects.all()] == [
        ("¿A?", 1, True),
        ("¿B?", 2, True),
    ]


def test_an_export_of_a_filter_that_nobody_has_is_of_everything(admin: Client, fibra):
    address = reverse("admin:catalog_plan_export")
    answer = admin.get(address, {"unknown": "x"})
    assert (answer.status_code, answer["Location"]) == (302, address)
