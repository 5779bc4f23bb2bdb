"""The one place where the desk is a Textual application: its screens, its end, its signals."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from coding.desk import end_signals
from coding.desk.changed_cells import ChangedCells, OnlyChanged
from coding.desk.coding_screen import CodingScreen
from coding.desk.desk_keys import DESK_KEYS
from coding.desk.form.form import EventForm
from coding.desk.own_settings import keep_theme, take_settings
from coding.desk.plain import plain
from coding.desk.promptness import Promptness
from coding.desk.settings import DeskSettings, load_settings
from schema.errors import UnusableInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from data.project import Project


class EventcoderApp(App[None]):
    """The desk of one coder at one project."""

    TITLE = "eventcoder"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True, id="desk.quit"),
    ]

    def __init__(self, project: Project, coder: str) -> None:
        super().__init__()
        self.project = project
        self.coder = coder
        self._coding: CodingScreen | None = None
        self._had_terminal = False
        self._troubles: list[str] = []
        self._timings = True
        self._promptness = Promptness()
        self._shown = ChangedCells()

    def get_default_screen(self) -> CodingScreen:
        """The desk opens where work is."""
        self._coding = CodingScreen(self.project, self.coder, troubles=self._troubles, timings=self._timings)
        return self._coding

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Everything the desk does, by name."""
        for key in DESK_KEYS:
            shown = f"{key.says} ({key.keys})" if key.keys else key.says
            yield SystemCommand(key.name, shown, partial(self._run_desk_key, key.action))
        yield SystemCommand(
            "Paint again", "Write the whole screen anew, where something else wrote on it.", self._paint_again
        )
        yield SystemCommand("Theme", "Choose the colours.", self.action_change_theme)
        yield SystemCommand("Quit", "Keep the form and end (ctrl+q).", self.leave)

    async def _run_desk_key(self, action: str) -> None:
        await self.run_action(action, self.coding)

    def on_load(self) -> None:
        """The coder's own settings, before the first screen is drawn."""
        try:
            settings = load_settings()
        except UnusableInput as unusable:
            settings = DeskSettings()
            self._troubles = [str(unusable)]
        self._timings = settings.timings
        self._troubles += take_settings(self, settings, CodingScreen, EventForm)

    async def on_event(self, event: events.Event) -> None:
        """Count the coder's keys on the way to whoever handles them; a terminal of another size may show anything."""
        if isinstance(event, events.Resize):
            self._shown.forget()
        if isinstance(event, events.Key):
            self._promptness.key()
            if self._coding is not None and self._coding.is_current:
                self._coding.count_key()
        await super().on_event(event)

    def on_mount(self) -> None:
        """Keys come first; and hear when the terminal goes away."""
        if self.is_headless:
            return
        self._promptness.begin()
        self.app_resume_signal.subscribe(self, lambda _app: self._shown.forget())
        self.set_interval(1.0, self._promptness.pause)
        keep_theme(self)
        end_signals.listen(self.leave)
        self._had_terminal = not end_signals.terminal_is_gone()
        self.set_interval(1.0, self._end_without_terminal)

    def on_desk_screen_ready(self) -> None:
        """What is loaded now stays until the end."""
        if not self.is_headless:
            self._promptness.all_loaded()

    def _end_without_terminal(self) -> None:
        if self._had_terminal and end_signals.terminal_is_gone():
            end_signals.end_now(self.leave, 129)

    @property
    def saves(self) -> int:
        """How many events were saved since the desk was opened."""
        return self._coding.saves if self._coding is not None else 0

    @property
    def coding(self) -> CodingScreen:
        """The coder's screen."""
        if self._coding is None:
            raise RuntimeError("the desk is not running")
        return self._coding

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write of a frame what the terminal does not show yet."""
        if isinstance(renderable, CompositorUpdate):
            renderable = OnlyChanged(renderable, self._shown)
        elif renderable is not None:
            self._shown.forget()
        super()._display(screen, renderable)

    def _paint_again(self) -> None:
        self._shown.forget()
        self.screen.refresh(layout=True)

    async def action_leave(self) -> None:
        """Keep the draft and end."""
        self.leave()

    def _handle_exception(self, error: Exception) -> None:
        """Our own mistake: keep the form and end with a sentence; Textual's page would print articles and drafts."""
        if self.is_headless or self._coding is None:
            super()._handle_exception(error)
            return
        sentence = str(self._coding.fault(error))
        self._coding.keep_and_close()
        self.exit(return_code=1, message=plain(sentence))

    def on_exit_app(self) -> None:
        """Told to end from outside, as when a browser goes away: keep what is on the form first."""
        if self._coding is not None:
            self._coding.keep_and_close()

    def leave(self, code: int = 0) -> None:
        """Keep what is on the form and end the program."""
        if self._coding is not None:
            self._coding.keep_and_close()
        self.exit(return_code=code)
