"""The one place where pandera guards the dataset: no row enters the Parquet, or leaves for a notebook, but through it.

Columns (types, values, ranges) are ordinary pandera columns. The rules are pandera checks named by rule id; what they
answer is computed in one DuckDB pass, so that their text means here what it means in the form. Pandera's environment
switches that turn validation off are overridden.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema.codebook import Codebook, load_codebook
from schema.column import Column
from schema.relation_judge import derived_columns_sql, judge_relation
from schema.rules import Rule, Severity

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pandas as pd
    import pandera.pandas as pa
    import pyarrow

_BATCH = 200_000
_SMALL = 2_000
"""Up to so many rows, planning the checks costs more than running them."""
_KEY = "gate_row"
_TYPES = {"integer": "Int64", "decimal": "float64", "date": "datetime64[us]"}

_DATES_IN_WORDS = ("%d %B %Y", "%d-%B-%Y")
"""Read beside ISO dates, as exports write them; slashes are never guessed at."""

Refusal = tuple[int, str, str]
"""Row number from 0, rule id, message."""


def validate(
    df: pd.DataFrame,
    codebook: Codebook | None = None,
    *,
    imported: bool = False,
    absent: Collection[str] = (),
    today: datetime.date | None = None,
) -> pd.DataFrame:
    """The frame with typed columns and derived columns filled in, or pandera's SchemaErrors with every failure.

    Empty texts become missing cells; texts, numbers, ISO dates and dates with the
    month in words are read into the column's type; columns that the
    codebook does not know are left alone. `imported` judges by the severities for imported data: an export that
    somebody published. `absent` columns are not asked for.
    """
    codebook = codebook or load_codebook()
    typed, unread = _typed(df, codebook)
    typed = _with_derived(typed, codebook, absent)
    broken = _Broken(_arrow(typed, codebook), codebook, imported=imported, absent=absent, today=today)
    schema = _schema(typed, codebook, broken, unread, imported=imported, absent=absent)
    with validation_on():
        judged: pd.DataFrame = schema.validate(typed, lazy=True)
    return judged


def accept(
    table: pyarrow.Table,
    codebook: Codebook,
    *,
    imported: bool = False,
    absent: Collection[str] = (),
    today: datetime.date | None = None,
) -> tuple[pyarrow.Table, list[Refusal]]:
    """The rows that pass, as they came, and for the others each rule they break; row numbers count from 0."""
    import numpy as np
    import pyarrow as arrow

    known = [name for name in table.column_names if codebook.has_column(name) or name == "published"]
    broken = _Broken(table.select(known), codebook, imported=imported, absent=absent, today=today)
    refused: list[Refusal] = []
    for start in range(0, table.num_rows, _BATCH):
        frame = table.select([name for name in known if name != "published"]).slice(start, _BATCH).to_pandas()
        refused += _refused(frame, start, codebook, broken, imported=imported, absent=absent)
    passed = np.ones(table.num_rows, dtype=bool)
    passed[[row for row, _, _ in refused]] = False
    return table.filter(arrow.array(passed)), refused


@contextmanager
def validation_on() -> Iterator[None]:
    """Pandera with validation on and complete, whatever the environment says."""
    from pandera.config import ValidationDepth, config_context

    with config_context(
        validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA, use_narwhals_backend=False
    ):
        yield


class _Broken:
    """Which rows break which rule, computed once for a whole table."""

    def __init__(
        self,
        table: pyarrow.Table,
        codebook: Codebook,
        *,
        imported: bool,
        absent: Collection[str],
        today: datetime.date | None,
    ) -> None:
        import numpy as np

        self.rows = table.num_rows
        with _engine() as con:
            con.register("given", table.append_column(_KEY, [_numbers(table.num_rows)]))
            if table.num_rows <= _SMALL:
                con.execute("PRAGMA disable_optimizer")
            errors = judge_relation(
                con,
                "given",
                codebook,
                key=_KEY,
                imported=imported,
                absent=absent,
                today=today,
                only=(Severity.ERROR,),
            )
            found = con.execute(f"SELECT rule_id, key FROM {errors} ORDER BY ALL").fetchnumpy()
        ids, keys = np.asarray(found["rule_id"]), np.asarray(found["key"])
        self._rows_of = {str(rule_id): keys[ids == rule_id] for rule_id in np.unique(ids)} if len(ids) else {}

    def holds(self, rule_id: str, start: int, count: int) -> np.ndarray[Any, Any]:
        """Whether the rule holds, for `count` rows from `start` on."""
        import numpy as np

        held = np.ones(count, dtype=bool)
        keys = self._rows_of.get(rule_id)
        if keys is not None:
            held[keys[(keys >= start) & (keys < start + count)] - start] = False
        return held


@dataclass(frozen=True)
class _Answer:
    """A pandera check whose answer is known already: the rows it was computed for, in their order."""

    held: Any

    def __call__(self, series: pd.Series[Any]) -> pd.Series[bool]:
        import pandas as pd

        return pd.Series(self.held, index=series.index)


def _schema(
    frame: pd.DataFrame,
    codebook: Codebook,
    broken: _Broken,
    unread: Mapping[str, Any],
    *,
    imported: bool,
    absent: Collection[str],
    start: int = 0,
) -> pa.DataFrameSchema:
    """The pandera schema for these very rows."""
    import pandera.pandas as pa

    by_column: dict[str, list[Rule]] = {}
    for rule in codebook.rules:
        if rule.severity_in(imported=imported) is not Severity.ERROR or not set(rule.columns).isdisjoint(
            absent
        ):
            continue
        if all(column in frame.columns for column in rule.columns):
            by_column.setdefault(rule.columns[0], []).append(rule)
    columns = {}
    for column in (*codebook.columns, *codebook.optional_columns):
        needed = (
            column.required
            and column.name not in absent
            and not (column.origin == "released" and not imported)
        )
        if column.name not in frame.columns and not needed:
            continue
        checks = [_check(rule, column, broken, start, len(frame)) for rule in by_column.get(column.name, ())]
        if column.name in unread:
            checks.append(
                pa.Check(_Answer(~unread[column.name]), name=f"TYPE-{column.name}", ignore_na=False)
            )
        columns[column.name] = pa.Column(_dtype(column, frame), checks, nullable=True, required=True)
    return pa.DataFrameSchema(columns, strict=False, name=codebook.name)


def _check(rule: Rule, column: Column, broken: _Broken, start: int, count: int) -> pa.Check:
    """One rule as a pandera check: what follows from the column in pandera's own words, the others by their SQL."""
    import pandera.pandas as pa

    named: dict[str, Any] = {"name": rule.id, "error": rule.id, "description": rule.message}
    if rule.nature == "required":
        return pa.Check(lambda series: series.notna(), ignore_na=False, **named)
    if rule.nature == "values":
        return pa.Check.isin(column.values, **named)
    if rule.nature == "range":
        if column.maximum is None:
            return pa.Check.ge(column.minimum, **named)
        if column.minimum is None:
            return pa.Check.le(column.maximum, **named)
        return pa.Check.in_range(column.minimum, column.maximum, **named)
    return pa.Check(_Answer(broken.holds(rule.id, start, count)), ignore_na=False, **named)


def _dtype(column: Column, frame: pd.DataFrame) -> Any:
    if column.kind in _TYPES:
        return _TYPES[column.kind]
    if column.name in frame.columns and str(frame[column.name].dtype) != "category":
        return "str"
    return None


def _refused(
    frame: pd.DataFrame,
    start: int,
    codebook: Codebook,
    broken: _Broken,
    *,
    imported: bool,
    absent: Collection[str],
) -> list[Refusal]:
    from pandera.errors import SchemaErrors

    typed, unread = _typed(frame, codebook)
    schema = _schema(typed, codebook, broken, unread, imported=imported, absent=absent, start=start)
    try:
        with validation_on():
            schema.validate(typed, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        whole = cases[cases["index"].isna()]
        if len(whole):
            told = "; ".join(f"{case.check} {case.column} {case.failure_case}" for case in whole.itertuples())
            return [
                (start + row, "SCHEMA", f"The table does not have the columns of the codebook: {told}.")
                for row in range(len(frame))
            ]
        pairs = zip(cases["index"], cases["check"], strict=True)
        return [
            (start + int(row), str(check), _message(str(check), codebook))
            for row, check in sorted(set(pairs))
        ]
    return []


def _message(rule_id: str, codebook: Codebook) -> str:
    if rule_id.startswith("TYPE-"):
        column = codebook.column(rule_id.removeprefix("TYPE-"))
        return f"{column.label} holds what is no {column.kind}. Correct the value."
    return codebook.rule(rule_id).message


def _typed(df: pd.DataFrame, codebook: Codebook) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The frame with each known column in its type, and for each the cells that could not be read."""
    typed = df.copy(deep=False).reset_index(drop=True) if not df.index.is_unique else df.copy(deep=False)
    unread: dict[str, Any] = {}
    for column in (*codebook.columns, *codebook.optional_columns):
        if column.name not in typed.columns:
            continue
        given = typed[column.name]
        read = _READERS.get(column.kind, _texts)(given)
        lost = (given.notna() & read.isna()).to_numpy(dtype=bool, copy=True)
        if column.kind in _TYPES and lost.any():
            lost &= (given.astype("object").astype("str") != "").to_numpy(dtype=bool)
            unread[column.name] = lost
        typed[column.name] = read
    return typed, {name: lost for name, lost in unread.items() if lost.any()}


def _texts(given: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if isinstance(given.dtype, pd.CategoricalDtype):
        return given.cat.remove_categories([""]) if "" in given.cat.categories else given
    texts = (
        given.astype("str")
        if given.notna().all()
        else given.where(given.isna(), given.astype("str")).astype("str")
    )
    return texts.mask(texts == "")


def _integers(given: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if str(given.dtype) == "Int64":
        return given
    if isinstance(given.dtype, pd.CategoricalDtype):
        given = given.astype("object")
    if pd.api.types.is_integer_dtype(given.dtype):
        return given.astype("Int64")
    numbers = pd.to_numeric(given, errors="coerce")
    return numbers.where((numbers % 1 == 0) & (numbers.abs() < 2**63)).astype("Int64")


def _decimals(given: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if isinstance(given.dtype, pd.CategoricalDtype):
        given = given.astype("object")
    return pd.to_numeric(given, errors="coerce").astype("float64")


def _dates(given: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if isinstance(given.dtype, pd.CategoricalDtype):
        given = given.astype("object")
    if not pd.api.types.is_datetime64_any_dtype(given.dtype):
        texts = given.where(given.isna(), given.astype("str"))
        given = pd.to_datetime(texts, errors="coerce", format="ISO8601")
        for written_out in _DATES_IN_WORDS if given.isna().any() else ():
            given = given.fillna(pd.to_datetime(texts, errors="coerce", format=written_out))
    if getattr(given.dtype, "tz", None) is not None:
        given = given.dt.tz_localize(None)
    return given.astype("datetime64[us]").dt.normalize()


_READERS: Mapping[str, Any] = {"integer": _integers, "decimal": _decimals, "date": _dates}


def _with_derived(typed: pd.DataFrame, codebook: Codebook, absent: Collection[str]) -> pd.DataFrame:
    """The frame with the derived columns it lacks, where what they rest on is there."""
    told = " ".join(codebook.derivations.values())
    rests_on = {lookup.column for lookup in codebook.lookups if f"{lookup.name}." in told} | {"event_date"}
    missing = [name for name in codebook.derivations if name not in typed.columns and name not in absent]
    if not missing or not rests_on <= set(typed.columns):
        return typed
    with _engine() as con:
        con.register("given", _arrow(typed, codebook).append_column(_KEY, [_numbers(len(typed))]))
        query = derived_columns_sql(codebook, "given", keep=(_KEY,), only=missing)
        found = (
            con.sql(f"SELECT * EXCLUDE ({_KEY}) FROM ({query}) ORDER BY {_KEY}").to_arrow_table().to_pandas()
        )
    found.index = typed.index
    added, _ = _typed(found, codebook)
    return typed.assign(**{str(name): added[name] for name in added.columns})


def _arrow(typed: pd.DataFrame, codebook: Codebook) -> pyarrow.Table:
    import pyarrow as arrow

    kinds = {"integer": arrow.int64(), "decimal": arrow.float64(), "date": arrow.date32()}
    columns = {}
    for name in typed.columns:
        if isinstance(name, str) and (codebook.has_column(name) or name == "published"):
            kind = kinds.get(codebook.column(name).kind if name != "published" else "date", arrow.string())
            given = typed[name].astype("str") if str(typed[name].dtype) == "category" else typed[name]
            columns[name] = arrow.Array.from_pandas(given, type=None if kind == arrow.date32() else kind)
            if kind == arrow.date32():
                columns[name] = columns[name].cast(arrow.timestamp("us")).cast(arrow.date32())
    return arrow.table(columns)


def _numbers(count: int) -> pyarrow.Array:
    import numpy as np
    import pyarrow as arrow

    return arrow.array(np.arange(count, dtype=np.int64))


def _engine() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={"enable_external_access": "false"})


__all__: Sequence[str] = ("Refusal", "accept", "validate", "validation_on")
