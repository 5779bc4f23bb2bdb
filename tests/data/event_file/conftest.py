"""The rows that every file of events ought to give, whatever program wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.data.event_file import vintage_rows as made
from tests.data.event_file.reading import read


@pytest.fixture(scope="module")
def canonical(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    path = made.write_csv(tmp_path_factory.mktemp("canonical") / "v4.csv", made.as_v4(made.events()))
    rows, repairs, events = read(path)
    assert (repairs, events.vintage.key) == ({}, "V4")
    return rows
