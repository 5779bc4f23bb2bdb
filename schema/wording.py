"""The one place where the words of a codebook are read: how a note tells an event, what articles call people and acts.

The words stand in `schema/acled/wording/`; this module knows none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

_HOME = Path(__file__).parent


@dataclass(frozen=True)
class NoteWording:
    """How a drafted note tells an event."""

    acts: Mapping[str, str] = field(default_factory=dict)
    """By note label or sub-event type."""
    otherwise: str = "{a1} {at}"
    tells_deaths: tuple[str, ...] = ()
    """Event types whose note ends with a sentence on deaths even when none are known."""
    no_deaths: str = ""
    deaths_unknown: str = ""
    nobody: str = ""
    nowhere: str = ""
    """What a note says for the place while it is open."""
    crowds: tuple[str, ...] = ()
    forces: Mapping[str, str] = field(default_factory=dict)
    """The beginning of a state's forces' name to what a sentence calls them."""
    only_for: Mapping[str, str] = field(default_factory=dict)
    """Note labels that are the usual one only for actors of this beginning."""


@dataclass(frozen=True)
class Called:
    """What articles and coders call what a row names by a rule."""

    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    acts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vague: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def note_wording(codebook: str = "acled") -> NoteWording:
    """The wording of notes; a codebook without one gives plain sentences."""
    told = _read(codebook, "note")
    return NoteWording(
        acts=told.get("acts", {}),
        otherwise=told.get("otherwise", "{a1} {at}"),
        tells_deaths=tuple(told.get("tells_deaths", ())),
        no_deaths=told.get("no_deaths", ""),
        deaths_unknown=told.get("deaths_unknown", ""),
        nobody=told.get("nobody", ""),
        nowhere=told.get("nowhere", ""),
        crowds=tuple(told.get("crowds", ())),
        forces=told.get("forces", {}),
        only_for=told.get("only_for", {}),
    )


@lru_cache(maxsize=4)
def called_in(codebook: str = "acled") -> Called:
    """What articles call people and acts; nothing where a codebook does not say."""
    told = _read(codebook, "called")
    people, acts = (
        {key: tuple(words) for key, words in told.get(part, {}).items()} for part in ("people", "acts")
    )
    return Called(people, acts, tuple(told.get("vague", ())))


def _read(codebook: str, name: str) -> dict[str, Any]:
    from schema.codebook_files import read_toml

    path = _HOME / codebook / "wording" / f"{name}.toml"
    return read_toml(path) if path.is_file() else {}
