"""The one place where a source's name is found while it is typed, and its scale told for the country of an event."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from data.vocabulary.changes import SOURCES, Cells, checked_name, keep, own_entries
from data.vocabulary.keys import WordIndex, search_key
from data.vocabulary.reviewed import Reviewed
from data.vocabulary.uses import Uses
from schema.codebook import load_codebook
from schema.errors import UnusableInput
from schema.vocabulary import COUNTRIES_FILE, country_names, members, seed_sources

if TYPE_CHECKING:
    from data.project import Project

_FARTHER: Final = 8
"""How many times the answer is looked at among the sources of elsewhere."""
_AT_HOME: Final = ("Subnational", "National")


@dataclass(frozen=True, slots=True)
class Source:
    """A news outlet, report or partner that events are coded from."""

    name: str
    domain: str | None = None
    scale: str | None = None
    """Its scale in its own country."""
    country: str | None = None
    aliases: tuple[str, ...] = ()
    provenance: str = "seed"
    state: str = "approved"

    def scale_in(self, country: str | None) -> str | None:
        """Its scale for an event there: a national outlet reports on a neighbour as regional, farther off as international."""
        if self.scale not in _AT_HOME or self.country is None or country in (None, self.country):
            return self.scale
        regions = _regions()
        return "Regional" if regions.get(str(country)) == regions.get(self.country) else "International"


class Sources(Reviewed):
    """The sources of a project: the seed, and the project's own entries, which win; may be asked from several threads."""

    kind = SOURCES

    def __init__(self, project: Project | None) -> None:
        self._project = project
        self._known: _Known | None = None
        self.refresh()

    @classmethod
    def open(cls, project: Project | None = None) -> Sources:
        """Read the seed and what the project keeps of its own."""
        return cls(project)

    def refresh(self) -> None:
        """Read again what the project has changed since."""
        own = [] if self._project is None else own_entries(self._project, SOURCES)
        uses, before = Uses.of(self._project, SOURCES.name), self._known
        self._known = (
            before.with_uses(uses) if before is not None and before.own == own else _Known(own, uses)
        )

    @property
    def known(self) -> _Known:
        """The sources as they stand now."""
        assert self._known is not None
        return self._known

    def __len__(self) -> int:
        return len(self.known.all)

    def get(self, name: str) -> Source | None:
        """The source of this name or alias; a merged name gives the one it was merged into."""
        return self.known.get(name)

    def of_url(self, url: str) -> Source | None:
        """The source whose pages stand at this address."""
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").removeprefix("www.")
        by_domain = self.known.by_domain
        while "." in host:
            if host in by_domain:
                return by_domain[host]
            host = host.partition(".")[2]
        return None

    def search(self, typed: str, *, country: str | None = None, limit: int = 9) -> list[Source]:
        """The sources the typed letters can mean: those in use here, of this country and international ones first."""
        return self.known.search(search_key(typed), country, limit)

    def scale_of(self, name: str, country: str | None) -> str | None:
        """The scale of a source for events in a country; None where it is not known."""
        source = self.get(name)
        return None if source is None else source.scale_in(country)

    def scale_of_list(self, names: str, country: str | None) -> str | None:
        """The scale of a `source` cell: the scales of its members in the codebook's order, the first two of them."""
        scales = {self.scale_of(name, country) for name in members(names)}
        known = {part for scale in scales if scale for part in scale.split("-")}
        return "-".join([scale for scale in scales_in_order() if scale in known][:2]) or None

    def propose(self, source: Source, *, coder: str, why: str = "") -> Source:
        """Keep a new source that coders can use at once and that somebody will look at."""
        if (known := self.get(source.name)) is not None:
            raise UnusableInput(f"There is a source {known.name!r} already; pick it from the list.")
        keep(
            self._owned(), SOURCES, source.name, check_source(_cells(source)), coder=coder, act="propose",
            state="proposed", provenance=f"proposed by {coder}", why=why,
        )  # fmt: skip
        self.refresh()
        return self.known.by_name[source.name]

    def update(self, name: str, values: Mapping[str, Any], *, coder: str, why: str = "") -> Source:
        """Mend an entry, of the seed or of the project."""
        source = self.get(name)
        if source is None:
            raise UnusableInput(f"There is no source {name!r}; search for it, or propose it.")
        keep(
            self._owned(), SOURCES, source.name, check_source({**_cells(source), **values}), coder=coder, act="update",
            state=source.state, provenance=f"changed by {coder}", why=why,
        )  # fmt: skip
        self.refresh()
        return self.known.by_name[source.name]

    def proposals(self) -> list[Source]:
        """The sources that wait for somebody to look at them."""
        return [source for source in self.known.all if source.state == "proposed"]

    def rows(self) -> list[Cells]:
        """Every source as plain values."""
        return [
            {**_cells(source), "state": source.state, "provenance": source.provenance}
            for source in self.known.all
        ]

    def cells_of(self, name: str) -> Cells | None:
        """An entry as plain values, of the project or of the seed; None where there is none."""
        source = self.known.by_name.get(name)
        return (
            None
            if source is None
            else {**_cells(source), "state": source.state, "provenance": source.provenance}
        )


@cache
def scales_in_order() -> tuple[str, ...]:
    """The levels of the codebook, from local to international."""
    return load_codebook().source_scales


class _Known:
    """The sources as they stand at one moment; never changed, so that threads may ask it while a new one is made."""

    def __init__(self, own: list[Cells], uses: Uses) -> None:
        self.own = own
        self._uses = uses
        self._near: dict[str | None, tuple[list[int], WordIndex]] = {}
        self._own = {cells["entry"]: cells for cells in own}
        kept = [_of_cells(cells) for cells in own if cells["state"] in ("approved", "proposed")]
        seeds = [
            Source(seed.name, seed.domain, seed.scale, seed.country, seed.aliases)
            for seed in seed_sources()
            if seed.name not in self._own
        ]
        self.all = sorted(
            [*kept, *seeds], key=lambda source: (source.country is not None, source.name.casefold())
        )
        self.by_name = {source.name: source for source in self.all}
        self._by_key = {
            search_key(name): source for source in self.all for name in (*source.aliases, source.name)
        }
        self.by_domain = {domain: source for source in reversed(self.all) for domain in _domains(source)}
        self._index = WordIndex((source.name, *source.aliases, source.domain or "") for source in self.all)

    def with_uses(self, uses: Uses) -> _Known:
        """The same sources after something was used: nothing has to be arranged anew."""
        other = copy(self)
        other._uses, other._near = uses, {}  # noqa: SLF001
        return other

    def get(self, name: str) -> Source | None:
        own = self._own.get(name)
        if own is not None and own["state"] == "merged":
            name = own["merged_into"]
        return self.by_name.get(name) or self._by_key.get(search_key(name))

    def search(self, key: str, country: str | None, limit: int) -> list[Source]:
        found: dict[int, None] = {}
        near, near_index = self._near_part(country)
        hits = near_index.find(key, len(near), lambda _at: True)
        found |= dict.fromkeys(self._ranked([near[at] for at in hits], key, country))
        if len(found) < limit:
            farther = self._index.find(key, limit * _FARTHER, lambda at: at not in found)
            found |= dict.fromkeys(self._ranked(farther, key, country))
        if not found:
            found |= dict.fromkeys(self._index.alike(key, limit, lambda _at: True))
        return [self.all[at] for at in list(found)[:limit]]

    def _near_part(self, country: str | None) -> tuple[list[int], WordIndex]:
        """The sources in use there, of the country, and international ones."""
        if country not in self._near:
            used = set(self._uses.used_in(country))
            near = [
                at
                for at, source in enumerate(self.all)
                if source.name in used or source.country in (country, None)
            ]
            self._near[country] = near, WordIndex(lines=[self._index.lines[at] for at in near])
        return self._near[country]

    def _ranked(self, numbers: list[int], key: str, country: str | None) -> list[int]:
        return sorted(numbers, key=lambda at: self._standing(at, key, country))

    def _standing(self, number: int, key: str, country: str | None) -> tuple[float, ...]:
        source = self.all[number]
        return (
            -self._uses.weight(source.name, country),
            self._index.closeness(number, key) if key else 0,
            source.country is None and country is not None,
            number,
        )


def check_source(cells: Cells) -> Cells:
    """An entry's cells as the ledger keeps them, or one sentence about what is wrong."""
    name = checked_name(SOURCES, cells.get("name"))
    scale = cells.get("scale") or None
    parts = str(scale or "").split("-") if scale else []
    if any(part not in scales_in_order() for part in parts) or len(parts) > 2:
        raise UnusableInput(
            f"{name!r}: {scale!r} is no source scale; use one of {', '.join(scales_in_order())}, or two joined by a hyphen."
        )
    if cells.get("country") and cells["country"] not in country_names():
        raise UnusableInput(
            f"{name!r}: {cells['country']!r} is no country of the codebook; leave it empty for international sources."
        )
    return {
        **cells, "name": name, "scale": scale, "country": cells.get("country") or None, "domain": cells.get("domain") or None,
        "aliases": "; ".join(members(cells.get("aliases") or "")),
    }  # fmt: skip


def _domains(source: Source) -> list[str]:
    """The sites of a source: its domain, and aliases that look like one."""
    return [name for name in (*source.aliases, source.domain or "") if "." in name and " " not in name]


@cache
def _regions() -> dict[str, str]:
    import csv

    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as handle:
        return {row["name"]: row["region"] for row in csv.DictReader(handle)}


def _of_cells(cells: Cells) -> Source:
    return Source(
        cells["name"], cells["domain"], cells["scale"], cells["country"], members(cells["aliases"] or ""),
        cells["provenance"], cells["state"],
    )  # fmt: skip


def _cells(source: Source) -> Cells:
    return {
        "name": source.name, "domain": source.domain, "scale": source.scale, "country": source.country,
        "aliases": "; ".join(source.aliases),
    }  # fmt: skip
