"""The one place where an expert's hands are played at the real desk: what is typed to get a wanted value the fastest.

The expert sees the nine candidates after each key, takes the wanted one as soon as it stands there, and otherwise types
what names it fastest: its beginning, its abbreviation, its initials or the beginnings of two words.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from textual.pilot import Pilot

from coding.candidate import Candidate
from coding.desk.app import EventcoderApp
from coding.desk.form.form import TYPED_DIGITS
from coding.desk.replay import settled
from coding.matching import prepared
from coding.stops import next_stop
from coding.words_in_article import find_words, words_for
from schema.codebook import Codebook

CODED = (
    "event_date",
    "time_precision",
    "sub_event_type",
    "actor1",
    "inter1",
    "actor2",
    "inter2",
    "country",
    "admin1",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "fatalities",
    "tags",
)
"""What the expert decides or checks; the note is drafted and has to agree."""
PLAIN = ("event_date", "fatalities", "tags")
"""Fields in which nothing has a name."""
KEY_NAMES = {
    " ": "space",
    "-": "minus",
    ":": "colon",
    ".": "full_stop",
    ";": "semicolon",
    "/": "slash",
    "~": "tilde",
}

Row = dict[str, Any]
Queries = Callable[[str, Any, Row], Iterator[str]]


class Expert:
    """Codes at the desk by keys alone, and counts them."""

    def __init__(self, app: EventcoderApp, pilot: Pilot[None], *, verbose: bool = False) -> None:
        self.app, self.pilot, self.verbose = app, pilot, verbose
        self.screen = app.coding
        self.keys = 0
        self.trail: list[str] = []
        self.spent: dict[str, int] = {}
        """Keys that gave a field its value, by field."""
        self.more_by_beginnings = 0
        """Keys that an expert who types names from their beginning only would have pressed beyond."""

    def begin(self) -> None:
        """Count from here."""
        self.keys, self.trail, self.spent, self.more_by_beginnings = 0, [], {}, 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.trail.append(key)
            await self.pilot.press(KEY_NAMES.get(key, key))
            await settled(self.app)

    @property
    def row(self) -> Row:
        session = self.screen.session
        assert session is not None
        return {name: as_plain(value) for name, value in session.work.row.items()}

    @property
    def column(self) -> str:
        return self.screen.form.column

    def wrong(self, wanted: Row) -> list[str]:
        row = self.row
        return [name for name in CODED if not same(name, row.get(name), wanted.get(name))]

    async def fill(self, wanted: Row, evidence: Mapping[str, str]) -> None:
        """Make the form hold the wanted row, and the wanted words of the article under its fields."""
        for _ in range(60):
            wrong = self.wrong(wanted)
            if not wrong:
                return
            column = self.column
            if column not in wrong:
                await self.go_on(wrong)
                continue
            by_hand = column in evidence and not self.found_by_key(column, wanted, evidence[column])
            if by_hand:
                await self.choose_words(evidence[column])
            await self.enter(wanted)
            if column in evidence and not by_hand:
                await self.press(*["ctrl+g"] * self.found_by_key(column, wanted, evidence[column]))
            if column in self.wrong(wanted):
                is_now, should = self.row.get(column), wanted.get(column)
                raise AssertionError(f"{column} is {is_now!r}, not {should!r}: {' '.join(self.trail)}")
        raise AssertionError(f"cannot reach {self.wrong(wanted)}: {' '.join(self.trail)}")

    async def go_on(self, wrong: Sequence[str]) -> None:
        """Enter where it leads to a field that is not right yet, else the shorter way by tab."""
        session = self.screen.session
        assert session is not None
        order = [column.name for column in session.codebook.coded]
        stop = next_stop(session.codebook, session.work.row, self.column, session.work.state.origins)
        here = order.index(self.column)
        steps = min((order.index(name) - here for name in wrong), key=abs)
        if stop in wrong and abs(steps) > 1:
            await self.press("enter")
        else:
            await self.press("tab" if steps > 0 else "shift+tab")

    async def enter(self, wanted: Row) -> None:
        """Type the shortest thing that brings the value into the list, then pick it; else type it out."""
        column = self.column
        if wanted.get(column) is None:
            await self.press("ctrl+u", "enter")
            return
        if self.screen.form._edited:
            await self.press("ctrl+u")
        plan = self.plan(column, wanted, queries)
        self.more_by_beginnings += len(self.plan(column, wanted, beginnings)) - len(plan)
        self.spent[column] = self.spent.get(column, 0) + len(plan)
        await self.press(*plan)

    def plan(self, column: str, wanted: Row, queries: Queries) -> list[str]:
        """The fewest keys that give a field its value, by what this expert would type."""
        value = wanted[column]
        plans = [[*typed, "enter"] for typed in spelled_out(column, wanted)]
        for query in queries(column, value, wanted):
            for length in range(0 if self.screen.form.candidates.candidates else 1, len(query) + 1):
                if (place := self._place(column, query[:length], wanted)) is not None:
                    digit = f"{place + 1}" if column not in TYPED_DIGITS else f"alt+{place + 1}"
                    plans.append([*query[:length], digit])
                    break
        assert plans, f"nothing names {value!r} for {column}"
        return min(plans, key=len)

    def _place(self, column: str, typed: str, wanted: Row) -> int | None:
        found = self.screen.form._find(column, typed)[:9]
        return next((n for n, candidate in enumerate(found) if is_wanted(candidate, column, wanted)), None)

    def found_by_key(self, column: str, wanted: Row, words: str) -> int:
        """How often the key that looks for a value's words has to be pressed; 0 where it does not find these soon."""
        value = wanted[column]
        value = datetime.date.fromisoformat(value) if column == "event_date" else value
        text = self.text
        found = [text[start:end] for start, end in find_words(text, words_for(value, "", self.codebook))][:3]
        return next((n for n, quote in enumerate(found, 1) if agrees(quote, words)), 0)

    @property
    def codebook(self) -> Codebook:
        session = self.screen.session
        assert session is not None
        return session.codebook

    @property
    def text(self) -> str:
        session = self.screen.session
        assert session is not None
        return session.article.text

    async def choose_words(self, words: str) -> None:
        """To the article, hop to the first word, extend to the last, take them."""
        body = self.screen.pane.body
        start = self.text.index(words)
        await self.press("f2", "f")
        for letter in words[:3].lower():
            await self.press(letter)
            if body._hop is None:
                break
            if label := body._hop.labels.get(start):
                await self.press(label)
                break
        await self.press(*["W"] * (len(words.split()) - 1), "enter")

    def missing_evidence(self, evidence: Mapping[str, str]) -> list[str]:
        """The pieces that are not under their field."""
        session = self.screen.session
        assert session is not None
        kept = {name: [piece.quote for piece in session.work.state.evidence_of(name)] for name in evidence}
        return [
            f"{name}: {words!r} is not among {kept[name]}"
            for name, words in evidence.items()
            if not any(agrees(quote, words) for quote in kept[name])
        ]


def agrees(quote: str, words: str) -> bool:
    """Whether kept words are the wanted ones or the heart of them."""
    return quote.casefold() in words.casefold() or words.casefold() in quote.casefold()


def is_wanted(candidate: Candidate, column: str, wanted: Row) -> bool:
    """Whether picking the candidate makes the field, and what it fills, right."""
    if not same(column, as_plain(candidate.value), wanted[column]):
        return False
    fills = {name: as_plain(value) for name, value in candidate.fills.items() if name in CODED}
    depends = {"inter1", "inter2"} if column in ("actor1", "actor2") else set()
    return all(name in depends or same(name, value, wanted.get(name)) for name, value in fills.items())


def queries(column: str, value: Any, wanted: Row) -> Iterator[str]:
    """What an expert would type to find a value, nothing first."""
    yield ""
    if column == "event_date":
        day = datetime.date.fromisoformat(value)
        exact = (f"{day:%a}".lower(), f"{day.day}", f"{day.day} {day:%b}".lower())
        yield from exact if wanted["time_precision"] == 1 else ("weekend",)
        return
    text = str(value).casefold()
    name = prepared(str(value))
    yield text
    yield from (letters for letters in name.initials if len(letters) > 1)
    if len(name.words) > 1:
        yield from (f"{name.words[0][:3]} {word[:3]}" for word in name.words[1:] if len(word) > 2)
        yield from (word for word in name.words[1:] if len(word) > 2)
    if column == "location" and wanted.get("geo_precision") == 2:
        yield "~"
        yield f"~{text}"
    if column == "tags":
        yield str(value).split("=")[-1].replace("around ", "")


def beginnings(column: str, value: Any, wanted: Row) -> Iterator[str]:
    """The same by an expert who knows no abbreviation, no initials, no inner word."""
    if column in PLAIN:
        yield from queries(column, value, wanted)
        return
    near = "~" if column == "location" and wanted.get("geo_precision") == 2 else ""
    name = str(value).casefold()
    yield from (near, f"{near}{name}", name.split(": ")[-1])


def spelled_out(column: str, wanted: Row) -> Iterator[str]:
    """What Enter takes without a list."""
    value = wanted[column]
    if column in ("fatalities", "geo_precision", "time_precision"):
        yield str(value)
    elif column == "event_date" and wanted["time_precision"] == 1:
        yield value


def same(column: str, value: Any, wanted: Any) -> bool:
    """Whether a cell is right; coordinates within a hundredth of a degree."""
    if column in ("latitude", "longitude") and value is not None and wanted is not None:
        return abs(float(value) - float(wanted)) < 0.01
    return bool(value == wanted)


def as_plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
