"""Opening hours as staff type them."""

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.company.models import OpeningHours


def test_hours_take_several_slots_a_day(admin: Client) -> None:
    hours = reverse("admin:panel_hours")
    answer = admin.post(hours, {"abre-0": ["08:00", "14:00"], "cierra-0": ["12:00", "18:00"]}, follow=True)
    assert "Horarios guardados" in answer.text
    assert [str(row) for row in OpeningHours.objects.all()] == ["Lunes 08:00-12:00", "Lunes 14:00-18:00"]


@pytest.mark.parametrize(
    ("opens", "closes", "reason"),
    [
        (["8:0"], ["12:00"], "«8:0» no es una hora válida"),
        (["08:00"], ["25:00"], "«25:00» no existe"),
        (["08:00"], [""], "Falta una de las dos horas"),
        (["12:00"], ["08:00"], "posterior a la de apertura"),
        (["08:00", "11:00"], ["12:00", "18:00"], "se superponen"),
    ],
)
def test_wrong_hours_are_refused_and_nothing_is_lost(
    admin: Client, opens: list[str], closes: list[str], reason: str
) -> None:
    OpeningHours.objects.create(weekday=4, opens="09:00", closes="13:00")
    data = {"abre-0": opens, "cierra-0": closes, "abre-4": ["10:00"], "cierra-4": ["13:00"]}
    answer = admin.post(reverse("admin:panel_hours"), data)
    assert reason in answer.text
    assert f'value="{opens[0]}"' in answer.text
    assert [str(row) for row in OpeningHours.objects.all()] == ["Viernes 09:00-13:00"]
