"""The line of keys: what fits, what is clicked, nothing of a key that does not work."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from coding.desk.keys_line import KeysLine


class KeysApp(App[None]):
    """Three keys and a line that says so."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "note('two')", "A long word for a short key"),
        Binding("f3", "note('three')", "Short"),
        Binding("f4", "note('four')", "Hidden", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input()
        yield KeysLine()

    def action_note(self, word: str) -> None:
        self.noted.append(word)

    @property
    def line(self) -> str:
        return self.query_one(KeysLine).render_line(0).text


async def test_as_many_keys_are_named_as_fit_and_the_palette_stands_at_the_right() -> None:
    app = KeysApp()
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        assert app.line.startswith(" f2 A long word for a short key  f3 Short ")
        assert app.line.endswith(" ^p palette ")
        assert "Hidden" not in app.line
        await pilot.resize_terminal(30, 5)
        assert app.line.startswith(" f3 Short ")
        assert "f2" not in app.line
        assert len(app.line) == 30


async def test_a_click_on_a_key_presses_it() -> None:
    app = KeysApp()
    async with app.run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        await pilot.click(KeysLine, offset=(app.line.index("Short"), 0))
        await pilot.pause()
        assert app.noted == ["three"]


async def test_what_the_screen_wants_first_is_named_first() -> None:
    app = KeysApp()
    async with app.run_test(size=(30, 5)) as pilot:
        app.screen.keys_shown_first = ("note('three')",)  # type: ignore[attr-defined]
        app.screen.refresh_bindings()
        await pilot.pause()
        await pilot.pause()
        assert app.line.startswith(" f3 Short ")
