"""The one place where what stands on a screen is kept and compared: as text, so that a change can be read.

Set EVENTCODER_NEW_SCREENS=1 to keep what stands there now as right, then read the difference before committing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from textual.app import App

KEPT = Path(__file__).with_name("screens")
SIZES = ((80, 24), (120, 40))


def standing_on(app: App[Any]) -> str:
    """Every line of the screen, without what is empty at its right end."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips).rstrip() + "\n"


def assert_stands(app: App[Any], name: str) -> None:
    """What stands on the screen is what was kept under that name and size."""
    path = KEPT / f"{name}-{app.size.width}x{app.size.height}.txt"
    now = standing_on(app)
    if os.environ.get("EVENTCODER_NEW_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8"), f"{path.name} shows another screen than before"
