"""Made-up rows of every vintage of export: the shapes of real ones, none of their content.

One canonical event is the base; each vintage writes it the way its exports did.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path

CODES = {
    "State forces": 1,
    "Rebel group": 2,
    "Political militia": 3,
    "Identity militia": 4,
    "Rioters": 5,
    "Protesters": 6,
    "Civilians": 7,
    "External/Other forces": 8,
}


def _names(text: str) -> list[str]:
    return text.split()


V1_HEADER = _names(
    """
    gwno event_id_cnty event_id_no_cnty event_date year time_precision event_type actor1 ally_actor_1
    inter1 actor2 ally_actor_2 inter2 interaction country admin1 admin2 admin3 location latitude
    longitude geo_precision source notes fatalities
    """
)
V2_HEADER = _names(
    """
    data_id iso event_id_cnty event_id_no_cnty event_date year time_precision event_type sub_event_type
    actor1 assoc_actor_1 inter1 actor2 assoc_actor_2 inter2 interaction region country admin1 admin2
    admin3 location latitude longitude geo_precision source source_scale notes fatalities timestamp iso3
    """
)
V3_HEADER = _names(
    """
    event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1
    assoc_actor_1 inter1 actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country
    admin1 admin2 admin3 location latitude longitude geo_precision source source_scale notes fatalities
    tags timestamp
    """
)

Row = dict[str, str]

_STORIES = (
    # event, sub, disorder, actor1, inter1, actor2, inter2, interaction, targeting, fatalities, opening, tags, old type
    ("Battles", "Armed clash", "Political violence", "Military Forces of Nigeria (2015-2023)", "State forces",
     "Islamic State (West Africa)", "Rebel group", "State forces-Rebel group", "", "4", "", "", "Battle-No change of territory"),
    ("Protests", "Peaceful protest", "Demonstrations", "Protesters (Nigeria)", "Protesters", "", "",
     "Protesters only", "", "0", "", "crowd size=around 100", "Riots/Protests"),
    ("Riots", "Violent demonstration", "Demonstrations", "Rioters (Nigeria)", "Rioters",
     "Police Forces of Nigeria (2015-2023)", "State forces", "State forces-Rioters", "", "1", "",
     "crowd size=no report", "Riots/Protests"),
    ("Violence against civilians", "Attack", "Political violence", "Unidentified Armed Group (Nigeria)",
     "Political militia", "Civilians (Nigeria)", "Civilians", "Political militia-Civilians", "Civilian targeting",
     "2", "", "", "Violence against civilians"),
    ("Explosions/Remote violence", "Air/drone strike", "Political violence", "Military Forces of Chad (2021-)",
     "External/Other forces", "Civilians (Nigeria)", "Civilians", "External/Other forces-Civilians",
     "Civilian targeting", "3", "", "", "Remote violence"),
    ("Strategic developments", "Looting/property destruction", "Strategic developments",
     "Fulani Ethnic Militia (Nigeria)", "Identity militia", "Civilians (Nigeria)", "Civilians",
     "Identity militia-Civilians", "", "0", "Looting: ", "", "Strategic development"),
    ("Protests", "Excessive force against protesters", "Political violence; Demonstrations", "Protesters (Nigeria)",
     "Protesters", "Police Forces of Nigeria (2015-2023)", "State forces", "State forces-Protesters",
     "Civilian targeting", "1", "", "crowd size=dozens", "Riots/Protests"),
)  # fmt: skip


def events(count: int = 70, *, first_day: dt.date = dt.date(2022, 1, 1)) -> list[Row]:
    """Sound events as today's export writes them."""
    rows = []
    for number in range(count):
        (
            event,
            sub,
            disorder,
            actor1,
            inter1,
            actor2,
            inter2,
            interaction,
            targeting,
            fatalities,
            opening,
            tags,
            old,
        ) = _STORIES[number % len(_STORIES)]
        day = first_day + dt.timedelta(days=number * 5 % 350)
        told = (
            f"{opening}On {day.day} {day:%B} {day.year}, {actor1.partition(' (')[0].lower()} were at Ikorodu"
        )
        deaths = "There were no fatalities." if fatalities == "0" else f"{fatalities} fatalities."
        rows.append(
            {
                "event_id_cnty": f"NIG{1000 + number}",
                "event_date": day.isoformat(),
                "year": str(day.year),
                "time_precision": "1",
                "disorder_type": disorder,
                "event_type": event,
                "sub_event_type": sub,
                "actor1": actor1,
                "assoc_actor_1": "Students (Nigeria); Women (Nigeria)" if inter1 == "Protesters" else "",
                "inter1": inter1,
                "actor2": actor2,
                "assoc_actor_2": "",
                "inter2": inter2,
                "interaction": interaction,
                "civilian_targeting": targeting,
                "iso": "566",
                "region": "Western Africa",
                "country": "Nigeria",
                "admin1": "Lagos",
                "admin2": "Ikorodu",
                "admin3": "",
                "location": "Ikorodu",
                "latitude": "6.6194",
                "longitude": "3.5105",
                "geo_precision": "1",
                "source": "Daily Trust (Nigeria); Vanguard (Nigeria)",
                "source_scale": "National",
                "notes": f"{told} (Lagos, Ikorodu), report number {number}. {deaths}",
                "fatalities": fatalities,
                "tags": tags,
                "timestamp": str(1_700_000_000 + number),
                "_old_type": old,
            }
        )
    return rows


def as_v4(rows: Sequence[Row]) -> list[Row]:
    return [{name: row[name] for name in V3_HEADER} for row in rows]


def as_v3(rows: Sequence[Row], *, misspelled: bool = False) -> list[Row]:
    """Numeric codes; on request as the 2022 pulls had it: misspelled disorder types, tags in the notes."""
    result = []
    for row in as_v4(rows):
        new = row | _codes(row)
        if misspelled:
            half = row["disorder_type"].rpartition("; ")[2]
            new["disorder_type"] = half.replace("Demonstrations", "Demostrations")
            new["civilian_targeting"] = ""
            new["notes"] = _with_size(row)
            new["tags"] = ""
        result.append(new)
    return result


def as_v2(
    rows: Sequence[Row], day: Callable[[dt.date], str] = lambda day: day.strftime("%-d-%b-%y")
) -> list[Row]:
    result = []
    for number, row in enumerate(rows):
        new = (
            row | _codes(row) | {"notes": _with_size(row), "data_id": str(7_000_000 + number), "iso3": "NGA"}
        )
        new["event_id_no_cnty"] = row["event_id_cnty"][3:]
        new["event_date"] = day(dt.date.fromisoformat(row["event_date"]))
        result.append({name: new[name] for name in V2_HEADER})
    return result


def as_v1(
    rows: Sequence[Row], day: Callable[[dt.date], str] = lambda day: day.strftime("%d/%m/%Y")
) -> list[Row]:
    result = []
    for number, row in enumerate(rows):
        new = (
            row
            | _codes(row)
            | {"gwno": "475", "event_id_cnty": f"{number + 10}NIG", "event_id_no_cnty": str(number)}
        )
        new["event_date"] = day(dt.date.fromisoformat(row["event_date"]))
        new["event_type"] = row["_old_type"]
        new["notes"] = row["notes"].partition(", ")[2]
        new["ally_actor_1"], new["ally_actor_2"] = row["assoc_actor_1"], row["assoc_actor_2"]
        result.append({name: new[name] for name in V1_HEADER})
    return result


def _codes(row: Row) -> Row:
    one, two = CODES[row["inter1"]], CODES.get(row["inter2"], 0)
    pair = one * 10 if not two else min(one, two) * 10 + max(one, two)
    return {"inter1": str(one), "inter2": str(two), "interaction": str(pair)}


def _with_size(row: Row) -> str:
    size = row["tags"].removeprefix("crowd size=")
    return f"{row['notes']} [size={size}]" if size else row["notes"]


def csv_text(
    rows: Sequence[Row], *, separator: str = ",", header: Callable[[str], str] = str, end: str = "\n"
) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=end)
    writer.writerow([header(name) for name in rows[0]])
    writer.writerows(row.values() for row in rows)
    return stream.getvalue()


def write_csv(path: Path, rows: Sequence[Row], *, encoding: str = "utf-8", **layout: object) -> Path:
    path.write_bytes(csv_text(rows, **layout).encode(encoding))  # type: ignore[arg-type]
    return path
