"""The one place where events are handed over to other programs; every format is written whole or not at all."""

from __future__ import annotations

from data.export.request import ExportReport, ExportRequest, formats
from data.export.write import export_events

__all__ = ["ExportReport", "ExportRequest", "export_events", "formats"]
