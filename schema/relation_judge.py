"""The one place where a whole table is judged: the codebook's SQL over any relation of a DuckDB connection.

One pass: each rule is a bit, rows without a broken rule leave nothing behind. Failures carry the row's key and are
joined by it, never by position (long IN lists make DuckDB change the order of rows).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schema.codebook import Codebook, Lookup
from schema.column import Column
from schema.conditions import Conditions, Fact, fact_of, literal, quoted
from schema.errors import CodebookError
from schema.row_judge import bad_rule
from schema.rules import Rule, Severity

if TYPE_CHECKING:
    import duckdb

_BITS = 60
_LONG = 300


def judge_relation(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    codebook: Codebook,
    *,
    key: str = "event_key",
    imported: bool = False,
    absent: Collection[str] = (),
    today: datetime.date | None = None,
    only: Collection[Severity] = tuple(Severity),
    into: str = "broken_rules",
) -> str:
    """Judge the rows of `relation` and write the temporary table `into` (key, rule_id, severity); returns its name.

    `absent` are columns that the data does not have even if the relation shows them: what concerns them is not judged,
    derived ones are worked out. `relation` is a name or a bracketed query; its key column tells the rows apart.
    """
    view = RelationView(con, relation, codebook, key=key, absent=absent, today=today)
    rules = [
        rule
        for rule in codebook.rules
        if rule.severity_in(imported=imported) in only and view.can_judge(rule)
    ]
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(into)} (key {view.key_type}, rule_id VARCHAR, severity VARCHAR)"
    )
    row_rules = [rule for rule in rules if rule.scope == "row"]
    # Long lists are joined in a pass of their own over few columns: beside all the others they cost 60 MB.
    of_lists = [rule for rule in row_rules if view.asks_a_long_list(rule)]
    for together in ([rule for rule in row_rules if rule not in of_lists], of_lists):
        if together:
            _judge_rows(con, view, together, imported=imported, into=into)
    for rule in rules:
        if rule.scope == "table":
            _judge_table(con, view, rule, imported=imported, into=into)
    return into


def derived_columns_sql(
    codebook: Codebook, relation: str, *, keep: Sequence[str] = ("*",), only: Collection[str] | None = None
) -> str:
    """A query over `relation` that gives `keep` and the derived columns (all, or `only` those) worked out anew."""
    conditions = Conditions(codebook)
    chosen = {name: sql for name, sql in conditions.derivations.items() if only is None or name in only}
    derived = ", ".join(f"({sql}) AS {quoted(name)}" for name, sql in chosen.items())
    needed = [
        fact for fact in conditions.facts if any(_mentions(sql, fact.column) for sql in chosen.values())
    ]
    joins, facts = _joins(conditions, needed)
    source = f"SELECT event.*{facts} FROM {relation} AS event{joins}"
    hidden = f" EXCLUDE ({', '.join(quoted(fact.column) for fact in needed)})" if needed else ""
    if tuple(keep) == ("*",):
        return f"SELECT *{hidden} REPLACE ({derived}) FROM ({source})"
    return f"SELECT {', '.join(keep)}, {derived} FROM ({source})"


class RelationView:
    """A relation as the rules see it: typed columns, the facts of the codebook beside them, derived columns filled in."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        relation: str,
        codebook: Codebook,
        *,
        key: str,
        absent: Collection[str] = (),
        today: datetime.date | None = None,
    ) -> None:
        self.codebook = codebook
        self.conditions = Conditions(codebook)
        self.relation = relation
        self.key = key
        self.today = today or datetime.datetime.now(tz=datetime.UTC).astimezone().date()
        described = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        self._types = {name: kind for name, kind, *_ in described}
        self.key_type = self._types.get(key, "BIGINT")
        self._present = {name for name in self._types if name not in absent}
        self._derivable = {name for name in codebook.derivations if self._can_derive(name)}

    def can_judge(self, rule: Rule) -> bool:
        """Whether the data has every column that the rule concerns."""
        return all(column in self._present or column in self._derivable for column in rule.columns)

    def asks_a_long_list(self, rule: Rule) -> bool:
        """Whether the rule looks something up among more entries than the codebook's own lists have."""
        return any(
            len(self.conditions.entries[fact.lookup.name]) > _LONG
            and _mentions(self.conditions.of(rule), fact.column)
            for fact in self.conditions.facts
        )

    def select(self, rules: Iterable[Rule], what: str, where: str = "") -> str:
        """A query for `what` over the rows, with no more columns and facts beside them than the rules need."""
        texts = [self.conditions.of(rule) for rule in rules]
        filled = {
            name: self.conditions.derivations[name]
            for name in self._derivable
            if name not in self._present and any(_mentions(text, name) for text in texts)
        }
        texts += filled.values()
        facts = [
            fact for fact in self.conditions.facts if any(_mentions(text, fact.column) for text in texts)
        ]
        known = (*self.codebook.columns, *self.codebook.optional_columns)
        columns = [column for column in known if any(_mentions(text, column.name) for text in texts)]
        columns += self._keys_of(facts, columns)
        typed = ", ".join(f"{self._typed(column)} AS {quoted(column.name)}" for column in columns)
        published = "event.published" if "published" in self._types else "CAST(NULL AS DATE)"
        source = (
            f"SELECT event.{quoted(self.key)} AS row_key, {typed}{',' if typed else ''} DATE '{self.today}' AS today, "
            f"{published} AS published FROM {self.relation} AS event"
        )
        joins, told = _joins(self.conditions, facts)
        source = f"SELECT event.*{told} FROM ({source}) AS event{joins}"
        if filled:
            replaced = ", ".join(f"({sql}) AS {quoted(name)}" for name, sql in filled.items())
            source = f"SELECT * REPLACE ({replaced}) FROM ({source})"
        return f"SELECT {what} FROM ({source}){where}"

    def _can_derive(self, name: str) -> bool:
        text = self.conditions.derivations[name]
        rests_on = {column.name for column in self.codebook.columns if _mentions(text, column.name)}
        rests_on |= {fact.lookup.column for fact in self.conditions.facts if _mentions(text, fact.column)}
        return rests_on <= self._present

    def _keys_of(self, facts: Iterable[Fact], columns: Sequence[Column]) -> list[Column]:
        held = {column.name for column in columns}
        wanted = {fact.lookup.column for fact in facts} - held
        return [self.codebook.column(name) for name in sorted(wanted)]

    def _typed(self, column: Column) -> str:
        """The column as the rules see it: of its own type, an empty text or a NaN is an empty cell."""
        if column.name not in self._present:
            return f"CAST(NULL AS {column.sql_type})"
        name = f"event.{quoted(column.name)}"
        held = self._types[column.name]
        if column.sql_type == "VARCHAR":
            return f"nullif(CAST({name} AS VARCHAR), '')"
        if held in {"FLOAT", "DOUBLE"}:
            name = f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
        return name if held == column.sql_type else f"TRY_CAST({name} AS {column.sql_type})"


def _joins(conditions: Conditions, facts: Iterable[Fact]) -> tuple[str, str]:
    """The joins that lay the codebook's facts beside the rows, and the list of their columns."""
    by_lookup: dict[Lookup, list[Fact]] = {}
    for fact in facts:
        by_lookup.setdefault(fact.lookup, []).append(fact)
    joins, told = "", ""
    for lookup, asked in by_lookup.items():
        rows = [
            f"({literal(key)}, {', '.join(literal(fact_of(entry, fact.field)) for fact in asked)})"
            for key, entry in conditions.entries[lookup.name].items()
        ]
        table = quoted(f"{lookup.name} facts")
        columns = ", ".join(quoted(fact.column) for fact in asked)
        typed = ", ".join(
            f"CAST({quoted(fact.column)} AS {fact.sql_type}) AS {quoted(fact.column)}" for fact in asked
        )
        values = f"(SELECT fact_key, {typed} FROM (VALUES {', '.join(rows)}) AS given(fact_key, {columns}))"
        joins += f" LEFT JOIN {values} AS {table} ON {table}.fact_key = event.{quoted(lookup.column)}"
        told += "".join(f", {table}.{quoted(fact.column)}" for fact in asked)
    return joins, told


def _judge_rows(
    con: duckdb.DuckDBPyConnection, view: RelationView, rules: Sequence[Rule], *, imported: bool, into: str
) -> None:
    """Every row rule in one pass: a bit for each broken one, kept only where there is one."""
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    what = ", ".join(
        ("row_key", *(f"({view.conditions.of(rule)}) IS FALSE AS rule_{numbers[rule.id]}" for rule in rules))
    )
    words = [rules[start : start + _BITS] for start in range(0, len(rules), _BITS)]
    masks = ", ".join(
        " + ".join(f"{1 << bit} * CAST(rule_{numbers[rule.id]} AS BIGINT)" for bit, rule in enumerate(word))
        + f" AS mask_{number}"
        for number, word in enumerate(words)
    )
    any_broken = " OR ".join(f"rule_{number}" for number in numbers.values())
    query = f"SELECT row_key, {masks} FROM ({view.select(rules, what)}) WHERE {any_broken}"
    with _conditions_once(con):
        _run(con, f"CREATE OR REPLACE TEMP TABLE broken_masks AS {query}", view, rules)
    for number, word in enumerate(words):
        listed = ", ".join(
            f"({1 << bit}::BIGINT, {literal(rule.id)}, {literal(str(rule.severity_in(imported=imported)))})"
            for bit, rule in enumerate(word)
        )
        con.execute(
            f"INSERT INTO {quoted(into)} SELECT row_key, rule_id, severity FROM broken_masks, "
            f"(VALUES {listed}) AS rule(bit, rule_id, severity) WHERE mask_{number} & bit <> 0"
        )
    con.execute("DROP TABLE broken_masks")


@contextmanager
def _conditions_once(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep the optimizer from copying every condition into the filter, which doubles the planning and the work."""
    before = con.execute("SELECT current_setting('disabled_optimizers')").fetchone()
    held = str(before[0] or "") if before else ""
    con.execute(f"SET disabled_optimizers = '{','.join(filter(None, (held, 'filter_pushdown')))}'")
    try:
        yield
    finally:
        con.execute(f"SET disabled_optimizers = '{held}'")


def _judge_table(
    con: duckdb.DuckDBPyConnection, view: RelationView, rule: Rule, *, imported: bool, into: str
) -> None:
    query = view.select([rule], f"row_key, ({view.conditions.of(rule)}) AS held")
    severity = literal(str(rule.severity_in(imported=imported)))
    told = f"INSERT INTO {quoted(into)} SELECT row_key, {literal(rule.id)}, {severity} FROM ({query}) WHERE held IS FALSE"
    _run(con, told, view, [rule])


def _run(con: duckdb.DuckDBPyConnection, statement: str, view: RelationView, rules: Sequence[Rule]) -> None:
    """Run a statement over the rules; where the engine refuses, name the rule that it refuses."""
    import duckdb

    try:
        con.execute(statement)
    except duckdb.Error:
        for rule in rules:
            try:
                con.execute(
                    view.select([rule], f"count(*) FILTER (WHERE ({view.conditions.of(rule)}) IS FALSE)")
                )
            except duckdb.OutOfMemoryException:
                raise
            except duckdb.Error as error:
                raise bad_rule(rule, error) from error
        raise


def _mentions(text: str, name: str) -> bool:
    import re

    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", text, re.IGNORECASE) is not None


def check_rules(codebook: Codebook) -> None:
    """Let the engine read every rule once, in memory and locked; CodebookError names the one it refuses."""
    from schema.row_judge import RowJudge

    for imported in (False, True):
        with RowJudge(codebook, imported=imported) as judge:
            judge.derived({})
            judge.failures({}, derive=False)
    if any(rule.scope == "table" and rule.own for rule in codebook.rules):
        import duckdb

        with duckdb.connect(config={"enable_external_access": "false"}) as con:
            held = ", ".join(
                f"CAST(NULL AS {column.sql_type}) AS {quoted(column.name)}" for column in codebook.columns
            )
            judge_relation(con, f"(SELECT 1::BIGINT AS event_key, {held})", codebook)


__all__ = ["CodebookError", "RelationView", "check_rules", "derived_columns_sql", "judge_relation"]
