"""The one place where the desk's own keys are listed; footer, command palette, help and key map read them here.

No key that a terminal, a browser tab or tmux swallows: no ctrl+i/j/m/h/w/t/n, no ctrl+enter, no F10 and F11.
Where an editor's built-in terminal takes a function key (F1, F5), another key or the palette does the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True)
class DeskKey:
    """One thing the desk does, with its keys; without one it stands in the palette only."""

    action: str
    keys: str
    name: str
    """Short, for the footer."""
    says: str
    """One sentence, for the palette and the help."""
    footer: bool = False


DESK_KEYS = (
    DeskKey("save", "ctrl+s", "Save", "Save the event and begin the next one of this article.", footer=True),
    DeskKey(
        "next_article",
        "f8",
        "Save, next",
        "Save what is on the form and go to the next article.",
        footer=True,
    ),
    DeskKey(
        "no_event", "f6", "No event", "This article tells no event: mark it and go to the next.", footer=True
    ),
    DeskKey("switch", "f2", "Article/form", "Go from the form to the article and back.", footer=True),
    DeskKey("help", "f1", "Help", "All keys, the marks, and how an event is coded.", footer=True),
    DeskKey(
        "words",
        "ctrl+g",
        "Words",
        "Keep the article's words for this field: the selected ones, else where the value is found; again for the next place.",
        footer=True,
    ),
    DeskKey(
        "duplicate",
        "f4",
        "Duplicate",
        "Begin an event with the values of this one, or of the last one saved.",
        footer=True,
    ),
    DeskKey(
        "codebook",
        "f12",
        "Codebook",
        "What the codebook says about this field and its value.",
        footer=True,
    ),
    DeskKey(
        "attach",
        "f5",
        "Same event",
        "This article tells the event named in the notice: add it there as a further source.",
    ),
    DeskKey(
        "different",
        "ctrl+f",
        "Other event",
        "The event named in the notice is another one: do not ask again.",
    ),
    DeskKey("events", "f9", "Events", "The events of this article: edit, take back, or begin another."),
    DeskKey(
        "new_event",
        "f3",
        "New event",
        "Put the unfinished event aside as a draft and begin another one of this article.",
    ),
    DeskKey("previous_article", "f7", "Article before", "Go to the article before this one."),
    DeskKey("queue", "ctrl+o", "Queue", "All articles: filter, choose, see what waits."),
    DeskKey("field_words", "ctrl+e", "Show words", "Show the words this field stands on in the article."),
    DeskKey("drop_words", "ctrl+d", "Drop words", "Take the words away from this field."),
    DeskKey("repeat", "ctrl+r", "Repeat", "Put the value of the last saved event into this field."),
    DeskKey("follow_note", "ctrl+l", "Note follows", "Draft the note from the fields again."),
    DeskKey(
        "undo",
        "ctrl+z",
        "Undo",
        "Take the last change back; with none left on the form, a second press takes back the last save.",
    ),
    DeskKey("redo", "ctrl+y", "Redo", "Do an undone change again; in another article by a second press."),
    DeskKey("discard", "", "Discard", "Throw the event on the form away and begin a new one."),
    DeskKey(
        "grid",
        "",
        "Table of events",
        "The events of this article, of your day, or all, as a table: sort, filter, mend.",
    ),
    DeskKey(
        "split_deaths",
        "",
        "Split deaths",
        "Split one total of dead over the events of this article; what each gets is shown before it is saved.",
    ),
    DeskKey(
        "my_day", "", "My day", "How many events you saved today, and what they cost in keys and seconds."
    ),
    DeskKey(
        "ask_sql",
        "",
        "Ask with SQL",
        "Ask the project with SQL, and open the events of an answer one after the other.",
    ),
    DeskKey("next_asked", "", "Next of the answer", "Open the next event of the answer that was opened."),
    DeskKey("set_aside", "ctrl+x", "Set aside", "Mark the article: out of scope, or help needed."),
)


def desk_bindings() -> list[BindingType]:
    """The bindings of the coding screen; each has an id, so that a settings file can move it."""
    return [
        Binding(key.keys, key.action, key.name, show=key.footer, tooltip=key.says, id=f"desk.{key.action}")
        for key in DESK_KEYS
        if key.keys
    ]
