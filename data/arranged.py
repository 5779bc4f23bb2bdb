"""The one place where staged rows are brought into an order, part by part, in the memory of a single part.

A sort of whole rows outgrows the engine's memory at three millions. Only their numbers are sorted here; each row is
then dealt to the file of its part, and a part is put in order when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.parts import PART_ROWS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


def arranged(staged: Path, order: npt.NDArray[np.int64], scratch: Path) -> Iterator[pa.Table]:
    """Tables of `PART_ROWS` rows, without their column `row_number`, in the order that the row numbers come in.

    Rows of the Parquet file `staged` that `order` does not name are left out. The files in `scratch` go as they are read.
    """
    import numpy as np
    import pyarrow as pa

    if not len(order):
        return
    places = np.full(int(order.max()) + 1, -1, dtype=np.int64)
    places[order] = np.arange(len(order))
    files = [scratch / f"dealt-{number}.arrow" for number in range(-(-len(order) // PART_ROWS))]
    _deal(staged, places, files)
    del places
    # Arrow keeps what it freed, and the parts need it next.
    pa.default_memory_pool().release_unused()
    for file in files:
        yield _in_order(file)


def _deal(staged: Path, places: npt.NDArray[np.int64], files: list[Path]) -> None:
    """Write each row, with its place, to the file of its part."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(staged) as rows, ExitStack() as open_files:
        schema = _dealt_schema(rows.schema_arrow)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        writers: list[Any] = [
            open_files.enter_context(pa.ipc.new_stream(str(file), schema, options=options)) for file in files
        ]
        # Group by group: an iterator over batches holds several times as much.
        for group in range(rows.num_row_groups):
            held = rows.read_row_group(group)
            numbers = held.column("row_number").to_numpy()
            found = np.full(len(numbers), -1, dtype=np.int64)
            inside = numbers < len(places)
            found[inside] = places[numbers[inside]]
            dealt = held.drop_columns(["row_number"]).append_column("place", pa.array(found))
            for number in np.unique(found[found >= 0] // PART_ROWS).tolist():
                here = np.flatnonzero((found >= 0) & (found // PART_ROWS == number))
                writers[number].write_table(dealt.take(pa.array(here)))


def _dealt_schema(staged: pa.Schema) -> pa.Schema:
    import pyarrow as pa

    return staged.remove(staged.get_field_index("row_number")).append(pa.field("place", pa.int64()))


def _in_order(file: Path) -> pa.Table:
    import pyarrow as pa

    with pa.ipc.open_stream(str(file)) as stream:
        rows = stream.read_all()
    file.unlink()
    return rows.sort_by("place").drop_columns(["place"])
