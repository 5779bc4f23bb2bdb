"""Charts and maps say what they show, stay inside their size, and need no colour."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from data.report.chart import chart_of, ticks
from data.report.map_svg import Place, map_svg
from data.report.picture import write_picture
from data.report.svg import chart_svg, multiples_svg
from data.report.text_chart import MARKS, as_text, draw, draw_map, draw_multiples
from data.report.world import Box, box_of, countries, countries_in
from schema.errors import ExportError, QueryError

MONTHS = [dt.date(2024, month, 1) for month in range(1, 13)]
SERIES = pa.table(
    {
        "country": ["Syria"] * 12 + ["Iraq <b>"] * 12,
        "month": MONTHS * 2,
        "events": [*range(12), *range(24, 12, -1)],
    }
)
SIZES = [(80, 24), (120, 40), (60, 16)]
PLACES = [
    Place(36.75, 35.13, 60, "Hama"),
    Place(37.16, 36.2, 20, "Aleppo"),
    Place(36.29, 33.51, 5, "Damascus"),
    Place(38.3, 34.6, 1),
]


def _series() -> object:
    return chart_of(SERIES, title="Events by month", unit="events a month", source="Source: test")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_drawing_fits_the_terminal_and_names_itself(width: int, height: int) -> None:
    lines = chart_of(SERIES, title="Events by month", unit="events a month", source="Source: test")
    bars = chart_of(
        SERIES.select(["country", "events"]), title="By country", unit="events", source="Source: test"
    )
    one = chart_of(
        SERIES.slice(0, 12).select(["month", "events"]), title="One", unit="events", source="Source: test"
    )
    for chart in (lines, bars, one):
        text = as_text(draw(chart, width=width, height=height))
        assert text.startswith(f"{chart.title}\n{chart.unit}\n")
        assert text.rstrip().endswith("Source: test")
        assert max(map(len, text.splitlines())) <= width
        assert len(text.splitlines()) <= height + 1
    drawn = as_text(draw_map(PLACES, title="Where", unit="events", width=width, height=height))
    assert max(map(len, drawn.splitlines())) <= width
    assert len(drawn.splitlines()) <= height + 1
    assert "Natural Earth" in drawn


def test_lines_are_told_apart_without_colour() -> None:
    chart = chart_of(SERIES, title="t", source="s")
    text = as_text(draw(chart, width=80, height=20))
    assert MARKS[0] in text
    assert MARKS[1] in text
    drawing = chart_svg(chart)
    assert drawing.count("stroke-dasharray") == 2
    assert drawing.count("<polyline") == 2


def test_a_map_in_characters_has_borders_and_signs_by_weight() -> None:
    text = as_text(draw_map(PLACES, title="Where", unit="events", width=80, height=24))
    body = "\n".join(text.splitlines()[2:-2])
    assert "@" in body
    assert any("\u2800" < char <= "\u28ff" for char in body)


def test_the_signs_of_a_map_are_explained_in_whole_events() -> None:
    few = [Place(36.0, 35.0, 1), Place(37.0, 35.0, 1)]
    assert "@ 1 or more" in as_text(draw_map(few, title="Where", unit="events"))
    assert "@ 31 or more  O 13 or more  o 4 or more  · less" in as_text(
        draw_map(PLACES, title="Where", unit="events")
    )


def test_bars_are_as_long_as_their_values() -> None:
    table = pa.table({"name": ["a", "b"], "n": [40, 20]})
    long, short = as_text(draw(chart_of(table, title="t"), width=60)).splitlines()[2:4]
    assert long.count("█") == 2 * short.count("█")


def test_small_multiples_share_one_scale() -> None:
    chart = chart_of(SERIES, title="t", unit="u")
    assert "one scale for all" in as_text(draw_multiples(chart, width=80))
    assert multiples_svg(chart).count("<polyline") == 2


@pytest.mark.parametrize("drawing", [chart_svg, multiples_svg])
def test_svg_is_well_formed_and_carries_no_markup_from_the_data(drawing: object) -> None:
    chart = chart_of(SERIES, title="<script>alert(1)</script>\x1b[2J", unit="&", source="Source: <x>")
    text = drawing(chart)  # type: ignore[operator]
    root = ET.fromstring(text)
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert "\x1b" not in text


def test_a_map_as_svg_has_outlines_circles_and_names() -> None:
    root = ET.fromstring(map_svg(PLACES, title="Where", unit="events", source="Source: test"))
    circles = [element for element in root.iter() if element.tag.endswith("circle")]
    assert len(circles) == len(PLACES)
    titles = {element.text for element in root.iter() if element.tag.endswith("title")}
    assert {"Syria", "Hama: 60"} <= titles


def test_too_many_series_and_bars_are_summed_as_others() -> None:
    rows = [(f"c{n}", month, 100 - n) for n in range(30) for month in MONTHS[:2]]
    table = pa.table(
        dict(zip(["country", "month", "events"], map(list, zip(*rows, strict=True)), strict=True))
    )
    lines = chart_of(table, title="t")
    assert [series.name for series in lines.series][-1] == "others"
    assert len(lines.series) == 6
    assert sum(sum(series.values) for series in lines.series) == sum(n for *_, n in rows)
    bars = chart_of(table.select(["country", "events"]), title="t")
    assert len(bars.positions) == 20
    assert sum(bars.series[0].values) == sum(n for *_, n in rows)


def test_an_answer_without_numbers_is_no_chart() -> None:
    with pytest.raises(QueryError, match="a number"):
        chart_of(pa.table({"a": ["x"], "b": ["y"]}), title="t")


def test_no_rows_are_said_to_be_none() -> None:
    empty = chart_of(SERIES.slice(0, 0), title="t", unit="u")
    assert "no rows" in as_text(draw(empty))
    assert "no rows" in chart_svg(empty)


@pytest.mark.parametrize("highest", [0, 0.3, 1, 7, 12, 99, 1234, 5_000_000])
def test_axes_end_at_a_round_number_above_the_highest_value(highest: float) -> None:
    scale = ticks(highest)
    assert scale[0] == 0
    assert scale[-1] >= highest
    assert 2 <= len(scale) <= 8


def test_the_world_ships_with_its_countries() -> None:
    names = {country.name for country in countries("110m")}
    assert {"Syria", "Kenya", "Fiji", "Russia"} <= names
    assert len(countries("50m")) > 230
    assert {"Syria", "Lebanon"} <= {country.name for country in countries_in(Box(35, 33, 38, 36))}


def test_outlines_do_not_run_across_the_whole_map() -> None:
    for country in countries("110m"):
        for ring in country.rings:
            assert (
                all(abs(one[0] - two[0]) < 180 for one, two in pairwise(ring)) or country.name == "Antarctica"
            )


def test_a_box_of_no_places_is_the_world() -> None:
    assert box_of([]).width == 360


def test_pictures_are_written_whole_as_svg_and_png(tmp_path: Path) -> None:
    drawing = chart_svg(chart_of(SERIES, title="t", unit="u"))
    assert write_picture(drawing, tmp_path / "a.svg").read_text(encoding="utf-8") == drawing
    assert write_picture(drawing, tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ExportError, match="is there already"):
        write_picture(drawing, tmp_path / "a.svg")
    with pytest.raises(ExportError, match=r"\.svg or \.png"):
        write_picture(drawing, tmp_path / "a.gif")
