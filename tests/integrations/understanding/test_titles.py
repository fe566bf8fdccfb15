import pytest

from integrations.understanding.choices import choice_number, is_digit_choice
from integrations.understanding.titles import pick

PLANS = [("basic", "Fibra 50 Mb"), ("medium", "Fibra 100 Mb"), ("fast", "Fibra 300 Mb")]


def test_a_number_that_is_in_one_title_picks_it_when_no_position_has_it():
    assert pick("300", PLANS).key == "fast"
    assert pick("50", PLANS).key == pick("la de 50 mb", PLANS).key == "basic"
    assert pick("2", PLANS).key == "medium"


def test_what_fits_two_titles_alike_is_asked_again_with_those_two():
    doubt = pick("problema", [("net", "Problema de internet"), ("tv", "Problema de televisión"), ("pay", "Pagar")])
    assert (doubt.key, doubt.how, doubt.candidates) == (None, "ambiguous", ("net", "tv"))


def test_two_options_with_the_same_title_are_a_doubt_too():
    assert pick("otro", [("a", "Otro"), ("b", "Otro 🙂")]).candidates == ("a", "b")


def test_a_title_beats_a_position():
    assert pick("2", [("two", "1"), ("one", "2")]).key == "one"


def test_an_empty_menu_or_title_is_never_picked():
    assert pick("2", []).how == "out_of_range"
    assert pick("hola", []).how == "none"
    assert pick("", [("a", "")]).how == "none"
    assert pick("hola", [("a", "👍")]).how == pick("factura", [("a", "👍")]).how == "none"


def test_yes_and_no_are_picked_by_their_beginning():
    options = [("yes", "✅ Sí, confirmar"), ("no", "❌ No, volver")]
    assert pick("si", options).key == "yes"
    assert pick("no", options).key == "no"


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("🔟", 10), ("la tercera", 3), ("quiero la 2", 2), ("once", 11)]
    + [(text, None) for text in ("", "no", "uno de mis hijos", "1 2", "123", "hola", "una consulta", "x" * 61)],
)
def test_a_choice_is_a_number_and_nothing_else(text, number):
    assert choice_number(text) == number


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("2", True), (" 2. ", True), ("2️⃣", True), ("🔟", True), ("12", True), ("123", False), ("dos", False), ("", False)],
)
def test_a_digit_choice_is_typed_in_digits(text, is_one):
    assert is_digit_choice(text) == is_one
