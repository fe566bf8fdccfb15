from decimal import Decimal

import pytest

from integrations.understanding.money import find_amount, format_ars, parse_api_amount, parse_human_amount, short_ars


def test_an_amount_is_always_shown_the_same_way():
    assert format_ars(Decimal("18500")) == "$ 18.500,00"
    assert format_ars(Decimal("1234567.895")) == "$ 1.234.567,90"
    assert format_ars(Decimal("-500")) == "-$ 500,00"
    assert format_ars(Decimal("-0.001")) == "$ 0,00"
    assert short_ars(Decimal("18500.00")) == "$ 18.500"
    assert short_ars(Decimal("18500.5")) == "$ 18.500,50"
    with pytest.raises(ValueError, match="not an amount"):
        format_ars(Decimal("NaN"))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$ 1.234,56", "1234.56"),
        ("1,234.50", "1234.50"),
        ("12.500", "12500"),
        ("15.000", "15000"),
        ("$5,000", "5000"),
        ("8500", "8500"),
        ("40.00", "40"),
        ("12,5", "12.5"),
        ("0,50", "0.5"),
        ("1.234.567", "1234567"),
        ("18 500", "18500"),
        ("18 500,50", "18500.5"),
        ("18 mil", "18000"),
        ("18,5 lucas", "18500"),
        ("15k", "15000"),
        ("18.500 pesos", "18500"),
        ("$18500.-", "18500"),
        ("ARS 100", "100"),
        ("-$ 1.500,50", "-1500.50"),
        ("$ -500", "-500"),
        ("1.2.3", None),
        ("1234.567", None),  # thousands badly grouped, or three decimals: ask
        ("0.500", None),
        ("1,2345", None),
        ("1.23,45", None),
        ("1.234,567", None),
        ("99999999999", None),
        ("1" * 30, None),
        ("abc", None),
        ("$", None),
        ("", None),
    ],
)
def test_people_write_thousands_with_dots_and_decimals_with_a_comma(text, amount):
    assert parse_human_amount(text) == (Decimal(amount) if amount else None)


def test_programs_write_a_plain_decimal():
    assert parse_api_amount("40.00") == Decimal("40.00")
    assert parse_api_amount("15.000") == Decimal("15.00")  # a person would mean fifteen thousand
    assert parse_api_amount(12500) == parse_api_amount(12500.0) == parse_api_amount(Decimal("12500")) == 12500
    assert parse_api_amount("-12.345") == Decimal("-12.35")
    assert parse_api_amount(" .5 ") == Decimal("0.50")


@pytest.mark.parametrize(
    "value", ["1.234,56", "1,234.56", "", "abc", "1e5", "1_000", "NaN", "inf", "1" * 61, True, float("nan"), 1e300]
)
def test_what_no_program_should_write_is_refused(value):
    with pytest.raises(ValueError, match="not an amount"):
        parse_api_amount(value)


@pytest.mark.parametrize(
    ("sentence", "amount"),
    [
        ("pagué 18.500 ayer", "18500"),
        ("son $5,000", "5000"),
        ("te pagué $ 18.500,00.", "18500"),
        ("transferí 18500", "18500"),
        ("te debo 18 lucas", "18000"),
        ("pagué $ 18 mil", "18000"),
        ("fueron 15.000 pesos", "15000"),
        ("total: 1.500,50", "1500.5"),
        ("eran $1.2.3 o $500", "500"),
        ("mi dni es 30.111.222", None),
        ("pagué el 5/12", None),
        ("pagué 30111222", None),
        ("calle San Martín 450", None),
        ("hola", None),
    ],
)
def test_an_amount_is_found_in_a_sentence_only_when_it_is_said_as_money(sentence, amount):
    assert find_amount(sentence) == (Decimal(amount) if amount else None)
