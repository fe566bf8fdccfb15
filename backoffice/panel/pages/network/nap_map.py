"""The map of the boxes, drawn here so that it needs no Internet; each one opens in the map of one's choice."""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.http import HttpRequest, HttpResponse

from backoffice.catalog.models import Zone
from backoffice.network.models import NapBox
from backoffice.network.selectors.plant import Near, nearest, on_the_street, with_counts
from backoffice.panel.pages.base import page, show
from integrations.understanding.places import Point, parse_point, show_distance

WIDE, SHORTEST, TALLEST, MARGIN = 1000, 560, 900, 50
CORNER = 200  # metres across, at the closest
MOST, MOST_NAMES = 3_000, 120
DOT, LETTER = 12, 10  # a dot's radius and a letter's width
Area = tuple[int, int, int, int]
SCALES = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000)
_METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A box on the drawing. `tone` is the colour of how full it is."""

    box: NapBox
    x: int
    y: int
    tone: str
    free: int


@page("network.view_napbox")
def nap_map(request: HttpRequest) -> HttpResponse:
    """`zona` draws one zone only; `cerca` is an address or coordinates, and `todas` counts full boxes too."""
    zone, typed = request.GET.get("zona", ""), request.GET.get("cerca", "").strip()[:2_000]
    boxes = with_counts(NapBox.objects.select_related("zone"))
    if zone.isascii() and zone.isdecimal() and len(zone) < 19:
        boxes = boxes.filter(zone_id=int(zone))
    rows = list(boxes.filter(latitude__isnull=False)[:MOST])
    asked = parse_point(typed) if typed else None
    shown: dict[str, Any] = {
        "zones": Zone.objects.filter(nap_boxes__isnull=False).distinct(),
        "zone": zone,
        "typed": typed,
        "all": bool(request.GET.get("todas")),
        "found": _found(typed, asked, with_room=not request.GET.get("todas")),
        "asked": asked,
        "unplaced": boxes.filter(latitude__isnull=True).count(),
        **_drawing(rows, asked),
    }
    return show(request, "network/map.html", "Mapa de la red", **shown)


def _found(typed: str, point: Point | None, *, with_room: bool) -> list[tuple[Near, str]]:
    if not typed:
        return []
    found = nearest(point, with_room=with_room) if point else on_the_street(typed, with_room=with_room)
    return [(near, show_distance(near.metres) if near.metres is not None else "") for near in found]


def _drawing(rows: list[NapBox], asked: Point | None) -> dict[str, Any]:
    """Dots in the drawing's units, with the street's proportions: a degree east is shorter than one north."""
    points = [box.point for box in rows if box.point] + ([asked] if asked else [])
    if not points:
        return {"dots": []}
    norths = [float(point.latitude) for point in points]
    easts = [float(point.longitude) for point in points]
    squeeze = max(cos(radians(sum(norths) / len(norths))), 0.01)
    wide, tall = (max(easts) - min(easts)) * squeeze, max(norths) - min(norths)
    height = min(max(round(WIDE * tall / wide) if wide else SHORTEST, SHORTEST), TALLEST)
    # Degrees a unit; never closer than a street corner.
    step = max(wide / (WIDE - 2 * MARGIN), tall / (height - 2 * MARGIN), CORNER / _METRES_A_DEGREE / WIDE)
    middle_east, middle_north = (max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2

    def place(point: Point) -> tuple[int, int]:
        x = WIDE / 2 + (float(point.longitude) - middle_east) * squeeze / step
        return round(x), round(height / 2 - (float(point.latitude) - middle_north) / step)

    dots = [_dot(box, *place(box.point)) for box in rows if box.point]
    metres = next((scale for scale in SCALES if scale / _METRES_A_DEGREE / step >= 90), SCALES[-1])
    return {
        "dots": dots,
        "names": _names(dots),
        "here": place(asked) if asked else None,
        "wide": WIDE,
        "tall": height,
        "scale": show_distance(metres),
        "scale_length": round(metres / _METRES_A_DEGREE / step),
    }


def _dot(box: NapBox, x: int, y: int) -> Dot:
    free = int(getattr(box, "free", 0))
    tone = "full" if free == 0 else "few" if free * 4 <= box.capacity else "room"
    return Dot(box, x, y, tone, free)


def _names(dots: list[Dot]) -> list[Dot]:
    """The dots whose name can be written under them without covering another dot or name."""
    if len(dots) > MOST_NAMES:
        return []
    taken = [(dot.x - DOT, dot.y - DOT, dot.x + DOT, dot.y + DOT) for dot in dots]
    named = []
    for dot in dots:
        half = len(dot.box.name) * LETTER // 2
        area = (dot.x - half, dot.y + DOT + 1, dot.x + half, dot.y + DOT + 22)
        if not any(_touch(area, other) for other in taken):
            taken.append(area)
            named.append(dot)
    return named


def _touch(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
