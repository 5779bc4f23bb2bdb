"""The one place where text from outside is made harmless to show, and made comparable to search.

`safe_text` keeps the length, so that offsets into an article stay true; it never decides what is stored.
"""

from __future__ import annotations

import re
import unicodedata

REPLACEMENT = "\ufffd"
"""Stands where a character was that a terminal would obey, or that cannot be encoded or stand in XML."""

_ORDERS = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufff9-\ufffb\ufffe\uffff"
)
_UNSAFE = re.compile(f"[{_ORDERS}\U000e0000-\U000e007f]")
_UNSAFE_OR_NEWLINE = re.compile(f"[{_ORDERS}\U000e0000-\U000e007f\n]")


def safe_text(text: str, *, keep_newlines: bool = True) -> str:
    """The text with every control character, ESC, bidi order and lone surrogate shown as U+FFFD, same length.

    >>> safe_text("a\\x1b[31mb")
    'a\\ufffd[31mb'
    """
    return (_UNSAFE if keep_newlines else _UNSAFE_OR_NEWLINE).sub(REPLACEMENT, text)


def escaped(text: str) -> str:
    """JSON whose control characters, bidi orders and lone surrogates are written as `\\u…`: it says the same.

    >>> escaped('"a\x9bb"')
    '"a\\\\u009bb"'
    """
    return _UNSAFE.sub(lambda found: _escape(found[0]), text)


def _escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: wide characters two, combining marks and joiners none.

    >>> columns_of("Hama"), columns_of("中文"), columns_of("e\u0301")
    (4, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 2 if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )  # fmt: skip


def cut_to(text: str, columns: int) -> str:
    """The text, or its beginning and `…`, in so many columns of a terminal.

    >>> cut_to("Hayat Tahrir", 6), cut_to("中文名字", 5)
    ('Hayat…', '中文…')
    """
    if columns_of(text) <= columns:
        return text
    kept, used = [], 1
    for char in text:
        used += columns_of(char)
        if used > columns:
            break
        kept.append(char)
    return "".join(kept) + ("…" if columns > 0 else "")


def fold(text: str) -> str:
    """A search key: lower case, without accents, blanks made single.

    >>> fold("  Dayr  az-Zawr É ")
    'dayr az-zawr e'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def counted(number: int, thing: str) -> str:
    """A number with its thing, in the plural where it is not one.

    >>> counted(1, "event"), counted(1200, "event"), counted(0, "Parquet file")
    ('1 event', '1,200 events', '0 Parquet files')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def whole_number(digits: str) -> int | str:
    """The number that JSON writes with these digits; of more than any column or text needs, the digits as they stand."""
    return int(digits) if len(digits) <= 1000 else digits
