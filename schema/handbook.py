"""The one place where the codebook is written out for people: any part of it, or the whole as a Markdown handbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from schema.errors import UnusableInput
from schema.rule_scope import is_about
from schema.text import fold
from schema.wording import called_in

if TYPE_CHECKING:
    from schema.codebook import (
        ActorType,
        Codebook,
        Country,
        EventType,
        FatalityWord,
        GenericActor,
        Region,
        SubEventType,
    )
    from schema.column import Column
    from schema.rules import Rule, Severity

_Entry = tuple[tuple[str, ...], "Callable[[], str]"]
"""The names a part of the codebook goes by, and what tells it."""


def part(codebook: Codebook, term: str) -> str:
    """Everything the codebook says of a term: a column, a type, a kind of actor, a country, a rule, a word or a tag.

    Without a term: what there is to ask for.
    """
    if not term.strip():
        return _overview(codebook)
    found = list(_told(codebook, fold(term)))
    if found:
        return "\n\n".join(found) + "\n"
    import difflib

    key, names = fold(term), _names(codebook)
    near = difflib.get_close_matches(key, list(names), n=3, cutoff=0.75)
    near = near or [name for name in names if key in name][:3]
    # A word of another kind: what articles call it, or what a definition says, leads to the type that is meant.
    offers = [names[name] for name in near] or list(_speaking_of(codebook, key))[:3]
    offers = offers or [names[name] for name in difflib.get_close_matches(key, list(names), n=3, cutoff=0.6)]
    offer = (
        f"did you mean {' or '.join(map(repr, offers))}?"
        if offers
        else "give a column, a type, a rule id, a country or a tag."
    )
    raise UnusableInput(f"The codebook {codebook.name} has nothing on {term!r}; {offer}")


def _speaking_of(codebook: Codebook, key: str) -> Iterator[str]:
    """The sub-event types whose names in articles or whose definitions hold the word, those first."""
    acts = called_in(codebook.name).acts
    types = codebook.sub_event_types
    called = [entry.name for entry in types if any(key in fold(word) for word in acts.get(entry.name, ()))]
    told = [entry.name for entry in types if key in fold(f"{entry.definition} {entry.decision_rule}").split()]
    yield from dict.fromkeys([*called, *told])


def codebook_part(codebook: Codebook, term: str) -> str:
    """The same as `part`."""
    return part(codebook, term)


def handbook(codebook: Codebook) -> str:
    """The whole codebook as one Markdown document."""
    chapters: list[tuple[str, Iterable[str]]] = [
        ("Columns", (_column_line(column) for column in codebook.columns)),
        ("Event types", (text for kind in codebook.event_types for text in _event_chapter(codebook, kind))),
        ("Kinds of actors", (_actor_type(kind) for kind in codebook.actor_types)),
        (
            "Interactions",
            [
                _table(
                    ("code", "interaction"), ((str(pair.code), pair.label) for pair in codebook.interactions)
                )
            ],
        ),
        (
            "Names for people without one",
            (_bullet(actor.name, _generic(actor)) for actor in codebook.generic_actors),
        ),
        ("How sure", (_meanings(column) for column in codebook.columns if column.meanings)),
        (
            "Numbers behind words",
            [_table(("word", "coded as", "why"), (_word_cells(word) for word in codebook.fatality_words))],
        ),
        ("Sources", [_sources(codebook)]),
        ("Tags", (_bullet(tag.name, tag.rule) for tag in codebook.tags)),
        ("Countries", [_countries(codebook)]),
        ("Rules", (_rule(rule) for rule in codebook.rules)),
    ]
    contents = "\n".join(f"- [{title}](#{title.lower().replace(' ', '-')})" for title, _ in chapters)
    body = "\n\n".join(f"## {title}\n\n" + _joined(texts) for title, texts in chapters)
    return f"# Handbook: {codebook.title}\n\n{contents}\n\n{body}\n"


def _overview(codebook: Codebook) -> str:
    types = "\n".join(
        f"- {kind.name}: {', '.join(entry.name for entry in codebook.sub_event_types if entry.event_type == kind.name)}"
        for kind in codebook.event_types
    )
    rules: dict[str, list[str]] = {}
    for rule in sorted(codebook.rules, key=lambda rule: _in_order(rule)[1]):
        rules.setdefault(rule.id.split("-")[0], []).append(rule.id)
    lists = [
        ("Columns", ", ".join(column.name for column in codebook.columns)),
        ("Event types and their sub-event types", types),
        ("Kinds of actors", ", ".join(kind.label for kind in codebook.actor_types)),
        ("Rules", "\n".join(f"- {', '.join(ids)}" for ids in rules.values())),
        ("Tags", ", ".join(tag.name for tag in codebook.tags)),
        ("Regions", ", ".join(region.name for region in codebook.regions)),
    ]
    told = "\n\n".join(f"{title}:\n\n{text}" for title, text in lists)
    return f"{codebook.title}\n\n{told}\n\nAsk for any of these by its name, or for a country or a word for a number of dead.\n"


def _told(codebook: Codebook, key: str) -> Iterator[str]:
    for names, told in chain(_main_entries(codebook), _small_entries(codebook)):
        if key in map(fold, names):
            yield told()


def _main_entries(codebook: Codebook) -> Iterator[_Entry]:
    for column in (*codebook.columns, *codebook.optional_columns):
        yield (column.name, column.label), partial(_column, codebook, column)
    for kind in codebook.event_types:
        yield (kind.name,), partial(_event_text, codebook, kind)
    for entry in codebook.sub_event_types:
        yield (entry.name,), partial(_sub_event, codebook, entry, with_rules=True)
    for actor_type in codebook.actor_types:
        yield (
            (actor_type.label, str(actor_type.code), *actor_type.old_labels),
            partial(_actor_type, actor_type),
        )
    for rule in codebook.rules:
        yield (rule.id,), partial(_rule, rule)


def _small_entries(codebook: Codebook) -> Iterator[_Entry]:
    for pair in codebook.interactions:
        yield (
            (pair.label, str(pair.code)),
            partial(_headed, pair.label, f"Interaction, number {pair.code} in older exports."),
        )
    for country in codebook.countries:
        yield (country.name, country.iso3, *country.aliases), partial(_country, country)
    for region in codebook.regions:
        yield (region.name,), partial(_region, codebook, region)
    for word in codebook.fatality_words:
        yield (word.word,), partial(_headed, word.word, f"Coded as {_coded_as(word)}: {word.note}.")
    for tag in codebook.tags:
        yield (
            (tag.name, tag.name.rstrip("=")),
            partial(_headed, tag.name, f"{tag.rule}\n\nOn: {', '.join(tag.on)}."),
        )
    for actor in codebook.generic_actors:
        yield (actor.name, actor.name.removesuffix(" (X)")), partial(_headed, actor.name, _generic(actor))
    for name, labels in codebook.note_labels.items():
        for label in labels:
            yield (label,), partial(_headed, label, f"A label that opens the notes of {name}.")


def _headed(title: str, text: str) -> str:
    return f"### {title}\n\n{text}"


def _region(codebook: Codebook, region: Region) -> str:
    inside = ", ".join(country.name for country in codebook.countries if country.region == region.name)
    return _headed(
        region.name, f"Region {region.code}, covered from {region.first_year}.\n\nCountries: {inside}."
    )


def _event_text(codebook: Codebook, kind: EventType) -> str:
    return "\n\n".join(_event_chapter(codebook, kind))


def _column(codebook: Codebook, column: Column) -> str:
    lines = [f"### {column.name}", column.description, f"*{_nature(column)}*"]
    if column.meanings:
        lines.append(_meanings(column, title=False))
    elif column.values:
        shown = column.values if len(column.values) <= 60 else (*column.values[:12], "…")
        lines.append("Values: " + "; ".join(shown) + ".")
    rules = sorted((rule for rule in codebook.rules if column.name in rule.columns), key=_in_order)
    lines.append("Rules:\n\n" + "\n".join(_rule_line(rule) for rule in rules))
    return "\n\n".join(lines)


def _column_line(column: Column) -> str:
    return _bullet(f"`{column.name}`", f"{column.description} *{_nature(column)}*")


def _nature(column: Column) -> str:
    kind = {
        "list": f"list, joined by {column.separator!r}",
        "enum": "one of a list",
        "decimal": "number",
        "integer": "whole number",
    }
    filled = {"coded": "coded", "derived": "worked out, never typed", "released": "given at release"}
    told = [
        kind.get(column.kind, column.kind),
        filled[column.origin],
        "required" if column.required else "may be empty",
    ]
    if column.minimum is not None and column.maximum is not None:
        told.append(f"{column.minimum:g} to {column.maximum:g}")
    if column.hxl:
        told.append(column.hxl)
    return ", ".join(told)


def _event_chapter(codebook: Codebook, kind: EventType) -> Iterator[str]:
    told = f"### {kind.name}\n\n{kind.definition}"
    yield f"{told}\n\nNot this: {kind.not_this}" if kind.not_this else told
    for entry in codebook.sub_event_types:
        if entry.event_type == kind.name:
            yield _sub_event(codebook, entry)


def _sub_event(codebook: Codebook, entry: SubEventType, *, with_rules: bool = False) -> str:
    lines = [f"#### {entry.name}", entry.definition, entry.decision_rule]
    facts = [
        ("event type", entry.event_type),
        ("disorder type", entry.disorder_type),
        ("rank", f"{entry.rank} of {len(codebook.sub_event_types)}, the higher one wins"),
        ("actor 2", entry.actor2),
        ("fatalities", entry.fatalities),
        ("civilian targeting", entry.targeting),
        ("side 1 in published data", ", ".join(entry.side1)),
        ("side 2 in published data", ", ".join(entry.side2)),
        ("notes open with", " or ".join(f"{label}:" for label in entry.note_labels)),
    ]
    lines.append("\n".join(f"- {name}: {told}" for name, told in facts if told))
    if with_rules:
        judged = [rule for rule in codebook.rules if rule.nature == "condition" and rule.severity is not None]
        rules = sorted((rule for rule in judged if is_about(rule, entry, codebook)), key=_in_order)
        lines.append("Rules:\n\n" + "\n".join(_rule_line(rule) for rule in rules))
    return "\n\n".join(line for line in lines if line)


def _actor_type(kind: ActorType) -> str:
    old = f" Older exports: {', '.join((str(kind.code), *kind.old_labels))}."
    return f"### {kind.label}\n\n{kind.definition}{old}"


def _country(country: Country) -> str:
    facts = [
        ("ISO number", country.iso),
        ("ISO letters", country.iso3),
        ("event ids open with", country.prefix),
        ("region", country.region),
        ("covered from", country.first_year),
        ("also called", ", ".join(country.aliases)),
    ]
    return f"### {country.name}\n\n" + "\n".join(
        f"- {name}: {told}" for name, told in facts if told not in {None, ""}
    )


def _countries(codebook: Codebook) -> str:
    rows = (
        (
            country.name,
            str(country.iso),
            country.iso3,
            country.prefix,
            country.region,
            str(country.first_year or ""),
        )
        for country in codebook.countries
    )
    return _table(("country", "ISO", "ISO3", "ids", "region", "from"), rows)


def _rule(rule: Rule) -> str:
    facts = [
        f"In new coding: {_severity(rule.severity)}. In imported data: {_severity(rule.imported_severity)}.",
        f"Concerns: {', '.join(rule.columns)}.",
        rule.message,
        f"Why: {rule.reason}" if rule.reason else "",
        f"```sql\n{rule.sql}\n```",
    ]
    return "\n\n".join((f"### {rule.id}", *(fact for fact in facts if fact)))


def _in_order(rule: Rule) -> tuple[int, int]:
    """Errors before warnings before hints; among equals by family and number."""
    number = rule.id.rpartition("-")[2]
    weight = ["error", "warning", "hint"].index(str(rule.severity)) if rule.severity else 3
    return weight, int(number) if number.isdigit() else 0


def _rule_line(rule: Rule) -> str:
    return f"- {rule.id} ({_severity(rule.severity)}): {rule.message}"


def _severity(severity: Severity | None) -> str:
    return severity.value if severity else "not judged"


def _meanings(column: Column, *, title: bool = True) -> str:
    lines = "\n".join(
        f"- {value}: {meaning}" for value, meaning in zip(column.values, column.meanings, strict=True)
    )
    return f"### {column.label}\n\n{lines}" if title else lines


def _coded_as(word: FatalityWord) -> str:
    return f"{word.number:,}" + (" in a war of high intensity" if word.intense else "")


def _word_cells(word: FatalityWord) -> Sequence[str]:
    return (word.word, _coded_as(word), word.note)


def _generic(actor: GenericActor) -> str:
    return (
        f"A main actor of the type {actor.inter}." if actor.use == "main" else "Stands beside a main actor."
    )


def _sources(codebook: Codebook) -> str:
    levels = ", ".join(codebook.source_scales)
    told = f"Levels, in the order in which a pair is written: {levels}."
    return f"{told}\n\nThe scale is one level, or the first two of all sources in that order."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def _bullet(name: str, told: str) -> str:
    return f"- {name}: {told}"


def _joined(texts: Iterable[str]) -> str:
    held = list(texts)
    return ("\n" if held and all(text.startswith("- ") for text in held) else "\n\n").join(held)


def _names(codebook: Codebook) -> dict[str, str]:
    names = [column.name for column in codebook.columns]
    names += [entry.name for entry in codebook.event_types] + [
        entry.name for entry in codebook.sub_event_types
    ]
    names += [entry.name for entry in codebook.countries] + [entry.name for entry in codebook.regions]
    names += [entry.label for entry in codebook.actor_types] + [rule.id for rule in codebook.rules]
    names += [tag.name for tag in codebook.tags] + [actor.name for actor in codebook.generic_actors]
    names += [word.word for word in codebook.fatality_words]
    return {fold(name): name for name in names}
