"""Coordinates as they are pasted, and distances (WIS-NAP-04)."""

import pytest

from integrations.understanding.places import Point, metres_between, parse_point, show_distance

BOX = "-32.890800, -68.827200"


@pytest.mark.parametrize(
    "pasted",
    [
        "-32.8908, -68.8272",
        " (-32.8908,-68.8272) ",
        "-32.8908 -68.8272",
        "-32,8908; -68,8272",
        "-32,8908, -68,8272",
        "geo:-32.8908,-68.8272?z=18",
        "https://www.google.com/maps/place/Plaza/@-32.1,-68.1,17z/data=!3m1!4b1!4m6!3m5!8m2!3d-32.8908!4d-68.8272!16s",
        "https://www.google.com/maps?q=-32.8908,-68.8272",
        "https://www.google.com/maps/search/?api=1&query=-32.8908%2C-68.8272",
        "https://www.google.com/maps/search/-32.8908,+-68.8272",
        "https://www.google.com/maps/@-32.8908,-68.8272,17z",
        "https://www.openstreetmap.org/?mlat=-32.8908&mlon=-68.8272#map=17/-32/-68",
    ],
)
def test_what_a_map_gives_is_understood(pasted):
    assert str(parse_point(pasted)) == BOX


@pytest.mark.parametrize(
    "pasted", ["32°53'26.9\"S 68°49'37.9\"W", "32°53′26,9″S, 68°49′37,9″O", "32° 53' 26.9'' S 68° 49' 37.9'' W"]
)
def test_degrees_minutes_and_seconds_too(pasted):
    assert str(parse_point(pasted)) == "-32.890806, -68.827194"


@pytest.mark.parametrize(
    "pasted", ["", "San Martín 450", "-132.8, 4", "-32.8, -268", "-32.8", "https://maps.app.goo.gl/abc", "9" * 5000]
)
def test_what_is_no_point_is_none(pasted):
    assert parse_point(pasted) is None


def test_distances_are_those_of_the_street():
    obelisk, congress = parse_point("-34.603722, -58.381592"), parse_point("-34.609722, -58.392500")
    assert isinstance(obelisk, Point)
    assert isinstance(congress, Point)
    assert 1_150 < metres_between(obelisk, congress) < 1_250
    assert metres_between(obelisk, obelisk) == 0


@pytest.mark.parametrize(
    ("metres", "shown"), [(0, "acá mismo"), (83, "80 m"), (994, "990 m"), (998, "1,0 km"), (1_449, "1,4 km")]
)
def test_a_distance_is_read_at_a_glance(metres, shown):
    assert show_distance(metres) == shown
