"""Charts: the axis ends in a round number, bars stand on each other, a line breaks where nothing was measured."""

import pytest

from backoffice.panel.charts import HEIGHT, WIDTH, Series, lines, nice, stacked


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 1), (1, 1), (1.2, 2), (3, 5), (7, 10), (10, 10), (37, 50), (120, 200), (240, 250), (999, 1000)],
)
def test_the_axis_ends_in_a_round_number(highest, top):
    assert nice(highest) == top


def test_parts_stand_on_each_other_and_each_bar_says_itself():
    sent, failed = Series("Enviados", "brand", [4, 0]), Series("Fallidos", "bad", [1, 0])
    chart = stacked("Mensajes", [sent, failed], ["09:00", "09:30"], ["09:00", "ahora"])
    first, second = chart.bars
    assert (first.y + first.height, second.y + second.height) == (HEIGHT, first.y)
    assert second.height == pytest.approx(HEIGHT / 5)
    assert first.title == second.title == "09:00: enviados 4, fallidos 1"
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in chart.bars)
    assert (chart.top, chart.is_empty) == ("5", False)


def test_a_line_breaks_where_nothing_was_measured():
    chart = lines("Demora", [Series("p50", "brand", [None, 10, 20, None, 40])], [], "ms")
    assert [len(path.points.split()) for path in chart.paths] == [2, 2]
    assert chart.paths[0].points.split()[0] == "144.00,96.0"
    assert chart.top == "50 ms"


def test_with_nothing_to_show_it_says_so():
    assert stacked("Mensajes", [Series("Recibidos", "brand", [0, 0])], ["a", "b"], []).is_empty
    assert lines("Demora", [Series("p50", "brand", [None, None])], [], "ms").is_empty


@pytest.mark.parametrize(("highest", "top"), [(2.2, "2,5 s"), (14, "20 s"), (1400, "2.000 s")])
def test_numbers_are_written_as_in_argentina(highest, top):
    assert lines("Demora", [Series("p50", "brand", [highest])], [], "s").top == top
