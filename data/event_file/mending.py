"""The one place where raw cells become the codebook's columns in SQL: each column one expression, each repair counted.

The file is looked at once for what occurs in it; only then are the expressions built, so that a clean column costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from data.event_file.dates import Dates, read_dates
from data.event_file.headers import is_closing_line
from data.event_file.numerals import BLANKS, BLANKS_WHAT, UNREADABLE, Numerals
from data.event_file.records import CLOSING_WHAT, RawTable, Repair
from data.event_file.sql import one_row, rarely
from data.event_file.values import (
    MISSING,
    MISSING_TEXT,
    MISSING_WHAT,
    OLD_TYPES_WHAT,
    ListedValues,
    Mended,
    case_expression,
)
from data.event_file.vintages import Vintage, Vintages, recognise
from schema.conditions import literal, quoted
from schema.errors import UnusableInput

if TYPE_CHECKING:
    import duckdb

    from schema.codebook import Codebook
    from schema.column import Column

_C1 = "".join(chr(code) for code in range(0x80, 0xA0) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D})
_C1_MEANT = _C1.encode("latin-1").decode("cp1252")
_C1_WHAT = "control characters that are Windows-1252 punctuation written as punctuation"
_LISTS_WHAT = "members of lists separated by “; ”"
_DATES_WHAT = "dates in another form (31-Dec-21) written as year-month-day"
_TAGS_WHAT = "remarks in square brackets in the notes ([size=...]) written as tags too"
_DISTINCT_LIMIT = 20_000
_DATES_LIMIT = 200_000
_LAST_LINES = 20


@dataclass
class Mending:
    """The columns of the codebook over a raw table, and what was mended on the way."""

    connection: duckdb.DuckDBPyConnection
    name: str
    table: RawTable
    found: Mapping[str, int]
    """Codebook column to position in the file."""
    codebook: Codebook
    vintages: Vintages
    date_format: str | None = None
    expressions: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    """Column to the SQL condition under which its cell holds something that is no date or number."""
    notes: list[str] = field(default_factory=list)
    vintage: Vintage = field(default_factory=lambda: Vintage("", ""))
    _whats: dict[str, list[str]] = field(default_factory=dict)
    """Repair to the conditions under which a row has it."""
    _listed: dict[str, dict[str, int]] = field(default_factory=dict)
    _joins: list[str] = field(default_factory=list)

    def run(self) -> tuple[Repair, ...]:
        """Look at the cells and build the expressions; the repairs with their rows."""
        self._leave_out()
        listed = ListedValues(self.codebook, self.vintages)
        self._count_listed(listed)
        self._recognise()
        self._mend_listed(listed)
        self._mend_dates()
        self._mend_by_kind()
        self._mend_old_event_types()
        self._mend_followers()
        self._mend_tags()
        return self._repairs()

    def cell(self, column: str) -> str:
        """The raw cell of a column, as SQL."""
        return f"raw.c{self.found[column]}"

    def text(self, column: str) -> str:
        """The raw cell as text."""
        cell = self.cell(column)
        return cell if self.kind(column) == "VARCHAR" else f"CAST({cell} AS VARCHAR)"

    def kind(self, column: str) -> str:
        """The type the raw cell has."""
        return self.table.types[self.found[column]]

    # --- rows that are none ---------------------------------------------------------------------

    def _leave_out(self) -> None:
        """Headers repeated inside the table (files pasted together) and tag rows are no events."""
        keys = [
            column
            for column in ("event_date", "event_type", "actor1", "country", "notes")
            if column in self.found
        ]
        headers = " AND ".join(
            f"{self.text(column)} = {literal(self.table.names[self.found[column]])}" for column in keys[:3]
        )
        tags = " AND ".join(f"starts_with({self.text(column)}, '#')" for column in keys[:3])
        self.connection.execute("CREATE OR REPLACE TEMP TABLE left_out (line BIGINT, what VARCHAR)")
        if all(self.kind(column) == "VARCHAR" for column in keys[:3]):
            self.connection.execute(
                "INSERT INTO left_out SELECT line, CASE WHEN starts_with(c, '#') THEN 'second header row of HXL tags left out' "
                f"ELSE 'repeated header rows left out' END FROM (SELECT line, {self.text(keys[0])} AS c FROM raw "
                f"WHERE ({headers}) OR ({tags}))"
            )
        if set(self.table.types) == {"VARCHAR"}:
            self._leave_out_closing_lines()

    def _leave_out_closing_lines(self) -> None:
        """Remarks and totals under the table, padded to its width, are no events."""
        rows = self.connection.execute(
            f"SELECT * FROM raw WHERE line > (SELECT max(line) FROM raw) - {_LAST_LINES} ORDER BY line DESC"
        ).fetchall()
        for line, *cells in rows:
            if not is_closing_line(cells):
                break
            self.connection.execute("INSERT INTO left_out VALUES (?, ?)", [line, CLOSING_WHAT])

    # --- listed values --------------------------------------------------------------------------

    def _count_listed(self, listed: ListedValues) -> None:
        for column in listed.columns():
            if column not in self.found or not self.codebook.has_column(column):
                continue
            text = self.text(column)
            rows = self.connection.execute(
                f"SELECT {text} AS value, count(*) FROM raw WHERE line NOT IN (SELECT line FROM left_out) "
                f"GROUP BY value LIMIT {_DISTINCT_LIMIT}"
            ).fetchall()
            self._listed[column] = {value: count for value, count in rows if value is not None}

    def _recognise(self) -> None:
        self.vintage = recognise(
            self.found, self._listed.get("event_type", {}), self._listed.get("inter1", {}), self.vintages
        )

    def _mend_listed(self, listed: ListedValues) -> None:
        for column, counts in self._listed.items():
            if self.codebook.column(column).kind not in {"text", "enum", "list"}:
                continue
            mended = listed.mend(column, counts)
            text = self.text(column)
            self.expressions[column] = case_expression(text, mended, f"nullif({text}, '')", literal)
            for what, values in _by_what(mended).items():
                self._saw(what, f"{text} IN ({', '.join(literal(value) for value in values)})")

    # --- dates ----------------------------------------------------------------------------------

    def _mend_dates(self) -> None:
        for column in self.codebook.columns:
            if column.kind != "date" or column.name not in self.found:
                continue
            if self.kind(column.name) in {"DATE", "TIMESTAMP"}:
                self.expressions[column.name] = f"CAST({self.cell(column.name)} AS DATE)"
                continue
            self._mend_date(column)

    def _mend_date(self, column: Column) -> None:
        text = f"trim({self.text(column.name)}, {literal(BLANKS)})"
        iso = f"(regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') AND try_cast({text} AS DATE) IS NOT NULL)"
        (other,) = self._one(f"count(*) FILTER (WHERE NOT coalesce({iso}, true))")
        if not other:
            self.expressions[column.name] = f"CAST({text} AS DATE)"
            return
        dates = read_dates(self.name, self._distinct_dates(text), self.date_format)
        self._keep_readings(column.name, dates)
        if dates.how:
            self.notes.append(dates.how)
        self.expressions[column.name] = (
            f"(SELECT any_value(day) FROM readings_{column.name} WHERE text = {text})"
        )
        self.expressions[column.name] = f"{quoted('readings_' + column.name)}.day"
        missing = ", ".join(literal(word) for word in sorted(MISSING | {""}))
        self.unreadable[column.name] = (
            f"{text} NOT IN ({missing}) AND {self.expressions[column.name]} IS NULL"
        )
        self._saw(_DATES_WHAT, f"{quoted('readings_' + column.name)}.rewritten")

    def _distinct_dates(self, text: str) -> Iterable[tuple[str, int | None, int]]:
        year = f"try_cast(CAST({self.cell('year')} AS VARCHAR) AS DOUBLE)" if "year" in self.found else "NULL"
        rows = self.connection.execute(
            f"SELECT {text} AS value, {year} AS year, count(*) FROM raw WHERE line NOT IN (SELECT line FROM left_out) "
            f"AND {text} <> '' GROUP BY value, year ORDER BY value, year LIMIT {_DATES_LIMIT + 1}"
        ).fetchall()
        if len(rows) > _DATES_LIMIT:
            raise UnusableInput(
                f"{self.name}: its dates take more than {_DATES_LIMIT:,} different values: they are no dates."
            )
        words = MISSING
        return [
            (value, int(year) if year is not None and 0 < year < 10_000 else None, count)
            for value, year, count in rows
            if value not in words
        ]

    def _keep_readings(self, column: str, dates: Dates) -> None:
        import pyarrow as pa

        table = pa.table(
            {
                "text": pa.array(list(dates.readings), pa.string()),
                "day": pa.array(list(dates.readings.values()), pa.date32()),
                "rewritten": pa.array([text in dates.rewritten for text in dates.readings], pa.bool_()),
            }
        )
        name = quoted(f"readings_{column}")
        self.connection.register("incoming", table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM incoming")
        self.connection.unregister("incoming")
        self._joins.append(f"LEFT JOIN {name} ON {name}.text = trim({self.text(column)}, {literal(BLANKS)})")

    # --- numbers, text, lists -------------------------------------------------------------------

    def _mend_by_kind(self) -> None:
        probes: list[tuple[str, str, str]] = []
        for name in self.found:
            if name in self.expressions:
                continue
            column = self.codebook.column(name)
            if column.kind in {"integer", "decimal"}:
                probes += [(name, what, condition) for what, condition in self._numerals(column).probes()]
            else:
                probes += self._text_probes(name, column.kind)
        counts = (
            self._one(*(f"count(*) FILTER (WHERE {condition})" for _, _, condition in probes))
            if probes
            else ()
        )
        seen: dict[str, set[str]] = {}
        for (name, what, condition), count in zip(probes, counts, strict=True):
            if count:
                seen.setdefault(name, set()).add(what)
                if what == UNREADABLE:
                    self.unreadable[name] = condition
                else:
                    self._saw(what, condition)
        for name in self.found:
            if name not in self.expressions:
                column, told = self.codebook.column(name), seen.get(name, set())
                number = column.kind in {"integer", "decimal"}
                self.expressions[name] = (
                    self._numerals(column).sql(told) if number else self._text(name, told)
                )

    def _numerals(self, column: Column) -> Numerals:
        return Numerals(column, self.cell(column.name), self.kind(column.name), self.table.spelled)

    def _text_probes(self, name: str, kind: str) -> list[tuple[str, str, str]]:
        if self.kind(name) != "VARCHAR":
            return []
        text = self.text(name)
        wide = f"strlen({text}) <> length({text})"
        missing = ", ".join(literal(word) for word in sorted(MISSING_TEXT))
        probes = [
            (name, BLANKS_WHAT, _odd_blanks(text)),
            (name, _C1_WHAT, rarely(wide, f"regexp_matches({text}, '[\\x{{80}}-\\x{{9f}}]')")),
            (name, MISSING_WHAT, f"{text} IN ({missing})"),
        ]
        if kind == "list":
            probes.append(
                (
                    name,
                    _LISTS_WHAT,
                    rarely(
                        f"contains({text}, ';')", f"regexp_matches({text}, ';[^ ]|; *$|;  |[ \\t];|^ *;')"
                    ),
                )
            )
        return probes

    def _text(self, name: str, seen: set[str]) -> str:
        text = self.text(name)
        if _C1_WHAT in seen:
            text = f"translate({text}, {literal(_C1)}, {literal(_C1_MEANT)})"
        if BLANKS_WHAT in seen:
            inner = "[ \\x{a0}]*[\\r\\n\\t\\v\\f]+[ \\r\\n\\t\\x{a0}]*|\\x{a0}"
            clean = f"trim(regexp_replace({text}, '{inner}', ' ', 'g'), {literal(BLANKS)})"
            text = f"CASE WHEN {_odd_blanks(self.text(name))} THEN {clean} ELSE {text} END"
        if _LISTS_WHAT in seen:
            members = f"list_filter(list_transform(string_split({text}, ';'), lambda x: trim(x)), lambda x: x <> '')"
            text = f"array_to_string({members}, '; ')"
        if MISSING_WHAT in seen:
            missing = ", ".join(literal(word) for word in sorted(MISSING_TEXT))
            text = f"CASE WHEN {text} IN ({missing}) THEN NULL ELSE {text} END"
        return f"nullif({text}, '')"

    # --- what follows from other columns --------------------------------------------------------

    def _mend_old_event_types(self) -> None:
        """Old event types that hold a sub-event type or two of today's types."""
        if "event_type" not in self.found:
            return
        text = f"lower(trim({self.text('event_type')}))"
        present = {value.strip().casefold() for value in self._listed.get("event_type", {})}
        event_type = self.expressions["event_type"]
        sub_event_types: list[str] = []
        for entry in self.vintages.old_event_types:
            if entry.name.casefold() not in present:
                continue
            old = f"{text} = {literal(entry.name.casefold())}"
            if entry.by_actor:
                event_type = f"CASE WHEN {old} THEN {self._by_actor(entry.by_actor)} ELSE {event_type} END"
                self._saw(OLD_TYPES_WHAT, old)
            if entry.sub_event_type:
                sub_event_types.append(f"WHEN {old} THEN {literal(entry.sub_event_type)}")
        self.expressions["event_type"] = event_type
        if sub_event_types and "sub_event_type" not in self.found:
            self.expressions["sub_event_type"] = f"CASE {' '.join(sub_event_types)} END"

    def _by_actor(self, types: Iterable[tuple[str, str]]) -> str:
        whens = [
            f"WHEN {self.expressions[side]} = {literal(label)} THEN {literal(event_type)}"
            for side in ("inter1", "inter2")
            if side in self.expressions
            for label, event_type in types
        ]
        return (
            f"CASE {' '.join(whens)} ELSE {self.text('event_type')} END" if whens else self.text("event_type")
        )

    def _mend_followers(self) -> None:
        for follows in self.vintages.follows:
            if follows.column not in self.found or follows.from_column not in self.expressions:
                continue
            old = [
                value for value in self._listed.get(follows.column, {}) if value.strip() in follows.when_old
            ]
            if not old:
                continue
            olds = ", ".join(literal(value) for value in old)
            whens = " ".join(
                f"WHEN {literal(entry.name)} THEN {literal(entry.disorder_type)}"
                for entry in self.codebook.sub_event_types
            )
            plain = self.expressions[follows.column]
            self.expressions[follows.column] = (
                f"CASE WHEN {self.text(follows.column)} IN ({olds}) "
                f"THEN coalesce(CASE {self.expressions[follows.from_column]} {whens} END, {plain}) ELSE {plain} END"
            )

    def _mend_tags(self) -> None:
        """Older exports put into the notes what is a tag today."""
        if "notes" not in self.found or not self.codebook.has_column("tags"):
            return
        notes = self.text("notes")
        tags = self.expressions.get("tags", "NULL")
        known = self.vintages.note_tags
        any_of = literal("(?i)" + "|".join(entry.pattern for entry in known))
        has = f"({tags} IS NULL AND {rarely(f'contains({notes}, chr(91))', f'regexp_matches({notes}, {any_of})')})"
        (rows,) = self._one(f"count(*) FILTER (WHERE {has})")
        if not rows:
            return
        told = ", ".join(
            f"{literal(entry.tag)} || nullif(regexp_extract({notes}, {literal('(?i)' + entry.pattern)}, 1), '')"
            for entry in known
        )
        self.expressions["tags"] = f"CASE WHEN {has} THEN concat_ws('; ', {told}) ELSE {tags} END"
        self._saw(_TAGS_WHAT, has)

    # --- counting -------------------------------------------------------------------------------

    def _saw(self, what: str, condition: str) -> None:
        self._whats.setdefault(what, []).append(condition)

    def _repairs(self) -> tuple[Repair, ...]:
        counts = (
            self._one(
                *(
                    f"count(*) FILTER (WHERE {' OR '.join(f'({one})' for one in conditions)})"
                    for conditions in self._whats.values()
                )
            )
            if self._whats
            else ()
        )
        repairs = [Repair(what, count) for what, count in zip(self._whats, counts, strict=True) if count]
        left_out = self.connection.execute(
            "SELECT what, count(*) FROM left_out GROUP BY what ORDER BY what"
        ).fetchall()
        return (*(Repair(what, count) for what, count in left_out), *repairs)

    def source(self) -> str:
        """The raw rows with what the expressions need beside them."""
        return f"raw {' '.join(self._joins)} WHERE raw.line NOT IN (SELECT line FROM left_out)"

    def _one(self, *aggregates: str) -> tuple[Any, ...]:
        return one_row(self.connection, f"SELECT {', '.join(aggregates)} FROM {self.source()}")


def _by_what(mended: Iterable[Mended]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for entry in mended:
        for what in entry.whats:
            groups.setdefault(what, []).append(entry.old)
    return groups


def _odd_blanks(text: str) -> str:
    """Whether a text has blanks around it or others than spaces in it; asked so that plain text costs next to nothing."""
    inside = " OR ".join(f"contains({text}, chr({code}))" for code in (10, 13, 9))
    rare = f"contains({text}, chr(160)) OR {text} <> trim({text}, {literal(BLANKS)})"
    plain = f"starts_with({text}, ' ') OR ends_with({text}, ' ') OR {inside}"
    return f"CASE WHEN {plain} THEN true ELSE {rarely(f'strlen({text}) <> length({text})', rare)} END"
