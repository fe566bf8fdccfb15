"""«Copias de seguridad» in the panel: the list is the folder, and each thing asks for its own permission."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import AuditEvent
from backoffice.common.models import Job
from backoffice.safekeeping.backups import folder, status
from backoffice.safekeeping.backups.status import Restoration
from backoffice.safekeeping.models import BackupSettings
from tests.backoffice.safekeeping.backups.copies import kept

LIST = reverse("admin:panel_backups")


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "copias"
    return settings.BACKUP_DIR


def url(verb: str, name: str = "mostrador-1.tar") -> str:
    return reverse(f"admin:panel_{verb}_backup", args=[name])


def page(client, address: str = LIST) -> str:
    return client.get(address).content.decode()


def test_an_empty_folder_says_what_to_do(admin):
    told = page(admin)
    assert "La carpeta está vacía" in told
    assert "Hacer una copia ahora" in told
    assert "SECRET_KEY" in told


def test_the_list_is_what_the_folder_has(admin, place):
    kept("mostrador-1.tar", by="Ana Pérez")
    (place / "rota.tar").write_bytes(b"nada")
    told = page(admin)
    for words in ("mostrador-1.tar", "FibraSur", "la pidió Ana Pérez", "Verificada", "Tickets con su historial: 12"):
        assert words in told
    assert "Dañada" in told
    assert url("restore", "rota.tar") not in told


def test_making_one_shows_how_far_it_is(admin):
    assert admin.post(reverse("admin:panel_make_backup"), follow=True).status_code == 200
    Job.objects.update(
        payload={"done": 30, "total": 120}, steps=[{"text": "Copiando los archivos", "state": "running"}]
    )
    told = page(admin, reverse("admin:panel_backups_live"))
    assert "Copiando los archivos: 25 %" in told
    assert "hx-trigger" in told
    Job.objects.update(state="done")
    assert "hx-trigger" not in page(admin, reverse("admin:panel_backups_live"))


def test_one_that_could_not_be_made_says_why_until_another_is(admin):
    made = {"kind": "backup", "owner": "worker"}
    Job.objects.create(**made, state="failed", error="No hay lugar para la copia.", finished_at=timezone.now())
    assert "No hay lugar para la copia." in page(admin)
    Job.objects.create(**made, state="done", finished_at=timezone.now())
    assert "No hay lugar para la copia." not in page(admin)


def test_downloading_gives_the_file_and_is_audited(admin):
    copy = kept("mostrador-1.tar")
    answer = admin.post(url("download"))
    assert b"".join(answer.streaming_content) == copy.path.read_bytes()
    assert AuditEvent.objects.filter(text="Descargó la copia de seguridad mostrador-1.tar").exists()
    assert admin.get(url("download")).status_code == 405


def test_removing_takes_it_away(admin, django_capture_on_commit_callbacks):
    kept("mostrador-1.tar"), kept("mostrador-2.tar")
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(url("remove"))
    assert [copy.name for copy in folder.copies()] == ["mostrador-2.tar"]


def test_restoring_says_what_is_lost_and_asks_for_the_word(admin, django_capture_on_commit_callbacks):
    kept("mostrador-1.tar")
    told = page(admin, url("restore"))
    assert "Modo Parado" in told
    assert "<td>12</td>" in told
    told = admin.post(url("restore"), {"palabra": "bueno"}).content.decode()
    assert "Para confirmar escribí RESTAURAR" in told
    assert 'value="bueno"' in told
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(url("restore"), {"palabra": "RESTAURAR"}).headers["Location"] == LIST
    assert Job.objects.get(kind="restore_backup").state == "pending"
    assert "Por restaurar mostrador-1.tar" in page(admin)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("running", "No trabajes en el panel mientras tanto"),
        ("done", "Volvieron 3 tablas"),
        ("failed", "Los datos quedaron como estaban"),
        ("cut", "se cortó"),
    ],
)
@pytest.mark.once
def test_how_a_restoration_went_is_told_whatever_became_of_the_session(admin, state, words):
    asked = Restoration(
        "t", "mostrador-1.tar", "Ana", timezone.now(), step="Verificando", lines=("Volvieron 3 tablas.",)
    )
    folder.folder()
    if state == "running":
        status.write(asked)
        with folder.alone(folder.folder()):
            status.write(replace(asked, state="running"))
            assert words in page(admin)
        return
    status.write(replace(asked, state="running")) if state == "cut" else status.ended(asked, state, lines=asked.lines)
    assert words in page(admin)


def test_a_copy_that_is_not_there_is_not_found(admin):
    assert admin.get(url("restore")).status_code == 404
    assert admin.post(url("download", "..tar")).status_code == 404


def test_only_an_administrator_gets_near(signed_in):
    kept("mostrador-1.tar")
    supervisor = signed_in("Supervisor")
    assert supervisor.get(LIST).status_code == 403
    for verb in ("download", "remove", "restore", "check"):
        assert supervisor.post(url(verb)).status_code == 403


def test_the_settings_are_kept_with_their_history_and_audited(admin):
    address = reverse("admin:safekeeping_backupsettings_change", args=[BackupSettings.load().pk])
    typed = {"frequency": "semanal", "at": "04:30", "keep": "0", "include_media": "on"}
    assert "mayor o igual a 1" in admin.post(address, typed).content.decode()
    admin.post(address, typed | {"keep": "8"})
    chosen = BackupSettings.load()
    assert (chosen.frequency, f"{chosen.at:%H:%M}", chosen.keep) == ("semanal", "04:30", 8)
    assert chosen.history.count() >= 1
    assert AuditEvent.objects.filter(text__contains="a las 04:30, se guardan 8").exists()
    assert "Semanal (los domingos), a las 04:30" in page(admin)


@pytest.mark.once
def test_the_page_asks_the_same_whatever_is_in_the_folder(admin):
    kept("mostrador-0.tar")
    page(admin)
    with CaptureQueriesContext(connection) as few:
        page(admin)
    for number in range(1, 6):
        kept(f"mostrador-{number}.tar", timezone.now() - timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        page(admin)
    assert len(many) <= len(few)
