"""Points on the Earth as people paste them, and how far one is from another."""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from urllib.parse import unquote

_MAX_CHARS = 2_000
_EARTH = 6_371_008.8  # mean radius, in metres
_STEP = Decimal("0.000001")  # eleven centimetres

_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?"
# A link of Google Maps says where its pin is in !3d…!4d…, and after the @ where the screen was.
_PIN = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})")
_SCREEN = re.compile(rf"@({_NUMBER}),({_NUMBER})")
_ASKED = re.compile(
    rf"(?:[?&#](?:q|query|ll|mlat|destination|daddr)=|geo:|search/)\s*(?:loc:)?({_NUMBER})\s*,[\s+]*({_NUMBER})"
)
_MARKED = re.compile(rf"mlat=({_NUMBER}).*?mlon=({_NUMBER})")
_PAIR = re.compile(rf"[(\[]?\s*({_NUMBER})\s*(?:[,;]\s*|\s+)({_NUMBER})\s*[)\]]?")
_WITH_COMMAS = re.compile(r"[(\[]?\s*([+-]?[0-9]{1,3},[0-9]+)\s*(?:;\s*|,?\s+)([+-]?[0-9]{1,3},[0-9]+)\s*[)\]]?")
_PART = r"([0-9]{1,2}(?:[.,][0-9]+)?)"
_ANGLE = rf"([0-9]{{1,3}})\s*[°º]\s*(?:{_PART}\s*['’′]\s*)?(?:{_PART}\s*(?:\"|”|″|'')\s*)?"
_DEGREES = re.compile(rf"{_ANGLE}([NS])[\s,;]*{_ANGLE}([EWO])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, six decimals: south and west are negative."""

    latitude: Decimal
    longitude: Decimal

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}"


def parse_point(text: str) -> Point | None:
    """Coordinates as Google Maps gives them; None when there are none or they are on no map.

    "-32.8908, -68.8272", "-32,8908; -68,8272", "32°53'26.9\\"S 68°49'37.9\\"W", "geo:-32.89,-68.82" and the long
    links of Google Maps and OpenStreetMap are read. A short link (maps.app.goo.gl) carries none.
    """
    text = unquote(text[:_MAX_CHARS]).strip()
    if found := _DEGREES.fullmatch(text):
        parts = found.groups()
        return _point(_decimal(parts[:4]), _decimal(parts[4:]))
    for pattern in (_PIN, _MARKED, _ASKED, _SCREEN):
        if match := pattern.search(text):
            return _point(Decimal(match[1]), Decimal(match[2]))
    for pattern in (_PAIR, _WITH_COMMAS):
        if match := pattern.fullmatch(text):
            return _point(*(Decimal(part.replace(",", ".")) for part in match.groups()))
    return None


def metres_between(one: Point, other: Point) -> float:
    """As the crow flies."""
    north, other_north = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude) - radians(one.longitude)
    half = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(east / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))


def show_distance(metres: float) -> str:
    """«80 m», «1,4 km»."""
    if metres < 995:
        return f"{round(metres, -1):.0f} m" if metres >= 5 else "acá mismo"
    return f"{metres / 1000:.1f} km".replace(".", ",")


def _decimal(angle: tuple[str | None, ...]) -> Decimal:
    degrees, minutes, seconds, side = (part or "0" for part in angle)
    size = Decimal(degrees) + _part(minutes) / 60 + _part(seconds) / 3600
    return -size if side.upper() in "SWO" else size


def _part(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _point(latitude: Decimal, longitude: Decimal) -> Point | None:
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Point(latitude.quantize(_STEP), longitude.quantize(_STEP))
