"""What is typed in a search box meets what is kept, in whichever form of the two."""

import pytest

from backoffice.common.search.words import (
    as_text,
    document_words,
    number_words,
    phone_words,
    read,
    words_of,
)

AREA = "261"


def meets(typed: str, *words: str, area: str = AREA) -> bool:
    query = read(typed, area)
    return bool(query) and query.meets(as_text(words))


@pytest.mark.parametrize(
    "typed",
    [
        "2612345678",
        "261 234-5678",
        "0261 15 234-5678",
        "+54 9 261 234 5678",
        "549 261 2345678",
        "54 261 234 5678",
        "(0261) 234-5678",
        "234-5678",
        "15 234-5678",
        "152345678",
        "2345",
        "261234",
        "+54 9 261 234",
    ],
)
def test_a_phone_is_found_however_it_is_written(typed):
    assert meets(typed, *phone_words("2612345678"))


@pytest.mark.parametrize("area", ["", "11"])
def test_a_local_number_is_found_without_knowing_its_area(area):
    assert meets("234-5678", *phone_words("2612345678"), area=area)
    assert meets("15 234-5678", *phone_words("2612345678"), area=area)


@pytest.mark.parametrize("typed", ["30111222", "30.111.222", "30 111 222", "301112", "27-30111222-4", "27301112224"])
def test_a_dni_is_found_with_dots_in_parts_and_by_its_cuit(typed):
    assert meets(typed, *document_words("27301112224"))


def test_a_cuit_finds_who_is_kept_by_their_dni():
    assert meets("27-30111222-4", *document_words("30111222"))


@pytest.mark.parametrize(
    "typed", ["nandu", "ÑANDÚ", "gonz", "González maria", "maría GONZALEZ", "garcialopez", "garcía-lópez"]
)
def test_accents_capitals_and_the_enye_do_not_matter_and_beginnings_are_enough(typed):
    assert meets(typed, *words_of("María González García-López", "Pasaje Ñandú 450"))


@pytest.mark.parametrize("typed", ["andu", "zalez", "maria perez", "2612345679", "99"])
def test_the_middle_of_a_word_or_one_word_of_two_is_not_enough(typed):
    assert not meets(typed, *words_of("María González", "Ñandú"), *phone_words("2612345678"))


def test_numbers_of_papers_are_found_with_and_without_their_zeros():
    words = [*number_words("0001-00000012")]
    assert all(meets(typed, *words) for typed in ("12", "0001-00000012", "00000012", "N° 12", "000100000012"))
    assert not meets("13", *words)


@pytest.mark.parametrize("typed", ["", "   ", "%%%", "\x00", "--- ¡!"])
def test_what_has_no_word_looks_for_nothing(typed):
    assert not read(typed, AREA)


def test_whatever_is_typed_is_read_in_a_bounded_time():
    query = read("x" * 5000 + " ٣²'\"😀 " + "y z " * 200)
    assert len(query.groups) <= 6
