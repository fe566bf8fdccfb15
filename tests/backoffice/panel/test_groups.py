"""Main groups, agents and their seats, as the manual tells them."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.backoffice import desk
from tests.cast import ANA, JUAN, LUCIA, MARIA


def test_the_three_cards_begin_unconfigured_and_a_group_is_asked_for(admin: Client) -> None:
    desk.open_for_business()
    page = admin.get(reverse("admin:panel_groups")).text
    assert page.count("❌ No configurado") == 3
    for button in ("Crear Grupo de Soporte", "Crear Grupo de Ventas", "Crear Grupo de Supervisor"):
        assert button in page
    assert "🎫 Soporte - I-Bot" in page
    data = {"kind": "support", "name": "🎫 Soporte - FibraSur"}
    assert "⏳ Creando…" in admin.post(reverse("admin:panel_create_group"), data, follow=True).text


def test_a_vague_name_is_refused_at_its_card(admin: Client) -> None:
    desk.open_for_business()
    answer = admin.post(reverse("admin:panel_create_group"), {"kind": "support", "name": "Grupo 1"})
    assert "que diga para qué es" in answer.text
    assert 'value="Grupo 1"' in answer.text


def test_an_agent_is_created_and_their_steps_show(admin: Client) -> None:
    desk.open_for_business()
    data = {"name": "Juan Pérez", "phone": "2615550101", "group_count": "3", "active": "1"}
    page = admin.post(reverse("admin:panel_create_agent"), data, follow=True).text
    assert "Paso 1/4" in page
    assert "Falta que responda LISTO" in page
    again = admin.post(reverse("admin:panel_create_agent"), data).text
    assert "Ya hay un agente con ese número" in again


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "12"), ("name", ""), ("group_count", "0"), ("group_count", "x")]
)
def test_a_wrong_agent_is_refused_with_what_was_typed(admin: Client, field: str, value: str) -> None:
    desk.open_for_business()
    data = {"name": "Juan Pérez", "phone": "2615550101", "group_count": "3", "active": "1"} | {field: value}
    page = admin.post(reverse("admin:panel_create_agent"), data)
    assert page.context["errors"].keys() == {field}
    assert page.context["typed"]["phone"] == data["phone"]


def test_an_agent_gets_more_groups_fewer_and_rests(admin: Client) -> None:
    juan = desk.agent(desk.open_for_business(), JUAN, groups=2)
    url = reverse("admin:panel_change_agent", args=[juan.pk])
    data = {"name": "Juan Pérez", "phone": JUAN.key, "active": "0"}
    admin.post(url, data | {"group_count": "3"})
    juan.refresh_from_db()
    assert (juan.group_count, juan.active, juan.groups.count()) == (3, False, 3)
    admin.post(url, data | {"group_count": "1", "active": "1"})
    assert juan.groups.exclude(state="retired").count() == 1


def test_lowering_below_the_open_cases_is_refused_whole(admin: Client) -> None:
    channel = desk.open_for_business()
    juan = desk.agent(channel, JUAN, groups=2)
    for person in (MARIA, LUCIA):
        admin.post(
            reverse("admin:panel_move_ticket", args=[desk.case(desk.chat_of(channel, person)).pk]),
            {"a": f"agente:{juan.pk}"},
        )
    data = {"name": "Otro Nombre", "phone": JUAN.key, "group_count": "1", "active": "1"}
    page = admin.post(reverse("admin:panel_change_agent", args=[juan.pk]), data)
    assert "cerrá alguno con /fin" in page.text
    juan.refresh_from_db()
    assert (juan.name, juan.group_count) == ("Juan Pérez", 2)


def test_people_are_put_in_a_main_group_and_taken_out(admin: Client) -> None:
    channel = desk.open_for_business()
    group = desk.group(channel, "support", "Soporte FibraSur")
    add = reverse("admin:panel_add_member", args=[group.pk])
    admin.post(add, {"name": "Ana Ruiz", "phone": ANA.key})
    ana = group.members.get().agent
    assert "Por agregar" in admin.get(reverse("admin:panel_groups")).text
    admin.post(reverse("admin:panel_remove_member", args=[group.pk, ana.pk]))
    assert not group.members.exists()
    assert "No parece un teléfono" in admin.post(add, {"name": "Ana", "phone": "1"}).text
