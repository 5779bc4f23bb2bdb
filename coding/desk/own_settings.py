"""The one place where a coder's settings take effect on the running desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.theme import Theme

from coding.desk.article_text import ArticleText
from coding.desk.settings import DeskSettings, desk_turns_text, key_troubles, remember
from coding.desk.themes import FIRST_CHOICE, register_themes
from coding.desk.turning import Turning
from schema.errors import UnusableInput


def take_settings(app: App[None], settings: DeskSettings, *nodes: type[DOMNode]) -> list[str]:
    """Apply the settings to the application before its first screen.

    Args:
        app: The application.
        settings: What the coder set.
        nodes: Screens and widgets whose keys may be moved, beside the application's own.

    Returns:
        A sentence for every setting that cannot take effect.
    """
    register_themes(app)
    troubles = (
        key_troubles(settings, set(binding_names(type(app), *nodes, *movable()))) if settings.keys else []
    )
    if settings.theme in app.available_themes:
        app.theme = settings.theme
    else:
        troubles.append(
            f"the settings ask for the theme {settings.theme!r}; there are {', '.join(app.available_themes)}"
        )
        app.theme = FIRST_CHOICE
    app.set_keymap(dict(settings.keys))
    ArticleText.measure = settings.measure
    Turning.is_ours = desk_turns_text(settings)
    return troubles


def keep_theme(app: App[None], path: Path | None = None) -> None:
    """From now on keep the theme a coder chooses, so that the next desk opens in it."""

    def keep(theme: Theme) -> None:
        try:
            remember("theme", theme.name, path)
        except UnusableInput as unusable:
            app.notify(str(unusable), severity="warning", markup=False)

    app.theme_changed_signal.subscribe(app, keep)


def movable() -> tuple[type[DOMNode], ...]:
    """The screens and widgets beside the coding screen whose keys can be moved; loaded only when asked for."""
    from coding.desk.codebook_help import CodebookHelp
    from coding.desk.event_grid import EventGrid
    from coding.desk.grid_body import GridBody
    from coding.desk.grid_screen import GridScreen
    from coding.desk.queue import QueueScreen
    from coding.desk.typing_line import TypingLine

    return ArticleText, GridScreen, EventGrid, GridBody, QueueScreen, CodebookHelp, TypingLine


def binding_names(*nodes: type[DOMNode]) -> Iterator[str]:
    """The names by which the settings can move keys."""
    for node in nodes:
        for bindings in BindingsMap(node.BINDINGS).key_to_bindings.values():
            yield from (binding.id for binding in bindings if isinstance(binding, Binding) and binding.id)
