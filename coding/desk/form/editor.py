"""The one place where a field's text is edited: one line editor that the form moves from field to field.

Every key that reaches it is handled in the order it was pressed, whatever it is bound to, so that
a fast typist's `10`, then save, never saves before the `0`.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input
from textual.widgets.input import Selection

from coding.desk.plain import one_line


class EditorOwner(Protocol):
    """What the editor tells its form."""

    def text_changed(self, text: str) -> None:
        """The text is another one now."""

    def wants_key(self, event: events.Key) -> bool:
        """Whether the form takes this key itself (a pick key)."""

    def text_focused(self, focused: bool) -> None:
        """The editor has the keyboard now, or lost it."""


class FieldEditor(Input, inherit_bindings=False):
    """The line that is being typed."""

    DEFAULT_CSS = """
    FieldEditor {
        position: absolute;
        layer: editor;
        border: none !important;
        height: 1;
        padding: 0;
        background: $surface-lighten-1;
        &:focus { background: $surface-lighten-2; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "cursor_left", "Left", show=False),
        Binding("right", "cursor_right", "Right", show=False),
        Binding("shift+left", "cursor_left(True)", "Select left", show=False),
        Binding("shift+right", "cursor_right(True)", "Select right", show=False),
        Binding("ctrl+left", "cursor_left_word", "Word left", show=False),
        Binding("ctrl+right", "cursor_right_word", "Word right", show=False),
        Binding("home", "home", "Start", show=False),
        Binding("end", "end", "End", show=False),
        Binding("shift+home", "home(True)", "Select to the start", show=False),
        Binding("shift+end", "end(True)", "Select to the end", show=False),
        Binding("backspace", "delete_left", "Delete left", show=False),
        Binding("delete", "delete_right", "Delete right", show=False),
        Binding("ctrl+w,ctrl+backspace,alt+backspace", "delete_left_word", "Delete word", show=False),
        Binding("ctrl+u", "delete_left_all", "Delete to the start", show=False),
        Binding("ctrl+k", "delete_right_all", "Delete to the end", show=False),
        Binding("ctrl+a", "select_all", "Select all", show=False),
        Binding("ctrl+c", "copy", "Copy", show=False),
        Binding("ctrl+v", "paste", "Paste", show=False),
    ]
    """Input's own, less those that the desk needs (ctrl+d, ctrl+e, ctrl+x)."""

    def __init__(self, owner: EditorOwner, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id, compact=True, select_on_focus=False)
        self._owner = owner
        self._told = ""
        self.set_reactive(Input.cursor_blink, False)  # a blinking cursor is traffic on a slow link, all day

    def load(self, text: str, *, select: bool = True) -> None:
        """Take a field's text, made safe to show; typing replaces it, moving the cursor keeps it."""
        text = one_line(text)
        self._told = text
        with self.prevent(Input.Changed):
            self.value = text
        # the cursor stands at the beginning of what is selected, so that the beginning of a long value is seen
        self.selection = Selection(len(text), 0) if select else Selection.cursor(len(text))

    async def _on_key(self, event: events.Key) -> None:
        if self._owner.wants_key(event):
            event.stop()
            event.prevent_default()
        elif not event.is_printable and (bound := self.screen.active_bindings.get(event.key)):
            event.stop()
            event.prevent_default()
            if bound.enabled:
                await self.app.run_action(bound.binding.action, bound.node)
        else:
            await super()._on_key(event)
        self._tell()

    def _on_paste(self, event: events.Paste) -> None:
        """Pasted text comes in on one line, control characters made visible."""
        event.text = one_line(" ".join(event.text.splitlines()))
        super()._on_paste(event)
        event.prevent_default()
        self._tell()

    def _tell(self) -> None:
        if self.value != self._told:
            self._told = self.value
            self._owner.text_changed(self.value)

    def on_focus(self) -> None:
        """The form lights up."""
        self._owner.text_focused(True)

    def on_blur(self) -> None:
        """The form steps back."""
        self._owner.text_focused(False)
