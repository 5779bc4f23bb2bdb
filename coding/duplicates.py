"""The one place where it is asked whether an event stands in the dataset already, and why that is likely.

It warns and never blocks: two protests on one day in one town are two events, two articles on one battle are one.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coding.called import called
from coding.candidate import Row, Value
from coding.dates import say_day
from coding.note import say_actor
from coding.source_scale import joint_scale
from schema.text import fold

if TYPE_CHECKING:
    import duckdb

    from data.project import Project
    from data.records import Article
    from schema.codebook import Codebook

NEAR_KM = 25.0
TOLD_WITHIN_DAYS = 10
"""How far back an article is taken to tell news."""
LIKELY = 6.0
"""The same day at the same place reaches it alone; a day or a town apart needs the same actors or kind as well."""

_COLUMNS = (
    "event_key",
    "event_date",
    "event_type",
    "sub_event_type",
    "actor1",
    "actor2",
    "country",
    "admin2",
    "location",
    "latitude",
    "longitude",
    "fatalities",
    "source",
    "article_id",
)
_DAYS_APART = {1: 1, 2: 4, 3: 15}
"""By time precision: how far the days of two accounts of one event can lie apart."""


@dataclass(frozen=True)
class LikelyDuplicate:
    """An event of the dataset that may be the one on the form."""

    event_key: int
    why: str
    """What both have in common, in a few words."""
    score: float
    summary: str
    """The other event in one line."""
    article_id: int | None = None
    source: str = ""


def likely_duplicates(
    con: duckdb.DuckDBPyConnection,
    row: Mapping[str, Value],
    *,
    own: int | None = None,
    different: Collection[int] = (),
    limit: int = 5,
) -> list[LikelyDuplicate]:
    """Events that may be this one, the likeliest first; none before day and place stand.

    Args:
        con: a connection with the view `events`, as `data.connect` gives it.
        row: the event on the form.
        own: its own key, when a coded event is opened again.
        different: events the coder has said are others.
        limit: how many at most.
    """
    if not isinstance(row.get("event_date"), datetime.date) or not row.get("location"):
        return []
    others = [other for other in _nearby(con, row) if other["event_key"] not in {own, *different}]
    found = [_compare(row, other) for other in others]
    likely = [each for each in found if each.score >= LIKELY]
    return sorted(likely, key=lambda each: (-each.score, each.event_key))[:limit]


def find_duplicates(
    project: Project, row: Mapping[str, Value], *, own: int | None = None, different: Collection[int] = ()
) -> list[LikelyDuplicate]:
    """`likely_duplicates` over a project as it stands now."""
    from data.views import connect

    with connect(project) as con:
        return likely_duplicates(con, row, own=own, different=different)


def told_already(
    con: duckdb.DuckDBPyConnection, article: Article, *, limit: int = 5
) -> list[LikelyDuplicate]:
    """Events of the days before an article whose place stands in its text, those with their actors and day first.

    The question a coder asks before coding: is this the event another article told already?
    """
    first = article.published - datetime.timedelta(days=TOLD_WITHIN_DAYS)
    answer = con.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM events WHERE event_date BETWEEN ? AND ? AND article_id IS DISTINCT FROM ?"
        " AND contains(strip_accents(lower(?)), strip_accents(lower(location))) ORDER BY event_key LIMIT 2000",
        [first, article.published, article.article_id, f"{article.title}. {article.text}"],
    )
    others = [dict(zip(_COLUMNS, cells, strict=True)) for cells in answer.fetchall()]
    words = fold(f"{article.title}. {article.text}")
    likely = [each for each in (_named_in(words, article, other) for other in others) if each.score >= LIKELY]
    return sorted(likely, key=lambda each: (-each.score, -each.event_key))[:limit]


def find_told_already(project: Project, article: Article) -> list[LikelyDuplicate]:
    """`told_already` over a project as it stands now."""
    from data.views import connect

    with connect(project) as con:
        return told_already(con, article)


def with_further_source(
    row: Mapping[str, Value], source: str, scale: str | None = None, codebook: Codebook | None = None
) -> Row:
    """The row of an event that one more source reports: the source named once, its scale joined by the codebook's order."""
    names = [name for name in str(row.get("source") or "").split("; ") if name]
    if source in names:
        return dict(row)
    before = row.get("source_scale")
    joint = joint_scale([str(before or ""), scale or ""], codebook) if codebook else scale
    return {**row, "source": "; ".join([*names, source]), "source_scale": joint or before}


# ---------------------------------------------------------------- the question to the dataset


def _nearby(con: duckdb.DuckDBPyConnection, row: Mapping[str, Value]) -> list[dict[str, Any]]:
    """Events of about that day at or near that place."""
    day, latitude, longitude = (
        row.get("event_date"),
        _number(row.get("latitude")),
        _number(row.get("longitude")),
    )
    assert isinstance(day, datetime.date)
    span = datetime.timedelta(days=_days_apart(row))
    near, here = "location = ?", [row.get("location")]
    if latitude is not None and longitude is not None:
        high = NEAR_KM / 111.0
        wide = high / max(math.cos(math.radians(min(abs(latitude), 89.0))), 0.02)
        near = "(location = ? OR (latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ?))"
        here += [latitude - high, latitude + high, longitude - wide, longitude + wide]
    where, values = f"event_date BETWEEN ? AND ? AND {near}", [day - span, day + span, *here]
    if row.get("country"):
        where, values = f"{where} AND country = ?", [*values, row["country"]]
    answer = con.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM events WHERE {where} ORDER BY event_key LIMIT 2000", values
    )
    return [dict(zip(_COLUMNS, cells, strict=True)) for cells in answer.fetchall()]


def _days_apart(row: Mapping[str, Value]) -> int:
    precision = row.get("time_precision")
    return _DAYS_APART.get(precision if isinstance(precision, int) else 1, 1)


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


# ---------------------------------------------------------------- the comparison


def _compare(row: Mapping[str, Value], other: Mapping[str, Any]) -> LikelyDuplicate:
    said = [*_days(row, other), *_places(row, other), *_actors(row, other), *_kinds(row, other)]
    why = ", ".join(words for words, _ in said if words)
    return LikelyDuplicate(
        int(other["event_key"]),
        why,
        sum(points for _, points in said),
        _summary(other),
        other["article_id"],
        other["source"] or "",
    )


Said = Iterable[tuple[str, float]]


def _days(row: Mapping[str, Value], other: Mapping[str, Any]) -> Said:
    day = row["event_date"]
    assert isinstance(day, datetime.date)
    apart = abs((other["event_date"] - day).days)
    if apart == 0:
        return [("the same day", 3.0)]
    return [("a day apart" if apart == 1 else f"{apart} days apart", 2.0 if apart == 1 else 1.0)]


def _places(row: Mapping[str, Value], other: Mapping[str, Any]) -> Said:
    if other["location"] == row.get("location"):
        return [("the same place", 3.0)]
    km = _distance(row, other)
    if km is not None and km <= NEAR_KM:
        return [(f"{km:.0f} km away in {other['location']}", 2.5 if km < 5 else 2.0)]
    same_district = other["admin2"] and other["admin2"] == row.get("admin2")
    return [("the same district", 1.5)] if same_district else []


def _distance(row: Mapping[str, Value], other: Mapping[str, Any]) -> float | None:
    ends = [_number(row.get(name)) for name in ("latitude", "longitude")]
    ends += [other["latitude"], other["longitude"]]
    if any(end is None for end in ends):
        return None
    lat1, lon1, lat2, lon2 = (math.radians(float(end or 0.0)) for end in ends)
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def _actors(row: Mapping[str, Value], other: Mapping[str, Any]) -> Said:
    ours, theirs = _pair(row), _pair(other)
    if not ours or not theirs:
        return []
    if ours == theirs:
        return [("the same actors" if len(ours) > 1 else "the same actor", 3.0)]
    both = sorted(ours & theirs)
    return [(f"{both[0]} in both", 1.5)] if both else [("", -1.0)]


def _pair(row: Mapping[str, Any]) -> set[str]:
    return {row[name] for name in ("actor1", "actor2") if row.get(name)}


def _kinds(row: Mapping[str, Value], other: Mapping[str, Any]) -> Said:
    if not row.get("sub_event_type"):
        return []
    if other["sub_event_type"] == row["sub_event_type"]:
        return [(f"both {other['sub_event_type']}", 2.0)]
    same = row.get("event_type") and row.get("event_type") == other["event_type"]
    return [(f"both {other['event_type']}", 1.0)] if same else [("", -0.5)]


def _named_in(words: str, article: Article, other: Mapping[str, Any]) -> LikelyDuplicate:
    """How much of an event's place, day, actors and deaths an article names."""
    said: list[tuple[str, float]] = []
    if _has_word(words, str(other["location"])):
        said.append((f"{other['location']} is named", 3.0))
    day = _day_named(words, article.published, other["event_date"])
    if day:
        said.append((f"{day} is named", 2.0))
    named = [name for name in sorted(_pair(other)) if _actor_named(words, name)]
    said += [(f"{say_actor(name)} is named", 2.0 if len(named) < 2 else 1.5) for name in named]
    if other["fatalities"] and _has_word(words, str(other["fatalities"])):
        said.append((f"{other['fatalities']} is named", 1.0))
    why = ", ".join(text for text, _ in said)
    score = sum(points for _, points in said)
    return LikelyDuplicate(
        int(other["event_key"]), why, score, _summary(other), other["article_id"], other["source"] or ""
    )


def _has_word(words: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", words) is not None


def _day_named(words: str, published: datetime.date, day: datetime.date) -> str:
    """The word by which an article names a day; empty where it does not."""
    back = (published - day).days
    forms = [f"{day.day} {day:%B}", f"{day:%B} {day.day}", day.isoformat()]
    forms += [f"{day:%A}"] if back < 7 else []
    forms += ["yesterday"] if back == 1 else []
    return next((form for form in forms if _has_word(words, form)), "")


def _actor_named(words: str, name: str) -> bool:
    """Whether an actor stands in a text: its name, its abbreviation, or what articles call those a rule names."""
    return any(len(form) > 1 and _has_word(words, form) for form in called(name))


def _summary(other: Mapping[str, Any]) -> str:
    actors: Sequence[str] = [other[name] for name in ("actor1", "actor2") if other[name]]
    deaths = other["fatalities"] or 0
    parts = [say_day(other["event_date"]), other["sub_event_type"], " / ".join(actors), other["location"]]
    return ", ".join(part for part in (*parts, f"{deaths} dead" if deaths else "", other["source"]) if part)
