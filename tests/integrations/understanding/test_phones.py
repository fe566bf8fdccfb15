import math

import pytest

from integrations.understanding.phones import (
    PhoneKey,
    find_phone,
    local_display,
    parse_phone,
    phone_key,
    short_display,
)


def test_the_phone_on_file_and_both_whatsapp_forms_are_one_person():
    on_file = parse_phone("2612345678")
    assert on_file == parse_phone("5492612345678") == parse_phone("542612345678@c.us")
    assert on_file == PhoneKey(e164="+5492612345678", key10="2612345678", country="AR")


def test_a_short_number_needs_the_company_s_area():
    assert parse_phone("234-5678") is None
    assert phone_key("234-5678", "0261") == "2612345678"
    assert phone_key("15 3694-3434", "11") == "1136943434"
    assert phone_key("36943434", "011") == "1136943434"
    assert phone_key("234-5678", "not an area") is None


def test_an_area_that_does_not_fit_the_number_gives_nothing():
    assert phone_key("234-5678", "11") is None  # 11 takes eight digits


def test_a_foreign_number_is_kept_as_its_country_dials_it():
    montevideo = parse_phone("+598 99 123 456")
    assert montevideo == PhoneKey(e164="+59899123456", key10=None, country="UY")
    assert montevideo.key == "59899123456"
    assert parse_phone("+870773111632") == PhoneKey(e164="+870773111632", key10=None, country="")  # a satellite


def test_a_spreadsheet_cell_may_hold_a_number_or_nothing():
    assert phone_key(2612345678) == phone_key(2612345678.0) == "2612345678"
    for empty in (None, "", math.nan, math.inf, 26.5, True, [], b"\x00"):
        assert parse_phone(empty) is None


def test_phones_are_shown_as_staff_reads_them():
    assert local_display("+5492612345678") == "+54 9 261 234-5678"
    assert short_display("+5492612345678") == "261 234-5678"
    assert short_display("+5492262412345") == "2262 41-2345"
    assert local_display("+59899123456") == "+598 99 123 456"
    assert short_display("whatever it was") == "whatever it was"


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("mi número es 261 234-5678, gracias", "2612345678"),
        ("llamame al +54 9 261 234 5678", "2612345678"),
        ("15 234-5678 es mi celular", "2612345678"),
        ("soy María, 5492612345678", "2612345678"),
        ("estoy en Montevideo: +598 99 123 456", "59899123456"),
        ("llamame al 261 423-4567, es fijo", "2614234567"),
        ("dni 30.111.222", None),
        ("mi cuit es 27-30111222-5", None),
        ("el 24-11-2026 10", None),
        ("operación 1234567890123456789012", None),
        ("comprobante 9999999999", None),
        ("pagué $ 1.234.567.890", None),
        ("hola", None),
    ],
)
def test_a_phone_is_found_inside_a_sentence_and_other_numbers_are_not_phones(sentence, key):
    found = find_phone(sentence, "261")
    assert (found.key if found else None) == key
