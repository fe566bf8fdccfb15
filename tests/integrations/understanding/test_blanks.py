from integrations.understanding.blanks import fill


def test_known_blanks_are_filled_and_the_rest_stays_as_staff_wrote_it():
    assert fill("Hola {name}, debés {total}", {"name": "María", "total": 3}) == "Hola María, debés 3"
    assert fill("{unknown} {name.__class__} {name[0]} {", {"name": "María"}) == "{unknown} {name.__class__} {name[0]} {"
    assert fill("{{name}}", {"name": "María"}) == "{María}"
    assert fill("", {}) == ""


def test_a_value_with_braces_is_not_filled_again():
    assert fill("{name}", {"name": "{total}", "total": "$ 1"}) == "{total}"
