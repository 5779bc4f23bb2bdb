"""The report is one page that needs no network and runs nothing from the data."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.report.html import write_report
from schema.errors import ExportError, QueryError
from tests.data.handover import made_project

if TYPE_CHECKING:
    from data.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return made_project(tmp_path_factory.mktemp("report") / "project")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.asked += [
            value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action", "data")
        ]


def test_the_page_asks_no_network_and_has_one_script_of_ours(project: Project, tmp_path: Path) -> None:
    page = write_report(project, tmp_path / "report.html").path.read_text(encoding="utf-8")
    links = _Links()
    links.feed(page)
    assert links.asked == []
    assert links.tags.count("script") == 1
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|eval\(", page)
    assert "default-src 'none'" in page


def test_the_page_tells_figures_charts_map_methods_and_quality(project: Project, tmp_path: Path) -> None:
    report = write_report(project, tmp_path / "report.html", title="Hama <script>alert(1)</script>")
    page = report.path.read_text(encoding="utf-8")
    assert report.rows == 12
    assert "<script>alert" not in page
    for words in ("Events by type and month", "Reported deaths by month", "Actors in most events", "Where", "Deadliest events",
                  "Methods", "Data quality", "Natural Earth", "Filter: every event", "Armed clash"):  # fmt: skip
        assert words in page
    assert page.count("<svg") >= 8


def test_a_filter_narrows_the_page_and_stands_on_it(project: Project, tmp_path: Path) -> None:
    report = write_report(project, tmp_path / "report.html", where="country = 'Kenya' AND fatalities < 1")
    assert report.rows == 4
    assert "country = &#x27;Kenya&#x27; AND fatalities &lt; 1" in report.path.read_text(encoding="utf-8")
    empty = write_report(project, tmp_path / "empty.html", where="fatalities > 99999")
    assert "No event fits the filter" in empty.path.read_text(encoding="utf-8")


def test_the_page_is_written_whole_or_not_at_all(project: Project, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("mine")
    with pytest.raises(ExportError, match="is there already"):
        write_report(project, tmp_path / "report.html")
    with pytest.raises(QueryError, match="no column 'contry'"):
        write_report(project, tmp_path / "other.html", where="contry = 'x'")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_wide_tables_and_pictures_scroll_in_their_own_box(project: Project, tmp_path: Path) -> None:
    page = write_report(project, tmp_path / "report.html").path.read_text(encoding="utf-8")
    assert page.count('<div class="wide"><svg') == page.count("<figure")
    assert page.count("<table") == len(re.findall(r"<div class=['\"]wide['\"]><table", page))
    assert ".wide{overflow-x:auto}" in page


def test_tables_speak_the_codebooks_words(project: Project, tmp_path: Path) -> None:
    page = write_report(project, tmp_path / "report.html").path.read_text(encoding="utf-8")
    headings = set(re.findall(r"<th>(.*?)</th>", page))
    assert {
        "Date",
        "Admin 1",
        "Sub-event type",
        "Actor 1",
        "Event type",
        "Month",
        "Fatalities",
    } <= headings
    assert not [name for name in headings if "_" in name or name != name[:1].upper() + name[1:]]


def test_the_methods_tell_coded_events_from_imported_ones(project: Project, tmp_path: Path) -> None:
    from data import views

    page = write_report(project, tmp_path / "report.html").path.read_text(encoding="utf-8")
    with views.connect(project) as con:
        found = con.execute("SELECT origin, count(*) FROM events GROUP BY ALL").fetchall()
    counts = {str(origin): int(number) for origin, number in found}
    assert ("coded in this project, from news reports" in page) == bool(counts.get("coded"))
    assert ("imported from event files" in page) == bool(counts.get("imported"))
    for origin, number in counts.items():
        events = f"{number} event{'' if number == 1 else 's'}"
        assert re.search(rf"{events} (was|were) {origin}", page)


def test_a_zoomed_map_keeps_its_lines_thin(project: Project, tmp_path: Path) -> None:
    page = write_report(project, tmp_path / "report.html").path.read_text(encoding="utf-8")
    drawn = re.findall(r"<circle [^>]*stroke-width[^>]*><title>[^>]*</title>", page)
    assert drawn
    assert all("non-scaling-stroke" in circle for circle in drawn)


def test_two_numbers_of_places_are_explained(project: Project, tmp_path: Path) -> None:
    from data import views

    with views.connect(project) as con:
        named, points = con.execute(
            "SELECT count(DISTINCT (country, admin1, location)), count(DISTINCT (longitude, latitude)) FROM events"
        ).fetchall()[0]
    page = write_report(project, tmp_path / "report.html").path.read_text(encoding="utf-8")
    assert f"<b>{named}</b><span>named places</span>" in page
    assert ("counts places by their coordinates" in page) == (named != points)
