"""The one place where the codebook is held in memory: columns, taxonomy, actor types, words and rules, all immutable.

It knows nothing of the subject itself; every fact stands in data files (`schema/acled/`, a project's `codebook/`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from schema.errors import CodebookError
from schema.text import fold

if TYPE_CHECKING:
    from schema.column import Column, Row
    from schema.rules import Rule


@dataclass(frozen=True)
class EventType:
    """One of the main kinds of event."""

    name: str
    definition: str = ""
    not_this: str = ""
    """What looks like it and is coded otherwise."""
    old_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubEventType:
    """A kind of event as coders choose it; it fixes the event type and the disorder type."""

    name: str
    event_type: str
    disorder_type: str
    rank: int
    """1 is the highest; where several kinds of action make one event, the higher one wins."""
    definition: str = ""
    decision_rule: str = ""
    actor2: str = "optional"
    """`required` or `optional`."""
    fatalities: str = "any"
    """`any`, `none`, `at least one` or `rare`."""
    targeting: str = "never"
    """When civilian targeting is set: `never`, `always`, or `civilian actor`."""
    side1: tuple[str, ...] = ()
    """Kinds of actor met as actor 1 in published data."""
    side2: tuple[str, ...] = ()
    note_labels: tuple[str, ...] = ()
    """Words of which one must open the notes; empty where the notes open with the date."""


@dataclass(frozen=True)
class DisorderGroup:
    """A group of events that the field reports by; groups overlap."""

    name: str
    disorder_types: tuple[str, ...]
    """The disorder types of its sub-event types."""
    event_types: tuple[str, ...] = ()
    """Only of these event types; empty where of any."""


@dataclass(frozen=True)
class ActorType:
    """A kind of actor."""

    label: str
    code: int
    place_in_interaction: int
    """Who stands first in the text of a pair."""
    organised: bool = False
    old_labels: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True)
class Interaction:
    """A pair of actor types, or one alone."""

    label: str
    code: int


@dataclass(frozen=True)
class Region:
    """A part of the world."""

    name: str
    code: int | None = None
    first_year: int | None = None


@dataclass(frozen=True)
class Country:
    """A country or territory as the codebook writes it."""

    name: str
    iso: int | None = None
    iso3: str = ""
    prefix: str = ""
    """Opens the event ids of the country; not its ISO code."""
    region: str = ""
    first_year: int | None = None
    """The year from which its events are coded."""
    south: float | None = None
    """The box around it with its islands, in degrees, from GeoNames' places and Natural Earth's outlines, a tenth wider."""
    west: float | None = None
    """East of the eastern bound where the box crosses the date line."""
    north: float | None = None
    east: float | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedActor:
    """An actor whose kind is known by its name; those named by rule (Protesters (Kenya)) need no entry."""

    name: str
    actor_type: str
    """The label of its type in its own country."""
    home: str = ""
    """That country; empty for actors of several countries."""
    first_day: str = ""
    """ISO date from which the name is given to events; empty where nothing is known."""
    last_day: str = ""


@dataclass(frozen=True)
class FatalityWord:
    """A word that stands for a number of dead; a word may have several readings, the first is the default."""

    word: str
    number: int
    note: str = ""
    intense: bool = False
    """The reading for a war of high intensity."""


@dataclass(frozen=True)
class IntenseWar:
    """A country, and the year from which a plural without a number was read with the larger number there."""

    country: str
    first_year: int


@dataclass(frozen=True)
class GenericActor:
    """A name for people without one; X stands for their country."""

    name: str
    use: str = "main"
    """`main` or `associate`."""
    inter: str = ""
    """The type of actor the name fixes; empty for associates."""


@dataclass(frozen=True)
class Tag:
    """A fixed word of the tags column."""

    name: str
    rule: str = ""
    on: tuple[str, ...] = ()
    """The event types that carry it."""
    free_text: bool = False
    """The coder's own words follow."""
    required: bool = False


@dataclass(frozen=True)
class GedMapping:
    """How events are told as UCDP's GED tells them."""

    event_types: tuple[str, ...]
    """The kinds of event that are armed force."""
    one_sided: tuple[str, ...]
    """Sub-event types of other kinds that are force against civilians all the same."""
    state: str
    """The kind of actor that is a state in its own country."""
    civilians: str
    """The kind of actor that only suffers."""
    regions: Mapping[str, tuple[str, ...]]
    """GED's region to the codebook's."""
    countries: Mapping[str, tuple[str, ...]]
    """GED's region to the countries that lie elsewhere by the codebook."""


@dataclass(frozen=True)
class Lookup:
    """What rules may ask of the codebook by a row's value: `sub.rank` is the rank of the row's sub-event type."""

    name: str
    column: str
    entries: str


@dataclass(frozen=True)
class Codebook:
    """Everything coders, checks and the dataset agree on."""

    name: str
    title: str
    columns: tuple[Column, ...]
    """In the order of the export, the project's own last."""
    optional_columns: tuple[Column, ...] = ()
    """Columns that only some exports carry."""
    disorder_types: tuple[str, ...] = ()
    event_types: tuple[EventType, ...] = ()
    sub_event_types: tuple[SubEventType, ...] = ()
    disorder_groups: tuple[DisorderGroup, ...] = ()
    actor_types: tuple[ActorType, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    regions: tuple[Region, ...] = ()
    countries: tuple[Country, ...] = ()
    source_scales: tuple[str, ...] = ()
    """The single levels, in the order in which a pair is written."""
    fatality_words: tuple[FatalityWord, ...] = ()
    intense_wars: tuple[IntenseWar, ...] = ()
    note_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Sub-event type to the words its notes open with, most used first."""
    tags: tuple[Tag, ...] = ()
    generic_actors: tuple[GenericActor, ...] = ()
    named_actors: tuple[NamedActor, ...] = ()
    rules: tuple[Rule, ...] = ()
    derivations: Mapping[str, str] = field(default_factory=dict)
    """Derived column to its SQL expression."""
    lookups: tuple[Lookup, ...] = ()
    ged: GedMapping | None = None
    examples: Mapping[str, Row] = field(default_factory=dict)
    """Sound rows that the examples of the rules vary."""

    @cached_property
    def coded(self) -> tuple[Column, ...]:
        """The columns a coder fills, in order; a project's own at the end of their section."""
        found = [column for column in self.columns if column.origin == "coded"]
        sections = list(dict.fromkeys(column.section for column in found))
        return tuple(sorted(found, key=lambda column: sections.index(column.section)))

    @property
    def derived(self) -> tuple[Column, ...]:
        """The columns nobody types."""
        return tuple(column for column in self.columns if column.origin == "derived")

    def with_actors(self, own: Iterable[NamedActor], without: Collection[str] = ()) -> Codebook:
        """The same codebook with a project's own actors, which win over those of their name; `without` are left out."""
        known = {actor.name: actor for actor in (*self.named_actors, *own)}
        return replace(self, named_actors=tuple(known[name] for name in known if name not in without))

    def column(self, name: str) -> Column:
        """The column of that name."""
        try:
            return self._columns[name]
        except KeyError:
            raise CodebookError(f"The codebook {self.name} has no column {name!r}.") from None

    def has_column(self, name: str) -> bool:
        """Whether there is a column of that name."""
        return name in self._columns

    def sub_event(self, name: str) -> SubEventType:
        """The sub-event type of that name."""
        try:
            return self._sub_events[name]
        except KeyError:
            raise CodebookError(f"{name!r} is not a sub-event type of the codebook {self.name}.") from None

    def country(self, name: str) -> Country:
        """The country of that name or alias, in any case."""
        try:
            return self._countries[fold(name)]
        except KeyError:
            raise CodebookError(f"{name!r} is not a country of the codebook {self.name}.") from None

    def actor_type(self, label_or_code: str | int) -> ActorType:
        """The kind of actor by its label, an older label or its number."""
        try:
            return self._actor_types[fold(str(label_or_code))]
        except KeyError:
            raise CodebookError(
                f"{label_or_code!r} is not a kind of actor of the codebook {self.name}."
            ) from None

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id."""
        try:
            return self._rules[rule_id]
        except KeyError:
            raise CodebookError(f"The codebook {self.name} has no rule {rule_id!r}.") from None

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {column.name: column for column in (*self.optional_columns, *self.columns)}

    @cached_property
    def _sub_events(self) -> dict[str, SubEventType]:
        return {entry.name: entry for entry in self.sub_event_types}

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _countries(self) -> dict[str, Country]:
        found = {fold(alias): entry for entry in self.countries for alias in entry.aliases}
        return found | {fold(entry.name): entry for entry in self.countries}

    @cached_property
    def _actor_types(self) -> dict[str, ActorType]:
        found = {fold(old): entry for entry in self.actor_types for old in entry.old_labels}
        found |= {str(entry.code): entry for entry in self.actor_types}
        return found | {fold(entry.label): entry for entry in self.actor_types}


def load_codebook(name: str = "acled", own: Path | None = None) -> Codebook:
    """The codebook of that name with the additions of a project's own folder; CodebookError says what is wrong there."""
    from schema.codebook_files import read_codebook

    return _shipped(name) if own is None else read_codebook(name, own)


@cache
def _shipped(name: str) -> Codebook:
    """A codebook that comes with the program, read once: it cannot change while the program runs."""
    from schema.codebook_files import read_codebook

    return read_codebook(name, None)
