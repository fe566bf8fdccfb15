"""Who may what: nobody gives what they do not have, locks themselves out or leaves the house without a master."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.accounts import services
from backoffice.accounts.models import AuditEvent, User
from backoffice.accounts.selectors import granted
from backoffice.common.errors import DomainError
from tests.backoffice.accounts.conftest import PASSWORD, permission, role


def save(user: User, by: User | None, *roles: str, extra: tuple[str, ...] = ()) -> User:
    return services.save_user(
        user=user, roles=[role(name) for name in roles], extra=[permission(code) for code in extra], by=by
    )


def test_roles_add_up_and_an_extra_permission_comes_on_top(elena: User, ana: User) -> None:
    save(ana, elena, "Operador", "Agente", extra=("catalog.view_plan",))
    told = granted(ana)
    assert told["tickets.view_ticket"] == ["Operador", "Agente"]
    assert told["tickets.take_ticket"] == ["Agente"]
    assert told["catalog.view_plan"] == ["Permiso extra"]
    assert "company.change_company" not in told


def test_nobody_gives_what_they_do_not_have(elena: User, ana: User, juan: User) -> None:
    save(ana, elena, "Operador", extra=("accounts.change_user", "accounts.view_user"))
    ana = User.objects.get(pk=ana.pk)
    with pytest.raises(DomainError, match="rol que puede más que vos"):
        save(User.objects.create_user("nueva"), ana, "Supervisor")
    with pytest.raises(DomainError, match="permisos que vos no tenés"):
        save(User.objects.create_user("otra"), ana, "Operador", extra=("company.change_company",))
    with pytest.raises(DomainError, match="rol que puede más"):
        save(ana, ana, "Operador", "Administrador", extra=("accounts.change_user", "accounts.view_user"))
    with pytest.raises(DomainError, match="solo otro administrador"):
        save(juan, ana, "Operador")
    assert save(User.objects.create_user("tercera"), ana, "Operador").groups.count() == 1


def test_who_may_more_is_out_of_reach_also_by_the_pages(elena: User, ana: User) -> None:
    """Whoever could set an administrator's password would be one."""
    save(ana, elena, "Operador", extra=("accounts.change_user", "accounts.view_user"))
    client = Client()
    client.force_login(User.objects.get(pk=ana.pk))
    password = reverse("admin:auth_user_password_change", args=[elena.pk])
    assert client.get(password).status_code == 403
    assert client.post(password, {"password1": "x" * 12, "password2": "x" * 12}).status_code == 403
    assert client.post(reverse("admin:accounts_user_change", args=[elena.pk]), {"username": "mia"}).status_code == 403
    unlock = client.post(reverse("admin:panel_unlock_user", args=[elena.pk]), follow=True)
    assert "solo otro administrador" in unlock.text
    reset = client.post(reverse("admin:panel_reset_factor", args=[elena.pk]), follow=True)
    assert "solo otro administrador" in reset.text


def test_the_last_administrator_stays(elena: User, ana: User) -> None:
    save(ana, elena, "Operador", extra=("accounts.change_user",))
    elena.is_active = False
    with pytest.raises(DomainError, match="último Administrador"):
        save(elena, None, "Administrador")
    elena.refresh_from_db()
    with pytest.raises(DomainError, match="último Administrador"):
        save(elena, None, "Operador")
    save(ana, elena, "Administrador")
    save(elena, ana, "Operador")
    assert not elena.groups.filter(name="Administrador").exists()


def test_nobody_locks_themselves_out(elena: User, ana: User) -> None:
    save(ana, elena, "Administrador")
    elena.is_active = False
    with pytest.raises(DomainError, match="tu propio usuario"):
        save(elena, elena, "Administrador")
    elena.refresh_from_db()
    with pytest.raises(DomainError, match="perderías el acceso"):
        save(elena, elena, "Supervisor")
    save(elena, elena, "Administrador", "Agente")


def test_what_is_refused_changes_nothing_and_is_told_at_the_field(admin: Client, elena: User) -> None:
    User.objects.filter(username="admin2").update(is_superuser=False)
    other = User.objects.get(username="admin2")
    client = Client()
    client.force_login(elena)
    save(other, elena, "Supervisor")
    url = reverse("admin:accounts_user_change", args=[elena.pk])
    data = {"username": "elena", "first_name": "Elena", "groups": [role("Supervisor").pk], "is_active": "on"}
    answer = client.post(url, data | {"shifts-TOTAL_FORMS": "0", "shifts-INITIAL_FORMS": "0"})
    assert "perderías el acceso a Usuarios" in str(answer.context["adminform"].form.errors["groups"])
    assert elena.groups.get().name == "Administrador"


def test_a_disabled_person_is_out_at_once_and_cannot_enter(elena: User, ana: User) -> None:
    client = Client()
    client.post("/panel/login/", {"username": "ana", "password": PASSWORD})
    assert client.get(reverse("admin:index")).status_code == 200
    ana.is_active = False
    save(ana, elena, "Operador")
    assert "Tu usuario está deshabilitado" in client.get(reverse("admin:index"), follow=True).text
    assert "Credenciales" in client.post("/panel/login/", {"username": "ana", "password": PASSWORD}).text
    assert AuditEvent.objects.filter(text="Deshabilitó a Ana Ruiz", who=elena).exists()


def test_only_who_never_entered_is_deleted(elena: User, ana: User, juan: User) -> None:
    services.delete_user(user=ana, by=elena)
    User.objects.filter(pk=juan.pk).update(last_login="2026-11-24T10:00:00Z")
    with pytest.raises(DomainError, match="Deshabilitalo"):
        services.delete_user(user=User.objects.get(pk=juan.pk), by=elena)
    with pytest.raises(DomainError, match="tu propio usuario"):
        services.delete_user(user=elena, by=elena)


def test_a_password_that_an_administrator_gives_must_be_changed(elena: User, ana: User) -> None:
    inside, admin = Client(), Client()
    inside.post("/panel/login/", {"username": "ana", "password": PASSWORD})
    admin.force_login(elena)
    url = reverse("admin:auth_user_password_change", args=[ana.pk])
    page = admin.get(url).text
    assert 'data-strength="ana,Ana,Ruiz"' in page
    assert admin.post(url, {"password1": "cuatro-perros-9", "password2": "cuatro-perros-9"}).status_code == 302
    assert "Ingresá con la nueva" in inside.get(reverse("admin:index"), follow=True).text
    inside.post("/panel/login/", {"username": "ana", "password": "cuatro-perros-9"})
    assert "Elegí tu contraseña" in inside.get(reverse("admin:index")).text
    assert AuditEvent.objects.filter(kind="password", who=elena, about="Ana Ruiz").exists()


def test_one_s_own_is_changed_where_the_old_one_is_asked(elena: User) -> None:
    client = Client()
    client.force_login(elena)
    answer = client.get(reverse("admin:auth_user_password_change", args=[elena.pk]))
    assert answer["Location"] == reverse("admin:password_change")


PRESETS = {
    "Ventas": {
        "may": ["panel_chats", "tickets_ticket_changelist", "catalog_plan_changelist", "customers_customer_changelist"],
        "may_not": ["billing_invoice_changelist", "panel_tools", "company_company_changelist", "panel_menus"],
    },
    "Operaciones": {
        "may": ["customers_customer_add", "catalog_zone_changelist", "panel_health", "common_job_changelist"],
        "may_not": ["billing_invoice_changelist", "panel_tools", "accounts_user_changelist"],
    },
    "Técnico": {
        "may": ["tickets_ticket_changelist", "customers_customer_changelist"],
        "may_not": ["panel_chats", "billing_invoice_changelist", "customers_customer_add", "panel_health"],
    },
    "Administración": {
        "may": ["billing_invoice_add", "customers_customer_changelist", "notices_gatewaynotice_changelist"],
        "may_not": ["panel_tools", "company_company_changelist", "accounts_user_changelist", "panel_menus"],
    },
    "Supervisor": {
        "may": ["panel_tools", "panel_chats", "panel_health"],
        "may_not": ["company_company_changelist", "accounts_auditevent_changelist", "panel_staff_sessions"],
    },
    "Operador": {"may": ["tickets_ticket_changelist", "panel_sessions"], "may_not": ["panel_chats", "panel_tools"]},
}


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_opens_its_work_and_nothing_else(signed_in: Callable[..., Client], name: str) -> None:
    client = signed_in(name)
    assert client.get(reverse("admin:index")).status_code == 200
    for page in PRESETS[name]["may"]:
        assert client.get(reverse(f"admin:{page}")).status_code == 200, page
    for page in PRESETS[name]["may_not"]:
        assert client.get(reverse(f"admin:{page}")).status_code == 403, page


def test_every_role_is_told_in_words_on_the_form(admin: Client, ana: User) -> None:
    page = admin.get(reverse("admin:accounts_user_change", args=[ana.pk])).text
    for told in ("Técnico: trabaja en la calle", "Administración: lleva las cuentas", "Supervisor: ve todos los datos"):
        assert told in page
    assert "codename" not in page


def test_extra_permissions_are_chosen_in_words_by_screen(admin: Client, elena: User, ana: User) -> None:
    url = reverse("admin:accounts_user_change", args=[ana.pk])
    page = admin.get(url).text
    assert "<summary>Planes de Internet" in page
    assert "Cambiar planes de Internet" in page
    assert "view_plan" not in page
    data = {"username": "ana", "groups": [role("Operador").pk], "is_active": "on"}
    data |= {"shifts-TOTAL_FORMS": "0", "shifts-INITIAL_FORMS": "0"}
    assert admin.post(url, data | {"user_permissions": [permission("catalog.view_plan").pk]}).status_code == 302
    assert "catalog.view_plan" in granted(ana)
    assert AuditEvent.objects.get(kind="role").text == "Le dio a ana el permiso extra «Ver planes de Internet»"


def test_what_they_may_tells_where_each_thing_comes_from(elena: User, ana: User, admin: Client) -> None:
    save(ana, elena, "Operador", extra=("catalog.view_plan",))
    page = admin.get(reverse("admin:panel_what_they_may", args=[ana.pk])).text
    assert "Qué puede hacer Ana Ruiz" in page
    for told in ("Ver tickets", "Permiso extra", "Ver planes de Internet", "No puede abrir:"):
        assert told in page
    own = Client()
    own.force_login(ana)
    assert own.get(reverse("admin:panel_what_they_may", args=[ana.pk])).status_code == 200
    assert own.get(reverse("admin:panel_what_they_may", args=[elena.pk])).status_code == 403
