"""National holidays, how the hours stand now, and going back to earlier hours (HRS-02…08)."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.company.models import Company, Holiday, OpeningHours
from backoffice.company.selectors import attention_now
from backoffice.company.services import add_holiday, load_national_holidays, restore_hours, set_hours

TUESDAY = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 10:00 in Argentina


@pytest.fixture(autouse=True)
def tuesday(db: None):
    with time_machine.travel(TUESDAY, tick=False) as clock:
        set_hours(hours={day: ["08:00-12:00", "14:00-18:00"] for day in range(5)})
        yield clock


def test_a_year_is_loaded_but_what_is_there_stays(admin: Client):
    add_holiday(day="2026-12-25", name="Navidad y brindis")
    url = reverse("admin:panel_national_holidays")
    assert "Cargado" in admin.get(url).text
    days = ["2026-12-08", "2026-12-25"]
    assert "Se cargó un feriado" in admin.post(url, {"dia": days}, follow=True).text
    assert [str(row) for row in Holiday.objects.all()] == [
        "08/12/2026 Inmaculada Concepción de María",
        "25/12/2026 Navidad y brindis",
    ]
    assert "No había ninguno nuevo" in admin.post(url, {"dia": days}, follow=True).text


def test_the_page_offers_this_year_and_the_two_that_follow(admin: Client):
    url = reverse("admin:panel_national_holidays")
    assert "Carnaval" in admin.get(url, {"anio": "2027"}).text
    assert "08/02/2027" in admin.get(url, {"anio": "2027"}).text
    assert "16/02/2026" in admin.get(url, {"anio": "1492"}).text


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2001, 12, 25)])
def test_a_day_that_the_law_does_not_name_is_typed_by_hand(day):
    with pytest.raises(DomainError, match="no es un feriado nacional"):
        load_national_holidays(days=[day])


def test_who_may_only_look_loads_nothing(signed_in):
    assert signed_in("Supervisor").post(reverse("admin:panel_national_holidays")).status_code == 403


@pytest.mark.parametrize(
    ("at", "is_open", "text"),
    [
        ("2026-11-24 13:00", True, "Cierra hoy a las 12:00"),
        ("2026-11-24 15:30", False, "Abre hoy a las 14:00"),
        ("2026-11-26 13:00", False, "Hoy es feriado (Fundación). Abre mañana a las 08:00"),
    ],
)
def test_how_it_stands_now_and_when_it_changes(admin: Client, tuesday, at, is_open, text):
    person = User.objects.get(pk=admin.session["_auth_user_id"])
    add_holiday(day="2026-11-26", name="Fundación")
    tuesday.move_to(datetime.fromisoformat(at).replace(tzinfo=UTC))
    now = attention_now()
    assert (now.is_open, text in now.text) == (is_open, True), now.text
    admin.force_login(person)  # another day, another session
    page = admin.get(reverse("admin:panel_hours")).text
    assert ("Ahora: abierto" if is_open else "Ahora: cerrado") in page
    assert text in page


def test_without_hours_it_says_so():
    set_hours(hours={day: [] for day in range(7)})
    assert "no abre nunca" in attention_now().text
    Company.objects.update_or_create(pk=1, defaults={"always_open": True})
    assert attention_now().text == "Sin cierre a la vista."


def test_the_weeks_hours_go_back_together(admin: Client, tuesday):
    first = OpeningHours.history.order_by("-history_id").first()
    tuesday.shift(3600)
    set_hours(hours={0: ["09:00-13:00"], 1: []})
    page = admin.get(reverse("admin:panel_changes", args=["horarios"])).text
    assert "Volver a esta versión" in page
    tuesday.shift(3600)
    admin.post(reverse("admin:panel_restore_version", args=["company.openinghours", first.pk]))
    assert [str(row) for row in OpeningHours.objects.filter(weekday__lt=2)] == [
        "Lunes 08:00-12:00", "Lunes 14:00-18:00", "Martes 08:00-12:00", "Martes 14:00-18:00",
    ]  # fmt: skip


def test_a_slot_that_was_taken_away_comes_back_with_its_week(admin: Client, tuesday):
    tuesday.shift(3600)
    set_hours(hours={1: []})
    gone = OpeningHours.history.filter(history_type="-").first()
    tuesday.shift(3600)
    admin.post(reverse("admin:panel_restore_version", args=["company.openinghours", gone.pk]))
    assert OpeningHours.objects.filter(weekday=1).count() == 2


def test_hours_before_there_were_any_are_none():
    restore_hours(at=datetime(2020, 1, 1, tzinfo=UTC))
    assert not OpeningHours.objects.exists()
