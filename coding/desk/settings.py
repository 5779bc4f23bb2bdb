"""The one place where a coder's own settings are read: theme, keys, measure, direction of scripts, timings.

One TOML file for a person, not for a project; a file that says something unusable is told in one sentence and the
desk opens without it.

    theme = "eventcoder-light"        # or -dark, -contrast, -plain, or one of Textual's own
    measure = 76                      # cells in a row of the article
    right_to_left = "auto"            # "ours", or "terminal" where the terminal turns Hebrew and Arabic itself
    timings = true                    # keep keys and seconds per event on this machine

    [keys]
    "article.take" = "enter,t"
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from schema.errors import UnusableInput

Direction = Literal["auto", "ours", "terminal"]

MEASURES = range(40, 141)
NEVER_ARRIVE = {
    "ctrl+i": "it is Tab",
    "ctrl+m": "it is Enter",
    "ctrl+j": "it is Enter in many terminals",
    "ctrl+h": "it is Backspace",
    "ctrl+enter": "most terminals send Enter",
    "ctrl+shift+enter": "most terminals send Enter",
    "ctrl+left_square_bracket": "it is Escape",
    "f11": "the terminal takes it for full screen",
}
"""Keys that a terminal keeps or sends as another one, and why."""


@dataclass(frozen=True)
class DeskSettings:
    """What a coder set."""

    theme: str = "eventcoder-dark"
    measure: int = 76
    right_to_left: Direction = "auto"
    timings: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    """Name of a binding to the keys that do it, separated by commas."""


def settings_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the settings stand: EVENTCODER_SETTINGS, else the configuration folder of the system."""
    if named := environment.get("EVENTCODER_SETTINGS"):
        return Path(named)
    if sys.platform == "win32":
        folder = environment.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
    else:
        folder = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(folder) / "eventcoder" / "settings.toml"


def load_settings(path: Path | None = None) -> DeskSettings:
    """The settings in the file; those of the house where there is none.

    Raises:
        UnusableInput: the file cannot be read or says something unusable.
    """
    path = path or settings_path()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return DeskSettings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableInput(
            f"the settings in {path} cannot be read ({error}); mend or remove the file"
        ) from error
    return _checked(table, path)


def _checked(table: Mapping[str, Any], path: Path) -> DeskSettings:
    unknown = sorted(table.keys() - DeskSettings.__dataclass_fields__.keys())
    if unknown:
        known = ", ".join(DeskSettings.__dataclass_fields__)
        raise UnusableInput(f"the settings in {path} name {unknown[0]!r}; known are {known}")
    wrong = {
        "theme": not isinstance(table.get("theme", ""), str),
        "measure": table.get("measure", 76) not in MEASURES,
        "right_to_left": table.get("right_to_left", "auto") not in ("auto", "ours", "terminal"),
        "timings": not isinstance(table.get("timings", True), bool),
        "keys": not _are_keys(table.get("keys", {})),
    }
    allowed = {
        "theme": "the name of a theme",
        "measure": f"a number from {MEASURES[0]} to {MEASURES[-1]}",
        "right_to_left": '"auto", "ours" or "terminal"',
        "timings": "true or false",
        "keys": "a table of binding names and keys that reach the program",
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise UnusableInput(
                f"the settings in {path} give {name} as {table[name]!r}; write {allowed[name]}"
            )
    return DeskSettings(**table)


def _are_keys(keys: object) -> bool:
    return isinstance(keys, dict) and all(isinstance(key, str) and key.strip() for key in keys.values())


def key_troubles(settings: DeskSettings, known: Collection[str]) -> list[str]:
    """A sentence for every key setting that will not do what it says."""
    troubles: list[str] = []
    for name, keys in settings.keys.items():
        if name not in known:
            troubles.append(f"the settings move the key of {name!r}, which the desk does not have")
        lost = {key.strip(): NEVER_ARRIVE.get(key.strip().lower()) for key in keys.split(",")}
        troubles += [
            f"the settings put {name} on {key}, which does not arrive: {why}"
            for key, why in lost.items()
            if why
        ]
    return troubles


def remember(
    name: Literal["theme", "measure", "right_to_left", "timings"],
    value: str | int | bool,
    path: Path | None = None,
) -> None:
    """Keep one setting; everything else in the file, comments too, stays as it is.

    Raises:
        UnusableInput: the file cannot be written.
    """
    path = path or settings_path()
    shown = (
        str(value).lower()
        if isinstance(value, bool | int)
        else '"' + re.sub(r'["\\\x00-\x1f]', "", value) + '"'
    )
    line = f"{name} = {shown}"
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        head, table, tables = re.match(r"(?s)(.*?)(^\s*\[|\Z)(.*)", text, re.MULTILINE).groups()  # type: ignore[union-attr]
        kept, count = re.subn(rf"(?m)^\s*{name}\s*=[^\n#]*?(?=\s*(?:#.*)?$)", lambda _: line, head, count=1)
        if not count:
            kept = f"{head.rstrip()}\n{line}\n\n" if head.strip() else f"{line}\n\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        fresh.write_text(kept + table + tables, encoding="utf-8")
        fresh.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInput(f"the setting {name} could not be kept in {path}: {error}") from error


def terminal_turns_text(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is known to put Hebrew and Arabic into reading order itself."""
    if "TMUX" in environment or environment.get("TERM", "").startswith(("screen", "tmux")):
        return False
    version = environment.get("VTE_VERSION", "")
    return (
        (version.isdigit() and int(version) >= 5800)
        or "KONSOLE_VERSION" in environment
        or environment.get("TERM", "").startswith("mlterm")
        or environment.get("TERM_PROGRAM") == "Apple_Terminal"
    )


def desk_turns_text(settings: DeskSettings, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether right-to-left text is ours to turn."""
    if settings.right_to_left == "auto":
        return not terminal_turns_text(environment)
    return settings.right_to_left == "ours"
