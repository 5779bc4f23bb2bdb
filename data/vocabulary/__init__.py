"""Vocabularies behind the type-ahead: places, actors, sources; a project's own entries, their changes, their use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.vocabulary.actors import Actor, Actors, judging_codebook
from data.vocabulary.learning import remember, strangers
from data.vocabulary.places import Place, Places
from data.vocabulary.sources import Source, Sources

if TYPE_CHECKING:
    from data.project import Project

__all__ = [
    "Actor",
    "Actors",
    "Place",
    "Places",
    "Source",
    "Sources",
    "actor_rows",
    "judging_codebook",
    "place_rows",
    "remember",
    "strangers",
]


def actor_rows(project: Project | None) -> list[dict[str, Any]]:
    """Every actor, seed and project, as plain values for the `actors` view."""
    return Actors.open(project).rows()


def place_rows(project: Project) -> list[dict[str, Any]]:
    """Every place the project confirmed, as plain values for the `places` view."""
    from data.vocabulary.changes import PLACES, own_entries

    return [
        {name: cells[name] for name in ("entry", *PLACES.columns, "state", "merged_into", "provenance")}
        for cells in own_entries(project, PLACES)
    ]
