"""The one place where events are told in the columns of UCDP's GED, as far as that can be done.

GED counts armed force with at least one death, by sides and dyads, over a span of days; an event here is one day
with one number. What cannot be known from such a row stays empty, and `LOSSES` says so in every report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from data.export.selection import Selection
from data.scalar import count
from schema.conditions import literal
from schema.errors import ExportError

if TYPE_CHECKING:
    import duckdb

    from data.filter import Filter
    from schema.codebook import Codebook, GedMapping

LOSSES: tuple[str, ...] = (
    "GED-like: events without deaths, peaceful and violent crowds, mob violence and strategic developments are left out.",
    "GED-like: conflict, dyad, side and country numbers (UCDP, Gleditsch-Ward) and headlines stay empty: they need UCDP's lists.",
    "GED-like: deaths are not told apart by side, and best, low and high are the one number that was coded.",
    "GED-like: an event of time precision 2 is given its week, of 3 its month.",
    "GED-like: active_year counts only the deaths in this export.",
)

_STATE = r"'^(Mutiny of )?(Military|Police) Forces of |^Government of '"

_SORTED = f"""SELECT *,
    inter1 = {{state}} OR regexp_matches(coalesce(actor1, ''), {_STATE}) AS state1,
    inter2 = {{state}} OR regexp_matches(coalesce(actor2, ''), {_STATE}) AS state2,
    inter1 IN ({{organised}}) AS organised1, coalesce(inter2 IN ({{organised}}), false) AS organised2
  FROM events
  WHERE fatalities >= 1 AND (event_type IN ({{event_types}}) OR sub_event_type IN ({{one_sided}})) AND {{condition}}"""

_TYPED = f"""SELECT *, CASE
    WHEN (civilian_targeting IS NOT NULL OR inter2 = {{civilians}} OR inter1 = {{civilians}}
          OR sub_event_type IN ({{one_sided}})) AND (organised1 OR organised2) THEN 3
    WHEN organised1 AND organised2 AND (coalesce(state1, false) OR coalesce(state2, false)) THEN 1
    WHEN organised1 AND organised2 THEN 2 END AS kind
  FROM ({_SORTED})"""

_NAMED = f"""SELECT *,
    CASE WHEN regexp_matches(coalesce(actor1, ''), {_STATE}) THEN 'Government of '
        || regexp_extract(actor1, '(?:Forces|Government) of (?:the )?(.*?)(?: \\(|$)', 1) ELSE actor1 END AS name1,
    CASE WHEN regexp_matches(coalesce(actor2, ''), {_STATE}) THEN 'Government of '
        || regexp_extract(actor2, '(?:Forces|Government) of (?:the )?(.*?)(?: \\(|$)', 1) ELSE actor2 END AS name2
  FROM ({_TYPED}) WHERE kind IS NOT NULL"""

_SIDED = f"""SELECT *, CASE
    WHEN kind = 3 THEN CASE WHEN organised1 THEN name1 ELSE name2 END
    WHEN kind = 1 AND coalesce(state1, false) <> coalesce(state2, false) THEN CASE WHEN state1 THEN name1 ELSE name2 END
    ELSE least(name1, name2) END AS side_a, CASE
    WHEN kind = 3 THEN 'Civilians'
    WHEN kind = 1 AND coalesce(state1, false) <> coalesce(state2, false) THEN CASE WHEN state1 THEN name2 ELSE name1 END
    ELSE greatest(name1, name2) END AS side_b
  FROM ({_NAMED})"""

_COLUMNS = {
    "id": "event_key",
    "relid": "event_id_cnty",
    "year": "year(event_date)",
    "active_year": "(sum(fatalities) OVER (PARTITION BY side_a, side_b, year(event_date)) >= 25)::TINYINT",
    "code_status": "NULL::VARCHAR",
    "type_of_violence": "kind::TINYINT",
    "conflict_dset_id": "NULL::BIGINT",
    "conflict_new_id": "NULL::BIGINT",
    "conflict_name": "NULL::VARCHAR",
    "dyad_dset_id": "NULL::BIGINT",
    "dyad_new_id": "NULL::BIGINT",
    "dyad_name": "side_a || ' - ' || side_b",
    "side_a_dset_id": "NULL::BIGINT",
    "side_a_new_id": "NULL::BIGINT",
    "side_a": "side_a",
    "side_b_dset_id": "NULL::BIGINT",
    "side_b_new_id": "NULL::BIGINT",
    "side_b": "side_b",
    "number_of_sources": "len(string_split(source, '; '))",
    "source_article": "source",
    "source_office": "split_part(source, '; ', 1)",
    "source_date": "NULL::DATE",
    "source_headline": "NULL::VARCHAR",
    "source_original": "NULL::VARCHAR",
    "where_prec": "CASE WHEN location LIKE 'Coast of %' THEN 7 WHEN geo_precision = 3 THEN 4 ELSE geo_precision END::TINYINT",
    "where_coordinates": "location",
    "where_description": "concat_ws(', ', location, admin3, admin2, admin1)",
    "adm_1": "admin1",
    "adm_2": "admin2",
    "latitude": "latitude",
    "longitude": "longitude",
    "geom_wkt": "'POINT (' || longitude || ' ' || latitude || ')'",
    "priogrid_gid": "(least(floor((latitude + 90) * 2), 359) * 720 + least(floor((longitude + 180) * 2), 719) + 1)::INTEGER",
    "country": "country",
    "country_id": "NULL::BIGINT",
    "region": "{region}",
    "event_clarity": "CASE WHEN time_precision = 1 AND geo_precision <= 2 THEN 1 ELSE 2 END::TINYINT",
    "date_prec": "CASE time_precision WHEN 1 THEN 1 WHEN 2 THEN 3 ELSE 4 END::TINYINT",
    "date_start": "CASE time_precision WHEN 1 THEN event_date WHEN 2 THEN date_trunc('week', event_date)"
    " ELSE date_trunc('month', event_date) END::DATE",
    "date_end": "CASE time_precision WHEN 1 THEN event_date WHEN 2 THEN date_trunc('week', event_date) + INTERVAL 6 DAY"
    " ELSE last_day(event_date) END::DATE",
    "deaths_a": "0",
    "deaths_b": "0",
    "deaths_civilians": "CASE WHEN kind = 3 THEN fatalities ELSE 0 END",
    "deaths_unknown": "CASE WHEN kind = 3 THEN 0 ELSE fatalities END",
    "best": "fatalities",
    "high": "fatalities",
    "low": "fatalities",
    "gwnoa": "NULL::BIGINT",
    "gwnob": "NULL::BIGINT",
    "acled_sub_event_type": "sub_event_type",
    "acled_actor1": "actor1",
    "acled_actor2": "actor2",
}
"""GED's 49 columns in order, then the three names as they were coded."""


def selection(con: duckdb.DuckDBPyConnection, condition: Filter, codebook: Codebook) -> Selection:
    """The events with deaths by organised force, in GED's columns, and how many had no second side to name."""
    if codebook.ged is None:
        raise ExportError(
            f"The codebook {codebook.name} does not say how its events are told as GED; export events instead."
        )
    words = {**_words(codebook, codebook.ged), "condition": condition.sql}
    left_out = count(con, f"FROM ({_put(_TYPED, words)}) WHERE kind IS NULL")
    notes = LOSSES
    if left_out:
        notes = (
            *LOSSES,
            f"GED-like: {left_out:,} events with deaths were left out for want of two sides or of an organised one.",
        )
    source = f"({_put(_SIDED, words)}) AS sided"
    cells = tuple(_put(sql, words) for sql in _COLUMNS.values())
    return Selection(tuple(_COLUMNS), cells, condition, source, notes=notes)


def _words(codebook: Codebook, ged: GedMapping) -> dict[str, str]:
    """What the codebook says, as SQL, by the place it takes in the text above."""
    return {
        "organised": _listed(kind.label for kind in codebook.actor_types if kind.organised),
        "event_types": _listed(ged.event_types),
        "one_sided": _listed(ged.one_sided),
        "state": literal(ged.state),
        "civilians": literal(ged.civilians),
        "region": _region(ged),
    }


def _put(text: str, words: Mapping[str, str]) -> str:
    """The text with each word in its place; one pass, so that no word is looked for in another."""
    return re.sub(r"\{(\w+)\}", lambda place: words[place[1]], text)


def _region(ged: GedMapping) -> str:
    """GED's region of a row; a country that GED counts elsewhere comes before its region."""
    cases = [
        f"WHEN {column} IN ({_listed(names)}) THEN {literal(region)}"
        for column, told in (("country", ged.countries), ("region", ged.regions))
        for region, names in told.items()
    ]
    return f"CASE {' '.join(cases)} END"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(literal, names))
