"""The one place where the desk's colours are chosen: dark, light, high contrast, and none.

Every text colour stands out from its ground by at least 4.5 to 1 (7 to 1 in high contrast), which a test measures.
Nothing is told by colour alone: evidence is underlined and has a letter in the margin, a choice has its own ground.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.theme import Theme

DARK = Theme(
    name="eventcoder-dark",
    primary="#7aa2f7",
    secondary="#9aa5ce",
    accent="#e0af68",
    warning="#ff9e64",
    error="#ff8fa3",
    success="#9ece6a",
    foreground="#e4e6ee",
    background="#14161c",
    surface="#1a1d25",
    panel="#262b38",
    variables={
        "block-cursor-background": "#7aa2f7",
        "block-cursor-foreground": "#10131a",
        "input-selection-background": "#7aa2f7 40%",
        "footer-key-foreground": "#e0af68",
        "text-muted": "#a4abbd",
    },
)
LIGHT = Theme(
    name="eventcoder-light",
    primary="#0b57a4",
    secondary="#4b5568",
    accent="#8a4b00",
    warning="#9a3e00",
    error="#b0123b",
    success="#1c6b2a",
    foreground="#16191f",
    background="#f4f4f1",
    surface="#fdfdfb",
    panel="#e6e7e3",
    dark=False,
    variables={
        "block-cursor-background": "#0b57a4",
        "block-cursor-foreground": "#ffffff",
        "input-selection-background": "#0b57a4 30%",
        "footer-key-foreground": "#8a4b00",
        "text-muted": "#4e545f",
    },
)
CONTRAST = Theme(
    name="eventcoder-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#ffd700",
    warning="#ffb000",
    error="#ff9090",
    success="#60ff60",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    variables={
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "input-selection-background": "#707000",
        "footer-key-foreground": "#ffff00",
        "text-muted": "#e0e0e0",
        "border": "#ffffff",
    },
)
PLAIN = Theme(
    name="eventcoder-plain",
    primary="#d0d0d0",
    secondary="#b0b0b0",
    accent="#ffffff",
    warning="#d8d8d8",
    error="#ffffff",
    success="#d0d0d0",
    foreground="#e0e0e0",
    background="#101010",
    surface="#101010",
    panel="#2a2a2a",
    variables={
        "block-cursor-background": "#e0e0e0",
        "block-cursor-foreground": "#000000",
        "input-selection-background": "#606060",
        "footer-key-foreground": "#ffffff",
        "text-muted": "#b8b8b8",
    },
)
THEMES = (DARK, LIGHT, CONTRAST, PLAIN)
FIRST_CHOICE = DARK.name


def register_themes(app: App[Any]) -> None:
    """Make the desk's themes known to the application, beside Textual's own."""
    for theme in THEMES:
        app.register_theme(theme)
