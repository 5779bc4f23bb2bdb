"""The one place where candidates for a field are listed, nine at most, each with the key that picks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from coding.desk.plain import one_line
from coding.desk.reading.cells import crop, width_of
from coding.desk.turning import turned

if TYPE_CHECKING:
    from coding.candidate import Candidate

MOST = 9


class CandidateList(Widget, can_focus=False):
    """Candidates in the order of their rank; keys are forwarded by the field that is typed into."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "candidate--key",
        "candidate--detail",
        "candidate--why",
        "candidate--current",
    }
    DEFAULT_CSS = """
    CandidateList {
        height: auto; max-height: 9; background: $panel; display: none;
        &.-filled { display: block; }
        & > .candidate--key { color: $text-accent; text-style: bold; }
        & > .candidate--detail { color: $text-muted; }
        & > .candidate--why { color: $text-secondary; text-style: italic; }
        & > .candidate--current { background: $primary; color: auto 95%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"alt+{n}", f"pick({n})", f"Pick {n}", show=False, id=f"candidates.pick{n}")
        for n in range(1, MOST + 1)
    ]

    @dataclass
    class Picked(Message):
        """A candidate was picked by key or mouse."""

        candidate: Candidate

    @dataclass
    class Pointed(Message):
        """Another candidate is the current one, or none: its words can be shown in the article."""

        candidate: Candidate | None
        by_key: bool = False
        """Whether the coder went there, and did not merely type."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self.candidates: tuple[Candidate, ...] = ()
        self.notice = ""
        """What is said in place of a list that is still being looked for."""
        self.current: int | None = None

    def show(self, candidates: Sequence[Candidate]) -> None:
        """Show these, the first nine; none hides the list."""
        height = self.lines
        self.candidates = tuple(each for each in candidates if each.can_be_taken)[:MOST]
        self.notice = candidates[0].label if candidates and not self.candidates else ""
        self.current = None
        self.set_class(bool(self.lines), "-filled")
        self.refresh(layout=height != self.lines)

    @property
    def lines(self) -> int:
        """The lines it takes."""
        return len(self.candidates) or int(bool(self.notice))

    def pick(self, number: int) -> bool:
        """Pick the candidate with that key; False if there is none."""
        if not 1 <= number <= len(self.candidates):
            return False
        self.post_message(self.Picked(self.candidates[number - 1]))
        return True

    def pick_current(self) -> bool:
        """Pick the candidate the arrow keys point at; False if they point at none."""
        return self.current is not None and self.pick(self.current + 1)

    def point(self, step: int, *, by_key: bool = True) -> None:
        """Move the pointer down or up; above the first it points at none."""
        if not self.candidates:
            return
        position = -1 if self.current is None else self.current
        position = min(max(position + step, -1), len(self.candidates) - 1)
        self.current = None if position < 0 else position
        self.refresh()
        candidate = None if self.current is None else self.candidates[self.current]
        self.post_message(self.Pointed(candidate, by_key))

    def action_pick(self, number: int) -> None:
        """Pick by number."""
        self.pick(number)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """A line a candidate."""
        return self.lines

    def on_click(self, event: events.Click) -> None:
        """Pick the candidate on the line."""
        self.pick(event.y + 1)

    def render_line(self, y: int) -> Strip:
        """One candidate: key, label, detail, and why at the right."""
        width = self.size.width
        if y >= len(self.candidates):
            said = f"   {self.notice}" if y == 0 else ""
            return Strip([Segment(said, self._style("why"))]).adjust_cell_length(width, self.rich_style)
        candidate = self.candidates[y]
        over = self._style("current", partial=True) if y == self.current else Style()
        base = self.rich_style + over
        told = width_of(one_line(candidate.label)) + width_of(one_line(candidate.detail))
        why = _fitted(candidate.why, max(width // 3, width - told - 9)) if width >= 40 else ""
        room = width - 4 - (width_of(why) + 1 if why else 0)
        label = _fitted(candidate.label, room)
        detail = _fitted(candidate.detail, room - width_of(label) - 2)
        gap = room - width_of(label) - (width_of(detail) + 2 if detail else 0)
        return Strip(
            [
                Segment(f" {y + 1} ", self._style("key") + over),
                Segment(label, base),
                Segment(f"  {detail}" if detail else "", self._style("detail") + over),
                Segment(" " * max(gap, 0), base),
                Segment(f" {why} " if why else " ", self._style("why") + over),
            ]
        ).adjust_cell_length(width, base)

    def _style(self, name: str, *, partial: bool = False) -> Style:
        return self.get_component_rich_style(f"candidate--{name}", partial=partial)


def _fitted(text: str, width: int) -> str:
    return turned(crop(one_line(text), width))
