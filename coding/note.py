"""The one place where the note of an event is drafted from its fields, and compared with them.

The codebook's word order: label, day, who did what to whom, place with its provinces, deaths.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coding.candidate import Value
from coding.dates import AS_REPORTED, MONTH_OF, WEEK_OF, say_day
from coding.fatalities import FatalityReading
from schema.wording import called_in, note_wording

if TYPE_CHECKING:
    from schema.codebook import Codebook
    from schema.wording import NoteWording


@dataclass(frozen=True)
class Opening:
    """What the first words of a note say about the day."""

    label: str
    sure: bool
    """True after `On`, False after `Around`."""
    date: datetime.date
    wording: str
    """The bracket after an uncertain day."""


def draft_note(
    row: Mapping[str, Value],
    codebook: Codebook,
    *,
    wording: str = "",
    fatality: FatalityReading | None = None,
    split: tuple[int, int] | None = None,
    label: str = "",
) -> str:
    """A note in the codebook's word order, from the fields that stand; empty while type or actor is open.

    Args:
        row: the event's values.
        codebook: gives the labels that some sub-event types open with.
        wording: the bracket after `Around <date>`; without one the note's own is kept, else the usual one.
        fatality: how the number was read, so that a vague word is told.
        split: the total and the number of events it was split over.
        label: the opening label of the four sub-types that have one.
    """
    if not row.get("sub_event_type") or not row.get("actor1"):
        return ""
    before = read_opening(_text(row.get("notes")))
    labels = codebook.note_labels.get(_text(row.get("sub_event_type")), ())
    words = note_wording(codebook.name)
    actor = _text(row.get("actor1"))
    usual = [each for each in labels if actor.startswith(words.only_for.get(each, ""))]
    wanted = (label, before.label if before else "", *usual[:1])
    chosen = next((each for each in wanted if each in labels), "")
    act = _act(row, chosen, words)
    day = _day(row, wording or (before.wording if before else ""))
    sentence = f"{day}, {act}." if day else f"{act[:1].upper()}{act[1:]}."
    parts = (f"{chosen}: {sentence}" if chosen else sentence, _deaths(row, fatality, split, codebook))
    return ascii_line(" ".join(part for part in parts if part))


def read_opening(note: str) -> Opening | None:
    """Label, day and certainty of a note's first words; None where it does not open as the codebook asks."""
    found = _OPENING.match(note)
    if not found:
        return None
    try:
        day = datetime.datetime.strptime(found["date"], "%d %B %Y").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None
    return Opening(found["label"] or "", found["word"] == "On", day, found["wording"] or "")


def ascii_line(text: str) -> str:
    """One line of plain ASCII with single spaces, as notes are kept; letters lose their accents."""
    swapped = text.translate(_PLAIN_MARKS)
    plain = unicodedata.normalize("NFKD", swapped).encode("ascii", "ignore").decode("ascii")
    return " ".join(plain.split())


def note_disagreements(row: Mapping[str, Value], codebook: Codebook) -> list[str]:
    """Sentences about what the note says and the fields do not, or the other way round."""
    note = _text(row.get("notes"))
    if not note:
        return []
    opening = read_opening(note)
    said = [
        *_day_disagreements(row, opening),
        *_label_disagreements(row, note, codebook),
        *_death_disagreements(row, note, codebook),
    ]
    place = _text(row.get("location"))
    if place and ascii_line(place.split(" - ")[0]).casefold() not in note.casefold():
        said.append(f"the note does not name the location {place}.")
    if ascii_line(note) != note:
        said.append("the note is not one line of plain ASCII with single spaces.")
    return said


# ---------------------------------------------------------------- parts of the draft

_OPENING = re.compile(
    r"(?:(?P<label>[A-Z][A-Za-z/\- ]{2,40}): )?(?P<word>On|Around) "
    r"(?P<date>\d{1,2} [A-Z][a-z]+ \d{4})(?: \((?P<wording>[^)]*)\))?"
)
_PLAIN_MARKS = str.maketrans(
    {
        "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...",
        "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "ı": "i",
    }
)  # fmt: skip


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""


def _day(row: Mapping[str, Value], wording: str) -> str:
    date = row.get("event_date")
    if not isinstance(date, datetime.date):
        return ""
    precision = row.get("time_precision")
    if precision in (None, 1):
        return f"On {say_day(date)}"
    usual = MONTH_OF if precision == 3 else WEEK_OF
    return f"Around {say_day(date)} ({wording or usual})"


def _act(row: Mapping[str, Value], label: str, words: NoteWording) -> str:
    sub_event = _text(row.get("sub_event_type"))
    pattern = words.acts.get(label) or words.acts.get(sub_event) or words.otherwise
    actor2 = say_actor(_text(row.get("actor2")), _text(row.get("assoc_actor_2")))
    parts = {
        "a1": say_actor(_text(row.get("actor1")), _text(row.get("assoc_actor_1"))),
        "a2": actor2 or words.nobody,
        "at": _place(row, within=True),
        "place": _place(row, within=False) or words.nowhere,
    }
    if "||" in pattern:
        head, with_actor2, without, tail = re.split(r"\|{1,2}", pattern)
        pattern = head + (with_actor2 if actor2 else without) + tail
    kept = [part for n, part in enumerate(pattern.split("|")) if actor2 or n % 2 == 0]
    told = " ".join("".join(kept).format(**parts).split())
    return re.sub(r" +(?=[;,])", "", told)


_FORCES = re.compile(r"(?P<kind>[^()]+?) of (?P<country>.+?) \(\d{4}-(?:\d{4})?\)(?P<unit> .+)?")


def say_actor(name: str, associates: str = "") -> str:
    """An actor as a sentence calls it: `HTS`, `the police of Kenya`, `protesters (teachers)`.

    >>> say_actor("Military Forces of Syria (2000-2024)")
    'the military forces of Syria'
    """
    if not name:
        return ""
    words = note_wording()
    if (found := _FORCES.fullmatch(name)) and (kind := words.forces.get(found["kind"])):
        return f"the {kind} of {found['country']}" + (f" ({found['unit'].strip()})" if found["unit"] else "")
    bare = re.sub(r" \([^()]*\)$", "", name)
    if bare in words.crowds:
        who = [re.sub(r" \([^()]*\)$", "", each) for each in associates.split("; ") if each]
        return bare.casefold() + (f" ({', '.join(who).casefold()})" if who else "")
    if bare.startswith(called_in().vague):
        return f"an {bare.casefold()}"
    acronym = re.match(r"(?P<acronym>[A-Z][A-Za-z0-9/&-]{1,14}): ", bare)
    return acronym["acronym"] if acronym else bare


def _place(row: Mapping[str, Value], *, within: bool) -> str:
    place = _text(row.get("location"))
    if not place:
        return ""
    provinces = [_text(row.get("admin3")) or _text(row.get("admin2")), _text(row.get("admin1"))]
    bracket = ", ".join(part for part in provinces if part)
    named = f"{place} ({bracket})" if bracket else place
    precision = row.get("geo_precision")
    if precision == 3:
        area = _text(row.get("admin1")) or _text(row.get("country")) or "the"
        return f"{'in ' if within else ''}{area} area (coded to {place})"
    if not within:
        return named
    return f"near {named}" if precision == 2 else f"in {named}"


def _deaths(
    row: Mapping[str, Value],
    fatality: FatalityReading | None,
    split: tuple[int, int] | None,
    codebook: Codebook,
) -> str:
    number = row.get("fatalities")
    if not isinstance(number, int):
        return ""
    typed = fatality if fatality and fatality.number == number else None
    if over := split or (typed.split if typed else None):
        total, events = over
        coded = f"Fatalities coded as {total}" if typed and typed.word else f"{total} fatalities"
        return f"{coded} split across {events} events, coded as {number} for this event."
    if number == 0:
        return _no_deaths(row, fatality, codebook)
    if fatality and fatality.number == number and fatality.word:
        return f"Fatalities coded as {number}."
    return "1 fatality." if number == 1 else f"{number} fatalities."


def _no_deaths(row: Mapping[str, Value], fatality: FatalityReading | None, codebook: Codebook) -> str:
    words = note_wording(codebook.name)
    if fatality and not fatality.word and fatality.number == 0 and "no deaths" in fatality.rule:
        return words.no_deaths
    chosen = _text(row.get("sub_event_type"))
    kind = next((entry for entry in codebook.sub_event_types if entry.name == chosen), None)
    if kind is None or kind.event_type not in words.tells_deaths:
        return ""
    return words.no_deaths if kind.fatalities == "none" else words.deaths_unknown


# ---------------------------------------------------------------- parts of the comparison


def _day_disagreements(row: Mapping[str, Value], opening: Opening | None) -> Sequence[str]:
    date, precision = row.get("event_date"), row.get("time_precision")
    if opening is None:
        return ["the note does not open with On or Around and the day."]
    said = []
    if isinstance(date, datetime.date) and opening.date != date:
        said.append(f"the note opens with {say_day(opening.date)}, the event date is {say_day(date)}.")
    if opening.sure and precision in (2, 3):
        said.append(
            f"the note says On, but time precision {precision} asks for Around with its window in brackets."
        )
    if not opening.sure and precision == 1:
        said.append("the note says Around, but time precision 1 asks for On.")
    if not opening.sure and not opening.wording:
        said.append(
            f"after Around the note needs its window in brackets, such as ({WEEK_OF}) or ({AS_REPORTED})."
        )
    return said


def _label_disagreements(row: Mapping[str, Value], note: str, codebook: Codebook) -> Sequence[str]:
    sub_event = _text(row.get("sub_event_type"))
    known = (label for labels in codebook.note_labels.values() for label in labels)
    opens = next((label for label in known if note.startswith(f"{label}: ")), "")
    if not sub_event:
        return []
    allowed = codebook.note_labels.get(sub_event, ())
    if allowed and opens not in allowed:
        return [f"a note on {sub_event} opens with a label, such as {allowed[0]}: ."]
    return [f"a note on {sub_event} does not open with {opens}: ."] if opens and not allowed else []


_COUNTED = re.compile(r"(?<![\d,.])(?P<number>\d[\d,]*) fatalit(?:y|ies)\b")
_CODED_AS = re.compile(r"coded as (?P<number>\d+)|\((?P<share>\d+) in this event\)")


def _death_disagreements(row: Mapping[str, Value], note: str, codebook: Codebook) -> Sequence[str]:
    number = row.get("fatalities")
    if not isinstance(number, int):
        return []
    coded = [int(found["share"] or found["number"]) for found in _CODED_AS.finditer(note)]
    if coded:
        return (
            [] if number in coded else [f"the note codes the deaths as {coded[-1]}, the field says {number}."]
        )
    counted = [int(found["number"].replace(",", "")) for found in _COUNTED.finditer(note)]
    if counted and number not in counted:
        return [f"the note counts {counted[-1]} deaths, the field says {number}."]
    words = note_wording(codebook.name)
    if number and any(said and said in note for said in (words.no_deaths, words.deaths_unknown)):
        return [f"the note says that no deaths are known, the field says {number}."]
    return []
