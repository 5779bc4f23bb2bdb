"""The one place where a single row is judged while a coder types: the codebook's SQL over a one-row table in memory.

What the codebook says of the row's values is looked up here in Python and laid beside the row, because a join costs
2 ms a row; the conditions themselves are the same text that the other judges run. Statements are prepared once and
the optimizer is off: planning the conditions anew takes ten times as long as running them. A verdict is kept until
a cell that it rests on moves, so that one changed field costs the rules of that field.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any

from schema.codebook import Codebook
from schema.column import Column, Row
from schema.conditions import Conditions, quoted
from schema.errors import CodebookError
from schema.rules import Failure, Rule
from schema.values import UnusableValue

if TYPE_CHECKING:
    import duckdb


@dataclass
class _Mode:
    """What is known of the draft as it is laid: verdicts, and which of them its last changes made doubtful."""

    derive: bool
    rules: tuple[Rule, ...]
    resting_on: dict[str, set[str]]
    """Cell of the draft to the rules whose verdict can change with it."""
    stale: set[str]
    broken: dict[str, bool] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    """Cells that moved since every verdict was fresh."""


class RowJudge:
    """Judges one row at a time; who asks from several threads lets one in at a time. Close it."""

    def __init__(
        self, codebook: Codebook, *, today: datetime.date | None = None, imported: bool = False
    ) -> None:
        self.codebook = codebook
        self.today = today
        """Stands for the day of judging; None asks the clock at each row."""
        self.imported = imported
        self._columns = (*codebook.columns, *codebook.optional_columns)
        self._conditions = Conditions(codebook)
        self._rules = tuple(
            rule
            for rule in codebook.rules
            if rule.scope == "row" and rule.severity_in(imported=imported) is not None
        )
        self._derived = tuple(codebook.derivations)
        self._statements: dict[Any, str] = {}
        self._con = self._connect()
        self._modes = {derive: self._mode(derive=derive) for derive in (True, False)}

    def __enter__(self) -> RowJudge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def know(self, codebook: Codebook) -> None:
        """Judge by other entries of the same codebook from now on: the project's actors have changed.

        Rules and columns stay; what the codebook says of a value is laid anew beside the next row.
        """
        self.codebook = codebook
        self._conditions = Conditions(codebook)

    def close(self) -> None:
        """Let the engine go."""
        self._con.close()

    def failures(
        self,
        row: Mapping[str, Any],
        *,
        changed: Collection[str] | None = None,
        published: datetime.date | None = None,
        derive: bool = True,
    ) -> list[Failure]:
        """The rules that the row breaks, errors first; with `changed`, only rules that concern those columns.

        Derived columns are worked out before judging, whatever the row holds; `derive=False` judges the row as it is.
        """
        self._lay(row, published)
        mode = self._modes[derive]
        wanted = [rule for rule in mode.rules if changed is None or not set(changed).isdisjoint(rule.columns)]
        self._refresh(mode, {rule.id for rule in wanted})
        found = [self._failure(rule) for rule in wanted if mode.broken[rule.id]]
        return sorted(found, key=lambda failure: _ORDER[failure.severity.value])

    def derived(self, row: Mapping[str, Any]) -> Row:
        """The derived columns of the row; None where a column they rest on is empty or unknown."""
        self._lay(row, self._laid[-1] if self._laid else None)
        if "derived" not in self._statements:
            expressions = ", ".join(
                f"{self._conditions.derivations[name]} AS {quoted(name)}" for name in self._derived
            )
            self._statements["derived"] = self._prepared_derivations(expressions)
        values = self._con.execute(f"EXECUTE {self._statements['derived']}").fetchone() or ()
        return dict(zip(self._derived, values, strict=True))

    def _connect(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        con = duckdb.connect(config={"threads": 1, "enable_external_access": "false"})
        held = [(column.name, column.sql_type) for column in self._columns]
        held += [(fact.column, fact.sql_type) for fact in self._conditions.facts]
        held += [("today", "DATE"), ("published", "DATE")]
        con.execute(f"CREATE TABLE draft ({', '.join(f'{quoted(name)} {kind}' for name, kind in held)})")
        self._names = [name for name, _ in held]
        self._base = {fact.column: fact.lookup.column for fact in self._conditions.facts}
        self._laid: list[Any] = []
        self._prepared_count = 0
        con.execute("PRAGMA disable_optimizer")
        con.execute("SET lock_configuration = true")
        con.execute("PREPARE emptied AS DELETE FROM draft")
        return con

    def _lay(self, row: Mapping[str, Any], published: datetime.date | None) -> None:
        cells = {column.name: cell(column, row.get(column.name)) for column in self._columns}
        facts: dict[str, Any] = {}
        for lookup in self.codebook.lookups:
            facts |= self._conditions.known_facts(lookup.name, cells[lookup.column])
        today = self.today or datetime.datetime.now(tz=datetime.UTC).astimezone().date()
        told = [*cells.values(), *(facts[fact.column] for fact in self._conditions.facts), today, published]
        moved = [
            place for place, value in enumerate(told) if not self._laid or not _same(value, self._laid[place])
        ]
        before, self._laid = self._laid, []
        if not before or len(moved) > _FEW:
            self._con.execute("EXECUTE emptied")
            self._con.execute(f"INSERT INTO draft VALUES ({', '.join('?' for _ in told)})", told)
        elif moved:
            cells_moved = ", ".join(f"{quoted(self._names[place])} = ?" for place in moved)
            self._con.execute(f"UPDATE draft SET {cells_moved}", [told[place] for place in moved])
        self._laid = told
        columns = {self._base.get(self._names[place], self._names[place]) for place in moved}
        for mode in self._modes.values():
            mode.stale.update(*(mode.resting_on.get(column, ()) for column in columns))
            mode.moved |= columns

    def _refresh(self, mode: _Mode, wanted: set[str]) -> None:
        """Judge again those of the wanted rules whose cells have moved since: them alone, by column, or simply all."""
        if mode.stale.isdisjoint(wanted):
            return
        if len(wanted) < _MANY:
            self._judge(mode, "", tuple(sorted(wanted)))
            return
        if len(mode.stale) < _MANY and len(mode.moved) <= _SINGLE:
            for column in sorted(mode.moved):
                if not mode.stale.isdisjoint(mode.resting_on.get(column, ())):
                    self._judge(mode, column)
        if not mode.stale.isdisjoint(wanted):
            self._judge(mode, "")
        if not mode.stale:
            mode.moved.clear()

    def _judge(self, mode: _Mode, column: str, only: tuple[str, ...] = ()) -> None:
        """Run the rules that rest on a column, or all, or only those, over the draft as it is laid."""
        chosen = set(only) or (mode.resting_on[column] if column else {rule.id for rule in mode.rules})
        rules = tuple(rule for rule in mode.rules if rule.id in chosen)
        key = (mode.derive, column, only)
        if key not in self._statements:
            self._statements[key] = self._prepared(rules, derive=mode.derive)
        broken = self._run(self._statements[key], rules, derive=mode.derive)
        mode.broken.update(zip((rule.id for rule in rules), broken, strict=True))
        mode.stale -= chosen

    def _mode(self, *, derive: bool) -> _Mode:
        """The rules to run with or without working the derived columns out, and which cells each rests on."""
        rules = tuple(
            rule for rule in self._rules if not derive or not set(rule.columns) <= set(self._derived)
        )
        names = set(self._names)
        behind = (
            {name: _words(sql) & names for name, sql in self._conditions.derivations.items()}
            if derive
            else {}
        )
        resting_on: dict[str, set[str]] = {}
        for rule in rules:
            rests_on = _words(self._conditions.of(rule)) & names
            for name in rests_on.union(*(behind.get(word, set()) for word in rests_on)):
                resting_on.setdefault(self._base.get(name, name), set()).add(rule.id)
        return _Mode(derive, rules, resting_on, stale={rule.id for rule in rules})

    def _prepared_derivations(self, expressions: str) -> str:
        import duckdb

        try:
            return self._prepare(f"SELECT {expressions} FROM draft")
        except duckdb.Error:
            for name in self._derived:
                try:
                    self._prepare(f"SELECT {self._conditions.derivations[name]} FROM draft")
                except duckdb.Error as error:
                    column = self.codebook.column(name)
                    raise bad_derivation(column, self.codebook.derivations[name], error) from error
            raise

    def _prepared(self, rules: tuple[Rule, ...], *, derive: bool) -> str:
        import duckdb

        try:
            return self._prepare(self._query(rules, derive=derive))
        except duckdb.Error as error:
            for rule in rules:
                try:
                    self._prepare(self._query((rule,), derive=derive))
                except duckdb.Error as its_error:
                    raise bad_rule(rule, its_error) from its_error
            raise CodebookError(
                f"The rules of the codebook cannot be judged together: {_first_line(error)}"
            ) from error

    def _query(self, rules: tuple[Rule, ...], *, derive: bool) -> str:
        broken = ", ".join(f"({self._conditions.of(rule)}) IS FALSE" for rule in rules)
        replaced = ", ".join(
            f"({sql}) AS {quoted(name)}" for name, sql in self._conditions.derivations.items()
        )
        source = f"(SELECT * REPLACE ({replaced}) FROM draft)" if derive and replaced else "draft"
        return f"SELECT {broken} FROM {source}"

    def _prepare(self, query: str) -> str:
        self._prepared_count += 1
        name = f"judged_{self._prepared_count}"
        self._con.execute(f"PREPARE {name} AS {query}")
        return name

    def _run(self, statement: str, rules: tuple[Rule, ...], *, derive: bool) -> tuple[bool, ...]:
        import duckdb

        try:
            return self._con.execute(f"EXECUTE {statement}").fetchone() or ()
        except duckdb.Error:
            for rule in rules:
                try:
                    self._con.execute(self._query((rule,), derive=derive))
                except duckdb.Error as error:
                    raise bad_rule(rule, error) from error
            raise

    def _failure(self, rule: Rule) -> Failure:
        severity = rule.severity_in(imported=self.imported)
        assert severity is not None
        return Failure(rule.id, severity, rule.columns, rule.message)


_WORD = re.compile(r"[A-Za-z_0-9]+")
_MANY = 60
"""From so many rules on, running all of them costs less than running them column by column."""
_SINGLE = 3
"""Up to so many columns that moved, their rules are run column by column."""
_FEW = 16
"""Up to so many cells are updated in place; laying a whole row costs 3 ms, a few cells 0.5."""
_ORDER = {"error": 0, "warning": 1, "hint": 2}


def bad_rule(rule: Rule, error: Exception) -> CodebookError:
    """The sentence for a rule whose SQL the engine refuses."""
    place = f"{rule.where}: the" if rule.where else "The"
    return CodebookError(
        f"{place} rule {rule.id!r} cannot be judged: {_first_line(error)} Mend its sql: {rule.sql}"
    )


def bad_derivation(column: Column, sql: str, error: Exception) -> CodebookError:
    """The sentence for a derived column whose SQL the engine refuses."""
    place = f"{column.where}: the" if column.where else "The"
    return CodebookError(
        f"{place} column {column.name!r} cannot be derived: {_first_line(error)} Mend its derive: {sql.strip()}"
    )


def _same(value: Any, other: Any) -> bool:
    """Equal, and not a zero of another sign."""
    return bool(value == other) and (value != 0 or repr(value) == repr(other))


def _words(sql: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(sql)}


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].strip()


def cell(column: Column, value: Any) -> Any:
    """A value as the column holds it; UnusableValue for one of another kind."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    try:
        return _CELLS[column.kind](value)
    except (TypeError, ValueError, OverflowError):
        label = column.label or column.name
        raise UnusableValue(f"{label} cannot hold {value!r}; give {_article(column.kind)}.") from None


def _article(kind: str) -> str:
    return {"integer": "a whole number", "decimal": "a number", "date": "a date"}.get(kind, "a text")


def _text_cell(value: Any) -> str:
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _integer_cell(value: Any) -> int:
    number = int(value)
    if number != float(value) or abs(number) >= 2**63:
        raise ValueError
    return number


def _date_cell(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return datetime.date.fromisoformat(str(value))


_CELLS: Mapping[str, Callable[[Any], Any]] = {
    "text": _text_cell,
    "list": _text_cell,
    "enum": _text_cell,
    "integer": _integer_cell,
    "decimal": float,
    "date": _date_cell,
}
