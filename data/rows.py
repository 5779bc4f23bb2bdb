"""The one place where saved rows become the typed columns of the dataset, and typed rows become saved ones again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from data.ledger.cells import encode_labels
from data.records import FIRST_IMPORTED_KEY, Revision, Value
from schema.column import HOUSE_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

    from schema.codebook import Codebook
    from schema.column import Column

HISTORY_COLUMNS: Final = (
    "seq",
    "save_id",
    "act",
    "why",
    "reason",
    "merged_into",
    "origins",
    "reasons",
    "evidence",
)
"""What a revision has beside the columns of the dataset."""


@dataclass(frozen=True)
class Misfit:
    """A value that its column cannot hold; the row stays in the ledger."""

    event_key: int
    column: str
    value: Value


@dataclass
class TypedRows:
    """Revisions as a table of the dataset, and what did not fit."""

    table: pa.Table
    misfits: list[Misfit] = field(default_factory=list)


def dataset_schema(codebook: Codebook) -> pa.Schema:
    """The Arrow schema of the dataset: the codebook's columns, then the house's."""
    import pyarrow as pa

    types = {"integer": pa.int64(), "decimal": pa.float64(), "date": pa.date32()}
    columns = [pa.field(column.name, types.get(column.kind, pa.string())) for column in codebook.columns]
    house = {
        "event_key": pa.int64(), "revision": pa.int64(), "status": pa.string(), "coder": pa.string(),
        "saved_at": pa.timestamp("us", tz="UTC"), "article_id": pa.int64(), "origin": pa.string(),
    }  # fmt: skip
    return pa.schema([*columns, *(pa.field(name, kind) for name, kind in house.items())])


def never_empty(codebook: Codebook) -> frozenset[str]:
    """The columns that every row of the dataset fills: no judge lets one without them in, coded or imported."""
    from schema.rules import Severity

    demanded = (
        rule.columns[0]
        for rule in codebook.rules
        if rule.nature == "required" and {rule.severity, rule.imported_severity} == {Severity.ERROR}
    )
    return frozenset({"event_key", "revision", "status", "saved_at", "origin", *demanded})


def history_schema(codebook: Codebook) -> pa.Schema:
    """The Arrow schema of revisions: the dataset's, then how each came to be."""
    import pyarrow as pa

    evidence = pa.struct(
        [
            ("field", pa.string()),
            ("article_id", pa.int64()),
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("quote", pa.string()),
        ]
    )
    types = {"seq": pa.int64(), "merged_into": pa.int64(), "evidence": pa.list_(evidence)}
    more = [pa.field(name, types.get(name, pa.string())) for name in HISTORY_COLUMNS]
    return pa.schema([*dataset_schema(codebook), *more])


def typed_rows(
    revisions: Sequence[Revision], codebook: Codebook, public_ids: dict[int, str], *, history: bool = False
) -> TypedRows:
    """The revisions as a table, derived columns left empty: `derive` fills them."""
    import pyarrow as pa

    misfits: list[Misfit] = []
    arrays: dict[str, list[Any]] = {}
    for column in codebook.columns:
        if column.origin == "coded" or column.own:
            arrays[column.name] = [_fitted(revision, column, misfits) for revision in revisions]
    arrays["event_id_cnty"] = [_public_id(revision, public_ids) for revision in revisions]
    arrays["timestamp"] = [int(revision.saved_at.timestamp()) for revision in revisions]
    for name in HOUSE_COLUMNS:
        arrays[name] = [_house(revision, name) for revision in revisions]
    if history:
        arrays |= {name: [_history(revision, name) for revision in revisions] for name in HISTORY_COLUMNS}
    schema = history_schema(codebook) if history else dataset_schema(codebook)
    nothing = [None] * len(revisions)
    return TypedRows(
        pa.table([pa.array(arrays.get(f.name, nothing), type=f.type) for f in schema], schema=schema), misfits
    )


def revisions_of(table: pa.Table, codebook: Codebook) -> list[Revision]:
    """Imported rows of the dataset as revisions."""
    found = []
    for row in table.to_pylist():
        values = {
            c.name: row.get(c.name)
            for c in codebook.columns
            if c.origin == "coded" or c.name == "event_id_cnty"
        }
        found.append(
            Revision(
                row["event_key"], row["revision"], "", row["coder"] or "import", row["saved_at"], row["article_id"],
                row["status"], {name: value for name, value in values.items() if value is not None},
                origins={}, reasons={}, act="import",
            )
        )  # fmt: skip
    return found


def clean(text: str) -> str:
    """The text without half surrogate pairs, which no file format can hold."""
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)


def _fitted(revision: Revision, column: Column, misfits: list[Misfit]) -> Value:
    value = revision.values.get(column.name)
    if value is None or value == "":
        return None
    if column.kind == "integer":
        fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63
    elif column.kind == "decimal":
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    elif column.kind == "date":
        fits = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    else:
        fits = isinstance(value, str)
    if not fits:
        misfits.append(Misfit(revision.event_key, column.name, value))
        return None
    return clean(value) if isinstance(value, str) and not value.isascii() else value


def _public_id(revision: Revision, public_ids: dict[int, str]) -> Value:
    known = public_ids.get(revision.event_key)
    if known is None and revision.event_key >= FIRST_IMPORTED_KEY:
        return revision.values.get("event_id_cnty")
    return known


def _house(revision: Revision, name: str) -> Any:
    if name == "origin":
        return "imported" if revision.event_key >= FIRST_IMPORTED_KEY else "coded"
    value = getattr(revision, name)
    return clean(value) if isinstance(value, str) else value


def _history(revision: Revision, name: str) -> Any:
    if name == "evidence":
        return [{**vars(e), "quote": clean(e.quote)} for e in revision.evidence]
    value = getattr(revision, name)
    if name in {"origins", "reasons"}:
        return encode_labels(value)
    return clean(value) if isinstance(value, str) else value


def key_set(keys: Iterable[int]) -> pa.Array:
    """Event keys as an Arrow array."""
    import pyarrow as pa

    return pa.array(sorted(keys), type=pa.int64())
