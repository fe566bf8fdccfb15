"""Charts drawn as SVG on the server: nothing to load, fits a telephone, and says itself to who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 120  # of the viewBox; the page stretches it
GAP = 1.5


@dataclass(frozen=True, slots=True)
class Series:
    """A line of the legend. `tone` is a class of panel.css; `shown` what the legend says beside the name."""

    name: str
    tone: str
    values: Sequence[float | None]
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    tone: str
    title: str


@dataclass(frozen=True, slots=True)
class Path:
    points: str
    tone: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`top` is what the highest line of the grid stands for, `labels` go under the axis from left to right.

    `table` are the same figures in words, a row a moment, for who does not see the drawing.
    """

    title: str
    series: Sequence[Series]
    labels: Sequence[str]
    top: str
    bars: Sequence[Bar] = ()
    paths: Sequence[Path] = ()
    summary: str = ""
    is_empty: bool = False
    span: str = "24 horas"
    table: Sequence[tuple[str, Sequence[str]]] = ()


def stacked(title: str, series: Sequence[Series], moments: Sequence[str], labels: Sequence[str]) -> Chart:
    """A bar a moment, its parts on each other. `moments` names each bar."""
    sums = [sum(values) for values in zip(*(_numbers(one) for one in series), strict=True)]
    top = nice(max(sums, default=0))
    step = WIDTH / max(1, len(moments))
    bars: list[Bar] = []
    for place, moment in enumerate(moments):
        told = ", ".join(f"{one.name.lower()} {_numbers(one)[place]:g}" for one in series)
        base = float(HEIGHT)
        for one in series:
            height = _numbers(one)[place] / top * HEIGHT
            if height:
                base -= height
                bars.append(_bar(place * step, base, step, height, one.tone, f"{moment}: {told}"))
    return Chart(title, series, labels, _told(top), bars=bars, summary=_summary(series), is_empty=not any(sums))


def lines(title: str, series: Sequence[Series], labels: Sequence[str], unit: str) -> Chart:
    """A line each; where nothing was measured it is broken."""
    top = nice(max((value for one in series for value in one.values if value is not None), default=0))
    paths = [Path(points, one.tone) for one in series for points in _pieces(one.values, top)]
    empty = not paths
    return Chart(title, series, labels, f"{_told(top)} {unit}", paths=paths, summary=_summary(series), is_empty=empty)


def against(title: str, series: Sequence[Series], moments: Sequence[str], *, labels: Sequence[str]) -> Chart:
    """Bars of the first, and the others as lines over them: today against what is usual."""
    bars_of, *rest = series
    top = nice(max((value for one in series for value in one.values if value is not None), default=0))
    step = WIDTH / max(1, len(moments))
    heights = [value / top * HEIGHT for value in _numbers(bars_of)]
    bars = [
        _bar(place * step, HEIGHT - height, step, height, bars_of.tone, f"{moment}: {_cell(bars_of.values[place])}")
        for place, (moment, height) in enumerate(zip(moments, heights, strict=True))
        if height
    ]
    paths = [Path(points, one.tone) for one in rest for points in _pieces(one.values, top)]
    table = [(moment, [_cell(one.values[place]) for one in series]) for place, moment in enumerate(moments)]
    empty = not bars and not any(value for one in rest for value in one.values)
    return Chart(
        title, series, labels, _told(top), bars, paths, _summary(series), is_empty=empty, span="hoy", table=table
    )


def _cell(value: float | None) -> str:
    return "—" if value is None else figure(round(value))


@dataclass(frozen=True, slots=True)
class Slice:
    name: str
    count: int
    percent: int
    tone: str


@dataclass(frozen=True, slots=True)
class Donut:
    """A ring as CSS paints it, with its legend for whoever cannot see it. `centre` is what is written inside."""

    title: str
    centre: str
    slices: Sequence[Slice]
    paint: str


TONES = {
    "Pendientes": "warn",
    "En progreso": "info",
    "Cerrados": "brand",
    "Contento": "brand",
    "Neutro": "plain",
    "Enojado": "bad",
    "Sólo con el bot": "brand",
    "Con una persona": "info",
}


def donut(title: str, figures: Sequence[tuple[str, int]], *, centre: str = "") -> Donut:
    """A ring whose parts are painted by their names (`TONES`); inside goes how many there are, unless `centre` says."""
    total = sum(count for _, count in figures)
    slices = [Slice(name, count, round(100 * count / total) if total else 0, TONES[name]) for name, count in figures]
    stops, start = [], 0.0
    for piece in slices:
        end = start + (100 * piece.count / total if total else 0)
        stops.append(f"var(--tone-{piece.tone}) {start:.2f}% {end:.2f}%")
        start = end
    return Donut(title, centre or figure(total), slices, f"conic-gradient({', '.join(stops)})" if total else "")


def figure(number: int) -> str:
    """«12.409»."""
    return f"{number:,}".replace(",", ".")


def nice(highest: float) -> float:
    """The round number at or over `highest` that the axis ends at: 1, 2, 2.5 or 5 and zeros."""
    scale = 1.0
    while True:
        for step in (1, 2, 2.5, 5):
            if step * scale >= highest:
                return step * scale
        scale *= 10


def _told(top: float) -> str:
    return f"{top:,.0f}".replace(",", ".") if top >= 10 else f"{top:g}".replace(".", ",")


def _numbers(one: Series) -> list[float]:
    return [value or 0 for value in one.values]


def _bar(x: float, y: float, step: float, height: float, tone: str, title: str) -> Bar:
    return Bar(round(x + GAP / 2, 2), round(y, 2), round(step - GAP, 2), round(height, 2), tone, title)


def _pieces(values: Sequence[float | None], top: float) -> list[str]:
    """The points of each unbroken stretch, as `polyline` wants them; one alone becomes a short dash."""
    step = WIDTH / max(1, len(values))
    found: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
            continue
        y = round(HEIGHT - value / top * HEIGHT, 2)
        middle = (place + 0.5) * step
        found[-1].append(f"{middle:.2f},{y}")
        if (place + 1 == len(values) or values[place + 1] is None) and len(found[-1]) == 1:
            found[-1] = [f"{middle - step / 2:.2f},{y}", f"{middle + step / 2:.2f},{y}"]
    return [" ".join(points) for points in found if points]


def _summary(series: Sequence[Series]) -> str:
    return ", ".join(f"{one.name}: {one.shown}" if one.shown else one.name for one in series)
