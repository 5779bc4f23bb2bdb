"""Makes docs/desk.png, the picture in the README: the desk with the demo's first article half coded.

Run: .venv/bin/python docs/desk_picture.py (rsvg-convert has to be there).
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from coding.demo import demo_project, replay_keys  # noqa: E402
from coding.desk.replay import open_desk, settled  # noqa: E402


async def screenshot(keys: list[str], svg: Path, size: tuple[int, int] = (120, 36)) -> None:
    """Press the keys at a fresh demo project and save the screen."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(demo_project(Path(folder) / "demo"), "maria", size=size) as (app, pilot):
            for key in keys:
                await pilot.press(key)
                await settled(app)
            await pilot.pause(0.3)
            app.save_screenshot(str(svg))


def picture(svg: Path, png: Path) -> None:
    """Turn the screenshot into a PNG with a font of this machine and its spaces kept."""
    drawing = re.sub(r"@font-face \{.*?\}", "", svg.read_text(), flags=re.DOTALL)
    drawing = drawing.replace("<text ", '<text xml:space="preserve" ').replace(
        "Fira Code", "DejaVu Sans Mono"
    )
    svg.write_text(drawing)
    subprocess.run(["rsvg-convert", "-w", "1200", str(svg), "-o", str(png)], check=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        drawn = Path(scratch) / "desk.svg"
        keys = replay_keys()
        asyncio.run(
            screenshot(keys[: keys.index("1")], drawn)
        )  # the deaths are still open, their list is shown
        picture(drawn, HERE / "desk.png")
