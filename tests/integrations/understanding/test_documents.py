import pytest

from integrations.understanding.documents import is_alias, is_valid_cbu, is_valid_cuit, parse_cuit, parse_dni


@pytest.mark.parametrize(
    ("text", "dni"),
    [
        ("30111222", "30111222"),
        ("30.111.222", "30111222"),
        ("30 111 222", "30111222"),
        ("dni 30.111.222", "30111222"),
        ("DNI: 30111222", "30111222"),
        ("dni30111222", "30111222"),
        ("mi documento es el 5.123.456", "5123456"),
        ("dni nº 30111222", "30111222"),
        ("M12345678", "12345678"),
        ("hola, soy María, 30111222, gracias", "30111222"),
        ("05123456", "5123456"),
        ("mi tel es 2612345678 y mi dni 30111222", "30111222"),
        ("27-30111222-5", "30111222"),
        ("27301112225", "30111222"),
        ("9999999", None),
        ("dni 9.999.999", None),
        ("11111111", None),
        ("2612345678", None),
        ("261 2345678", None),
        ("$ 1.234.567", None),
        ("pagué 1.234.567,00", None),
        ("30-12345678-1", None),  # a company has no DNI
        ("20-30111222-9", None),  # its check digit is wrong
        ("6-30111222", None),
        ("123456", None),
        ("", None),
    ],
)
def test_a_dni_is_read_and_phones_and_amounts_are_not_dni(text, dni):
    assert parse_dni(text) == dni


def test_a_cuit_needs_its_prefix_and_its_check_digit():
    assert is_valid_cuit("27-30111222-5")
    assert is_valid_cuit("30-50001091-2")
    assert not is_valid_cuit("27-30111222-6")
    assert not is_valid_cuit("99-30111222-5")
    assert not is_valid_cuit("27-3011122-5")
    assert not is_valid_cuit("cuit")


def test_a_check_digit_of_ten_is_never_issued():
    """Those people get prefix 23; accepting 20…9 would take a wrong number for a right one."""
    stem = next(f"20{number:08}" for number in range(20_000_000, 20_000_100) if _remainder(f"20{number:08}") == 1)
    assert not any(is_valid_cuit(f"{stem}{check}") for check in range(10))
    assert is_valid_cuit(f"23{stem[2:]}9")


def _remainder(stem: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(stem, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11


def test_a_cuit_is_found_inside_a_sentence():
    assert parse_cuit("mi cuil es 27-30.111.222-5") == "27301112225"
    assert parse_cuit("27-30111222-6 no, 27-30111222-5") == "27301112225"
    assert parse_cuit("30111222") is None


def test_a_cbu_has_two_check_digits_and_a_cvu_is_the_same():
    assert is_valid_cbu("2850590940090418135201")
    assert is_valid_cbu("28505909 40090418135201")
    assert not is_valid_cbu("2850590940090418135202")
    assert not is_valid_cbu("2850590840090418135201")
    assert not is_valid_cbu("285059094009041813520")
    assert not is_valid_cbu("0" * 22)


def test_an_alias_is_letters_digits_dots_and_hyphens():
    assert is_alias("FIBRA.SUR.PAGOS")
    assert is_alias(" fibrasur-mp ")
    assert not is_alias("corto")
    assert not is_alias("mañana.sol.rio")
    assert not is_alias("demasiado.largo.para.ser.alias")
