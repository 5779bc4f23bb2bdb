"""The one place where the last line of a screen says which keys work now.

Textual's own footer is made of a widget a key, built anew whenever the focus moves; this is one painted line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from coding.desk.plain import one_line
from coding.desk.reading.cells import width_of


@dataclass(frozen=True)
class ShownKey:
    """One key of the line."""

    key: str
    name: str
    says: str
    works: bool

    @property
    def cells(self) -> int:
        """What it takes on the line, the space before it included."""
        return width_of(self.name) + width_of(self.says) + 3


class KeysLine(Widget, can_focus=False):
    """Keys with what they do, as many as fit, and the palette's at the right.

    Those of the focused widget come first, before them the actions that the screen names in `keys_shown_first`.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--says", "keys--off"}
    DEFAULT_CSS = """
    KeysLine {
        dock: bottom; height: 1; background: $footer-background; color: $footer-foreground;
        & > .keys--key { color: $footer-key-foreground; background: $footer-key-background; text-style: bold; }
        & > .keys--says { color: $footer-description-foreground; background: $footer-description-background; }
        & > .keys--off { color: $footer-description-foreground 50%; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[ShownKey, ...] = ()
        self._last: ShownKey | None = None

    def on_mount(self) -> None:
        """Follow the screen's keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.call_after_refresh(self._take_keys)

    def _take_keys(self) -> None:
        if not self.is_attached:  # the screen was closed meanwhile
            return
        active = self.screen.active_bindings
        shown: dict[str, ShownKey] = {}
        for _, binding, works, _ in active.values():
            if binding.show:
                name = one_line(self.app.get_key_display(binding))
                shown.setdefault(
                    binding.action, ShownKey(binding.key, name, one_line(binding.description), works)
                )
        palette = active.get(self.app.COMMAND_PALETTE_BINDING)
        last = None
        if palette is not None and self.app.ENABLE_COMMAND_PALETTE:
            _, binding, works, _ = palette
            name = one_line(self.app.get_key_display(binding))
            last = ShownKey(binding.key, name, one_line(binding.description), works)
        first = getattr(self.screen, "keys_shown_first", ())
        keys = tuple(
            shown[action]
            for action in (*first, *(each for each in shown if each not in first))
            if action in shown
        )
        if (keys, last) != (self._keys, self._last):
            self._keys, self._last = keys, last
            self.refresh()

    def _placed(self) -> list[tuple[int, ShownKey]]:
        """The keys that fit with the cell each begins at, the palette's last."""
        room = self.size.width - (self._last.cells if self._last else 0)
        placed: list[tuple[int, ShownKey]] = []
        used = 0
        for key in self._keys:
            if used + key.cells <= room:
                placed.append((used, key))
                used += key.cells
        if self._last and room >= used:
            placed.append((room, self._last))
        return placed

    def render_line(self, y: int) -> Strip:
        """The line."""
        del y
        base = self.rich_style
        style = self.get_component_rich_style
        segments: list[Segment] = []
        used = 0
        for cell, key in self._placed():
            if cell > used:
                segments.append(Segment(" " * (cell - used), base))
            says = style("keys--says" if key.works else "keys--off")
            segments += [Segment(f" {key.name}", style("keys--key")), Segment(f" {key.says} ", says)]
            used = cell + key.cells
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """A key that is clicked is pressed."""
        for cell, key in self._placed():
            if cell <= event.x < cell + key.cells and key.works:
                self.app.simulate_key(key.key)
