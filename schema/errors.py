"""The one place where the sentences for people are carried: every situation a user can be in and what to do.

Bad *data* is a value (`schema.judge.Failure`), never an exception; these are bad *situations*.
The front doors (the command line, the desk) print `str(error)` and nothing else.
"""

from __future__ import annotations


class EventcoderError(Exception):
    """A situation the user can mend; its text is one sentence: what, where, what to do."""

    exit_code = 2


class UnusableInput(EventcoderError, ValueError):
    """A file or value that was given cannot be used."""


class CodebookError(EventcoderError, ValueError):
    """A codebook file, ours or a project's own, says something that cannot hold."""


class ProjectError(EventcoderError, OSError):
    """A folder is not a project, or cannot be used as one."""


class StoreError(EventcoderError, OSError):
    """Something could not be written or read; nothing was acknowledged that is not kept."""


class RevisionConflict(EventcoderError):
    """Somebody saved the same event since it was opened; their version stands."""


class RowsRefused(EventcoderError, ValueError):
    """Rows did not pass the schema that guards the dataset."""


class QueryError(EventcoderError, ValueError):
    """SQL that a person typed cannot be run."""


class ExportError(EventcoderError, OSError):
    """An export could not be written; no half-written file is left."""
