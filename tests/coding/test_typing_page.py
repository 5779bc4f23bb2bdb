"""The page on what can be typed, held to the program."""

import datetime
import re
from pathlib import Path

import pytest

from coding.candidate import Value
from coding.candidates import candidates
from coding.dates import read_date
from coding.fatalities import read_fatalities
from coding.recent import Recent
from schema.codebook import load_codebook
from schema.values import UnusableValue

PAGE = (Path(__file__).parents[2] / "docs" / "typing.md").read_text("utf-8")
CODEBOOK = load_codebook()
FRIDAY = datetime.date(2024, 12, 6)


def table(heading: str) -> list[list[str]]:
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if line.startswith("| `")
    ]


@pytest.mark.parametrize(("typed", "date", "precision", "wording"), table("Dates"))
def test_dates_read_as_the_page_says(typed: str, date: str, precision: str, wording: str) -> None:
    reading = read_date(typed.strip("`"), FRIDAY)

    assert (f"{reading.date}", f"{reading.precision}", reading.wording) == (date, precision, wording)


def test_the_numeric_date_that_can_be_two_is_refused() -> None:
    with pytest.raises(UnusableValue, match="5 April or 4 May"):
        read_date("4/5", FRIDAY)


@pytest.mark.parametrize(("typed", "number"), table("Deaths"))
def test_deaths_read_as_the_page_says(typed: str, number: str) -> None:
    assert f"{read_fatalities(typed.strip('`'), CODEBOOK).number}" == number


@pytest.mark.parametrize(("typed", "first"), table("Names"))
def test_names_are_found_as_the_page_says(typed: str, first: str) -> None:
    kenya: dict[str, Value] = {"country": "Kenya"}
    field = "actor1" if "(" in first else "sub_event_type"

    found = candidates(field, typed.strip("`"), kenya, codebook=CODEBOOK, recent=Recent([kenya]))

    assert found[0].value == first


def test_every_table_of_the_page_is_held() -> None:
    assert len(re.findall(r"^\| `", PAGE, re.MULTILINE)) == sum(
        len(table(each)) for each in ("Dates", "Deaths", "Names")
    )
