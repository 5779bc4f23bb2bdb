"""The one place where rows become GeoParquet 1.1: WKB points, their bounding boxes, and the file's own `geo` note."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.export.json_file import refuse_without_places
from data.export.request import ExportReport, Job

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

_ROWS = 65_536
_WKB_POINT = 1
_CORNERS = ("xmin", "ymin", "xmax", "ymax")


def write(job: Job, draft: Path) -> ExportReport:
    """Stream the rows into one Parquet file with a geometry column."""
    import pyarrow.parquet as pq

    refuse_without_places(job)
    batches = job.con.sql(job.selection.sql).to_arrow_reader(_ROWS)
    schema = _schema(batches.schema)
    rows, box = 0, _Box()
    with pq.ParquetWriter(draft, schema, compression="zstd", write_page_checksum=True) as writer:
        for batch in batches:
            writer.write_batch(_with_geometry(batch, schema, box))
            rows += batch.num_rows
        about = {"eventcoder_filter": job.selection.filter.text, "eventcoder_rows": job.request.rows}
        writer.add_key_value_metadata({"geo": json.dumps(_geo_note(box)), **about})
    return job.report(rows)


class _Box:
    """The bounding box of the points seen so far."""

    def __init__(self) -> None:
        self.corners: list[float] | None = None

    def add(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> None:
        """Widen it by some points; NaN stands for no place."""
        import numpy as np

        there = ~(np.isnan(x) | np.isnan(y))
        if there.any():
            x, y = x[there], y[there]
            seen = [float(x.min()), float(y.min()), float(x.max()), float(y.max())]
            low, high = (self.corners or seen)[:2], (self.corners or seen)[2:]
            self.corners = [*map(min, low, seen[:2]), *map(max, high, seen[2:])]


def _schema(plain: pa.Schema) -> pa.Schema:
    import pyarrow as pa

    box = pa.struct([(corner, pa.float64()) for corner in _CORNERS])
    return pa.schema([*plain, pa.field("geometry", pa.binary()), pa.field("bbox", box)])


def _with_geometry(batch: pa.RecordBatch, schema: pa.Schema, box: _Box) -> pa.RecordBatch:
    import numpy as np
    import pyarrow as pa

    x, y = (
        batch.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False)
        for name in ("longitude", "latitude")
    )
    box.add(x, y)
    missing = np.isnan(x) | np.isnan(y)
    points = np.empty(len(x), dtype=[("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
    points["order"], points["kind"], points["x"], points["y"] = 1, _WKB_POINT, x, y
    wkb = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(points.itemsize), len(x), [None, pa.py_buffer(points.tobytes())]
    )
    geometry = pa.compute.if_else(pa.array(missing), pa.scalar(None, pa.binary()), wkb.cast(pa.binary()))
    corners = [pa.array(values, mask=missing) for values in (x, y, x, y)]
    boxes = pa.StructArray.from_arrays(corners, names=_CORNERS, mask=pa.array(missing))
    return pa.record_batch([*batch.columns, geometry, boxes], schema=schema)


def _geo_note(box: _Box) -> dict[str, Any]:
    """The `geo` member of the specification; no `crs` means longitude and latitude on WGS 84."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "covering": {"bbox": {corner: ["bbox", corner] for corner in _CORNERS}},
    }
    if box.corners is not None:
        column["bbox"] = box.corners
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
