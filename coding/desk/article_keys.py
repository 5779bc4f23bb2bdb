"""The one place where the keys of the article are listed; each has an id, so that a settings file can move it."""

from __future__ import annotations

from textual.binding import Binding, BindingType


def _key(keys: str, action: str, description: str, name: str, *, show: bool = False) -> BindingType:
    return Binding(keys, action, description, show=show, id=f"article.{name}")


ARTICLE_KEYS: list[BindingType] = [
    _key("enter", "take", "Take words", "take", show=True),
    _key("right,l", "step(1)", "Word right", "word_right"),
    _key("left,h", "step(-1)", "Word left", "word_left"),
    _key("shift+right,L", "step(1, True)", "Extend right", "extend_right"),
    _key("shift+left,H", "step(-1, True)", "Extend left", "extend_left"),
    _key("w", "word(1)", "Next word", "next_word"),
    _key("b", "word(-1)", "Previous word", "previous_word"),
    _key("W", "word(1, True)", "Extend to next word", "extend_next_word"),
    _key("B", "word(-1, True)", "Extend to previous word", "extend_previous_word"),
    _key("down,j", "row(1)", "Row down", "row_down"),
    _key("up,k", "row(-1)", "Row up", "row_up"),
    _key("shift+down,J", "row(1, True)", "Extend a row down", "extend_down"),
    _key("shift+up,K", "row(-1, True)", "Extend a row up", "extend_up"),
    _key("right_parenthesis", "sentence(1)", "Next sentence", "next_sentence"),
    _key("left_parenthesis", "sentence(-1)", "Previous sentence", "previous_sentence"),
    _key("s", "grow", "Sentence", "grow_sentence", show=True),
    _key("S", "shrink", "One sentence less", "shrink_sentence"),
    _key("right_curly_bracket,ctrl+down", "paragraph(1)", "Next paragraph", "next_paragraph"),
    _key("left_curly_bracket,ctrl+up", "paragraph(-1)", "Previous paragraph", "previous_paragraph"),
    _key("home", "row_edge(False)", "Start of row", "row_start"),
    _key("end", "row_edge(True)", "End of row", "row_end"),
    _key("g,ctrl+home", "edge(False)", "Start of article", "start"),
    _key("G,ctrl+end", "edge(True)", "End of article", "end"),
    _key("pagedown,space", "page(1)", "Page down", "page_down"),
    _key("pageup", "page(-1)", "Page up", "page_up"),
    _key("v", "hold", "Extend by every move", "hold"),
    _key("full_stop", "trim_end(1)", "One letter more", "longer"),
    _key("comma", "trim_end(-1)", "One letter less", "shorter"),
    _key("greater_than_sign", "trim_start(1)", "Begin a letter later", "begin_later"),
    _key("less_than_sign", "trim_start(-1)", "Begin a letter earlier", "begin_earlier"),
    _key("slash", "search", "Search", "search", show=True),
    _key("f", "hop", "Hop to a word", "hop", show=True),
    _key("F", "hop(True)", "Extend to a word", "hop_extend"),
    _key("n", "found(1)", "Next found", "next_found"),
    _key("N", "found(-1)", "Previous found", "previous_found"),
    _key("right_square_bracket", "evidence(1)", "Next evidence", "next_evidence"),
    _key("left_square_bracket", "evidence(-1)", "Previous evidence", "previous_evidence"),
    _key("o", "open_field", "Field of these words", "open_field"),
    _key("y", "copy", "Copy words", "copy"),
    _key("escape", "let_go", "Let go", "let_go"),
]
