"""The one place where events are told in the columns of UCDP's GED, as far as that can be done.

GED counts armed force with at least one death, by sides and dyads, over a span of days; an event here is one day
with one number. What cannot be known from such a row stays empty, and `LOSSES` says so in every report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.export.selection import Selection
from data.scalar import count

if TYPE_CHECKING:
    import duckdb

    from data.filter import Filter

LOSSES: tuple[str, ...] = (
    "GED-like: events without deaths, peaceful and violent crowds, mob violence and strategic developments are left out.",
    "GED-like: conflict, dyad, side and country numbers (UCDP, Gleditsch-Ward) and headlines stay empty: they need UCDP's lists.",
    "GED-like: deaths are not told apart by side, and best, low and high are the one number that was coded.",
    "GED-like: an event of time precision 2 is given its week, of 3 its month.",
    "GED-like: active_year counts only the deaths in this export.",
)

_ORGANISED = (
    "('State forces', 'Rebel group', 'Political militia', 'Identity militia', 'External/Other forces')"
)
_STATE = r"'^(Mutiny of )?(Military|Police) Forces of |^Government of '"
_KEPT_TYPES = "('Battles', 'Explosions/Remote violence', 'Violence against civilians')"

_REGION = """CASE
    WHEN country IN ('Egypt', 'Turkey') OR region = 'Middle East' THEN 'Middle East'
    WHEN country IN ('Armenia', 'Azerbaijan', 'Georgia') OR region = 'Europe' THEN 'Europe'
    WHEN region LIKE '%Africa%' THEN 'Africa'
    WHEN region LIKE '%America%' OR region = 'Caribbean' THEN 'Americas'
    WHEN region LIKE '%Asia%' OR region = 'Oceania' THEN 'Asia' END"""

_SORTED = f"""SELECT *,
    inter1 = 'State forces' OR regexp_matches(coalesce(actor1, ''), {_STATE}) AS state1,
    inter2 = 'State forces' OR regexp_matches(coalesce(actor2, ''), {_STATE}) AS state2,
    inter1 IN {_ORGANISED} AS organised1, coalesce(inter2 IN {_ORGANISED}, false) AS organised2
  FROM events
  WHERE fatalities >= 1 AND (event_type IN {_KEPT_TYPES} OR sub_event_type = 'Excessive force against protesters')
    AND {{condition}}"""

_TYPED = f"""SELECT *, CASE
    WHEN (civilian_targeting IS NOT NULL OR inter2 = 'Civilians' OR inter1 = 'Civilians'
          OR sub_event_type = 'Excessive force against protesters') AND (organised1 OR organised2) THEN 3
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
    "region": _REGION,
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


def selection(con: duckdb.DuckDBPyConnection, condition: Filter) -> Selection:
    """The events with deaths by organised force, in GED's columns, and how many had no second side to name."""
    typed = _TYPED.replace("{condition}", condition.sql)
    left_out = count(con, f"FROM ({typed}) WHERE kind IS NULL")
    notes = LOSSES
    if left_out:
        notes = (
            *LOSSES,
            f"GED-like: {left_out:,} events with deaths were left out for want of two sides or of an organised one.",
        )
    source = f"({_SIDED.replace('{condition}', condition.sql)}) AS sided"
    return Selection(tuple(_COLUMNS), tuple(_COLUMNS.values()), condition, source, notes=notes)
