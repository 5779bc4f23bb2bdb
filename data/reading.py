"""The one place where events are handed to a program as a frame or table in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, overload

from data.console.sentences import no_such_column
from data.filter import read_filter
from schema.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from data.project import Project


@overload
def read_events(
    project: Project,
    *,
    where: str | None = ...,
    columns: Sequence[str] | None = ...,
    kind: Literal["pandas"] = ...,
) -> pd.DataFrame: ...


@overload
def read_events(
    project: Project, *, where: str | None = ..., columns: Sequence[str] | None = ..., kind: Literal["arrow"]
) -> pa.Table: ...


def read_events(
    project: Project,
    *,
    where: str | None = None,
    columns: Sequence[str] | None = None,
    kind: Literal["pandas", "arrow"] = "pandas",
) -> pd.DataFrame | pa.Table:
    """The events as they are now: all columns or some, all rows or those that fit a filter.

    Raises:
        QueryError: a column is not there, or `where` is not a filter.
    """
    from data import views

    with views.connect(project) as con:
        present = [str(row[0]) for row in con.execute("DESCRIBE events").fetchall()]
        for name in columns or ():
            if name not in present:
                raise QueryError(no_such_column(name, present))
        listed = ", ".join(f'"{name}"' for name in columns or present)
        condition = read_filter(con, where)
        with condition.judging():
            table = con.sql(f"SELECT {listed} FROM events WHERE {condition.sql}").to_arrow_table()
    if kind == "arrow":
        return table
    return table.to_pandas(date_as_object=False)
