"""The one place where made-up event rows come from: sound by the codebook's rules, as many as asked, 1 % bad by option.

Other benchmarks import `write_events(path, rows, bad=0.01)`. The same number of rows is always the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from schema.codebook import Codebook, Country, load_codebook
from schema.conditions import literal
from schema.relation_judge import derived_columns_sql

if TYPE_CHECKING:
    import pyarrow as pa

PLACES = 20_000
GROUPS = 3_000
_STEP = 500_000
"""Rows made at once."""

# sub-event type, how often, actor 1 and its type, actor 2 and its type, what happened, deaths;
# {C} is the country, {G} a group, {P} a place.
STORIES = [
    (
        "Peaceful protest",
        34,
        "Protesters ({C})",
        "Protesters",
        "",
        "",
        "residents and union members rallied at {P} to demand the payment of salaries that had been due for months",
        0,
    ),
    (
        "Armed clash",
        16,
        "{G}",
        "Rebel group",
        "Military Forces of {C} (1990-)",
        "State forces",
        "{G} fought with soldiers of the army near {P} after an ambush on a patrol that was on its way back to its base",
        8,
    ),
    (
        "Attack",
        12,
        "Unidentified Armed Group ({C})",
        "Political militia",
        "Civilians ({C})",
        "Civilians",
        "gunmen opened fire on a market at {P}, then left on motorcycles before the police came",
        5,
    ),
    (
        "Air/drone strike",
        6,
        "Military Forces of {C} (1990-)",
        "State forces",
        "{G}",
        "Rebel group",
        "aircraft of the army struck a position of {G} near {P}, residents said that three houses nearby were damaged",
        6,
    ),
    (
        "Shelling/artillery/missile attack",
        7,
        "Military Forces of {C} (1990-)",
        "State forces",
        "",
        "",
        "the army shelled the surroundings of {P} through the night, no target was reported",
        0,
    ),
    (
        "Remote explosive/landmine/IED",
        5,
        "{G}",
        "Rebel group",
        "Military Forces of {C} (1990-)",
        "State forces",
        "a roadside bomb that {G} had planted hit an army vehicle on the road to {P}",
        3,
    ),
    (
        "Mob violence",
        5,
        "Rioters ({C})",
        "Rioters",
        "Civilians ({C})",
        "Civilians",
        "a crowd beat a man who was suspected of theft at the bus station of {P}",
        1,
    ),
    (
        "Violent demonstration",
        6,
        "Rioters ({C})",
        "Rioters",
        "Police Forces of {C} (1990-)",
        "State forces",
        "demonstrators blocked the main road at {P} with burning tyres and threw stones at the police",
        0,
    ),
    (
        "Looting/property destruction",
        4,
        "{G}",
        "Rebel group",
        "Civilians ({C})",
        "Civilians",
        "fighters of {G} took livestock and food from herders near {P}",
        0,
    ),
    (
        "Change to group/activity",
        3,
        "Military Forces of {C} (1990-)",
        "State forces",
        "",
        "",
        "the army moved additional forces to its base at {P}",
        0,
    ),
    (
        "Abduction/forced disappearance",
        2,
        "{G}",
        "Rebel group",
        "Civilians ({C})",
        "Civilians",
        "fighters of {G} abducted four traders on the road to {P}; their whereabouts are unknown",
        0,
    ),
]

# Where a share of bad rows is asked for: column, the expression that spoils it.
DAMAGE = [
    ("event_date", "DATE '0025-01-01'"),
    ("event_date", "event_date + 40000"),
    ("year", "year - 1"),
    ("time_precision", "4"),
    ("disorder_type", "'Demostrations'"),
    ("event_type", "'Battels'"),
    ("sub_event_type", "'Skirmish'"),
    ("actor1", "NULL"),
    ("actor2", "'Civilians ('"),
    ("inter1", "'Rebels'"),
    ("inter2", "NULL"),
    ("interaction", "'Rebel group-State forces'"),
    ("iso", "iso + 1"),
    ("region", "'Southern Asia'"),
    ("country", "NULL"),
    ("latitude", "191.5"),
    ("geo_precision", "NULL"),
    ("fatalities", "-1"),
    ("notes", "'x' || chr(27) || notes"),
    ("event_id_cnty", "'GDELT'"),
]


def events_sql(rows: int, codebook: Codebook, *, bad: float = 0.0, first: int = 0) -> str:
    """A query that makes the rows: `event_key` and the columns of the codebook, in order of key."""
    stories = ", ".join(
        f"({number}, {', '.join(literal(cell) for cell in story)})"
        for number, story in enumerate(story for story in STORIES for _ in range(story[1]))
    )
    countries = [
        entry
        for entry in codebook.countries
        if entry.iso and entry.prefix and (entry.first_year or 9999) <= 2020 and _in_one_piece(entry)
    ][:60]
    places = ", ".join(
        f"({number}, {literal(entry.name)}, {literal(entry.prefix)}, {entry.south}, {entry.north}, {entry.west}, {entry.east})"
        for number, entry in enumerate(countries)
    )
    labels = ", ".join(
        f"({literal(name)}, {literal(words[0] + ': ')})" for name, words in codebook.note_labels.items()
    )
    source = f"""(
    WITH stories(number, sub_event_type, weight, actor1, inter1, actor2, inter2, words, deaths) AS (VALUES {stories}),
    nations(number, name, prefix, south, north, west, east) AS (VALUES {places}),
    labels(sub_event_type, label) AS (VALUES {labels}),
    drawn AS (SELECT i AS event_key, hash(i) AS dice, hash(i, 1) AS dice2, hash(i, 2) AS dice3,
        CAST(hash(i, 3) % {PLACES} AS BIGINT) AS place, hash(i, 4) % {GROUPS} AS band,
        DATE '2020-01-01' + CAST(hash(i, 5) % 2100 AS INTEGER) AS event_date FROM range({first}, {first + rows}) AS given(i)),
    told AS (SELECT drawn.*, stories.* EXCLUDE (number), nations.name AS country, prefix,
        south, north, west, east, coalesce(label, '') AS label,
        'Ban' || chr(97 + CAST(place % 26 AS INTEGER)) || 'ro ' || place AS location,
        'FB' || band || ': Front of Brigade ' || band AS band_name,
        CASE WHEN deaths = 0 THEN 0 WHEN dice3 % 3 = 0 THEN 0 ELSE CAST(dice3 % (2 * deaths + 1) AS BIGINT) END AS dead
        FROM drawn JOIN stories ON stories.number = dice % {sum(story[1] for story in STORIES)}
        JOIN nations ON nations.number = place % {len(countries)} LEFT JOIN labels USING (sub_event_type))
    SELECT event_key, prefix || (event_key % 9999999) AS event_id_cnty, event_date, 1::BIGINT AS time_precision, sub_event_type,
        replace(replace(actor1, '{{C}}', country), '{{G}}', band_name) AS actor1,
        CASE WHEN inter1 = 'Protesters' AND dice2 % 2 = 0 THEN 'Labor Group (' || country || ')' END AS assoc_actor_1,
        inter1, nullif(replace(replace(actor2, '{{C}}', country), '{{G}}', band_name), '') AS actor2,
        CASE WHEN inter2 = 'Civilians' AND dice2 % 3 = 0 THEN 'Farmers (' || country || ')' END AS assoc_actor_2,
        nullif(inter2, '') AS inter2,
        country, 'Province ' || (place % 12) AS admin1, 'District ' || (place % 90) AS admin2,
        CASE WHEN place % 2 = 0 THEN 'Ward ' || (place % 700) END AS admin3, location,
        round(south + (place % 613) / 613.0 * (north - south) + 0.0001, 4) AS latitude,
        round(west + (place % 1709) / 1709.0 * (east - west) + 0.0001, 4) AS longitude,
        CASE WHEN dice2 % 5 = 0 THEN 2 ELSE 1 END::BIGINT AS geo_precision,
        'Daily ' || (place % 400) || CASE WHEN dice3 % 4 = 0 THEN '; Radio ' || (place % 90) ELSE '' END AS source,
        CASE WHEN dice3 % 4 = 0 THEN 'Subnational-National' ELSE 'National' END AS source_scale,
        label || 'On ' || day(event_date) || strftime(event_date, ' %B %Y') || ', '
            || replace(replace(words, '{{P}}', location), '{{G}}', band_name)
            || ' (District ' || (place % 90) || ', Province ' || (place % 12) || '). The report ' || dice2
            || ' adds that local officials asked for calm and that the road was opened again in the evening. '
            || CASE WHEN dead = 1 THEN '1 fatality.' WHEN dead > 0 THEN dead || ' fatalities.'
               ELSE 'Casualties unknown.' END AS notes,
        dead AS fatalities, CASE WHEN inter1 IN ('Protesters', 'Rioters') THEN 'crowd size=no report' END AS tags,
        CAST(epoch(event_date) AS BIGINT) + 691200 AS "timestamp", dice2 AS spoiler FROM told)"""
    names = ", ".join(f'"{column.name}"' for column in codebook.columns)
    whole = f"SELECT event_key, {names}, spoiler FROM ({derived_columns_sql(codebook, source, keep=_kept(codebook))})"
    if bad:
        whole = f"SELECT * REPLACE ({_spoiled(bad)}) FROM ({whole})"
    return f"SELECT * EXCLUDE (spoiler) FROM ({whole}) ORDER BY event_key"


def event_batches(rows: int, *, bad: float = 0.0) -> pa.RecordBatchReader:
    """The rows as a stream in order of key, made as they are read, in the memory of half a million of them."""
    import duckdb
    import pyarrow as pa

    codebook = load_codebook()

    def steps() -> Iterator[pa.RecordBatch]:
        with duckdb.connect(config={"memory_limit": "4GB"}) as con:
            for first in range(0, rows, _STEP):
                sql = events_sql(min(_STEP, rows - first), codebook, bad=bad, first=first)
                yield from con.sql(sql).to_arrow_reader(65_536)

    with duckdb.connect() as con:
        schema = con.sql(events_sql(1, codebook, bad=bad)).to_arrow_table().schema
    return pa.RecordBatchReader.from_batches(schema, steps())


def write_events(path: Path, rows: int, *, bad: float = 0.0) -> Path:
    """Write the rows to a Parquet file (zstd), sorted by key; returns its path."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "4GB"}) as con:
        con.register("made", event_batches(rows, bad=bad))
        con.execute(f"COPY made TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return path


def _in_one_piece(country: Country) -> bool:
    """Whether its box is known and does not cross the date line."""
    return country.west is not None and country.east is not None and country.west < country.east


def _kept(codebook: Codebook) -> tuple[str, ...]:
    held = [f'"{column.name}"' for column in codebook.columns if column.name not in codebook.derivations]
    return ("event_key", *held, "spoiler")


def _spoiled(bad: float) -> str:
    """Replacements that spoil one cell in the asked share of rows."""
    every = round(len(DAMAGE) / bad)
    by_column: dict[str, list[tuple[int, str]]] = {}
    for number, (column, expression) in enumerate(DAMAGE):
        by_column.setdefault(column, []).append((number, expression))
    cases = {
        column: " ".join(f"WHEN {number} THEN {expression}" for number, expression in spoilers)
        for column, spoilers in by_column.items()
    }
    return ", ".join(
        f'CASE spoiler % {every} {case} ELSE "{column}" END AS "{column}"' for column, case in cases.items()
    )
