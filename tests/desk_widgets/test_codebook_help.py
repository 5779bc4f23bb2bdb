"""Help from the codebook: for every field and every value, what it says, without a word of ours."""

from __future__ import annotations

import pytest
from textual.app import App

from coding.desk.codebook_entries import field_help, value_help
from coding.desk.codebook_help import CodebookHelp
from schema.codebook import Codebook, load_codebook

CODEBOOK = load_codebook()


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return CODEBOOK


@pytest.mark.parametrize("field", [column.name for column in CODEBOOK.columns])
def test_every_column_is_explained(codebook: Codebook, field: str) -> None:
    entries = field_help(codebook, field).entries
    assert len(entries) >= 2
    assert all(entry.text for entry in entries)


def test_every_sub_event_type_has_its_definition_and_decision_rule(codebook: Codebook) -> None:
    for sub in codebook.sub_event_types:
        texts = [entry.text for entry in value_help(codebook, "sub_event_type", sub.name)]
        assert sub.definition in texts
        assert sub.decision_rule in texts


def test_every_actor_type_and_every_number_with_a_meaning_is_explained(codebook: Codebook) -> None:
    for kind in codebook.actor_types:
        assert kind.definition in [entry.text for entry in value_help(codebook, "inter1", kind.label)]
    assert value_help(codebook, "geo_precision", "1")[0].text == codebook.column("geo_precision").meanings[0]


def test_what_the_codebook_does_not_know_has_no_help(codebook: Codebook) -> None:
    assert value_help(codebook, "sub_event_type", "Nonesuch") == ()
    assert value_help(codebook, "actor1", "Army") == ()


class HelpApp(App[None]):
    def __init__(self, field: str, value: str | None = None) -> None:
        super().__init__()
        self.asked = (field, value)
        self.picked: list[str | None] = []

    def on_mount(self) -> None:
        self.push_screen(CodebookHelp(CODEBOOK, *self.asked), self.picked.append)

    @property
    def text(self) -> str:
        return str(self.screen.query_one("#codebook-text").render())


async def test_help_begins_at_the_value_and_follows_the_pointer() -> None:
    app = HelpApp("sub_event_type", "Armed clash")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert app.text.startswith("Armed clash")
        await pilot.press("down")
        names = CODEBOOK.column("sub_event_type").values
        following = names[names.index("Armed clash") + 1]
        assert app.text.startswith(following)
        await pilot.press("enter")
        assert app.picked == [following]


async def test_help_of_a_free_field_is_closed_without_picking() -> None:
    app = HelpApp("notes")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "The field: " in app.text
        await pilot.press("space", "pageup", "escape")
        assert app.picked == [None]
