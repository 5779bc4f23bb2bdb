"""Rows come in the order that was asked for, a part at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import arranged as room
from data.arranged import arranged


def staged(path: Path, count: int) -> Path:
    rows = {"name": [f"row {n}" for n in range(1, count + 1)], "row_number": np.arange(1, count + 1)}
    pq.write_table(pa.table(rows), path, row_group_size=7)
    return path


@pytest.mark.parametrize("chosen", [0, 1, 9, 10, 11, 97])
def test_the_chosen_rows_come_in_order_and_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: int
) -> None:
    monkeypatch.setattr(room, "PART_ROWS", 10)
    order = np.random.default_rng(1).permutation(np.arange(1, 101))[:chosen]
    tables = list(arranged(staged(tmp_path / "staged.parquet", 100), order, tmp_path))

    assert [table.num_rows for table in tables] == [10] * (chosen // 10) + [chosen % 10] * (chosen % 10 > 0)
    names = [name for table in tables for name in table["name"].to_pylist()]
    assert names == [f"row {number}" for number in order]
    assert [path.name for path in tmp_path.iterdir()] == ["staged.parquet"]
