"""The one place where a file of events is held against the codebook's rules and the outcome is counted and shown.

The rules themselves stand in the codebook and are judged by `schema.relation_judge`; this module only adds what can be
wrong with a row before it has values: too many or too few cells, a cell that is no date or number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.event_file.records import Progress, Repair, silent
from data.event_file.sql import count
from schema.conditions import literal, quoted
from schema.errors import ExportError, UnusableInput
from schema.rules import Severity

if TYPE_CHECKING:
    from data.event_file.reader import EventFile
    from schema.codebook import Codebook

EXAMPLES = 5
VALUE_LENGTH = 200
CELLS_RULE = "READ-cells"
_CELLS_MESSAGE = "The row has more or fewer cells than the header: mend its separators or quotation marks."
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}


@dataclass(frozen=True)
class Example:
    """One row that breaks a rule."""

    row: int
    """The line of the file it begins on; in a workbook the row's number, in Parquet and JSON arrays its place."""
    event_id: str
    value: str
    """What stands in the file in the columns the rule concerns."""


@dataclass(frozen=True)
class RuleTotal:
    """A rule that rows break."""

    id: str
    severity: Severity
    message: str
    columns: tuple[str, ...]
    rows: int
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class CheckReport:
    """The outcome of a check."""

    file: str
    vintage: str
    vintage_title: str
    rows: int
    rows_with_errors: int
    rows_with_warnings: int
    repairs: tuple[Repair, ...]
    rules: tuple[RuleTotal, ...]
    notes: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether any row breaks a rule whose severity is error."""
        return self.rows_with_errors > 0

    def to_json(self) -> dict[str, Any]:
        """The report as the documented, stable JSON."""
        return {
            "file": self.file,
            "vintage": self.vintage,
            "rows": self.rows,
            "rows_with_errors": self.rows_with_errors,
            "rows_with_warnings": self.rows_with_warnings,
            "repairs": [{"what": repair.what, "rows": repair.rows} for repair in self.repairs],
            "rules": [
                {
                    "id": rule.id,
                    "severity": str(rule.severity),
                    "rows": rule.rows,
                    "examples": [
                        {"row": example.row, "event_id": example.event_id, "value": example.value}
                        for example in rule.examples
                    ],
                }
                for rule in self.rules
            ],
        }


def check(
    path: Path | str,
    codebook: Codebook | None = None,
    *,
    date_format: str | None = None,
    progress: Progress | None = None,
    out: Path | None = None,
) -> CheckReport:
    """Hold every row of a file against the codebook's rules for imported data.

    Args:
        path: CSV, TSV, XLSX, Parquet, JSON, JSONL or GeoJSON of any vintage.
        codebook: Whose rules; ACLED's if left out.
        date_format: The order of day, month and year, where the file does not settle it.
        progress: Told the stage in words and how far it is, 0 to 1.
        out: Where to write every failure, as .parquet or .csv.

    Raises:
        UnusableInput: The file cannot be read as events; one sentence says why.
    """
    from data.event_file.reader import read_event_file, with_room
    from schema.codebook import load_codebook

    book = codebook or load_codebook()
    if out is not None and out.suffix.lower() not in {".parquet", ".csv"}:
        raise UnusableInput(f"{out.name}: failures are written as .parquet or .csv: name the file so.")
    tell = progress or silent

    def work(roomy: bool) -> CheckReport:
        with read_event_file(
            path, codebook=book, date_format=date_format, progress=tell, roomy=roomy
        ) as events:
            judgement = judge(events, book, tell)
            if out is not None:
                tell("writing the failures", 0.9)
                judgement.write(out)
            return judgement.report()

    report = with_room(path, work)
    tell("done", 1.0)
    return report


def judge(
    events: EventFile,
    codebook: Codebook,
    progress: Progress = silent,
    *,
    only: Collection[Severity] = tuple(Severity),
) -> Judgement:
    """Judge the rows of an event file into the table `failures` (line, rule_id, severity) of its connection."""
    import pyarrow as pa

    from schema.relation_judge import check_rules, judge_relation

    progress("checking the rules", 0.3)
    if any(rule.own for rule in codebook.rules) or any(column.own for column in codebook.columns):
        check_rules(codebook)
    connection = events.connection
    judged = judge_relation(
        connection,
        "events",
        codebook,
        key="event_key",
        imported=True,
        absent=sorted(events.absent),
        only=only,
    )
    texts = [f"{one.cells} cells, {one.expected} expected: {one.text}" for one in events.rejects]
    lines = [one.line for one in events.rejects]
    rejected = pa.table({"line": pa.array(lines, pa.int64()), "text": pa.array(texts, pa.string())})
    connection.register("rejects_incoming", rejected)
    connection.execute("CREATE OR REPLACE TEMP TABLE rejected AS FROM rejects_incoming")
    connection.unregister("rejects_incoming")
    parts = [
        f"SELECT key AS line, rule_id, CAST(severity AS VARCHAR) AS severity FROM {judged}",
        f"SELECT line, {literal(CELLS_RULE)}, 'error' FROM rejected",
    ]
    parts += [
        f"SELECT raw.line, {literal(_unreadable_rule(column))}, {literal(_weight(column, codebook))} "
        f"FROM {events.source} AND ({condition})"
        for column, condition in events.unreadable.items()
    ]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE failures AS {' UNION ALL '.join(parts)}")
    for column in events.unreadable:
        # A cell that cannot be read is told once, not as an empty one too.
        connection.execute(
            f"DELETE FROM failures WHERE rule_id = {literal(f'REQ-{column}')} AND line IN "
            f"(SELECT line FROM failures WHERE rule_id = {literal(_unreadable_rule(column))})"
        )
    return Judgement(events, codebook)


@dataclass(frozen=True)
class _RuleText:
    columns: tuple[str, ...]
    message: str


class Judgement:
    """The failures of a file, to be counted, shown and written; lives as long as its event file."""

    def __init__(self, events: EventFile, codebook: Codebook) -> None:
        self.events, self.codebook = events, codebook
        self.connection = events.connection
        self.rules = {rule.id: _RuleText(rule.columns, rule.message) for rule in codebook.rules}
        self.rules[CELLS_RULE] = _RuleText((), _CELLS_MESSAGE)
        for column in events.unreadable:
            kind = "date" if codebook.column(column).kind == "date" else "number"
            self.rules[_unreadable_rule(column)] = _RuleText(
                (column,), f"What stands in {column} cannot be read as a {kind}: write it as one."
            )

    def report(self) -> CheckReport:
        """Totals by rule with their first rows."""
        events = self.events
        return CheckReport(
            file=str(events.path),
            vintage=events.vintage.key,
            vintage_title=events.vintage.title,
            rows=events.records,
            rows_with_errors=self._rows_with(Severity.ERROR),
            rows_with_warnings=self._rows_with(Severity.WARNING),
            repairs=events.repairs,
            rules=self._totals(),
            notes=events.notes,
        )

    def write(self, out: Path) -> None:
        """Every failure: row, event_id, rule, severity, columns, value, message."""
        import duckdb

        from data.export.whole_file import whole_file

        options = (
            "FORMAT parquet, COMPRESSION zstd" if out.suffix.lower() == ".parquet" else "FORMAT csv, HEADER"
        )
        try:
            with whole_file(out, overwrite=True) as partial:
                self.connection.execute(
                    f"COPY ({self._all_failures()}) TO {literal(str(partial))} ({options})"
                )
        except (duckdb.Error, OSError) as error:
            raise ExportError(f"{out} could not be written: {str(error).splitlines()[0]}.") from error

    def _rows_with(self, severity: Severity) -> int:
        return count(
            self.connection,
            f"SELECT count(DISTINCT line) FROM failures WHERE severity = {literal(severity)}",
        )

    def _totals(self) -> tuple[RuleTotal, ...]:
        rows = self.connection.execute(
            f"SELECT rule_id, any_value(severity), count(*), min(line, {EXAMPLES}) FROM failures GROUP BY rule_id"
        ).fetchall()
        wanted = sorted({line for *_, lines in rows for line in lines})
        cells = self._cells(wanted)
        totals = [
            RuleTotal(
                id=rule_id,
                severity=Severity(severity),
                message=self._text(rule_id).message,
                columns=self._text(rule_id).columns,
                rows=rows_broken,
                examples=tuple(self._example(rule_id, line, cells) for line in lines),
            )
            for rule_id, severity, rows_broken, lines in rows
        ]
        return tuple(sorted(totals, key=lambda total: (_ORDER[total.severity], -total.rows, total.id)))

    def _text(self, rule_id: str) -> _RuleText:
        return self.rules.get(rule_id, _RuleText((), rule_id))

    def _cells(self, lines: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
        """The raw cells of a few rows, by line and column; rows that were not read whole have their text."""
        if not lines:
            return {}
        found = self.events.found
        numbers = ", ".join(map(str, lines))
        cells = "".join(f", CAST(c{position} AS VARCHAR)" for position in found.values())
        rows = self.connection.execute(f"SELECT line{cells} FROM raw WHERE line IN ({numbers})").fetchall()
        texts = {line: dict(zip(found, [cell or "" for cell in row], strict=True)) for line, *row in rows}
        rejected = self.connection.execute(
            f"SELECT line, text FROM rejected WHERE line IN ({numbers})"
        ).fetchall()
        return texts | {line: {"": text} for line, text in rejected}

    def _example(self, rule_id: str, line: int, cells: Mapping[int, Mapping[str, str]]) -> Example:
        row = cells.get(line, {})
        columns = [column for column in self._text(rule_id).columns if column in self.events.found]
        if rule_id == CELLS_RULE:
            value = row.get("", "")
        elif len(columns) == 1:
            value = row.get(columns[0], "")
        else:
            value = ", ".join(f"{column}={row.get(column, '')}" for column in columns)
        return Example(line, row.get("event_id_cnty", ""), value[:VALUE_LENGTH])

    def _all_failures(self) -> str:
        found = self.events.found
        ids = f"CAST(raw.c{found['event_id_cnty']} AS VARCHAR)" if "event_id_cnty" in found else "NULL"
        values, columns, messages = [], [], []
        for (rule_id,) in self.connection.execute(
            "SELECT DISTINCT rule_id FROM failures ORDER BY rule_id"
        ).fetchall():
            text = self._text(rule_id)
            when = f"WHEN {literal(rule_id)} THEN"
            values.append(f"{when} {self._value_sql(rule_id)}")
            columns.append(f"{when} {literal(', '.join(text.columns))}")
            messages.append(f"{when} {literal(text.message)}")
        if not values:
            values = columns = messages = ["WHEN '' THEN ''"]

        def case(whens: list[str]) -> str:
            return f"CASE f.rule_id {' '.join(whens)} END"

        return (
            f"SELECT f.line AS {quoted('row')}, {ids} AS event_id, f.rule_id AS rule, f.severity AS severity, "
            f"{case(columns)} AS columns, {case(values)} AS value, {case(messages)} AS message "
            "FROM failures f LEFT JOIN raw ON raw.line = f.line LEFT JOIN rejected ON rejected.line = f.line "
            "ORDER BY f.line, f.rule_id"
        )

    def _value_sql(self, rule_id: str) -> str:
        found = self.events.found
        columns = [column for column in self._text(rule_id).columns if column in found]
        if rule_id == CELLS_RULE:
            return "rejected.text"
        if len(columns) == 1:
            return f"CAST(raw.c{found[columns[0]]} AS VARCHAR)"
        parts = [
            f"{literal(column + '=')} || coalesce(CAST(raw.c{found[column]} AS VARCHAR), '')"
            for column in columns
        ]
        return f"concat_ws(', ', {', '.join(parts)})" if parts else "''"


def _weight(column: str, codebook: Codebook) -> str:
    """How bad a cell is that cannot be read: as bad as an empty one, where an empty one breaks a rule."""
    severities = (rule.severity_in(imported=True) for rule in codebook.rules if rule.id == f"REQ-{column}")
    return str(next(severities, None) or Severity.ERROR)


def _unreadable_rule(column: str) -> str:
    return f"READ-{column}"
