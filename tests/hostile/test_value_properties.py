"""Values that people write, in every form they may have: the same phone, the same day, the same words."""

from datetime import date, timedelta

import phonenumbers
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backoffice.dialogs.texts import defaults
from bot import commands
from integrations.understanding import dates, faqs, phones, sentiment
from integrations.understanding.blanks import fill
from tests.bot.world import faq_entries

QUICK = settings(max_examples=80, deadline=None)
ODD = st.text(max_size=120) | st.text(alphabet="{}%$/\\*_~` aeinorst0123456789\u202e\u200b\x00\ud800", max_size=80)

FORMS = (
    *("+54 9 {area} {local}", "+54{area}{local}", "549{area}{local}", "54{area}{local}", "0054 9 {area} {local}"),
    *("0{area} 15 {local}", "0{area}-15-{local}", "(0{area}) 15{local}", "{area} 15 {local}", "0{area}{local}"),
    *("{area}{local}", "15 {local}", "15{local}", "{local}", " {local}. ", "549{area}{local}@s.whatsapp.net"),
)


AREAS = {"11": 8, "261": 7, "2625": 6, "341": 7, "3492": 6}


@QUICK
@given(area=st.sampled_from(list(AREAS)), number=st.integers(4_000_000, 4_999_999) | st.integers(0, 10**8 - 1))
def test_however_a_neighbour_writes_her_number_she_is_one_person(area, number):
    local = f"{number:08}"[-AREAS[area] :]
    # A number that the tables do not know, as a mobile and as a land line, is one only where its form leaves no doubt.
    assume(local[0] in "456" and all(_is_real(f"{prefix}{area}{local}") for prefix in ("+549", "+54")))
    keys = {form: phones.phone_key(form.format(area=area, local=local), area) for form in FORMS}
    assert set(keys.values()) == {f"{area}{local}"}, keys


def _is_real(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


@QUICK
@given(ODD | st.integers() | st.floats() | st.none() | st.binary(max_size=12))
def test_anything_is_a_phone_or_is_not(value):
    phone = phones.parse_phone(value, "261")
    assert phone is None or (phone.key.isdigit() and 6 <= len(phone.key) <= 15)
    assert phones.find_phone(str(value), "261") is None or isinstance(value, str | int | float | bytes)


@QUICK
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(-170, 170))
def test_a_day_as_we_say_it_is_the_same_day_when_it_comes_back(today, away):
    day = today + timedelta(days=away)
    assert dates.parse_date(f"{day:%d/%m/%Y}", today) == day
    assert dates.parse_date(day.isoformat(), today) == day
    assert dates.parse_date(f"{day.day} de {dates.month_name(day)} de {day.year}", today) == day
    if day >= today:
        assert dates.parse_date(dates.spoken_date(day, today), today) == day


@QUICK
@given(ODD, st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_any_text_is_a_day_or_is_not_whatever_today_is(text, today):
    day = dates.parse_date(text, today)
    assert day is None or isinstance(day, date)
    assert dates.spoken_date(today, today) == "hoy"


@QUICK
@given(ODD)
def test_what_somebody_writes_fills_a_blank_and_opens_none(text):
    values = {"nombre": text, "empresa": "FibraSur"}
    assert fill("Hola {nombre}, de {empresa}", values) == f"Hola {text}, de FibraSur"
    assert fill(text, {}) == text
    for template in list(defaults().values())[::7]:
        fill(template, dict.fromkeys(["nombre", "agente", "ticket", "numero"], text))


@QUICK
@given(ODD)
def test_a_template_that_staff_broke_is_said_as_it_is(template):
    assert fill(template, {"nombre": "María"}).count("{nombre}") == 0


@QUICK
@given(ODD)
def test_a_mood_and_a_question_are_always_one_of_ours(text):
    found = faqs.match(text, faq_entries())
    assert found is None or (found.key in {entry.key for entry in faq_entries()} and 0.6 <= found.score <= 1)
    assert sentiment.sentiment(text) in set(sentiment.Sentiment)


@QUICK
@given(st.sampled_from("/\\／⁄∕╱⧸⟋＼"), ODD, st.sampled_from(["", " ", "\u202e", "*_", "> ", "• ", "\u200b\u2066"]))
def test_whatever_begins_with_a_slash_is_a_command(slash, text, before):
    assert commands.parse(f"{before}{slash}{text}") is not None
