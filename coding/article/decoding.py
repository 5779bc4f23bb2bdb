"""The one place where the bytes of an article file become text, or a sentence that says why they cannot."""

from __future__ import annotations

import codecs
from pathlib import Path

from schema.errors import UnusableInput

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of the largest article file read whole; tables of articles are read line by line and may be larger."""


def read_bytes(path: Path, *, most: int = LARGEST_FILE) -> bytes:
    """The whole file.

    Raises:
        UnusableInput: it is missing, a folder, unreadable, empty or larger than `most` bytes.
    """
    try:
        if path.is_dir():
            raise UnusableInput(
                f"{path} is a folder: name the article files in it, for example {path}/*.txt."
            )
        size = path.stat().st_size
        if size > most:
            raise UnusableInput(
                f"{path} is {size / 2**20:.0f} MB large, more than one article can be ({most // 2**20} MB)."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnusableInput(f"{path} does not exist: check the name.") from None
    except OSError as error:
        raise UnusableInput(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
    if not content.strip():
        raise UnusableInput(f"{path} is empty: there is no article in it.")
    return content


def decode(content: bytes, path: Path, encoding: str | None = None) -> str:
    """The text of the bytes, with line ends as newlines.

    Args:
        content: the file's bytes.
        path: named in the sentence when it goes wrong.
        encoding: what the person says it is; by default UTF-8 (with or without a byte order mark), or UTF-16 with one.

    Raises:
        UnusableInput: the bytes are no text, or not in that encoding.
    """
    chosen = encoding or _encoding_by_mark(content)
    if chosen == "utf-8-sig" and b"\0" in content:
        raise UnusableInput(
            f"{path} is not a text file (it holds NUL bytes): save the article as plain text or HTML."
        )
    try:
        text = content.decode(chosen)
    except LookupError:
        raise UnusableInput(f"'{chosen}' is not an encoding: try utf-8, cp1252 or latin-1.") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        if encoding is None and _looks_like_western_text(content):
            advice = "it looks like an older Western encoding: add --encoding cp1252 (or latin-1)"
        else:
            advice = "save it as UTF-8, or name its encoding with --encoding"
        raise UnusableInput(
            f"{path} is not valid {chosen.removesuffix('-sig').upper()} at line {line}: {advice}."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding_by_mark(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _looks_like_western_text(content: bytes) -> bool:
    """Mostly printable ASCII with a few high bytes: a text file, only not in UTF-8."""
    sample = content[:100_000]
    printable = sum(byte in (9, 10, 13) or 32 <= byte < 127 for byte in sample)
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in sample)
    return controls == 0 and printable / len(sample) > 0.7
