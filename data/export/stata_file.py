"""The one place where rows become a Stata file (version 118, Stata 14 and later, UTF-8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.export.frames import frame_of, labels_of
from data.export.request import ExportReport, Job

_LONGEST_FIXED_TEXT = 2045
_LONGEST_LABEL = 80


def write(job: Job, draft: Path) -> ExportReport:
    """Write one .dta; long texts as strL, days as Stata days, labels from the codebook."""
    frame = frame_of(job)
    texts = [
        name
        for name, kind in zip(job.selection.columns, job.selection.types, strict=True)
        if kind == "VARCHAR"
    ]
    long = [
        name
        for name in texts
        if max((len(text.encode()) for text in frame[name]), default=0) > _LONGEST_FIXED_TEXT
    ]
    days: dict[Any, Any] = {
        name: "td"
        for name, kind in zip(job.selection.columns, job.selection.types, strict=True)
        if kind == "DATE"
    }
    about = f"{len(frame)} rows where {job.selection.filter}"[:_LONGEST_LABEL]
    with draft.open("wb") as file:
        frame.to_stata(
            file,
            version=118,
            write_index=False,
            convert_strl=long,
            convert_dates=days,
            variable_labels=labels_of(job, longest=_LONGEST_LABEL),
            data_label=about,
        )
    return job.report(len(frame), notes=_notes())


def _notes() -> tuple[str, ...]:
    return ("Stata: a text that is not known is an empty text; Stata has no other missing value for text.",)
