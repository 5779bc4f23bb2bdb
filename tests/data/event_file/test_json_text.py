"""JSON in every wrapping, and GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.event_file import read_event_file
from schema.errors import UnusableInput
from tests.data.event_file import vintage_rows as made
from tests.data.event_file.reading import read, typed


def json_rows(rows: list[made.Row]) -> list[dict[str, Any]]:
    return [
        {name: typed(name, text) if name != "event_date" else text for name, text in row.items()}
        for row in rows
    ]


def _answer(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"status": 200, "count": len(rows), "data": rows, "filename": "page"}


JSONS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "array.json": json.dumps,
    "indented.json": lambda rows: json.dumps(rows, indent=2),
    "lines.jsonl": lambda rows: "\n".join(map(json.dumps, rows)),
    "lines.json": lambda rows: "\n".join(map(json.dumps, rows)) + "\n",
    "answer.json": lambda rows: json.dumps(
        {"status": 200, "success": True, "messages": [], "count": len(rows), "data": rows}
    ),
    "nested.json": lambda rows: json.dumps(
        {"meta": {"n": 2}, "response": {"ok": True, "data": rows}, "next": None}
    ),
    "nested_twice.json": lambda rows: json.dumps(
        {"d": {"query": {"x": 1}, "r": {"Results": rows, "n": 1}, "e": {}}}
    ),
    "nested_pages.jsonl": lambda rows: "\n".join(
        json.dumps({"response": _answer(page), "page": 1}) for page in (rows[:40], rows[40:])
    ),
    "pages.json": lambda rows: json.dumps([_answer(rows[:40]), _answer(rows[40:]), _answer([])]),
    "pages.jsonl": lambda rows: "\n".join(map(json.dumps, (_answer(rows[:40]), _answer(rows[40:])))),
    "pages_run_together.json": lambda rows: json.dumps(_answer(rows[:40])) + json.dumps(_answer(rows[40:])),
    "arcgis.json": lambda rows: json.dumps(
        {"features": [{"attributes": row, "geometry": {"x": 3.5, "y": 6.6}} for row in rows]}
    ),
    "strings.json": lambda rows: json.dumps(
        {"data": [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]}
    ),
}


@pytest.mark.parametrize("name", JSONS)
def test_json_in_every_wrapping_is_read(tmp_path: Path, canonical: list[dict[str, Any]], name: str) -> None:
    (tmp_path / name).write_text(JSONS[name](json_rows(made.as_v4(made.events()))))
    rows, _, _ = read(tmp_path / name)

    assert rows == canonical


@pytest.mark.parametrize(
    "beside",
    [
        {"geo": {"items": [1, 2]}},
        {"items": ["a", "b"], "origin": {"events": []}},
        {"meta": {"source": {"results": []}, "data": [[1]]}},
    ],
    ids=["numbers", "words", "nothing"],
)
@pytest.mark.parametrize("last", [False, True], ids=["before its columns", "behind them"])
def test_a_list_inside_an_event_is_not_the_table(tmp_path: Path, beside: dict[str, Any], last: bool) -> None:
    rows = made.as_v4(made.events(3))
    lines = [{**row, **beside} if last else {**beside, **row} for row in rows]
    (tmp_path / "one.json").write_text(json.dumps(lines[0]))
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "answer.json").write_text(json.dumps({**beside, "result": lines}))

    for name, count in {"one.json": 1, "lines.jsonl": 3, "answer.json": 3}.items():
        found, _, _ = read(tmp_path / name)
        assert [row["event_id_cnty"] for row in found] == [row["event_id_cnty"] for row in rows[:count]]


def test_a_list_of_objects_behind_the_columns_of_an_event_is_not_the_table(tmp_path: Path) -> None:
    rows = [{**row, "sources": {"items": [{"name": "Wire"}]}} for row in made.as_v4(made.events(3))]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, rows)))

    assert len(read(tmp_path / "lines.jsonl")[0]) == 3


def test_the_answer_without_events_is_told_and_may_come_before_others(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(3))
    (tmp_path / "pages.jsonl").write_text("\n".join(map(json.dumps, (_answer([]), _answer(rows)))))
    (tmp_path / "none.json").write_text(json.dumps(_answer([])))

    assert len(read(tmp_path / "pages.jsonl")[0]) == 3
    with pytest.raises(UnusableInput, match="holds no objects"):
        read_event_file(tmp_path / "none.json")


def test_json_holds_what_is_no_character_and_no_number(tmp_path: Path) -> None:
    rows = json_rows(made.as_v4(made.events(3)))
    rows[0]["notes"] = "half a pair: \ud83d, a control: \x00, a mark: \u202e"
    rows[1]["latitude"] = float("nan")
    rows[2]["tags"] = ["crowd size=no report", "local administrators"]
    (tmp_path / "events.json").write_text(json.dumps(rows))
    found, _, _ = read(tmp_path / "events.json")

    assert found[0]["notes"] == "half a pair: ?, a control: \x00, a mark: \u202e"
    assert (found[1]["latitude"], found[2]["tags"]) == (None, "crowd size=no report; local administrators")


def test_geojson_gives_its_points(tmp_path: Path, canonical: list[dict[str, Any]]) -> None:
    features = []
    for row in json_rows(made.as_v4(made.events())):
        point = [row.pop("longitude"), row.pop("latitude")]
        features.append(
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": point}, "properties": row}
        )
    (tmp_path / "events.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "crs": {"a": 1}, "features": features})
    )
    rows, repairs, _ = read(tmp_path / "events.geojson")

    assert rows == canonical
    assert repairs["coordinates taken from the geometry"] == 70


@pytest.mark.parametrize(
    ("told", "read_as"), [({}, "7"), ({"event_id_cnty": "NIG8"}, "NIG8"), ({"event_id_cnty": None}, None)]
)
def test_the_number_of_a_feature_is_the_events_id_only_where_no_column_tells_it(
    tmp_path: Path, told: dict[str, str | None], read_as: str | None
) -> None:
    row = {name: cell for name, cell in made.as_v4(made.events(1))[0].items() if name != "event_id_cnty"}
    features = [{"type": "Feature", "id": 7, "geometry": None, "properties": told | row}]
    (tmp_path / "events.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    rows, _, _ = read(tmp_path / "events.geojson")

    assert [row["event_id_cnty"] for row in rows] == [read_as]
