"""«Exportar» of the lists: for whoever may, at once or by the worker, and a file that only its owner gets."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin as panel
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import AuditEvent, User
from backoffice.common import worker
from backoffice.common.admin import PlainAdmin, SingletonAdmin
from backoffice.common.models import Export, Job
from backoffice.common.services import exports
from backoffice.common.tables import background, exporting, screens
from backoffice.common.tables.screens import Exportable
from backoffice.customers.models import Customer
from backoffice.customers.services import create_customer, update_customer
from backoffice.safekeeping.services import Reason, anonymise
from tests import samples
from tests.backoffice import desk
from tests.cast import ANA, LUCIA, MARIA
from tests.tables import ask, left, text_of

DOWNLOADS = "/panel/descargas/"


@pytest.fixture
def people(db: None) -> list[Customer]:
    """Three customers, one of them suspended."""
    made = [create_customer(name=name, phones=[]) for name in ("Ana Ruiz", "Lucía Paz", "María González")]
    update_customer(customer=made[1], status="suspended")
    return made


@pytest.fixture
def long(people: list[Customer], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[Customer]:
    """Two rows are already too many to leave at once; files are of this test."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(screens, "AT_ONCE", 2)
    monkeypatch.setattr(exporting, "CHUNK", 1)
    monkeypatch.setattr(background, "BETWEEN_NEWS", 0)
    return people


def files(tmp_path: Path) -> list[str]:
    return sorted(path.suffix for path in (tmp_path / "exportaciones").iterdir())


# --- at once -------------------------------------------------------------------------------------


def test_what_leaves_is_what_the_list_shows_in_the_columns_one_ticks(admin: Client, people: list[Customer]) -> None:
    assert [row[1] for row in left(admin, "customers_customer")] == ["nombre", *(one.name for one in people)]
    rows = left(admin, "customers_customer", columns=["nombre", "estado"], query={"status__exact": "suspended"})
    assert rows == [["nombre", "estado"], ["Lucía Paz", "Suspendido"]]
    assert left(admin, "customers_customer", columns=["nombre"], query={"q": "ruiz"}) == [["nombre"], ["Ana Ruiz"]]
    backwards = left(admin, "customers_customer", columns=["nombre"], query={"o": "-1"})
    assert [row[0] for row in backwards] == ["nombre", "María González", "Lucía Paz", "Ana Ruiz"]
    told = AuditEvent.objects.filter(kind="data").values_list("text", flat=True)
    assert sorted(set(told)) == ["Exportó 1 fila de clientes", "Exportó 3 filas de clientes"]


def test_without_columns_the_form_says_so_and_nothing_leaves(admin: Client, people: list[Customer]) -> None:
    page = ask(admin, "customers_customer", columns=[])
    assert "Elegí al menos una columna" in page.text
    assert not AuditEvent.objects.filter(kind="data").exists()


def test_the_list_offers_it_to_whoever_may(signed_in: Callable[..., Client], people: list[Customer]) -> None:
    """Agents see customers and take none along; a supervisor does, and the accounts too."""
    address = reverse("admin:customers_customer_export")
    for role, may in (("Agente", False), ("Ventas", False), ("Supervisor", True), ("Administración", True)):
        client = signed_in(role, username=role)
        assert (f'href="{address}' in client.get(reverse("admin:customers_customer_changelist")).text) is may, role
        assert client.get(address).status_code == (200 if may else 403), role
        assert ask(client, "customers_customer", columns=["nombre"]).status_code == (200 if may else 403), role


def test_every_list_of_the_panel_can_be_exported_and_costs_few_queries(
    admin: Client, people: list[Customer], django_assert_max_num_queries: Callable
) -> None:
    """But those of machines, and those that are one row."""
    screens_ = [one for one in panel.site._registry.values() if isinstance(one, PlainAdmin)]
    without = {one.opts.model_name for one in screens_ if not isinstance(one, Exportable | SingletonAdmin)}
    assert without == {"channel", "gateway", "calllog", "job", "outgoingmail", "trashitem"}
    for one in screens_:
        if isinstance(one, Exportable):
            with django_assert_max_num_queries(30):
                rows = left(admin, f"{one.opts.app_label}_{one.opts.model_name}")
            assert len(rows[0]) == len(set(rows[0])) > 1, one


# --- by the worker -------------------------------------------------------------------------------


def test_a_long_list_is_made_by_the_worker_and_goes_after_two_days(
    admin: Client, long: list[Customer], tmp_path: Path
) -> None:
    page = ask(admin, "customers_customer", columns=["nombre", "estado"])
    assert page["Location"] == DOWNLOADS
    assert AuditEvent.objects.filter(text="Exportó 3 filas de clientes").exists()
    shown = admin.get(DOWNLOADS)
    assert "0 de 3 (0 %)" in shown.text
    version = shown.context["version"]
    assert admin.get(f"{DOWNLOADS}vivo/", {"v": version}).status_code == 204
    export = Export.objects.get()
    assert admin.get(f"{DOWNLOADS}{export.pk}/").status_code == 404, "it is not ready"

    worker.work()
    assert "Bajar" in admin.get(f"{DOWNLOADS}vivo/", {"v": version}).text
    answer = admin.get(f"{DOWNLOADS}{export.pk}/")
    assert text_of(answer).splitlines()[1:] == ["Ana Ruiz;Activo", "Lucía Paz;Suspendido", "María González;Activo"]
    assert files(tmp_path) == [".csv"]

    Export.objects.update(created_at=timezone.now() - timedelta(hours=47))
    background.purge(timezone.now())
    assert files(tmp_path) == [".csv"]
    background.purge(timezone.now() + timedelta(hours=2))
    assert files(tmp_path) == []
    assert not Export.objects.exists()


def test_one_killed_half_way_begins_again_and_no_half_file_is_seen(
    admin: Client, long: list[Customer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(admin, "customers_customer", columns=["nombre"], formato="xlsx")
    news = background._News.__call__

    def killed(self: Any, done: int) -> None:
        news(self, done)
        if done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(background._News, "__call__", killed)
    with pytest.raises(KeyboardInterrupt):
        worker.work()
    assert files(tmp_path) == [".keys"]
    export = Export.objects.get()
    (tmp_path / "exportaciones" / f"{export.token}.xlsx.dead.part").write_text("what a process without power leaves")
    assert "2 de 3 (67 %)" in admin.get(DOWNLOADS).text
    monkeypatch.setattr(background._News, "__call__", news)
    Job.objects.update(lease_until=timezone.now())
    worker.work()
    export.refresh_from_db()
    assert files(tmp_path) == [".xlsx"]
    assert export.job.state == Job.State.DONE
    assert admin.get(f"{DOWNLOADS}{export.pk}/").getvalue().startswith(b"PK")


def test_one_that_is_cancelled_while_it_is_made_leaves_nothing(
    admin: Client, long: list[Customer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(admin, "customers_customer")
    news = background._News.__call__
    address = f"{DOWNLOADS}{Export.objects.get().pk}/borrar/"

    def cancelled(self: Any, done: int) -> None:
        if done == 1:
            assert "Exportación cancelada" in admin.post(address, follow=True).text
        news(self, done)

    monkeypatch.setattr(background._News, "__call__", cancelled)
    worker.work()
    assert Job.objects.get().state == Job.State.CANCELLED
    assert files(tmp_path) == []


def test_nobody_gets_what_another_asked_for_nor_what_they_may_no_longer_see(
    staff: Callable[..., User], long: list[Customer]
) -> None:
    owner, other = Client(), Client()
    user = staff("Supervisor")
    owner.force_login(user)
    other.force_login(staff("Administrador", username="otro"))
    ask(owner, "customers_customer")
    worker.work()
    export = Export.objects.get()
    address = f"{DOWNLOADS}{export.pk}/"
    assert owner.get(address).status_code == 200
    assert other.get(address).status_code == 404
    assert other.post(f"{address}borrar/").status_code == 404
    assert "Clientes" not in other.get(f"{DOWNLOADS}vivo/").text
    assert Client().get(address).status_code == 302
    user.groups.clear()
    assert owner.get(address).status_code == 403


def test_a_column_that_one_may_no_longer_see_keeps_the_file_closed(
    staff: Callable[..., User], long: list[Customer]
) -> None:
    """Whose port it is, for who may not see customers any more."""
    user, client = staff(), Client()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_napport", "view_customer"]))
    client.force_login(user)
    job = worker.start(kind=exports.KIND)
    common = {"owner": user, "table": "network.napport", "title": "puertos", "format": "csv", "clock": "UTC", "rows": 1}
    export = Export.objects.create(
        **common, job=job, columns=["caja", "cliente"], token="puertos", ready_at=timezone.now()
    )
    background.path_of(export).write_text("caja;cliente")
    assert client.get(f"{DOWNLOADS}{export.pk}/").status_code == 200
    user.user_permissions.set(Permission.objects.filter(codename="view_napport"))
    assert client.get(f"{DOWNLOADS}{export.pk}/").status_code == 403


def test_who_is_forgotten_is_in_no_file_that_waits(
    admin: Client, long: list[Customer], tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    channel = desk.open_for_business()
    chats = [desk.chat_of(channel, one) for one in (MARIA, LUCIA, ANA)]
    ask(admin, "conversations_contact")
    worker.work()
    ask(admin, "customers_customer")
    assert files(tmp_path) == [".csv", ".keys"]
    with django_capture_on_commit_callbacks(execute=True):
        by = User.objects.get(username="admin2")
        anonymise(contact=chats[0].contact, by=by, reason=Reason.ASKED, looked={})
    assert files(tmp_path) == []
    assert admin.get(DOWNLOADS).text.count("Se descartó porque podía nombrar a alguien que se anonimizó") == 2
    assert [admin.get(f"{DOWNLOADS}{one.pk}/").status_code for one in Export.objects.all()] == [404, 404]
    worker.work()
    assert files(tmp_path) == []


def test_one_that_is_being_made_while_somebody_is_forgotten_leaves_no_file(
    admin: Client, long: list[Customer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = exports.is_ready

    def too_late(**told: Any) -> None:
        exports.withdraw(exports=Export.objects.all(), why="Se descartó.")
        ready(**told)

    monkeypatch.setattr(exports, "is_ready", too_late)
    ask(admin, "customers_customer")
    worker.work()
    assert (files(tmp_path), Export.objects.get().ready_at) == ([], None)
    assert "Se descartó." in admin.get(DOWNLOADS).text


def test_one_that_had_failed_keeps_its_own_reason(admin: Client, long: list[Customer], tmp_path: Path) -> None:
    ask(admin, "customers_customer")
    background.remove_files([Export.objects.get().token])
    worker.work()
    exports.withdraw(exports=Export.objects.all(), why="Se descartó.")
    page = admin.get(DOWNLOADS).text
    assert "volvé a pedirla" in page
    assert "Se descartó." not in page


def test_nobody_keeps_the_worker_for_themselves(admin: Client, long: list[Customer], tmp_path: Path) -> None:
    for _ in range(exports.OPEN_AT_ONCE):
        assert ask(admin, "customers_customer").status_code == 302
    assert "Ya tenés 3 exportaciones en camino" in ask(admin, "customers_customer").text
    assert files(tmp_path) == [".keys"] * 3


def test_what_was_thrown_away_on_the_disk_is_told(admin: Client, long: list[Customer], tmp_path: Path) -> None:
    ask(admin, "customers_customer")
    export = Export.objects.get()
    background.remove_files([export.token])
    worker.work()
    assert "volvé a pedirla" in admin.get(DOWNLOADS).text
    Export.objects.update(ready_at=timezone.now())
    assert admin.get(f"{DOWNLOADS}{export.pk}/").status_code == 404


# --- templates and samples -----------------------------------------------------------------------


def test_a_template_has_the_columns_that_come_back_and_a_row_to_copy(admin: Client, db: None) -> None:
    address = reverse("admin:customers_customer_template")
    lines = admin.get(address).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "número de cliente;nombre;DNI o CUIT;correo;domicilio;zona;estado;teléfonos;notas"
    assert lines[1].startswith("000123;María González de Paz;27.345.678;")
    assert len(lines) == 2
    assert admin.get(address, {"formato": "xlsx"}).content.startswith(b"PK")


def test_only_who_imports_gets_the_template(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Supervisor")
    assert client.get(reverse("admin:customers_customer_template")).status_code == 403


@pytest.mark.once
def test_the_samples_of_the_manual_are_of_todays_columns() -> None:
    kept = {path.name: path.read_bytes().decode() for path in samples.folder().glob("*.csv")}
    assert kept == samples.sheets(), "write them again: make samples"


def test_the_manual_gives_its_samples_and_nothing_else(admin: Client, db: None) -> None:
    sent = admin.get("/panel/manual/muestras/clientes.csv")
    assert "María González de Paz" in sent.content.decode()
    assert admin.get("/panel/manual/muestras/otra.csv").status_code == 404
