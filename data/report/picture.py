"""The one place where a chart or map is written as a picture file: SVG always, PNG where the extra is installed."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path

from data.export.whole_file import whole_file
from data.report.letter_by_letter import from_the_left
from schema.errors import ExportError

_WORDS = re.compile("(?<=>)[^<>]+(?=</text>)")


def write_picture(drawing: str, out_path: Path | str, *, overwrite: bool = False, scale: float = 2.0) -> Path:
    """Write an SVG drawing under a name that ends in .svg or .png."""
    path = Path(out_path).expanduser().absolute()
    if path.suffix.casefold() not in (".svg", ".png"):
        raise ExportError(f"{path.name} is no picture's name; end it in .svg or .png.")
    with whole_file(path, overwrite=overwrite) as draft:
        draft.write_bytes(drawing.encode() if path.suffix.casefold() == ".svg" else _png(drawing, scale))
    return path


def _png(drawing: str, scale: float) -> bytes:
    try:
        import cairosvg
    except (ImportError, OSError) as error:
        needed = "PNG pictures need one more package; install it with: pip install 'eventcoder[png]', or write .svg."
        raise ExportError(needed) from error
    return bytes(cairosvg.svg2png(bytestring=letter_by_letter(drawing).encode(), scale=scale))


def letter_by_letter(drawing: str) -> str:
    """The drawing for a program that puts letters side by side as they come: Arabic and Hebrew turned and joined."""
    return _WORDS.sub(lambda found: escape(from_the_left(unescape(found[0]))), drawing)
