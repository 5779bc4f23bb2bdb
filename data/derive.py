"""The one place where the columns nobody types are filled in, by the codebook's own expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from schema.codebook import Codebook


def derive(table: pa.Table, codebook: Codebook, beside: duckdb.DuckDBPyConnection | None = None) -> pa.Table:
    """The table with its derived columns filled, rows in the same order.

    Where a column that no row may lack cannot be derived (a country the codebook does not know), what was given stands.
    With `beside`, the engine of that connection does the work, and a second one need not be started.
    """
    import duckdb

    if not table.num_rows:
        return table
    alone = {"threads": "1", "enable_external_access": "false"}
    with duckdb.connect(config=alone) if beside is None else beside.cursor() as con:
        return _derived(con, table, codebook)


def _derived(con: duckdb.DuckDBPyConnection, table: pa.Table, codebook: Codebook) -> pa.Table:
    import duckdb
    import pyarrow as pa

    from schema.conditions import Conditions, quoted
    from schema.row_judge import bad_derivation

    conditions = Conditions(codebook)
    con.register(
        "given", table.append_column("place_in_table", pa.array(range(table.num_rows), type=pa.int64()))
    )
    joins = " ".join(_lay_facts(con, table, conditions, name) for name in conditions.entries)
    filled = {}
    for name, sql in conditions.derivations.items():
        given = f"coalesce({sql}, given.{quoted(name)})" if codebook.column(name).required else sql
        filled[name] = f"{given} AS {quoted(name)}"
    query = (
        f"SELECT given.* EXCLUDE (place_in_table) REPLACE ({', '.join(filled.values())}) FROM given {joins}"
    )
    try:
        return con.sql(f"{query} ORDER BY place_in_table").to_arrow_table().cast(table.schema)
    except (duckdb.Error, pa.ArrowInvalid):
        for name, column in filled.items():
            try:
                alone = con.sql(f"SELECT {column} FROM given {joins}").to_arrow_table()
                alone.cast(pa.schema([table.schema.field(name)]))
            except (duckdb.Error, pa.ArrowInvalid) as error:
                raise bad_derivation(codebook.column(name), codebook.derivations[name], error) from error
        raise


def _lay_facts(con: duckdb.DuckDBPyConnection, table: pa.Table, conditions: object, name: str) -> str:
    from schema.conditions import Conditions, quoted

    assert isinstance(conditions, Conditions)
    facts = [fact for fact in conditions.facts if fact.lookup.name == name]
    if not facts:
        return ""
    column = facts[0].lookup.column
    columns = "".join(f", {fact.column} {fact.sql_type}" for fact in facts)
    con.execute(f"CREATE TEMP TABLE {name}_facts (value VARCHAR{columns})")
    known = [
        (value, conditions.known_facts(name, value))
        for value in table[column].unique().to_pylist()
        if value is not None
    ]
    marks = ", ".join("?" for _ in range(len(facts) + 1))
    if known:
        con.executemany(
            f"INSERT INTO {name}_facts VALUES ({marks})",
            [[value, *(found[fact.column] for fact in facts)] for value, found in known],
        )
    return f"LEFT JOIN {name}_facts ON {name}_facts.value = given.{quoted(column)}"
