"""The one place where rows become an SPSS file; needs the extra `eventcoder[spss]`."""

from __future__ import annotations

from pathlib import Path

from data.export.frames import frame_of, labels_of
from data.export.request import ExportReport, Job
from schema.errors import ExportError

_LONGEST_LABEL = 255


def write(job: Job, draft: Path) -> ExportReport:
    """Write one .sav with labels from the codebook."""
    try:
        import pyreadstat
    except ImportError as error:
        raise ExportError(
            "SPSS files need one more package; install it with: pip install 'eventcoder[spss]'"
        ) from error
    frame = frame_of(job)
    for name, kind in zip(job.selection.columns, job.selection.types, strict=True):
        if kind == "DATE":
            frame[name] = frame[name].dt.date
    labels = labels_of(job, longest=_LONGEST_LABEL)
    about = f"{len(frame)} rows where {job.selection.filter}"
    pyreadstat.write_sav(
        frame,
        str(draft),
        column_labels=[labels.get(name, name) for name in frame.columns],
        note=about,
    )
    notes = ("SPSS: a text that is not known is an empty text; SPSS has no other missing value for text.",)
    return job.report(len(frame), notes=notes)
