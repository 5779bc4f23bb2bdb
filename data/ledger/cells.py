"""The one place where rows and evidence become text in the ledger and rows again."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from typing import Any

from data.records import Evidence, Row, Value
from schema.errors import StoreError

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


def encode_row(row: Row) -> str:
    """A row as JSON; dates are marked so that a text that looks like one stays a text."""
    return _encode(
        {
            name: {"date": value.isoformat()} if isinstance(value, dt.date) else value
            for name, value in row.items()
        }
    )


def decode_row(text: str) -> dict[str, Value]:
    """The row that `encode_row` wrote."""
    return {
        name: dt.date.fromisoformat(value["date"]) if isinstance(value, dict) else value
        for name, value in json.loads(text).items()
    }


def encode_evidence(evidence: tuple[Evidence, ...]) -> str:
    """Evidence as a JSON list of [field, article_id, start, end, quote]."""
    return _encode([[e.field, e.article_id, e.start, e.end, e.quote] for e in evidence])


def decode_evidence(text: str) -> tuple[Evidence, ...]:
    """The evidence that `encode_evidence` wrote."""
    return tuple(Evidence(*item) for item in json.loads(text))


def encode_labels(labels: Mapping[str, str]) -> str:
    """Origins or reasons as JSON."""
    return _encode(dict(labels))


def decode_labels(text: str) -> dict[str, str]:
    """Origins or reasons again."""
    labels: dict[str, str] = json.loads(text)
    return labels


def checked_row(row: Row) -> str:
    """`encode_row`, with a sentence for values that no row can hold."""
    try:
        return encode_row(row)
    except (TypeError, ValueError) as error:
        wrong = {name: value for name, value in row.items() if not _holds(value)}
        raise StoreError(f"These values cannot be kept in a row: {wrong!r}; nothing was saved.") from error


def _holds(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int | dt.date)


def to_us(moment: dt.datetime) -> int:
    """A moment as microseconds since 1970; a moment without a zone is meant as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return round((moment - _EPOCH) / dt.timedelta(microseconds=1))


def from_us(stamp: int) -> dt.datetime:
    """Microseconds since 1970 as a moment in UTC."""
    return _EPOCH + dt.timedelta(microseconds=stamp)


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
