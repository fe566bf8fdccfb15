"""Who must choose a password, and what each role is for. Every address by every role: `tests/security/test_urls.py`."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.accounts.models import User
from backoffice.accounts.prepare import prepare
from tests.backoffice.panel.conftest import PASSWORD

CONFIGURATION = [
    "admin:company_company_changelist",
    "admin:company_holiday_changelist",
    "admin:panel_hours",
    "admin:accounts_user_changelist",
    "admin:channels_channel_changelist",
    "admin:panel_groups",
    "admin:agents_attentionsettings_changelist",
    "admin:panel_menus",
    "admin:panel_texts",
    "admin:catalog_plan_changelist",
    "admin:catalog_faq_changelist",
]


@pytest.mark.parametrize("name", CONFIGURATION)
@pytest.mark.parametrize("role", ["Supervisor", "Operador", "Agente"])
def test_only_administrators_configure(signed_in: Callable[..., Client], name: str, role: str) -> None:
    assert signed_in(role).get(reverse(name)).status_code == 403


def test_a_supervisor_sees_everything_and_uses_the_tools(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Supervisor")
    for name in ("index", "panel_chats", "panel_unanswered", "panel_tools", "tickets_ticket_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 200, name
    answer = client.post(reverse("admin:panel_change_mode"), {"modo": "emergencia"}, follow=True)
    assert "El bot está en Modo Emergencia" in answer.text


def test_an_operator_has_the_basic_dashboard_and_the_history_of_tickets(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Operador")
    dashboard = client.get(reverse("admin:index"))
    assert "Tickets abiertos" in dashboard.text
    assert "Consola en vivo" not in dashboard.text
    assert "Alertas del sistema" not in dashboard.text
    for name in ("tickets_ticket_changelist", "panel_sessions"):
        assert client.get(reverse(f"admin:{name}")).status_code == 200, name
    for name in (
        "panel_console",
        "panel_chats",
        "panel_tools",
        "customers_customer_changelist",
        "billing_invoice_changelist",
    ):
        assert client.get(reverse(f"admin:{name}")).status_code == 403, name


def test_the_sidebar_shows_only_what_the_role_opens(signed_in: Callable[..., Client]) -> None:
    page = signed_in("Operador").get(reverse("admin:index")).text
    assert reverse("admin:tickets_ticket_changelist") in page
    assert reverse("admin:panel_menus") not in page
    assert reverse("admin:accounts_user_changelist") not in page


def test_the_first_admin_can_only_choose_a_password(client: Client, db: None) -> None:
    prepare()
    client.post(reverse("admin:login"), {"username": "admin", "password": "admin"})
    for url in (reverse("admin:index"), reverse("admin:panel_menus"), "/panel/no-existe/", "/"):
        assert "Elegí tu contraseña" in client.get(url).text, url
    assert "Elegí tu contraseña" in client.post(reverse("admin:panel_change_mode"), {"modo": "parado"}).text


def test_after_choosing_it_the_old_one_fails(client: Client, db: None) -> None:
    prepare()
    client.post(reverse("admin:login"), {"username": "admin", "password": "admin"})
    change = reverse("admin:forced_password_change")
    same = client.post(change, {"new_password1": "admin", "new_password2": "admin"})
    assert "distinta de la que te dieron" in same.text
    weak = client.post(change, {"new_password1": "12345678", "new_password2": "12345678"})
    assert "Elegí tu contraseña" in weak.text
    done = client.post(change, {"new_password1": PASSWORD, "new_password2": PASSWORD}, follow=True)
    assert "ya tenés tu propia contraseña" in done.text
    assert "Tablero" in done.text
    client.logout()
    assert (
        "Credenciales inválidas" in client.post(reverse("admin:login"), {"username": "admin", "password": "admin"}).text
    )


def test_preparing_again_changes_nothing(db: None) -> None:
    prepare()
    user = User.objects.get(username="admin")
    user.set_password(PASSWORD)
    user.must_change_password = False
    user.save()
    prepare()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not user.must_change_password
    assert User.objects.count() == 1


def test_a_new_user_chooses_their_password_and_may_enter(admin: Client, client: Client) -> None:
    roles = admin.get(reverse("admin:accounts_user_add")).context["adminform"].form.fields["groups"].queryset
    data = {
        "username": "juan",
        "first_name": "Juan",
        "last_name": "Pérez",
        "email": "",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    answer = admin.post(
        reverse("admin:accounts_user_add"), data | {"groups": [roles.get(name="Agente").pk]}, follow=True
    )
    assert "Se agregó" in answer.text
    juan = User.objects.get(username="juan")
    assert juan.is_staff
    assert juan.must_change_password
    assert [group.name for group in juan.groups.all()] == ["Agente"]


def test_a_user_without_a_role_is_refused(admin: Client) -> None:
    data = {"username": "juan", "password1": PASSWORD, "password2": PASSWORD}
    answer = admin.post(reverse("admin:accounts_user_add"), data)
    assert "Elegí al menos un rol" in answer.text
    assert not User.objects.filter(username="juan").exists()
