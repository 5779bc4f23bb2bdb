"""The one place where it stands what articles call the people, forces and acts that a row names by a rule.

`Protesters (Kenya)` stands in no article; `demonstrators` and `marched` do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

CALLED: Mapping[str, tuple[str, ...]] = {
    "Protesters": ("protesters", "demonstrators", "marchers", "marched", "march", "rally", "rallied", "sit-in", "gathered"),
    "Rioters": ("rioters", "mob", "crowd", "demonstrators"),
    "Civilians": ("civilians", "residents", "villagers", "traders", "bystanders", "passengers", "people"),
    "Police Forces of": ("police", "policemen", "policeman", "officers", "gendarmes"),
    "Military Forces of": (
        "army", "soldiers", "troops", "warplanes", "military", "air force", "government forces", "jets",
    ),
    "Unidentified Armed Group": ("gunmen", "armed men", "unidentified attackers", "unknown attackers"),
    "Unidentified Gang": ("gang", "gangsters"),
    "Unidentified Communal Militia": ("armed villagers", "armed farmers", "armed herders"),
    "Fulani Ethnic Militia": ("Fulani herders", "herders"),
}  # fmt: skip
"""Beginnings of names that a rule gives, and what articles call those people, the usual words first."""

SPOKEN: Mapping[str, tuple[str, ...]] = {
    "Government regains territory": ("recapture", "retake", "retook", "liberate"),
    "Non-state actor overtakes territory": ("capture", "seize", "fall of", "took control"),
    "Armed clash": ("battle", "clash", "fought", "fight", "ambush", "gun battle", "exchanged fire"),
    "Excessive force against protesters": ("shooting protesters", "live fire", "live rounds", "opened fire"),
    "Protest with intervention": ("tear gas", "dispersed", "arrested protesters", "detained"),
    "Peaceful protest": ("march", "rally", "demonstration", "gathered", "sit-in", "strike rally"),
    "Violent demonstration": ("riot", "burning tyres", "burned tyres", "barricade", "threw stones"),
    "Mob violence": ("lynching", "vigilante", "crowd", "brawl"),
    "Chemical weapon": ("gas attack", "chlorine"),
    "Air/drone strike": ("airstrike", "bombing raid", "bombed", "uav", "air raid", "drone"),
    "Suicide bomb": ("bomber", "svbied"),
    "Shelling/artillery/missile attack": ("rocket", "mortar", "bombardment", "shells"),
    "Remote explosive/landmine/IED": ("bomb", "mine", "roadside bomb", "car bomb"),
    "Grenade": ("threw a grenade", "hand grenade"),
    "Sexual violence": ("rape",),
    "Attack": ("killing", "killed", "murder", "shooting", "shot", "assassination", "beating"),
    "Abduction/forced disappearance": ("kidnapping", "abduct", "hostage", "disappeared"),
    "Agreement": ("ceasefire", "truce", "accord", "prisoner exchange", "surrender"),
    "Arrests": ("arrested", "detention"),
    "Change to group/activity": ("recruitment", "movement of forces", "security measures"),
    "Disrupted weapons use": ("defused", "interception", "shot down", "weapons seizure"),
    "Looting/property destruction": ("looted", "arson", "vandalism", "burned houses", "demolition"),
    "Non-violent transfer of territory": ("handover", "withdrawal"),
    "Other": ("coup", "displacement", "mass grave"),
}
"""What coders type, and articles write, for a sub-event type."""


def called(name: str) -> tuple[str, ...]:
    """What an article may call an actor, the full name first: also its abbreviation, its full form, its rule's words.

    >>> called("HTS: Hayat Tahrir al Sham")
    ('HTS: Hayat Tahrir al Sham', 'Hayat Tahrir al Sham', 'HTS')
    """
    bare = re.sub(r" \([^()]*\)", "", name).strip()
    short, _, full = bare.partition(": ")
    parts = (full, short) if full else (bare.split(" - ")[0],)
    by_rule = next((words for kind, words in CALLED.items() if bare.startswith(kind)), ())
    return tuple(dict.fromkeys((*((name,) if name == bare else ()), bare, *parts, *by_rule)))
