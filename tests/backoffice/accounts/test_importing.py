"""People in and out of a spreadsheet; passwords never leave, and come back shown once."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from backoffice.accounts import services
from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.common.spreadsheets import neutral, plain, read_csv
from tests.tables import ask, text_of

IMPORT = "/panel/usuarios/importar/"
LINES = """usuario;nombre;apellido;email;celular;roles;estado
ana;Ana;Ruiz;ana@fibrasur.com.ar;2615550102;Operador + Agente;
juan;Juan;Pérez;;2615550101;técnico;deshabilitado
"""


@pytest.fixture
def boss(elena: User) -> Client:
    client = Client()
    client.force_login(elena)
    return client


def test_each_gets_a_password_for_the_first_time_only(boss: Client) -> None:
    page = boss.post(IMPORT, {"texto": LINES})
    assert "2 usuarios nuevos" in page.text
    ana = User.objects.get(username="ana")
    assert sorted(group.name for group in ana.groups.all()) == ["Agente", "Operador"]
    assert ana.must_change_password
    assert not User.objects.get(username="juan").is_active
    password = re.search(r"usuario ana, contraseña ([a-z0-9-]{14})", page.text)
    assert password is not None
    assert "contraseña" not in boss.get(IMPORT).text.replace("una contraseña para la primera vez", "")
    client = Client()
    client.post("/panel/login/", {"username": "ana", "password": password[1]})
    assert "Elegí tu contraseña" in client.get("/panel/").text


def test_a_file_of_excel_is_read_with_its_accents(boss: Client) -> None:
    file = SimpleUploadedFile("gente.csv", "usuario,nombre,roles\njuan,Martín,Técnico\n".encode("cp1252"))
    assert "1 usuario nuevo" in boss.post(IMPORT, {"file": file}).text
    assert User.objects.get(username="juan").first_name == "Martín"


def test_one_wrong_line_and_nobody_is_imported(boss: Client) -> None:
    text = LINES + "con espacios;X;Y;;;Operador;\nmarta;M;P;no-es-un-mail;;Operador;\nlucia;L;P;;;Jefa;\nelsa;E;P;;;;\n"
    page = boss.post(IMPORT, {"texto": text}).text
    assert "No se importó nada" in page
    for told in (
        "Renglón 4 (con espacios)",
        "Renglón 5 (marta)",
        "Renglón 6 (lucia): No existe el rol «Jefa».",
        "Renglón 7 (elsa): Falta el rol.",
    ):
        assert told in page
    assert not User.objects.filter(username="ana").exists()
    assert "marta;M;P" in page  # nothing of what was typed is lost


def test_who_has_a_user_is_left_as_they_are(boss: Client, ana: User) -> None:
    page = boss.post(IMPORT, {"texto": "usuario;nombre;roles\nANA;Otra;Administrador\nnueva;Nueva;Operador\n"}).text
    assert "Ya tenían usuario, y no se les cambió nada: ANA" in page
    ana.refresh_from_db()
    assert ana.first_name == "Ana"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "falta la columna «usuario»"),
        ("usuario;nombre\nana;Ana", "falta la columna «roles»"),
        ("usuario;roles\n", "Cargá entre 1 y"),
        ("usuario;roles;contraseña\nana;Operador;1234", "Sacá la columna de contraseñas"),
        ("usuario;roles\n\x00ana;=cmd", "No existe el rol «=cmd»"),
    ],
)
def test_what_is_no_list_of_people_is_told(boss: Client, text: str, told: str) -> None:
    assert told in boss.post(IMPORT, {"texto": text}).text


@pytest.mark.parametrize("data", [b"\xff\xfe\x81\x8d", b"x" * 1_000_001])
def test_a_file_that_is_no_text_is_told(boss: Client, data: bytes) -> None:
    answer = boss.post(IMPORT, {"file": SimpleUploadedFile("foto.png", data)})
    assert 'role="alert"' in answer.text


def test_nobody_imports_people_who_may_more(elena: User, ana: User) -> None:
    with pytest.raises(DomainError) as refused:
        services.import_people(text="usuario;roles\nnueva;Administrador\n", by=ana)
    assert "rol que puede más que vos" in refused.value.lines[0]
    assert not User.objects.filter(username="nueva").exists()


def test_what_is_exported_has_no_passwords_and_comes_back(boss: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(phone="+5492615550102", first_name="=1+1")
    text = text_of(ask(boss, "accounts_user"))
    assert "ana;'=1+1;Ruiz;;'+5492615550102;Operador;habilitado" in text
    assert "pbkdf2" not in text
    assert "md5" not in text
    again = boss.post(IMPORT, {"texto": text}).text
    assert "No había nadie nuevo" in again


@pytest.mark.parametrize("cell", ["=1+1", "+54", "-3", "@x", "\tx", "normal", "'ya", ""])
def test_a_cell_goes_and_comes_back(cell: str) -> None:
    assert not neutral(cell).startswith(("=", "+", "-", "@", "\t"))
    assert plain(neutral(cell)) == cell.strip() or cell.startswith("\t")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_columns_are_told_apart_by_what_the_first_line_uses(separator: str) -> None:
    assert read_csv(f"\ufeffa{separator}b\n1{separator}2\n\n") == [["a", "b"], ["1", "2"]]


def test_the_page_is_for_who_may_add_people(ana: User) -> None:
    client = Client()
    client.force_login(ana)
    assert client.get(reverse("admin:panel_import_people")).status_code == 403
    assert client.post(IMPORT, {"texto": LINES}).status_code == 403
