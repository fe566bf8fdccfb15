"""Days and hours in which somebody may enter (AMB-60)."""

from collections.abc import Callable, Iterator
from datetime import datetime, time

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from backoffice.accounts import shifts, throttle
from backoffice.accounts.models import StaffSession, User, WorkShift
from tests.backoffice.accounts.conftest import PASSWORD

TUESDAY = 24  # of November 2026
MORNING = WorkShift(days="01234", starts=time(8), ends=time(14))
NIGHT = WorkShift(days="4", starts=time(22), ends=time(6))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute)  # noqa: DTZ001 # the company's clock


@pytest.mark.parametrize(
    ("shift", "moment", "may"),
    [
        (MORNING, at(TUESDAY, 8), True),
        (MORNING, at(TUESDAY, 13, 59), True),
        (MORNING, at(TUESDAY, 14), False),
        (MORNING, at(TUESDAY, 7, 59), False),
        (MORNING, at(28, 10), False),  # Saturday
        (NIGHT, at(27, 23), True),  # Friday
        (NIGHT, at(28, 5, 59), True),  # it goes on after midnight
        (NIGHT, at(28, 6), False),
        (NIGHT, at(28, 23), False),  # and does not begin again on Saturday
        (NIGHT, at(27, 5), False),
    ],
)
def test_who_has_a_shift_may_enter_in_it(shift: WorkShift, moment: datetime, may: bool) -> None:
    assert shifts.inside([shift], moment) is may


def test_without_shifts_one_may_always() -> None:
    assert shifts.inside([], at(29, 4))


def test_whoever_is_inside_has_a_quarter_of_an_hour_to_finish() -> None:
    assert not shifts.over([MORNING], at(TUESDAY, 14, 10))
    assert shifts.over([MORNING], at(TUESDAY, 14, 16))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([MORNING], "lunes a viernes de 08:00 a 14:00"),
        ([WorkShift(days="024", starts=time(9), ends=time(13))], "lunes, miércoles y viernes de 09:00 a 13:00"),
        ([WorkShift(days="0123456", starts=time(9), ends=time(13))], "todos los días de 09:00 a 13:00"),
        (
            [MORNING, WorkShift(days="56", starts=time(9), ends=time(13))],
            "lunes a viernes de 08:00 a 14:00 y sábado y domingo de 09:00 a 13:00",
        ),
    ],
)
def test_shifts_are_told_as_people_do(rows: list[WorkShift], told: str) -> None:
    assert shifts.told(rows) == told


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Tuesday, 10:30 in Argentina."""
    with time_machine.travel("2026-11-24T13:30:00Z", tick=False) as traveller:
        yield traveller


def enters(username: str) -> tuple[Client, str]:
    client = Client()
    answer = client.post("/panel/login/", {"username": username, "password": PASSWORD})
    return client, "" if answer.status_code == 302 else answer.text


def test_out_of_their_shift_they_are_told_when_they_may(ana: User, clock: time_machine.Traveller) -> None:
    ana.shifts.create(days="01234", starts=time(8), ends=time(14))
    assert enters("ana")[1] == ""
    clock.move_to("2026-11-24T20:30:00Z")
    for _ in range(throttle.FROM_HERE + 1):  # and it is no guess
        told = enters("ana")[1]
    assert "Ahora estás fuera de tu turno. Podés ingresar lunes a viernes de 08:00 a 14:00." in told


def test_a_wrong_password_learns_nothing_of_the_shift(ana: User, clock: time_machine.Traveller) -> None:
    ana.shifts.create(days="5", starts=time(8), ends=time(14))
    answer = Client().post("/panel/login/", {"username": "ana", "password": "no"})
    assert "turno" not in answer.text


def test_an_administrator_is_never_kept_out(elena: User, clock: time_machine.Traveller) -> None:
    elena.shifts.create(days="5", starts=time(8), ends=time(9))
    assert enters("elena")[1] == ""


def test_when_the_shift_ends_the_session_does_too(ana: User, clock: time_machine.Traveller) -> None:
    ana.shifts.create(days="1", starts=time(8), ends=time(11))
    client, _ = enters("ana")
    clock.move_to("2026-11-24T14:10:00Z")  # 11:10
    cache.clear()
    assert client.get(reverse("admin:index")).status_code == 200
    clock.move_to("2026-11-24T14:16:00Z")
    cache.clear()
    assert "Terminó tu turno" in client.get(reverse("admin:index"), follow=True).text
    assert StaffSession.objects.get(user=ana).ended_by == "shift"


def test_a_shift_is_written_on_the_user_s_page(admin: Client, ana: User, staff: Callable[..., User]) -> None:
    url = reverse("admin:accounts_user_change", args=[ana.pk])
    data = {
        "username": "ana", "first_name": "Ana", "last_name": "Ruiz", "is_active": "on", "groups": [ana.groups.get().pk],
        "shifts-TOTAL_FORMS": "1", "shifts-INITIAL_FORMS": "0",
    }  # fmt: skip
    wrong = admin.post(url, data | {"shifts-0-starts": "08:00", "shifts-0-ends": "14:00"})
    assert "Elegí al menos un día." in wrong.text
    day = {"shifts-0-days": ["4", "0"], "shifts-0-starts": "08:00"}
    assert "tiene que terminar a otra hora" in admin.post(url, data | day | {"shifts-0-ends": "08:00"}).text
    assert admin.post(url, data | day | {"shifts-0-ends": "14:00"}).status_code == 302
    assert str(ana.shifts.get()) == "lunes y viernes de 08:00 a 14:00"
    assert "Lunes y viernes de 08:00 a 14:00" in admin.get(url).text
