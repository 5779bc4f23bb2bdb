"""Charts and maps say what they show, stay inside their size, and need no colour."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from data.report.chart import chart_of, ticks
from data.report.map_svg import map_svg
from data.report.picture import letter_by_letter, write_picture
from data.report.places import Place, merged, told_of
from data.report.svg import chart_svg, multiples_svg
from data.report.text_chart import MARKS, as_text, draw, draw_map, draw_multiples
from data.report.world import Box, box_of, countries, countries_in
from schema.errors import ExportError, QueryError
from schema.text import columns_of

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


def test_places_that_share_a_character_count_together() -> None:
    crowd = [Place(36.0 + n / 1e6, 35.0, 1, "Hama") for n in range(30)] + [Place(40.0, 35.0, 1, "Far")]
    text = as_text(draw_map(crowd, title="Where", unit="events", width=80, height=24))
    assert "@ 16 or more  O 7 or more  o 2 or more  · less" in text
    body = "\n".join(text.splitlines()[2:-2])
    assert body.count("@") == 1
    assert "@ Hama" in body
    assert "· Far" in body


def test_places_on_both_sides_of_the_date_line_stand_side_by_side() -> None:
    fiji = [Place(178.4, -18.1, 3, "Suva"), Place(-179.8, -16.9, 1, "Taveuni")]
    lines = as_text(draw_map(fiji, title="Where", unit="events", width=80, height=24)).splitlines()[2:-2]
    columns = {line.index(sign) for line in lines for sign in "@O" if sign in line}
    assert len(columns) == 2
    assert max(columns) - min(columns) < 60
    assert any("\u2800" < char <= "\u28ff" for line in lines for char in line)
    root = ET.fromstring(map_svg(fiji, title="Where", unit="events"))
    circles = [element for element in root.iter() if element.tag.endswith("circle") and len(element)]
    at = [float(circle.get("cx", "")) for circle in circles]
    assert all(50 < x < 710 for x in at)
    assert "Fiji" in {element.text for element in root.iter() if element.tag.endswith("title")}


def test_the_world_is_drawn_once_however_wide_the_terminal() -> None:
    around = [Place(lon, 10.0, 1, "") for lon in range(-175, 180, 10)]
    text = as_text(draw_map(around, title="Where", unit="events", width=200, height=30))
    assert sum(line.count("@") for line in text.splitlines()[2:-2]) == len(around)


def test_a_map_of_very_many_places_loses_none() -> None:
    many = [Place(20 + n / 1000, 10.0, 2, f"p{n}") for n in range(3000)] + [Place(100.0, 60.0, 1, "Zyryanka")]
    dots = merged(many, 20)
    assert len(dots) <= 20
    assert sum(dot.weight for dot in dots) == 6001
    assert (100.0, 60.0, 1, "Zyryanka", 0) in [
        (dot.longitude, dot.latitude, dot.weight, dot.name, dot.merged) for dot in dots
    ]
    drawing = map_svg(many, title="Where", unit=told_of(many, "events"), most_dots=20)
    shown = drawing[: drawing.index('class="sizes"')]
    assert shown.count("<circle") == len(dots)
    assert f"6,001 events at 3,001 places, drawn as {len(dots)} dots" in drawing
    assert "<title>Zyryanka: 1</title>" in drawing


def test_a_map_never_adds_up_means() -> None:
    near = [Place(36 + n / 1e6, 35.0, 3.5) for n in range(30)] + [Place(40.0, 35.0, 1)]
    assert sorted(dot.weight for dot in merged(near, 5, adds=False)) == [
        1,
        *[3.5] * (len(merged(near, 5)) - 1),
    ]
    assert "the largest of those close together" in map_svg(
        near, title="t", unit="u", most_dots=5, adds=False
    )
    key = as_text(draw_map(near, title="t", unit="u", adds=False)).splitlines()[-2]
    assert key.startswith("@ more than 1.75")


def test_the_circles_of_a_map_are_explained_in_three_sizes() -> None:
    root = ET.fromstring(map_svg(PLACES, title="Where", unit="events"))
    sizes = next(element for element in root.iter() if element.get("class") == "sizes")
    assert [element.text for element in sizes.iter() if element.tag.endswith("text")] == ["3", "15", "60"]
    radii = [float(element.get("r", "")) for element in sizes.iter() if element.tag.endswith("circle")]
    drawn = [float(element.get("r", "")) for element in root.iter() if element.tag.endswith("circle")]
    assert radii == sorted(radii)
    assert radii[-1] == max(drawn)


def test_one_event_at_one_place_is_told_in_the_singular() -> None:
    assert told_of(PLACES[3:], "events") == "1 event at 1 place"


def test_what_is_below_zero_stays_on_the_chart() -> None:
    table = pa.table({"month": MONTHS, "change": [n - 6 for n in range(12)]})
    chart = chart_of(table)
    assert chart.title == "Change by month"
    text = as_text(draw(chart, width=60, height=16))
    assert "-10 ┤" in text or "-5 ┤" in text
    points = ET.fromstring(chart_svg(chart)).find(".//{*}polyline")
    assert points is not None
    heights = [float(point.split(",")[1]) for point in points.get("points", "").split()]
    assert max(heights) <= 360 - 52
    bars = chart_of(pa.table({"country": ["a", "b"], "change": [4, -2]}))
    long, short = as_text(draw(bars, width=60)).splitlines()[2:4]
    assert abs(long.count("█") - 2 * short.count("▒")) <= 1
    assert short.endswith("-2")
    assert long.index("│") == short.index("│") == short.rindex("▒") + 1 == long.index("█") - 1
    over, under = (
        [float(bar.get(name, "")) for name in ("x", "width")]
        for bar in list(ET.fromstring(chart_svg(bars)).iter("{http://www.w3.org/2000/svg}rect"))[1:]
    )
    assert under[0] + under[1] == pytest.approx(over[0], abs=0.2)
    assert over[1] == pytest.approx(2 * under[1], abs=0.2)


def test_a_moment_is_a_day_and_what_is_no_number_is_not_drawn() -> None:
    table = pa.table(
        {"month": pa.array([1704067200, 1706745600], pa.timestamp("s")), "mean": [float("nan"), 2.0]}
    )
    chart = chart_of(table)
    assert chart.kind == "line"
    assert chart.positions == (dt.date(2024, 1, 1), dt.date(2024, 2, 1))
    assert chart.series[0].values == (None, 2.0)


def test_a_lone_point_is_seen_and_a_lone_series_named() -> None:
    table = pa.table({"month": MONTHS[:1], "country": ["Syria"], "events": [3]})
    text = as_text(draw(chart_of(table), width=60, height=14))
    assert MARKS[0] in text
    assert "Syria" in text
    assert "Syria" in chart_svg(chart_of(table))


def test_wide_names_keep_the_bars_in_line() -> None:
    table = pa.table({"name": ["中文名字", "ab", "e\u0301e\u0301"], "n": [4, 2, 1]})
    lines = as_text(draw(chart_of(table, title="t"), width=60)).splitlines()[2:5]
    assert {columns_of(line[: line.index("█")]) for line in lines} == {9}


def test_bars_are_as_long_as_their_values() -> None:
    table = pa.table({"name": ["a", "b"], "n": [40, 20]})
    long, short = as_text(draw(chart_of(table, title="t"), width=60)).splitlines()[2:4]
    assert long.count("█") == 2 * short.count("█")


def test_small_multiples_share_one_scale() -> None:
    chart = chart_of(SERIES, title="t", unit="u")
    assert "one scale for all" in as_text(draw_multiples(chart, width=80))
    assert multiples_svg(chart).count("<polyline") == 2


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (200, 60)])
def test_small_multiples_use_the_terminal_and_fit_it(width: int, height: int) -> None:
    chart = chart_of(SERIES, title="t", unit="u", source="s")
    lines = as_text(draw_multiples(chart, width=width, height=height)).splitlines()
    assert len(lines) <= height
    assert len(lines) >= min(height, 20) - 4
    assert max(map(columns_of, lines)) <= width


@pytest.mark.parametrize("drawing", [chart_svg, multiples_svg])
def test_svg_is_well_formed_and_carries_no_markup_from_the_data(drawing: object) -> None:
    chart = chart_of(SERIES, title="<script>alert(1)</script>\x1b[2J\ufffe", unit="&", source="Source: <x>")
    text = drawing(chart)  # type: ignore[operator]
    root = ET.fromstring(text)
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert "\x1b" not in text


def test_a_map_as_svg_has_outlines_circles_and_names() -> None:
    root = ET.fromstring(map_svg(PLACES, title="Where", unit="events", source="Source: test"))
    circles = [element for element in root.iter() if element.tag.endswith("circle") and len(element)]
    assert len(circles) == len(PLACES)
    titles = {element.text for element in root.iter() if element.tag.endswith("title")}
    assert {"Syria", "Hama: 60"} <= titles


def _many(count: int) -> pa.Table:
    rows = [(f"c{n}", month, 100 - n) for n in range(count) for month in MONTHS[:2]]
    return pa.table(
        dict(zip(["country", "month", "events"], map(list, zip(*rows, strict=True)), strict=True))
    )


def test_too_many_series_are_others_only_where_they_add_up() -> None:
    table = _many(30)
    counts = chart_of(table, title="t", adds=True).of_largest(6)
    assert [series.name for series in counts.series] == ["c0", "c1", "c2", "c3", "c4", "others"]
    assert sum(sum(map(float, series.values)) for series in counts.series) == sum(table["events"].to_pylist())
    unknown = chart_of(table, title="t").of_largest(6)
    assert [series.name for series in unknown.series] == ["c0", "c1", "c2", "c3", "c4", "c5"]
    assert unknown.note == "The 6 largest of 30 series are drawn, 24 left out"
    assert unknown.note in chart_svg(chart_of(table, title="t"))
    assert "others" not in as_text(draw(chart_of(table, title="t")))


def test_too_many_bars_are_summed_only_where_they_add_up() -> None:
    table = _many(30).select(["country", "month", "events"]).slice(0, 60)
    table = table.filter(pa.array([n % 2 == 0 for n in range(60)])).select(["country", "events"])
    bars = chart_of(table, title="t", adds=True)
    assert len(bars.positions) == 20
    assert bars.note == "… and 10 others, 755 together"
    assert bars.note in as_text(draw(bars, height=30))
    assert bars.note in chart_svg(bars)
    assert as_text(draw(bars, height=12)).count("█ ") < 12
    assert "more; 10 others" in as_text(draw(bars, height=10))
    assert chart_of(table, title="t").note == "… and 10 others"


def test_a_period_without_a_row_is_a_gap() -> None:
    quarters = [dt.date(2023, 1, 1), dt.date(2023, 4, 1), dt.date(2024, 1, 1), dt.date(2024, 4, 1)]
    table = pa.table({
        "quarter": [*quarters, *quarters[:3]],
        "country": ["Syria"] * 4 + ["Fiji"] * 3,
        "mean": [3.5, 3.0, 4.0, 3.6, 1.0, 2.0, 9.0],
    })  # fmt: skip
    chart = chart_of(table, source="s")
    assert len(chart.positions) == 6
    assert {series.name: series.values for series in chart.series} == {
        "Syria": (3.5, 3.0, None, None, 4.0, 3.6),
        "Fiji": (1.0, 2.0, None, None, 9.0, None),
    }
    lines = [
        len(line.get("points", "").split())
        for line in ET.fromstring(chart_svg(chart)).iter()
        if "poly" in line.tag
    ]
    assert lines == [2, 2, 2]
    assert multiples_svg(chart).count("<circle") == 1
    plot = [line[line.index("│") :] for line in as_text(draw(chart, width=80)).splitlines() if "│" in line]
    assert not any(line[36:50].strip() for line in plot)


def test_years_without_a_row_are_a_gap_and_odd_days_stay_as_they_are() -> None:
    years = chart_of(pa.table({"year": [2020, 2021, 2023], "events": [1, 2, 3]}))
    assert years.series[0].values == (1, 2, None, 3)
    ends = chart_of(pa.table({"month": [dt.date(2024, 1, 31), dt.date(2024, 2, 29)], "events": [1, 2]}))
    assert len(ends.positions) == 2


def test_several_rows_of_one_day_are_told_to_be_added_up() -> None:
    days = [dt.date(2024, 1, day) for day in (1, 1, 2)]
    chart = chart_of(pa.table({"event_date": days, "fatalities": [2, 3, 4]}), source="s")
    assert chart.series[0].values == (5, 4)
    assert "Several rows of the same day are added up" in chart_svg(chart)
    assert "Several rows of the same day are added up" in as_text(draw(chart))
    assert not chart_of(SERIES).note
    bars = chart_of(pa.table({"country": ["a", "a", "b"], "fatalities": [2, 3, 4]}))
    assert bars.positions == ("a", "b")
    assert "Rows of the same name are added up" in chart_svg(bars)


def test_small_multiples_show_every_series_that_fits_and_tell_how_many_do_not() -> None:
    chart = chart_of(_many(21), title="t", source="s")
    assert all(f">c{n}</text>" in multiples_svg(chart) for n in range(21))
    large = as_text(draw_multiples(chart, width=120, height=40))
    assert all(f"c{n}" in large.replace("\n", " ").split() for n in range(21))
    small = as_text(draw_multiples(chart, width=80, height=24))
    assert "The 9 largest of 21 series are drawn, 12 left out" in small
    assert len(small.splitlines()) <= 24
    scrolled = as_text(draw(chart, width=80, height=12, scrolls=True))
    assert all(f"c{n}" in scrolled.replace("\n", " ").split() for n in range(21))


def test_the_names_of_lines_have_their_colours_too() -> None:
    segments = [segment for line in draw(chart_of(SERIES), width=80) for segment in line]
    assert ("● Iraq <b>", "line0") in segments
    assert ("   ▲ Syria", "line1") in segments


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (200, 60)])
def test_several_lines_are_lines_that_carry_their_marks(width: int, height: int) -> None:
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in range(200)]
    table = pa.table(
        {"day": days * 3, "country": [c for c in "abc" for _ in days], "n": [n % 7 for n in range(600)]}
    )
    drawing = as_text(draw(chart_of(table), width=width, height=height))
    plot = drawing.splitlines()[2:-2]
    assert sum("\u2800" < char <= "\u28ff" for line in plot for char in line) > width
    assert all(4 <= sum(line.count(mark) for line in plot) <= width // 4 for mark in MARKS[:3])
    assert MARKS[0] not in as_text(draw(chart_of(_many(6)), width=width, height=height))


def test_titles_and_units_are_plain_words() -> None:
    table = pa.table({"month": MONTHS[:2], "event_type": ["a", "b"], "mean_fatalities": [1.0, 2.0]})
    chart = chart_of(table)
    assert (chart.title, chart.unit) == (
        "Mean fatalities by month and event type",
        "mean fatalities in each month",
    )
    assert chart_of(SERIES).unit == "events a month"
    assert chart_of(
        table.select(["event_type", "mean_fatalities"]).rename_columns(["event_type", "n"])
    ).title == ("Number by event type")


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


def _texts(drawing: str) -> list[ET.Element]:
    return [element for element in ET.fromstring(drawing).iter() if element.tag.endswith("}text")]


def test_every_name_of_a_line_stands_in_the_picture_and_is_whole() -> None:
    names = [
        "Protests",
        "Violence against civilians",
        "Explosions/Remote violence",
        "Strategic developments",
        "Riots",
        "Battles",
    ]
    table = pa.table({
        "month": MONTHS[:2] * 6,
        "event_type": [name for name in names for _ in range(2)],
        "events": [100, 100, *[1] * 10],
    })  # fmt: skip
    found = {element.text: element for element in _texts(chart_svg(chart_of(table, source="Source: s")))}
    assert set(names) <= set(found)
    heights = sorted(float(found[name].get("y", "")) for name in names)
    assert all(two - one >= 12 for one, two in pairwise(heights))
    assert heights[-1] < float(found["Source: s"].get("y", "")) - 20
    assert all(float(found[name].get("x", "")) + 6.5 * len(name) < 760 for name in names)


def test_a_long_name_of_a_line_takes_two_rows() -> None:
    long = "Military Forces of the Democratic Republic of Congo"
    table = pa.table({"month": MONTHS[:2] * 2, "actor": [long, long, "a", "a"], "n": [1, 2, 3, 4]})
    rows = [element.text or "" for element in _texts(chart_svg(chart_of(table)))]
    assert long in " ".join(rows)


def test_days_too_many_to_be_told_apart_have_strokes_only_at_their_labels() -> None:
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in range(366)]
    drawing = chart_svg(chart_of(pa.table({"event_date": days, "events": [1] * 366})))
    strokes = re.findall(r'd="M[\d.]+ 308v', drawing)
    labels = [element for element in _texts(drawing) if "2024" in (element.text or "")]
    assert len(strokes) == len(labels) > 3
    months = chart_svg(chart_of(SERIES))
    assert len(re.findall(r'd="M[\d.]+ 308v', months)) == 12


def test_words_written_from_the_right_stand_in_order_and_joined_in_a_png() -> None:
    table = pa.table({"place": ["حماة", "<Hama> (חמה) 2024", "Idlib"], "n": [3, 2, 1]})
    drawing = chart_svg(chart_of(table, title="حماة 2024"))
    drawn = [element.text for element in _texts(letter_by_letter(drawing))]
    turned = "\ufe93\ufe8e\ufee4\ufea3"
    assert turned in drawn
    assert f"2024 {turned}" in drawn
    assert "<Hama> (המח) 2024" in drawn
    assert "Idlib" in drawn
    assert "حماة" in [element.text for element in _texts(drawing)]


def test_a_long_filter_takes_nothing_else_out_of_the_picture() -> None:
    many = [Place(n / 10, 10.0, 1, f"p{n}") for n in range(50)]
    where = f", where country IN ({', '.join(repr(f'Country {n}') for n in range(30))})"
    told = [
        element.text or ""
        for element in _texts(
            map_svg(
                many, title="t" * 300, unit="50 events", source=f"Source: s{where}", where=where, most_dots=20
            )
        )
    ]
    assert any("drawn as" in words and words.endswith("…") for words in told)
    assert any("…. Outlines: Natural Earth" in words for words in told)
    assert max(map(len, told)) < 130
