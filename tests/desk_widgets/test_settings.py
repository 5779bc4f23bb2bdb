"""A coder's settings: read from one file, told in a sentence when unusable, applied to the running desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.color import Color

from coding.desk.article_pane import ArticlePane
from coding.desk.article_text import ArticleText
from coding.desk.own_settings import binding_names, keep_theme, take_settings
from coding.desk.settings import (
    DeskSettings,
    desk_turns_text,
    key_troubles,
    load_settings,
    remember,
    settings_path,
    terminal_turns_text,
)
from coding.desk.themes import CONTRAST, THEMES
from coding.desk.turning import Turning
from schema.errors import UnusableInput
from tests.desk_widgets.conftest import make_article


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "eventcoder" / "settings.toml"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_settings_are_those_of_the_house(path: Path) -> None:
    assert load_settings(path) == DeskSettings()


def test_every_setting_is_read(path: Path) -> None:
    text = 'theme = "nord"\nmeasure = 60\nright_to_left = "terminal"\ntimings = false\n[keys]\n"article.take" = "t"\n'
    assert load_settings(written(path, text)) == DeskSettings(
        "nord", 60, "terminal", False, {"article.take": "t"}
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("theme = ", "cannot be read"),
        ("colour = 1", "known are theme"),
        ("theme = 3", "the name of a theme"),
        ("measure = 7", "a number from 40 to 140"),
        ('right_to_left = "yes"', '"auto", "ours" or "terminal"'),
        ("timings = 1", "true or false"),
        ('[keys]\n"article.take" = 3', "a table of binding names"),
        ('[keys]\n"article.take" = " "', "a table of binding names"),
    ],
)
def test_an_unusable_setting_is_told_with_its_file_and_what_to_write(
    path: Path, text: str, told: str
) -> None:
    with pytest.raises(UnusableInput, match=told) as error:
        load_settings(written(path, text))
    assert str(path) in str(error.value)


def test_a_file_that_is_no_text_is_told(path: Path) -> None:
    written(path, "").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnusableInput, match="cannot be read"):
        load_settings(path)


def test_keeping_a_setting_leaves_the_rest_of_the_file_as_it_was(path: Path) -> None:
    written(
        path, '# mine\ntheme = "nord" # blue\nmeasure = 60\n\n[keys]\n"article.take" = "t" # theme = "x"\n'
    )
    remember("theme", "eventcoder-light", path)
    remember("timings", False, path)

    assert load_settings(path) == DeskSettings("eventcoder-light", 60, "auto", False, {"article.take": "t"})
    text = path.read_text(encoding="utf-8")
    assert text.startswith('# mine\ntheme = "eventcoder-light" # blue\nmeasure = 60\n')
    assert text.endswith('[keys]\n"article.take" = "t" # theme = "x"\n')


def test_keeping_a_setting_makes_the_file_and_its_folder(path: Path) -> None:
    remember("measure", 80, path)
    assert load_settings(path).measure == 80


def test_a_setting_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableInput, match="could not be kept"):
        remember("measure", 80, tmp_path / "file" / "settings.toml")


def test_the_file_stands_where_the_system_keeps_settings(tmp_path: Path) -> None:
    assert settings_path({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path / "eventcoder" / "settings.toml"
    assert settings_path({"EVENTCODER_SETTINGS": "/x/y.toml"}) == Path("/x/y.toml")


def test_keys_that_do_not_exist_or_do_not_arrive_are_told() -> None:
    settings = DeskSettings(keys={"article.take": "t", "article.tkae": "x", "grid.sort": "ctrl+i,o"})
    assert key_troubles(settings, {"article.take", "grid.sort"}) == [
        "the settings move the key of 'article.tkae', which the desk does not have",
        "the settings put grid.sort on ctrl+i, which does not arrive: it is Tab",
    ]


def test_text_is_turned_by_the_terminal_only_where_it_is_known_to() -> None:
    assert terminal_turns_text({"VTE_VERSION": "7600"})
    assert not terminal_turns_text({"VTE_VERSION": "7600", "TMUX": "/tmp/x"})
    assert not terminal_turns_text({"TERM": "xterm-256color"})
    assert desk_turns_text(DeskSettings(right_to_left="ours"), {"VTE_VERSION": "7600"})
    assert not desk_turns_text(DeskSettings(right_to_left="terminal"), {})


class SettingsApp(App[None]):
    def __init__(self, settings: DeskSettings) -> None:
        super().__init__()
        self.troubles = take_settings(self, settings, ArticleText)

    def compose(self) -> ComposeResult:
        yield ArticlePane()

    def on_mount(self) -> None:
        self.query_one(ArticlePane).show(make_article())
        self.query_one(ArticlePane).focus()


@pytest.fixture
def _as_before() -> object:
    measure, turns = ArticleText.measure, Turning.is_ours
    yield
    ArticleText.measure, Turning.is_ours = measure, turns


@pytest.mark.usefixtures("_as_before")
async def test_moved_keys_and_the_theme_take_effect() -> None:
    app = SettingsApp(DeskSettings("eventcoder-light", 50, keys={"article.next_word": "x"}))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("x", "w")
        pane = app.query_one(ArticlePane)
        assert pane.quote == "forces"
        assert app.theme == "eventcoder-light"
        assert not app.troubles
        assert max(pane.body.rows[i][1] - pane.body.rows[i][0] for i in range(len(pane.body.rows))) <= 50


@pytest.mark.usefixtures("_as_before")
def test_an_unknown_theme_is_told_and_the_first_choice_taken() -> None:
    app = SettingsApp(DeskSettings("nonesuch"))
    assert app.theme == "eventcoder-dark"
    assert "nonesuch" in app.troubles[0]


def test_every_key_of_the_article_can_be_moved_by_a_name_of_its_own() -> None:
    names = list(binding_names(ArticleText))
    assert len(set(names)) == len(ArticleText.BINDINGS)
    assert all(name.startswith("article.") for name in names)


def contrast(first: Color, second: Color) -> float:
    def light(color: Color) -> float:
        parts = (value / 255 for value in color.rgb)
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted([light(first), light(second)])
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_stands_out_from_its_ground_in_every_theme(theme: object) -> None:
    colours = theme.to_color_system().generate()  # type: ignore[attr-defined]
    least = 7.0 if theme is CONTRAST else 4.5
    texts = (
        "foreground",
        "text-muted",
        "text-accent",
        "text-primary",
        "text-success",
        "text-warning",
        "text-error",
        "text-secondary",
    )
    for ground in (Color.parse(colours["surface"]), Color.parse(colours["panel"])):
        for name in texts:
            assert contrast(ground + Color.parse(colours[name]), ground) >= least, name
    for solid in (Color.parse(colours[name]) for name in ("primary", "secondary", "warning")):
        assert contrast(solid + solid.get_contrast_text(0.95), solid) >= 4.5


@pytest.mark.usefixtures("_as_before")
async def test_a_theme_that_is_chosen_is_there_the_next_time(path: Path) -> None:
    app = SettingsApp(DeskSettings())
    async with app.run_test() as pilot:
        keep_theme(app, path)
        app.theme = "eventcoder-contrast"
        await pilot.pause()
    assert load_settings(path).theme == "eventcoder-contrast"
