"""The one place where charts become SVG: readable without colour, with title, unit and source inside the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from textwrap import wrap

from data.report.chart import Chart, Series, day_label, day_labels, short, ticks
from schema.text import columns_of, cut_to, safe_text

Scale = Callable[[float], float]
"""From a value to a pixel."""

INK, GREY, GRID = "#1a1a1a", "#5a5a5a", "#dddddd"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#5a5a5a")
"""Told apart by people who see colours differently; each line also has dashes and a mark of its own."""

DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 4")
_FONT = "font-family=\"system-ui, 'DejaVu Sans', sans-serif\""
_MOST_LINES = 6
_LEFT, _NARROW, _TOP, _BOTTOM = 64, 28, 58, 52
_NAME, _LETTER, _ROW = 30, 6.8, 15
"""Letters of a line's name before it is broken, and the pixels of a letter and of a row."""


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 12,
    anchor: str = "start",
    colour: str = INK,
    bold: bool = False,
    beside: float = 0,
) -> str:
    """A text element; the words may come from anybody. `beside` moves it away from its point, level with its middle."""
    weight = ' font-weight="600"' if bold else ""
    weight += f' dx="{beside:.1f}" dy="4"' if beside else ""
    plain = escape(safe_text(words, keep_newlines=False))
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"{weight}>{plain}</text>'


def frame(width: int, height: int, title: str, unit: str, source: str, body: str, *, note: str = "") -> str:
    """A picture with its title, what is counted, what is left out, and where it comes from."""
    label = escape(safe_text(f"{title}, {unit}", keep_newlines=False), quote=True)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'{opening} role="img" aria-label="{label}" {_FONT}>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        text(12, 24, cut_to(title, width // 10), size=17, bold=True),
        text(12, 43, cut_to(unit, width // 7), size=12, colour=GREY),
        body,
        text(12, height - 26, note, size=11, colour=GREY) if note else "",
        text(12, height - 10, cut_to(source, width // 6), size=10, colour=GREY) if source else "",
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def chart_svg(chart: Chart, *, width: int = 760, height: int = 360) -> str:
    """The chart as one SVG picture."""
    if not chart.positions:
        return frame(width, 120, chart.title, "nothing to show: no rows", chart.source, "")
    if chart.kind == "bars":
        return _bars(chart, width)
    return _lines(chart.of_largest(_MOST_LINES), width, height)


def multiples_svg(chart: Chart, *, width: int = 760, across: int = 3, most: int = 60) -> str:
    """Small multiples: one little chart a series, all on one scale; what is left out is told."""
    chart = chart.of_largest(most, others=False)
    small, tall = (width - 24) // across, 150
    rows = -(-len(chart.series) // across)
    body = []
    for index, series in enumerate(chart.series):
        x, y = 12 + (index % across) * small, 56 + (index // across) * tall
        body.append(f'<g transform="translate({x} {y})">{_small(chart, series, small - 14, tall - 16)}</g>')
    return frame(
        width,
        56 + rows * tall + 24 + _note_room(chart),
        chart.title,
        f"{chart.unit}, one scale for all",
        chart.source,
        "\n".join(body),
        note=chart.note,
    )


def _note_room(chart: Chart) -> int:
    return 18 if chart.note else 0


def _small(chart: Chart, series: Series, width: int, height: int) -> str:
    scale = ticks(chart.highest, chart.lowest, about=3)
    x, y = _across(chart, 30, width), _upwards(scale, height - 14, 20)
    first, last = (day_label(chart.positions[i], chart.positions) for i in (0, -1))
    return "".join([
        text(0, 10, cut_to(series.name, width // 7), size=11, bold=True),
        f'<path d="M30 20V{height - 14}H{width}" fill="none" stroke="{GRID}"/>',
        text(26, 24, short(scale[-1]), size=9, anchor="end", colour=GREY),
        text(26, height - 12, short(scale[0]), size=9, anchor="end", colour=GREY),
        *_joined(series, x, y, f'stroke="{COLOURS[0]}" stroke-width="1.6"'),
        *_lone(series, 0, x, y, COLOURS[0]),
        text(30, height, first, size=9, colour=GREY),
        text(width, height, last, size=9, anchor="end", colour=GREY) if len(chart.positions) > 1 else "",
    ])  # fmt: skip


def _joined(series: Series, x: Scale, y: Scale, style: str) -> list[str]:
    """A line for each stretch of values that follow each other: where nothing is known, nothing is drawn."""
    return [
        f'<polyline points="{" ".join(f"{x(i):.1f},{y(v):.1f}" for i, v in run)}" fill="none" {style}/>'
        for run in series.runs
        if len(run) > 1
    ]


def _lone(series: Series, index: int, x: Scale, y: Scale, colour: str) -> list[str]:
    """A mark for each value that has no neighbour to be joined with."""
    return [_mark(index, x(run[0][0]), y(run[0][1]), colour) for run in series.runs if len(run) == 1]


def _lines(chart: Chart, width: int, height: int) -> str:
    scale = ticks(chart.highest, chart.lowest)
    height += _note_room(chart)
    low, high = height - _BOTTOM - _note_room(chart), _TOP + 6
    right = width - (_names_room(chart) if _is_named(chart) else _NARROW)
    x, y = _across(chart, _LEFT, right), _upwards(scale, low, high)
    parts = []
    for tick in scale:
        parts.append(f'<path d="M{_LEFT} {y(tick):.1f}H{right}" stroke="{GRID}"/>')
        parts.append(text(_LEFT - 8, y(tick) + 4, short(tick), size=11, anchor="end", colour=GREY))
    parts += _day_axis(chart, x, low, width)
    for index, series in enumerate(chart.series):
        colour, dash = COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
        parts += _joined(series, x, y, f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"')
        if len(series.values) <= 40:
            parts += [_mark(index, x(i), y(v), colour) for run in series.runs for i, v in run]
        else:
            parts += _lone(series, index, x, y, colour)
    parts += _line_names(chart, right + 8, y, (high, low + 12)) if _is_named(chart) else []
    return frame(width, height, chart.title, chart.unit, chart.source, "\n".join(parts), note=chart.note)


def _across(chart: Chart, left: float, right: float) -> Scale:
    """From the number of a position to its pixel."""
    places = chart.places
    return lambda index: left + places[int(index)] * (right - left)


def _upwards(scale: Sequence[float], low: float, high: float) -> Scale:
    """From a value to its pixel, between the ends of the axis."""
    return lambda value: low - (value - scale[0]) / (scale[-1] - scale[0]) * (low - high)


def _is_named(chart: Chart) -> bool:
    """Whether its lines need names: the unit says what a lone line is, unless it is one that could have had others."""
    return len(chart.series) > 1 or chart.named


def _day_axis(chart: Chart, x: Scale, low: float, width: int) -> list[str]:
    """Labels under the positions, as many as do not touch; a stroke for each position where strokes can be told apart."""
    parts: list[str] = []
    last = float("-inf")
    count = len(chart.positions)
    each = (x(count - 1) - x(0)) / max(count - 1, 1) >= 4
    for index, label in enumerate(day_labels(chart.positions)):
        long = 7 * len(label)
        labelled = x(index) - last >= long + 24
        if each or labelled:
            parts.append(f'<path d="M{x(index):.1f} {low}v{5 if labelled else 3}" stroke="{GREY}"/>')
        if labelled:
            last = x(index)
            at = min(last, width - long / 2 - 2)
            parts.append(text(at, low + 18, label, size=11, anchor="middle", colour=GREY))
    return parts


def _name_rows(name: str) -> list[str]:
    """A line's name in one row or two."""
    name = safe_text(name, keep_newlines=False)
    if columns_of(name) <= _NAME:
        return [name]
    if columns_of(name) != len(name):
        return [cut_to(name, _NAME)]
    return wrap(name, _NAME, max_lines=2, placeholder=" …")


def _names_room(chart: Chart) -> int:
    """How wide the names beside the lines are, with their marks."""
    longest = max(columns_of(row) for series in chart.series for row in _name_rows(series.name))
    return max(90, round(28 + _LETTER * longest))


def _line_names(chart: Chart, x: float, y: Scale, room: tuple[float, float]) -> list[str]:
    """Each line's name at its end, moved apart where they would lie on each other, and all of them in the picture."""
    wanted = sorted((y(series.last), index) for index, series in enumerate(chart.series))
    rows = [_name_rows(chart.series[index].name) for _, index in wanted]
    places: list[float] = []
    at = room[0]
    for (place, _), name in zip(wanted, rows, strict=True):
        at = max(place, at)
        places.append(at)
        at += _ROW * len(name)
    at = room[1]
    for place in range(len(places) - 1, -1, -1):
        at = min(places[place], at - _ROW * len(rows[place]))
        places[place] = at
    parts = []
    for (_, index), name, at in zip(wanted, rows, places, strict=True):
        colour = COLOURS[index % len(COLOURS)]
        parts.append(_mark(index, x + 4, at, colour))
        parts += [text(x + 12, at + 4 + n * _ROW, row, size=11, colour=colour) for n, row in enumerate(name)]
    return parts


def _mark(index: int, x: float, y: float, colour: str) -> str:
    shapes = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>',
        f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="{colour}"/>',
        f'<path d="M{x:.1f} {y - 4:.1f}l4 7h-8z" fill="{colour}"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="{colour}" stroke-width="1.5"/>',
        f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="#fff" stroke="{colour}" stroke-width="1.5"/>',
        f'<path d="M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6" stroke="{colour}" stroke-width="1.8"/>',
    )
    return shapes[index % len(shapes)]


def _bars(chart: Chart, width: int) -> str:
    """Bars from zero: to the right, those of negative numbers hollow and to the left."""
    values = chart.series[0].values
    left = 20 + min(270, max(7.2 * columns_of(cut_to(str(name), 36)) for name in chart.positions))
    scale, step = ticks(chart.highest, chart.lowest), 24
    # The number beside a negative bar stands between it and the names.
    start, end = left + (60 if scale[0] < 0 else 0), width - 90
    x = _upwards(scale, start, end)
    parts = []
    for index, (name, value) in enumerate(zip(chart.positions, values, strict=True)):
        y = _TOP + index * step
        parts.append(text(left - 8, y + 14, cut_to(str(name), 36), size=12, anchor="end"))
        if value is None:
            parts.append(text(x(0) + 6, y + 14, "not known", size=12, colour=GREY))
            continue
        edge, length = min(x(value), x(0)), max(abs(x(value) - x(0)), 1)
        fill = f'fill="{COLOURS[0]}"' if value >= 0 else f'fill="none" stroke="{COLOURS[0]}"'
        parts.append(f'<rect x="{edge:.1f}" y="{y}" width="{length:.1f}" height="{step - 7}" {fill}/>')
        at, anchor = (edge + length + 6, "start") if value >= 0 else (edge - 6, "end")
        parts.append(text(at, y + 14, short(value), size=12, anchor=anchor, colour=GREY))
    if scale[0] < 0:
        parts.append(f'<path d="M{x(0):.1f} {_TOP - 4}V{_TOP + len(values) * step}" stroke="{GREY}"/>')
    if chart.note:
        parts.append(text(left, _TOP + len(values) * step + 10, chart.note, size=11, colour=GREY))
    height = _TOP + len(values) * step + (54 if chart.note else 36)
    return frame(width, height, chart.title, chart.unit, chart.source, "\n".join(parts))
