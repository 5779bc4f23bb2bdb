"""The one place where answers become pictures: charts and maps as text, SVG and PNG, and one self-contained HTML page."""

from __future__ import annotations
