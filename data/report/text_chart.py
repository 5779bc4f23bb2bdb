"""The one place where charts and maps become characters: for a terminal, a log, a mail; readable without colour.

A drawing is lines of segments (text, role); a screen may give each role a colour, everything else joins the texts.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data.report.chart import Chart, Series, day_label, short, ticks
from data.report.places import Place, side_by_side
from data.report.world import SOURCE, Box, Country, box_of, countries_in
from schema.text import columns_of, cut_to, safe_text

Segment = tuple[str, str]
"""Text, and its role: title, axis, line, bar, land, place, or nothing."""
Drawing = list[list[Segment]]

MARKS = "●▲■○△□◆◇"
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character, by row and column of its dots."""
_LOWEST, _HIGHEST = 6, 20
"""Lines of one of several small charts."""
_WIDE, _NARROW = 36, 26
"""Columns of one of several small charts."""
_SCROLLED, _MOST_SCROLLED = 8, 60
"""Lines of a small chart, and how many there are at most, on a screen that scrolls."""
ONE_ABOVE_ANOTHER = 3
"""How many lines can be told apart in one chart of characters; more are drawn one by one."""
_NAMED, _LONGEST_NAME = 5, 24
"""How many places of a map are named, and how long a name may be."""


def as_text(drawing: Drawing) -> str:
    """The drawing without roles."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in drawing)


def draw(chart: Chart, *, width: int = 80, height: int = 20, scrolls: bool = False) -> Drawing:
    """The chart in at most `width` columns and about `height` lines; more lines than can be told apart one by one."""
    if chart.kind == "line" and len(chart.series) > ONE_ABOVE_ANOTHER:
        return draw_multiples(chart, width=width, height=height, scrolls=scrolls)
    head = _head(chart.title, chart.unit, width)
    if not chart.positions:
        return [*head, [("(no rows)", "axis")], *_foot(chart.source, width)]
    if chart.kind == "bars":
        return [*head, *_bars(chart, width, max(3, height - len(head) - 1)), *_foot(chart.source, width)]
    below = 3 + (len(chart.series) > 1 or chart.named) + bool(chart.note)
    body = _lines(chart, width, max(4, height - len(head) - below))
    return [*head, *body, *_foot(chart.note, width), *_foot(chart.source, width)]


def draw_multiples(chart: Chart, *, width: int = 80, height: int = 24, scrolls: bool = False) -> Drawing:
    """One little chart a series, side by side on one scale, as many as `height` lines have room for.

    On a screen that `scrolls` they take as many lines as they need.
    """
    if scrolls:
        needed = -(-min(len(chart.series), _MOST_SCROLLED) // max(1, width // _WIDE))
        height = max(height, 4 + needed * _SCROLLED)
    across, rows = _arranged(len(chart.series), width, height - 4)
    chart = chart.of_largest(across * rows, others=False)
    rows = max(1, -(-len(chart.series) // across))
    # As many in each row, so that the last is not nearly empty.
    across = max(1, -(-len(chart.series) // rows))
    each = (width - 2 * (across - 1)) // across
    tall = min(max((height - 3 - bool(chart.note)) // rows, _LOWEST), _HIGHEST)
    drawing = _head(chart.title, f"{chart.unit}, one scale for all", width)
    axis = _Axis.over(chart, tall - 3)
    for start in range(0, len(chart.series), across):
        blocks = [
            [
                [(_fit(series.name, each), "title")],
                *_lines(chart.alone(series), each, tall - 3, axis=axis),
            ]
            for series in chart.series[start : start + across]
        ]
        drawing += _beside(blocks, each)
    return [*drawing, *_foot(chart.note, width), *_foot(chart.source, width)]


def _arranged(count: int, width: int, height: int) -> tuple[int, int]:
    """How many small charts stand side by side and above each other: narrow ones only where wide ones are too many."""
    rows = max(1, height // _LOWEST)
    wide, narrow = (max(1, min(count, width // least)) for least in (_WIDE, _NARROW))
    return (wide if wide * rows >= count else narrow), rows


def draw_map(
    places: Sequence[Place],
    *,
    title: str,
    unit: str,
    source: str = "",
    width: int = 80,
    height: int = 24,
    adds: bool = True,
) -> Drawing:
    """Coasts and borders in dots, a sign for each place: · o O @ by weight; those that share one are added up, or the largest."""
    head = _head(title, unit, width)
    columns, lines = width, max(4, height - len(head) - 2)
    places = side_by_side(places)
    box = _map_box(places, columns, lines)
    canvas = _Canvas(columns, lines)
    for country in countries_in(box):
        _outline(country, box, canvas)
    drawing = [[(char, "land") for char in line] for line in canvas.text()]
    cells = _weighed(places, box, columns, lines, adds)
    most = max((cell.weight for cell in cells.values()), default=0) or 1
    for (line, column), cell in cells.items():
        drawing[line][column] = (_sign(cell.weight / most), "place")
    _name_largest(drawing, cells)
    key = _weights_key(most, [cell.weight for cell in cells.values()])
    noted = f"{source}. {SOURCE}" if source else SOURCE
    return [*head, *map(_joined, drawing), [(_fit(key, width), "axis")], *_foot(noted, width)]


def _weighed(
    places: Sequence[Place], box: Box, columns: int, lines: int, adds: bool
) -> dict[tuple[int, int], Place]:
    """What stands in each character: the weights of its places together, under the name of the largest."""
    cells: dict[tuple[int, int], Place] = {}
    for place in sorted(places, key=lambda place: -place.weight):
        column = int((place.longitude - box.west) / box.width * columns)
        line = int((box.north - place.latitude) / box.height * lines)
        if 0 <= column < columns and 0 <= line < lines:
            before = cells.get((line, column))
            more = place.weight if adds else 0
            cells[line, column] = replace(before, weight=before.weight + more) if before else place
    return cells


def _sign(share: float) -> str:
    return "@" if share > 0.5 else "O" if share > 0.2 else "o" if share > 0.05 else "·"


def _name_largest(drawing: Drawing, cells: Mapping[tuple[int, int], Place]) -> None:
    """Write the names of the largest places beside their signs, over outlines but over no other sign or name."""
    ranked = sorted(cells.items(), key=lambda item: -item[1].weight)[:_NAMED]
    for (line, column), place in ranked:
        name = _fit(place.name, _LONGEST_NAME)
        start, end = column + 2, column + 2 + columns_of(name)
        row = drawing[line]
        if not name or columns_of(name) != len(name) or end > len(row):
            continue
        if all(role == "land" for _, role in row[column + 1 : end + 1]):
            row[column + 1] = (" ", "name")
            for at, char in enumerate(name):
                row[start + at] = (char, "name")


def _weights_key(most: float, weights: Sequence[float]) -> str:
    """What the signs stand for, each for all places in it; whole numbers for counts."""
    whole = all(float(weight).is_integer() for weight in weights)
    steps = [(sign, most * share) for sign, share in (("@", 0.5), ("O", 0.2), ("o", 0.05))]
    if not whole:
        return "  ".join([*(f"{sign} more than {short(step)}" for sign, step in steps), "· less"])
    told, last = [], math.inf
    for sign, step in steps:
        least = math.floor(step) + 1
        if least < last:
            told.append(f"{sign} {short(least)} or more")
            last = least
    return "  ".join([*told, "· less"] if last > 1 else told)


def _head(title: str, unit: str, width: int) -> Drawing:
    return [[(_fit(title, width), "title")], [(_fit(unit, width), "axis")]]


def _foot(source: str, width: int) -> Drawing:
    return [[(_fit(source, width), "axis")]] if source else []


def _fit(words: str, width: int) -> str:
    return cut_to(safe_text(words, keep_newlines=False), width)


def _joined(cells: list[Segment]) -> list[Segment]:
    """Neighbours of one role as one segment."""
    line: list[Segment] = []
    for text, role in cells:
        if line and line[-1][1] == role:
            line[-1] = (line[-1][0] + text, role)
        else:
            line.append((text, role))
    return line


def _bars(chart: Chart, width: int, height: int) -> Drawing:
    """Bars from zero: to the right, those of negative numbers hatched and to the left."""
    series = chart.series[0]
    pairs = list(zip(map(str, chart.positions), series.values, strict=True))
    note = chart.note
    if len(pairs) + bool(note) > height:
        hidden = len(pairs) - height + 1
        pairs, note = pairs[: height - 1], f"… and {hidden:,} more{note.replace('… and', ';')}"
    names = [_fit(name, max(10, width // 3)) for name, _ in pairs]
    left = max(map(columns_of, names))
    numbers = ["–" if value is None else short(value) for _, value in pairs]
    known = [value for _, value in pairs if value is not None]
    lowest, highest = min(known, default=0.0), max(known, default=0.0)
    lowest, span = min(lowest, 0.0), max(highest, 0.0) - min(lowest, 0.0) or 1.0
    room = max(2, width - left - max(map(len, numbers)) - 3 - bool(lowest))
    below = math.ceil(-lowest / span * room)
    drawing: Drawing = []
    for name, (_, value), number in zip(names, pairs, numbers, strict=True):
        eighths = round(abs(value or 0.0) / span * room * 8)
        bar = "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
        if lowest:
            hatched = "▒" * ((eighths + 4) // 8) if (value or 0.0) < 0 else ""
            bar = f"{hatched:>{below}}│{'' if hatched else bar}"
        lead = " " * (left - columns_of(name))
        drawing.append([(f"{lead}{name} ", "axis"), (bar, "bar"), (f" {number}", "")])
    return [*drawing, [(_fit(note, width), "axis")]] if note else drawing


@dataclass(frozen=True)
class _Axis:
    """The upright axis: its numbers, and how far down from its end a value stands."""

    numbers: tuple[float, ...]

    @classmethod
    def over(cls, chart: Chart, height: int) -> _Axis:
        about = min(5, max(3, height // 3))
        return cls(tuple(ticks(chart.highest, chart.lowest, about=about)))

    def depth(self, value: float) -> float:
        """0 at the upper end, 1 at the lower one."""
        return (self.numbers[-1] - value) / (self.numbers[-1] - self.numbers[0])


def _lines(chart: Chart, width: int, height: int, *, axis: _Axis | None = None) -> Drawing:
    axis = axis or _Axis.over(chart, height)
    labels = {round((height - 1) * axis.depth(tick)): short(tick) for tick in axis.numbers}
    left = max(map(len, labels.values()))
    columns = max(4, width - left - 2)
    plot = _plot(chart, columns, height, axis)
    drawing: Drawing = [
        [(f"{labels.get(row, ''):>{left}} {'┤' if row in labels else '│'}", "axis"), *_joined(cells)]
        for row, cells in enumerate(plot)
    ]
    drawing.append([(" " * (left + 1) + "└" + "─" * columns, "axis")])
    drawing.append([(" " * (left + 2) + _day_line(chart, columns), "axis")])
    if len(chart.series) > 1 or chart.named:
        drawing.append(_key(chart.series, width))
    return drawing


def _key(series: Sequence[Series], width: int) -> list[Segment]:
    """Each mark with its name, every one of them in the line, cut where they are long."""
    if len(series) == 1:
        return [(_fit(series[0].name, width), "line")]
    room = max((width - 3 * (len(series) - 1)) // len(series) - 2, 4)
    spare = sum(max(room - columns_of(each.name), 0) for each in series)
    long = sum(columns_of(each.name) > room for each in series)
    room += spare // long if long else 0
    blank = " " * 3
    return [
        (f"{blank if i else ''}{MARKS[i % len(MARKS)]} {_fit(each.name, room)}", f"line{i}")
        for i, each in enumerate(series)
    ]


def _plot(chart: Chart, columns: int, height: int, axis: _Axis) -> list[list[Segment]]:
    """The lines in braille dots, eight to a character; several carry their mark every few columns."""
    cells: list[list[Segment]] = [[(" ", "")] * columns for _ in range(height)]
    bits = [[0] * columns for _ in range(height)]
    several, places = len(chart.series) > 1, chart.places
    for index, series in reversed(list(enumerate(chart.series))):
        canvas = _Canvas(columns, height)
        for run in series.runs:
            dots = [
                (places[i] * (canvas.width - 1), axis.depth(value) * (canvas.height - 1)) for i, value in run
            ]
            for one, two in itertools.pairwise(dots):
                canvas.line(*one, *two)
        for row, column, cell in canvas.cells():
            bits[row][column] |= cell
            cells[row][column] = (chr(0x2800 + bits[row][column]), f"line{index}" if several else "line")
    taken: set[tuple[int, int]] = set()
    for index in range(len(chart.series)):
        for row, column in _marked(chart, index, columns, height, axis):
            if (row, column) not in taken:
                taken.add((row, column))
                cells[row][column] = (MARKS[index % len(MARKS)], f"line{index}" if several else "line")
    return cells


def _marked(chart: Chart, index: int, columns: int, height: int, axis: _Axis) -> list[tuple[int, int]]:
    """Where a series shows its mark: lone values always; of several series the last value, and one every few columns."""
    series, count, places = chart.series[index], len(chart.series), chart.places
    lone = [run[0] for run in series.runs if len(run) == 1]
    known = [at for run in series.runs for at in run]
    wanted = list(lone)
    if count > 1 and known:
        stride = max(4 * count, columns // 8)
        # Each series begins elsewhere, so that lines close to each other show their marks in turn.
        aims = range(stride * index // count, columns, stride)
        wanted += [
            min(known, key=lambda at: abs(places[at[0]] * (columns - 1) - aim)) for aim in aims
        ] + known[-1:]
    return [
        (
            min(max(round(axis.depth(value) * (height - 1)), 0), height - 1),
            round(places[i] * (columns - 1)),
        )
        for i, value in wanted
    ]


def _day_line(chart: Chart, columns: int) -> str:
    first, last = (day_label(chart.positions[i], chart.positions) for i in (0, -1))
    if len(chart.positions) == 1:
        return first
    room = columns - len(first) - len(last)
    middle = len(chart.positions) // 2
    label = day_label(chart.positions[middle], chart.positions)
    start = round(chart.places[middle] * (columns - 1)) - len(first) - len(label) // 2
    if 2 <= start <= room - len(label) - 2:
        return first + " " * start + label + " " * (room - start - len(label)) + last
    return first + " " * max(room, 1) + last


def _beside(blocks: list[Drawing], width: int) -> Drawing:
    lines: Drawing = []
    for row in range(max(map(len, blocks))):
        line: list[Segment] = []
        for block in blocks:
            cells = block[row] if row < len(block) else []
            used = sum(columns_of(text) for text, _ in cells)
            line += [*cells, (" " * (width - used + 2), "")]
        lines.append(line)
    return lines


def _map_box(places: Sequence[Place], columns: int, lines: int) -> Box:
    near = box_of([(place.longitude, place.latitude) for place in places]).grown(0.15, least=2.0)
    squeeze = max(0.3, math.cos(math.radians((near.south + near.north) / 2)))
    # A character is about twice as high as it is wide.
    return near.shaped(columns / (2 * lines) / squeeze)


def _outline(country: Country, box: Box, canvas: _Canvas) -> None:
    for ring in country.rings:
        dots = [
            ((lon - box.west) / box.width * canvas.width, (box.north - lat) / box.height * canvas.height)
            for lon, lat in ring
        ]
        for one, two in itertools.pairwise(dots):
            canvas.line(*one, *two)


class _Canvas:
    """Dots in braille characters: two across and four down in each."""

    def __init__(self, columns: int, lines: int) -> None:
        self.width, self.height = columns * 2, lines * 4
        self._cells = [[0] * columns for _ in range(lines)]

    def dot(self, x: float, y: float) -> None:
        """Set one dot; outside the canvas nothing happens."""
        column, row = math.floor(x), math.floor(y)
        if 0 <= column < self.width and 0 <= row < self.height:
            self._cells[row // 4][column // 2] |= _DOTS[row % 4][column % 2]

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line of dots; what lies wholly outside costs nothing."""
        if max(x1, x2) < 0 or min(x1, x2) > self.width or max(y1, y2) < 0 or min(y1, y2) > self.height:
            return
        steps = min(math.ceil(max(abs(x2 - x1), abs(y2 - y1), 1)), 4 * (self.width + self.height))
        for step in range(steps + 1):
            self.dot(x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps)

    def cells(self) -> Iterator[tuple[int, int, int]]:
        """Line, column and dots of every character that has any."""
        for row, cells in enumerate(self._cells):
            for column, cell in enumerate(cells):
                if cell:
                    yield row, column, cell

    def text(self) -> list[str]:
        """The lines of characters."""
        return ["".join(chr(0x2800 + cell) if cell else " " for cell in row) for row in self._cells]
