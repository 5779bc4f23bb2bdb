"""The one place where the desk is served to browsers of this machine."""

from __future__ import annotations

from pathlib import Path

from schema.errors import EventcoderError


def serve(project_folder: Path, coder: str, port: int) -> int:
    """Serve the desk of one project; returns the exit code."""
    del project_folder, coder, port
    raise EventcoderError("Serving the desk is not built yet; run it in a terminal: eventcoder code DIR")
